"""A workshop with its page, behind a web address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.handlers import screens
from bot.keys import link_token
from bot.texts import Translators
from bot.web.board import BoardPages
from bot.web.ground import Ground
from bot.web.headers import guarded
from bot.web.workshops import WorkshopPages
from config import catalogues
from storage.answers import Answers, NewAnswer
from storage.links import Kind, Links
from tests.flows.samples import NOW
from tests.handlers.coached import Coached, coached
from tests.web.boards import Stream

KEY = bytes(range(32))


@dataclass
class Room:
    """A workshop, and a browser without script in front of its page."""

    here: Coached
    pages: WorkshopPages
    client: TestClient[web.Request, web.Application]

    async def link(self, about: str = "whole", kind: Kind = Kind.WORKSHOP) -> str:
        def give_out(connection: Connection) -> str:
            return Links(connection, self.here.town.clock.now()).give_out(kind, about)

        id = await self.here.town.work.run(give_out)
        return f"/workshop/{id}-{link_token(KEY, id)}"

    async def coachs_link(self, workshop: str = "whole") -> str:
        return await self.link(screens.for_coach(workshop, await self.here.id(self.here.coach)))

    async def page(self, link: str, status: int = 200, language: str = "sv") -> str:
        answer = await self.client.get(link, headers={"Accept-Language": language})
        assert answer.status == status
        return await answer.text()

    async def follow(self, link: str) -> Stream:
        version = re.search(r'data-version="(\d+)"', await self.page(link))
        assert version is not None
        stream = Stream(await self.client.get(f"{link}/changes?after={version[1]}"))
        await stream.line()
        return stream

    async def write(self, text: str) -> None:
        new = [NewAnswer("", "styrka", text, self.here.group)]
        await self.here.town.work.run(lambda c: Answers(c, NOW).add("r1", new))


def _address(kind: Kind, id: str) -> str:
    return f"https://bot.example.org/{kind}/{id}-{link_token(KEY, id)}"


@asynccontextmanager
async def open_room(url: str) -> AsyncIterator[Room]:
    async with coached(url) as here:
        town = here.town
        town.surroundings = replace(town.surroundings, link_address=_address)
        ground = Ground(town.work, town.surroundings, KEY, Translators(catalogues.FOLDER), town.clock)
        pages, app = WorkshopPages(ground), web.Application(middlewares=[guarded])
        for one in (pages, BoardPages(ground, "https://bot.example.org")):
            one.routes(app)
        async with TestClient(TestServer(app)) as client:
            yield Room(here, pages, client)
