"""Figure 11 of the trust page: after somebody has been erased, not a byte of them is in the database's files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from bot.handlers.sweeping import Sweeper
from storage.tables import actors
from tests.flows.samples import SINGLE
from tests.handlers.test_my_data import a_life
from tests.handlers.town import Town, open_town


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, SINGLE) as opened:
        yield opened


def found_in_files(town: Town, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """(file, word) for each word that the database, its journal or its index of the journal holds."""
    database = Path(make_url(town.url).database or "")
    files = sorted(database.parent.glob(f"{database.name}*"))
    assert database in files
    return {
        (file.name.removeprefix(database.name), w) for file in files for w in words if w.encode() in file.read_bytes()
    }


async def words_of_zebedea(town: Town) -> tuple[str, ...]:
    person = await a_life(town)
    id = await town.read(lambda c: c.execute(select(actors.c.person)).scalar_one())
    return person.actor.user, person.profile.name, person.profile.email, id


async def test_not_a_byte_of_somebody_erased_is_left(town: Town) -> None:
    words = await words_of_zebedea(town)
    assert {word for _file, word in found_in_files(town, words)} == set(words)
    await town.person("zebedea").press("erase_me_now")
    await Sweeper(town.work, town.clock, town.surroundings.urn_keys, town.surroundings.journal).run()
    assert found_in_files(town, words) == set()


async def test_control_without_scrubbing_something_lingers(town: Town) -> None:
    words = await words_of_zebedea(town)
    await town.person("zebedea").press("erase_me_now")
    assert found_in_files(town, words)
    assert town.surroundings.journal.unscrubbed
