"""Several questions with their answers at once, pasted as Markdown or as cells of a table, and looked through first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from bot.conversation import Flow
from bot.domain.faq import Entry
from bot.domain.faq_import import Given
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Words, _, n_
from bot.flows import curating
from bot.flows.curating_form import language_field, place_field
from bot.messages import Card, ChoiceField, Fact, Form, Option, TextField, Tone

LONGEST = 2900
"""Characters in one go: Slack's fields have room for 3,000, and an emoji counts as two."""

_SHOWN_PROBLEMS = 10


class Fate(StrEnum):
    """What becomes of a pasted question."""

    NEW = "new"
    CHANGED = "changed"  # there is this question, with another answer
    SAME = "same"  # there is this question, with this answer
    ALIKE = "alike"  # new, but another one asks nearly the same


@dataclass(frozen=True, slots=True)
class Found:
    """A pasted question with its answer, as it would be stored."""

    given: Given
    fate: Fate
    there: Entry | None = None  # the one that it changes, or is much like

    @property
    def line(self) -> int:
        return self.given.line

    @property
    def entry(self) -> Entry:
        return self.given.entry


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something that was pasted cannot be stored."""

    line: int
    reason: Words


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text."""

    found: tuple[Found, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def news(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.fate is not Fate.SAME)


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been pasted, and which of it is to be stored."""

    place: str = ""
    language: str = ""
    text: str = ""
    chosen: tuple[str, ...] = ()  # lines


@dataclass(frozen=True, slots=True)
class Facts:
    """What the forms look at."""

    language: Language  # of the coordinator
    programmes: tuple[Programme, ...]
    read: Callable[[Draft], Reading]


class IntakeDesk(Protocol):
    """What the flow acts through."""

    def take_in(self, found: Sequence[Given]) -> tuple[int, int]:
        """Store them as far as they are not there: how many are new, and how many are changed."""


flow: Flow[Draft, Facts, IntakeDesk] = Flow(curating.PASTE, Draft, version=1)


@flow.ask("text")
def ask_text(draft: Draft, facts: Facts) -> Form:
    hint = _("Headings with text below them, lines that begin with Q: and A:, or a table with its headings.")
    return Form(
        _("Paste several"),
        (
            place_field(facts.programmes),
            language_field(),
            TextField("text", _("Questions and answers"), hint, long=True, max_chars=LONGEST),
        ),
        submit=_("Preview"),
        intro=(_("What is longer than {most} characters you paste in several goes.", most=LONGEST),),
        values={} if draft.language else {"language": facts.language.value},
    )


@flow.check("text")
def check_text(draft: Draft, facts: Facts) -> Draft:
    reading = facts.read(draft)
    if not reading.found:
        raise FieldRefused("text", _nothing(reading))
    if not reading.news:
        raise FieldRefused("text", _("All of this is there already, word for word."))
    kept = tuple(str(one.line) for one in reading.news if one.fate is not Fate.ALIKE)
    return replace(draft, chosen=kept)


def _nothing(reading: Reading) -> Words:
    if reading.problems:
        first = reading.problems[0]
        return _("Line {line}: {reason}", line=first.line, reason=first.reason)
    return _("I find no questions with answers here. Write each question as a heading, and its answer below.")


@flow.ask("look")
def look(draft: Draft, facts: Facts) -> Form:
    """What would be stored, and what is in the way."""
    reading = facts.read(draft)
    options = tuple(Option(str(one.line), one.entry.question, _fate(one)) for one in reading.news)
    which = ChoiceField("chosen", _("Which of these shall be saved?"), options, many=True)
    return Form(
        _("This is what was found"),
        (which,) if options else (),
        submit=_("Save"),
        intro=tuple(_summary(reading)),
        facts=tuple(Fact(one.entry.question, one.entry.answer) for one in reading.news),
    )


def _fate(one: Found) -> Words:
    if one.there is None:
        return _("New")
    if one.fate is Fate.CHANGED:
        return _("Changes the answer that is there")
    return _("Much like: {question}", question=one.there.question)


def _summary(reading: Reading) -> Iterator[Words]:
    same = len(reading.found) - len(reading.news)
    if same:
        yield n_("{n} is there already, word for word.", "{n} are there already, word for word.", same)
    for one in reading.problems[:_SHOWN_PROBLEMS]:
        yield _("Line {line} is left out: {reason}", line=one.line, reason=one.reason)
    more = len(reading.problems) - _SHOWN_PROBLEMS
    if more > 0:
        yield n_("{n} more line is left out.", "{n} more lines are left out.", more)


@flow.on_done
def done(draft: Draft, facts: Facts, desk: IntakeDesk) -> Card:
    chosen = [one.given for one in facts.read(draft).news if str(one.line) in draft.chosen]
    added, changed = desk.take_in(chosen)
    return Card(
        _("Saved"),
        body=(
            n_("{n} question is new.", "{n} questions are new.", added),
            *((n_("{n} answer is changed.", "{n} answers are changed.", changed),) if changed else ()),
        ),
        buttons=(curating.all_questions(),),
        tone=Tone.GOOD,
    )
