"""The servers under measurement: the real pages of a board, or the same news through aiohttp-sse.

`python -m benchmarks.board.sites ours <database> <posts>`, or `peer`, with the port in `PORT`. Both answer `/link`, the
path to follow, and `POST /put?text=…`, which puts up a post and says when it was there to be told.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, create_engine

from bot.domain.rounds import Box, Mode, RoleWords, Round, State, boxes
from bot.domain.words import Localised
from bot.keys import link_token
from bot.texts import Translators
from bot.web.board import BoardPages
from bot.web.ground import Ground
from config import catalogues
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.tables import metadata
from storage.telling import TellingUnitOfWork
from storage.unit_of_work import unit_of_work
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS
from tests.flows.samples import SINGLE
from tests.handlers.town import surroundings

_KEY = bytes(32)
_NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
_ROUND = "r1"
_WORDS = [RoleWords(group.id, group.name, group.called) for group in ROLE_GROUPS]


class StillClock:
    """Links are in force for as long as a measurement lasts."""

    def now(self) -> datetime:
        return _NOW


def fill(connection: Connection, posts: int) -> str:
    """The board of the kick-off conference with so many posts; the id of its link."""
    programmes.load(connection, replace(SINGLE, title=Localised({"sv": "Modellkonceptet"})), _NOW)
    asked: tuple[Box, ...] = boxes(KICK_OFF, _WORDS)
    Rounds(connection, _NOW).add(Round(_ROUND, SINGLE.id, KICK_OFF.title, asked, Mode.NOTES, _NOW, state=State.OPEN))
    many = [NewAnswer(*POSTS[number % len(POSTS)]) for number in range(posts)]
    Answers(connection, _NOW).add(_ROUND, many)
    return Links(connection, _NOW).give_out(Kind.BOARD, _ROUND)


async def ours(database: str, posts: int) -> web.Application:
    """The pages as a site has them."""
    engine = create_engine(database)
    metadata.create_all(engine)
    engine.dispose()
    work = TellingUnitOfWork(unit_of_work(database))
    id = await work.run(lambda connection: fill(connection, posts))
    ground = Ground(work.quiet, surroundings(), _KEY, Translators(catalogues.FOLDER), StillClock())
    pages = BoardPages(ground, "https://bot.example.org")
    work.listen(pages.live.wake)

    async def link(request: web.Request) -> web.Response:
        return web.Response(text=f"/board/{id}-{link_token(_KEY, id)}/changes?after={posts and 1}")

    async def put(request: web.Request) -> web.Response:
        text = request.query["text"] * int(request.query.get("times", "1"))
        new = [NewAnswer("chefer", "stod", text)]
        await work.run(lambda connection: Answers(connection, _NOW).add(_ROUND, new))
        return web.Response(text=repr(time.monotonic()))

    async def viewers(request: web.Request) -> web.Response:
        return web.Response(text=str(pages.live.viewers))

    app = web.Application()
    app.add_routes([web.get("/link", link), web.post("/put", put), web.get("/viewers", viewers)])
    pages.routes(app)
    return app


async def peer() -> web.Application:
    """aiohttp-sse as its documentation has it: a queue for each viewer. No database, and only the bare text is sent."""
    sse_response = import_module("aiohttp_sse").sse_response  # installed for the measurement alone

    viewers: set[asyncio.Queue[str]] = set()

    async def changes(request: web.Request) -> Any:
        mine: asyncio.Queue[str] = asyncio.Queue()
        viewers.add(mine)
        try:
            async with sse_response(request) as stream:
                await stream.send("open")
                while stream.is_connected():
                    await stream.send(await mine.get(), id="2")
        finally:
            viewers.discard(mine)
        return stream

    async def link(request: web.Request) -> web.Response:
        return web.Response(text="/changes")

    async def put(request: web.Request) -> web.Response:
        stamp = time.monotonic()
        for viewer in viewers:
            viewer.put_nowait(request.query["text"])
        return web.Response(text=repr(stamp))

    app = web.Application()
    app.add_routes([web.get("/link", link), web.post("/put", put), web.get("/changes", changes)])
    return app


async def _serve() -> None:
    app = await (ours(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "ours" else peer())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"]), backlog=4096).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
