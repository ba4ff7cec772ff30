"""Takes everything from a SQLite file over into another database that is still empty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, insert, select, text
from sqlalchemy.exc import DatabaseError

from storage.condition import is_current
from storage.tables import key_folders, metadata
from storage.unit_of_work import sqlite_engine

_ROWS_AT_ONCE = 1000


class UnusableSourceError(Exception):
    """The file is of another version of the program."""


class UnreadableSourceError(Exception):
    """The file is no database, or we may not write it, which SQLite demands of whoever wants it alone."""


class InUseError(Exception):
    """Another program has the file open: what it writes later would be lost."""


class NotEmptyError(Exception):
    """The database that was to take everything over has rows of its own."""


def copy(file: Path, url: str) -> dict[str, int]:
    """Every row of the file, in one transaction; how many there were in each table.

    The database at `url` has the newest revision already. Raises `InUseError`, `UnreadableSourceError`,
    `UnusableSourceError`, `NotEmptyError`.
    """
    source, target = _only_reader(file), _engine(url)
    try:
        with _alone(source) as old, target.begin() as new:
            _refuse_unusable(old, new)
            counts = {table.name: _copy_table(table, old, new) for table in metadata.sorted_tables}
            if new.dialect.name == "postgresql":
                new.execute(text("ANALYZE"))  # it would plan as if every table were empty
            return counts
    finally:
        source.dispose()
        target.dispose()


_IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED")
"""How the names of SQLite's errors begin that tell of somebody else."""


def _only_reader(file: Path) -> Engine:
    """An engine that refuses to share the file with anybody."""
    engine = sqlite_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect", insert=True)
    def prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA busy_timeout=0")  # whoever has it open does not go away by itself

    return engine


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DatabaseError as error:
        name = getattr(error.orig, "sqlite_errorname", "")
        raise (InUseError if name.startswith(_IN_USE) else UnreadableSourceError) from error
    with connection, connection.begin():
        yield connection


def _engine(url: str) -> Engine:
    """What cannot be stored is told without the row: it holds what people wrote."""
    engine = sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)
    engine.hide_parameters = True
    return engine


def _refuse_unusable(old: Connection, new: Connection) -> None:
    if not is_current(old):
        raise UnusableSourceError
    new.execute(delete(key_folders))  # an empty database that was started once; the file's own keys count
    for table in metadata.sorted_tables:
        if new.execute(select(table).limit(1)).first() is not None:
            raise NotEmptyError(table.name)


def _copy_table(table: Table, old: Connection, new: Connection) -> int:
    """Row by row in the order of their keys, which says nothing about who wrote when."""
    count = 0
    for rows in old.execute(select(table).order_by(*table.primary_key)).mappings().partitions(_ROWS_AT_ONCE):
        new.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
    return count
