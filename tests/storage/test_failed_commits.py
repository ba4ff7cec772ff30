"""A commit that fails, as on a full disk, fails what it was to keep and nothing that comes later."""

import asyncio

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from storage.tables import tellings
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.flows.samples import NOW
from tests.storage.noting import note, number


def note_what_cannot_be_kept(connection: Connection) -> None:
    """The commit itself fails, and SQLite leaves the transaction open."""
    note(connection, "lost")
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    connection.execute(insert(tellings), {"matter": "none", "person": "nobody", "message": "", "told_at": NOW})


async def fails(work: UnitOfWork) -> None:
    with pytest.raises(DBAPIError, match="FOREIGN KEY"):
        await work.run(note_what_cannot_be_kept)


async def test_a_failed_commit_is_followed_by_others_as_if_it_had_not_been(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    await work.run(lambda connection: note(connection, "before"))
    for _ in range(2):
        await fails(work)
    await work.run(lambda connection: note(connection, "after"))
    assert await work.run(number) == 2
    await work.close()


async def test_a_failed_commit_fails_all_that_shared_it_and_nobody_else(sqlite_url: str) -> None:
    work = unit_of_work(sqlite_url)
    outcomes = await asyncio.gather(
        work.run(lambda connection: note(connection, "beside")),
        work.run(note_what_cannot_be_kept),
        return_exceptions=True,
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["IntegrityError", "IntegrityError"]
    assert await work.run(number) == 0
    await work.close()
