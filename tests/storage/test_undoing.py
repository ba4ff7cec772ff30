"""What was done outside of the database is undone when the transaction is not kept, whichever way it fails."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import pytest
from sqlalchemy import Connection

from storage.undoing import otherwise
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.storage.test_failed_commits import note_what_cannot_be_kept


def promise(connection: Connection, undone: list[str], *names: str, fails: bool = False) -> None:
    for name in names:
        otherwise(connection, partial(undone.append, name))
    if fails:
        raise KeyError


async def test_work_that_is_kept_has_nothing_undone(work: UnitOfWork) -> None:
    undone: list[str] = []
    await work.run(lambda connection: promise(connection, undone, "a"))
    with pytest.raises(KeyError):
        await work.run(lambda connection: promise(connection, undone, "b", fails=True))
    assert undone == ["b"]


async def test_work_that_fails_has_all_of_it_undone_before_anybody_is_told(work: UnitOfWork) -> None:
    undone: list[str] = []
    with pytest.raises(KeyError):
        await work.run(lambda connection: promise(connection, undone, "first", "last", fails=True))
    assert undone == ["last", "first"]


async def test_a_piece_that_fails_has_nothing_undone_of_those_beside_it(work: UnitOfWork) -> None:
    undone: list[str] = []
    pieces = [work.run(partial(lambda n, c: promise(c, undone, f"{n}", fails=n == 1), n)) for n in range(3)]
    await asyncio.gather(*pieces, return_exceptions=True)
    assert undone == ["1"]


async def test_a_commit_that_fails_has_everything_undone_that_shared_it(sqlite_url: str) -> None:
    work, undone = unit_of_work(sqlite_url), list[str]()
    pieces = (lambda c: promise(c, undone, "beside"), note_what_cannot_be_kept)
    await asyncio.gather(*map(work.run, pieces), return_exceptions=True)
    assert undone == ["beside"]
    await work.close()


async def test_what_cannot_be_undone_is_logged_and_hides_nothing(
    work: UnitOfWork, caplog: pytest.LogCaptureFixture
) -> None:
    undone: list[str] = []

    def fail() -> None:
        raise OSError

    def act(connection: Connection) -> None:
        promise(connection, undone, "first")
        otherwise(connection, fail)
        raise KeyError

    with caplog.at_level(logging.ERROR), pytest.raises(KeyError):
        await work.run(act)
    assert undone == ["first"]
    assert "could not be undone" in caplog.text
