"""A guest in a workshop of the whole programme chooses among the small groups, as everybody does in chat."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from sqlalchemy import Connection

from bot.domain.workshops import Script, Step, Workshop, begun
from storage.answers import Answers
from storage.groups import Groups
from storage.workshops import Workshops
from tests.fixtures.seed_board import KICK_OFF
from tests.flows.samples import words
from tests.handlers.workshop import MODEL, ROUND, open_round
from tests.web.guest_site import GuestSite, guest_site, said, token_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = Script("dagen", words("Dagen"), (Step("start", words("Start"), set=KICK_OFF.id),))
TOGETHER = replace(KICK_OFF, by_role=False)


@dataclass
class Room:
    """A guest in the group of a role, and a round in which everybody writes into one box."""

    site: GuestSite
    guest: str  # person id
    page: str  # path of their own page
    small: dict[str, str]  # name → id


@pytest_asyncio.fixture(loop_scope="session")
async def room(engine_url: str) -> AsyncIterator[Room]:
    async with guest_site(engine_url) as site:
        yield await furnished(site, in_workshop=True)


async def furnished(site: GuestSite, *, in_workshop: bool) -> Room:
    guest, page = await site.guest(role="strateger", programme=MODEL.id)
    await open_round(site.town, asked=TOGETHER)
    now = site.town.clock.now()

    def divide(connection: Connection) -> dict[str, str]:
        store, workshops = Groups(connection, now), Workshops(connection, now)
        if in_workshop:
            workshops.add(begun(Workshop("w1", MODEL.id, SCRIPT, guest, now), now))
            workshops.add_round("w1", "start", ROUND)
        return {name: store.found(MODEL.id, "", name).id for name in ("Grupp ett", "Grupp två")}

    small = await site.town.work.run(divide)
    site.town.clock.move(minutes=1)
    return Room(site, guest, page, small)


async def choose(room: Room, group: str, **how: object) -> str:
    form = f"{room.page}/{ROUND}"
    token = token_in(await room.site.page(form))
    return await (await room.site.send(form, token, {"group": group}, **how)).text()  # type: ignore[arg-type]


async def memberships(room: Room) -> set[str]:
    now = room.site.town.clock.now()
    found = await room.site.town.read(lambda c: Groups(c, now).of_person(MODEL.id, room.guest))
    return {group.name for group in found}


async def test_G3_a_guest_is_asked_once_which_small_group_they_talk_in(room: Room) -> None:
    assert "choose the one that you talk in" in said(await room.site.page(room.page))
    asked = said(await room.site.page(f"{room.page}/{ROUND}"))
    assert "Grupp ett" in asked
    assert "Grupp två" in asked
    assert "You talk in Grupp två" in said(await choose(room, room.small["Grupp två"]))
    shown = said(await room.site.page(room.page))
    assert shown.count("You write for") == 1
    assert "You write for Grupp två" in shown


async def test_what_the_guest_writes_then_is_the_small_group_s(room: Room) -> None:
    page = await choose(room, room.small["Grupp ett"])
    [path] = set(re.findall(r"/notes/[^\"?]+", page))
    question = TOGETHER.questions[0].id
    await room.site.write(path, **{question: "Vi hjälps åt"})
    now = room.site.town.clock.now()
    counted = await room.site.town.read(lambda c: Answers(c, now).counts(ROUND))
    assert counted == {room.small["Grupp ett"]: 1}


async def test_whoever_stays_with_their_own_group_is_not_asked_again(room: Room) -> None:
    now = room.site.town.clock.now()
    own = await room.site.town.read(lambda c: Groups(c, now).of_person(MODEL.id, room.guest)[0].id)
    await choose(room, own)
    assert "choose the one" not in said(await room.site.page(room.page))


async def test_what_another_site_sends_or_a_group_that_is_not_offered_joins_nothing(room: Room) -> None:
    before = await memberships(room)
    await choose(room, room.small["Grupp ett"], headers={"Sec-Fetch-Site": "cross-site"})
    now = room.site.town.clock.now()
    other = await room.site.town.work.run(lambda c: Groups(c, now).found(MODEL.id, "chefer", "Chefer").id)
    await choose(room, other)
    assert await memberships(room) == before


async def test_outside_a_workshop_nobody_is_asked(sqlite_url: str) -> None:
    async with guest_site(sqlite_url) as site:
        room = await furnished(site, in_workshop=False)
        assert "You write for Grupp strateger" in said(await site.page(room.page))
