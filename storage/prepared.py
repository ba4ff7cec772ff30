"""Statements that every event needs: compiled once for each database, then handed to its driver as they are.

SQLAlchemy writes the SQL and knows the types, and its connection holds the transaction. What it does besides at each
execution (cache keys, contexts, results) took a quarter of a transaction's time, see benchmarks/README.md.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Dialect, literal_column
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import NullType

Statement = Select[Any] | UpdateBase
Rows = list[tuple[Any, ...]]


class _Form(NamedTuple):
    """A statement in one database's own words."""

    sql: str
    names: tuple[str, ...]  # of the values, in the order of their places
    constants: Mapping[str, Any]
    into: tuple[tuple[str, Callable[[Any], Any]], ...]  # value → what is stored, where they differ
    out_of: tuple[tuple[int, Callable[[Any], Any]], ...]  # column → what was stored, where they differ
    row: Callable[..., Any]
    run: Callable[[Connection, str, list[Any]], None]
    rows: Callable[[Connection, str, list[Any]], Rows]


class Prepared:
    """A statement with named places; `build` gives it for a dialect's name where the two databases differ.

    Raises SQLAlchemy's `IntegrityError`; all other errors are the driver's own.
    """

    def __init__(self, build: Statement | Callable[[str], Statement]) -> None:
        self._build = build
        self._forms: dict[str, _Form] = {}

    def run(self, connection: Connection, **values: Any) -> None:
        """Execute a statement that returns nothing; on PostgreSQL it fails together with the next one or the commit."""
        form, given = self._bound(connection, values)
        form.run(connection, form.sql, given)

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row; a row's columns are its attributes."""
        form, given = self._bound(connection, values)
        return [_read(form, row) for row in form.rows(connection, form.sql, given)]

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row; None when there is none."""
        form, given = self._bound(connection, values)
        rows = form.rows(connection, form.sql, given)
        return _read(form, rows[0]) if rows else None

    def _bound(self, connection: Connection, values: dict[str, Any]) -> tuple[_Form, list[Any]]:
        """The statement in the database's words, with the values in the order of their places."""
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _compiled(self._build, dialect)
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy itself does at the first statement
        for name, process in form.into:
            values[name] = process(values[name])
        if form.constants:
            values.update(form.constants)
        return form, [values[name] for name in form.names]


def _read(form: _Form, row: tuple[Any, ...]) -> Any:
    if not form.out_of:
        return form.row(*row)
    read = list(row)
    for place, process in form.out_of:
        read[place] = process(read[place])
    return form.row(*read)


def _compiled(build: Statement | Callable[[str], Statement], dialect: Dialect) -> _Form:
    spelled, run, rows = _for_libpq() if dialect.name == "postgresql" else (dialect, _run, _rows)
    statement: Any = build(dialect.name) if callable(build) else build
    written = visitors.replacement_traverse(statement, {}, partial(_constant, spelled))
    compiled = written.compile(dialect=spelled)
    if "POSTCOMPILE" in compiled.string:
        raise ValueError("a list of values has no fixed place in SQL: write `a OR b` instead of IN")
    places = {name: bind for name, bind in compiled.binds.items() if bind.required}
    into = [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in places.items()]
    columns = list(statement.exported_columns)
    out_of = [
        (n, column.type.dialect_impl(dialect).result_processor(dialect, None)) for n, column in enumerate(columns)
    ]
    return _Form(
        sql=compiled.string,
        names=tuple(compiled.positiontup),
        constants={name: value for name, value in compiled.params.items() if name not in places},
        into=tuple((name, process) for name, process in into if process is not None),
        out_of=tuple((n, process) for n, process in out_of if process is not None),
        row=namedtuple("Row", [str(column.key) for column in columns]),  # noqa: PYI024 - its fields are known here only
        run=run,
        rows=rows,
    )


def _run(connection: Connection, sql: str, values: list[Any]) -> None:
    _executed(connection, sql, values)


def _rows(connection: Connection, sql: str, values: list[Any]) -> Rows:
    rows: Rows = _executed(connection, sql, values).fetchall()
    return rows


def _executed(connection: Connection, sql: str, values: list[Any]) -> sqlite3.Cursor:
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor: sqlite3.Cursor = driver.execute(sql, values)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    return cursor


def _for_libpq() -> tuple[Dialect, Callable[..., None], Callable[..., Rows]]:
    """Loaded only where it is needed: psycopg takes time and memory."""
    from sqlalchemy.dialects.postgresql.psycopg import dialect

    from storage import libpq

    spelled: Dialect = dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    return spelled, libpq.run, libpq.rows  # places are $1, $2


def _constant(dialect: Dialect, part: object, **_: Any) -> Any:
    """A value that is always the same, written out.

    SQLite plans a statement anew, each time, when a value in one of its places could decide whether a partial index
    serves: to look for somebody's seats then takes 20 µs instead of 8.
    """
    if not isinstance(part, BindParameter) or part.required or isinstance(part.type, NullType):
        return None
    return literal_column(str(part.compile(dialect=dialect, compile_kwargs={"literal_binds": True})), part.type)
