"""Figure 4: ten years of half hours in four zones: none comes twice, none is missed and none is on another day.

A rule gives the occurrences of one time of day; they are judged by a walk along UTC that only looks at the clocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from bot.domain import times

ZONES = ("Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/London")
HALF_HOURS = tuple(time(n // 2, n % 2 * 30) for n in range(48))
DAYS = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(3652))  # to the end of 2035
_STEP = timedelta(minutes=30)

Occurrence = tuple[date, datetime]  # the day that it is for, and when it comes
Rule = Callable[[time, str, Sequence[date]], Iterable[Occurrence]]


@cache
def clocks(zone: str) -> tuple[dict[datetime, datetime], dict[datetime, datetime]]:
    """What the clocks of a zone show at every half hour: instant → wall, and wall → the first instant that shows it."""
    place, moment = ZoneInfo(zone), datetime.combine(DAYS[0], time(0), tzinfo=UTC) - timedelta(days=2)
    shows, first = dict[datetime, datetime](), dict[datetime, datetime]()
    while moment.date() <= DAYS[-1] + timedelta(days=2):
        shows[moment] = wall = moment.astimezone(place).replace(tzinfo=None)
        first.setdefault(wall, moment)
        moment += _STEP
    return shows, first


def right(wall: datetime, zone: str) -> datetime:
    """When a wall-clock time comes: the first time the clocks show it, or the first that they show after jumping it."""
    _, first = clocks(zone)
    while wall not in first:
        wall += _STEP
    return first[wall]


def faults(
    rule: Rule, zone: str, *, days: Sequence[date] = DAYS, half_hours: Iterable[time] = HALF_HOURS
) -> Counter[str]:
    """How many days the rule serves twice, not at all, or at another time or on another day than it should."""
    found, (shows, first) = Counter[str](), clocks(zone)
    for at in half_hours:
        given = list(rule(at, zone, days))
        served = {day for day, _moment in given}
        found["double"] += len(given) - len(served)
        found["missed"] += len(set(days) - served)
        for day, moment in given:
            wall = datetime.combine(day, at)
            if first.get(wall) != moment and right(wall, zone) != moment:
                found["wrong day" if shows[moment].date() != day else "wrong time"] += 1
    return +found


def ours(at: time, zone: str, days: Sequence[date]) -> Iterable[Occurrence]:
    return ((day, times.instant(day, at, zone)) for day in days)


@pytest.mark.parametrize("zone", ZONES)
def test_each_of_ten_years_of_half_hours_comes_once_on_its_day_at_its_time(zone: str) -> None:
    assert len(DAYS) * len(HALF_HOURS) * len(ZONES) == 701_184
    assert faults(ours, zone) == {}


# --- The same check catches what is usually written -------------------------------------------------------------------


def a_day_later(at: time, zone: str, days: Sequence[date]) -> Iterable[Occurrence]:
    """The first one, and then always 24 hours more."""
    start = times.instant(days[0], at, zone)
    return ((day, start + timedelta(days=n)) for n, day in enumerate(days))


def clock_and_offset(at: time, zone: str, days: Sequence[date]) -> Iterable[Occurrence]:
    """The wall clock with whatever offset Python finds for it, also where the clocks never show it."""
    return ((day, datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)) for day in days)


def cron(at: time, zone: str, days: Sequence[date]) -> Iterable[Occurrence]:
    """Asking the scheduler's own cron rule for the next one, again and again."""
    trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=ZoneInfo(zone))
    moment = trigger.get_next_fire_time(None, datetime.combine(days[0], time(0), tzinfo=ZoneInfo(zone)))
    while moment.date() <= days[-1]:
        yield moment.date(), moment.astimezone(UTC)
        moment = trigger.get_next_fire_time(moment, moment)


def test_the_check_catches_counting_in_days_of_24_hours() -> None:
    found = faults(a_day_later, "Europe/Stockholm", half_hours=(time(9), time(23, 30)))
    assert found["wrong time"] > 2000  # an hour off all summer
    assert found["wrong day"] > 2000  # past midnight all summer


def test_the_check_catches_a_wall_clock_time_that_does_not_exist() -> None:
    assert faults(clock_and_offset, "Europe/Stockholm") == {"wrong time": 10}  # 02:30 on ten nights in March


@pytest.mark.parametrize(("at", "fault"), [(time(0, 30), "missed"), (time(2, 30), "double")])
def test_the_check_catches_a_cron_rule(at: time, fault: str) -> None:
    found = faults(cron, "Europe/Stockholm", days=DAYS[:731], half_hours=(at,))
    assert found[fault] >= 2
