"""A programme that people of Lund take part in: its contact, whoever comes, and whom somebody does not know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.people import Role
from bot.flows import newcomers
from storage import belonging
from storage.posts import Posts
from tests.flows.samples import FREE, LUND, NOW
from tests.handlers.linked import appoint, owner
from tests.handlers.town import Person, Town, open_town, text

WORKING = NOW.replace(hour=9)


@pytest.fixture
async def on_both(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, FREE) as town:
        yield town


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, FREE) as town:
        yield town


async def comes(town: Town, name: str, **how: Any) -> Person:
    """Somebody registers for Lund, and two hours pass, as they do."""
    person = town.person(name)
    await person.register(FREE.id, **how)
    town.clock.move(hours=2)
    await town.tick.tidy()
    return person


async def looks_after(town: Town, person: Person) -> None:
    id = await owner(town, person)
    await town.work.run(lambda c: Posts(c, town.clock.now()).add_contact(FREE.id, LUND.key, id))


async def contact(town: Town) -> Person:
    person = town.person("kontakt")
    await person.open_home()
    await looks_after(town, person)
    return person


async def about(town: Town, person: Person) -> str:
    return f"{FREE.id} {LUND.key} {await owner(town, person)}"


async def says_not_ours(town: Town, who: Person, whom: Person) -> str:
    return text((await who.press(newcomers.NOT_OURS, await about(town, whom))).view)


async def belongs(town: Town, person: Person) -> bool:
    id = await owner(town, person)
    return id in await town.read(lambda c: belonging.people_of(c, FREE.id, LUND.key))


async def news(person: Person) -> list[str]:
    return [said for said in await person.received() if "new person" in said or "new people" in said]


async def coordinator(town: Town) -> Person:
    """In working hours."""
    town.clock.at = WORKING
    admin = town.person("admin")
    await admin.open_home()
    await appoint(town, admin, Role.COORDINATOR)
    return admin


async def denied(town: Town) -> tuple[Person, Person, Person]:
    """A contact, somebody whom they do not know, and a coordinator who has been told."""
    admin = await coordinator(town)
    anna, bo = await contact(town), await comes(town, "bo")
    await says_not_ours(town, anna, bo)
    await town.tick.tidy()
    return anna, bo, admin
