"""One transaction an event: all of it happens, durably, or none of it does.

On SQLite the only writer takes everything that has queued up, runs each piece behind its own savepoint and commits the
batch once: the fsync is shared, which is what makes FULL durability cheap. On PostgreSQL each piece is a transaction of
its own. What somebody waits for runs in the event loop's thread, and only what it waits for elsewhere (decision 23).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from enum import Enum, auto
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from bot.domain.values import dataclass
from storage.line import Line
from storage.suspension import Wait, aside, at_once, breathe, enter
from storage.undoing import kept_or_undone, part_or_undone

T = TypeVar("T")

_MOST_IN_A_BATCH = 64
"""Bounds how long the first in a batch waits for the others; at some 0.5 ms each that is about 30 ms."""

_FEW = 4
"""So many of the patient are served although somebody hurries: a commit should be worth its while."""

_PATIENCE = 15  # seconds that somebody waits for another process that writes

_TRIES = 100
_BETWEEN_TRIES = 0.05  # seconds

_PRIMARY_CODE = 0xFF
"""The part of SQLite's error codes that says what it is; the rest says why."""


class UnitOfWork(Protocol):
    """Runs a function of a connection in one transaction; returns once it is on disk."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """For what somebody waits for. It runs in the event loop's thread, which does nothing else meanwhile."""

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        """For what nobody waits for, in a thread of its own; where there is one writer, events go first."""

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        """As `run`, in a transaction that no other piece of work shares."""

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

    The file is made when it is missing, and so is its folder: nobody else may look into either. The journal beside the
    file is as private as the file.
    """
    file = make_url(url).database
    if file and not file.startswith((":memory:", "file:")):
        Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):  # one that is there stays as it is
            Path(file).touch(0o600, exist_ok=False)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # BEGIN and COMMIT are ours
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
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
    """Work that waits for its turn, and the future of whoever waits for it."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    company: Company = Company.NOBODY
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
    """The only writer, with group commit: at most one batch is under way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._line: Line[Piece] = Line()
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._connection: Connection | None = None
        self._is_idle = asyncio.Event()
        self._is_idle.set()

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
        piece = Piece(work, loop.create_future(), company, patient)
        self._line.join(piece)
        if self._is_idle.is_set():
            self._is_idle.clear()
            loop.call_soon(enter, self._serve)  # whoever else has just come shares the commit
        result: T = await piece.future
        return result

    async def close(self) -> None:
        await self._is_idle.wait()
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _serve(self) -> None:
        """Serve the line until nobody stands in it, and let the event loop answer between the batches."""
        try:
            while batch := self._line.next(_MOST_IN_A_BATCH):
                for together in _companies(batch):
                    self._commit(together)
                breathe()
        finally:
            self._is_idle.set()

    def _commit(self, batch: list[Piece]) -> None:
        """Run the batch and commit it once; a piece that fails takes nobody with it, a failed commit takes all.

        What takes time on purpose is done in the thread as a whole; of all else, what waits for the disk or a lock.
        """
        wait = partial(aside, self._thread)
        try:
            connection = self._connection = self._connection or wait(partial(_connected, self._engine))
            if batch[0].company is Company.NO_TRANSACTION or batch[0].patient:
                wait(partial(self._run, connection, batch, at_once))
            else:
                self._run(connection, batch, wait)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            self._part_if_stuck(wait)
            _settle(batch, error)
        else:
            _settle(batch, None)

    def _part_if_stuck(self, wait: Wait) -> None:
        """Give up a connection whose transaction could not be ended, as on a full disk: the next one can begin anew."""
        if self._connection is not None and _is_stuck(self._connection):
            stuck, self._connection = self._connection, None
            wait(partial(_discard, stuck))

    def _run(self, connection: Connection, batch: list[Piece], wait: Wait) -> None:
        """A batch of the patient ends early when somebody hurries."""
        run = _run if len(batch) == 1 else _run_behind_savepoint
        alone = batch[0].company is Company.NO_TRANSACTION
        with kept_or_undone(connection), nullcontext() if alone else _transaction(connection, wait):
            for place, piece in enumerate(batch):
                if piece.patient and place >= _FEW and self._line.somebody_hurries():
                    self._line.put_back(batch[place:])
                    del batch[place:]
                    break
                run(connection, piece)


def _connected(engine: Engine) -> Connection:
    """A connection that never waits for a lock unless it is made to: the event loop would wait with it."""
    connection = engine.connect()
    _be_patient(connection, 0)
    return connection


def _is_stuck(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return connection.get_transaction() is not None or driver.in_transaction


def _discard(connection: Connection) -> None:
    connection.invalidate()
    connection.close()


def _be_patient(connection: Connection, seconds: float) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")


@contextmanager
def _patience(connection: Connection) -> Iterator[None]:
    """Wait for whoever holds the file, such as another process."""
    _be_patient(connection, _PATIENCE)
    try:
        yield
    finally:
        _be_patient(connection, 0)


@contextmanager
def _transaction(connection: Connection, wait: Wait) -> Iterator[None]:
    try:
        transaction = connection.begin()  # as nearly always: nobody else writes
    except OperationalError as error:
        if not _is_held(error):
            raise
        transaction = wait(partial(_begin_patiently, connection))
    with transaction:
        yield
        wait(transaction.commit)


def _is_held(error: OperationalError) -> bool:
    code: int = getattr(error.orig, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE == sqlite3.SQLITE_BUSY


def _begin_patiently(connection: Connection) -> RootTransaction:
    with _patience(connection):
        return connection.begin()


def _companies(batch: list[Piece]) -> Iterator[list[Piece]]:
    """The batch in its order, divided where a piece wants no company."""
    for alone, together in groupby(batch, lambda piece: piece.company is not Company.OTHERS):
        pieces = list(together)
        yield from ([piece] for piece in pieces) if alone else [pieces]


def _scrub(connection: Connection) -> None:
    """Write the file anew without what was deleted, and empty the journal before and after.

    SQLite's own copy on the way stays in memory: a service may have no folder for it, and it would hold everything.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA temp_store=MEMORY")
    with _patience(connection):
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
        with part_or_undone(connection):
            piece.result = piece.work(connection)
    except Exception as error:  # noqa: BLE001 - handed to whoever waits for the piece
        piece.error = error
        driver.execute("ROLLBACK TO piece")
    driver.execute("RELEASE piece")


def _settle(batch: list[Piece], error: BaseException | None) -> None:
    """Hand every outcome over; `error` is that of each piece that has none of its own."""
    for piece in batch:
        piece.error = piece.error or error
        piece.settle()
