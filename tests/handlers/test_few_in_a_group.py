"""Fewer than three in a group: its notes tell whose they are, and everybody concerned reads so beforehand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from bot.flows import buttons
from storage.groups import Groups
from storage.people import People
from tests.fixtures.kinds import Kind
from tests.flows.samples import NOW, at
from tests.handlers.prepared import prepared
from tests.handlers.round_town import MODEL, ask, in_group, known, preview, read, the_round
from tests.handlers.town import Town, text

ONE = "Chefer: 1 person. The others can tell who has answered."
TWO = "Chefer: 2 people. The others can tell who has answered."


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    """One manager and three politicians."""
    async with prepared(engine, MODEL) as opened:
        await known(opened, "admin")
        for name in ("p1", "p2", "p3"):
            await in_group(opened, name, "politiker", "Politiker")
        await in_group(opened, "chris", "chefer", "Chefer")
        yield opened


async def leave(town: Town, name: str, role: str, group: str) -> None:
    """Let somebody belong to a group no longer."""

    def gone(connection: Connection) -> None:
        store, people = Groups(connection, town.clock.now()), People(connection, town.clock.now())
        store.leave(store.found(MODEL.id, role, group).id, str(people.present(town.person(name).actor)))

    await town.work.run(gone)


async def form_of(town: Town, name: str) -> str:
    return text((await town.person(name).press(buttons.NOTE, (await the_round(town)).id)).view)


async def test_whoever_asks_is_told_of_the_small_groups_and_of_no_other(town: Town) -> None:
    shown = text(await preview(town, roles=("politiker", "chefer")))
    assert ONE in shown
    assert shown.count("The others can tell") == 1


async def test_where_everybody_answers_alone_the_least_number_of_answers_is_what_protects(town: Town) -> None:
    for n in range(4):
        await in_group(town, f"m{n}", "strateger", "Strateger")
    assert "The others can tell" not in text(await preview(town, "set:egentligen"))


async def test_the_group_itself_reads_it_before_it_writes_and_as_it_is_then(town: Town) -> None:
    await ask(town, roles=("politiker", "chefer"))
    assert ONE in await form_of(town, "chris")
    assert "The others can tell" not in await form_of(town, "p1")
    await leave(town, "p3", "politiker", "Politiker")
    assert "Politiker: 2 people. The others can tell who has answered." in await form_of(town, "p1")


async def test_a_group_that_has_grown_meanwhile_reads_nothing_of_it(town: Town) -> None:
    await ask(town, roles=("chefer",))
    await in_group(town, "d", "chefer", "Chefer")
    assert TWO in await form_of(town, "chris")
    await in_group(town, "e", "chefer", "Chefer")
    assert "The others can tell" not in await form_of(town, "chris")


async def test_of_a_planned_round_it_is_told_the_working_day_before(town: Town) -> None:
    await ask(town, roles=("politiker", "chefer"), opens_day="tomorrow", opens_at="10.00")
    town.clock.at = at(NOW.date(), 15)
    await town.tick.tidy()
    await town.deliver()
    told = read(town, town.person("admin"))
    assert ONE in told
    assert "Politiker: 3" not in told


async def test_a_group_that_is_a_whole_box_is_not_promised_that_its_name_is_hidden(town: Town) -> None:
    await ask(town, roles=("politiker", "chefer"))
    shown = await form_of(town, "chris")
    assert "The box says who you are as a group. No person’s name is shown." in shown
    assert "neither its name" not in shown
