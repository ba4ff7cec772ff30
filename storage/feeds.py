"""Calendar subscriptions: which link is in force, and what a person's calendar is made of."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from bot.domain.people import Language
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.values import dataclass
from storage.registrations import ACTIVE
from storage.tables import feeds, people, programmes, seats
from storage.upsert import insert_or_ignore

KEPT = timedelta(days=30)
"""How long a seat that was given up still shows as withdrawn. A calendar that only adds and changes would otherwise
keep it for ever, and one that is asked about less than once a month is nobody's."""


def of_person(id: str) -> str:
    """The owner of a person's calendar."""
    return f"person:{id}"


def of_programme(id: str) -> str:
    """The owner of a programme's calendar."""
    return f"programme:{id}"


@dataclass(frozen=True, slots=True)
class Sat:
    """A seat as far as a calendar needs it, and when it or its programme last changed (UTC)."""

    seat: Seat
    changed_at: datetime


class Feeds:
    """The links that have been given out. Each generation has a link of its own, and only the last one opens."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def generation(self, owner: str) -> int:
        """The generation in force, counted from 1; 0 where nobody has asked for a link yet."""
        found: int | None = self._connection.execute(
            select(feeds.c.generation).where(feeds.c.owner == owner)
        ).scalar_one_or_none()
        return found or 0

    def give_out(self, owner: str) -> int:
        """The generation of the owner's link, which exists from the first time somebody asks for it."""
        insert_or_ignore(self._connection, feeds, owner=owner, generation=1)
        return self.generation(owner)

    def revoke(self, owner: str) -> None:
        """Close every link that was given out; the next one is nobody's until it is given out in turn."""
        self._connection.execute(update(feeds).where(feeds.c.owner == owner).values(generation=feeds.c.generation + 1))

    def language(self, person: str) -> Language | None:
        """What the person reads; None when they are no longer here."""
        found = self._connection.execute(select(people.c.language).where(people.c.id == person)).scalar_one_or_none()
        return Language(found) if found else None

    def seats(self, person: str) -> tuple[Sat, ...]:
        """Where the person sits or waits, and what they lately gave up."""
        rows = self._connection.execute(
            select(seats, programmes.c.loaded_at)
            .join(programmes, programmes.c.id == seats.c.programme)
            .where(
                seats.c.person == person,
                or_(seats.c.state.in_(ACTIVE), seats.c.changed_at > self._now - KEPT),
            )
        )
        return tuple(
            Sat(
                Seat(
                    id=row.id,
                    registration=row.registration,
                    programme=row.programme,
                    occasion=row.occasion,
                    participant=Participant(row.name, row.email, person),
                    state=SeatState(row.state),
                    sequence=row.sequence,
                ),
                max(row.changed_at, row.loaded_at),
            )
            for row in rows
        )

    def loaded_at(self, programme: str) -> datetime | None:
        """When the programme last changed (UTC); None when there is no such programme."""
        found: datetime | None = self._connection.execute(
            select(programmes.c.loaded_at).where(programmes.c.id == programme)
        ).scalar_one_or_none()
        return found
