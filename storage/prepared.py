"""Statements that every event needs: compiled once for each database, then handed to its driver as they are.

SQLAlchemy writes the SQL and knows the types, and its connection holds the transaction. What it does besides at each
execution (cache keys, contexts, results) took a quarter of a transaction's time, see benchmarks/README.md.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Dialect, literal_column
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import NullType

Statement = Select[Any] | UpdateBase
Rows = list[tuple[Any, ...]]


class _Ways(NamedTuple):
    """How a statement gets to its database."""

    run: Callable[[Connection, str, Sequence[Any]], None]
    rows: Callable[[Connection, str, Sequence[Any]], Rows]
    ask_ahead: Callable[[Connection, str, Sequence[Any]], None] | None  # None where nobody waits for an answer


class _Form(NamedTuple):
    """A statement in one database's own words."""

    sql: str
    names: tuple[str, ...]  # of the values, in the order of their places
    in_order: Callable[[Mapping[str, Any]], Sequence[Any]]  # the values of these names
    constants: Mapping[str, Any]
    into: tuple[tuple[str, Callable[[Any], Any]], ...]  # value → what is stored, where they differ
    out_of: tuple[tuple[int, Callable[[Any], Any]], ...]  # column → what was stored, where they differ
    row: Callable[..., Any]
    ways: _Ways


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
        form.ways.run(connection, form.sql, given)

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row; a row's columns are its attributes."""
        form, given = self._bound(connection, values)
        return [_read(form, row) for row in form.ways.rows(connection, form.sql, given)]

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row; None when there is none."""
        form, given = self._bound(connection, values)
        rows = form.ways.rows(connection, form.sql, given)
        return _read(form, rows[0]) if rows else None

    def ask_ahead(self, connection: Connection, **values: Any) -> None:
        """Say that `all` or `first` will be called with these very values: on PostgreSQL it then costs no waiting.

        Only for what is certain to be asked, and in the order in which it would be asked anyway: a statement that
        writes or locks makes the database be asked anew. An error comes with the statement that is asked next.
        """
        ask = self._form(connection).ways.ask_ahead
        if ask is not None:
            form, given = self._bound(connection, values)
            ask(connection, form.sql, given)

    def _form(self, connection: Connection) -> _Form:
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _compiled(self._build, dialect)
        return form

    def _bound(self, connection: Connection, values: dict[str, Any]) -> tuple[_Form, Sequence[Any]]:
        """The statement in the database's words, with the values in the order of their places."""
        form = self._form(connection)
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy itself does at the first statement
        for name, process in form.into:
            values[name] = process(values[name])
        if form.constants:
            values.update(form.constants)
        return form, form.in_order(values)


def _read(form: _Form, row: tuple[Any, ...]) -> Any:
    if not form.out_of:
        return form.row(*row)
    read = list(row)
    for place, process in form.out_of:
        read[place] = process(read[place])
    return form.row(*read)


def _compiled(build: Statement | Callable[[str], Statement], dialect: Dialect) -> _Form:
    statement: Any = build(dialect.name) if callable(build) else build
    spelled, ways = _for_libpq(statement) if dialect.name == "postgresql" else (dialect, _Ways(_run, _rows, None))
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
        in_order=_in_order(compiled.positiontup),
        constants={name: value for name, value in compiled.params.items() if name not in places},
        into=tuple((name, process) for name, process in into if process is not None),
        out_of=tuple((n, process) for n, process in out_of if process is not None),
        row=namedtuple("Row", [str(column.key) for column in columns]),  # noqa: PYI024 - its fields are known here only
        ways=ways,
    )


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)  # three times as quick as a loop
    return lambda values: [values[name] for name in names]


def _run(connection: Connection, sql: str, values: Sequence[Any]) -> None:
    _executed(connection, sql, values)


def _rows(connection: Connection, sql: str, values: Sequence[Any]) -> Rows:
    rows: Rows = _executed(connection, sql, values).fetchall()
    return rows


def _executed(connection: Connection, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor: sqlite3.Cursor = driver.execute(sql, values)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    return cursor


def _for_libpq(statement: Statement) -> tuple[Dialect, _Ways]:
    """Loaded only where it is needed: psycopg takes time and memory."""
    from sqlalchemy.dialects.postgresql.psycopg import dialect

    from storage import libpq

    spelled: Dialect = dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    locks = isinstance(statement, Select) and statement._for_update_arg is not None  # noqa: SLF001 - has no other name
    changes = locks or not isinstance(statement, Select)
    ways = _Ways(libpq.run, partial(libpq.rows, changes=changes), partial(libpq.ask_ahead, changes=changes))
    return spelled, ways  # places are $1, $2


def _constant(dialect: Dialect, part: object, **_: Any) -> Any:
    """A value that is always the same, written out.

    SQLite plans a statement anew, each time, when a value in one of its places could decide whether a partial index
    serves: to look for somebody's seats then takes 20 µs instead of 8.
    """
    if not isinstance(part, BindParameter) or part.required or isinstance(part.type, NullType):
        return None
    return literal_column(str(part.compile(dialect=dialect, compile_kwargs={"literal_binds": True})), part.type)
