"""Everybody who is registered for a programme, read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from bot.domain.participants import Booking
from bot.domain.registrations import Participant, Seat, SeatState
from storage.registrations import ACTIVE, MISSED, to_registration, to_seat
from storage.tables import people, registrations, seats

_LISTED = or_(
    *(seats.c.state == state for state in ACTIVE),
    seats.c.before_cancel == SeatState.CONFIRMED.value,
    MISSED,
)
"""Seats that somebody has or waits for, that somebody had and gave up, or was offered and did not answer in time."""

_NAME = func.coalesce(func.nullif(seats.c.name, ""), people.c.name, "")
_EMAIL = func.coalesce(func.nullif(seats.c.email, ""), people.c.email, "")
"""As it was written in the registration; else as the person is known."""


def bookings(connection: Connection, programme: str) -> tuple[Booking, ...]:
    """The programme's registrations in the order in which they were made."""
    taken: dict[str, list[Seat]] = {}
    for seat in _seats(connection, programme):
        taken.setdefault(seat.registration, []).append(seat)
    made = connection.execute(
        select(registrations, people.c.name, people.c.email)
        .join(people, people.c.id == registrations.c.made_by)
        .where(registrations.c.programme == programme)
        .order_by(registrations.c.created_at, registrations.c.id)
    )
    return tuple(_booking(row, tuple(taken.get(row.id, ()))) for row in made)


def _seats(connection: Connection, programme: str) -> Iterator[Seat]:
    """The seats, those that wait in the order of their list."""
    rows: Iterable[Row[Any]] = connection.execute(
        select(
            *(column for column in seats.c if column.name not in {"name", "email"}),
            _NAME.label("name"),
            _EMAIL.label("email"),
        )
        .outerjoin(people, people.c.id == seats.c.person)
        .where(seats.c.programme == programme, _LISTED)
        .order_by(seats.c.queued_at, seats.c.id)
    )
    waiting: Counter[str] = Counter()
    for row in rows:
        waits = row.state == SeatState.WAITING.value
        waiting[row.occasion] += waits
        yield to_seat(row, waiting[row.occasion] if waits else 0)


def _booking(row: Row[Any], taken: tuple[Seat, ...]) -> Booking:
    made_by = Participant(row.name, row.email, row.made_by)
    return Booking(to_registration(row, taken), made_by, row.created_at, row.prerequisite)
