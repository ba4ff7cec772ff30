"""Who has which post: coordinators, those who stand in for them, and the contacts of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, literal_column, select, update

from bot.domain.people import Role
from bot.domain.values import dataclass
from storage.tables import answerers, contacts, people
from storage.upsert import insert_or_ignore

_APPOINTED = people.c.role != literal_column(f"'{Role.PARTICIPANT.value}'")
"""In the very words of the partial index, without which every look at who has a role would read all people."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a post, as far as writing to them at the right time needs it."""

    id: str
    name: str
    role: Role
    zone: str  # IANA name, or nothing
    organisation: str  # key in the directory, or nothing
    away_until: datetime | None
    deputy: str  # person id, or nothing


class Posts:
    """The posts of the whole deployment."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def colleague(self, person: str) -> Colleague | None:
        row = self._connection.execute(select(people).where(people.c.id == person)).one_or_none()
        return None if row is None else _colleague(row)

    def appointed(self) -> tuple[Colleague, ...]:
        """Everybody with a role, by name."""
        rows = self._connection.execute(select(people).where(_APPOINTED).order_by(people.c.name, people.c.id))
        return tuple(_colleague(row) for row in rows)

    def stands_in_for(self, person: str) -> tuple[Colleague, ...]:
        """The ones with a role whose deputy this person is."""
        rows = self._connection.execute(select(people).where(_APPOINTED, people.c.deputy == person))
        return tuple(_colleague(row) for row in rows)

    def set_deputy(self, person: str, deputy: str) -> None:
        """Let somebody, or nobody, stand in for the person."""
        self._connection.execute(update(people).where(people.c.id == person).values(deputy=deputy))

    def leave(self, person: str, until: datetime) -> None:
        """The person is away until then."""
        self._connection.execute(update(people).where(people.c.id == person).values(away_until=until))

    def came_back(self, person: str) -> bool:
        """The person is here again; False when they were not away."""
        rows = self._connection.execute(
            update(people)
            .where(people.c.id == person, people.c.away_until.is_not(None))
            .values(away_until=None)
            .returning(people.c.id)
        )
        return rows.one_or_none() is not None

    def returning(self) -> tuple[Colleague, ...]:
        """Those whose time away has run out."""
        over = people.c.away_until.is_not(None) & (people.c.away_until <= self._now)  # as the partial index says it
        rows = self._connection.execute(select(people).where(over).order_by(people.c.away_until, people.c.id))
        return tuple(_colleague(row) for row in rows)

    # Contacts of organisations

    def add_contact(self, programme: str, organisation_key: str, person: str) -> bool:
        """Make the person a contact of the organisation in the programme; False when they were already."""
        return insert_or_ignore(
            self._connection,
            contacts,
            programme=programme,
            organisation_key=organisation_key,
            person=person,
            appointed_at=self._now,
        )

    def remove_contact(self, programme: str, organisation_key: str, person: str) -> bool:
        """The person is no longer a contact; False when they were not."""
        rows = self._connection.execute(
            delete(contacts)
            .where(
                contacts.c.programme == programme,
                contacts.c.organisation_key == organisation_key,
                contacts.c.person == person,
            )
            .returning(contacts.c.person)
        )
        return rows.one_or_none() is not None

    def contacts(self) -> Sequence[tuple[str, str, Colleague]]:
        """(programme, organisation key, person) of every contact, in this order."""
        rows = self._connection.execute(
            select(contacts.c.programme, contacts.c.organisation_key, people)
            .join(people, people.c.id == contacts.c.person)
            .order_by(contacts.c.programme, contacts.c.organisation_key, people.c.name)
        )
        return [(row.programme, row.organisation_key, _colleague(row)) for row in rows]

    def contacts_of(self, programme: str, organisation_key: str) -> tuple[str, ...]:
        """The persons who are the organisation's contacts in the programme."""
        rows = self._connection.execute(
            select(contacts.c.person)
            .where(contacts.c.programme == programme, contacts.c.organisation_key == organisation_key)
            .order_by(contacts.c.appointed_at)
        )
        return tuple(rows.scalars())

    # Contacts whom a programme's file names

    def add_answerer(self, programme: str, contact: str, person: str) -> bool:
        """Let the person answer as the contact of this name; False when they do already."""
        return insert_or_ignore(
            self._connection,
            answerers,
            programme=programme,
            contact=contact,
            person=person,
            appointed_at=self._now,
        )

    def remove_answerer(self, programme: str, contact: str, person: str) -> bool:
        """The person no longer answers as this contact; False when they did not."""
        rows = self._connection.execute(
            delete(answerers)
            .where(
                answerers.c.programme == programme,
                answerers.c.contact == contact,
                answerers.c.person == person,
            )
            .returning(answerers.c.person)
        )
        return rows.one_or_none() is not None

    def answerers(self, programme: str) -> Sequence[tuple[str, Colleague]]:
        """(name in the programme's file, person) of everybody who answers as a contact there, in this order."""
        rows = self._connection.execute(
            select(answerers.c.contact, people)
            .join(people, people.c.id == answerers.c.person)
            .where(answerers.c.programme == programme)
            .order_by(answerers.c.contact, people.c.name)
        )
        return [(row.contact, _colleague(row)) for row in rows]


def _colleague(row: Row[Any]) -> Colleague:
    return Colleague(row.id, row.name, Role(row.role), row.zone, row.organisation, row.away_until, row.deputy)
