"""Workspaces beside each other: one courier at a time in each, and none of them delays another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from bot.handlers.courier import Courier
from bot.ports import Address, Trouble, Undeliverable
from storage.lanes import Lanes
from storage.outbox import Outbox
from tests.handlers.outbox import arrived, outcomes, to, write
from tests.handlers.town import Post, Town


async def test_a_workspace_that_asks_for_quiet_or_is_slow_delays_no_other(town: Town) -> None:
    class Slow(Post):
        async def send(self, address: Address, *args: Any, **rest: Any) -> str:
            if address.workspace == "W1":
                await answers.wait()
            if address.workspace == "W2":
                raise Undeliverable(Trouble.LATER, "ratelimited", retry_after=300)
            if address.conversation == "last":
                answers.set()
            return await super().send(address, *args, **rest)

    answers = asyncio.Event()
    town.posts["sandbox"] = Slow("sandbox")
    for workspace in ("W1", "W2", "W3"):
        for person in ("first", "last"):
            await write(town, f"{workspace} {person}", address=Address("sandbox", workspace, person))
    await asyncio.wait_for(town.deliver(), 20)  # W1 waits until all of W3 has been sent
    assert sorted(arrived(town)) == ["W1 first", "W1 last", "W3 first", "W3 last"]


async def test_A3b_another_process_keeps_the_quiet_too(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "ratelimited", retry_after=300)]
    await write(town, "first")
    await town.deliver()
    await write(town, "second", address=to("bo"))
    other = Courier(town.work, town.clock, town.posts, rates={})
    town.clock.move(seconds=299)
    await other.empty()
    assert arrived(town) == []
    town.clock.move(seconds=1)
    await other.empty()
    assert sorted(arrived(town)) == ["first", "second"]


async def test_one_courier_at_a_time_delivers_in_a_workspace(town: Town) -> None:
    await write(town, "first", "second")
    now = town.clock.now()
    assert await town.work.run(lambda c: Lanes(c, now).take(("sandbox", "W1"), "other", now + timedelta(minutes=1)))
    await town.deliver()
    assert arrived(town) == []
    town.clock.move(minutes=1)
    await town.deliver()
    assert arrived(town) == ["first", "second"]


async def test_A3c_a_clock_that_was_ahead_and_is_put_right_stops_nothing(town: Town) -> None:
    town.clock.move(days=1)
    await write(town, "ahead")
    await town.deliver()
    town.clock.move(days=-1)
    await write(town, "put right")
    await Courier(town.work, town.clock, town.posts, rates={}).empty()
    assert arrived(town) == ["ahead", "put right"]


async def test_a_late_word_of_an_earlier_try_changes_nothing(town: Town) -> None:
    await write(town, "first")
    lane, lease = ("sandbox", "W1"), timedelta(seconds=90)
    [slow] = await town.work.run(lambda c: Outbox(c, town.clock.now()).claim(lane, lease, 1))
    town.clock.move(seconds=91)
    [again] = await town.work.run(lambda c: Outbox(c, town.clock.now()).claim(lane, lease, 1))
    await town.work.run(lambda c: Outbox(c, town.clock.now()).failed(slow, "gone"))
    assert (slow.resumed, again.resumed) == (False, True)
    assert (await outcomes(town))[0][0] == "sending"


async def test_stopping_finishes_what_was_claimed(town: Town) -> None:
    class Slow(Post):
        async def send(self, *args: Any, **rest: Any) -> str:
            town.courier.stop()
            await asyncio.sleep(0)
            return await super().send(*args, **rest)

    town.posts["sandbox"] = Slow("sandbox")
    town.courier = Courier(town.work, town.clock, town.posts, rates={})
    await write(town, "first", "second")
    await asyncio.wait_for(town.courier.run(), 20)
    assert await outcomes(town) == [("sent", ""), ("waiting", "")]
