"""Transactions in the event loop's thread: it goes on whatever one of them waits for, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial

import psycopg
import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import OperationalError

from storage.libpq import libpq
from storage.suspension import Socket
from storage.tables import deliveries
from storage.unit_of_work import SqliteUnitOfWork, UnitOfWork, sqlite_engine, unit_of_work
from tests.flows.samples import NOW
from tests.storage.noting import LOCK, note, number

_BY_SQLALCHEMY = select(deliveries.c.reply).where(deliveries.c.delivery == "a").with_for_update()
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
_MANY_BYTES = "å" * 6_000_000  # more than a socket takes at once


def thread(connection: Connection) -> int:
    number(connection)
    return threading.get_ident()


@pytest.fixture
async def on_postgresql(on_postgresql: UnitOfWork) -> UnitOfWork:
    """With one delivery."""
    await on_postgresql.run(lambda connection: note(connection, "a"))
    return on_postgresql


async def test_what_somebody_waits_for_is_done_by_the_event_loop_and_what_can_wait_is_not(work: UnitOfWork) -> None:
    assert await work.run(thread) == threading.get_ident()
    assert await work.run_alone(thread) == threading.get_ident()
    assert await work.run_behind(thread) != threading.get_ident()
    assert await work.run(thread) == threading.get_ident()


async def test_what_is_done_here_and_what_is_done_in_threads_takes_turns_on_the_same_connections(
    work: UnitOfWork,
) -> None:
    """A thread reads from a socket that the event loop has listened to, and the other way round."""

    def act(connection: Connection, name: str) -> None:
        note(connection, name)
        number(connection)

    kinds = (work.run, work.run_behind, work.run_alone)
    for turn in range(5):
        await asyncio.gather(*(kinds[n % 3](partial(act, name=f"{turn}-{n}")) for n in range(60)))
    assert await work.run(number) == 300


async def test_what_fails_in_a_thread_fails_for_whoever_waits(work: UnitOfWork) -> None:
    def fail(connection: Connection) -> None:
        note(connection, "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work.run_behind(fail)
    assert await work.run_behind(number) == 0


def by_prepared(connection: Connection) -> None:
    LOCK.first(connection, delivery="a")


def by_sqlalchemy(connection: Connection) -> None:
    connection.execute(_BY_SQLALCHEMY)


@pytest.mark.parametrize("lock", [by_prepared, by_sqlalchemy])
async def test_one_that_waits_for_a_lock_lets_its_holder_go_on(
    on_postgresql: UnitOfWork, lock: Callable[[Connection], None]
) -> None:
    """Both are in one thread: if the one kept it while waiting, nobody would ever let the row go."""
    order, held = list[str](), asyncio.Event()

    def holder(connection: Connection) -> None:
        LOCK.first(connection, delivery="a")
        held.set()
        while not connection.execute(_WAITING).scalar_one():
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        order.append("holder")

    def other(connection: Connection) -> None:
        connection.execute(text("SET LOCAL lock_timeout = '20s'"))
        lock(connection)
        order.append("other")

    holding = asyncio.ensure_future(on_postgresql.run(holder))
    await held.wait()
    await on_postgresql.run(other)
    await holding
    assert order == ["holder", "other"]


async def test_another_program_that_writes_keeps_only_those_waiting_who_write(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    await work.run(number)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(work.run(number))
        for _round in range(100):
            await asyncio.sleep(0)
        assert not waiting.done()
        other_program.execute("COMMIT")
        assert await waiting == 0
    await work.close()


async def test_another_program_that_writes_for_too_long_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.unit_of_work._PATIENCE", 0.01)
    work = unit_of_work(sqlite_url)
    await work.run(number)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await work.run(number)
        other_program.execute("COMMIT")
        assert await work.run(number) == 0
    await work.close()


async def test_sqlite_never_waits_for_a_lock_or_the_disk_in_the_event_loop(sqlite_url: str) -> None:
    engine, committed_in = sqlite_engine(sqlite_url), set[int]()
    event.listen(engine, "commit", lambda _connection: committed_in.add(threading.get_ident()))
    work = SqliteUnitOfWork(engine)
    asked = "PRAGMA busy_timeout"
    assert await work.run(lambda connection: connection.exec_driver_sql(asked).scalar_one()) == 0
    assert committed_in
    assert threading.get_ident() not in committed_in
    await work.close()


async def test_the_event_loop_goes_on_while_a_server_does_not_answer() -> None:
    asked, farewell = asyncio.Event(), asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await farewell.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        work = unit_of_work(f"postgresql+psycopg://nobody@127.0.0.1:{port}/none?sslmode=disable")
        waiting = asyncio.ensure_future(work.run(number))
        await asked.wait()
        farewell.set()
        with pytest.raises(OperationalError):
            await waiting
        await work.close()


async def test_what_was_begun_is_finished_when_nobody_waits_for_it_any_more(work: UnitOfWork) -> None:
    begun = asyncio.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        note(connection, "a")
        number(connection)

    waiting = asyncio.ensure_future(work.run(slow))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(10):
        while not await work.run(number):  # on PostgreSQL it may be done on another connection sooner than the first
            pass


async def test_closing_waits_for_what_is_under_way(engine_url: str) -> None:
    work = unit_of_work(engine_url)
    events = [asyncio.ensure_future(work.run(partial(note, delivery=str(n)))) for n in range(30)]
    await asyncio.sleep(0)
    await work.close()
    assert all(event.done() for event in events)


def test_one_unit_of_work_serves_one_event_loop_after_the_other(engine_url: str) -> None:
    work = unit_of_work(engine_url)

    async def act() -> int:
        await work.run(lambda connection: note(connection, str(number(connection))))
        return await work.run(number)

    assert [asyncio.run(act()) for _loop in range(3)] == [1, 2, 3]
    asyncio.run(work.close())


def note_by_sqlalchemy(connection: Connection, delivery: str, reply: str) -> None:
    row = {"platform": "slack", "workspace": "W1", "delivery": delivery, "reply": reply, "received_at": NOW}
    connection.execute(insert(deliveries), row)


@pytest.mark.parametrize("write", [note, note_by_sqlalchemy])
async def test_what_a_socket_does_not_take_at_once_is_sent_all_the_same(
    on_postgresql: UnitOfWork, write: Callable[[Connection, str, str], object]
) -> None:
    def act(connection: Connection) -> str:
        write(connection, "large", _MANY_BYTES)
        return str(connection.execute(select(deliveries.c.reply).where(deliveries.c.delivery == "large")).scalar_one())

    assert await on_postgresql.run(act) == _MANY_BYTES


async def test_a_server_that_says_farewell_is_heard_once(
    on_postgresql: UnitOfWork, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a connection can be read for ever: an event loop that kept listening would never rest again."""
    sockets, told = list[Socket](), list[Socket]()
    await on_postgresql.run(lambda connection: sockets.append(libpq(connection).socket))
    let_go = Socket.let_go

    def noted(socket: Socket) -> None:
        told.append(socket)
        let_go(socket)

    monkeypatch.setattr(Socket, "let_go", noted)
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    for _round in range(20):
        await asyncio.sleep(0)
    assert told == sockets
    assert await on_postgresql.run(number) == 1
