"""The test box: what somebody would be answered who asks like this, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.conversation import Flow
from bot.domain.caution import Caution
from bot.domain.faq import Outcome
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Listed, Words, _
from bot.flows import cautions, curating, occasions
from bot.messages import Action, Button, Card, ChoiceField, Form, Item, Option, TextField, Tone

TRIED = "tried"
"""The field of the question that is tried out; what stands there is looked up before the form is handled."""

CONTEXT = "context"
"""The field of the programme that whoever asks is thought to be registered for, or `NONE`."""

NONE = "*"

MOST = 5
"""Candidates that are shown."""

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may have been meant."""

    question: Words
    source: Words
    score: float  # how sure, 0..1
    alone: Outcome  # what it would come to if there were nothing else
    entry: str = ""  # id; empty for what a programme's data answers
    past: Words = ""  # when it held


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found for a question."""

    candidates: tuple[Candidate, ...]  # the best first
    outcome: Outcome
    among: tuple[Words, ...]  # the programmes that were looked through first; none of them: all
    caution: Caution = Caution.BALANCED  # under which it was judged
    overtook: bool = False  # the first is not the one that is surest by its words: what is its own, or holds now, is


@dataclass(frozen=True, slots=True)
class Draft:
    """What is tried out."""

    context: str = ""
    tried: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the test box looks at."""

    programmes: tuple[Programme, ...]
    trial: Callable[[], Trial | None]  # of the question that was submitted; None for what is no question


flow: Flow[Draft, Facts, object] = Flow(curating.TRY, Draft, version=1)


@flow.ask("question")
def ask_question(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("Test a question"),
        (
            TextField(TRIED, _("Question"), _("In the words of a participant."), max_chars=_LONGEST),
            context_field(facts.programmes),
        ),
        submit=_("Try it"),
        intro=(_("You see what they would be answered. Nothing is stored, and nobody is asked."),),
        values={} if draft.context else {CONTEXT: NONE},
    )


def context_field(programmes: Sequence[Programme]) -> ChoiceField:
    """Whom to think of as whoever asks."""
    names = (Option(one.id, occasions.programme_name(one, programmes)) for one in programmes)
    options = (Option(NONE, _("Nobody who is registered")), *names)
    return ChoiceField(CONTEXT, _("Who asks? Somebody registered for"), options)


@flow.on_done
def show(draft: Draft, facts: Facts, port: object) -> Card:
    trial = facts.trial()
    if trial is None:
        return Card(
            _("This is not taken for a question"), body=(draft.tried,), buttons=(_once_more(draft),), tone=Tone.WARNING
        )
    return Card(
        _OUTCOMES[trial.outcome],
        body=(draft.tried, *_why(trial)),
        items=tuple(map(_candidate, trial.candidates[:MOST])),
        buttons=(_once_more(draft), curating.all_questions()),
    )


_OUTCOMES = {
    Outcome.ANSWERED: _("They get the first answer"),
    Outcome.SUGGESTED: _("They get the first three to choose among"),
    Outcome.UNKNOWN: _("They hear that there is no answer yet, and you get the question"),
}
_ALONE = {
    Outcome.ANSWERED: _("sure enough to answer"),
    Outcome.SUGGESTED: _("enough to suggest it"),
    Outcome.UNKNOWN: _("too unsure"),
}


def _why(trial: Trial) -> Iterator[Words]:
    if trial.among:
        yield _("First looked for in {programmes}, and in what holds for all.", programmes=Listed(trial.among))
    else:
        yield _("Looked for in all programmes.")
    yield _("Judged as: {level}.", level=cautions.NAMES[trial.caution])
    if trial.overtook:
        yield _("Several are equally sure. What holds now, and what belongs to their own programme, goes first.")


def _candidate(one: Candidate) -> Item:
    percent = round(100 * one.score)
    lines: tuple[Words, ...] = (
        _("{percent} %: {band}", percent=percent, band=_ALONE[one.alone]),
        *((one.source,) if one.source else ()),
        *((_("Applied to {edition}", edition=one.past),) if one.past else ()),
        *((_("From the programme’s own dates, prices and links."),) if not one.entry else ()),
    )
    show = (Button(_("Show the answer"), Action(curating.SHOW, one.entry)),) if one.entry else ()
    return Item(one.question, lines, buttons=show)


def _once_more(draft: Draft) -> Button:
    about = "" if draft.context == NONE else draft.context
    return Button(_("Test another one"), Action(curating.TRY, about), tone=Tone.PRIMARY, opens_form=True)
