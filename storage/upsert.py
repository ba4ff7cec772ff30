"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def insert_or_ignore(connection: Connection, table: Table, **values: object) -> bool:
    """Insert a row unless one with the same unique key is there; tells whether it was inserted."""
    statement = _insert(connection, table).on_conflict_do_nothing().returning(literal_column("1"))
    return connection.execute(statement, values).first() is not None  # a row count would be unknown on PostgreSQL


def upsert(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row, or overwrite the columns of the one with the same primary key."""
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in values if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), values)
