"""What is asked ahead on PostgreSQL: one exchange instead of several, and never an answer that is too old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
from sqlalchemy import Connection, Integer, bindparam, cast, create_engine, select, text

from storage.libpq import libpq
from storage.prepared import Prepared
from storage.tables import deliveries
from storage.unit_of_work import UnitOfWork
from tests.fixtures.round_trips import RoundTrips, counted
from tests.storage.noting import HOW_MANY, LOCK, at_once_on, note, number

_REPLY = Prepared(select(deliveries.c.reply).where(deliveries.c.delivery == bindparam("delivery")))
_WRONG = Prepared(select(cast(deliveries.c.reply, Integer).label("n")))  # a reply is no number


def reply(connection: Connection, delivery: str) -> str | None:
    found = _REPLY.first(connection, delivery=delivery)
    return found and str(found.reply)


@pytest.fixture
async def on_postgresql(on_postgresql: UnitOfWork) -> UnitOfWork:
    """With one delivery."""
    await on_postgresql.run(lambda connection: note(connection, "a"))
    return on_postgresql


@pytest.fixture
def somebody_else(postgresql_url: str) -> Iterator[Callable[[str], None]]:
    """Notes a delivery over a connection of their own."""
    engine = create_engine(postgresql_url)

    def write(delivery: str) -> None:
        with engine.begin() as connection:
            note(connection, delivery)

    yield write
    engine.dispose()


async def test_both_databases_answer_as_if_nothing_had_been_asked_ahead(work: UnitOfWork) -> None:
    def act(connection: Connection) -> tuple[object, ...]:
        HOW_MANY.ask_ahead(connection)
        _REPLY.ask_ahead(connection, delivery="a")
        before = reply(connection, "a"), number(connection)
        note(connection, "a")
        return *before, reply(connection, "a"), reply(connection, "b"), number(connection)

    assert await work.run(act) == (None, 0, "to a", None, 1)


async def test_what_is_asked_ahead_and_what_is_asked_then_are_one_exchange(on_postgresql: UnitOfWork) -> None:
    def ahead(connection: Connection) -> None:
        LOCK.ask_ahead(connection, delivery="a")
        HOW_MANY.ask_ahead(connection)
        _REPLY.ask_ahead(connection, delivery="a")
        one_after_the_other(connection)

    def one_after_the_other(connection: Connection) -> None:
        assert reply(connection, "b") is None
        assert reply(connection, "a") == "to a"
        assert LOCK.first(connection, delivery="a").reply == "to a"
        assert number(connection) == 1

    assert await waits(on_postgresql, one_after_the_other) == 4 + 1
    assert await waits(on_postgresql, ahead) == 1 + 1


async def waits(work: UnitOfWork, act: Callable[[Connection], None]) -> int:
    await at_once_on(work, act)  # everything is prepared on all connections
    with counted() as trips:
        await work.run(act)
    return trips.number


async def test_other_values_are_another_question(on_postgresql: UnitOfWork) -> None:
    def act(connection: Connection) -> tuple[str | None, ...]:
        _REPLY.ask_ahead(connection, delivery="b")
        return reply(connection, "a"), reply(connection, "b")

    assert await on_postgresql.run(act) == ("to a", None)


async def test_an_answer_counts_once(on_postgresql: UnitOfWork, somebody_else: Callable[[str], None]) -> None:
    def act(connection: Connection) -> list[int]:
        HOW_MANY.ask_ahead(connection)
        reply(connection, "a")
        somebody_else("b")
        return [number(connection), number(connection)]

    assert await on_postgresql.run(act) == [1, 2]


def write(connection: Connection) -> None:
    note(connection, "own")


def lock(connection: Connection) -> None:
    LOCK.first(connection, delivery="a")


def ask_for_a_lock(connection: Connection) -> None:
    LOCK.ask_ahead(connection, delivery="a")


def by_sqlalchemy(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


def savepoint(connection: Connection) -> None:
    connection.begin_nested()


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("meanwhile", [write, lock, ask_for_a_lock, by_sqlalchemy, savepoint])
async def test_what_was_asked_before_something_else_happens_is_asked_anew(
    on_postgresql: UnitOfWork,
    somebody_else: Callable[[str], None],
    meanwhile: Callable[[Connection], None],
    sent: bool,
) -> None:
    def act(connection: Connection) -> int:
        HOW_MANY.ask_ahead(connection)
        if sent:
            reply(connection, "a")
        meanwhile(connection)
        somebody_else("b")
        return number(connection)

    assert await on_postgresql.run(act) == (3 if meanwhile is write else 2)


async def test_the_next_transaction_knows_nothing_of_it(
    on_postgresql: UnitOfWork, somebody_else: Callable[[str], None]
) -> None:
    def ask(connection: Connection) -> None:
        HOW_MANY.ask_ahead(connection)
        reply(connection, "a")

    def ask_and_fail(connection: Connection) -> None:
        ask(connection)
        raise KeyError

    for place, act in enumerate((ask, ask_and_fail), 1):
        await asyncio.gather(*(on_postgresql.run(act) for _ in range(30)), return_exceptions=True)
        somebody_else(f"b{place}")
        assert set(await asyncio.gather(*(on_postgresql.run(number) for _ in range(30)))) == {1 + place}


async def test_an_error_comes_with_the_next_statement_and_nothing_is_committed(on_postgresql: UnitOfWork) -> None:
    def act(connection: Connection) -> None:
        note(connection, "b")
        _WRONG.ask_ahead(connection)
        with pytest.raises(psycopg.DataError):
            number(connection)
        for ask in (_WRONG.first, number):
            with pytest.raises(psycopg.errors.InFailedSqlTransaction):
                ask(connection)

    with pytest.raises(psycopg.OperationalError):
        await on_postgresql.run(act)
    assert await on_postgresql.run(number) == 1


async def test_asking_ahead_is_no_work_that_a_dead_connection_could_spoil(
    on_postgresql: UnitOfWork, postgresql_url: str
) -> None:
    def act(connection: Connection) -> None:
        HOW_MANY.ask_ahead(connection)
        _REPLY.ask_ahead(connection, delivery="a")
        assert (reply(connection, "a"), number(connection)) == ("to a", 1)

    await at_once_on(on_postgresql, act)
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as operator:
        found = operator.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        ).fetchall()
        killed = [operator.execute("SELECT pg_terminate_backend(%s)", pid) for pid in found]
    assert len(killed) >= 10
    await on_postgresql.run(act)


async def test_two_that_hold_each_other_up_are_both_done(on_postgresql: UnitOfWork) -> None:
    """The run is locked before the actor is noted as seen; another event may do it the other way round."""
    await on_postgresql.run(lambda connection: note(connection, "b"))
    tries, locked = [], []

    def act(connection: Connection, first: str, then: str) -> None:
        connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        tries.append(first)
        LOCK.first(connection, delivery=first)
        locked.append(first)
        while len(locked) < 2:  # until the other one has come as far
            number(connection)
        LOCK.first(connection, delivery=then)

    await asyncio.gather(*(on_postgresql.run(partial(act, first=one, then=other)) for one, other in ("ab", "ba")))
    assert len(tries) == 3


async def test_a_question_by_libpq_itself_is_taken_to_change_something(on_postgresql: UnitOfWork) -> None:
    def act(connection: Connection) -> RoundTrips:
        HOW_MANY.ask_ahead(connection)
        with counted() as trips:
            libpq(connection).rows("SELECT 1", ())
        return trips

    assert len((await on_postgresql.run(act)).in_vain) == 1
