"""Warns administrators in good time before the secret expires by which the bot signs in to Teams."""

from __future__ import annotations

from bot.domain.programmes import local_day
from bot.domain.times import HOME_ZONE
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import expiring
from bot.handlers.permissions import administrators
from bot.handlers.visit import Visit

_AHEAD = (0, 1, 7, 30)
"""Days before a secret expires at which administrators are told, each once."""


def warn(visit: Visit) -> None:
    """Tell administrators, in working hours, when 30, 7 and 1 days are left, and when none is."""
    expires = visit.surroundings.teams_secret_expires
    if expires is None or not is_polite(visit.now, Whereabouts.of(HOME_ZONE)):
        return
    left = max((expires - local_day(visit.now, HOME_ZONE)).days, 0)
    stage = next((days for days in _AHEAD if left <= days), None)
    if stage is None:
        return
    for person in sorted(administrators(visit)):
        view = expiring.teams_secret(expires, left)
        visit.tell(person, view, key=f"secret:{expires.isoformat()}:{stage}:{person}")
