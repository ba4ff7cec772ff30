"""What an organisation pays: sums as people would do them by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cancelling import fee
from bot.domain.prices import quote
from bot.domain.programmes import Prices
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Sum
from tests.flows.samples import COHORT, FREE, NOW, SINGLE, occasion, with_occasion

IDS = ("a", "b", "c")
counts = st.fixed_dictionaries({id: st.integers(0, 6) for id in IDS})
LATE = SINGLE.occasions[0].free_until or NOW


def price(seats: Mapping[str, int]) -> int:
    return quote(SINGLE, seats, {}).total


def seat(occasion: str, state: SeatState = SeatState.CONFIRMED) -> Seat:
    return Seat(f"s-{occasion}", "r", "dialog", occasion, Participant("Anna"), state)


def test_P2_a_cohort_with_lodging_is_24_000_and_3_times_3_000() -> None:
    made = quote(COHORT, dict.fromkeys(("ett", "två", "tre"), 1), dict.fromkeys(("ett", "två", "tre"), 1))
    assert made.total == 33_000
    assert made.in_words().values["sum"] == Sum(((1, 24_000), (3, 3_000)), "SEK")


def test_two_participants_of_a_cohort_pay_twice() -> None:
    assert quote(COHORT, dict.fromkeys(("ett", "två", "tre"), 2), {}).total == 48_000


def test_G1b_the_set_is_complete_however_it_was_booked() -> None:
    assert [price({"a": 1}), price({"a": 1, "b": 1}), price({"a": 1, "b": 1, "c": 1})] == [1_200, 2_400, 3_000]


def test_seats_beyond_the_sets_are_single() -> None:
    assert price({"a": 3, "b": 2, "c": 1}) == 3_000 + 3 * 1_200


def test_a_cancelled_occasion_costs_nothing_and_the_rest_never_more_than_one_by_one() -> None:
    shorter = with_occasion(SINGLE, "c", cancelled=True)
    assert quote(shorter, dict.fromkeys(IDS, 1), {}).total == 2_400
    cheap = replace(shorter, prices=replace(SINGLE.prices, package=2_000))
    assert quote(cheap, dict.fromkeys(IDS, 1), {}).total == 2_000


ADDED = replace(SINGLE, occasions=(*SINGLE.occasions, occasion("d", added_at=NOW)))


def test_a_meeting_that_is_added_later_makes_no_confirmed_package_dearer_and_is_in_it_for_whoever_comes() -> None:
    assert quote(ADDED, dict.fromkeys(IDS, 1), {}).total == 3_000
    assert quote(ADDED, dict.fromkeys("abcd", 1), {}).total == 3_000
    assert quote(ADDED, {"a": 2, "b": 2, "c": 2, "d": 1}, {}).total == 6_000
    assert quote(ADDED, {"a": 1, "b": 1, "c": 1, "d": 2}, {}).total == 3_000 + 1_200


def test_whoever_has_no_package_pays_for_the_added_meeting_as_for_any_other() -> None:
    assert quote(ADDED, {"a": 1, "d": 1}, {}).total == 2 * 1_200


def test_the_added_meeting_makes_a_package_worth_its_price_where_others_are_cancelled() -> None:
    shorter = with_occasion(ADDED, "c", cancelled=True)
    assert quote(shorter, {"a": 2, "b": 2}, {}).total == 4 * 1_200
    assert quote(shorter, {"a": 2, "b": 2, "d": 1}, {}).total == 3_000 + 2 * 1_200


def test_in_a_cohort_an_added_meeting_costs_nothing_however_its_price_is_set() -> None:
    each = replace(COHORT, prices=Prices(occasion=1_000))
    for cohort in (COHORT, each):
        longer = replace(cohort, occasions=(*cohort.occasions, occasion("fyra", added_at=NOW)))
        seats = dict.fromkeys(("ett", "två", "tre"), 2)
        assert quote(longer, {**seats, "fyra": 2}, {}) == quote(cohort, seats, {})


def test_lodging_at_a_cancelled_occasion_costs_nothing() -> None:
    shorter = with_occasion(COHORT, "tre", cancelled=True)
    assert quote(shorter, dict.fromkeys(("ett", "två", "tre"), 1), {"tre": 1}).total == 24_000


def test_what_is_free_says_so() -> None:
    assert quote(FREE, {"fika": 7}, {}).in_words().message == "Free of charge"


def test_a_programme_with_only_a_package_price_charges_it() -> None:
    assert quote(replace(SINGLE, prices=Prices(package=3_000)), dict.fromkeys(IDS, 2), {}).total == 6_000


@given(counts)
def test_the_package_never_costs_more_than_single_days(seats: dict[str, int]) -> None:
    assert price(seats) <= 1_200 * sum(seats.values())


@given(counts, st.integers(0, 6))
def test_an_added_meeting_never_makes_what_was_booked_before_dearer(seats: dict[str, int], there: int) -> None:
    assert quote(ADDED, seats, {}).total <= price(seats)
    assert 0 <= quote(ADDED, {**seats, "d": there}, {}).total - price(seats) <= 1_200 * there


@given(counts, st.sampled_from(IDS))
def test_one_seat_more_costs_between_nothing_and_a_single_day(seats: dict[str, int], id: str) -> None:
    more = price({**seats, id: seats[id] + 1}) - price(seats)
    assert 0 <= more <= 1_200


@given(counts, counts)
def test_what_two_organisations_pay_apart_is_never_less_than_together(
    one: dict[str, int], other: dict[str, int]
) -> None:
    together = {id: one[id] + other[id] for id in IDS}
    assert price(together) <= price(one) + price(other)


@given(counts)
def test_the_sum_in_words_is_the_total(seats: dict[str, int]) -> None:
    made = quote(SINGLE, seats, {})
    if made.total:
        written = made.in_words().values["sum"]
        assert isinstance(written, Sum)
        assert sum(count * each for count, each in written.terms) == made.total


def test_cancelling_is_free_until_the_last_free_minute_and_then_half() -> None:
    from datetime import timedelta

    assert fee(SINGLE, (seat("a"),), LATE - timedelta(microseconds=1)) == 0
    assert fee(SINGLE, (seat("a"),), LATE) == 600


def test_cancelling_costs_only_for_what_is_late_and_confirmed() -> None:
    assert fee(SINGLE, (seat("a"), seat("b")), LATE) == 600
    assert fee(SINGLE, (seat("a", SeatState.WAITING),), LATE) == 0
    assert fee(SINGLE, (seat("a", SeatState.OFFERED),), LATE) == 0


def test_without_a_rule_cancelling_is_always_free() -> None:
    assert fee(FREE, (replace(seat("fika"), occasion="fika"),), FREE.occasions[0].starts_at) == 0
    assert fee(with_occasion(SINGLE, "a", free_until=None), (seat("a"),), SINGLE.occasions[0].ends_at) == 0
