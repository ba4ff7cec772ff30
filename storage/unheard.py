"""Persons whom nothing keeps any more: they take part in nothing, have no post, and have not been heard of for long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, literal_column, or_, select

from bot.domain.people import Role
from storage.prepared import Prepared
from storage.tables import (
    actors,
    answerers,
    askers,
    awaited,
    challenges,
    coaches,
    contacts,
    handovers,
    members,
    misses,
    newcomers,
    note_takers,
    people,
    plan_rows,
    reflections,
    registrations,
    seats,
    sparring,
    workshops,
)

TIES: tuple[Column[Any], ...] = (
    *(seats.c.person, registrations.c.made_by, members.c.person, note_takers.c.person, newcomers.c.person),
    *(contacts.c.person, answerers.c.person, coaches.c.person, workshops.c.begun_by, plan_rows.c.owner),
    *(challenges.c.person, reflections.c.person, sparring.c.person, sparring.c.partner, awaited.c.person),
    *(askers.c.person, handovers.c.person, misses.c.owner),
)
"""Where a person stands for as long as something is theirs; whoever stands in none of these takes part in nothing."""

_AT_A_TIME = 50
"""Some tenths of a second of the writer's time."""

_THEIRS = actors.alias()
_LATELY: Select[Any] = select(literal_column("1")).where(
    _THEIRS.c.person == people.c.id, _THEIRS.c.seen_at >= bindparam("before")
)
_WORKS_HERE: Select[Any] = select(literal_column("1")).where(
    _THEIRS.c.person == people.c.id, _THEIRS.c.left_at.is_(None)
)
_UNHEARD = Prepared(
    select(people.c.id)
    .join(actors, actors.c.person == people.c.id)
    .where(
        actors.c.seen_at < bindparam("before"),
        ~_LATELY.exists(),
        or_(people.c.role == literal_column(f"'{Role.PARTICIPANT.value}'"), ~_WORKS_HERE.exists()),
        *(~select(literal_column("1")).where(tie == people.c.id).exists() for tie in TIES),
    )
    .distinct()
    .limit(literal_column(str(_AT_A_TIME)))
)


def unheard_of(connection: Connection, before: datetime) -> tuple[str, ...]:
    """Some of those who have accounts but were last seen before then. Coordinators only once they have left."""
    return tuple(row.id for row in _UNHEARD.all(connection, before=before))
