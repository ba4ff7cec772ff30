"""Who takes part in an occasion, asked for many people at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, union

from bot.domain.registrations import Seat, SeatState
from storage.portions import portions
from storage.prepared import Prepared
from storage.registrations import ACTIVE, to_seat
from storage.tables import contacts, people, registrations, seats

_PARTICIPANTS = Prepared(
    select(seats.c.person).where(
        seats.c.programme == bindparam("programme"),
        seats.c.occasion == bindparam("occasion"),
        seats.c.state == SeatState.CONFIRMED.value,
        seats.c.person.is_not(None),
        seats.c.held_since <= bindparam("by"),
    )
)


class Attendance:
    """The seats of an occasion, for those who write to everybody there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def participants(self, programme: str, occasion: str, by: datetime) -> tuple[str, ...]:
        """The persons who had a confirmed seat at an occasion by then, and have it still."""
        rows = _PARTICIPANTS.all(self._connection, programme=programme, occasion=occasion, by=by)
        return tuple(row.person for row in rows)

    def holders(self, programme: str, occasion: str) -> frozenset[str]:
        """The persons who have, or wait for, a seat at an occasion."""
        here = (seats.c.programme == programme, seats.c.occasion == occasion, seats.c.person.is_not(None))
        return frozenset(
            self._connection.execute(select(seats.c.person).where(*here, seats.c.state.in_(ACTIVE))).scalars()
        )

    def absentees(self, programme: str, occasion: str, since: datetime) -> tuple[str, ...]:
        """The persons who waited for a seat at an occasion, or gave up a sure one since then, and have none now."""
        here = (seats.c.programme == programme, seats.c.occasion == occasion, seats.c.person.is_not(None))
        gave_up = (
            seats.c.state.in_((SeatState.CANCELLED.value, SeatState.RELEASED.value))
            & (seats.c.before_cancel == SeatState.CONFIRMED.value)
            & (seats.c.changed_at >= since)
        )
        in_vain = seats.c.state.in_((SeatState.WAITING.value, SeatState.OFFERED.value))
        wanted = select(seats.c.person).where(*here, or_(gave_up, in_vain))
        there = select(seats.c.person).where(*here, seats.c.state == SeatState.CONFIRMED.value)
        rows = self._connection.execute(wanted.where(seats.c.person.not_in(there)).distinct().order_by(seats.c.person))
        return tuple(rows.scalars())

    def programmes_of(self, person: str) -> frozenset[str]:
        """The programmes in which the person has a confirmed seat."""
        rows = self._connection.execute(
            select(seats.c.programme)
            .distinct()
            .where(seats.c.person == person, seats.c.state == SeatState.CONFIRMED.value)
        )
        return frozenset(rows.scalars())

    def seats_of(self, programme: str, occasion: str, persons: Collection[str]) -> Mapping[str, Seat]:
        """Person → confirmed seat at an occasion, for those of the persons who have one."""
        found: dict[str, Seat] = {}
        for some in portions(persons):
            rows = self._connection.execute(
                select(seats).where(
                    seats.c.programme == programme,
                    seats.c.occasion == occasion,
                    seats.c.state == SeatState.CONFIRMED.value,
                    seats.c.person.in_(some),
                )
            )
            found.update((row.person, to_seat(row)) for row in rows)
        return found

    def contacts(self, programme: str, occasions: Collection[str]) -> tuple[str, ...]:
        """Those who look after an organisation's seats at one of the occasions: by booking them, or by appointment."""
        held = select(registrations.c.made_by, registrations.c.organisation_key).where(
            registrations.c.programme == programme,
            select(seats.c.id)
            .where(
                seats.c.registration == registrations.c.id,
                seats.c.state.in_(ACTIVE),
                seats.c.occasion.in_(occasions),
            )
            .exists(),
        )
        booked = held.subquery()
        appointed = select(contacts.c.person).where(
            contacts.c.programme == programme, contacts.c.organisation_key.in_(select(booked.c.organisation_key))
        )
        rows = self._connection.execute(union(select(booked.c.made_by), appointed)).scalars()
        return tuple(sorted(rows))

    def nameless(self, programme: str, occasion: str) -> Mapping[str, int]:
        """Registrant → confirmed seats at an occasion that nobody has been named for."""
        rows = self._connection.execute(
            select(registrations.c.made_by, func.count().label("n"))
            .join(seats, seats.c.registration == registrations.c.id)
            .where(
                seats.c.programme == programme,
                seats.c.occasion == occasion,
                seats.c.state == SeatState.CONFIRMED.value,
                seats.c.name == "",
            )
            .group_by(registrations.c.made_by)
        )
        return {row.made_by: row.n for row in rows}

    def unclaimed(self, programme: str, occasion: str) -> tuple[str, ...]:
        """The names on confirmed seats of people who are known in no workspace: nothing can be sent there."""
        rows = self._connection.execute(
            select(seats.c.name)
            .where(
                seats.c.programme == programme,
                seats.c.occasion == occasion,
                seats.c.state == SeatState.CONFIRMED.value,
                seats.c.name != "",
                seats.c.person.is_(None),
            )
            .order_by(seats.c.name)
        )
        return tuple(row.name for row in rows)

    def confirmed(self, programme: str, occasion: str) -> int:
        """How many seats at an occasion are confirmed."""
        return self._connection.execute(
            select(func.count()).where(
                seats.c.programme == programme,
                seats.c.occasion == occasion,
                seats.c.state == SeatState.CONFIRMED.value,
            )
        ).scalar_one()

    def changed_at(self, programme: str, occasion: str) -> datetime | None:
        """When a seat at an occasion last changed; None when there is none."""
        last: datetime | None = self._connection.execute(
            select(func.max(seats.c.changed_at)).where(seats.c.programme == programme, seats.c.occasion == occasion)
        ).scalar()
        return last

    def people(self) -> Mapping[str, str]:
        """Person → name, of everybody with a confirmed seat somewhere."""
        rows = self._connection.execute(
            select(people.c.id, people.c.name)
            .distinct()
            .join(seats, seats.c.person == people.c.id)
            .where(seats.c.state == SeatState.CONFIRMED.value)
        )
        return {row.id: row.name for row in rows}
