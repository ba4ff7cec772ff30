"""The database's own trouble: what was held up by others is done again, and nobody takes it for their own mistake."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DeadlockDetected, UniqueViolation
from sqlalchemy import Connection, bindparam, insert, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.libpq import ConnectionLost
from storage.prepared import Prepared
from storage.tables import people
from storage.trouble import is_of_the_database
from storage.unit_of_work import UnitOfWork
from tests.flows.samples import NOW

_RENAME = update(people).where(people.c.id == bindparam("who")).values(name="ours")
_HELD_UP = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
_PREPARED = Prepared(_RENAME.returning(people.c.id))


def rename(connection: Connection, who: str) -> None:
    connection.execute(_RENAME, {"who": who})


def rename_prepared(connection: Connection, who: str) -> None:
    _PREPARED.first(connection, who=who)


@pytest.fixture
def somebody_else(postgresql_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Who never gives way: PostgreSQL rolls back whoever finds out first."""
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as other:
        other.execute("SET deadlock_timeout = '1min'")
        yield other


@pytest.mark.parametrize("act", [rename, rename_prepared])
async def test_work_that_gave_way_to_that_of_others_is_done_again(
    on_postgresql: UnitOfWork,
    somebody_else: psycopg.Connection[tuple[object, ...]],
    act: Callable[[Connection, str], None],
) -> None:
    held_up: list[Future[None]] = []

    def add(connection: Connection) -> None:
        for id in ("a", "b"):
            connection.execute(insert(people), {"id": id, "language": "sv", "created_at": NOW})

    def take(who: str) -> None:
        somebody_else.execute("UPDATE people SET name = 'theirs' WHERE id = %s", (who,))

    def take_the_other() -> None:
        take("a")
        somebody_else.commit()

    def both(connection: Connection) -> None:
        for other in held_up:
            other.result()  # they come first now that we have given way
        connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        act(connection, "a")
        if not held_up:
            held_up.append(threads.submit(take_the_other))
            while not connection.execute(_HELD_UP).scalar_one():
                pass
        act(connection, "b")

    def names(connection: Connection) -> set[str]:
        return set(connection.execute(text("SELECT name FROM people")).scalars())

    await on_postgresql.run(add)
    take("b")
    with ThreadPoolExecutor(1) as threads:
        await on_postgresql.run(both)
    assert len(held_up) == 1
    assert await on_postgresql.run(names) == {"ours"}


@pytest.mark.parametrize(
    "error",
    [
        DeadlockDetected(),
        OperationalError("", {}, DeadlockDetected()),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        ConnectionLost(),
        OperationalError("", {}, sqlite3.OperationalError("database or disk is full")),
        sqlite3.OperationalError("disk I/O error"),
    ],
)
def test_a_deadlock_a_lost_connection_and_a_full_disk_are_of_the_database(error: Exception) -> None:
    assert is_of_the_database(error)


@pytest.mark.parametrize("error", [KeyError(), UniqueViolation(), IntegrityError("", {}, UniqueViolation())])
def test_what_a_piece_of_work_does_wrong_is_not(error: Exception) -> None:
    assert not is_of_the_database(error)


def _swallowing(module: Path) -> Iterator[str]:
    """Where a part of a transaction may fail by itself, and all that it fails with is taken for its own."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Try) and any("begin_nested" in ast.unparse(part) for part in node.body):
            for handler in node.handlers:
                caught = ast.unparse(handler.type) if handler.type else "Exception"
                if caught == "Exception" and "is_of_the_database(error)" not in ast.unparse(handler.body[0]):
                    yield f"{module}:{handler.lineno}"


def test_no_part_of_a_transaction_that_fails_by_itself_goes_on_after_trouble_of_the_database() -> None:
    root = Path(__file__).parents[2]
    modules = [module for folder in ("bot", "storage") for module in (root / folder).rglob("*.py")]
    assert [place for module in modules for place in _swallowing(module)] == []
