"""Work that wants no company: a transaction of its own, and what can only be done outside of one."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, func, insert, select, text

from storage.tables import install_states
from storage.types import from_micros
from storage.unit_of_work import SqliteUnitOfWork, UnitOfWork, sqlite_engine, unit_of_work


def adding(name: str) -> Any:
    row = {"digest": name, "browser": "b" * 500, "expires_at": from_micros(0)}

    def add(connection: Connection) -> int:
        connection.execute(insert(install_states), row)
        return int(connection.execute(select(func.count()).select_from(install_states)).scalar_one())

    return add


def failing(connection: Connection) -> None:
    adding("lost")(connection)
    raise ZeroDivisionError


async def test_what_is_done_alone_is_done_in_its_turn_and_commits_by_itself(work: UnitOfWork) -> None:
    done = await asyncio.gather(
        work.run(adding("a")), work.run_alone(adding("b")), work.run_alone(failing), work.run(adding("c")),
        return_exceptions=True,
    )  # fmt: skip
    names = await work.run(lambda connection: set(connection.execute(select(install_states.c.digest)).scalars()))
    assert names == {"a", "b", "c"}
    assert isinstance(done[2], ZeroDivisionError)


async def test_alone_means_that_no_other_work_shares_the_transaction(sqlite_url: str) -> None:
    """The writer commits together what has queued up; not so what wants to be alone."""
    engine, seen = sqlite_engine(sqlite_url), list[str]()
    event.listen(engine, "commit", lambda _connection: seen.append("|"))
    work = SqliteUnitOfWork(engine)
    alone, shared = (partial(_note, seen, name) for name in ("a", "s"))
    orders = [work.run_alone(alone), *(work.run(shared) for _ in range(3)), work.run_alone(alone), work.run(shared)]
    await asyncio.gather(*orders)
    await work.close()
    assert "".join(seen).replace("s|s", "ss").replace("s|s", "ss") == "a|sss|a|s|"


def _note(seen: list[str], name: str, _connection: Connection) -> None:
    seen.append(name)


def _stored(url: str) -> bytes:
    file = url.removeprefix("sqlite:///")
    return Path(file).read_bytes() + Path(f"{file}-wal").read_bytes()


async def test_scrubbing_leaves_no_byte_of_what_was_deleted(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    for n in range(50):
        await work.run(adding(f"needle-{n}"))
    await work.run(lambda connection: connection.execute(delete(install_states)).rowcount)
    assert b"needle" in _stored(sqlite_url), "the search finds what lingers"
    await work.scrub("install_states")
    assert b"needle" not in _stored(sqlite_url)
    await work.close()


async def test_scrubbing_needs_no_folder_but_the_database_s_own(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    await work.scrub("install_states")
    assert await work.run(lambda connection: connection.execute(text("PRAGMA temp_store")).scalar()) == 2  # memory
    await work.close()


async def test_scrubbing_that_a_reader_holds_up_says_so(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.unit_of_work._PATIENCE", 0.01)
    work, reader = unit_of_work(sqlite_url), sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    await work.run(adding("before"))
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM install_states").fetchall()
    await work.run(adding("after"))
    with pytest.raises(sqlite3.OperationalError, match="still reads"):
        await work.scrub("install_states")
    reader.close()
    await work.scrub("install_states")
    await work.close()


async def test_scrubbing_on_postgresql_gives_the_room_back(postgresql_url: str) -> None:
    work = unit_of_work(postgresql_url)
    for n in range(50):
        await work.run(adding(f"needle-{n}"))
    await work.run(lambda connection: connection.execute(delete(install_states)).rowcount)
    size = text("SELECT pg_relation_size('install_states')")
    assert await work.run(lambda connection: connection.execute(size).scalar_one()) > 0
    await work.scrub("install_states")
    assert await work.run(lambda connection: connection.execute(size).scalar_one()) == 0
    await work.close()


async def test_work_goes_on_after_scrubbing(work: UnitOfWork) -> None:
    await work.run(adding("before"))
    await work.scrub("install_states")
    assert await work.run(adding("after")) == 2
