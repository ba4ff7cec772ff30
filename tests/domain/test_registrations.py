"""The check digit of a GLN, how long a freed seat is kept for somebody, and who gets one that is added."""

# ruff: noqa: DTZ001 - what a wall clock shows has no zone

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import times
from bot.domain.registrations import (
    Participant,
    Registration,
    Seat,
    SeatState,
    gln_is_valid,
    offer_until,
    takes_added,
)
from tests.flows.samples import GLN, ZONE, at

MEETING = date(2027, 2, 9)
STARTS = at(MEETING, 9, 30)


def until(*moment: int) -> datetime | None:
    year, month, day, hour, minute = moment
    end = offer_until(times.instant(date(year, month, day), time(hour, minute), ZONE), STARTS, ZONE)
    return end and times.local(end, ZONE).replace(tzinfo=None)


@pytest.mark.parametrize("typed", [GLN, "7381 0351 6000 0", "4012345000009"])
def test_a_right_gln_is_taken_with_or_without_blanks(typed: str) -> None:
    assert gln_is_valid(typed)


@pytest.mark.parametrize("typed", ["", "7381035160001", "738103516000", "73810351600006", "738103516000x", "७" * 13])
def test_a_wrong_gln_is_not(typed: str) -> None:
    assert not gln_is_valid(typed)


@given(st.integers(0, 12), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(place: int, by: int) -> None:
    wrong = str((int(GLN[place]) + by) % 10)
    assert not gln_is_valid(GLN[:place] + wrong + GLN[place + 1 :])


def test_an_offer_lasts_a_day_normally() -> None:
    assert until(2027, 1, 20, 14, 0) == datetime(2027, 1, 21, 14, 0)


def test_an_offer_that_would_end_at_night_ends_in_the_morning() -> None:
    assert until(2027, 1, 20, 23, 15) == datetime(2027, 1, 22, 8, 0)
    assert until(2027, 1, 20, 3, 15) == datetime(2027, 1, 21, 8, 0)


def test_on_the_day_before_it_lasts_two_hours_of_the_day() -> None:
    assert until(2027, 2, 8, 14, 0) == datetime(2027, 2, 8, 16, 0)
    assert until(2027, 2, 8, 20, 0) == datetime(2027, 2, 9, 9, 0)
    assert until(2027, 2, 8, 6, 0) == datetime(2027, 2, 8, 10, 0)


def test_on_the_day_itself_half_an_hour_and_never_beyond_the_start() -> None:
    assert until(2027, 2, 9, 8, 15) == datetime(2027, 2, 9, 8, 45)
    assert until(2027, 2, 9, 9, 15) == datetime(2027, 2, 9, 9, 30)
    assert until(2027, 2, 9, 9, 30) is None
    assert until(2027, 2, 9, 12, 0) is None


@given(st.integers(0, 60 * 24 * 90))
def test_no_offer_ends_at_night_or_in_the_past_or_after_the_start(minutes: int) -> None:
    now = STARTS - timedelta(minutes=minutes + 1)
    end = offer_until(now, STARTS, ZONE)
    assert end is not None
    assert now < end <= STARTS
    assert time(8) <= times.local(end, ZONE).time() <= time(21)


@given(st.datetimes(datetime(2027, 3, 20), datetime(2027, 11, 5), timezones=st.just(UTC)))
def test_an_offer_is_never_longer_than_a_day_and_a_night(now: datetime) -> None:
    end = offer_until(now, now + timedelta(days=60), ZONE)
    assert end is not None
    assert timedelta(hours=23) <= end - now <= timedelta(hours=36)


ANNA, BO, CIA = (Participant(name, "", name.lower()) for name in ("Anna", "Bo", "Cia"))
BO_WRITTEN_OTHERWISE = Participant("Bo Ek", "bo@lund.se", "bo")
STRANGER, NOBODY = Participant("Dag", "dag@lund.se"), Participant()


@pytest.mark.parametrize(
    ("sitting", "taking"),
    [
        ((BO, ANNA), ANNA),  # she made the registration
        ((BO,), BO),
        ((BO, BO_WRITTEN_OTHERWISE), BO_WRITTEN_OTHERWISE),
        ((STRANGER,), STRANGER),
        ((BO, CIA), NOBODY),
        ((BO, NOBODY), NOBODY),
        ((NOBODY, NOBODY), NOBODY),
    ],
)
def test_an_added_seat_is_the_makers_or_the_only_participants(
    sitting: tuple[Participant, ...], taking: Participant
) -> None:
    active = tuple(Seat(f"s{n}", "r", "p", "a", one, SeatState.CONFIRMED) for n, one in enumerate(sitting))
    gone = Seat("s9", "r", "p", "a", ANNA, SeatState.RELEASED)
    seats = active if ANNA in sitting else (gone, *active)
    assert takes_added(Registration("r", "p", "Lund", "SE-1281", "anna", seats)) == taking
