"""Coaches: people from outside who follow the workshops of a programme, or of one organisation in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.tables import coaches
from storage.upsert import insert_or_ignore


class Coaches:
    """Who coaches what. An empty organisation key is the whole programme."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, programme: str, organisation_key: str, person: str) -> bool:
        """Let the person coach; False when they do already."""
        return insert_or_ignore(
            self._connection,
            coaches,
            programme=programme,
            organisation_key=organisation_key,
            person=person,
            appointed_at=self._now,
        )

    def remove(self, programme: str, organisation_key: str, person: str) -> bool:
        """The person coaches no longer; False when they did not."""
        rows = self._connection.execute(
            delete(coaches)
            .where(
                coaches.c.programme == programme,
                coaches.c.organisation_key == organisation_key,
                coaches.c.person == person,
            )
            .returning(coaches.c.person)
        )
        return rows.one_or_none() is not None

    def of_programme(self, programme: str) -> tuple[tuple[str, str], ...]:
        """(organisation key, person) of everybody who coaches there, in the order of appointment."""
        rows = self._connection.execute(
            select(coaches.c.organisation_key, coaches.c.person)
            .where(coaches.c.programme == programme)
            .order_by(coaches.c.appointed_at, coaches.c.person)
        )
        return tuple((row.organisation_key, row.person) for row in rows)

    def of_person(self, person: str) -> tuple[tuple[str, str], ...]:
        """(programme, organisation key) of what the person coaches."""
        rows = self._connection.execute(
            select(coaches.c.programme, coaches.c.organisation_key)
            .where(coaches.c.person == person)
            .order_by(coaches.c.appointed_at, coaches.c.programme, coaches.c.organisation_key)
        )
        return tuple((row.programme, row.organisation_key) for row in rows)
