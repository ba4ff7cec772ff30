"""What became of a message is noted, whenever word of it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from bot.domain.people import Language
from bot.handlers.courier import Courier
from bot.messages import Notice, View
from bot.ports import Address
from storage.outbox import Outbox
from storage.tables import outbox
from storage.unit_of_work import UnitOfWork
from tests.handlers.town import Post, open_town

_NOTING = 3  # look, claim, note


class Slow(Post):
    """Answers the first message at once, and the others when the first one has been noted."""

    def __init__(self) -> None:
        super().__init__("slack")
        self.first_is_noted = asyncio.Event()

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        if address.conversation != "0":
            await self.first_is_noted.wait()
        return await super().send(address, view, language, outbox=outbox, thread=thread)


class Watched:
    """A unit of work that says when the first outcome has been noted."""

    def __init__(self, work: UnitOfWork, noted: asyncio.Event) -> None:
        self._work, self._noted, self._runs = work, noted, 0

    async def run_behind(self, work: Callable[[Any], Any]) -> Any:
        result = await self._work.run_behind(work)
        self._runs += 1
        if self._runs == _NOTING:
            self._noted.set()
        return result

    async def close(self) -> None:
        await self._work.close()


async def test_what_arrives_after_the_first_of_a_handful_was_noted_is_noted_as_well(engine_url: str) -> None:
    async with open_town(engine_url) as town:

        def write(connection: Any) -> None:
            for person in "012":
                where = Address("slack", "W1", person)
                Outbox(connection, town.clock.now()).add(
                    person, where, Notice("Hello"), person="", language=Language.ENGLISH
                )

        await town.work.run(write)
        platform = Slow()
        work = Watched(town.work, platform.first_is_noted)
        await Courier(work, town.clock, {"slack": platform}, rates={}).empty()
        states = await town.read(lambda connection: list(connection.execute(select(outbox.c.state)).scalars()))
        assert (len(platform.sent), states) == (3, ["sent"] * 3)
