"""Keeps what a programme's rule says for as long as it says, and no longer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.programmes import Programme
from bot.handlers.visit import Visit
from storage.retention import Retention


def keep_the_rule(visit: Visit) -> None:
    """Let go of what is older than each programme keeps it."""
    for programme in visit.programmes.values():
        _of_programme(visit, programme)


def _of_programme(visit: Visit, programme: Programme) -> None:
    kept = Retention(visit.connection)
    kept.forget_rounds(programme.id, visit.now - timedelta(programme.keep_answers))
    last = visit.now - timedelta(programme.keep_names)
    for occasion in programme.occasions:
        if occasion.ends_at < last:
            kept.forget_participants(programme.id, occasion.id)
    if programme.occasions and max(occasion.ends_at for occasion in programme.occasions) < last:
        kept.forget_programme(programme.id)
