"""How long a freed seat is kept for whoever is first in line."""

# ruff: noqa: DTZ001 - what a wall clock shows has no zone

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import times
from bot.domain.offers import offer_until
from bot.domain.workdays import day_off
from tests.flows.samples import ZONE, at

MEETING = date(2027, 2, 9)
STARTS = at(MEETING, 9, 30)


def until(*moment: int) -> datetime | None:
    year, month, day, hour, minute = moment
    end = offer_until(times.instant(date(year, month, day), time(hour, minute), ZONE), STARTS, ZONE)
    return end and times.local(end, ZONE).replace(tzinfo=None)


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
def test_an_offer_is_longer_than_a_day_and_a_night_only_by_days_off(now: datetime) -> None:
    end = offer_until(now, now + timedelta(days=60), ZONE)
    assert end is not None
    days = [times.local(now, ZONE).date() + timedelta(days=n) for n in range(8)]
    off = sum(bool(day_off(day, "SE")) for day in days if day <= times.local(end, ZONE).date())
    assert timedelta(hours=23) <= end - now <= timedelta(hours=37 + 24 * off)
    assert not day_off(times.local(end, ZONE).date(), "SE")


@pytest.mark.parametrize(
    ("offered", "ends"),
    [
        ((2027, 1, 22, 9, 30), datetime(2027, 1, 25, 9, 30)),  # a Friday: not the Saturday
        ((2027, 1, 23, 10, 0), datetime(2027, 1, 25, 10, 0)),  # a Saturday
        ((2027, 1, 22, 22, 0), datetime(2027, 1, 25, 8, 0)),  # that night, too
        ((2027, 1, 21, 9, 30), datetime(2027, 1, 22, 9, 30)),  # control: Thursday to Friday
        ((2026, 12, 23, 14, 0), datetime(2026, 12, 28, 14, 0)),  # Christmas, and a weekend after it
    ],
)
def test_nobody_loses_a_seat_on_a_day_off(offered: tuple[int, ...], ends: datetime) -> None:
    assert until(*offered) == ends


def test_a_meeting_after_the_weekend_does_not_wait_for_working_days() -> None:
    monday = at(date(2027, 1, 25), 9, 30)
    end = offer_until(times.instant(date(2027, 1, 22), time(9), ZONE), monday, ZONE)
    assert end == times.instant(date(2027, 1, 23), time(9), ZONE)
