"""Keeps what a programme's rule says for as long as it says, and no longer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.faq import COMMON
from bot.domain.people import Person
from bot.domain.programmes import KEPT, Programme
from bot.handlers import my_data
from bot.handlers.visit import Visit
from storage.groups import Groups
from storage.guests import Guests
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
        forget_guests(visit, programme)
        kept.forget_programme(programme.id)


# --- Guests -----------------------------------------------------------------------------------------------------------


def forget_guests(visit: Visit, programme: Programme) -> None:
    """Erase those whom nothing but this programme has brought here: without an account, nobody else would."""
    for guest in guests(visit, programme):
        my_data.erase(visit, guest.id)


def guests(visit: Visit, programme: Programme) -> tuple[Person, ...]:
    """Those who are guests here and take part in nothing else."""
    groups = Groups(visit.connection, visit.now)
    here = Guests(visit.connection, visit.now).among(groups.people_of_programme(programme.id))
    if not here:
        return ()
    elsewhere = {who for id in visit.programmes if id != programme.id for who in groups.people_of_programme(id)}
    return tuple(guest for guest in here if guest.id not in elsewhere)
