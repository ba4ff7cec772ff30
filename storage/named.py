"""Participants who are only named: on seats that others booked for them, before they have been here themselves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from bot.domain.people import Person
from bot.domain.values import dataclass
from storage.guests import Guests
from storage.tables import seats

_NAMED = seats.c.person.is_(None) & ((seats.c.name != "") | (seats.c.email != ""))


@dataclass(frozen=True, slots=True)
class Named:
    """A name with its address, and one of the seats on which they stand."""

    seat: str
    name: str
    email: str


class OnlyNamed:
    """Whoever stands on seats without a person behind them: the same name with the same address is one."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def called(self, text: str) -> tuple[Named, ...]:
        """Those whose name or address has this in it, whatever its case; by their names."""
        rows = self._connection.execute(select(seats).where(_NAMED).order_by(seats.c.name, seats.c.id)).all()
        first = {(row.name, row.email): row.id for row in reversed(rows)}
        wanted = text.casefold()
        found = (Named(seat, *who) for who, seat in reversed(first.items()))
        return tuple(one for one in found if wanted in one.name.casefold() or wanted in one.email.casefold())

    def seats(self, seat: str) -> tuple[Mapping[str, Any], ...]:
        """All that stands on the seats of whoever this one is booked for. Raises `LookupError`."""
        rows = self._connection.execute(select(seats).where(_like(self._one(seat))))
        return tuple(dict(row) for row in rows.mappings())

    def be_somebody(self, seat: str) -> str:
        """Let them be a person without an account, whose these seats are; the new id. Raises `LookupError`."""
        row = self._one(seat)
        person = Person(uuid.uuid4().hex, row.name, row.email)
        Guests(self._connection, self._now).add(person)
        self._connection.execute(update(seats).where(_like(row)).values(person=person.id))
        return person.id

    def _one(self, seat: str) -> Row[Any]:
        row = self._connection.execute(select(seats).where(seats.c.id == seat, _NAMED)).first()
        if row is None:
            raise LookupError(seat)
        return row


def _like(row: Row[Any]) -> ColumnElement[bool]:
    return and_(_NAMED, seats.c.name == row.name, seats.c.email == row.email)
