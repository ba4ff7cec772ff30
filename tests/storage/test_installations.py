"""Slack installations: tokens come back as they were sealed, and a secret works once, for a while."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.slack.installations import Installation, InstallationStore
from storage.installations import Installations
from storage.unit_of_work import unit_of_work

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = (NOW + timedelta(minutes=10)).timestamp()
LUND = Installation(workspace="T1", name="", bot_user="U0", scopes="chat:write", sealed_token=b"\x00sealed")


@dataclass
class Hands:
    """A clock that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def store(engine_url: str) -> AsyncIterator[InstallationStore]:
    uow = unit_of_work(engine_url)
    yield Installations(uow, Hands(), Installation)
    await uow.close()


async def test_an_installation_comes_back_as_it_was_saved(store: InstallationStore) -> None:
    await store.save(LUND)
    assert await store.find("T1") == LUND
    assert await store.find("T2") is None


async def test_installing_again_replaces_the_token(store: InstallationStore) -> None:
    await store.save(LUND)
    await store.save(replace(LUND, sealed_token=b"new"))
    assert await store.find("T1") == replace(LUND, sealed_token=b"new")


async def test_a_workspace_that_left_is_forgotten(store: InstallationStore) -> None:
    await store.save(LUND)
    await store.delete("T1", NOW)
    assert await store.find("T1") is None


async def test_a_workspace_that_came_back_since_is_not(store: InstallationStore) -> None:
    await store.save(LUND)
    await store.delete("T1", NOW - timedelta(seconds=1))
    assert await store.find("T1") == LUND


async def test_a_secret_works_once(store: InstallationStore) -> None:
    await store.issue_state("digest", LATER)
    taken = await asyncio.gather(*(store.consume_state("digest", NOW.timestamp()) for _ in range(5)))
    assert sorted(taken) == [False, False, False, False, True]


async def test_a_secret_is_refused_when_its_time_is_out_and_gone_afterwards(store: InstallationStore) -> None:
    await store.issue_state("digest", LATER)
    assert not await store.consume_state("digest", LATER)
    assert not await store.consume_state("digest", NOW.timestamp())


async def test_an_unknown_secret_is_refused(store: InstallationStore) -> None:
    assert not await store.consume_state("never issued", NOW.timestamp())
