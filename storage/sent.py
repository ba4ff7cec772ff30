"""What was sent to many people under keys that begin alike, so that it can be corrected for the same people."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select

from bot.domain.people import Language
from bot.domain.values import dataclass
from bot.ports import Address
from storage.outbox import FAILED, address_of
from storage.tables import outbox

TAKEN_DOWN = "down"
"""What the key of the edit ends with that takes a message down."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the messages."""

    key: str
    address: Address
    person: str
    language: Language


def copies(connection: Connection, beginning: str) -> tuple[Copy, ...]:
    """The messages whose keys begin like this, but for those that never arrived, were taken down, or edit another."""
    later = outbox.alias()
    down = exists().where(later.c.key == outbox.c.key + f":{TAKEN_DOWN}")
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.key.startswith(beginning, autoescape=True), outbox.c.state != FAILED, outbox.c.replaces == "")
        .where(~down)
        .order_by(outbox.c.key)
    )
    return tuple(
        Copy(
            row.key,
            address_of(row),
            row.person,
            Language(row.language),
        )
        for row in rows
    )
