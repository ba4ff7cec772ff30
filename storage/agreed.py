"""The terms at which organisations have booked, kept where the programme's file has others since."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select

from bot.domain.programmes import Occasion, Programme
from storage.registrations import STANDING
from storage.tables import registrations, seats


def kept(connection: Connection, before: Programme, after: Programme) -> Programme:
    """`after`, in which whoever has, or waits for, a seat at the same meetings has the terms they were told.

    They pay the prices of their time, and can cancel free of charge for as long. The programme's occasions are
    locked, so that nobody books meanwhile.
    """
    known = {one.id: one for one in before.occasions}
    same = [one for one in after.occasions if one.id in known and _is_same(known[one.id], one, before, after)]
    agreed = {}
    if before.agreed or before.prices != after.prices:
        told = {key: before.priced_for(key).prices for key in _organisations(connection, after, same)}
        agreed = {key: prices for key, prices in told.items() if prices != after.prices}
    stricter = [one for one in same if _is_stricter(known[one.id], one)]
    held = _held(connection, after, stricter) if stricter else frozenset()
    as_told = {id: replace(after.occasion(id), free_until=known[id].free_until) for id in held}
    return replace(after, agreed=agreed, occasions=tuple(as_told.get(one.id, one) for one in after.occasions))


def _is_same(was: Occasion, now: Occasion, before: Programme, after: Programme) -> bool:
    """Whether people know it as the same meeting; the next edition may use its name for its file again."""
    return before.edition == after.edition or was.days == now.days


def _is_stricter(was: Occasion, now: Occasion) -> bool:
    """Whether giving a seat up begins to cost earlier, although it is on the same days."""
    if was.days != now.days or now.free_until is None:
        return False
    return was.free_until is None or now.free_until < was.free_until


def _organisations(connection: Connection, programme: Programme, meetings: list[Occasion]) -> tuple[str, ...]:
    """The keys of those with a seat at one of the meetings."""
    key = registrations.c.organisation_key
    found = select(key).join(seats, seats.c.registration == registrations.c.id)
    return tuple(connection.execute(found.where(_stands_at(programme, meetings)).distinct().order_by(key)).scalars())


def _held(connection: Connection, programme: Programme, meetings: list[Occasion]) -> frozenset[str]:
    """The ids of those of the meetings that anybody has a seat at."""
    found = select(seats.c.occasion).where(_stands_at(programme, meetings)).distinct()
    return frozenset(connection.execute(found).scalars())


def _stands_at(programme: Programme, meetings: list[Occasion]) -> ColumnElement[bool]:
    """The seats there that somebody has, waits for, or can still get back."""
    there = (seats.c.programme == programme.id) & seats.c.occasion.in_([one.id for one in meetings])
    return there & STANDING
