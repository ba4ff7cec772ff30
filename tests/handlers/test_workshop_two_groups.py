"""A workshop of the whole programme, and somebody who belongs to a role's group and to a small one as well."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.flows.beginning import WHOLE
from bot.messages import Form
from storage.tables import workshops as rows
from tests.handlers.town import Person, text
from tests.handlers.workshop import group, labels, press_on
from tests.handlers.workshop_town import PROGRAMME, SCRIPT, Day, lund

WHICH = "Which group do you take notes for?"


@pytest.fixture
async def day(engine_url: str) -> AsyncIterator[Day]:
    """Everybody's workshop under way, at its first questions."""
    async with lund(engine_url) as opened:
        await group(opened.town, "", "Politikerna", opened.people[0], programme=PROGRAMME.id)
        await whole(opened)
        yield opened


async def whole(day: Day) -> None:
    day.leader = day.town.person("admin")
    form = (await day.leader.press("begin_workshop", f"{PROGRAMME.id} {SCRIPT.id}")).view
    last = (await day.leader.fill(form, "Begin now", place=WHOLE)).view
    assert isinstance(last, Form), text(last)
    await day.leader.submit(last)
    day.workshop = await day.town.read(lambda c: str(c.execute(select(rows.c.id)).scalar_one()))
    await day.to("swot")


async def notes(day: Day, who: Person, step: str) -> str:
    return text((await who.press("note", (await day.round(step)).id)).view)


async def test_who_is_in_two_is_asked_kindly_and_once_in_the_whole_workshop(day: Day) -> None:
    anna = day.people[0]
    asked = await anna.press("note", (await day.round("swot")).id)
    assert set(labels(asked)) == {"Politikerna", "Grupp 1"}
    for said in (WHICH, "You belong to several groups.", "I ask once"):
        assert said in text(asked.view)
    assert "Notes of Politikerna" in text((await press_on(anna, asked, "Politikerna")).view)
    assert "Notes of Politikerna" in await notes(day, anna, "swot")
    await day.to("forslag")
    assert "Notes of Politikerna" in await notes(day, anna, "forslag")


async def test_who_chose_the_wrong_one_presses_the_other(day: Day) -> None:
    anna = day.people[0]
    asked = await anna.press("note", (await day.round("swot")).id)
    await press_on(anna, asked, "Politikerna")
    assert "Notes of Grupp 1" in text((await press_on(anna, asked, "Grupp 1")).view)
    assert WHICH in await notes(day, anna, "swot")  # for both she holds the pen now


async def test_what_another_took_is_nobody_elses_choice(day: Day) -> None:
    anna, bea = day.people[:2]
    asked = await anna.press("note", (await day.round("swot")).id)
    await press_on(anna, asked, "Politikerna")
    assert "Notes of Grupp 1" in await notes(day, bea, "swot")


async def test_who_is_in_one_group_is_never_asked(day: Day) -> None:
    assert WHICH not in await notes(day, day.people[2], "swot")
