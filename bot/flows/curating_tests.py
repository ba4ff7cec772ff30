"""Several questions tested at once: what each would be answered now, and whether that is what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.conversation import Flow
from bot.domain.faq import Outcome
from bot.domain.faq_tests import NO_ANSWER, Question, Result
from bot.domain.programmes import Programme
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Listed, Words, _, n_
from bot.flows import curating
from bot.flows.curating_trial import CONTEXT, NONE, context_field
from bot.messages import Action, Button, Card, Form, Item, TextField, Tone

TESTED = "tested"
"""The field of the questions that are tested; what stands there is looked up before the form is handled."""

MOST = 30
"""Questions in one go: so that they are looked up before a platform stops waiting for its answer."""

LONGEST = 2900
"""Characters in one go: Slack's fields have room for 3,000, and an emoji counts as two."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is tested."""

    context: str = ""
    tested: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the forms look at."""

    programmes: tuple[Programme, ...]
    read: Callable[[str], Sequence[Question]]
    is_known: Callable[[str], bool]  # whether there is something that somebody can expect by this name
    nearest: Callable[[str], str]  # the question in use that is written most like it; empty where none is
    results: Callable[[], Sequence[Result]]  # of the questions that were submitted, in their order


flow: Flow[Draft, Facts, object] = Flow(curating.TRY_SEVERAL, Draft, version=1)


@flow.ask("questions")
def ask_questions(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("Test several"),
        (
            TextField(
                TESTED, _("Questions"), _("One on each line, at most {most}.", most=MOST), long=True, max_chars=LONGEST
            ),
            context_field(facts.programmes),
        ),
        submit=_("Try them"),
        intro=(
            _(
                "After a semicolon you can write the question that shall be found, or nothing where there shall be no"
                " answer: “May I send a colleague?; Can a colleague go in my place?”"
            ),
            _("You see what they would be answered. Nothing is stored, and nobody else sees it."),
        ),
        values={} if draft.context else {CONTEXT: NONE},
    )


@flow.check("questions")
def check_questions(draft: Draft, facts: Facts) -> Draft:
    found = facts.read(draft.tested)
    if len(found) > MOST:
        raise FieldRefused(TESTED, _("These are {n} questions, and there is room for {most}.", n=len(found), most=MOST))
    for one in found:
        _check(one, facts)
    return draft


def _check(one: Question, facts: Facts) -> None:
    if not one.text:
        raise FieldRefused(TESTED, _("Line {line}: {reason}", line=one.line, reason=_("The question is missing.")))
    if one.expected is not None and one.expected not in NO_ANSWER and not facts.is_known(one.expected):
        reason = _unknown(one.expected, facts.nearest(one.expected))
        raise FieldRefused(TESTED, _("Line {line}: {reason}", line=one.line, reason=reason))


def _unknown(expected: str, nearest: str) -> Words:
    if not nearest:
        return _("There is no question “{expected}” among those in use.", expected=expected)
    return _(
        "There is no question “{expected}” among those in use. Do you mean “{nearest}”?",
        expected=expected,
        nearest=nearest,
    )


@flow.on_done
def show(draft: Draft, facts: Facts, port: object) -> Card:
    results = facts.results()
    if not results:
        return Card(_("These are not taken for questions"), buttons=(_once_more(draft),), tone=Tone.WARNING)
    failed = [one for one in results if one.passed is False]
    passed = sum(one.passed is True for one in results)
    return Card(
        _title(passed, len(failed)),
        body=tuple(_counted(results, passed)),
        items=tuple(_item(one) for one in sorted(results, key=lambda one: one.passed is not False)),
        buttons=(_once_more(draft), curating.all_questions()),
        tone=Tone.WARNING if failed else Tone.GOOD if passed else Tone.PLAIN,
    )


def _title(passed: int, failed: int) -> Words:
    if failed:
        return n_("{n} question is not answered as expected", "{n} questions are not answered as expected", failed)
    return _("All are answered as expected") if passed else _("This is what they would be answered")


def _counted(results: Sequence[Result], passed: int) -> Iterator[Words]:
    expecting = sum(one.passed is not None for one in results)
    if expecting:
        yield _("{passed} of {all} as expected.", passed=passed, all=expecting)
    if 0 < expecting < len(results):
        rest = len(results) - expecting
        yield n_("Nothing is expected of {n} question.", "Nothing is expected of {n} questions.", rest)


def _item(one: Result) -> Item:
    mark = {True: "✅", False: "❌", None: "–"}[one.passed]
    title = _("{mark} {question}", mark=mark, question=one.question.text)
    return Item(title, (_got(one), *((_expected(one),) if one.passed is False else ())))


def _got(one: Result) -> Words:
    shown = Listed(tuple(_("{what} ({percent} %)", what=got.title, percent=round(100 * got.score)) for got in one.got))
    if one.outcome is Outcome.ANSWERED:
        return _("Answer: {what}", what=shown)
    if one.outcome is Outcome.SUGGESTED:
        return _("To choose among: {what}", what=shown)
    if one.got:
        return _("No answer. The likeliest is {what}", what=shown)
    return _("No answer.")


def _expected(one: Result) -> Words:
    if one.question.expected in NO_ANSWER or one.question.expected is None:
        return _("Expected: no answer")
    return _("Expected: {what}", what=one.question.expected)


def _once_more(draft: Draft) -> Button:
    about = "" if draft.context == NONE else draft.context
    return Button(_("Test several"), Action(curating.TRY_SEVERAL, about), tone=Tone.PRIMARY, opens_form=True)
