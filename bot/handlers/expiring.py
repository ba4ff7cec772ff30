"""Warns administrators in good time before the secret expires by which the bot signs in to Teams."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.domain import times
from bot.domain.programmes import local_day
from bot.domain.times import HOME_ZONE
from bot.domain.workdays import Whereabouts, is_polite, next_polite
from bot.flows import expiring
from bot.handlers.permissions import administrators
from bot.handlers.visit import Visit

_THERE = Whereabouts.of(HOME_ZONE)
_AHEAD = (0, 1, 7, 30)
"""Days before a secret expires at which administrators are told, each once."""


def warn(visit: Visit) -> None:
    """Tell administrators, in working hours, when 30, 7 and 1 days are left, and when none is.

    Where nobody works on the day before it expires, they are told on the last day on which somebody does.
    """
    expires = visit.surroundings.teams_secret_expires
    if expires is None or not is_polite(visit.now, _THERE):
        return
    left = max((expires - local_day(visit.now, HOME_ZONE)).days, 0)
    pressing = min(left, 1) if expires <= _next_working_day(visit.now) else left
    stage = next((days for days in _AHEAD if pressing <= days), None)
    if stage is None:
        return
    for person in sorted(administrators(visit)):
        view = expiring.teams_secret(expires, left)
        visit.tell(person, view, key=f"secret:{expires.isoformat()}:{stage}:{person}")


def _next_working_day(now: datetime) -> date:
    tomorrow = times.instant(local_day(now, HOME_ZONE) + timedelta(days=1), time(), HOME_ZONE)
    return local_day(next_polite(tomorrow, _THERE), HOME_ZONE)
