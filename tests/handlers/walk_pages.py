"""What can be fetched from a town over HTTP: boards with their stream, documents of every kind, and what is stored."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.keys import link_token
from bot.texts import Translators
from bot.web.board import BoardPages
from bot.web.documents import DocumentPages
from bot.web.ground import Ground
from bot.web.headers import guarded
from bot.web.my_data import MyDataFile
from bot.web.results import ResultPages
from bot.web.workshops import WorkshopPages
from config import catalogues
from storage.links import Kind, Links
from tests.handlers.town import Town

_KEY = bytes(range(32))
_TRANSLATORS = Translators(catalogues.FOLDER)


@dataclass
class Pages:
    """The pages of a town, for whoever has a link."""

    town: Town
    client: TestClient[web.Request, web.Application]

    async def link(self, kind: Kind, about: str) -> str:
        def give_out(connection: Connection) -> str:
            return Links(connection, self.town.clock.now()).give_out(kind, about, lasts=timedelta(hours=1))

        id = await self.town.work.run(give_out)
        return f"/{kind}/{id}-{link_token(_KEY, id)}"

    async def get(self, path: str) -> bytes:
        """What is there; nothing where nothing is."""
        async with self.client.get(path, headers={"Accept-Language": "en"}) as answer:
            assert answer.status in (200, 404), f"{path} answered {answer.status}"
            return await answer.read() if answer.status == 200 else b""

    async def board(self, round: str) -> str:
        """The page and what its stream begins with; nothing where there is no board."""
        path = await self.link(Kind.BOARD, round)
        page = (await self.get(path)).decode()
        if not page:
            return ""
        async with self.client.get(f"{path}/changes?after=0") as stream:
            while b"data: " not in (frame := await stream.content.readuntil(b"\n\n")):
                continue
        return page + json.dumps(json.loads(frame.partition(b"data: ")[2]), ensure_ascii=False)

    async def documents(self, round: str, chance: random.Random, at_most: int) -> dict[str, str]:
        """What a round's documents say, by their names: the page itself, and some of those that it leads to."""
        page = (await self.get(await self.link(Kind.DOCUMENTS, round))).decode()
        paths = sorted({unescape(path) for path in re.findall(r'href="(/documents/[^"]+\.[a-z]+\?[^"]*)"', page)})
        chosen = chance.sample(paths, min(at_most, len(paths)))
        return {"page": page} | {path.rpartition("/")[2]: text_of(path, await self.get(path)) for path in chosen}

    async def workshop(self, about: str) -> str:
        """What the screen in the room, or a coach, is shown."""
        return (await self.get(await self.link(Kind.WORKSHOP, about))).decode()

    async def result(self, round: str) -> str:
        return (await self.get(await self.link(Kind.RESULTS, round))).decode()

    async def my_data(self, person: str) -> str:
        return (await self.get(await self.link(Kind.MY_DATA, person))).decode()


def text_of(path: str, content: bytes) -> str:
    """Everything that a document says, its hidden corners too."""
    if ".csv" in path:
        return content.decode()
    return "\n".join(_parts(content))


def _parts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as folder:
        for name in folder.namelist():
            yield re.sub(r"<[^>]+>", "", folder.read(name).decode(errors="replace"))


@asynccontextmanager
async def pages_of(town: Town) -> AsyncIterator[Pages]:
    app = web.Application(middlewares=[guarded])
    ground = Ground(town.work, town.surroundings, _KEY, _TRANSLATORS, town.clock)
    pages = BoardPages(ground, "https://x.example"), DocumentPages(ground), MyDataFile(ground)
    for part in (*pages, WorkshopPages(ground), ResultPages(ground)):
        part.routes(app)
    async with TestClient(TestServer(app)) as client:
        yield Pages(town, client)
