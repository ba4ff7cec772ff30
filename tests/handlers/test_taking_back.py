"""Taking messages back: what has not gone out never does, and what has is removed once it is there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.people import Language
from bot.handlers.courier import Courier
from bot.messages import Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from storage.lanes import Lane
from storage.outbox import Letter, Outbox
from storage.tables import outbox
from storage.unit_of_work import unit_of_work
from tests.handlers.town import Post, Town, at_once, text

LANE: Lane = ("sandbox", "W1")
C1 = Address("sandbox", "W1", "C1", Surface.CHANNEL)


async def write(town: Town, key: str, *, to: Address = C1, **how: Any) -> None:
    def add(connection: Connection) -> None:
        Outbox(connection, town.clock.now()).add(key, to, Notice(key), person="", language=Language.ENGLISH, **how)

    await town.work.run(add)
    town.clock.move(microseconds=1)


async def take_back(town: Town, prefix: str = "prompt:r1:") -> int:
    return await town.work.run(lambda c: Outbox(c, town.clock.now()).take_back(prefix))


async def claim(town: Town) -> tuple[Letter, ...]:
    return await town.work.run(lambda c: Outbox(c, town.clock.now()).claim(LANE, timedelta(seconds=90), 100))


def arrived(town: Town) -> list[str]:
    return [text(message.view) for message in town.posts["sandbox"].sent]


async def outcomes(town: Town) -> list[tuple[str, str]]:
    statement = select(outbox.c.state, outbox.c.reason).order_by(outbox.c.created_at, outbox.c.place)
    return await town.work.run(lambda c: [(row.state, row.reason) for row in c.execute(statement)])


async def test_C2b_what_has_not_gone_out_never_does_and_is_nobodys_trouble(town: Town) -> None:
    await write(town, "prompt:r1:one")
    await write(town, "prompt:r1:later", due_at=town.clock.now() + timedelta(hours=1))
    assert await take_back(town) == 2
    town.clock.move(hours=2)
    await town.deliver()
    assert (arrived(town), town.posts["sandbox"].removed) == ([], [])
    assert await outcomes(town) == [("failed", "taken back")] * 2
    assert await town.work.run(lambda c: Outbox(c, town.clock.now()).undelivered()) == []


async def test_C2b_what_has_gone_out_is_removed(town: Town) -> None:
    await write(town, "prompt:r1:one")
    await town.deliver()
    assert await take_back(town) == 1
    await town.deliver()
    assert (arrived(town), town.posts["sandbox"].removed) == (["prompt:r1:one"], ["ref-1"])


async def test_only_what_begins_so_is_taken_back(town: Town) -> None:
    for key in ("prompt:r1:one", "prompt:r10:one", "prompt:r%:one", "board:r1:1"):
        await write(town, key)
    await town.deliver()
    assert await take_back(town) == 1
    assert await take_back(town, "prompt:r%:") == 1
    await town.deliver()
    assert town.posts["sandbox"].removed == ["ref-1", "ref-3"]


async def test_taking_back_twice_removes_once(town: Town) -> None:
    await write(town, "prompt:r1:one")
    await town.deliver()
    assert [await take_back(town), await take_back(town)] == [1, 0]
    await town.deliver()
    assert await take_back(town) == 0
    await town.deliver()
    assert town.posts["sandbox"].removed == ["ref-1"]


async def test_what_was_taken_back_is_not_sent_again_under_the_same_key(town: Town) -> None:
    await write(town, "prompt:r1:one")
    await take_back(town)
    await write(town, "prompt:r1:one")
    await town.deliver()
    assert arrived(town) == []


async def test_C2b_a_message_that_is_being_sent_at_that_moment_is_removed_after_it_was_sent(town: Town) -> None:
    """The one that takes it back is another connection: it sees the message on its way, and nothing of its outcome."""
    events: list[str] = []

    class Slow(Post):
        async def send(self, *args: Any, **rest: Any) -> str:
            under_way.set()
            await taken_back.wait()
            events.append("sent")
            return await super().send(*args, **rest)

        async def remove(self, address: Address, reference: str) -> None:
            events.append(f"removed {reference}")

    under_way, taken_back = asyncio.Event(), asyncio.Event()
    town.posts["sandbox"] = Slow("sandbox")
    town.courier = Courier(town.work, town.clock, town.posts, rates={})
    other = unit_of_work(town.url)

    async def undo() -> None:
        await under_way.wait()
        await other.run(lambda c: Outbox(c, town.clock.now()).take_back("prompt:r1:"))
        taken_back.set()

    await write(town, "prompt:r1:one")
    await asyncio.wait_for(at_once(town.deliver(), undo()), 20)
    await other.close()
    town.clock.move(seconds=2)
    await town.deliver()
    assert events == ["sent", "removed ref-1"]


async def test_it_waits_for_a_message_whose_answer_was_lost(town: Town) -> None:
    post = town.posts["sandbox"]
    post.troubles, post.lost_answers = [Undeliverable(Trouble.UNKNOWN, "timeout")], 1
    await write(town, "prompt:r1:one")
    await town.deliver()
    await take_back(town)
    await town.deliver()
    assert post.removed == []
    town.clock.move(seconds=6)
    await town.deliver()
    assert (arrived(town), post.removed) == (["prompt:r1:one"], ["ref-1"])


async def test_one_that_was_claimed_and_put_back_is_sent_and_then_removed(town: Town) -> None:
    """As when the workspace turned out to need quiet: it had been claimed when it was taken back."""
    await write(town, "prompt:r1:one")
    [letter] = await claim(town)
    await take_back(town)
    await town.work.run(lambda c: Outbox(c, town.clock.now()).put_back(letter, town.clock.now()))
    town.clock.move(seconds=2)
    await town.deliver()
    assert (arrived(town), town.posts["sandbox"].removed) == (["prompt:r1:one"], ["ref-1"])


async def test_one_that_never_arrived_leaves_nothing_to_remove(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.GONE, "no")]
    await write(town, "prompt:r1:one")
    [letter] = await claim(town)
    await take_back(town)
    await town.work.run(lambda c: Outbox(c, town.clock.now()).failed(letter, "gone: no"))
    await town.deliver()
    assert await outcomes(town) == [("failed", "gone: no"), ("failed", "nothing to edit")]
    assert town.posts["sandbox"].removed == []


async def test_an_edit_that_waits_says_nothing_more_and_a_later_one_does_not_save_the_message(town: Town) -> None:
    await write(town, "prompt:r1:one")
    await town.deliver()
    await write(town, "prompt:r1:one:edit", edits="prompt:r1:one")
    await take_back(town)
    await write(town, "changed:one", edits="prompt:r1:one")
    await town.deliver()
    assert town.posts["sandbox"].removed == ["ref-1"]
    assert [text(view) for _reference, view in town.posts["sandbox"].updated] == ["changed:one"]


async def test_a_removal_that_is_refused_is_tried_again_only_when_that_may_help(town: Town) -> None:
    class Stubborn(Post):
        async def remove(self, address: Address, reference: str) -> None:
            if self.check_troubles:
                raise self.check_troubles.pop(0)
            await super().remove(address, reference)

    post = town.posts["sandbox"] = Stubborn("sandbox")
    town.courier = Courier(town.work, town.clock, town.posts, rates={})
    post.check_troubles = [Undeliverable(Trouble.LATER, "ratelimited", retry_after=10)]
    await write(town, "prompt:r1:one")
    await write(town, "prompt:r1:two")
    await town.deliver()
    await take_back(town)
    await town.deliver()
    assert post.removed == []
    post.check_troubles = [Undeliverable(Trouble.FORBIDDEN, "cant_delete_message")]
    town.clock.move(seconds=10)
    await town.deliver()
    assert post.removed == ["ref-2"]
    assert await town.work.run(lambda c: Outbox(c, town.clock.now()).undelivered()) == []


async def test_two_couriers_and_an_undo_at_once_leave_no_message_behind(town: Town) -> None:
    """Whatever the order: what was sent was removed after it, and nothing was removed twice."""
    where = [Address("sandbox", f"W{n % 3}", f"p{n}") for n in range(30)]
    for n, to in enumerate(where):
        await write(town, f"prompt:r1:{n}", to=to)
    first, second = unit_of_work(town.url), unit_of_work(town.url)
    couriers = [Courier(work, town.clock, town.posts, rates={}) for work in (first, second)]
    await at_once(*(courier.empty() for courier in couriers), take_back(town), take_back(town))
    for _ in range(3):
        town.clock.move(seconds=2)
        await at_once(*(courier.empty() for courier in couriers))
    await first.close()
    await second.close()
    post = town.posts["sandbox"]
    assert sorted(post.removed) == sorted(f"ref-{n}" for n in range(1, len(post.sent) + 1))


async def test_the_same_without_taking_back_what_is_on_its_way_leaves_one_behind(town: Town) -> None:
    """The positive control: an undo that only drops what waits is caught by what the tests above look at."""
    await write(town, "prompt:r1:one")
    [letter] = await claim(town)
    await town.work.run(lambda c: Outbox(c, town.clock.now())._hold_back("prompt:r1:"))
    await town.work.run(lambda c: Outbox(c, town.clock.now()).put_back(letter, town.clock.now()))
    town.clock.move(seconds=2)
    await town.deliver()
    assert (arrived(town), town.posts["sandbox"].removed) == (["prompt:r1:one"], [])
