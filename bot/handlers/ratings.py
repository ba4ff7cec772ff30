"""Ratings counted: those that people gave each for themselves, and those that groups have agreed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.board import Standing
from bot.domain.rounds import Asked, Box, Round
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.tallies import Tallies

Counts = Mapping[int, int]
"""Value → how many chose it; a value that nobody chose is not there."""


def of_groups(visit: Visit, round: Round) -> Mapping[tuple[str, str], Counts]:
    """(box, question) → how many groups have agreed on each value, in a round of group notes."""
    shown = [one for one in Answers(visit.connection, visit.now).of_round(round.id) if one.standing is Standing.SHOWN]
    found: dict[tuple[str, str], Counts] = {}
    for box in round.boxes:
        for asked in box.questions:
            texts = [one.text for one in shown if (one.box, one.question) == (box.role, asked.id)]
            if counts := _counted(asked, texts):
                found[box.role, asked.id] = counts
    return found


def keep(visit: Visit, round: Round, box: Box, sent: Sequence[Mapping[str, str]]) -> None:
    """Store the ratings of a box that enough people have answered, as numbers; the rest is stored nowhere.

    Parameters
    ----------
    sent
        What each person has answered.
    """
    for question, counts in _enough(box, sent, round.threshold):
        Tallies(visit.connection).put(round.id, box.role, question, counts)


def _enough(box: Box, sent: Sequence[Mapping[str, str]], least: int) -> Iterator[tuple[str, Counts]]:
    """The questions that at least so many people have rated, with their counts."""
    for asked in box.questions:
        counts = _counted(asked, (one[asked.id] for one in sent if asked.id in one))
        if counts and sum(counts.values()) >= least:
            yield asked.id, counts


def _counted(asked: Asked, chosen: Iterable[str]) -> Counts:
    """How often each value of the question's scale was chosen; nothing for a question that is answered in words."""
    values = {str(value): value for value in asked.scale.values} if asked.scale is not None else {}
    return Counter(values[one] for one in chosen if one in values)
