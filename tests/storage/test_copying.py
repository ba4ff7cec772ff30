"""Moving to another database: everything arrives, into an empty one only, and nobody writes meanwhile."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, insert, select, text, update
from sqlalchemy.exc import DataError

from storage import copying
from storage.condition import examine
from storage.copying import InUseError, NotEmptyError, UnreadableSourceError, UnusableSourceError
from storage.key_folders import KeyFolders
from storage.tables import REVISION, key_folders, metadata, people
from storage.types import Instant
from tests.fixtures.kinds import Kind

ROWS = 3
BEGIN = datetime(2027, 3, 28, 0, 59, 59, 123456, tzinfo=UTC)

VALUES: dict[type, Callable[[str, int], Any]] = {
    str: lambda name, n: f"{name} {n} åäöæø 🙂 \N{RIGHT-TO-LEFT OVERRIDE}x",
    bytes: lambda name, n: bytes([0, n, 255]) + name.encode(),
    bool: lambda _name, n: n % 2 == 0,
    int: lambda _name, n: n - 1,
    date: lambda _name, n: date(2027, 3, 28) + timedelta(days=n),
    datetime: lambda _name, n: BEGIN + timedelta(days=n),
}


@pytest.fixture
def file(sqlite: Kind) -> Iterator[Path]:
    """A SQLite file with rows in every table."""
    with sqlite.copy(sqlite.empty) as url:
        examine(url, fill)
        yield Path(url.removeprefix("sqlite:///"))


def fill(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
    for table in metadata.sorted_tables:
        connection.execute(insert(table), rows(table))


def rows(table: Table) -> list[dict[str, Any]]:
    return [{column.name: value(column, n) for column in table.columns} for n in range(ROWS)]


def value(column: Column[Any], n: int) -> Any:
    """What row `n` has there: for a reference, what row `n` of the other table has."""
    for reference in column.foreign_keys:
        return value(reference.column, n)
    kind = datetime if isinstance(column.type, Instant) else column.type.python_type
    return VALUES[kind](column.name, n)


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in metadata.sorted_tables
    }


def test_everything_arrives_as_it_was(file: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_ROWS_AT_ONCE", 2)  # so that a table takes several turns
    assert copying.copy(file, engine_url) == {table.name: ROWS for table in metadata.sorted_tables}
    meant = examine(f"sqlite:///{file}", everything)
    assert examine(engine_url, everything) == meant
    assert all(len(found) == ROWS for found in meant.values())


def test_a_database_with_rows_of_its_own_keeps_them_and_gets_no_others(file: Path, engine_url: str) -> None:
    own = {**rows(people)[0], "id": "own"}
    examine(engine_url, lambda connection: connection.execute(insert(people), own))
    before = examine(engine_url, everything)
    with pytest.raises(NotEmptyError, match="people"):
        copying.copy(file, engine_url)
    assert examine(engine_url, everything) == before


def test_what_does_not_fit_takes_all_of_it_back_and_is_not_shown(file: Path, postgresql_url: str) -> None:
    unfit = update(people).where(people.c.id == rows(people)[2]["id"]).values(name="Anna\0Lund")
    examine(f"sqlite:///{file}", lambda connection: connection.execute(unfit))
    with pytest.raises(DataError, match="people") as refused:
        copying.copy(file, postgresql_url)
    assert "Anna" not in str(refused.value)
    assert not any(examine(postgresql_url, everything).values())


def test_a_file_that_somebody_has_open_is_refused(file: Path, engine_url: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM people").fetchone()  # as a server that is doing nothing at the moment
        with pytest.raises(InUseError):
            copying.copy(file, engine_url)
    assert copying.copy(file, engine_url)["people"] == ROWS


def test_what_cannot_be_opened_or_is_no_database_is_not_in_use(tmp_path: Path, engine_url: str) -> None:
    (tmp_path / "text").write_bytes(b"no database" * 500)
    for what in (tmp_path, tmp_path / "text"):
        with pytest.raises(UnreadableSourceError):
            copying.copy(what, engine_url)


def test_a_database_that_was_started_once_takes_the_file_s_keys_over(file: Path, engine_url: str) -> None:
    examine(engine_url, lambda connection: KeyFolders(connection).learn("of the start"))
    copying.copy(file, engine_url)
    assert examine(engine_url, lambda connection: connection.execute(select(key_folders)).all()) == examine(
        f"sqlite:///{file}", lambda connection: connection.execute(select(key_folders)).all()
    )


def test_a_file_of_another_version_is_refused(file: Path, engine_url: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'earlier'")
        connection.commit()
    with pytest.raises(UnusableSourceError):
        copying.copy(file, engine_url)
    assert not any(examine(engine_url, everything).values())
