"""One transaction an event: all of it happens, durably, or none of it does.

On SQLite a single writer thread takes everything that has queued up, runs each piece behind its own savepoint and
commits the batch once: the fsync is shared, which is what makes FULL durability cheap. On PostgreSQL each piece is a
transaction of its own, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from enum import Enum, auto
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from bot.domain.values import dataclass
from storage.line import Line

T = TypeVar("T")

_MOST_IN_A_BATCH = 64
"""Bounds how long the first in a batch waits for the others; at some 0.5 ms each that is about 30 ms."""

_FEW = 4
"""So many of the patient are served although somebody hurries: a commit should be worth its while."""

_TRIES = 100
_BETWEEN_TRIES = 0.05  # seconds


class UnitOfWork(Protocol):
    """Runs a function of a connection in one transaction; returns once it is on disk."""

    async def run(self, work: Callable[[Connection], T]) -> T: ...

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        """The same, for work that nobody waits for: where there is one writer, events go first."""

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        """The same, in a transaction that no other piece of work shares."""

    async def scrub(self, *tables: str) -> None:
        """Let nothing of what was deleted from these tables linger in the database's files or its journal.

        Raises the driver's error when somebody who still reads keeps it from being done; it may be tried again.
        """

    async def close(self) -> None: ...


def unit_of_work(url: str) -> UnitOfWork:
    """The unit of work for a database URL (`sqlite:///…` or `postgresql+psycopg://…`)."""
    if url.startswith("sqlite"):
        return SqliteUnitOfWork(sqlite_engine(url))
    from storage.postgres import PostgresUnitOfWork  # loaded only where it is needed, as psycopg is

    return PostgresUnitOfWork(url)


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions begin at once for writing (no upgrade, hence no deadlock) and are flushed fully.

    The file is made when it is missing, and so is its folder, which nobody else may look into.
    """
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # BEGIN and COMMIT are ours
        for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Company(Enum):
    """What a piece of work may share a transaction with."""

    OTHERS = auto()  # whatever else waits
    NOBODY = auto()
    NO_TRANSACTION = auto()  # it can only be done outside of one


@dataclass(slots=True)
class Piece:
    """Work that waits for a thread, and the future of whoever waits for it."""

    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    company: Company
    patient: bool = False  # nobody waits for it
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Hand the outcome over; runs in the event loop. The one who asked may have gone away meanwhile."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _use_wal(connection: Any) -> None:
    """Keep the journal beside the file. Of several that turn a new file to it at once, SQLite sends some away."""
    for attempt in range(_TRIES + 1):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == _TRIES:
                raise
            time.sleep(_BETWEEN_TRIES)
        else:
            return


class SqliteUnitOfWork:
    """The single writer thread with group commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._line: Line[Piece] = Line()
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await self._done(work, Company.OTHERS)

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        return await self._done(work, Company.OTHERS, patient=True)

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        return await self._done(work, Company.NOBODY)

    async def scrub(self, *tables: str) -> None:  # noqa: ARG002 - PostgreSQL can do it for some tables
        """The file is written anew as a whole: SQLite cannot do that for single tables."""
        await self._done(_scrub, Company.NO_TRANSACTION)

    async def _done(self, work: Callable[[Connection], T], company: Company, *, patient: bool = False) -> T:
        loop = asyncio.get_running_loop()
        piece = Piece(work, loop, loop.create_future(), company, patient)
        self._line.join(piece)
        result: T = await piece.future
        return result

    async def close(self) -> None:
        self._line.close()
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _serve(self) -> None:
        connection: Connection | None = None
        while batch := self._line.next(_MOST_IN_A_BATCH):
            try:
                connection = connection or self._engine.connect()
            except Exception as error:  # noqa: BLE001 - without a database everybody who waits is told; the next may do
                _settle_with(batch, error)
            else:
                for together in _companies(batch):
                    self._commit(connection, together)
        if connection is not None:
            connection.close()

    def _commit(self, connection: Connection, batch: list[Piece]) -> None:
        """Run the batch and commit it once; a piece that fails takes nobody with it, a failed commit takes all.

        A batch of the patient ends early when somebody hurries.
        """
        run = _run if len(batch) == 1 else _run_behind_savepoint
        bare = batch[0].company is Company.NO_TRANSACTION
        try:
            with nullcontext() if bare else connection.begin():
                for place, piece in enumerate(batch):
                    if piece.patient and place >= _FEW and self._line.somebody_hurries():
                        self._line.put_back(batch[place:])
                        del batch[place:]
                        break
                    run(connection, piece)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            _settle_with(batch, error)
        else:
            _settle_with(batch, None)


def _companies(batch: list[Piece]) -> Iterator[list[Piece]]:
    """The batch in its order, divided where a piece wants no company."""
    for alone, together in groupby(batch, lambda piece: piece.company is not Company.OTHERS):
        pieces = list(together)
        yield from ([piece] for piece in pieces) if alone else [pieces]


def _scrub(connection: Connection) -> None:
    """Write the file anew without what was deleted, and empty the journal before and after."""
    driver: Any = connection.connection.driver_connection
    for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        blocked = driver.execute(statement).fetchone() or (0,)
        if blocked[0]:
            raise sqlite3.OperationalError("somebody still reads what is to be scrubbed")


def _run(connection: Connection, piece: Piece) -> None:
    """The only piece of a transaction: when it fails, the transaction does."""
    piece.result = piece.work(connection)


def _run_behind_savepoint(connection: Connection, piece: Piece) -> None:
    driver: Any = connection.connection.driver_connection  # SQLAlchemy's own savepoints cost 40 times as much
    driver.execute("SAVEPOINT piece")
    try:
        piece.result = piece.work(connection)
    except Exception as error:  # noqa: BLE001 - handed to whoever waits for the piece
        piece.error = error
        driver.execute("ROLLBACK TO piece")
    driver.execute("RELEASE piece")


def _settle_with(batch: list[Piece], error: BaseException | None) -> None:
    """Hand every outcome over; `error` is that of each piece that has none of its own."""
    for piece in batch:
        piece.error = piece.error or error
    for loop, pieces in _by_loop(batch).items():
        loop.call_soon_threadsafe(_settle, pieces)


def _by_loop(batch: list[Piece]) -> dict[asyncio.AbstractEventLoop, list[Piece]]:
    loops: dict[asyncio.AbstractEventLoop, list[Piece]] = {}
    for piece in batch:
        loops.setdefault(piece.loop, []).append(piece)
    return loops


def _settle(pieces: list[Piece]) -> None:
    for piece in pieces:
        piece.settle()
