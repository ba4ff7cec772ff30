"""The Word document of one's own red thread: all of it, in its order, for the person alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from docx import Document

from bot.domain.challenges import Visibility
from bot.flows import challenges
from bot.keys import link_token
from bot.messages import Card
from bot.web.challenges import ChallengeFile
from bot.web.ground import Ground
from bot.web.headers import guarded
from storage.challenges import Challenges
from storage.links import Kind, Links
from tests.handlers.challenge_town import THREAD, Circle, challenge_circle
from tests.handlers.town import Person
from tests.texts.resolving import translators

KEY = b"k" * 32
HOSTILE = "=CMD() <b>&amp;</b> \x00\x0b\ud800 {{x}} שלום"


@dataclass
class Site:
    """People who have written, and the page that hands it out."""

    here: Circle
    client: TestClient[web.Request, web.Application]

    async def link(self, person: Person, programme: str = THREAD.id) -> str:
        id, now = await self.here.id(person), self.here.town.clock.now()
        link = await self.here.town.read(lambda c: Links(c, now).give_out(Kind.CHALLENGE, id))
        return f"/challenge/{link}-{link_token(KEY, link)}/{programme}.docx?language=sv"

    async def lines(self, person: Person) -> list[str]:
        answer = await self.client.get(await self.link(person))
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        return [one.text for one in Document(BytesIO(await answer.read())).paragraphs]


@pytest.fixture
async def site(sqlite_url: str) -> AsyncIterator[Site]:
    async with challenge_circle(sqlite_url) as here:
        app = web.Application(middlewares=[guarded])
        town = here.town
        ChallengeFile(Ground(town.work, town.surroundings, KEY, translators, town.clock)).routes(app)
        async with TestClient(TestServer(app)) as client:
            yield Site(here, client)


async def test_P8_versions_and_reflections_stand_there_in_their_order(site: Site) -> None:
    anna, town = site.here.anna, site.here.town
    await site.here.write(anna, "Först", Visibility.GROUP)
    id = await site.here.id(anna)
    town.clock.move(days=1)
    await town.work.run(lambda c: Challenges(c, town.clock.now()).reflect(THREAD.id, id, "ett", "Prova mer"))
    town.clock.move(days=1)
    await site.here.write(anna, "Sedan")
    found = await site.lines(anna)
    assert found[:3] == ["Min röda tråd", "Toppolitiker, 2027, Anna", "Sedan"]
    assert found[3::2] == [
        "Min utmaning, version 1, måndag 11 januari 2027",
        "Efter Träff ett, tisdag 12 januari 2027",
        "Min utmaning, version 2, onsdag 13 januari 2027",
    ]
    assert found[4::2] == ["Först", "Prova mer", "Sedan"]


async def test_what_no_file_can_hold_does_not_break_it(site: Site) -> None:
    await site.here.write(site.here.anna, HOSTILE)
    assert "=CMD() <b>&amp;</b>  {{x}} שלום" in (await site.lines(site.here.anna))[-1].replace("\ufffd", "")


async def test_a_link_opens_what_its_owner_has_written_and_nothing_of_others(site: Site) -> None:
    await site.here.write(site.here.anna, "Annas", Visibility.GROUP)
    await site.here.write(site.here.bertil, "Bertils", Visibility.GROUP)
    assert "Annas" not in await site.lines(site.here.bertil)


@pytest.mark.parametrize("wrong", ["token", "late", "erased", "nothing", "programme"])
async def test_every_link_that_does_not_open_gets_the_same_answer(site: Site, wrong: str) -> None:
    anna = site.here.anna
    if wrong != "nothing":
        await site.here.write(anna, "Annas")
    link = await site.link(anna, "gratis" if wrong == "programme" else THREAD.id)
    if wrong == "token":
        link = link.replace("-", "-A", 1).replace("/" + THREAD.id, "/" + THREAD.id)[:-1]
    if wrong == "late":
        site.here.town.clock.move(days=401)
    if wrong == "erased":
        await anna.press("erase_me_now")
    answer = await site.client.get(link)
    assert (answer.status, await answer.text()) == (404, "404: Not Found")


async def test_the_link_in_chat_ends_after_an_hour(site: Site) -> None:
    await site.here.write(site.here.anna, "Annas")
    page = (await site.here.anna.press(challenges.THREAD, THREAD.id)).view
    assert isinstance(page, Card)
    (address,) = [one.url for one in page.buttons if one.url]
    id = address.split("/")[4].removesuffix("-token")
    site.here.town.clock.move(minutes=61)
    now = site.here.town.clock.now()
    assert await site.here.town.read(lambda c: Links(c, now).open(id, Kind.CHALLENGE)) is None
