"""The working day before a planned round opens: coordinators hear of who and what would be missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.flows import prompts
from bot.handlers import round_preflight
from bot.handlers.channels import Preflight
from bot.ports import Trouble, Undeliverable
from storage.tables import matters
from tests.fixtures.kinds import Kind
from tests.flows.samples import NOW, at
from tests.handlers.prepared import prepared
from tests.handlers.round_town import (
    MODEL,
    STRATEGISTS,
    WHOLE,
    ask,
    bind,
    in_group,
    known,
    read,
    talks_in,
    the_round,
)
from tests.handlers.town import Town, at_once

MONDAY = NOW.date()
TITLE = "Before it opens: Uppstartskonferensen"


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        await known(opened, "admin")
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MODEL) as opened:
        await known(opened, "admin")
        yield opened


async def plan(town: Town, days: int, **how: str) -> None:
    """Plan a round that opens so many days after this Monday, at ten."""
    await ask(town, opens_day=(MONDAY + timedelta(days=days)).isoformat(), opens_at="10.00", **how)


async def tidy(town: Town, days: int, hour: int = 9) -> str:
    """The time so many days after this Monday; everything that the coordinator has been sent by then."""
    town.clock.at = at(MONDAY + timedelta(days=days), hour)
    await town.tick.tidy()
    await town.deliver()
    return read(town, town.person("admin"))


async def open_ones(town: Town) -> int:
    return await town.count(matters, matters.c.kind == "round", matters.c.closed_at.is_(None))


async def test_C2_coordinators_hear_the_working_day_before_who_would_be_missing(town: Town) -> None:
    await in_group(town, "p", "politiker", "Nämnden")
    await (await known(town, "anna")).register(MODEL.id)
    await plan(town, 3)
    assert TITLE not in await tidy(town, 1)
    told = await tidy(town, 2)
    for part in (TITLE, "Chefer: nobody has chosen a group there yet", "1 person has not chosen a group"):
        assert part in told
    assert "Politiker: nobody" not in told


@pytest.mark.parametrize(("opens", "looked_at"), [(4, 3), (7, 4), (8, 7)])
async def test_a_weekend_in_between_is_left_alone(small: Town, opens: int, looked_at: int) -> None:
    await plan(small, opens)
    first = round_preflight.looked_at_from(await the_round(small), MODEL.zone)
    assert first == at(MONDAY + timedelta(days=looked_at), 8)


async def test_a_sealed_box_with_too_few_people_is_told_of_before_it_fails_to_open(town: Town) -> None:
    await in_group(town, "p", "politiker")
    await plan(town, 2, source="set:egentligen")
    assert "Everybody: 1 person can answer, and 5 are needed." in await tidy(town, 1)


async def test_it_is_said_once_and_settles_itself_when_nothing_is_in_the_way_any_more(town: Town) -> None:
    for name in ("p", "q", "r"):
        await in_group(town, name, "politiker")
    await plan(town, 2, roles=("politiker", "chefer"))  # type: ignore[arg-type]
    await tidy(town, 1)
    await at_once(town.tick.tidy(), town.tick.tidy())
    assert (await tidy(town, 1)).count(TITLE) == 1
    for name in ("c", "d", "e"):
        await in_group(town, name, "chefer")
    await tidy(town, 1)
    assert await open_ones(town) == 0


async def test_what_somebody_has_taken_care_of_does_not_come_back(small: Town) -> None:
    await plan(small, 2)
    await tidy(small, 1)
    await small.person("admin").click("Done")
    await tidy(small, 1, 15)
    assert await open_ones(small) == 0


@pytest.mark.parametrize("end", ["opened", "undone"])
async def test_once_it_is_open_or_undone_nobody_has_to_look_any_more(small: Town, end: str) -> None:
    await plan(small, 2)
    await tidy(small, 1)
    assert await open_ones(small) == 1
    if end == "opened":
        await small.tick_at((await the_round(small)).opens_at)
    else:
        await small.person("admin").press(prompts.UNDO_ROUND, (await the_round(small)).id)
    assert await open_ones(small) == 0


async def test_channels_are_asked_and_one_where_the_bot_is_missing_is_named_with_what_to_do(small: Town) -> None:
    await bind(small, WHOLE)
    await plan(small, 3)
    preflight = Preflight(small.work, small.clock, small.posts, small.surroundings)
    await preflight.run()
    small.clock.at = at(MONDAY + timedelta(days=2), 9)
    small.posts["sandbox"].check_troubles.append(Undeliverable(Trouble.FORBIDDEN, "not_in_channel"))
    await preflight.run()
    assert "I cannot write in alla. Open the team of alla and add" in await tidy(small, 2)


async def test_the_channel_of_a_group_is_asked_once_a_day_and_named_when_the_bot_is_missing(small: Town) -> None:
    await in_group(small, "s", "strateger", "Strategerna")
    await talks_in(small, "strateger", "Strategerna", STRATEGISTS)
    await plan(small, 2)
    preflight = Preflight(small.work, small.clock, small.posts, small.surroundings)
    small.posts["sandbox"].check_troubles += [Undeliverable(Trouble.FORBIDDEN, "not_in_channel")] * 2
    for _minute in range(3):
        await preflight.run()
    told = await tidy(small, 1)
    assert ("I cannot write in strateger" in told, "Strategerna talks there" in told) == (True, True)
    assert len(small.posts["sandbox"].check_troubles) == 1
    small.posts["sandbox"].check_troubles.clear()
    await preflight.run()
    assert await small.count(matters, matters.c.kind == "channel", matters.c.closed_at.is_(None)) == 0


async def test_when_nothing_is_in_the_way_nobody_is_told_anything(small: Town) -> None:
    for role in ("politiker", "chefer", "strateger"):
        for n in range(3):
            await in_group(small, f"{role}{n}", role)
    await plan(small, 2)
    assert TITLE not in await tidy(small, 1)


async def test_control_without_the_look_ahead_the_round_fails_to_open_unannounced(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_preflight, "look_ahead", lambda _visit: None)
    await plan(small, 2, source="set:egentligen")
    assert "are needed" not in await tidy(small, 1)
    await small.tick_at((await the_round(small)).opens_at)
    assert "Not asked:" in read(small, small.person("admin"))
