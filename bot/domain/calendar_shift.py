"""A programme moved in time as a whole: a sample brought up to date for the sandbox, or last year's for this one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import times
from bot.domain.programmes import Enrolment, Material, Occasion, Programme, Span, local_day

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
    return moved(programme, years * YEAR) if years else programme


def copied(programme: Programme, id: str, edition: str, days: int) -> Programme:
    """A new edition: a draft with every date so many days later, without the old links, nothing in it cancelled.

    The dates are only a proposal until the draft is published, and before that nothing is sent.
    """
    later_on = moved(programme, timedelta(days=days))
    occasions = tuple(_as_first_planned(one) for one in later_on.occasions)
    materials = tuple(_to_come(one) if one.occasion else one for one in later_on.materials)
    new = replace(later_on, id=id, edition=edition, occasions=occasions, filed=(), materials=materials)
    return replace(new, draft=True, closed=None, agreed={})


def _as_first_planned(occasion: Occasion) -> Occasion:
    return replace(occasion, link="", cancelled=False, sequence=0, added_at=None)


def _to_come(material: Material) -> Material:
    """What was said at the last edition's meetings is not what this one's will say."""
    return replace(material, url="", published=None, instead_of=None)


def moved(programme: Programme, by: timedelta) -> Programme:
    """The programme with all its dates that much later, at the same wall-clock times."""
    zone = programme.zone
    occasions = tuple(_occasion(occasion, by, zone) for occasion in programme.occasions)
    deadline = later(programme.deadline, by, zone) if programme.deadline else None
    dates = tuple(replace(date, at=later(date.at, by, zone)) for date in programme.dates)
    rules = tuple(replace(rule, on=rule.on + by) if rule.on else rule for rule in programme.chat_rules)
    return replace(programme, occasions=occasions, deadline=deadline, dates=dates, chat_rules=rules)


def _occasion(occasion: Occasion, by: timedelta, zone: str) -> Occasion:
    days = tuple(Span(later(day.starts_at, by, zone), later(day.ends_at, by, zone)) for day in occasion.days)
    free_until = later(occasion.free_until, by, zone) if occasion.free_until else None
    return replace(occasion, days=days, deadline=later(occasion.deadline, by, zone), free_until=free_until)


def later(moment: datetime, by: timedelta, zone: str) -> datetime:
    """The instant at which the wall clock shows the same time, `by` later."""
    wall = times.local(moment, zone)
    return times.instant(wall.date() + by, wall.time(), zone)
