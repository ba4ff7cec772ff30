"""Brings a database up to date. The only module that imports Alembic, which no running server needs.

`python -m storage.migrate "what changes"` writes the next revision from what storage/tables says by now.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text

from storage.condition import revision
from storage.unit_of_work import sqlite_engine

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x4C617274
"""Names the lock by which two upgrades of one PostgreSQL database take turns; any number nobody else uses."""


class NewerDatabaseError(Exception):
    """The database is at a revision that this version of the program has never heard of."""


def upgrade(url: str) -> None:
    """Bring the database to the newest revision, in one transaction; a database that is there already stays as it is.

    A SQLite file and its folder are made when they are missing. Raises `NewerDatabaseError`.
    """
    with _transaction(url) as connection:
        found = revision(connection)
        if found is not None and not is_known(found):
            raise NewerDatabaseError(found)
        command.upgrade(_config(connection), "head")


def current(url: str) -> str | None:
    """The revision the database is at; None when it has never been upgraded."""
    with _transaction(url) as connection:
        return revision(connection)


def head() -> str:
    """The newest revision, which this version of the program needs."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def is_known(found: str) -> bool:
    """Whether this version of the program has, or comes after, that revision."""
    return any(script.revision == found for script in ScriptDirectory(str(_FOLDER)).walk_revisions())


def revise(topic: str) -> None:
    """Write the revision that leads from the newest one to storage/tables. Read it before it is used."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        upgrade(url)
        with _transaction(url) as connection:
            command.revision(_config(connection), topic, autogenerate=True)
    file = Path(ScriptDirectory(str(_FOLDER)).get_revision(head()).path)
    file.write_text("".join(line for line in file.open() if "# ###" not in line))  # Alembic's own remarks


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = _sqlite(url) if url.startswith("sqlite") else create_engine(url)
    try:
        with engine.begin() as connection:  # on SQLite this is the only writer from here on
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
            if connection.dialect.name == "sqlite":
                _refuse_dangling(connection)
    finally:
        engine.dispose()


def _sqlite(url: str) -> Engine:
    """An engine without foreign keys: a table is changed by a copy, and the old one dropped under its referrers."""
    engine = sqlite_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction has begun

    return engine


def _refuse_dangling(connection: Connection) -> None:
    """Raise, and so take everything back, when a row refers to one that is no longer there."""
    tables = {row[0] for row in connection.execute(text("PRAGMA foreign_key_check"))}
    if tables:
        raise RuntimeError(f"the upgrade would leave references without their rows in: {', '.join(sorted(tables))}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    revise(" ".join(sys.argv[1:]))
