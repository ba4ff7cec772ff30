"""When a nudge is due, and whether it is still of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain import times
from bot.domain.programmes import Occasion, Programme, local_day


@dataclass(frozen=True, slots=True)
class Rule:
    """A nudge relative to an occasion: so many days before its first day, at a wall-clock time."""

    name: str
    days_before: int
    at: time


DAY_BEFORE = Rule("day_before", 1, time(9))
"""The reminder on the day before, at 09:00 in the programme's zone."""

RULES = {rule.name: rule for rule in (DAY_BEFORE,)}


def due_at(rule: Rule, programme: Programme, occasion: Occasion) -> datetime:
    """The UTC instant at which the nudge is due."""
    day = local_day(occasion.starts_at, programme.zone) - timedelta(days=rule.days_before)
    return times.instant(day, rule.at, programme.zone)


def is_useful(rule: Rule, programme: Programme, occasion: Occasion, now: datetime) -> bool:
    """Whether the nudge still says something true.

    A reminder that says "tomorrow" is of no use on the day itself; one that comes late on the right day is.
    """
    if occasion.cancelled or now >= occasion.starts_at:
        return False
    days_left = (local_day(occasion.starts_at, programme.zone) - local_day(now, programme.zone)).days
    return days_left == rule.days_before or now < due_at(rule, programme, occasion)
