"""A town with the pages of people who have neither Slack nor Teams, behind a web address."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.domain.people import Person
from bot.handlers import by_link
from bot.handlers.visit import Visit
from bot.keys import link_token
from bot.texts import Translators
from bot.web.board import BoardPages
from bot.web.ground import Ground
from bot.web.guests import GuestPages
from bot.web.headers import guarded
from bot.web.notes import NotesPages
from config import catalogues
from storage.groups import Groups
from storage.guests import Guests
from storage.links import Kind, Links
from tests.flows.samples import FREE
from tests.handlers.town import Town, open_town
from tests.handlers.workshop import MODEL, ROUND

KEY = bytes(range(32))
OURS = {"Sec-Fetch-Site": "same-origin"}
Client = TestClient[web.Request, web.Application]


@dataclass
class GuestSite:
    """A town, and a browser without script in front of its pages. Pages are read in English."""

    town: Town
    client: Client

    async def link(self, group: str, round: str = ROUND, kind: Kind = Kind.NOTES) -> str:
        """The path of a group's form."""
        return self.path(kind, await self.id(group, round))

    async def id(self, group: str, round: str = ROUND) -> str:
        def give_out(connection: Connection) -> str:
            visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
            return by_link.link_of(visit, round, group).id

        return await self.town.work.run(give_out)

    async def guest(
        self, name: str = "Greta Gäst", *, role: str = "", programme: str = FREE.id, organisation: str = ""
    ) -> tuple[str, str]:
        """A guest in the group of a role, or of an organisation: their id, and the path of their own page."""
        made = Person(uuid.uuid4().hex, name)

        def admit(connection: Connection) -> str:
            now = self.town.clock.now()
            Guests(connection, now).add(made)
            groups, called = Groups(connection, now), f"Grupp {role}{organisation}"
            groups.join(groups.found(programme, role, called, organisation_key=organisation).id, made.id)
            return Links(connection, now).give_out(Kind.GUEST, made.id)

        return made.id, self.path(Kind.GUEST, await self.town.work.run(admit))

    @staticmethod
    def path(kind: Kind, id: str) -> str:
        return f"/{kind}/{id}-{link_token(KEY, id)}"

    async def page(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(path, headers={"Accept-Language": "en"})
        assert answer.status == status, await answer.text()
        return await answer.text()

    async def send(
        self,
        path: str,
        token: str,
        typed: Mapping[str, str],
        *,
        client: Client | None = None,
        headers: Mapping[str, str] = OURS,
    ) -> ClientResponse:
        """Send the form of that token."""
        sent = {"token": token, **typed}
        how = {"Accept-Language": "en", **headers}
        return await (client or self.client).post(path, data=sent, headers=how)

    async def write(self, path: str, **lines: str) -> str:
        """Open the form, write under these questions, send; what is shown then."""
        token = token_in(await self.page(path))
        return said(await (await self.send(path, token, fields(lines))).text())


def fields(lines: Mapping[str, str]) -> dict[str, str]:
    return {f"texts.{question}": text for question, text in lines.items()}


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]*)"', page)
    assert found is not None, page
    return unescape(found[1])


def said(page: str) -> str:
    """What a reader reads."""
    bare = re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])
    return " ".join(unescape(bare).replace("\N{NO-BREAK SPACE}", " ").split())


def app_of(town: Town) -> web.Application:
    translators, clock = Translators(catalogues.FOLDER), town.clock
    app = web.Application(middlewares=[guarded])
    surroundings = replace(
        town.surroundings, link_address=lambda kind, link: f"https://bot.example.org{GuestSite.path(kind, link)}"
    )
    ground = Ground(town.work, surroundings, KEY, translators, clock)
    for pages in (NotesPages(ground), GuestPages(ground), BoardPages(ground, "https://bot.example.org")):
        pages.routes(app)
    return app


@asynccontextmanager
async def guest_site(url: str, *programmes: Any) -> AsyncIterator[GuestSite]:
    async with open_town(url, *(programmes or (MODEL, FREE))) as town, TestClient(TestServer(app_of(town))) as client:
        yield GuestSite(town, client)
