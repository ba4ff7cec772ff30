"""The unit of work on PostgreSQL: transactions side by side, each in a thread with a connection of its own."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected, InvalidSqlStatementName
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from storage.libpq import ConnectionLost, Libpq, libpq
from storage.unit_of_work import Company, Piece

T = TypeVar("T")

_CONNECTIONS = 10
"""To PostgreSQL, for each process: enough to wait for the disk together, few beside the server's usual hundred."""


_LONGEST_WAIT = 5
"""Seconds that scrubbing waits for a table, since everybody else waits behind it."""


class PostgresUnitOfWork:
    """A transaction for each piece of work, in so many threads, each with a connection that it keeps."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)
        self._queue: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"postgres-{number}", daemon=True)
            for number in range(_CONNECTIONS)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        piece = Piece(work, loop, loop.create_future(), Company.NOBODY)
        self._queue.put(piece)
        result: T = await piece.future
        return result

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        return await self.run(work)  # here nobody has to wait for the only writer

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        return await self.run(work)  # here every transaction is one piece of work's own

    async def scrub(self, *tables: str) -> None:
        await asyncio.to_thread(_scrub, self._url, tables)

    async def close(self) -> None:
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._engine.dispose()

    def _serve(self) -> None:
        connection: Connection | None = None
        while (piece := self._queue.get()) is not None:
            try:
                connection = connection or self._engine.connect()
                piece.result = _transact(connection, piece.work)
            except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                piece.error = error
            piece.loop.call_soon_threadsafe(piece.settle)
        if connection is not None:
            connection.close()


def _engine(url: str) -> Engine:
    """An engine on whose connections statements are gathered, unless something is executed by other means."""
    engine = create_engine(url, pool_size=_CONNECTIONS, max_overflow=0)

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


def _transact(connection: Connection, work: Callable[[Connection], T]) -> T:
    """Run the work in a transaction of its own.

    A second time if the connection proved to be another than known, or the work and that of others held each other up.
    """
    try:
        return _try(connection, work)
    except (ConnectionLost, InvalidSqlStatementName, DeadlockDetected):  # found out before anything was committed
        return _try(connection, work)


def _try(connection: Connection, work: Callable[[Connection], T]) -> T:
    with connection.begin():
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
