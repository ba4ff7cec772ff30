"""An upgraded database has exactly the tables that the code works with, on both databases."""

import os
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, create_engine, delete, insert, inspect, select, text

from storage import migrate
from storage.condition import revision, takes_writes
from storage.tables import REVISION, actors, metadata, people
from storage.unit_of_work import sqlite_engine

FORGOTTEN = "storage/tables has changed since the last revision: python -m storage.migrate 'what changes'"

SEEN_IN = {  # all that a database knows of its tables: also the WHERE of an index, which Alembic does not compare
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version' ORDER BY name",
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND conrelid IS DISTINCT FROM to_regclass('alembic_version')
        UNION ALL SELECT table_name || ' ' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        ORDER BY 1, 2""",
}


@pytest.fixture
def engine(engine_url: str) -> Iterator[Engine]:
    engine = create_engine(engine_url)
    yield engine
    engine.dispose()


Schema = list[tuple[str, list[str]]]


def schema(connection: Connection) -> Schema:
    """Everything by name; the order of a table's columns and constraints has no meaning to us.

    On SQLite a default in parentheses and a table's name in quotes say nothing; an added column is on the last line.
    """
    seen = connection.execute(text(SEEN_IN[connection.dialect.name]))
    plain = [
        (name, re.sub(r"DEFAULT \((true|false|'')\)", r"DEFAULT \1", (sql or "").replace('"', "")))
        for name, sql in seen
    ]
    return [(name, sorted(part.strip() for part in re.split(r",?\s*\n|, (?=\w+ [A-Z])", sql))) for name, sql in plain]


@pytest.fixture
def meant(engine: Engine) -> Schema:
    """What storage/tables makes of the database, which is empty again afterwards."""
    with engine.begin() as connection:
        made = schema(connection)
        metadata.drop_all(connection)
    return made


def test_an_upgraded_database_has_the_tables_and_indexes_of_the_code(
    engine: Engine, engine_url: str, meant: Schema
) -> None:
    migrate.upgrade(engine_url)
    with engine.connect() as connection:
        assert schema(connection) == meant, FORGOTTEN
        assert compare_metadata(MigrationContext.configure(connection), metadata) == [], FORGOTTEN


def test_upgrading_twice_changes_nothing(engine: Engine, engine_url: str, meant: Schema) -> None:
    migrate.upgrade(engine_url)
    migrate.upgrade(engine_url)
    with engine.connect() as connection:
        assert schema(connection) == meant
        assert revision(connection) == migrate.head() == migrate.current(engine_url)


def test_the_comparison_would_notice_another_condition_of_an_index(
    engine: Engine, engine_url: str, meant: Schema
) -> None:
    migrate.upgrade(engine_url)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_runs_open"))
        connection.execute(text("CREATE UNIQUE INDEX uq_runs_open ON runs (platform, workspace, flow) WHERE done"))
        assert schema(connection) != meant


@pytest.mark.usefixtures("meant")
def test_every_revision_leads_back_to_an_empty_database_and_up_again(engine: Engine, engine_url: str) -> None:
    migrate.upgrade(engine_url)
    with migrate._transaction(engine_url) as connection:
        command.downgrade(migrate._config(connection), "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate.upgrade(engine_url)
    assert migrate.current(engine_url) == migrate.head()


@pytest.mark.usefixtures("meant")
def test_a_failed_upgrade_leaves_the_database_as_it_was(engine: Engine, engine_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seats (id INTEGER)"))  # in the way of the first revision
    with pytest.raises(Exception, match="seats"):
        migrate.upgrade(engine_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["seats"]


@pytest.mark.usefixtures("meant")
def test_upgrades_at_the_same_time_take_turns(engine_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate.upgrade(engine_url), range(4)))
    assert migrate.current(engine_url) == migrate.head()


def someone_with_an_account(connection: Connection) -> None:
    now = datetime(2027, 3, 1, tzinfo=UTC)
    connection.execute(insert(people), {"id": "p1", "language": "sv", "created_at": now})
    actor = {"platform": "slack", "workspace": "T1", "user": "U1"}
    connection.execute(insert(actors), {**actor, "person": "p1", "seen_at": now})


def test_changing_a_table_keeps_the_rows_that_refer_to_it(engine: Engine, engine_url: str) -> None:
    with engine.begin() as connection:
        someone_with_an_account(connection)
    with migrate._transaction(engine_url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("people") as table:
            table.alter_column("name", nullable=True)
    with engine.connect() as connection:
        assert connection.execute(select(actors.c.person)).scalar_one() == "p1"


def test_an_upgrade_that_would_orphan_a_row_is_taken_back(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        someone_with_an_account(connection)
    with pytest.raises(RuntimeError, match="actors"), migrate._transaction(sqlite_url) as connection:
        connection.execute(delete(people))
    with engine.connect() as connection:
        assert connection.execute(select(people.c.id)).scalar_one() == "p1"
    engine.dispose()


@pytest.mark.usefixtures("meant")
def test_whoever_took_part_before_it_was_noted_is_no_news_to_anybody(engine: Engine, engine_url: str) -> None:
    with migrate._transaction(engine_url) as connection:
        command.upgrade(migrate._config(connection), "eeccde0dd947")
        for statement in (
            "INSERT INTO people (id, language, created_at) VALUES ('p1', 'sv', 1)",
            "INSERT INTO programmes (id, version, document, place, loaded_at) VALUES ('p', 1, '{}', 0, 1)",
            """INSERT INTO registrations (id, programme, organisation, organisation_key, made_by, created_at)
            VALUES ('r1', 'p', 'Lund', 'SE-1281', 'p1', 7)""",
        ):
            connection.execute(text(statement))
    migrate.upgrade(engine_url)
    with engine.connect() as connection:
        seen = connection.execute(text("SELECT organisation_key, person, since, told_at FROM newcomers")).all()
    assert [tuple(row) for row in seen] == [("SE-1281", "p1", 7, 7)]


def test_the_program_knows_the_newest_revision_without_alembic() -> None:
    assert migrate.head() == REVISION, "set REVISION in storage/tables to the newest revision"


def test_a_database_file_is_made_with_its_folder(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path}/data/here/lartraff.db")
    assert (tmp_path / "data/here/lartraff.db").exists()


def test_a_new_file_and_its_journal_are_ours_alone_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        (tmp_path / "there.db").touch(0o644)
        for name, mode in (("new.db", 0o600), ("there.db", 0o644)):
            engine = sqlite_engine(f"sqlite:///{tmp_path / name}")
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE written (at INTEGER)"))
            made = [tmp_path / f"{name}{ending}" for ending in ("", "-wal", "-shm")]
            assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [mode] * 3
            engine.dispose()
    finally:
        os.umask(usual)


def test_a_database_that_was_never_upgraded_has_no_revision(engine_url: str) -> None:
    assert migrate.current(engine_url) is None


def test_trying_to_write_leaves_nothing_behind(engine: Engine) -> None:
    with engine.begin() as connection:
        takes_writes(connection)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM install_states")).scalar_one() == 0
