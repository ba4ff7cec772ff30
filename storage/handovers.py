"""To whom a question was handed, since when, and by which message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.domain.values import dataclass
from storage.tables import handovers
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Handover:
    """A question that was handed to somebody."""

    message: str  # key of the message that says so
    since: datetime
    over: bool  # they have it no longer


class Handovers:
    """The questions that lie, or lay, with somebody who was asked to answer them."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, miss: str, person: str, message: str) -> None:
        """Note that it lies with somebody from now on, in place of an earlier time."""
        row = {"miss": miss, "person": person, "message": message, "handed_at": self._now, "over": False}
        upsert(self._connection, handovers, **row)

    def last(self, miss: str, person: str) -> Handover | None:
        """How it was handed to this person last; None where it never was."""
        mine = (handovers.c.miss == miss, handovers.c.person == person)
        row = self._connection.execute(select(handovers).where(*mine)).one_or_none()
        return None if row is None else Handover(row.message, row.handed_at, row.over)

    def end(self, miss: str, person: str) -> None:
        """It lies with them no longer."""
        mine = (handovers.c.miss == miss, handovers.c.person == person)
        self._connection.execute(update(handovers).where(*mine).values(over=True))
