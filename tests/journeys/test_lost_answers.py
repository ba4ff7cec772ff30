"""N2: people who get no answer send again and again, by signed requests to two platforms; each post stands once."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.journeys.stage import Stage
from tests.journeys.test_board import ask, board_in_channel, follow, take_notes, talk_together

TIMES = 10
POSTS = {"anna": ("Kunskap", "Tid"), "erik": ("Mod", "Tålamod")}


async def test_N2a_N2b_twenty_submits_at_once_on_two_platforms_put_every_post_up_once(both: Stage) -> None:
    karin = await both.person("karin", "slack")
    await follow(karin)
    writers = {name: await both.person(name, platform) for name, platform in zip(POSTS, both.platforms, strict=True)}
    for name, writer in writers.items():
        await talk_together(both, f"Grupp {name}", writer)
    await ask(karin)
    for name, writer in writers.items():
        await take_notes(writer, *POSTS[name])
    await asyncio.gather(*(writer._submit("Skicka") for writer in writers.values() for _ in range(TIMES)))
    await both.pass_seconds(10)
    assert await _on_board(both) == dict.fromkeys([post for posts in POSTS.values() for post in posts], 1)
    await take_notes(writers["anna"], "Kunskap")  # the control: the same idea in a new form is kept twice, and counted
    await writers["anna"].submit("Skicka")
    await both.pass_seconds(10)
    assert (await _on_board(both))["Kunskap"] == 2


async def _on_board(both: Stage) -> Counter[str]:
    """Post → how often it stands on the board in the channel."""
    lines = await board_in_channel(await both.person("karin", "slack"))
    written = {post for posts in POSTS.values() for post in posts}
    return Counter(line.removeprefix("• ") for line in lines if line.removeprefix("• ") in written)
