"""Statements that every event needs: compiled once for each database, then handed to its driver as they are.

SQLAlchemy writes the SQL and knows the types, and its connection holds the transaction. What it does besides at each
execution (cache keys, contexts, results) took a quarter of a transaction's time, see benchmarks/README.md.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

Statement = Select[Any] | UpdateBase
Processor = Callable[[Any], Any] | None


class _Form(NamedTuple):
    """A statement in one database's own words."""

    sql: str
    names: tuple[str, ...]  # of the values, in the order of their places
    positional: bool  # whether the driver takes a tuple; otherwise names and values
    constants: Mapping[str, Any]
    into: tuple[tuple[str, Callable[[Any], Any]], ...]  # value → what is stored, where they differ
    out_of: tuple[tuple[int, Callable[[Any], Any]], ...]  # column → what was stored, where they differ
    row: Callable[..., Any]


class Prepared:
    """A statement with named places; `build` gives it for a dialect's name where the two databases differ."""

    def __init__(self, build: Statement | Callable[[str], Statement]) -> None:
        self._build = build
        self._forms: dict[str, _Form] = {}

    def run(self, connection: Connection, **values: Any) -> None:
        """Execute a statement that returns nothing."""
        self._execute(connection, values)[1].close()

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row; a row's columns are its attributes."""
        form, cursor = self._execute(connection, values)
        found = [self._row(form, row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row; None when there is none."""
        form, cursor = self._execute(connection, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else self._row(form, row)

    def _execute(self, connection: Connection, values: dict[str, Any]) -> tuple[_Form, Any]:
        form = self._forms.get(connection.dialect.name)
        if form is None:
            form = self._forms[connection.dialect.name] = _compiled(self._build, connection.dialect)
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy itself does at the first statement
        for name, process in form.into:
            values[name] = process(values[name])
        values.update(form.constants)
        cursor = connection.connection.cursor()
        cursor.execute(form.sql, tuple([values[name] for name in form.names]) if form.positional else values)
        return form, cursor

    @staticmethod
    def _row(form: _Form, row: Any) -> Any:
        if not form.out_of:
            return form.row(*row)
        read = list(row)
        for place, process in form.out_of:
            read[place] = process(read[place])
        return form.row(*read)


def _compiled(build: Statement | Callable[[str], Statement], dialect: Dialect) -> _Form:
    statement = build(dialect.name) if callable(build) else build
    compiled: Any = statement.compile(dialect=dialect)
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
        names=tuple(compiled.positiontup) if compiled.positional else tuple(compiled.params),
        positional=bool(compiled.positional),
        constants={name: value for name, value in compiled.params.items() if name not in places},
        into=tuple((name, process) for name, process in into if process is not None),
        out_of=tuple((n, process) for n, process in out_of if process is not None),
        row=namedtuple("Row", [str(column.key) for column in columns]),  # noqa: PYI024 - its fields are known here only
    )
