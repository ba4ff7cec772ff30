"""Self-assessments: every figure against another way to compute it, and no subtraction that finds a few people."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.assessment import (
    Comparison,
    Figure,
    Result,
    Tally,
    compare,
    disagreements,
    result,
    role_differences,
    rounded,
    summed,
)
from bot.domain.rounds import Area, Asked, Box, Mode, Round, Scale
from bot.domain.rules import NOTHING
from tests.flows.samples import NOW, words

SCALE = Scale(1, 5)
ROLES = ("politiker", "chefer", "strateger")
RATINGS = st.lists(st.integers(1, 5), min_size=1, max_size=60)


def asked(id: str, area: str = "", scale: Scale | None = SCALE, was: tuple[str, ...] = ()) -> Asked:
    return Asked(id, words(id.title()), scale=scale, area=area, was=was)


QUESTIONS = (asked("mal", "ledning"), asked("roller", "ledning"), asked("data", "teknik"), asked("fritt", scale=None))


def about(*questions: Asked, roles: tuple[str, ...] = ROLES, id: str = "r1", **changes: object) -> Round:
    made = Round(
        id,
        "digi",
        words("Skattning"),
        tuple(Box(role, words(role.title()) if role else NOTHING, questions or QUESTIONS) for role in roles),
        Mode.SEALED,
        NOW,
        areas=(Area("ledning", words("Ledning")), Area("teknik", words("Teknik"))),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def tally(**given: str) -> Tally:
    """`politiker_mal="11223"`: what each of them gave."""
    return {tuple(name.split("_", 1)): Counter(map(int, values)) for name, values in given.items()}  # type: ignore[misc]


FEW = tally(
    politiker_mal="11223", chefer_mal="4455", strateger_mal="333445",
    politiker_roller="22222", chefer_roller="55555", strateger_roller="123451",
    politiker_data="1111", chefer_data="2222", strateger_data="444",
)  # fmt: skip
"""Five people make a slice that may be shown; the managers' `mal` and everybody's `data` have fewer."""


# --- Figures ----------------------------------------------------------------------------------------------------------


@given(RATINGS)
def test_level_and_spread_are_those_of_the_statistics_module(ratings: list[int]) -> None:
    figure = Figure(Counter(ratings))
    exact = [Fraction(one) for one in ratings]
    assert (figure.n, figure.mean, figure.variance) == (
        len(ratings),
        statistics.mean(exact),
        statistics.pvariance(exact),
    )
    spread = Decimal(figure.variance.numerator) / Decimal(figure.variance.denominator)
    assert figure.mean_tenths == _tenths(Decimal(sum(ratings)) / len(ratings))
    assert figure.spread_tenths == _tenths(spread.sqrt())


def _tenths(value: Decimal) -> int:
    return int((value * 10).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(("exact", "whole"), [("5/2", 3), ("-5/2", -3), ("7/3", 2), ("-7/3", -2), ("0", 0)])
def test_halves_are_rounded_as_people_do(exact: str, whole: int) -> None:
    assert rounded(Fraction(exact)) == whole


def test_nothing_together_is_no_figure() -> None:
    assert summed([]) is None


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_C7b_a_slice_below_the_threshold_is_hidden_and_in_no_sum() -> None:
    mal, roller, data = result(about(), FEW).rows
    assert (set(mal.by_role), mal.hidden) == ({"politiker", "strateger"}, ("chefer",))
    assert mal.together is not None
    assert mal.together.n == 11
    assert roller.hidden == ()
    assert (data.by_role, data.together) == ({}, None)


def test_what_is_answered_in_words_is_no_figure() -> None:
    assert [row.id for row in result(about(), FEW).rows] == ["mal", "roller", "data"]


def test_an_area_is_the_sum_of_what_is_shown_of_its_questions() -> None:
    ledning, teknik = result(about(), FEW).areas
    assert {role: figure.n for role, figure in ledning.by_role.items()} == {
        "politiker": 10,
        "strateger": 12,
        "chefer": 5,
    }
    assert (teknik.by_role, teknik.hidden) == ({}, ROLES)


def test_an_area_with_several_scales_has_no_sum() -> None:
    mixed = about(asked("mal", "ledning"), asked("roller", "ledning", Scale(1, 10)))
    assert result(mixed, FEW).areas == ()


def test_ratings_that_groups_have_agreed_on_need_no_threshold() -> None:
    (row,) = result(about(asked("mal"), mode=Mode.NOTES), tally(chefer_mal="4")).rows
    assert row.together == Figure({4: 1})


def test_values_outside_the_scale_do_not_count() -> None:
    (row,) = result(about(asked("mal")), tally(chefer_mal="0099999")).rows
    assert row.together is None


# --- Subtracting ------------------------------------------------------------------------------------------------------


def published(found: Result) -> Iterator[Figure]:
    for row in (*found.rows, *found.areas):
        yield from row.by_role.values()
        if row.together is not None:
            yield row.together


def subtractions(figures: list[Figure]) -> Iterator[Counter[int]]:
    """Every sum of published slices, each added, left out or taken away."""
    distinct = [dict(counts) for counts in {tuple(sorted(figure.counts.items())) for figure in figures}]
    for signs in product((-1, 0, 1), repeat=len(distinct)):
        total: Counter[int] = Counter()
        for sign, counts in zip(signs, distinct, strict=True):
            for value, count in counts.items():
                total[value] += sign * count
        yield Counter({value: count for value, count in total.items() if count})


SMALL = about(*(asked(id, "ledning") for id in ("mal", "roller")))
HIDDEN = Counter({4: 2, 5: 2})


def test_no_subtraction_of_what_is_shown_gives_what_is_hidden() -> None:
    assert HIDDEN not in subtractions(list(published(result(SMALL, FEW))))


def test_control_a_sum_of_everybody_would_give_it() -> None:
    everybody = summed(Figure(FEW[role, "mal"]) for role in ROLES)
    assert everybody is not None
    assert HIDDEN in subtractions([*published(result(SMALL, FEW)), everybody])


CELLS = st.fixed_dictionaries(
    {(role, id): st.dictionaries(st.integers(1, 5), st.integers(1, 4)) for role in ROLES for id in ("mal", "roller")}
)


@given(CELLS, CELLS)
@settings(max_examples=60)
def test_what_is_hidden_changes_nothing_that_is_shown(stored: Tally, other: Tally) -> None:
    small = {cell: counts for cell, counts in other.items() if sum(counts.values()) < 5}
    changed = {cell: small.get(cell, {}) if sum(counts.values()) < 5 else counts for cell, counts in stored.items()}
    assert result(SMALL, stored) == result(SMALL, changed)
    known = result(SMALL, FEW)
    assert compare(known, result(SMALL, stored)) == compare(known, result(SMALL, changed))


# --- Where people disagree --------------------------------------------------------------------------------------------


def test_the_largest_spread_comes_first_and_agreement_not_at_all() -> None:
    spread = tally(chefer_mal="33333", chefer_roller="11555", chefer_data="12345")
    assert [row.id for row in disagreements(result(about(), spread).rows)] == ["roller", "data"]


def test_spread_is_seen_in_the_light_of_its_scale() -> None:
    wide = about(asked("mal"), asked("roller", scale=Scale(1, 10)))
    rows = result(wide, tally(chefer_mal="12512", chefer_roller="24623")).rows
    assert [row.id for row in disagreements(rows)] == ["mal", "roller"]


def test_roles_differ_only_where_two_are_shown() -> None:
    rows = result(about(), FEW).rows
    assert [row.id for row in role_differences(rows)] == ["roller", "mal"]
    alone = result(about(), tally(chefer_mal="11155", politiker_mal="5555")).rows
    assert role_differences(alone) == ()


# --- Two rounds -------------------------------------------------------------------------------------------------------


def both(
    before: Mapping[str, str], after: Mapping[str, str], then: Round | None = None, now: Round | None = None
) -> Comparison:
    return compare(result(then or about(), tally(**before)), result(now or about(id="r2"), tally(**after)))


@pytest.mark.parametrize(
    ("before", "after", "moved", "hundredths"),
    [("33333", "33344", False, 40), ("3333", "3434", True, 50), ("44444", "33333", True, -100), ("11", "11", False, 0)],
)
def test_C7_half_a_step_has_moved_and_less_remains(before: str, after: str, moved: bool, hundredths: int) -> None:
    alone = about(asked("mal"), roles=("",), threshold=2)
    (move,) = both({"_mal": before}, {"_mal": after}, alone, replace(alone, id="r2")).moves
    assert move.together is not None
    assert (move.together.has_moved, move.together.hundredths) == (moved, hundredths)


@given(RATINGS, RATINGS)
def test_a_difference_is_that_of_the_exact_means(before: list[int], after: list[int]) -> None:
    alone = about(asked("mal"), roles=("",), threshold=1)
    given_then, given_now = {("", "mal"): Counter(before)}, {("", "mal"): Counter(after)}
    (move,) = compare(result(alone, given_then), result(alone, given_now)).moves
    apart = statistics.mean(map(Fraction, after)) - statistics.mean(map(Fraction, before))
    assert move.together is not None
    assert (move.together.difference, move.together.has_moved) == (apart, abs(apart) >= Fraction(1, 2))


def test_C7a_questions_are_found_again_by_their_id_or_by_what_they_were() -> None:
    then = about(asked("mal"), asked("gammal"), asked("borta"))
    now = about(asked("mal"), asked("omskriven", was=("gammal", "annan")), asked("ny"), id="r2")
    found = both({}, {}, then, now)
    assert [(move.before.id, move.after.id) for move in found.moves] == [("mal", "mal"), ("gammal", "omskriven")]
    assert ([row.id for row in found.new], [row.id for row in found.gone]) == (["ny"], ["borta"])


def test_C7a_what_was_split_or_merged_is_not_the_same_any_more() -> None:
    then = about(asked("ett"), asked("tva"), asked("tre"))
    now = about(asked("a", was=("ett",)), asked("b", was=("ett",)), asked("c", was=("tva", "tre")), id="r2")
    found = both({}, {}, then, now)
    assert (found.moves, len(found.new), len(found.gone)) == ((), 3, 3)


def test_C7a_another_scale_cannot_be_compared() -> None:
    found = both({}, {}, about(asked("mal")), about(asked("mal", scale=Scale(1, 10)), id="r2"))
    assert (found.moves, [row.id for row in found.rescaled], found.new, found.gone) == ((), ["mal"], (), ())


FIVE, FOUR = "12345", "1234"


def test_C7b_a_role_below_the_threshold_once_blocks_its_row_and_the_sum_without_it() -> None:
    before = {f"{role}_mal": FIVE for role in ROLES}
    (move, *_rest) = both(before, {**before, "chefer_mal": FOUR}).moves
    assert (move.together, set(move.by_role), move.blocked) == (None, {"politiker", "strateger"}, ("chefer",))


def test_C7b_of_two_roles_the_other_one_is_the_complement_and_blocked_as_well() -> None:
    two = about(asked("mal"), roles=("politiker", "chefer"))
    before = {"politiker_mal": FIVE, "chefer_mal": FIVE}
    (move,) = both(before, {**before, "chefer_mal": FOUR}, two, replace(two, id="r2")).moves
    assert (move.together, move.by_role, set(move.blocked)) == (None, {}, {"politiker", "chefer"})


def test_a_role_that_is_hidden_both_times_is_in_neither_sum() -> None:
    before = {"politiker_mal": FIVE, "strateger_mal": FIVE, "chefer_mal": FOUR}
    (move, *_rest) = both(before, before).moves
    assert move.together is not None
    assert (move.together.before.n, move.blocked) == (10, ("chefer",))


def test_an_area_is_compared_by_the_questions_that_can_be() -> None:
    whole = {f"{role}_{id}": FIVE for role in ROLES for id in ("mal", "roller")}
    found = both(whole, {**whole, "chefer_roller": FOUR})
    ledning, teknik = found.areas
    assert ledning.together is not None
    assert (ledning.together.before.n, ledning.together.after.n, teknik.together) == (15, 15, None)


def test_the_board_reads_what_moved_most_and_what_remains_lowest() -> None:
    then, now = about(), about(id="r2")
    found = both(
        {"chefer_mal": "11111", "chefer_roller": "22222", "chefer_data": "33333"},
        {"chefer_mal": "33333", "chefer_roller": "22222", "chefer_data": "33334"}, then, now,
    )  # fmt: skip
    assert ([move.after.id for move in found.largest()], [move.after.id for move in found.lowest()]) == (
        ["mal"],
        ["roller", "data"],
    )
