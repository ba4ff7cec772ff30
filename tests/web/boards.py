"""A site with the board of the kick-off conference, behind a web address."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.domain.board import Standing
from bot.domain.rounds import Mode, RoleWords, Round, State, boxes
from bot.domain.words import Localised
from bot.keys import link_token
from bot.texts import Translators
from bot.web.board import BoardPages
from bot.web.ground import Ground
from bot.web.headers import guarded
from config import catalogues
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.telling import TellingUnitOfWork
from storage.unit_of_work import unit_of_work
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS
from tests.flows.samples import NOW, SINGLE
from tests.handlers.town import MovableClock, surroundings

T = TypeVar("T")
KEY = bytes(range(32))
PROGRAMME = replace(SINGLE, title=Localised({"sv": "Modellkonceptet"}))
ROUND = Round(
    "r1",
    PROGRAMME.id,
    KICK_OFF.title,
    boxes(KICK_OFF, [RoleWords(group.id, group.name, group.called) for group in ROLE_GROUPS]),
    Mode.NOTES,
    NOW,
    state=State.OPEN,
)
SEED = tuple(NewAnswer(box, question, text) for box, question, text in POSTS)


@dataclass
class BoardSite:
    """A database with rounds, and the pages of their boards."""

    work: TellingUnitOfWork
    clock: MovableClock
    pages: BoardPages
    client: TestClient[web.Request, web.Application]

    async def do(self, what: Callable[[Connection], T]) -> T:
        return await self.work.run(what)

    async def put_up(
        self, *texts: str, box: str = "chefer", question: str = "stod", round: str = "r1", **how: Any
    ) -> None:
        new = [NewAnswer(box, question, text, **how) for text in texts]
        await self.do(lambda connection: Answers(connection, NOW).add(round, new))

    async def change(self, text: str, what: Callable[[Answers, Any], None]) -> None:
        """Do something to the post that says this."""

        def changed(connection: Connection) -> None:
            store = Answers(connection, NOW)
            what(store, next(answer for answer in store.of_round("r1") if answer.text == text))

        await self.do(changed)

    async def hide(self, text: str, reason: str = "") -> None:
        await self.change(text, lambda store, answer: store.stand(answer, Standing.HIDDEN, reason))

    async def add(self, round: Round) -> str:
        """Store a round; the path of its board."""
        await self.do(lambda connection: Rounds(connection, NOW).add(round))
        return await self.link(round.id)

    async def link(self, round: str = "r1", kind: Kind = Kind.BOARD, lasts: timedelta = timedelta(days=400)) -> str:
        id = await self.do(lambda connection: Links(connection, NOW).give_out(kind, round, lasts=lasts))
        return f"/board/{id}-{link_token(KEY, id)}"

    async def page(self, link: str, **headers: str) -> str:
        answer = await self.client.get(link, headers=headers)
        assert answer.status == 200
        return await answer.text()

    async def follow(self, link: str, after: int = 0, **headers: str) -> Stream:
        return Stream(await self.client.get(f"{link}/changes?after={after}", headers=headers))

    async def version(self) -> int:
        return (await self.do(lambda connection: Rounds(connection, NOW).versions(["r1"])))["r1"]


@dataclass
class Stream:
    """What a page hears."""

    answer: ClientResponse

    async def line(self) -> str:
        """The next event or comment, as it was sent."""
        return (await self.answer.content.readuntil(b"\n\n")).decode()

    async def news(self) -> dict[str, Any]:
        """The next event's content."""
        while True:
            line = await self.line()
            if "data: " in line:
                found: dict[str, Any] = json.loads(line.partition("data: ")[2])
                return found | {"id": line.partition("id: ")[2].partition("\n")[0]}

    async def ends(self) -> bool:
        """Whether nothing more comes; waits for it."""
        await self.answer.content.read()
        return self.answer.content.at_eof()


@asynccontextmanager
async def board_site(url: str, posts: Iterable[NewAnswer] = SEED) -> AsyncIterator[BoardSite]:
    """The pages, with the round of the kick-off conference and these posts."""
    work, clock = TellingUnitOfWork(unit_of_work(url)), MovableClock()

    def fill(connection: Connection) -> None:
        programmes.load(connection, PROGRAMME, NOW)
        Rounds(connection, NOW).add(ROUND)
        Answers(connection, NOW).add("r1", tuple(posts))

    await work.run(fill)
    app = web.Application(middlewares=[guarded])
    ground = Ground(work.quiet, surroundings(), KEY, Translators(catalogues.FOLDER), clock)
    pages = BoardPages(ground, "https://bot.example.org")
    pages.routes(app)
    work.listen(pages.live.wake)
    try:
        async with TestClient(TestServer(app)) as client:
            yield BoardSite(work, clock, pages, client)
    finally:
        await work.close()
