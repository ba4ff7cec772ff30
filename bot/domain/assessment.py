"""What came of a self-assessment: level and spread of every question, and nothing that points at a few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import isqrt

from bot.domain.rounds import Asked, Mode, Round, Scale
from bot.domain.values import dataclass
from bot.domain.words import Localised

Counts = Mapping[int, int]
"""Value → how many gave it."""

Tally = Mapping[tuple[str, str], Counts]
"""(Box, question) → how many gave each value."""

MOST_SHOWN = 3
"""So many questions are named where a list says what differs most."""


# --- Figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """Ratings of one kind, at least one of them."""

    counts: Counts

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> Fraction:
        return Fraction(sum(value * count for value, count in self.counts.items()), self.n)

    @property
    def variance(self) -> Fraction:
        """Of these people, who are all there are: not an estimate for others."""
        squares = Fraction(sum(value * value * count for value, count in self.counts.items()), self.n)
        return squares - self.mean**2

    @property
    def mean_tenths(self) -> int:
        return rounded(self.mean * 10)

    @property
    def spread_tenths(self) -> int:
        """The standard deviation; computed without a single floating point number, halves upwards."""
        return (isqrt(int(400 * self.variance)) + 1) // 2


def rounded(exact: Fraction) -> int:
    """The nearest whole number; halves away from zero, as people round."""
    whole = (2 * abs(exact) + 1) // 2
    return int(whole) if exact >= 0 else -int(whole)


def summed(figures: Iterable[Figure]) -> Figure | None:
    """All ratings together; None when there are none."""
    counts: Counter[int] = Counter()
    for figure in figures:
        counts.update(figure.counts)
    return Figure(dict(sorted(counts.items()))) if counts else None


# --- One round --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A question, or an area, with what may be shown of it.

    `together` is the sum of the roles that are shown and of nothing else: whatever is subtracted from it, no role that
    is hidden comes out.
    """

    id: str
    text: Localised
    scale: Scale
    by_role: Mapping[str, Figure]  # those that are shown
    hidden: tuple[str, ...] = ()  # roles that were asked, and of which too few have answered
    area: str = ""
    was: tuple[str, ...] = ()

    @property
    def together(self) -> Figure | None:
        return summed(self.by_role.values())

    @property
    def gap(self) -> Fraction:
        """How far the roles stand apart, of the whole scale; 0 where fewer than two are shown."""
        means = [figure.mean for figure in self.by_role.values()]
        return _share(max(means) - min(means), self.scale) if len(means) > 1 else Fraction(0)


@dataclass(frozen=True, slots=True)
class Result:
    """What a round with scales has come to."""

    round: Round
    roles: Mapping[str, Localised]  # role → its name, of all that were asked to rate
    rows: tuple[Row, ...]  # in the order in which they were asked
    areas: tuple[Row, ...]  # each the sum of its questions; without those that mix scales

    def shown(self) -> tuple[str, ...]:
        """The roles of which anything is shown."""
        return tuple(role for role in self.roles if any(role in row.by_role for row in self.rows))


def has_scales(about: Round) -> bool:
    return any(question.scale is not None for box in about.boxes for question in box.questions)


def result(about: Round, tally: Tally) -> Result:
    """What may be shown of a round.

    Parameters
    ----------
    tally
        What is stored. In a sealed round a slice with fewer people than the threshold counts as not there.
    """
    rows = tuple(_row(about, tally, question) for question in _rated(about))
    areas = tuple(row for area in about.areas if (row := _area(area.id, area.name, rows)) is not None)
    roles = {box.role: box.name for box in about.boxes if any(q.scale is not None for q in box.questions)}
    return Result(about, roles, rows, areas)


def _rated(about: Round) -> Iterator[Asked]:
    """Each question with a scale once, as the first box has it."""
    seen = set()
    for box in about.boxes:
        for question in box.questions:
            if question.scale is not None and question.id not in seen:
                seen.add(question.id)
                yield question


def _row(about: Round, tally: Tally, question: Asked) -> Row:
    assert question.scale is not None, "only what is rated has a row"
    asked = [box.role for box in about.boxes if any(q.id == question.id for q in box.questions)]
    shown = {}
    for role in asked:
        given = tally.get((role, question.id), {})
        counts = {value: given[value] for value in question.scale.values if given.get(value)}
        if sum(counts.values()) >= least(about):
            shown[role] = Figure(counts)
    hidden = tuple(role for role in asked if role not in shown)
    return Row(question.id, question.text, question.scale, shown, hidden, question.area, question.was)


def least(about: Round) -> int:
    """So many must have rated. What a group has agreed on is nobody's own, and stands on the board already."""
    return about.threshold if about.mode is Mode.SEALED else 1


def _area(id: str, name: Localised, rows: Iterable[Row]) -> Row | None:
    """The questions of an area as one; None where there are none, or they have several scales."""
    inside = [row for row in rows if row.area == id]
    if not inside or any(_ends(row.scale) != _ends(inside[0].scale) for row in inside):
        return None
    roles = dict.fromkeys(role for row in inside for role in (*row.by_role, *row.hidden))
    summed_up = {role: summed(row.by_role[role] for row in inside if role in row.by_role) for role in roles}
    shown = {role: figure for role, figure in summed_up.items() if figure is not None}
    return Row(id, name, inside[0].scale, shown, tuple(role for role in roles if role not in shown), id)


def _ends(scale: Scale) -> tuple[int, int]:
    return scale.least, scale.most


def _share(steps: Fraction, scale: Scale) -> Fraction:
    return steps / (scale.most - scale.least)


def disagreements(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Where people are furthest from each other: the questions with the largest spread, the largest first."""
    found = [(row, figure.variance) for row in rows if (figure := row.together) is not None and figure.variance]
    width = {row.id: (row.scale.most - row.scale.least) ** 2 for row, _variance in found}
    found.sort(key=lambda one: -one[1] / width[one[0].id])
    return tuple(row for row, _variance in found[:MOST_SHOWN])


def role_differences(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Where the roles are furthest from each other, the furthest first."""
    apart = sorted((row for row in rows if row.gap), key=lambda row: -row.gap)
    return tuple(apart[:MOST_SHOWN])


# --- Two rounds -------------------------------------------------------------------------------------------------------

STEP = Fraction(1, 2)
"""A mean that is so much of a step higher or lower has moved; less is what chance does to so few people."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question, or an area, before and after, each as whoever took part then has rated it."""

    before: Figure
    after: Figure

    @property
    def difference(self) -> Fraction:
        return self.after.mean - self.before.mean

    @property
    def has_moved(self) -> bool:
        return abs(self.difference) >= STEP

    @property
    def hundredths(self) -> int:
        return rounded(self.difference * 100)


@dataclass(frozen=True, slots=True)
class Move:
    """A question, or an area, that both rounds have."""

    before: Row
    after: Row
    together: Change | None  # None: blocked
    by_role: Mapping[str, Change]
    blocked: tuple[str, ...] = ()  # roles that cannot be compared


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds of the same questions, as far as they can be compared honestly."""

    before: Result
    after: Result
    moves: tuple[Move, ...]  # in the order of the later round
    areas: tuple[Move, ...]
    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    rescaled: tuple[Row, ...]  # the same question on another scale

    @property
    def roles(self) -> Mapping[str, Localised]:
        """The roles of both rounds, in the order of the earlier one."""
        return {**self.before.roles, **self.after.roles}

    def largest(self) -> tuple[Move, ...]:
        """What has moved most."""
        moved = [(move, move.together) for move in self.moves if move.together is not None and move.together.has_moved]
        moved.sort(key=lambda one: -abs(one[1].difference))
        return tuple(move for move, _change in moved[:MOST_SHOWN])

    def lowest(self) -> tuple[Move, ...]:
        """What remains, and is lowest now."""
        still = [(move, move.together) for move in self.moves if move.together and not move.together.has_moved]
        still.sort(key=lambda one: _share(one[1].after.mean - one[0].after.scale.least, one[0].after.scale))
        return tuple(move for move, _change in still[:MOST_SHOWN])


def compare(before: Result, after: Result) -> Comparison:
    """The later round held against the earlier one: question by question, as they say that they are the same."""
    pairs = _pairs(before, after)
    same = [(old, new) for old, new in pairs if _ends(old.scale) == _ends(new.scale)]
    mapped_before, mapped_after = {old.id for old, _new in pairs}, {new.id for _old, new in pairs}
    moves = tuple(_move(old, new) for old, new in same)
    areas = (_area_move(area, [move for move in moves if move.after.area == area.id]) for area in after.areas)
    return Comparison(
        before,
        after,
        moves,
        tuple(area for area in areas if area is not None),
        new=tuple(row for row in after.rows if row.id not in mapped_after),
        gone=tuple(row for row in before.rows if row.id not in mapped_before),
        rescaled=tuple(new for old, new in pairs if _ends(old.scale) != _ends(new.scale)),
    )


def _pairs(before: Result, after: Result) -> list[tuple[Row, Row]]:
    """The questions of both rounds that are the same, in the order of the later one.

    A question that has become two, or two that have become one, is not the same any more.
    """
    known = {row.id: row for row in before.rows}
    claims = {row.id: _claims(row, known) for row in after.rows}
    claimed = Counter(id for ids in claims.values() for id in ids)
    found = []
    for row in after.rows:
        ids = claims[row.id]
        if len(ids) == 1 and (ids[0] == row.id or claimed[ids[0]] == 1):
            found.append((known[ids[0]], row))
    return found


def _claims(row: Row, known: Mapping[str, Row]) -> list[str]:
    """The earlier questions that this one says it is; its own id says more than all others."""
    return [row.id] if row.id in known else [id for id in dict.fromkeys(row.was) if id in known]


def _move(before: Row, after: Row) -> Move:
    """A question in both rounds.

    A role of which too few have answered in one of them is blocked, and so is what is left of the others without it:
    the sum, which would be other people than the other round's, and a single role that this leaves.
    """
    both = [role for role in after.by_role if role in before.by_role]
    asked = dict.fromkeys((*before.by_role, *before.hidden, *after.by_role, *after.hidden))
    differs = set(before.by_role) != set(after.by_role)
    compared = [] if differs and len(both) == 1 else both
    return Move(
        before,
        after,
        together=_change(before, after) if both and not differs else None,
        by_role={role: Change(before.by_role[role], after.by_role[role]) for role in compared},
        blocked=tuple(role for role in asked if role not in compared),
    )


def _change(before: Row, after: Row) -> Change | None:
    earlier, later = before.together, after.together
    return Change(earlier, later) if earlier is not None and later is not None else None


def _area_move(area: Row, moves: list[Move]) -> Move | None:
    """An area in both rounds: the sum of its questions that both have and that are not blocked."""
    open_ones = [move for move in moves if move.together is not None]
    before = summed(move.together.before for move in open_ones if move.together)
    after = summed(move.together.after for move in open_ones if move.together)
    change = Change(before, after) if before is not None and after is not None else None
    return Move(area, area, change, {}) if moves else None
