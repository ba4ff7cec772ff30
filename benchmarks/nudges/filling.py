"""Databases with as many messages in the outbox as a measurement wants."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert, text

from bot.domain.people import Language
from bot.messages import Notice, to_json
from bot.ports import Address
from storage.outbox import Outbox, Post
from storage.tables import metadata, outbox
from storage.unit_of_work import sqlite_engine

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
VIEW = to_json(Notice("In one hour: Lärträff 3 in Lund, with everybody who prepared something. " * 4))
_AT_ONCE = 20_000


def engine(url: str) -> Engine:
    """As the unit of work has it."""
    return sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)


def make(url: str) -> None:
    """All tables."""
    opened = engine(url)
    metadata.create_all(opened)
    opened.dispose()


def add_history(url: str, number: int) -> None:
    """So many messages that were sent long ago."""
    opened = engine(url)
    for start in range(0, number, _AT_ONCE):
        with opened.begin() as connection:
            connection.execute(insert(outbox), list(_old(start, min(number, start + _AT_ONCE))))
    if url.startswith("postgresql"):
        with opened.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE outbox"))  # as the server does by itself, some time
    opened.dispose()


def _old(start: int, end: int) -> Iterator[dict[str, Any]]:
    for n in range(start, end):
        then = NOW - timedelta(days=200) + timedelta(seconds=n)
        yield {
            "id": uuid.uuid4().hex,
            "key": f"nudge:{uuid.uuid4().hex}",
            "platform": "slack",
            "workspace": f"T{n % 20:02}",
            "surface": "person",
            "conversation": f"U{n % 10_000:05}",
            "person": f"P{n % 10_000:05}",
            "language": "sv",
            "view": VIEW,
            "state": "sent",
            "due_at": then,
            "created_at": then,
            "sent_at": then,
            "attempts": 1,
            "reference": f"D{n}:{n}.0001",
        }


def posts(prefix: str, number: int, *, platform: str = "slack", workspaces: int = 1) -> Iterator[Post]:
    """A message to each of so many people."""
    for n in range(number):
        address = Address(platform, f"T{n % workspaces:02}", f"U{n:06}")
        yield Post(f"{prefix}:{n}", address, f"P{n:06}", Language.SWEDISH, VIEW)


def fan_out(connection: Connection, now: datetime, prefix: str, number: int, **where: Any) -> None:
    """Write a message to each of so many people, all at once."""
    Outbox(connection, now).add_many(posts(prefix, number, **where))
