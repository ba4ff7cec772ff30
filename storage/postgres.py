"""The unit of work on PostgreSQL: transactions side by side, each in a thread with a connection of its own."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from psycopg import Error
from psycopg.errors import InvalidSqlStatementName
from sqlalchemy import Connection, create_engine

from storage.libpq import libpq
from storage.unit_of_work import Piece

T = TypeVar("T")

_CONNECTIONS = 10
"""To PostgreSQL, for each process: enough to wait for the disk together, few beside the server's usual hundred."""


class PostgresUnitOfWork:
    """A transaction for each piece of work, in so many threads, each with a connection that it keeps."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=_CONNECTIONS, max_overflow=0)
        self._queue: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"postgres-{number}", daemon=True)
            for number in range(_CONNECTIONS)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        piece = Piece(work, loop, loop.create_future())
        self._queue.put(piece)
        result: T = await piece.future
        return result

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
                connection = self._begun(connection)
                piece.result = _transact(connection, piece.work)
            except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                piece.error = error
            piece.loop.call_soon_threadsafe(piece.settle)
        if connection is not None:
            connection.close()

    def _begun(self, connection: Connection | None) -> Connection:
        """The connection with a transaction begun, or another one if it has been lost since it was last used."""
        if connection is not None:
            try:
                libpq(connection).begin()
            except Error:
                connection.invalidate()
                connection.close()
            else:
                return connection
        connection = self._engine.connect()
        libpq(connection).begin()
        return connection


def _transact(connection: Connection, work: Callable[[Connection], T]) -> T:
    """Run the work in the transaction that has been begun, and commit it."""
    try:
        with connection.begin():
            result = work(connection)
            libpq(connection).commit()
    except InvalidSqlStatementName:  # forgotten by the server, and by now by us; the work has left no trace
        with connection.begin():
            result = work(connection)
    return result
