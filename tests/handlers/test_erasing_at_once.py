"""Somebody is erased while others write to them or of them: two connections at once, on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, create_engine, select, text

from bot.domain.nudges import schedule
from bot.domain.people import Actor, Language
from bot.domain.rules import Audience
from bot.handlers import leaving
from bot.handlers.courier import Courier
from bot.handlers.visit import Visit
from bot.messages import Notice, to_json
from bot.ports import Address, Trouble, Undeliverable
from storage import postgres
from storage.outbox import Letter, Outbox, Post
from storage.people import People
from storage.tables import actors, nudges, outbox, people
from tests.fixtures.kinds import Kind
from tests.flows.samples import SINGLE
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town
from tests.handlers.town import text as words

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


class Scene:
    """Anna, who is registered, and somebody with a connection of their own."""

    def __init__(self, town: Town, anna: Person, id: str, elsewhere: Engine) -> None:
        self.town = town
        self.anna = anna
        self.id = id
        self.elsewhere = elsewhere

    def begin_erasing(self) -> asyncio.Task[str]:
        async def erase() -> str:
            return words((await self.anna.press("erase_me_now")).view)

        return asyncio.create_task(erase())

    async def until_it_waits(self, erasing: asyncio.Task[str]) -> None:
        """Go on once the erasure waits for somebody else's transaction, or is done."""
        while not erasing.done() and not self.waiting():  # noqa: ASYNC110 - PostgreSQL sends no event
            await asyncio.sleep(0)

    def waiting(self) -> int:
        """How many wait for somebody else's transaction."""
        with self.elsewhere.connect() as connection:
            count: int = connection.execute(_WAITING).scalar_one()
        return count

    async def left(self) -> int:
        """What still tells of Anna: messages by person or account, and reminders."""
        hers = (outbox.c.person == self.id) | ((outbox.c.conversation == "anna") & (outbox.c.person != "erased"))
        return await self.town.count(outbox, hers) + await self.town.count(nudges, nudges.c.recipient == self.id)


@pytest.fixture
async def scene(postgresql: Kind) -> AsyncIterator[Scene]:
    async with prepared(postgresql, SINGLE) as town:
        anna = town.person("anna", "slack", "T1")
        await anna.register()
        await town.deliver()
        await town.tick.run()
        id = await town.read(lambda c: c.execute(select(actors.c.person).where(actors.c.user == "anna")).scalar_one())
        elsewhere = create_engine(town.url)
        yield Scene(town, anna, id, elsewhere)
        elsewhere.dispose()


def add(connection: Connection, scene: Scene) -> None:
    """Tell her one thing."""
    box = Outbox(connection, scene.town.clock.now())
    box.add("one", Address("slack", "T1", "anna"), Notice("Anna"), person=scene.id, language=Language.SWEDISH)


def add_many(connection: Connection, scene: Scene) -> None:
    """Tell her as one of many."""
    post = Post("one", Address("slack", "T1", "anna"), scene.id, Language.SWEDISH, to_json(Notice("Anna")))
    Outbox(connection, scene.town.clock.now()).add_many([post])


Write = Callable[[Connection, Scene], None]
TO_HER = pytest.mark.parametrize("write", [add, add_many])


def a_reminder_is_due(scene: Scene) -> None:
    audience = Audience.PARTICIPANTS
    scene.town.clock.at = next(
        one.due_at for one in schedule(SINGLE) if one.audience is audience and one.due_at > scene.town.clock.now()
    )


@asynccontextmanager
async def while_she_is_erased(scene: Scene, write: Callable[[Connection], object]) -> AsyncIterator[None]:
    """Write in a transaction that is committed only once the erasure waits for it."""
    with scene.elsewhere.connect() as connection:
        write(connection)
        erasing = scene.begin_erasing()
        await scene.until_it_waits(erasing)
        connection.commit()
        assert "erased" in await erasing
    yield


@TO_HER
async def test_a_message_that_was_being_written_is_erased_too(scene: Scene, write: Write) -> None:
    async with while_she_is_erased(scene, lambda connection: write(connection, scene)):
        assert await scene.left() == 0


@TO_HER
async def test_nobody_writes_to_somebody_who_was_erased_meanwhile(scene: Scene, write: Write) -> None:
    with scene.elsewhere.connect() as connection:
        assert Visit(connection, scene.town.clock.now(), scene.town.surroundings).people.addressed(scene.id)
        await scene.anna.press("erase_me_now")
        write(connection, scene)
        connection.commit()
    assert await scene.left() == 0


async def test_what_a_tick_has_for_her_at_that_moment_is_erased_too(scene: Scene) -> None:
    a_reminder_is_due(scene)
    await scene.town.work.run_behind(scene.town.tick._nudge)  # her own rows are there now, and due
    assert await scene.town.count(nudges, nudges.c.recipient == scene.id, nudges.c.state == "planned")
    async with while_she_is_erased(scene, scene.town.tick._nudge):
        assert await scene.left() == 0


async def test_reminders_that_are_being_made_for_her_are_erased_too(scene: Scene) -> None:
    a_reminder_is_due(scene)
    async with while_she_is_erased(scene, scene.town.tick._nudge):
        assert await scene.left() == 0


async def test_whoever_presses_twice_at_once_is_erased_once(scene: Scene) -> None:
    with scene.elsewhere.connect() as connection:
        connection.execute(select(people.c.id).where(people.c.id == scene.id).with_for_update())
        both = scene.begin_erasing(), scene.begin_erasing()
        while scene.waiting() < len(both):  # noqa: ASYNC110 - PostgreSQL sends no event
            await asyncio.sleep(0)
        connection.commit()
    assert all("erased" in said for said in await asyncio.gather(*both))
    assert scene.town.surroundings.journal.persons() == (scene.id,)


@pytest.mark.parametrize("is_marked", [False, True], ids=["before", "while"])
async def test_a_refused_letter_and_an_erasure_do_not_hold_each_other_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, *, is_marked: bool
) -> None:
    """Whatever the refusal brings with it, the meetings are held first: neither is rolled back, to be done again."""
    monkeypatch.setattr(postgres, "_TRIES", 1)
    town, begun, loop = scene.town, asyncio.Event(), asyncio.get_running_loop()
    erasing: list[asyncio.Task[str]] = []
    tries: list[str] = []

    def let_her_be_erased() -> None:
        loop.call_soon_threadsafe(begun.set)
        while not erasing or not (erasing[0].done() or scene.waiting()):
            pass  # the event loop goes on: this is the courier's thread

    def mark(store: People, actor: Actor, *, event: str) -> None:
        really_mark(store, actor, event=event)
        let_her_be_erased()

    def refused(connection: Connection, now: datetime, letter: Letter, trouble: Undeliverable) -> None:
        tries.append(letter.id)
        if not is_marked:
            let_her_be_erased()
        leaving.refused(Visit(connection, now, town.surroundings), letter, trouble)

    async def erase() -> str:
        await begun.wait()
        erasing.append(scene.begin_erasing())
        return await erasing[0]

    really_mark = People.mark
    if is_marked:
        monkeypatch.setattr(People, "mark", mark)
    await town.work.run(lambda connection: add(connection, scene))
    town.posts["slack"].troubles = [Undeliverable(Trouble.GONE, "user_disabled")]
    _, said = await asyncio.gather(Courier(town.work, town.clock, town.posts, refused, rates={}).empty(), erase())
    assert "erased" in said
    assert len(tries) == 1
    assert await town.count(people) == 1  # nobody
