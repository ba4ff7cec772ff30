"""Statements on PostgreSQL that travel together, and SQLite's that are not planned anew: what must not change by it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError

from storage.libpq import libpq
from storage.prepared import Prepared
from storage.tables import deliveries, seats
from storage.unit_of_work import UnitOfWork
from storage.upsert import insert_or_ignore
from tests.flows.samples import NOW
from tests.storage.noting import at_once_on, note
from tests.storage.noting import number as prepared_number


def number(connection: Connection) -> int:
    """As SQLAlchemy reads it."""
    return connection.execute(select(func.count()).select_from(deliveries)).scalar_one()


@pytest.mark.parametrize("count", [number, prepared_number])
async def test_what_was_written_is_seen_by_whatever_reads_next(
    work: UnitOfWork, count: Callable[[Connection], int]
) -> None:
    def act(connection: Connection) -> int:
        note(connection, "a")
        note(connection, "b")
        return count(connection)

    assert await work.run(act) == 2
    assert await work.run(count) == 2


async def test_what_was_written_before_a_failure_is_gone(work: UnitOfWork) -> None:
    def fail(connection: Connection) -> None:
        note(connection, "a")
        raise KeyError

    with pytest.raises(KeyError):
        await work.run(fail)
    assert await work.run(number) == 0
    await work.run(lambda connection: note(connection, "a"))
    assert await work.run(number) == 1


async def test_a_row_that_is_there_already_fails_the_transaction_whole(work: UnitOfWork) -> None:
    await work.run(lambda connection: note(connection, "a"))

    def again(connection: Connection) -> None:
        note(connection, "b")
        note(connection, "a")

    with pytest.raises(IntegrityError):
        await work.run(again)
    assert await work.run(number) == 1


async def test_behind_a_savepoint_a_failure_takes_only_that_back(work: UnitOfWork) -> None:
    await work.run(lambda connection: note(connection, "a"))

    def act(connection: Connection) -> None:
        note(connection, "b")
        with pytest.raises(IntegrityError), connection.begin_nested():
            note(connection, "a")
        note(connection, "c")

    await work.run(act)
    assert await work.run(number) == 3


async def test_a_text_that_postgresql_cannot_store_is_refused_not_cut(on_postgresql: UnitOfWork) -> None:
    with pytest.raises(psycopg.DataError):
        await on_postgresql.run(lambda connection: note(connection, "a\0b"))


@pytest.mark.parametrize("act", [number, prepared_number, lambda connection: note(connection, "a")])
async def test_connections_that_died_while_nobody_used_them_are_not_noticed(
    on_postgresql: UnitOfWork, postgresql_url: str, act: Callable[[Connection], object]
) -> None:
    await at_once_on(on_postgresql, prepared_number)
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        killed = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
        assert len(killed.all()) > 1
    engine.dispose()
    await on_postgresql.run(act)


async def test_statements_that_the_server_forgot_are_prepared_again(on_postgresql: UnitOfWork) -> None:
    def forget(connection: Connection) -> None:
        prepared_number(connection)
        connection.execute(text("DEALLOCATE ALL"))

    await at_once_on(on_postgresql, forget)
    assert [await on_postgresql.run(prepared_number) for _ in range(10)] == [0] * 10


async def test_a_transaction_that_failed_unseen_is_not_taken_for_committed(on_postgresql: UnitOfWork) -> None:
    def swallow(connection: Connection) -> None:
        note(connection, "a")
        with pytest.raises(psycopg.Error):
            libpq(connection).rows("SELECT 1/0", ())

    with pytest.raises(psycopg.Error):
        await on_postgresql.run(swallow)
    assert await on_postgresql.run(number) == 0


def test_values_that_never_change_are_part_of_the_statement(sqlite_url: str) -> None:
    taken = Prepared(select(seats.c.id).where(seats.c.state == "confirmed", seats.c.person == bindparam("person")))
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        taken.all(connection, person="p")
        plan = taken._forms["sqlite"]
    engine.dispose()
    assert (plan.names, dict(plan.constants)) == (("person",), {})
    assert "'confirmed'" in plan.sql


async def test_insert_or_ignore_still_tells_whether_the_row_is_new(work: UnitOfWork) -> None:
    key = {"platform": "slack", "workspace": "W1", "delivery": "a", "reply": "{}", "received_at": NOW}
    told = [await work.run(lambda connection: insert_or_ignore(connection, deliveries, **key)) for _ in range(2)]
    assert told == [True, False]


async def test_after_a_savepoint_was_rolled_back_the_transaction_goes_on(on_postgresql: UnitOfWork) -> None:
    """Psycopg prepares what it has executed often, and lets the server forget all statements with a rollback."""

    def act(connection: Connection) -> int:
        note(connection, "a")
        assert prepared_number(connection) == 1
        for _often in range(8):
            number(connection)
        with connection.begin_nested() as savepoint:
            note(connection, "b")
            savepoint.rollback()
        note(connection, "c")
        return prepared_number(connection)

    assert await on_postgresql.run(act) == 2
