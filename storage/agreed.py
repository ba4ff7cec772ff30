"""The prices at which organisations have booked, kept where the programme's file has others since."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from bot.domain.programmes import Programme
from bot.domain.registrations import SeatState
from storage.tables import registrations, seats


def kept(connection: Connection, before: Programme, after: Programme) -> Programme:
    """`after`, in which whoever has, or waits for, a seat in the same edition pays what they were told.

    The programme's occasions are locked, so that nobody books meanwhile.
    """
    if before.edition != after.edition or (before.prices == after.prices and not before.agreed):
        return replace(after, agreed={})
    told = {key: before.priced_for(key).prices for key in _organisations(connection, after)}
    return replace(after, agreed={key: prices for key, prices in told.items() if prices != after.prices})


def _organisations(connection: Connection, programme: Programme) -> tuple[str, ...]:
    """The keys of those with a seat at one of its meetings, also one that they can still take back."""
    there = (seats.c.programme == programme.id, seats.c.occasion.in_([one.id for one in programme.occasions]))
    key = registrations.c.organisation_key
    found = select(key).join(seats, seats.c.registration == registrations.c.id)
    rows = connection.execute(found.where(*there, seats.c.state != SeatState.RELEASED.value).distinct().order_by(key))
    return tuple(rows.scalars())
