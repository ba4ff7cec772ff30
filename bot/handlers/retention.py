"""Keeps what a programme's rule says for as long as it says, and no longer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.faq import COMMON
from bot.domain.programmes import KEPT, Programme
from bot.handlers.visit import Visit
from storage.inquiries import Inquiries
from storage.retention import Retention

ASKERS_KEPT = timedelta(days=30)
"""For so long it is known who asked a question, unless they still wait for an answer."""


def keep_the_rule(visit: Visit) -> None:
    """Let go of what is older than each programme keeps it."""
    for programme in visit.programmes.values():
        _of_programme(visit, programme)
    asked = Inquiries(visit.connection, visit.now)
    asked.forget_askers(visit.now - ASKERS_KEPT)
    asked.forget(COMMON, visit.now - timedelta(KEPT))


def _of_programme(visit: Visit, programme: Programme) -> None:
    kept = Retention(visit.connection)
    kept.forget_rounds(programme.id, visit.now - timedelta(programme.keep_answers))
    Inquiries(visit.connection, visit.now).forget(programme.id, visit.now - timedelta(programme.keep_answers))
    last = visit.now - timedelta(programme.keep_names)
    for occasion in programme.occasions:
        if occasion.ends_at < last:
            kept.forget_participants(programme.id, occasion.id)
    if programme.occasions and max(occasion.ends_at for occasion in programme.occasions) < last:
        kept.forget_programme(programme.id)
