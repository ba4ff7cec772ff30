"""PostgreSQL's own client library under psycopg's connection, for the statements that every event needs.

A statement through a psycopg cursor takes 75 µs of this process's time, the same one handed to libpq 20 µs. What is
dearest then is to wait for the server, so that what needs no answer travels with what does.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

Rows = list[tuple[Any, ...]]

_FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class ConnectionLost(Exception):
    """The connection was found dead before anything had been done on it."""


class Libpq:
    """One connection. psycopg sees what happens here: it asks libpq for the state of the transaction, as we do.

    With `gathers`, a statement without an answer is sent together with the next one that has one, or with the commit;
    its error comes then. Whoever sets it calls `flush` before psycopg executes anything.
    """

    def __init__(self, driver: psycopg.Connection[Any], *, gathers: bool = False) -> None:
        self._connection = driver.pgconn
        self._values = Transformer(driver)
        self._gathers = gathers
        self._names: dict[str, bytes] = {}  # of the statements that the server has prepared
        self._numbers = count()  # no name is given twice: the server may know more of ours than we still do
        self._gathered: list[tuple[bytes, Any]] = []  # names with values
        self._unbegun = False  # whether BEGIN is still to be sent
        self._readable, self._ready = select.poll(), select.poll()
        self._readable.register(self._connection.socket, select.POLLIN)
        self._ready.register(self._connection.socket, select.POLLIN | select.POLLOUT)

    @property
    def lost(self) -> bool:
        """Whether nothing can be done on the connection any more."""
        return self._connection.status == ConnStatus.BAD

    def run(self, sql: str, values: Sequence[Any]) -> None:
        """Execute a statement whose answer nobody needs. The values stand in the places `$1`, `$2` and so on."""
        self._gathered.append(self._bound(sql, values))
        if not self._gathers:
            self.flush()

    def rows(self, sql: str, values: Sequence[Any]) -> Rows:
        """Every row of a statement."""
        name, given = self._bound(sql, values)
        if self._unbegun or self._gathered:
            self._gathered.append((name, given))
            result = self._exchange()
        else:
            result = self._good(self._connection.exec_prepared(name, given))
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)

    def flush(self) -> None:
        """Begin the transaction, if that is still to be done, and send what has been gathered."""
        self._begin()
        if self._unbegun or self._gathered:
            self._exchange()

    def commit(self) -> None:
        """Commit what was begun here or by psycopg; raises when anything of it fails, and then it is for nothing."""
        if self._unbegun:
            self._exchange()  # not with the commit, of which one could not know whether it was done
        if self._connection.transaction_status != TransactionStatus.IDLE:
            done = self._exchange(b"COMMIT")
            if done.command_status != b"COMMIT":
                raise psycopg.OperationalError("the transaction had failed and was rolled back")

    def forget(self) -> None:
        """Leave unsent what has been gathered: the transaction is being rolled back."""
        self._unbegun = False
        self._gathered.clear()

    def prepare_anew(self) -> None:
        """Take it that the server knows none of our statements any more."""
        self._names.clear()

    def _bound(self, sql: str, values: Sequence[Any]) -> tuple[bytes, Any]:
        """The name under which the server knows the statement, with the values as it reads them."""
        self._begin()
        name = self._names.get(sql) or self._prepared(sql)
        return name, self._values.dump_sequence(values, _as_text(len(values)))

    def _begin(self) -> None:
        """A transaction begins with what is sent next."""
        if not self._unbegun and self._connection.transaction_status == TransactionStatus.IDLE:
            self._unbegun = True

    def _prepared(self, sql: str) -> bytes:
        name = b"lartraff_%d" % next(self._numbers)
        try:
            self._good(self._connection.prepare(name, sql.encode()))
        except psycopg.Error as error:
            raise self._explained(error) from error
        self._names[sql] = name
        return name

    def _exchange(self, command: bytes = b"") -> PGresult:
        """Send all that has been gathered, and the command after it, at once; the last one's result."""
        connection = self._connection
        try:
            connection.enter_pipeline_mode()
            number = self._send(command)
            connection.pipeline_sync()
            results = [self._next_result() for _ in range(number)]
            self._next_result(of_sync=True)
            connection.exit_pipeline_mode()
            return [self._good(result) for result in results][-1]
        except psycopg.Error as error:
            raise self._explained(error) from error
        finally:
            self.forget()

    def _send(self, command: bytes) -> int:
        """Send what has been gathered and the command, and tell how many results there will be."""
        if self._unbegun:
            self._connection.send_query_params(b"BEGIN", None)
        for name, given in self._gathered:
            self._connection.send_query_prepared(name, given)
        if command:
            self._connection.send_query_params(command, None)
        return self._unbegun + len(self._gathered) + bool(command)

    def _explained(self, error: psycopg.Error) -> Exception:
        return ConnectionLost(str(error)) if self._unbegun and self.lost else error

    def _next_result(self, *, of_sync: bool = False) -> PGresult:
        found = self._result()
        if found is None:
            raise psycopg.OperationalError("the connection is lost")
        if not of_sync:
            self._result()  # nothing: there is no second one
        return found

    def _result(self) -> PGresult | None:
        """What libpq has next; others may run while it has not come."""
        connection = self._connection
        while connection.is_busy():
            (self._ready if connection.flush() else self._readable).poll()
            connection.consume_input()
        return connection.get_result()

    def _good(self, result: PGresult) -> PGresult:
        if result.status in _FINE:
            return result
        error = error_from_result(result)
        if isinstance(error, psycopg.IntegrityError):
            raise IntegrityError(None, None, error) from error
        if isinstance(error, InvalidSqlStatementName):
            self.prepare_anew()  # psycopg let the server forget its own statements, and with them ours
        raise error


def libpq(connection: Connection) -> Libpq:
    """The connection's own way to its server, the same one for as long as it lives."""
    known: Libpq | None = connection.info.get("libpq")
    if known is None:
        driver: Any = connection.connection.driver_connection
        known = connection.info["libpq"] = Libpq(driver)
    return known


def run(connection: Connection, sql: str, values: Sequence[Any]) -> None:
    """Execute a statement without an answer; behind a savepoint at once, for its error belongs there."""
    own = libpq(connection)
    own.run(sql, values)
    if connection.in_nested_transaction():
        own.flush()


def rows(connection: Connection, sql: str, values: Sequence[Any]) -> Rows:
    """Every row of a statement."""
    return libpq(connection).rows(sql, values)


@cache
def _as_text(number: int) -> tuple[PyFormat, ...]:
    """How so many values are written: the statement says what type each is."""
    return (PyFormat.TEXT,) * number
