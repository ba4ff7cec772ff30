"""Messages that are put straight into the outbox, and what became of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from bot.domain.people import Language
from bot.messages import Notice
from bot.ports import Address, Surface
from storage.outbox import Outbox
from storage.tables import outbox, people
from tests.handlers.town import Town, text


def to(person: str, platform: str = "sandbox", surface: Surface = Surface.PERSON) -> Address:
    return Address(platform, "W1", person, surface)


async def somebody(town: Town, id: str) -> str:
    """A person whom messages may be for."""
    values = {"id": id, "language": "en", "created_at": town.clock.now()}
    await town.work.run(lambda connection: connection.execute(insert(people), values).close())
    return id


async def write(town: Town, *messages: str, address: Address | None = None) -> None:
    """Put messages into the outbox, in one turn."""

    def add(connection: Connection) -> None:
        box = Outbox(connection, town.clock.now())
        for message in messages:
            box.add(f"key:{message}", address or to("anna"), Notice(message), person="", language=Language.ENGLISH)

    await town.work.run(add)
    town.clock.move(microseconds=1)


async def add(town: Town, key: str, words: str, *, address: Address | None = None, **how: Any) -> None:
    """Put one message into the outbox."""

    def write_it(connection: Connection) -> None:
        box = Outbox(connection, town.clock.now())
        box.add(key, address or to("anna"), Notice(words), language=Language.ENGLISH, **{"person": "", **how})

    await town.work.run(write_it)
    town.clock.move(microseconds=1)


def arrived(town: Town, platform: str = "sandbox") -> list[str]:
    return [text(message.view) for message in town.posts[platform].sent]


async def outcomes(town: Town) -> list[tuple[str, str]]:
    statement = select(outbox.c.state, outbox.c.reason).order_by(outbox.c.created_at, outbox.c.place)
    return await town.work.run(lambda c: [(row.state, row.reason) for row in c.execute(statement)])
