"""The board in channels keeps the pace of the platforms, however much is written."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.handlers.courier import Courier
from bot.handlers.pacing import Rates
from storage.tables import outbox
from tests.handlers import followed
from tests.handlers.followed import (
    CHANNELS,
    calls,
    pass_time,
    put,
    rows,
    stands,
)
from tests.handlers.town import Town, text
from tests.handlers.workshop import channel, group

town, small_town = followed.on_both, followed.on_sqlite


async def test_what_many_write_within_five_seconds_is_one_edit_in_each_channel(small_town: Town) -> None:
    await put(small_town, "First")
    await pass_time(small_town)
    before = calls(small_town)
    for second in range(20):
        await put(small_town, f"Post {second}")
        await pass_time(small_town, 1)
    await pass_time(small_town)
    assert calls(small_town) - before <= 5 * len(CHANNELS)
    assert all("• Post 19" in "\n".join(stands(small_town, where)) for where in CHANNELS)


async def test_an_edit_that_waits_is_given_the_newest_words_and_keeps_its_place(small_town: Town) -> None:
    """Else the pages at the end would wait as long as those at the beginning change."""
    await put(small_town, "First")
    await pass_time(small_town)
    slack = small_town.posts["slack"]
    slack.updated.clear()
    for n in range(5):
        await put(small_town, f"Post {n}")
        small_town.clock.move(seconds=5)
        await small_town.tick.run()
    dated = select(outbox.c.created_at).where(outbox.c.state == "waiting", outbox.c.workspace == "S1")
    (since,) = await small_town.read(lambda c: c.execute(dated).scalars().all())
    assert (small_town.clock.now() - since).total_seconds() == 20
    await small_town.deliver()
    assert len(slack.updated) == 2
    assert all("• Post 4" in text(view) for _reference, view in slack.updated)


async def test_a_long_day_leaves_no_heap_of_rows(town: Town) -> None:
    for n in range(30):
        await put(town, f"Post {n}")
        await pass_time(town)
    assert await rows(town) <= 3 * len(CHANNELS)


async def test_a_busy_workshop_keeps_the_pace_of_the_platform(small_town: Town) -> None:
    """Three channels in one workspace, at three edits in two seconds: no more go out, and the last words arrive."""
    rates = {"slack": Rates(100.0, conversation=((1, 0.05),), edits=((3, 0.2),))}
    small_town.courier = Courier(small_town.work, small_town.clock, small_town.posts, rates=rates)
    for name in ("C7", "C8", "C9"):
        await group(small_town, "chefer", name, where=channel(name, "slack", "S1"))
    times: list[float] = []
    slack = small_town.posts["slack"]
    edit = slack.update

    async def timed(*args: object) -> None:
        times.append(asyncio.get_running_loop().time())
        await edit(*args)  # type: ignore[arg-type]

    slack.update = timed  # type: ignore[method-assign,assignment]
    for n in range(4):
        await put(small_town, f"Post {n}")
        await pass_time(small_town)
    own = sorted(times)
    assert len(own) >= 9
    assert all(later - earlier > 0.15 for earlier, later in zip(own, own[6:], strict=False))
    assert all("• Post 3" in stands(small_town, channel(name, "slack", "S1"))[0] for name in ("C7", "C8", "C9"))
