"""A workspace that removes the bot and takes it back: the same programme goes on, for everybody who was there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.handlers.events import Left, WorkspaceRemoved
from storage.tables import actors
from tests.flows.samples import FREE
from tests.handlers.town import Person, Town

THE_DAY_BEFORE = FREE.occasions[0].starts_at - timedelta(hours=20)


async def settled(town: Town) -> tuple[Person, Person, Person]:
    """Two of one workspace who have a seat, and one of another."""
    people = town.person("anna", "slack", "T1"), town.person("bo", "slack", "T1"), town.person("cia", "slack", "T2")
    for person in people:
        await person.open_home()
        await person.register(FREE.id)
    return people


async def gone(town: Town) -> set[str]:
    rows = await town.read(lambda c: c.execute(select(actors.c.user).where(actors.c.left_at.is_not(None))).all())
    return {row.user for row in rows}


async def reminded(town: Town, person: Person) -> bool:
    await town.tick_at(THE_DAY_BEFORE)
    return any(said.startswith("Tomorrow: ") for said in await person.received())


async def test_A1b_while_it_is_removed_nobody_of_the_workspace_is_written_to(town: Town) -> None:
    anna, _bo, cia = await settled(town)
    await anna.send(WorkspaceRemoved())
    assert await gone(town) == {"anna", "bo"}
    assert (await reminded(town, anna), await reminded(town, cia)) == (False, True)


@pytest.mark.parametrize("first", ["anna", "somebody new"])
async def test_A1b_whoever_is_heard_of_first_brings_all_of_the_workspace_back(town: Town, first: str) -> None:
    """Nobody has to write first in order to be reminded, and nobody is welcomed again."""
    anna, bo, _cia = await settled(town)
    before = len(await bo.received())
    await anna.send(WorkspaceRemoved())
    await town.person(first, "slack", "T1").say("help")
    assert await gone(town) == set()
    assert len(await bo.received()) == before
    assert await reminded(town, bo)
    assert sum("I am Lärträff" in said for said in await bo.received()) <= 1


async def test_A1b_whoever_had_left_for_themselves_does_not_come_back_with_it(town: Town) -> None:
    anna, bo, cia = await settled(town)
    await bo.send(Left())
    await anna.send(WorkspaceRemoved())
    await cia.say("help")
    assert await gone(town) == {"anna", "bo"}, "another workspace says nothing about this one"
    await anna.say("help")
    assert await gone(town) == {"bo"}
