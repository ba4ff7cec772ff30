"""Scheduled messages: one row for each rule, occasion, recipient and version of the occasion."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from storage.tables import nudges, occasions
from storage.upsert import insert_or_ignore

PLANNED = "planned"
SENT = "sent"
DROPPED = "dropped"
MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Nudge:
    """A scheduled message that has come due. `current` is False when the occasion has moved since it was planned."""

    id: str
    rule: str
    programme: str
    occasion: str
    recipient: str  # person id
    version: int
    due_at: datetime
    current: bool


_DUE = (
    select(nudges.c.id)
    .where(nudges.c.state == PLANNED, nudges.c.due_at <= bindparam("now"))
    .order_by(nudges.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(nudges)
    .where(nudges.c.id.in_(_DUE.scalar_subquery()))
    .values(state=SENT, settled_at=bindparam("settled"))
    .returning(nudges)
)


class Nudges:
    """The scheduled messages of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def plan(self, rule: str, programme: str, occasion: str, recipient: str, due_at: datetime) -> None:
        """Schedule a nudge for the occasion as it stands; one that is planned already stays as it is."""
        version = self._version(programme, occasion)
        if version is None:
            return
        key = {"rule": rule, "programme": programme, "occasion": occasion, "recipient": recipient, "version": version}
        insert_or_ignore(self._connection, nudges, id=uuid.uuid4().hex, **key, due_at=due_at, state=PLANNED)

    def claim(self, most: int) -> tuple[Nudge, ...]:
        """Take nudges that are due; they count as sent unless `settle` says otherwise before the commit."""
        rows = self._connection.execute(_CLAIM, {"now": self._now, "most": most, "settled": self._now}).all()
        versions = self._versions({(row.programme, row.occasion) for row in rows})
        in_order = sorted(rows, key=lambda row: (row.due_at, row.id))
        return tuple(_nudge(row, versions.get((row.programme, row.occasion))) for row in in_order)

    def settle(self, id: str, state: str, reason: str) -> None:
        """Note that a claimed nudge was not sent, and why."""
        self._connection.execute(update(nudges).where(nudges.c.id == id).values(state=state, reason=reason))

    def next_due(self) -> datetime | None:
        """When the earliest planned nudge is due."""
        due: datetime | None = self._connection.execute(
            select(func.min(nudges.c.due_at)).where(nudges.c.state == PLANNED)
        ).scalar()
        return due

    def missed(self) -> int:
        """How many nudges came too late to be of use."""
        return self._connection.execute(select(func.count()).where(nudges.c.state == MISSED)).scalar_one()

    def _version(self, programme: str, occasion: str) -> int | None:
        version: int | None = self._connection.execute(
            select(occasions.c.version).where(occasions.c.programme == programme, occasions.c.id == occasion)
        ).scalar()
        return version

    def _versions(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        programmes = sorted({programme for programme, _ in keys})
        rows = self._connection.execute(select(occasions).where(occasions.c.programme.in_(programmes))) if keys else ()
        return {(row.programme, row.id): row.version for row in rows}


def _nudge(row: Row[Any], current_version: int | None) -> Nudge:
    return Nudge(
        id=row.id,
        rule=row.rule,
        programme=row.programme,
        occasion=row.occasion,
        recipient=row.recipient,
        version=row.version,
        due_at=row.due_at,
        current=row.version == current_version,
    )
