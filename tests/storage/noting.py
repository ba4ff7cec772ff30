"""The simplest work that a transaction can do: note deliveries, count them, and lock one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, func, select

from storage.prepared import Prepared
from storage.tables import deliveries
from storage.unit_of_work import UnitOfWork
from storage.upsert import insert_row
from tests.flows.samples import NOW

HOW_MANY = Prepared(select(func.count().label("n")).select_from(deliveries))
LOCK = Prepared(select(deliveries.c.reply).where(deliveries.c.delivery == bindparam("delivery")).with_for_update())


def note(connection: Connection, delivery: str, reply: str | None = None) -> None:
    """Note a delivery; unless another is given, its reply is "to <delivery>"."""
    kept = f"to {delivery}" if reply is None else reply
    row = {"platform": "slack", "workspace": "W1", "delivery": delivery, "reply": kept, "received_at": NOW}
    insert_row(connection, deliveries, **row)


def number(connection: Connection) -> int:
    """How many deliveries have been noted."""
    found: int = HOW_MANY.first(connection).n
    return found


async def at_once_on(work: UnitOfWork, act: Callable[[Connection], object]) -> None:
    """Use every connection to PostgreSQL: each is left to wait for its server before the next transaction begins."""
    await asyncio.gather(*(work.run(act) for _ in range(10)))
