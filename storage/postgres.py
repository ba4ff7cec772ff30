"""The unit of work on PostgreSQL: transactions side by side in the event loop, each suspended while it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected, InvalidSqlStatementName
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from storage.libpq import ConnectionLost, Driver, Libpq, libpq
from storage.line import Line
from storage.suspension import Wait, aside, at_once, enter
from storage.trouble import original
from storage.undoing import kept_or_undone
from storage.unit_of_work import Piece

T = TypeVar("T")

_CONNECTIONS = 10
"""To PostgreSQL, for each process: enough to wait for the disk together, few beside the server's usual hundred."""

_ANEW = (ConnectionLost, InvalidSqlStatementName, DeadlockDetected)
"""Errors that are found out before anything is committed, and that the same work need not meet again."""

_TRIES = 4

_FAILS_SOON = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",  # milliseconds
}
"""A server that falls silent is given up after some 25 seconds, where Linux would wait for it for a quarter of an hour,
or two hours. What the site's own URL says goes before."""

_LONGEST_WAIT = 5
"""Seconds that scrubbing waits for a table, since everybody else waits behind it."""


class PostgresUnitOfWork:
    """A transaction for each piece of work, so many at a time, each on a connection that is kept for the next."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)
        self._line: Line[Piece] = Line()
        self._threads = ThreadPoolExecutor(_CONNECTIONS, "postgres")
        self._idle: list[Connection] = []
        self._at_work = 0
        self._all_idle = asyncio.Event()
        self._all_idle.set()

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await self._done(work, patient=False)

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        return await self._done(work, patient=True)

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        return await self.run(work)  # here every transaction is one piece of work's own

    async def scrub(self, *tables: str) -> None:
        await asyncio.to_thread(_scrub, self._url, tables)

    async def close(self) -> None:
        await self._all_idle.wait()
        self._threads.shutdown()
        for connection in self._idle:
            connection.close()
        self._engine.dispose()

    async def _done(self, work: Callable[[Connection], T], *, patient: bool) -> T:
        piece = Piece(work, asyncio.get_running_loop().create_future(), patient=patient)
        self._line.join(piece)
        if self._at_work < _CONNECTIONS:
            enter(self._serve)
        result: T = await piece.future
        return result

    def _serve(self) -> None:
        """Serve the line on one connection until nobody stands in it."""
        connection = self._idle.pop() if self._idle else None
        self._at_work += 1
        self._all_idle.clear()
        try:
            while pieces := self._line.next(1):
                connection = self._do(connection, *pieces)
        finally:
            self._at_work -= 1
            if connection is not None:
                self._idle.append(connection)
            if not self._at_work:
                self._all_idle.set()

    def _do(self, connection: Connection | None, piece: Piece) -> Connection | None:
        """Do what takes time on purpose in a thread, and all else here; the connection, if there is one now."""
        wait = partial(aside, self._threads)
        try:
            connection = connection or wait(self._engine.connect)
            if piece.patient:
                _let_go(connection)
                piece.result = wait(partial(_transact, connection, piece.work, at_once))
            else:
                piece.result = _transact(connection, piece.work, wait)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            piece.error = error
        piece.settle()
        return connection


def _engine(url: str) -> Engine:
    """An engine on whose connections statements are gathered, unless something is executed by other means."""
    given = make_url(url)
    engine = create_engine(given.set(query={**_FAILS_SOON, **given.query}), pool_size=_CONNECTIONS, max_overflow=0)

    @event.listens_for(engine, "do_connect")
    def connect(dialect: object, record: object, given: tuple[Any, ...], named: dict[str, Any]) -> Driver:
        return Driver.connect(*given, **named)

    @event.listens_for(engine, "connect")
    def gather(driver: psycopg.Connection[Any], record: ConnectionPoolEntry) -> None:
        record.info["libpq"] = Libpq(driver, gathers=True)

    @event.listens_for(engine, "rollback_savepoint")
    def prepare_anew(connection: Connection, *_: object) -> None:
        """Psycopg lets the server forget all statements then, and the transaction goes on."""
        libpq(connection).prepare_anew()

    @event.listens_for(engine, "before_cursor_execute")
    def flush(connection: Connection, *_: object) -> None:
        libpq(connection).flush()

    return engine


def _scrub(url: str, tables: Sequence[str]) -> None:
    """Write the tables anew without what was deleted: over a connection of its own, since it needs no transaction."""
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as own:
        own.autocommit = True
        own.execute(f"SET lock_timeout = '{_LONGEST_WAIT}s'".encode())
        for table in tables:
            own.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))


def _let_go(connection: Connection) -> None:
    """Let the event loop not listen while a thread does."""
    if not connection.invalidated:
        libpq(connection).socket.let_go()


def _transact(connection: Connection, work: Callable[[Connection], T], wait: Wait) -> T:
    """Run the work in a transaction of its own.

    Once more if the connection proved to be another than known, or the work and that of others held each other up;
    which may happen again, as whoever gave way is soon back.
    """
    for _ in range(_TRIES - 1):
        try:
            return _try(connection, work, wait)
        except Exception as error:
            if not isinstance(original(error), _ANEW):
                raise
    return _try(connection, work, wait)


def _revive(connection: Connection) -> None:
    """Connect anew, as SQLAlchemy does when it is asked for the driver's connection."""
    _ = connection.connection


def _try(connection: Connection, work: Callable[[Connection], T], wait: Wait) -> T:
    if connection.invalidated:
        wait(partial(_revive, connection))
    with kept_or_undone(connection), connection.begin():
        own = libpq(connection)
        try:
            result = work(connection)
            own.commit()
        except BaseException:
            own.forget()
            if own.lost:
                connection.invalidate()  # the next transaction gets another one
            raise
    return result
