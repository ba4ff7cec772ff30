"""Wall-clock times over ten years of clock changes: no occurrence is doubled, missed or on another day."""

# ruff: noqa: DTZ001 - what a wall clock shows has no zone

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import times

ZONES = ("Europe/Stockholm", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe")  # the last moves half an hour
HALF_HOURS = tuple(time(n // 2, n % 2 * 30) for n in range(48))
FIRST, YEARS = date(2026, 1, 1), 10
_MINUTE = timedelta(minutes=1)

Rule = Callable[[date, time, str], datetime]


def what_clocks_show(zone: str) -> tuple[dict[datetime, datetime], list[datetime]]:
    """An independent rule: walk through the changes of the zone, found by bisection over UTC.

    Gives wall time → instant for every wall time within three days of a change, and the changes themselves.
    """
    place, end = ZoneInfo(zone), datetime(FIRST.year + YEARS, 1, 2, tzinfo=UTC)
    moment, changes = datetime(FIRST.year, 1, 1, tzinfo=UTC), []
    while moment < end:
        later = moment + timedelta(days=1)
        if moment.astimezone(place).utcoffset() != later.astimezone(place).utcoffset():
            low, high = moment, later
            while high - low > _MINUTE:
                middle = low + (high - low) // 2 // _MINUTE * _MINUTE
                same = middle.astimezone(place).utcoffset() == low.astimezone(place).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            changes.append(high)
        moment = later
    shown: dict[datetime, datetime] = {}
    for change in changes:
        for n in range(-3 * 24 * 4, 3 * 24 * 4):
            instant = change + timedelta(minutes=15 * n)
            wall = instant.astimezone(place).replace(tzinfo=None)
            shown.setdefault(wall, instant)  # the first, where the clock shows it twice
    return shown, changes


def mistakes(rule: Rule, zone: str) -> list[str]:
    """What the rule gets wrong: every half hour of every day near a change, and each day's noon elsewhere."""
    shown, changes = what_clocks_show(zone)
    near = {(change.date() + timedelta(days=n)) for change in changes for n in (-1, 0, 1)}
    place, found, last = ZoneInfo(zone), [], datetime.min.replace(tzinfo=UTC)
    for n in range(YEARS * 365):
        day = FIRST + timedelta(days=n)
        for at in HALF_HOURS if day in near else HALF_HOURS[::8]:
            wall = datetime.combine(day, at)
            given = rule(day, at, zone)
            if given.astimezone(place).date() != day:
                found.append(f"wrong day: {wall} → {given}")
            if given < last:
                found.append(f"out of order: {wall} → {given}")
            if day in near:
                right = shown.get(wall) or next(change for change in changes if change > given - timedelta(hours=2))
                if given != right:
                    found.append(f"{wall} → {given}, not {right}")
            elif given.astimezone(place).replace(tzinfo=None) != wall:
                found.append(f"another time: {wall} → {given}")
            last = given
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_of_half_hours_have_no_double_no_missed_and_no_wrong_day(zone: str) -> None:
    assert mistakes(times.instant, zone) == []


def naive(day: date, at: time, zone: str) -> datetime:
    """What is often written: the wall clock of the zone, with whatever offset it happens to have."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def fixed_offset(day: date, at: time, zone: str) -> datetime:
    """What is written by those who do not know better: the offset of the first of January."""
    offset = datetime(day.year, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return datetime.combine(day, at, tzinfo=UTC) - offset


@pytest.mark.parametrize("rule", [naive, fixed_offset])
def test_the_check_catches_naive_rules(rule: Rule) -> None:
    assert len(mistakes(rule, "Europe/Stockholm")) >= 20


def test_a_time_in_the_gap_is_the_first_instant_after_it() -> None:
    assert times.instant(date(2027, 3, 28), time(2, 30), "Europe/Stockholm") == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    assert times.instant(date(2027, 10, 31), time(2, 30), "Europe/Stockholm") == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_local_and_back_is_the_same_instant_or_its_earlier_twin(moment: datetime, zone: str) -> None:
    wall = times.local(moment, zone)
    again = times.instant(wall.date(), wall.time(), zone)
    assert again in (moment, moment - timedelta(hours=1), moment - timedelta(minutes=30))
