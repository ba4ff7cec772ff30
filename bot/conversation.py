"""The flow engine: a flow is steps that ask, and an end that acts. No I/O: state in, turn out.

A step takes the state and the facts and returns the form to show, or None when it has nothing to ask. What a
person answers is put into the state attribute of the field's name (`name.key` puts it into a mapping under `key`).
The end takes a port and returns the view that closes the conversation; a `Refusal` raised there leads back to a
step, with everything the person has typed still in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.domain.refusals import FieldRefused, Refusal
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.messages import Answer, ChoiceField, Field, Form, NumberField, TextField, View

S = TypeVar("S")
"""The state of a flow: a frozen dataclass."""

F = TypeVar("F")
"""The facts a flow's steps look at."""

P = TypeVar("P")
"""The port its end acts through."""

Answers = Mapping[str, Answer]
"""What came in from a form: field name → what was typed or chosen. Untrusted."""


_MOST_KEPT = 4000  # characters of one refused answer; no field of ours asks for more


@dataclass(frozen=True, slots=True)
class Run(Generic[S]):
    """Someone's place in a flow. `revision` rises with every accepted answer, so that an old form is recognised."""

    id: str
    state: S
    step: str = ""
    revision: int = 0
    done: bool = False

    @property
    def token(self) -> str:
        return f"{self.id}.{self.revision}"

    def at(self, step: str) -> Run[S]:
        """The run at a step, where a form is shown that was not shown before."""
        return Run(self.id, self.state, step, self.revision + 1)


@dataclass(frozen=True, slots=True)
class Turn(Generic[S]):
    """The outcome of one event: where the run stands now and what to show."""

    run: Run[S]
    view: View


Ask = Callable[[S, F], Form | None]
Check = Callable[[S, F], S]
End = Callable[[S, F, P], View]
Arrive = Callable[[S, F, P], S]


class Flow(Generic[S, F, P]):
    """A named, versioned conversation over a frozen state dataclass `S`, facts `F` and a port `P`.

    Raises `ValueError` at definition when two steps share a name or a rescue points to no step, so that a
    mistake shows at import.
    """

    def __init__(self, name: str, state: type[S], *, version: int, keeps_refused: bool = False) -> None:
        """With `keeps_refused` a form that was not accepted is kept as typed, in the state's attribute `refused`."""
        self.name = name
        self._keeps_refused = keeps_refused
        self.version = version
        self._state = state
        self.steps: tuple[str, ...] = ()
        self._asks: dict[str, Ask[S, F]] = {}
        self._only_shown: set[str] = set()
        self._checks: dict[str, Check[S, F]] = {}
        self._arrivals: dict[str, Arrive[S, F, P]] = {}
        self._rescues: dict[type[Refusal], str] = {}
        self._end: End[S, F, P] | None = None

    # Definition

    def ask(self, step: str, *, only_shown: bool = False) -> Callable[[Ask[S, F]], Ask[S, F]]:
        """Define the next step. One that is `only_shown` never has fields: its form is not made again to go on."""
        if step in self._asks:
            raise ValueError(f"flow {self.name}: step {step} is defined twice")

        def define(ask: Ask[S, F]) -> Ask[S, F]:
            self.steps += (step,)
            if only_shown:
                self._only_shown.add(step)
            self._asks[step] = ask
            return ask

        return define

    def check(self, step: str) -> Callable[[Check[S, F]], Check[S, F]]:
        """Define what is looked at (and tidied) once `step` is answered; may raise `FieldRefused` or `Refusal`."""
        self._require(step)
        if step in self._only_shown:
            raise ValueError(f"flow {self.name}: nothing is answered at step {step}")

        def define(check: Check[S, F]) -> Check[S, F]:
            self._checks[step] = check
            return check

        return define

    def on_reaching(self, step: str) -> Callable[[Arrive[S, F, P]], Arrive[S, F, P]]:
        """Define what is done through the port when the way on leads to `step`, and the state from there on."""
        self._require(step)

        def define(arrive: Arrive[S, F, P]) -> Arrive[S, F, P]:
            self._arrivals[step] = arrive
            return arrive

        return define

    def on_done(self, end: End[S, F, P]) -> End[S, F, P]:
        """Define the end: it acts through the port and returns the closing view."""
        self._end = end
        return end

    def rescue(self, refusal: type[Refusal], *, back_to: str) -> None:
        """Lead a refusal raised by the end back to a step."""
        self._require(back_to)
        self._rescues[refusal] = back_to

    def _require(self, step: str) -> None:
        if step not in self._asks:
            raise ValueError(f"flow {self.name}: there is no step {step}")

    # State as JSON

    @cached_property
    def _adapter(self) -> TypeAdapter[S]:
        """Made when first needed: to make those of all flows would prolong every start."""
        return TypeAdapter(self._state)

    def dump(self, state: S) -> str:
        return self._adapter.dump_json(state).decode()

    def load(self, document: str) -> S:
        """The state `dump` wrote; raises `pydantic.ValidationError` when it is of another shape."""
        return self._adapter.validate_json(document)

    # Conversation

    def begin(self, run: Run[S], facts: F, port: P) -> Turn[S]:
        """Open the flow at its first question."""
        return self._forward(run, facts, port, after=None)

    def show(self, run: Run[S], facts: F, port: P) -> Turn[S]:
        """The question the run stands at, e.g. when it is resumed; moves on when there is nothing to ask there."""
        form = self._form(run, facts)
        if form is None:
            return self._forward(run, facts, port, after=run.step)
        return Turn(run, self._dress(form, run, facts))

    def receive(self, run: Run[S], answers: Answers, facts: F, port: P) -> Turn[S]:
        """Take an answered form. A refused one comes back filled in, at the same revision."""
        form = None if run.step in self._only_shown else self._form(run, facts)
        if form is None:
            return self._forward(run, facts, port, after=run.step)
        values, errors = read(form.fields, answers)
        if errors:
            return self._again(form, run, facts, answers, errors=errors)
        try:
            state = self._checked(run.step, self._take(run.state, values), facts)
        except FieldRefused as refused:
            return self._again(form, run, facts, answers, errors=refused.errors)
        except Refusal as refused:
            return self._again(form, run, facts, answers, refusal=refused.reason)
        return self._forward(replace(run, state=state), facts, port, after=run.step)

    def back(self, run: Run[S], facts: F, port: P) -> Turn[S]:
        """The question before the one the run stands at."""
        earlier = self._earlier(run, facts)
        return self.show(run.at(earlier) if earlier else run, facts, port)

    def _forward(self, run: Run[S], facts: F, port: P, *, after: str | None) -> Turn[S]:
        start = 0 if after not in self._asks else self.steps.index(str(after)) + 1
        for step in self.steps[start:]:
            form = self._asks[step](run.state, facts)
            if form is not None:
                arrive = self._arrivals.get(step)
                run = (replace(run, state=arrive(run.state, facts, port)) if arrive else run).at(step)
                return Turn(run, self._dress(form, run, facts))
        return self._finish(run, facts, port)

    def _finish(self, run: Run[S], facts: F, port: P) -> Turn[S]:
        assert self._end is not None, f"flow {self.name} has no end"
        try:
            view = self._end(run.state, facts, port)
        except Refusal as refused:
            return self._rescue(run, facts, refused)
        return Turn(replace(run, done=True, revision=run.revision + 1), view)

    def _rescue(self, run: Run[S], facts: F, refused: Refusal) -> Turn[S]:
        for kind in type(refused).__mro__:
            step = self._rescues.get(kind)
            form = self._asks[step](run.state, facts) if step else None
            if step and form is not None:
                run = run.at(step)
                return Turn(run, replace(self._dress(form, run, facts), refusal=refused.reason))
        raise refused

    def _form(self, run: Run[S], facts: F) -> Form | None:
        ask = self._asks.get(run.step)
        return ask(run.state, facts) if ask else None

    def _checked(self, step: str, state: S, facts: F) -> S:
        check = self._checks.get(step)
        return check(state, facts) if check else state

    def _dress(self, form: Form, run: Run[S], facts: F) -> Form:
        """The form with its token, and filled in with what the state already holds."""
        values = {field.name: value for field in form.fields if (value := self._value(run.state, field))}
        values |= form.values
        values |= _typed(form, self._refused(run.state))
        return replace(form, token=run.token, values=values, can_go_back=bool(self._earlier(run, facts)))

    def _again(
        self,
        form: Form,
        run: Run[S],
        facts: F,
        answers: Answers,
        *,
        errors: Mapping[str, Words] | None = None,
        refusal: Words = "",
    ) -> Turn[S]:
        typed = _typed(form, answers)
        run = replace(run, state=self._kept(run.state, typed)) if self._keeps_refused else run
        dressed = self._dress(form, run, facts)
        view = replace(dressed, values={**dressed.values, **typed}, errors=errors or {}, refusal=refusal)
        return Turn(run, view)

    def _refused(self, state: S) -> Answers:
        """What was typed into forms and has not been accepted since."""
        return getattr(state, "refused") if self._keeps_refused else {}  # noqa: B009

    def _kept(self, state: S, typed: Answers) -> S:
        """The state with what was typed, apart from what is longer than any field asks for."""
        short = {name: answer for name, answer in typed.items() if len("".join(answer)) <= _MOST_KEPT}
        return replace(state, refused={**self._refused(state), **short})  # type: ignore[type-var]

    def _earlier(self, run: Run[S], facts: F) -> str:
        """The nearest step before the one the run stands at that has something to ask; empty when there is none."""
        before = self.steps[: self.steps.index(run.step)] if run.step in self._asks else ()
        for step in reversed(before):
            if self._asks[step](run.state, facts) is not None:
                return step
        return ""

    # Fields and the state attributes of the same names

    def _take(self, state: S, values: Mapping[str, object]) -> S:
        changes: dict[str, Any] = {}
        for name, value in values.items():
            attribute, dot, key = name.partition(".")
            if dot:
                changes[attribute] = {**changes.get(attribute, getattr(state, attribute)), key: value}
            else:
                changes[attribute] = value
        if self._keeps_refused:
            changes["refused"] = {name: typed for name, typed in self._refused(state).items() if name not in values}
        return replace(state, **changes)  # type: ignore[type-var]

    def _value(self, state: S, field: Field) -> Answer:
        attribute, dot, key = field.name.partition(".")
        value = getattr(state, attribute)
        if dot:
            value = value.get(key, "")
        if isinstance(field, ChoiceField):
            return _still_offered(field, value)
        return "" if value is None else str(value)


def _still_offered(field: ChoiceField, value: str | tuple[str, ...] | None) -> Answer:
    """What was chosen before, without what can no longer be chosen."""
    if value is None:
        return ()
    offered = {option.value for option in field.options}
    if isinstance(value, str):
        return value if value in offered else ""
    return tuple(item for item in value if item in offered)


def _typed(form: Form, answers: Answers) -> dict[str, Answer]:
    """What was typed into the fields of a form."""
    return {field.name: _as_typed(field, answers[field.name]) for field in form.fields if field.name in answers}


def _as_typed(field: Field, answer: Answer) -> Answer:
    """What is shown again of a refused answer: every word, without what could break the showing."""
    if isinstance(field, ChoiceField):
        return _still_offered(field, answer)
    return clean(answer if isinstance(answer, str) else " ".join(answer), long=True)


def read(fields: tuple[Field, ...], answers: Answers) -> tuple[dict[str, Any], dict[str, Words]]:
    """What was answered, field by field: the accepted values, and a reason for each refused one."""
    values: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for field in fields:
        try:
            values[field.name] = _read_one(field, answers.get(field.name, ""))
        except FieldRefused as refused:
            errors |= refused.errors
    return values, errors


def _read_one(field: Field, answer: Answer) -> object:
    match field:
        case ChoiceField():
            return _read_choice(field, answer)
        case NumberField():
            return _read_number(field, answer)
        case TextField():
            return _read_text(field, answer)


def _read_choice(field: ChoiceField, answer: Answer) -> str | tuple[str, ...]:
    chosen = (answer,) if isinstance(answer, str) else answer
    offered = [option.value for option in field.options]
    picked = tuple(value for value in offered if value in chosen)
    if len(picked) != len({value for value in chosen if value}):
        raise FieldRefused(field.name, _("That choice is no longer there. Please choose again."))
    if field.required and not picked:
        raise FieldRefused(field.name, _("Please choose at least one.") if field.many else _("Please choose one."))
    if field.many:
        return picked
    return picked[0] if picked else ""


def _read_number(field: NumberField, answer: Answer) -> int | None:
    typed = _line(answer)
    if not typed and not field.required:
        return None
    if not typed.isdecimal() or len(typed) > 9 or not field.least <= int(typed) <= field.most:
        reason = _("Please write a whole number from {least} to {most}.", least=field.least, most=field.most)
        raise FieldRefused(field.name, reason)
    return int(typed)


def _read_text(field: TextField, answer: Answer) -> str:
    typed = answer if isinstance(answer, str) else " ".join(answer)
    typed = clean(typed, long=field.long)
    if field.required and not typed:
        raise FieldRefused(field.name, _("Please fill this in."))
    if len(typed) > field.max_chars:
        reason = _(
            "Please shorten this: {n} characters, and there is room for {most}.", n=len(typed), most=field.max_chars
        )
        raise FieldRefused(field.name, reason)
    if field.email and typed and not _looks_like_email(typed):
        raise FieldRefused(field.name, _("That does not look like an e-mail address. It is written like anna@lund.se."))
    return typed


def _line(answer: Answer) -> str:
    return answer.strip() if isinstance(answer, str) else ""


def clean(typed: str, *, long: bool = False) -> str:
    """What a person typed without control characters, lone surrogates and outer blanks; one line unless `long`."""
    if typed.isprintable():
        kept = typed  # as nearly always; to look at each letter takes six times as long
    else:
        plain = typed.translate(_BLANKS).replace("\r\n", "\n")
        kept = "".join(c for c in plain if c == "\n" or c.isprintable() or c in _JOINERS)
    return kept.strip() if long else " ".join(kept.split())


_BLANKS = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
"""Tabs and the spaces that keep or hold apart: `24 000` with one of them is never `24000`."""

_JOINERS = "\u200c\u200d"  # joiners that emoji and some scripts need although they are not printable


def _looks_like_email(typed: str) -> bool:
    local, at, domain = typed.rpartition("@")
    plain = _NEVER_IN_AN_ADDRESS.search(typed) is None
    return bool(at and local and plain and "." in domain.strip(".") and "@" not in local)


_NEVER_IN_AN_ADDRESS = re.compile(r'[\s<>()\[\],;:\\"|]')
