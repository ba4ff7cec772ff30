"""Messages that live: one message with its newest words, and nobody who writes or delivers waits for the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection, bindparam, delete, select, text

from bot.domain.people import Language
from bot.messages import Notice, to_json
from bot.ports import Address, Surface, Trouble, Undeliverable
from storage import outbox as kept
from storage import postgres
from storage.living import Living
from storage.outbox import Letter, Outbox, Post
from storage.prepared import Prepared
from storage.suspension import Wait
from storage.tables import outbox
from storage.unit_of_work import unit_of_work
from tests.handlers.town import Town, open_town
from tests.handlers.town import text as said

C1 = Address("sandbox", "W1", "C1", Surface.CHANNEL)
LEASE = timedelta(seconds=90)


def shown(town: Town, connection: Connection, words: str, key: str = "board") -> bool:
    box = Outbox(connection, town.clock.now())
    return Living(connection, box, town.clock.now()).show(key, C1, Language.ENGLISH, Notice(words))


async def show(town: Town, words: str, key: str = "board") -> bool:
    done = await town.work.run(lambda c: shown(town, c, words, key))
    town.clock.move(seconds=5)
    return done


async def claim(town: Town) -> tuple[Letter, ...]:
    return await town.work.run(lambda c: Outbox(c, town.clock.now()).claim(("sandbox", "W1"), LEASE, 10))


def sent(town: Town) -> list[str]:
    return [message.text for message in town.posts["sandbox"].sent]


def edits(town: Town) -> list[str]:
    return [said(view) for _reference, view in town.posts["sandbox"].updated]


async def rows(town: Town) -> list[tuple[str, str]]:
    statement = select(outbox.c.key, outbox.c.state).order_by(outbox.c.key)
    return [(row.key, row.state) for row in await town.read(lambda c: c.execute(statement).all())]


async def test_it_is_sent_once_and_edited_after_that(town: Town) -> None:
    for words in ("one", "one", "two", "two", "three"):
        await show(town, words)
        await town.deliver()
    assert (sent(town), edits(town)) == (["one"], ["two", "three"])


async def test_what_has_not_gone_out_is_said_in_the_newest_words(town: Town) -> None:
    for words in ("one", "two", "three"):
        await show(town, words)
    await town.deliver()
    assert (sent(town), edits(town)) == (["three"], [])


async def test_what_is_under_way_to_a_message_that_moves_never_edits_the_new_one(town: Town) -> None:
    await show(town, "one")
    await town.deliver()
    await show(town, "two")  # waits
    place = Post("board", C1, "", Language.ENGLISH, to_json(Notice("new")))

    def move(connection: Connection) -> None:
        box = Outbox(connection, town.clock.now())
        Living(connection, box, town.clock.now()).move("board", "was", place, Notice("further down"))

    await town.work.run(move)
    for _again in range(2):
        await town.deliver()
        town.clock.move(seconds=5)
    assert (sent(town), edits(town)) == (["one", "new"], ["further down"])


async def test_old_words_come_back_when_they_are_the_newest(town: Town) -> None:
    """Compared is what was said last, not what the message was sent with."""
    for words in ("one", "two", "one"):
        await show(town, words)
        await town.deliver()
    assert edits(town) == ["two", "one"]


async def test_while_one_edit_is_under_way_the_next_one_waits_behind_it(town: Town) -> None:
    await show(town, "one")
    await town.deliver()
    await show(town, "two")
    [under_way] = await claim(town)
    assert [await show(town, words) for words in ("three", "four")] == [True, True]
    assert await rows(town) == [("board", "sent"), ("board:edit", "sending"), ("board:edit again", "waiting")]
    await town.work.run(lambda c: Outbox(c, town.clock.now()).sent(under_way, under_way.replaces))
    await town.deliver()
    assert edits(town) == ["four"]
    await show(town, "five")
    await town.deliver()
    assert edits(town) == ["four", "five"]
    assert len(await rows(town)) <= 3


async def test_what_is_shown_while_the_message_itself_is_under_way_is_an_edit_of_it(town: Town) -> None:
    await show(town, "one")
    [under_way] = await claim(town)
    await show(town, "two")
    await town.work.run(lambda c: Outbox(c, town.clock.now()).sent(under_way, "ref-1"))
    await town.deliver()
    assert edits(town) == ["two"]


async def test_a_late_word_of_an_earlier_edit_does_not_settle_the_one_that_took_its_row(town: Town) -> None:
    await show(town, "one")
    await town.deliver()
    await show(town, "two")
    [late] = await claim(town)
    town.clock.move(seconds=91)
    await town.deliver()
    await show(town, "three")
    await town.work.run(lambda c: Outbox(c, town.clock.now()).sent(late, late.replaces))
    assert ("board:edit", "waiting") in await rows(town)
    await town.deliver()
    assert edits(town) == ["two", "three"]


async def test_one_that_was_refused_is_sent_anew_after_a_while(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.FORBIDDEN, "not_in_channel")]
    await show(town, "one")
    await town.deliver()
    assert await show(town, "two")
    await town.deliver()
    assert sent(town) == []
    town.clock.move(minutes=10)
    await show(town, "three")
    await town.deliver()
    assert (sent(town), edits(town)) == (["three"], [])


async def test_what_was_taken_back_does_not_come_back_by_itself(town: Town) -> None:
    await show(town, "one")
    await town.work.run(lambda c: Outbox(c, town.clock.now()).take_back("board"))
    town.clock.move(minutes=20)
    await show(town, "two")
    await town.deliver()
    assert sent(town) == []


# --- Side by side -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def postgres_town(postgresql_url: str) -> AsyncIterator[Town]:
    async with open_town(postgresql_url) as opened:
        yield opened


@pytest.fixture
def deadlocks(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Those that PostgreSQL has ended by refusing one of the two, which then is done once more."""
    found: list[Exception] = []
    trying = postgres._try

    def noting(connection: Connection, work: Callable[[Connection], Any], wait: Wait) -> Any:
        try:
            return trying(connection, work, wait)
        except DeadlockDetected as refused:
            found.append(refused)
            raise

    monkeypatch.setattr(postgres, "_try", noting)
    return found


async def both_at_once(town: Town) -> None:
    """Show two messages in one transaction, and let a courier claim in another when only the first is written."""
    for key in ("one", "two"):
        await show(town, "old", key)
    await town.deliver()
    for key in ("one", "two"):
        await show(town, "waits", key)
    other, loop = unit_of_work(town.url), asyncio.get_running_loop()

    async def claim() -> tuple[Letter, ...]:
        return await other.run(lambda c: Outbox(c, town.clock.now()).claim(("sandbox", "W1"), LEASE, 10))

    def work(connection: Connection) -> Future[tuple[Letter, ...]]:
        shown(town, connection, "new", "one")
        claiming = asyncio.run_coroutine_threadsafe(claim(), loop)
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not claiming.done() and not connection.execute(waiting).scalar_one():
            pass
        shown(town, connection, "new", "two")
        return claiming

    try:
        await asyncio.wrap_future(await town.work.run(work))
    finally:
        await other.close()


async def test_showing_and_claiming_never_wait_for_each_other(postgres_town: Town, deadlocks: list[Exception]) -> None:
    await both_at_once(postgres_town)
    assert deadlocks == []
    postgres_town.clock.move(seconds=91)  # what was claimed in vain comes back
    await postgres_town.deliver()
    assert [edits(postgres_town).count("new"), edits(postgres_town)[-1]] == [2, "new"]


async def test_they_would_if_an_edit_waited_for_the_one_it_overtakes(
    postgres_town: Town, monkeypatch: pytest.MonkeyPatch, deadlocks: list[Exception]
) -> None:
    """The positive control."""
    careless = delete(outbox).where(outbox.c.replaces == bindparam("edited"), outbox.c.state == "waiting")
    places = [outbox.c[name] == bindparam(name) for name in ("platform", "workspace", "surface", "conversation")]
    monkeypatch.setattr(kept, "_OVERTAKEN", Prepared(careless.where(*places)))
    await both_at_once(postgres_town)
    assert deadlocks
