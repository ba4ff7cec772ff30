"""What people asked for and got an answer to: the part of a meeting's agenda that shows that asking helps."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.values import dataclass
from bot.domain.words import Words, _, n_
from bot.messages import Button, Item

MOST = 3
"""In one reminder; the board has them all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A need, or a question, and what the organiser has answered. Both are what people wrote: untrusted."""

    need: str
    answer: Words


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What was answered since the last meeting, and the address of the board where all of it stands."""

    answered: tuple[Answered, ...] = ()
    board: str = ""
    questions: tuple[Answered, ...] = ()  # that people asked, and a coordinator wants to bring up


def section(found: AskedFor | None) -> tuple[Item, ...]:
    """The entries of a reminder; none when nothing was answered."""
    return (*_entries(found), *_questions(found)) if found is not None else ()


def _entries(found: AskedFor) -> Iterator[Item]:
    for one in found.answered[:MOST]:
        yield Item(_("You asked for: {need}", need=one.need), (_("Here it is: {answer}", answer=one.answer),))
    more = len(found.answered) - MOST
    if more > 0:
        rest: Words = n_("and {n} more answer, on the board", "and {n} more answers, on the board", more)
        yield Item(rest)


def _questions(found: AskedFor) -> Iterator[Item]:
    for one in found.questions[:MOST]:
        yield Item(_("A question that has come up: {question}", question=one.need), (one.answer,))
    more = len(found.questions) - MOST
    if more > 0:
        yield Item(n_("and {n} more question", "and {n} more questions", more))


def way_to_board(found: AskedFor | None) -> tuple[Button, ...]:
    """The button to the board, where something was answered."""
    return (Button(_("Open the board"), url=found.board),) if found is not None and found.board else ()
