"""Databases with as much in them as a measurement wants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text

from bot.domain.people import Language
from bot.messages import Notice, to_json
from bot.ports import Address
from storage.outbox import Outbox, Post
from storage.tables import metadata
from storage.types import to_micros
from storage.unit_of_work import sqlite_engine

VIEW = to_json(Notice("In one hour: Lärträff 3 in Lund, with everybody who prepared something. " * 4))

_HISTORY = """
    INSERT INTO outbox (id, key, platform, workspace, surface, conversation, person, language, view, state, due_at,
        created_at, sent_at, attempts, reference)
    SELECT {id}, 'nudge:' || {id}, 'slack', 'T' || (n % 20), 'person', 'U' || (n % 10000), 'P' || (n % 10000), 'sv',
        :view, 'sent', :then + n * 1000000, :then + n * 1000000, :then + n * 1000000, 1, 'D' || n || ':' || n || '.0001'
    FROM {numbers}
"""
_SQLITE = {
    "id": "hex(randomblob(8)) || printf('%016x', n)",
    "numbers": """(
        WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < :number) SELECT n FROM c
    )""",
}
_POSTGRESQL = {
    "id": "md5(n::text)",
    "numbers": "generate_series(0::bigint, :number - 1) AS n",
}


def engine(url: str) -> Engine:
    """As the unit of work has it."""
    return sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)


def make(url: str) -> None:
    """All tables."""
    opened = engine(url)
    metadata.create_all(opened)
    opened.dispose()


def add_history(opened: Engine, number: int) -> None:
    """So many messages that were sent long ago."""
    words = _SQLITE if opened.dialect.name == "sqlite" else _POSTGRESQL
    then = to_micros(datetime(2025, 1, 1, tzinfo=UTC))
    with opened.begin() as connection:
        connection.execute(text(_HISTORY.format(**words)), {"number": number, "view": VIEW, "then": then})
    settle(opened)


def settle(opened: Engine) -> None:
    """Let PostgreSQL do what it would otherwise do in the middle of a measurement."""
    if opened.dialect.name == "postgresql":
        with opened.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


def posts(prefix: str, number: int, *, platform: str = "slack", workspaces: int = 1) -> Iterator[Post]:
    """A message to each of so many people, one workspace after the other."""
    for n in range(number):
        address = Address(platform, f"T{n % workspaces}", f"U{n}")
        yield Post(f"{prefix}:{n}", address, "", Language.SWEDISH, VIEW)


def fan_out(connection: Connection, now: datetime, prefix: str, number: int, **where: Any) -> None:
    """Write a message to each of so many people, all due now."""
    Outbox(connection, now).add_many(posts(prefix, number, **where))


def count(opened: Engine, what: str) -> int:
    """How many rows of this kind there are."""
    with opened.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())  # noqa: S608 - our own words


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251 - a measurement happens in real time
