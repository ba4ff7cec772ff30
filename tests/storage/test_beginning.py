"""How a transaction begins where another process is in the way, or the server has fallen silent."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import OperationalError

from storage.unit_of_work import unit_of_work
from tests.storage.noting import note, number


@contextmanager
def refused_once(code: int) -> Iterator[None]:
    """Let SQLite refuse to begin the next transaction, with this error code."""
    refusals = [sqlite3.OperationalError("database is locked")]
    refusals[0].sqlite_errorcode = code

    def refuse(_: Connection) -> None:
        if refusals:
            raise OperationalError("BEGIN IMMEDIATE", None, refusals.pop())

    event.listen(Engine, "begin", refuse)
    yield
    event.remove(Engine, "begin", refuse)
    assert not refusals


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY])
async def test_whoever_holds_the_file_is_waited_for(sqlite_url: str, code: int) -> None:
    work = unit_of_work(sqlite_url)
    with refused_once(code):
        await work.run(lambda connection: note(connection, "a"))
    assert await work.run(number) == 1
    await work.close()


async def test_a_file_that_cannot_be_read_is_not_waited_for(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    with refused_once(sqlite3.SQLITE_IOERR), pytest.raises(OperationalError):
        await work.run(number)
    await work.close()


def patience(connection: Connection) -> tuple[int, int, int]:
    """Whether a silent server is asked for a sign of life, after how many seconds, and when it is given up (ms)."""
    driver: psycopg.Connection[object] = connection.connection.driver_connection  # type: ignore[assignment]
    with socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
        return (
            own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            own.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
        )


@pytest.mark.parametrize(("said", "expected"), [({}, (1, 10, 25_000)), ({"keepalives_idle": "77"}, (1, 77, 25_000))])
async def test_a_server_that_falls_silent_is_given_up_before_long(
    postgresql_url: str, said: dict[str, str], expected: tuple[int, int, int]
) -> None:
    work = unit_of_work(make_url(postgresql_url).update_query_dict(said).render_as_string(hide_password=False))
    assert await work.run(patience) == expected
    await work.close()
