"""Two connections at once: what the locks are for, and what happens without them."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.people import Actor, Language
from bot.domain.registrations import Participant, Register, SeatState
from storage.deliveries import Deliveries
from storage.people import People
from storage.registrations import NewSeat, Registrations
from storage.runs import Runs, StoredRun
from storage.tables import actors, people, runs, seats
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE, NOW, with_capacity
from tests.handlers.town import Town, at_once, open_town, second_process

COMMAND = Register(FREE.id, "Lunds kommun", "SE-1281", "Anna", "anna@lund.se", ())


def a_run(user: str) -> StoredRun:
    """A run that has only just begun."""
    return StoredRun(uuid.uuid4().hex, Actor("slack", "W1", user), "f", 1, "x", "", 0, "0", done=False, updated_at=NOW)


def book(connection: Connection, *, person: str, locked: bool) -> None:
    """Take the seat if it is free, as the desk does, or as somebody who forgets the lock would."""
    kept = Registrations(connection, NOW)
    if locked:
        kept.lock(FREE.id)
    left = kept.left(FREE.id)["fika"]
    if not locked:
        connection.execute(select(func.pg_sleep(0.05)))  # so that the others look in between, on any machine
    state = SeatState.CONFIRMED if left is None or left > 0 else SeatState.WAITING
    kept.add(COMMAND, person, [NewSeat("fika", Participant("Anna"), state, lodging=False)])


async def confirmed(url: str, *, locked: bool) -> int:
    """How many get the one seat when twelve people want it at once."""
    async with open_town(url, with_capacity(FREE, 1)) as town:
        language = Language.ENGLISH

        def meet(connection: Connection) -> list[str]:
            known = (People(connection, NOW).meet(Actor("x", "W", f"{n}"), None, None, language) for n in range(12))
            return [one.person.id for one in known]

        others = [unit_of_work(url) for _ in range(2)]
        ids = await town.work.run(meet)
        await at_once(*(others[n % 2].run(partial(book, person=id, locked=locked)) for n, id in enumerate(ids)))
        for other in others:
            await other.close()
        return await town.count(seats, seats.c.state == "confirmed")


async def test_P1b_with_the_lock_one_gets_the_seat(engine_url: str) -> None:
    assert await confirmed(engine_url, locked=True) == 1


async def test_P1b_without_the_lock_the_seat_is_given_twice(postgresql_url: str) -> None:
    """The positive control; on SQLite the one writer is the lock."""
    assert await confirmed(postgresql_url, locked=False) > 1


@pytest.fixture
async def open_database(engine_url: str) -> Any:
    async with open_town(engine_url, FREE) as town:
        yield town


async def test_an_actor_met_twice_at_once_is_one_person(open_database: Town) -> None:
    actor = Actor("slack", "W1", "U1")

    def meet(connection: Connection) -> str:
        return People(connection, NOW).meet(actor, None, None, Language.ENGLISH).person.id

    other = unit_of_work(open_database.url)
    found = await at_once(*(work.run(meet) for work in (open_database.work, other) * 5))
    await other.close()
    assert len(set(found)) == 1
    assert (await open_database.count(actors), await open_database.count(people)) == (1, 1)


async def test_a_delivery_is_noted_once_and_the_twin_is_rolled_back_whole(open_database: Town) -> None:
    def handle(connection: Connection) -> str:
        Runs(connection, NOW).add(a_run(str(id(connection))))
        Deliveries(connection, NOW).add("slack", "W1", "D1", "{}")
        return "handled"

    other = unit_of_work(open_database.url)
    tries = [work.run(handle) for work in (open_database.work, other) * 5]
    done = await asyncio.gather(*tries, return_exceptions=True)
    await other.close()
    assert done.count("handled") == 1
    assert sum(isinstance(one, IntegrityError) for one in done) == 9
    assert await open_database.count(runs) == 1


async def test_a_run_is_opened_once(open_database: Town) -> None:
    other = unit_of_work(open_database.url)
    both = (open_database.work, other) * 4
    opened = await at_once(*(work.run(lambda c: Runs(c, NOW).add(a_run("anna"))) for work in both))
    await other.close()
    assert opened.count(True) == 1
    assert await open_database.count(runs) == 1


async def test_two_changes_of_one_run_follow_each_other(open_database: Town) -> None:
    begun = a_run("anna")
    await open_database.work.run(lambda c: Runs(c, NOW).add(begun))

    def step(connection: Connection) -> None:
        kept = Runs(connection, NOW)
        run = kept.get(begun.id)
        assert run is not None
        kept.save(begun.id, step="s", revision=run.revision + 1, state=str(int(run.state) + 1), done=False)

    other = unit_of_work(open_database.url)
    await at_once(*(work.run(step) for work in (open_database.work, other) * 10))
    await other.close()
    run = await open_database.work.run(lambda c: Runs(c, NOW).get(begun.id))
    assert run is not None
    assert (run.revision, run.state) == (20, "20")


async def test_a_piece_that_fails_takes_nobody_in_its_batch_with_it(open_database: Town) -> None:
    def good(number: int) -> Any:
        return lambda c: Runs(c, NOW).add(a_run(str(number)))

    def bad(connection: Connection) -> None:
        Runs(connection, NOW).add(a_run("bad"))
        raise KeyError

    pieces = [open_database.work.run(bad if n % 3 == 0 else good(n)) for n in range(12)]
    done = await asyncio.gather(*pieces, return_exceptions=True)
    assert [isinstance(one, KeyError) for one in done] == [n % 3 == 0 for n in range(12)]
    assert await open_database.count(runs) == 8


async def test_counting_never_goes_below_nothing(open_database: Town) -> None:
    anna = open_database.person("anna")
    await anna.register(FREE.id)
    await open_database.load(with_capacity(FREE, 1))
    async with second_process(open_database) as other:
        await replace(open_database.person("bo"), reception=other).register(FREE.id)
    await open_database.load(with_capacity(replace(FREE, edition="3"), 1))
    left = await open_database.work.run(lambda c: Registrations(c, NOW).left(FREE.id))
    assert left == {"fika": 0}
    total = await open_database.work.run(lambda c: c.execute(select(func.count()).select_from(seats)).scalar_one())
    assert total == 2
