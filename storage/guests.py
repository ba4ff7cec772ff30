"""Guests: persons who have no account anywhere, and answer by links of their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select

from bot.domain.people import Language, Person
from storage.portions import portions
from storage.tables import actors, people


class Guests:
    """The guests of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, guest: Person) -> None:
        """Store a new one."""
        row = {"id": guest.id, "name": guest.name, "email": guest.email, "language": guest.language.value}
        self._connection.execute(insert(people), {**row, "created_at": self._now})

    def among(self, persons: Collection[str]) -> tuple[Person, ...]:
        """Those of these persons who are guests, by name."""
        found: list[Person] = []
        for some in portions(persons):
            without_account = ~exists().where(actors.c.person == people.c.id)
            rows = self._connection.execute(select(people).where(people.c.id.in_(some), without_account))
            found.extend(Person(row.id, row.name, row.email, Language(row.language)) for row in rows)
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))
