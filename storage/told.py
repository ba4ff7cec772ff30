"""What became of messages to many, in numbers, and when one that is held back goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from bot.domain.values import dataclass
from storage.claiming import settled
from storage.outbox import FAILED, TAKEN_BACK
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kind of message, and what so many people or channels have had of it."""

    kind: str  # what stands in the key after the beginning, up to the next colon
    people: int
    channels: int
    reason: str  # why it did not arrive; empty where it did
    last_at: datetime  # UTC


def outcomes(connection: Connection, beginning: str, since: datetime, until: datetime) -> tuple[Outcome, ...]:
    """The messages of each day in this time, but for edits and what was taken back; the last kind first."""
    rows = connection.execute(
        select(outbox.c.key, outbox.c.person, outbox.c.state, outbox.c.reason, outbox.c.sent_at, outbox.c.created_at)
        .where(settled(outbox), outbox.c.created_at.between(since, until), outbox.c.replaces == "")
        .where(outbox.c.key.startswith(beginning, autoescape=True), outbox.c.reason != TAKEN_BACK)
    )
    found: dict[tuple[str, str, date], list[tuple[bool, datetime]]] = {}
    for row in rows:
        kind = row.key.removeprefix(beginning).partition(":")[0]
        reason = row.reason if row.state == FAILED else ""
        at = row.sent_at or row.created_at
        found.setdefault((kind, reason, at.date()), []).append((bool(row.person), at))
    made = (_outcome(kind, reason, some) for (kind, reason, _day), some in found.items())
    return tuple(sorted(made, key=lambda one: (one.last_at, one.kind), reverse=True))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When a message that is held back until then may go next."""
    later = (~settled(outbox), outbox.c.due_at > now)
    due: datetime | None = connection.scalar(select(func.min(outbox.c.due_at)).where(*later))
    return due


def _outcome(kind: str, reason: str, some: Sequence[tuple[bool, datetime]]) -> Outcome:
    people = sum(is_person for is_person, _at in some)
    return Outcome(kind, people, len(some) - people, reason, max(at for _is_person, at in some))
