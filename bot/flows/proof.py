"""The proof that nobody can find out who has written an answer, in sentences that a layman can check one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from bot.domain.rounds import Round, State
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, and whether it holds."""

    holds: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a round: counted in the database and in the folder of the keys."""

    round: Round
    urns: int
    emptied: int  # of these
    emptied_at: datetime | None
    keys: int  # that are there
    keys_left: int  # that are there although their urn has been emptied
    lengths: int  # how many different ones the boxes have
    forgotten: int  # boxes in urns that were emptied
    answers: int
    with_group: int
    with_time: int
    out_of_order: int


def of_schema(unknown: Collection[str], triggers: Collection[str]) -> Iterator[Statement]:
    """What holds for all rounds."""
    if unknown:
        yield _wrong(_("The tables have columns that do not belong there: {names}.", names=_listed(unknown)))
    else:
        yield _right(_("The tables of answers, boxes and urns have no column for a name, an account or a time of day."))
    if triggers:
        yield _wrong(
            _("The database runs programs of its own when rows are written: {names}.", names=_listed(triggers))
        )
    else:
        yield _right(_("The database runs no program of its own that could note who writes."))


def of_round(found: Found) -> Iterator[Statement]:
    """What holds for this one."""
    if found.round.state in (State.CLOSED, State.WITHDRAWN):
        yield from _over(found)
    else:
        yield from _running(found)


def _over(found: Found) -> Iterator[Statement]:
    if found.emptied < found.urns:
        yield _wrong(_("The round is over, but an urn has not been emptied."))
    elif found.emptied_at is not None:
        yield _right(_("The urn was emptied on {day}.", day=Day(found.emptied_at.date())))
    if found.forgotten:
        yield _wrong(n_("{n} sealed box is still there.", "{n} sealed boxes are still there.", found.forgotten))
    else:
        yield _right(_("No sealed box is left."))
    if found.keys_left:
        yield _wrong(_("The key is still there. It is destroyed within a minute when the bot runs: look again then."))
    else:
        yield _right(_("The key is destroyed. What may remain of the boxes, in a backup too, cannot be opened."))
    yield from _of_answers(found)


def _of_answers(found: Found) -> Iterator[Statement]:
    yield _right(n_("{n} answer is stored.", "{n} answers are stored.", found.answers))
    yield _none(
        found.with_group,
        _("None of them says who, or which group, has written it."),
        n_(
            "{n} of them says which group has written it.",
            "{n} of them say which group has written them.",
            found.with_group,
        ),
    )
    yield _none(
        found.with_time,
        _("None of them has a time of day, only the day on which the questions closed."),
        n_("{n} of them has a time of day.", "{n} of them have a time of day.", found.with_time),
    )
    yield _none(
        found.out_of_order,
        _("They lie in the order of random numbers, not in the order in which they came."),
        n_(
            "{n} of them does not lie in the order of its random number.",
            "{n} of them do not lie in the order of their random numbers.",
            found.out_of_order,
        ),
    )


def _running(found: Found) -> Iterator[Statement]:
    """How many boxes there are is not said while they are open to being counted one by one."""
    yield _none(
        found.answers,
        _("The questions are open, and no answer can be read yet."),
        n_("{n} answer can be read already.", "{n} answers can be read already.", found.answers),
    )
    if found.lengths > 1:
        yield _wrong(_("The sealed boxes are not equally large."))
    else:
        yield _right(_("All sealed boxes are equally large."))
    if found.urns and found.keys < found.urns:
        yield _wrong(_("The key that opens the boxes is not in its folder: these answers cannot be opened."))
    elif found.urns:
        yield _right(
            _("The key lies in a folder outside the database. It is destroyed when the questions have closed.")
        )


def heading(round: Round) -> Text:
    return _("{title} (round {id})", title=round.title, id=round.id)


def verdict(*, holds: bool) -> Text:
    if holds:
        return _("All of this holds: nothing that is stored leads from an answer to a person.")
    return _("Something does not hold: see the lines that say so, and tell whoever runs the bot.")


def _none(n: int, right: Words, wrong: Words) -> Statement:
    return _wrong(wrong) if n else _right(right)


def _right(words: Words) -> Statement:
    return Statement(holds=True, words=words)


def _wrong(words: Words) -> Statement:
    return Statement(holds=False, words=words)


def _listed(names: Collection[str]) -> Listed:
    return Listed(tuple(sorted(names)))
