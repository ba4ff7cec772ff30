"""What was sent to many people under keys that begin alike, so that it can be corrected for the same people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.domain.people import Language
from bot.ports import Address, Surface
from storage.outbox import FAILED
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the messages."""

    key: str
    address: Address
    person: str
    language: Language


def copies(connection: Connection, beginning: str) -> tuple[Copy, ...]:
    """The messages whose keys begin like this, but for those that never arrived and those that edit another."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.key.startswith(beginning, autoescape=True), outbox.c.state != FAILED, outbox.c.replaces == "")
        .order_by(outbox.c.key)
    )
    return tuple(
        Copy(
            row.key,
            Address(row.platform, row.workspace, row.conversation, Surface(row.surface)),
            row.person,
            Language(row.language),
        )
        for row in rows
    )
