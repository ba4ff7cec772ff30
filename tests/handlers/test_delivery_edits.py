"""Edits and replies: which message they refer to, and what they wait for."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import Surface, Trouble, Undeliverable
from storage.outbox import Outbox
from tests.handlers.outbox import add, arrived, outcomes, to, write
from tests.handlers.town import Town, text


async def test_of_two_edits_that_wait_only_the_one_written_last_goes(town: Town) -> None:
    """By the order of the commits: the later one may have begun, and so be dated, before the other."""
    await add(town, "key:old", "old")
    await town.deliver()
    await add(town, "key:first", "first", edits="key:old")
    town.clock.move(seconds=-1)
    await add(town, "key:last", "last", edits="key:old")
    town.clock.move(seconds=2)
    await town.deliver()
    assert [text(view) for _reference, view in town.posts["sandbox"].updated] == ["last"]


async def test_an_edit_waits_for_the_message_that_it_replaces(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "refused")]
    await write(town, "old")
    await add(town, "key:new", "new", edits="key:old")
    await town.deliver()
    assert (arrived(town), town.posts["sandbox"].updated) == ([], [])
    town.clock.move(seconds=10)
    await town.deliver()
    assert (arrived(town), len(town.posts["sandbox"].updated)) == (["old"], 1)


async def test_an_edit_of_a_message_that_is_due_later_waits_and_holds_nobody_up(town: Town) -> None:
    await add(town, "key:old", "old", due_at=town.clock.now() + timedelta(hours=1))
    await add(town, "key:new", "new", edits="key:old")
    await write(town, "meanwhile")
    await town.deliver()
    assert arrived(town) == ["meanwhile"]
    town.clock.move(hours=2)
    await town.deliver()
    assert (arrived(town), len(town.posts["sandbox"].updated)) == (["meanwhile", "old"], 1)


async def test_an_edit_of_what_never_arrived_is_given_up_and_told_to_nobody(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.GONE, "user_not_found")]
    await write(town, "old")
    await add(town, "key:new", "new", edits="key:old")
    await add(town, "key:other", "other", edits="key:never written")
    await town.deliver()
    nothing = ("failed", "nothing to edit")
    assert await outcomes(town) == [("failed", "gone: user_not_found"), nothing, nothing]
    assert await town.work.run(lambda c: Outbox(c, town.clock.now()).undelivered()) == [
        ("sandbox", "gone: user_not_found", 1)
    ]


async def test_a_reply_is_written_under_the_message_that_it_belongs_to(town: Town) -> None:
    channel = to("C1", surface=Surface.CHANNEL)
    await write(town, "root", address=channel)
    await add(town, "key:reply", "reply", address=channel, thread="key:root")
    await add(town, "key:orphan", "orphan", address=channel, thread="key:nowhere")
    await town.deliver()
    assert [message.thread for message in town.posts["sandbox"].sent] == ["", "ref-1", ""]
