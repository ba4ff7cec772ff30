"""PostgreSQL's own client library under psycopg's connection, for the statements that every event needs.

A statement through a psycopg cursor takes 75 µs of this process's time, the same one handed to libpq 20 µs. What is
dearest then is to wait for the server, so that what needs no answer travels with what does, and what is certain to be
asked next is asked along.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import cache
from itertools import count
from typing import Any, TypeVar

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage.suspension import Socket, is_suspendable

T = TypeVar("T")

Rows = list[tuple[Any, ...]]
_Question = tuple[Any, ...]  # a statement's SQL and its values

_FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class ConnectionLost(psycopg.OperationalError):
    """The connection was found dead before anything had been done on it."""


class Driver(psycopg.Connection[Any]):
    """psycopg's connection, which waits by suspension whenever whoever uses it can be suspended."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.socket = Socket(self.pgconn.socket)

    def wait(self, gen: Generator[Wait, Ready | int, T], *given: Any, **named: Any) -> T:
        """Go through a step of psycopg's, which says what it waits for."""
        if not is_suspendable():
            return super().wait(gen, *given, **named)
        try:
            wanted = next(gen)
            while True:
                self.socket.wait(to_write=bool(wanted & Wait.W))
                wanted = gen.send(Ready.RW)  # it tries both, and waits again for what it still wants
        except StopIteration as end:
            result: T = end.value
            return result
        except psycopg.OperationalError:
            self.socket.let_go()  # libpq may have closed it
            raise

    def close(self) -> None:
        self.socket.let_go()
        super().close()


class Libpq:
    """One connection. psycopg sees what happens here: it asks libpq for the state of the transaction, as we do.

    With `gathers`, a statement without an answer is sent together with the next one that has one, or with the commit;
    its error comes then. Whoever sets it calls `flush` before psycopg executes anything.
    """

    def __init__(self, driver: psycopg.Connection[Any], *, gathers: bool = False) -> None:
        self._connection: PGconn = driver.pgconn
        self.socket = driver.socket if isinstance(driver, Driver) else Socket(driver.pgconn.socket)
        self._values = Transformer(driver)
        self._gathers = gathers
        self._names: dict[str, bytes] = {}  # of the statements that the server has prepared
        self._numbers = count()  # no name is given twice: the server may know more of ours than we still do
        self._gathered: list[tuple[bytes, Any, _Question | None]] = []  # names, values, and what was asked ahead
        self._ahead: dict[_Question, PGresult | None] = {}  # nothing yet while it is still to be sent
        self._unbegun = False  # whether BEGIN is still to be sent

    @property
    def lost(self) -> bool:
        """Whether nothing can be done on the connection any more."""
        return self._connection.status == ConnStatus.BAD

    def run(self, sql: str, values: Sequence[Any]) -> None:
        """Execute a statement whose answer nobody needs. The values stand in the places `$1`, `$2` and so on."""
        self._doubt()
        self._gathered.append((*self._bound(sql, values), None))
        if not self._gathers:
            self.flush()

    def ask_ahead(self, sql: str, values: Sequence[Any], *, changes: bool) -> None:
        """Send a statement along with the next one; `rows` of the very same then has its answer at once.

        If anything is written or locked in between, it is asked anew.
        """
        if not self._gathers:
            return
        if changes:
            self._doubt()
        question = (sql, *values)
        self._gathered.append((*self._bound(sql, values), question))
        self._ahead[question] = None

    def rows(self, sql: str, values: Sequence[Any], *, changes: bool = True) -> Rows:
        """Every row of a statement. When it `changes` (writes or locks), what was asked ahead of it may be old."""
        result = self._asked_ahead(sql, values) if self._ahead else None
        if result is None:
            result = self._ask(sql, values, changes=changes)
        self._values.set_pgresult(result)
        return self._values.load_rows(0, result.ntuples, tuple)

    def flush(self) -> None:
        """Begin the transaction, if that is still to be done, and send what has been gathered."""
        self._doubt()
        self._begin()
        if self._unbegun or self._gathered:
            self._exchange()

    def commit(self) -> None:
        """Commit what was begun here or by psycopg; raises when anything of it fails, and then it is for nothing."""
        self._doubt()
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
        self._ahead.clear()

    def prepare_anew(self) -> None:
        """Take it that the server knows none of our statements any more."""
        self._names.clear()

    def _doubt(self) -> None:
        """Let all that was asked ahead be asked anew by whoever still wants it."""
        if self._ahead:
            self._ahead.clear()
            self._gathered = [one for one in self._gathered if one[2] is None]

    def _asked_ahead(self, sql: str, values: Sequence[Any]) -> PGresult | None:
        """The answer to what was asked ahead; None when it was not, or has been doubted since."""
        question = (sql, *values)
        if question not in self._ahead:
            return None
        if self._ahead[question] is None:
            self._exchange()
        return self._ahead.pop(question)

    def _ask(self, sql: str, values: Sequence[Any], *, changes: bool) -> PGresult:
        if changes:
            self._doubt()
        name, given = self._bound(sql, values)
        if not self._unbegun and not self._gathered:
            return self._alone(name, given)
        self._gathered.append((name, given, None))
        return self._exchange()

    def _alone(self, name: bytes, given: Any) -> PGresult:
        """Send one statement with nothing beside it, which is a little quicker than a pipeline."""
        self._connection.send_query_prepared(name, given)
        return self._good(self._result_of_statement())

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
            self._connection.send_prepare(name, sql.encode())
            self._good(self._result_of_statement())
        except psycopg.Error as error:
            raise self._explained(error) from error
        self._names[sql] = name
        return name

    def _exchange(self, command: bytes = b"") -> PGresult:
        """Send all that has been gathered, and the command after it, at once; the last one's result."""
        connection = self._connection
        ahead, self._ahead = self._ahead, {}  # if anything fails here, no answer is of use
        try:
            connection.enter_pipeline_mode()
            number = self._send(command)
            connection.pipeline_sync()
            results = [self._result_of_statement() for _ in range(number)]
            self._next_result()  # of the sync
            connection.exit_pipeline_mode()
            for result in results:
                self._good(result)
            if ahead:
                self._ahead = ahead | self._answers(results)
        except psycopg.Error as error:
            raise self._explained(error) from error
        finally:
            self._unbegun = False
            self._gathered.clear()
        return results[-1]

    def _answers(self, results: Sequence[PGresult]) -> dict[_Question, PGresult | None]:
        """The answers to what was asked ahead, among what came back."""
        sent = zip(self._gathered, results[self._unbegun :], strict=False)  # after them, perhaps, of a command
        return {question: result for (_name, _values, question), result in sent if question is not None}

    def _send(self, command: bytes) -> int:
        """Send what has been gathered and the command, and tell how many results there will be."""
        if self._unbegun:
            self._connection.send_query_params(b"BEGIN", None)
        for name, given, _question in self._gathered:
            self._connection.send_query_prepared(name, given)
        if command:
            self._connection.send_query_params(command, None)
        return self._unbegun + len(self._gathered) + bool(command)

    def _explained(self, error: psycopg.Error) -> Exception:
        return ConnectionLost(str(error)) if self._unbegun and self.lost else error

    def _result_of_statement(self) -> PGresult:
        found = self._next_result()
        self._connection.get_result()  # nothing: there is no second one, and libpq knows without waiting
        return found

    def _next_result(self) -> PGresult:
        """What libpq has next; waits as long as it has not come."""
        while self._connection.is_busy():
            self._wait()
        found = self._connection.get_result()
        if found is None:
            raise psycopg.OperationalError("the connection is lost")
        return found

    def _wait(self) -> None:
        """Wait until something comes; others may run meanwhile."""
        try:
            self.socket.wait(to_write=bool(self._connection.flush()))
            self._connection.consume_input()
        except psycopg.OperationalError:
            self.socket.let_go()  # libpq may have closed it
            raise

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


def ask_ahead(connection: Connection, sql: str, values: Sequence[Any], *, changes: bool) -> None:
    """Send a statement along with the next one; `rows` of the very same then has its answer at once."""
    libpq(connection).ask_ahead(sql, values, changes=changes)


def rows(connection: Connection, sql: str, values: Sequence[Any], *, changes: bool) -> Rows:
    """Every row of a statement."""
    return libpq(connection).rows(sql, values, changes=changes)


@cache
def _as_text(number: int) -> tuple[PyFormat, ...]:
    """How so many values are written: the statement says what type each is."""
    return (PyFormat.TEXT,) * number
