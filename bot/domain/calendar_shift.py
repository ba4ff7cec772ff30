"""A sample programme moved forward in time, so that the sandbox always has something to register for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import times
from bot.domain.programmes import Enrolment, Occasion, Programme, Span, local_day

YEAR = timedelta(days=364)
"""A year of whole weeks: a Tuesday stays a Tuesday."""

NOTICE = timedelta(days=7)
"""How far ahead of today the first deadline lies at least."""


def shifted(programme: Programme, today: date) -> Programme:
    """The programme with every date moved by as many years of whole weeks as it takes to be open for a while.

    Weekdays and wall-clock times stay the same, also where summer time lies between. A closed programme, or one
    whose first deadline is at least a week ahead, comes back unchanged.
    """
    deadlines = [programme.deadline_of(occasion) for occasion in programme.occasions if not occasion.cancelled]
    if programme.enrolment is Enrolment.CLOSED or not deadlines:
        return programme
    behind = today + NOTICE - local_day(min(deadlines), programme.zone)
    years = max(0, -(-behind // YEAR))
    return _moved(programme, years * YEAR) if years else programme


def _moved(programme: Programme, by: timedelta) -> Programme:
    zone = programme.zone
    occasions = tuple(_occasion(occasion, by, zone) for occasion in programme.occasions)
    deadline = _later(programme.deadline, by, zone) if programme.deadline else None
    return replace(programme, occasions=occasions, deadline=deadline)


def _occasion(occasion: Occasion, by: timedelta, zone: str) -> Occasion:
    days = tuple(Span(_later(day.starts_at, by, zone), _later(day.ends_at, by, zone)) for day in occasion.days)
    free_until = _later(occasion.free_until, by, zone) if occasion.free_until else None
    return replace(occasion, days=days, deadline=_later(occasion.deadline, by, zone), free_until=free_until)


def _later(moment: datetime, by: timedelta, zone: str) -> datetime:
    """The instant at which the wall clock shows the same time, `by` later."""
    wall = times.local(moment, zone)
    return times.instant(wall.date() + by, wall.time(), zone)
