"""An open round whose board three channels follow, and what stands in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import Connection, select

from bot.messages import View
from bot.ports import Address, Surface
from storage.answers import Answers, NewAnswer
from storage.bindings import Bindings
from storage.rounds import Rounds
from storage.tables import outbox, rounds
from tests.fixtures.kinds import Kind
from tests.fixtures.seed_board import POSTS
from tests.handlers.prepared import prepared
from tests.handlers.town import Town, text
from tests.handlers.workshop import MODEL, ROUND, channel, open_round, person_id

LUND = channel("C1", "slack", "S1")
MALMO = channel("C2", "slack", "S2")
OREBRO = channel("19:c", "teams", "T1")
CHANNELS = (LUND, MALMO, OREBRO)


async def furnish(town: Town) -> None:
    """An open round, and three channels in three workspaces on two platforms that follow it."""
    await open_round(town)
    admin = town.person("admin")
    await admin.open_home()
    by = await person_id(town, admin)

    def bind(connection: Connection) -> None:
        for where in CHANNELS:
            Bindings(connection, town.clock.now()).bind(where, MODEL.id, by, name=where.conversation)

    await town.work.run(bind)
    await town.deliver()


async def put(town: Town, *texts: str, box: str = "chefer", question: str = "stod", **how: object) -> None:
    """Let posts appear on the board."""

    def add(connection: Connection) -> None:
        Rounds(connection, town.clock.now()).locked(ROUND)
        new = [NewAnswer(box, question, one, **how) for one in texts]  # type: ignore[arg-type]
        Answers(connection, town.clock.now()).add(ROUND, new)

    await town.work.run(add)


async def put_all(town: Town, posts: Sequence[tuple[str, str, str]] = POSTS) -> None:
    def add(connection: Connection) -> None:
        new = [NewAnswer(box, question, written) for box, question, written in posts]
        Answers(connection, town.clock.now()).add(ROUND, new)

    await town.work.run(add)


async def pass_time(town: Town, seconds: float = 5) -> None:
    town.clock.move(seconds=seconds)
    await town.tick.run()
    await town.deliver()


def stands(town: Town, where: Address = LUND) -> list[str]:
    """The messages of a channel as they stand now."""
    post = town.posts[where.platform]
    there: dict[str, View] = {}
    for number, message in enumerate(post.sent, 1):
        if (message.address.workspace, message.address.conversation) == (where.workspace, where.conversation):
            there[f"ref-{number}"] = message.view
    there |= {reference: view for reference, view in post.updated if reference in there}
    return [text(view) for reference, view in there.items() if reference not in post.removed]


def calls(town: Town) -> int:
    """How much was written or edited in channels."""
    sent = (message for post in town.posts.values() for message in post.sent)
    edited = sum(len(post.updated) for post in town.posts.values())
    return sum(message.address.surface is Surface.CHANNEL for message in sent) + edited


async def rows(town: Town) -> int:
    return await town.count(outbox, outbox.c.key.like("round:%:board:%"))


async def posted(town: Town) -> bool:
    behind = select(rounds.c.version - rounds.c.posted).where(rounds.c.id == ROUND)
    return not await town.read(lambda c: c.execute(behind).scalar_one())


@pytest.fixture
async def on_both(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        await furnish(opened)
        yield opened


@pytest.fixture
async def on_sqlite(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MODEL) as opened:
        await furnish(opened)
        yield opened
