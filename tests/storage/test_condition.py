"""The state of the database, as readiness, metrics and the doctor ask for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.exc import DBAPIError

from storage import condition
from storage.condition import Backlog, answers, backlog, examine, may_make_tables, writes
from storage.key_folders import KeyFolders
from storage.tables import nudges, outbox

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def connection(engine_url: str) -> Iterator[Connection]:
    engine = create_engine(engine_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def add_message(connection: Connection, state: str, due_in: timedelta) -> None:
    id = f"{state}{due_in}"
    place = dict.fromkeys(("platform", "workspace", "surface", "conversation", "language", "view"), "x")
    moments = {"due_at": NOW + due_in, "created_at": NOW}
    connection.execute(insert(outbox), {"id": id, "key": id, "state": state, **place, **moments})


def add_nudge(connection: Connection, state: str, due_in: timedelta) -> None:
    id = f"{state}{due_in}"
    about = dict.fromkeys(("rule", "programme", "about", "audience"), "x")
    row = {"id": id, "recipient": id, "anchor": NOW, "state": state, "due_at": NOW + due_in}
    connection.execute(insert(nudges), {**row, **about})


def test_an_empty_database_answers_and_has_no_backlog(connection: Connection) -> None:
    answers(connection)
    assert backlog(connection, NOW) == Backlog(outbox_waiting=0, outbox_late=0, outbox_failed=0, nudges_due=0)


def test_what_waits_is_counted_apart_from_what_is_late(connection: Connection) -> None:
    for state in ("waiting", "sending", "sent", "failed"):
        add_message(connection, state, timedelta(hours=-1))
        add_message(connection, state, timedelta(hours=1))
    for state in ("planned", "sent", "missed"):
        add_nudge(connection, state, timedelta(hours=-1))
        add_nudge(connection, state, timedelta(hours=1))
    assert backlog(connection, NOW) == Backlog(outbox_waiting=4, outbox_late=2, outbox_failed=2, nudges_due=1)


def test_whether_anything_can_be_written_is_found_out_by_writing(engine_url: str) -> None:
    engine = create_engine(engine_url)
    with engine.begin() as connection:
        KeyFolders(connection).learn("known")
        writes(connection)
        assert KeyFolders(connection).known() == "known"
    forbids = "PRAGMA query_only = ON" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ ONLY"
    with engine.connect() as connection:
        connection.execute(text(forbids))
        with pytest.raises(DBAPIError):
            writes(connection)
    engine.dispose()


def test_a_sqlite_file_that_can_hardly_grow_has_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/lartraff.db?timeout=5"
    assert condition.has_room(url)
    monkeypatch.setattr(
        condition, "disk_usage", lambda place: SimpleNamespace(free=0 if place == tmp_path else 1 << 40)
    )
    assert not condition.has_room(url)
    assert condition.has_room("postgresql+psycopg://bot@db.example.se/lartraff")


def test_whoever_owns_the_database_may_make_tables_and_no_other_user(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:  # and nothing of it is kept
        assert may_make_tables(connection)
        connection.execute(text("CREATE ROLE newcomer"))
        connection.execute(text("SET LOCAL ROLE newcomer"))
        assert not may_make_tables(connection)
        connection.execute(text("RESET ROLE"))
        connection.execute(text(f"ALTER DATABASE {engine.url.database} OWNER TO newcomer"))
        connection.execute(text("SET LOCAL ROLE newcomer"))
        assert may_make_tables(connection)
    engine.dispose()


def test_whoever_may_write_sqlite_s_file_may_make_tables(sqlite_url: str) -> None:
    assert examine(sqlite_url, may_make_tables)
