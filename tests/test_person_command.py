"""Whoever runs the bot can answer somebody who can no longer write to it: find, show and erase them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.composition import persons
from config.settings import Settings, load
from storage.journal import Journal
from storage.tables import metadata, people, seats
from tests.flows.samples import FREE
from tests.handlers.town import Town, open_town


@pytest.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, FREE) as opened:
        for name in ("åsa", "bo"):
            await opened.person(name).register(FREE.id)
        yield opened


@pytest.fixture
def found(town: Town, tmp_path: Path) -> Settings:
    return load({"LARTRAFF_DATABASE_URL": town.url, "LARTRAFF_KEY_DIR": str(tmp_path / "keys")})


async def find(found: Settings, text: str) -> list[str]:
    """In a thread, as are the others: a command has no loop around it."""
    return await asyncio.to_thread(persons.called, found, text)


async def test_somebody_is_found_by_a_part_of_their_name_or_address_in_any_case(town: Town, found: Settings) -> None:
    [line] = await find(found, "ÅSA")
    assert "Åsa  åsa@example.org" in line
    assert len(await find(found, "@EXAMPLE.org")) == 2
    assert await find(found, "%") == []


async def test_everything_stored_of_them_is_shown(town: Town, found: Settings) -> None:
    [line] = await find(found, "åsa")
    shown = json.loads(await asyncio.to_thread(persons.stored, found, line.split()[0]))
    assert shown["people"][0]["name"] == "Åsa"
    assert "Bo" not in str(shown)


async def test_they_are_erased_for_good_and_nobody_else(town: Town, found: Settings, tmp_path: Path) -> None:
    [line] = await find(found, "åsa")
    id = line.split()[0]
    await asyncio.to_thread(persons.erase, found, id)
    stored = str(await town.contents(people, seats))
    assert ("Åsa" in stored, "Bo" in stored) == (False, True)
    assert list(Journal(tmp_path / "keys").persons()) != []
    with pytest.raises(LookupError):
        await asyncio.to_thread(persons.erase, found, id)


@pytest.fixture
async def named(town: Town) -> None:
    """Dan has registered a colleague who has never been here."""
    seat = f"{FREE.occasions[0].id}|1"
    colleague = {f"colleague.{seat}": "Cia Berg", f"colleague_email.{seat}": "cia@example.org"}
    await town.person("dan").register(FREE.id, takes_part="others", **colleague)


@pytest.mark.usefixtures("named")
async def test_whoever_was_only_registered_by_others_is_found_and_shown(found: Settings) -> None:
    [line] = await find(found, "cia BERG")
    assert "Cia Berg  cia@example.org  (registered by others)" in line
    shown = json.loads(await asyncio.to_thread(persons.stored, found, line.split()[0]))
    assert {(seat["name"], seat["email"]) for seat in shown["seats"]} == {("Cia Berg", "cia@example.org")}


@pytest.mark.usefixtures("named")
async def test_whoever_was_only_registered_by_others_is_erased_and_the_seat_stays(town: Town, found: Settings) -> None:
    before = await town.count(seats)
    [line] = await find(found, "cia")
    await asyncio.to_thread(persons.erase, found, line.split()[0])
    assert "Cia" not in str(await town.contents(*metadata.sorted_tables))
    assert await town.count(seats) == before
    assert await find(found, "cia") == []
    with pytest.raises(LookupError):
        await asyncio.to_thread(persons.erase, found, line.split()[0])


@pytest.mark.parametrize("id", ["x' OR 1=1", "seat:x", "seat:"])
async def test_an_id_that_nobody_has_is_refused(found: Settings, id: str) -> None:
    for do in (persons.stored, persons.erase):
        with pytest.raises(LookupError):
            await asyncio.to_thread(do, found, id)
