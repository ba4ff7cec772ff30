"""Who is in a programme for the same organisation."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.registrations import ACTIVE
from storage.tables import registrations, seats


def colleagues(connection: Connection, programme: str, organisation_key: str) -> tuple[str, ...]:
    """The persons who registered for the organisation or sit on one of its seats, the earliest first."""
    theirs = (seats.c.registration == registrations.c.id) & seats.c.state.in_(ACTIVE)
    rows = connection.execute(
        select(registrations.c.made_by, seats.c.person)
        .outerjoin(seats, theirs)
        .where(registrations.c.programme == programme, registrations.c.organisation_key == organisation_key)
        .order_by(registrations.c.created_at, registrations.c.id, seats.c.changed_at, seats.c.id)
    )
    return tuple(dict.fromkeys(person for row in rows for person in row if person))
