"""Which message told somebody that a question is theirs to answer, and when: so long they have had it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Handed:
    """A question that was handed to somebody."""

    message: str  # key of the message that says so
    since: datetime
    over: bool  # they have it no longer: the message has been edited since


def handed(connection: Connection, miss: str, person: str) -> Handed | None:
    """How a miss was handed to this person last; None where it never was. What ends it edits the message."""
    newest = (
        select(outbox.c.key, outbox.c.replaces, outbox.c.created_at)
        .where(outbox.c.person == person, outbox.c.key.startswith(beginning(miss)))
        .order_by(outbox.c.created_at.desc(), outbox.c.replaces.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return None if row is None else Handed(row.key, row.created_at, over=bool(row.replaces))


def beginning(miss: str) -> str:
    """How the keys of the messages begin that hand a miss to somebody."""
    return f"handed:{miss}:"
