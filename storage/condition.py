"""What state the database is in: whether it answers and takes writes, its revision, and what lies waiting in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import disk_usage
from typing import TypeVar

from sqlalchemy import Connection, create_engine, func, insert, inspect, make_url, select, text, update

from bot.domain.values import dataclass
from storage.claiming import undecided
from storage.nudges import PLANNED
from storage.outbox import FAILED
from storage.tables import REVISION, install_states, key_folders, nudges, outbox
from storage.unit_of_work import sqlite_engine


@dataclass(frozen=True, slots=True)
class Backlog:
    """What lies waiting: due and not done, or given up."""

    outbox_waiting: int  # messages not yet sent, also those whose time has not come
    outbox_late: int  # of these, the ones that were due before now
    outbox_failed: int  # messages that were given up
    nudges_due: int  # nudges that are due and neither sent nor dropped


T = TypeVar("T")

_ROOM = 8 * 1024 * 1024
"""Bytes: twice what SQLite's journal takes before it is put into the file."""


def examine(url: str, look: Callable[[Connection], T]) -> T:
    """What `look` finds in the database, over a connection of its own. A SQLite file is made when it is missing."""
    engine = sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)
    try:
        with engine.begin() as connection:
            return look(connection)
    finally:
        engine.dispose()


def answers(connection: Connection) -> None:
    """Return when the database answers; raises SQLAlchemy's error when it does not."""
    connection.execute(text("SELECT 1"))


def takes_writes(connection: Connection) -> None:
    """Return when a row can be written; it is taken back at once. Raises SQLAlchemy's error otherwise."""
    attempt = connection.begin_nested()
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    try:
        connection.execute(insert(install_states), {"digest": "probe", "browser": "", "expires_at": epoch})
    finally:
        attempt.rollback()


def writes(connection: Connection) -> None:
    """Write a row just as it is: that the disk is full is told by the commit alone. Raises SQLAlchemy's error then."""
    connection.execute(update(key_folders).values(fingerprint=key_folders.c.fingerprint))


def has_room(url: str) -> bool:
    """Whether a SQLite file may still grow. Where it need not, it takes writes on a full disk, too, and then none."""
    file = make_url(url).database if url.startswith("sqlite") else None
    return file is None or disk_usage(Path(file).parent).free >= _ROOM


def revision(connection: Connection) -> str | None:
    """The revision that `lartraff migrate` left the database at; None when it was never run."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def is_current(connection: Connection) -> bool:
    """Whether the database has the shape that this version of the program needs."""
    return revision(connection) == REVISION


def may_make_tables(connection: Connection) -> bool:
    """Whether `lartraff migrate` may make what is missing: PostgreSQL lets the database's owner, and not every user."""
    if connection.dialect.name == "sqlite":
        return True  # whoever may write the file
    return bool(connection.execute(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")).scalar())


def backlog(connection: Connection, now: datetime) -> Backlog:
    """What lies waiting at `now`."""
    waiting = select(func.count()).select_from(outbox).where(undecided(outbox))
    failed = select(func.count()).select_from(outbox).where(outbox.c.state == FAILED)
    due = select(func.count()).select_from(nudges).where(nudges.c.state == PLANNED, nudges.c.due_at <= now)
    row = connection.execute(
        select(
            waiting.scalar_subquery(),
            waiting.where(outbox.c.due_at <= now).scalar_subquery(),
            failed.scalar_subquery(),
            due.scalar_subquery(),
        )
    ).one()
    return Backlog(*row)
