"""Meetings that are added to an edition which people take part in already: since when, and who gets a seat there."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.domain.programmes import Enrolment, Occasion, Programme
from storage.people import People
from storage.registrations import STANDING
from storage.tables import seats


def dated(connection: Connection, before: Programme, after: Programme, now: datetime) -> Programme:
    """`after`, each of its occasions with when it was added, if anybody took part in the same edition by then."""
    if before.edition != after.edition:
        return replace(after, occasions=tuple(replace(one, added_at=None) for one in after.occasions))
    known = {one.id: one.added_at for one in before.occasions}
    joined = now if not before.draft and _is_joined(connection, before) else None
    occasions = tuple(replace(one, added_at=known.get(one.id, joined)) for one in after.occasions)
    return replace(after, occasions=occasions)


def _is_joined(connection: Connection, programme: Programme) -> bool:
    """Whether anybody has, or waits for, a seat at one of its meetings; what is left of others says nothing."""
    there = (seats.c.programme == programme.id, seats.c.occasion.in_([one.id for one in programme.occasions]))
    found = select(seats.c.id).where(*there, STANDING).limit(1)
    return connection.execute(found).first() is not None


def seat_cohort(connection: Connection, before: Programme, after: Programme, now: datetime) -> None:
    """Give everybody in a cohort a seat at what was added: one registers for it as a whole, and not again."""
    earlier = [one for one in before.occasions if not one.cancelled]
    if after.enrolment is not Enrolment.COHORT or not earlier:
        return
    like = next((one for one in earlier if one.ends_at > now), earlier[-1])
    known = {one.id for one in before.occasions}
    for one in after.occasions:
        if one.id not in known and one.added_at is not None:
            _copy(connection, after.id, one, like, now)


def _copy(connection: Connection, programme: str, added: Occasion, like: Occasion, now: datetime) -> None:
    """The seats of one occasion at another one; whether they stay the night there they have not said."""
    there = (seats.c.programme == programme, seats.c.occasion == like.id)
    held = select(seats).where(*there, STANDING).order_by(seats.c.id)
    persons = connection.execute(select(seats.c.person).where(*there, seats.c.person.is_not(None)).distinct()).scalars()
    staying = {None, *People(connection, now).staying(tuple(persons))}
    anew = {"occasion": added.id, "lodging": False, "sequence": 0, "changed_at": now}
    rows = [
        {**row, **anew, "id": uuid.uuid4().hex, "held_since": now if row["held_since"] else None}
        for row in connection.execute(held).mappings()
        if row["person"] in staying
    ]
    if rows:
        connection.execute(insert(seats), rows)
