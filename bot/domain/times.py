"""Wall-clock times of a programme turned into instants, also on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME_ZONE = "Europe/Stockholm"
"""Of somebody whose zone nobody knows (IANA): the same clock as in Oslo."""


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall-clock time.

    A time that does not exist (spring) gives the first instant after the gap; one that exists twice (autumn)
    gives the first.
    """
    place = ZoneInfo(zone)
    wall = datetime.combine(day, at, tzinfo=place)
    there_and_back = wall.astimezone(UTC).astimezone(place)
    if there_and_back.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return wall.astimezone(UTC)
    return _end_of_gap(wall)


def _end_of_gap(wall: datetime) -> datetime:
    """The instant at which the clock jumped over `wall`, to the second.

    In a gap, fold=0 reads the time with the offset in force before it and fold=1 with the one after it;
    the jump lies between the two readings.
    """
    place = wall.tzinfo
    early, late = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    before = early.astimezone(place).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def local(moment: datetime, zone: str) -> datetime:
    """`moment` as the wall clock of `zone` shows it."""
    return moment.astimezone(ZoneInfo(zone))
