"""Which events have been received, and what was answered: the same event again gets the same answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, literal_column, select

from storage.prepared import Prepared
from storage.tables import deliveries
from storage.upsert import insert_row

_REPLY = select(deliveries.c.reply).where(
    deliveries.c.platform == bindparam("platform"),
    deliveries.c.workspace == bindparam("workspace"),
    deliveries.c.delivery == bindparam("delivery"),
)

_FORGET = Prepared(
    delete(deliveries)
    .where(deliveries.c.received_at < bindparam("before"))
    .returning(literal_column("1").label("forgotten"))
)


class Deliveries:
    """The received events of all workspaces."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, platform: str, workspace: str, delivery: str, reply: str) -> None:
        """Note the event with its answer; raises `IntegrityError`, at the commit at the latest, if it has been before.

        Called last in the transaction: one that loses a race against its twin is rolled back whole.
        """
        insert_row(
            self._connection,
            deliveries,
            platform=platform,
            workspace=workspace,
            delivery=delivery,
            reply=reply,
            received_at=self._now,
        )

    def reply(self, platform: str, workspace: str, delivery: str) -> str | None:
        """What was answered to this event; None when it is new."""
        key = {"platform": platform, "workspace": workspace, "delivery": delivery}
        return self._connection.execute(_REPLY, key).scalar()

    def forget(self, before: datetime) -> int:
        """Delete what is older than any platform would send again; tells how many."""
        return len(_FORGET.all(self._connection, before=before))
