"""INSERT, plain and … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, literal_column

from storage.prepared import Prepared


def insert_row(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row; raises `IntegrityError`, at the commit at the latest, if one with the same unique key is there."""
    _plain(table, tuple(values)).run(connection, **values)


def insert_or_ignore(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless one with the same unique key is there; tells whether it was inserted."""
    return _ignoring(table, tuple(values)).first(connection, **values) is not None


def upsert(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row, or overwrite the columns of the one with the same primary key."""
    _overwriting(table, tuple(values)).run(connection, **values)


@cache
def _plain(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: _insert(dialect, table, names))


@cache
def _ignoring(table: Table, names: tuple[str, ...]) -> Prepared:
    # A row count would be unknown on PostgreSQL, hence the column that is returned.
    new: Any = literal_column("1").label("new")
    return Prepared(lambda dialect: _insert(dialect, table, names).on_conflict_do_nothing().returning(new))


@cache
def _overwriting(table: Table, names: tuple[str, ...]) -> Prepared:
    keys = [column.name for column in table.primary_key]

    def build(dialect: str) -> Any:
        statement = _insert(dialect, table, names)
        changes = {name: statement.excluded[name] for name in names if name not in keys}
        return statement.on_conflict_do_update(index_elements=keys, set_=changes)

    return Prepared(build)


def _insert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    return spelled(dialect, table).values({name: bindparam(name) for name in names})


def spelled(dialect: str, table: Table) -> Any:
    """INSERT as a database spells it. The other one's words, 2 MB, are not imported."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)
