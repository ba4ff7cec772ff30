"""When people may be written to: working days and hours where they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain import public_holidays, times
from bot.domain.values import dataclass

OPENS, CLOSES = time(8), time(17)
"""Working hours, by the wall clock of the one who is written to."""

_BEFORE_CLOSING = time(16)  # an hour in which to read it

_DAY = timedelta(days=1)
_COUNTRIES = {"Europe/Stockholm": "SE", "Europe/Oslo": "NO"}  # whose public holidays are known
_LONGEST_REST = 14  # days in a row that are no working days; no calendar has so many


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody works: an IANA zone, and the country (ISO 3166-1 alpha-2) whose public holidays they have."""

    zone: str
    country: str = ""

    @classmethod
    def of(cls, zone: str, organisation: str | None = None) -> Whereabouts:
        """From a zone and an organisation's key in the directory (SE-1281), whichever tells the country."""
        head = (organisation or "").partition("-")[0]
        return cls(zone, head if head in ("SE", "NO") else _COUNTRIES.get(zone, ""))


KNOWN = tuple(Whereabouts(zone, country) for zone, country in _COUNTRIES.items())
"""Where people have days off of their own."""


def day_off(day: date, country: str) -> str:
    """Why people are off on this day, in English; empty when they are not.

    Weekends, and public holidays with those that are taken as such by custom (Midsummer Eve, Christmas Eve).
    """
    return f"a {day:%A}" if day.weekday() >= 5 else _holidays(country, day.year).get(day, "")


_holidays = lru_cache(maxsize=64)(public_holidays.of)


def is_polite(moment: datetime, there: Whereabouts) -> bool:
    """Whether `moment` lies in working hours on a working day."""
    wall = times.local(moment, there.zone)
    return OPENS <= wall.time() < CLOSES and not day_off(wall.date(), there.country)


def next_polite(moment: datetime, there: Whereabouts) -> datetime:
    """The first instant from `moment` on at which somebody may be written to."""
    if is_polite(moment, there):
        return moment
    wall = times.local(moment, there.zone)
    day = wall.date() if wall.time() < OPENS else wall.date() + _DAY
    for _ in range(_LONGEST_REST):
        if not day_off(day, there.country):
            break
        day += _DAY
    return times.instant(day, OPENS, there.zone)


def last_polite(moment: datetime, there: Whereabouts) -> datetime:
    """The same wall-clock time on the last working day before `moment`, or on its own day when that is the evening."""
    wall = times.local(moment, there.zone)
    day = wall.date() if wall.time() >= CLOSES else wall.date() - _DAY
    for _ in range(_LONGEST_REST):
        if not day_off(day, there.country):
            break
        day -= _DAY
    return times.instant(day, min(max(wall.time(), OPENS), _BEFORE_CLOSING), there.zone)


def working_days_later(moment: datetime, days: int, zone: str) -> datetime:
    """So many working days after the first instant from `moment` on at which somebody works there, at the same time."""
    there = Whereabouts.of(zone)
    wall = times.local(next_polite(moment, there), zone)
    day = wall.date()
    for _ in range(days):
        day += _DAY
        while day_off(day, there.country):
            day += _DAY
    return times.instant(day, wall.time(), zone)
