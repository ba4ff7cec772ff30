"""Administrators hear 30, 7 and 1 days before the secret of Teams expires, once each; nobody else hears it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.programmes import local_day
from bot.domain.times import HOME_ZONE
from bot.handlers.tick import Tick
from tests.handlers.town import Town, surroundings, text

_A_DAY = timedelta(days=1)


async def live(town: Town, *, until: int, later: int = 0) -> list[tuple[int, str]]:
    """Every day until the secret expires, so many days after a Thursday; with how many left what was said."""
    for name in ("admin", "anna"):
        await town.person(name).say("help")
    town.clock.at += timedelta(days=later)
    expires = local_day(town.clock.now(), HOME_ZONE) + timedelta(days=31)
    tick = Tick(town.work, town.clock, surroundings(teams_secret_expires=expires))
    heard = []
    for left in range(31, until - 1, -1):
        for _minute in range(2):
            before = len(town.messages(town.person("admin")))
            await tick.tidy()
            await town.deliver()
            heard += [(left, text(one.view)) for one in town.messages(town.person("admin"))[before:]]
        town.clock.at += _A_DAY
    return heard


async def test_A1c_administrators_are_told_30_7_and_1_days_ahead_and_when_it_is_too_late(town: Town) -> None:
    heard = await live(town, until=0)
    assert [left for left, _said in heard] == [30, 7, 1, 0]
    assert heard[1][1].startswith("Teams falls silent in 7 days")
    assert "Thursday 11 February 2027" in heard[2][1]
    assert heard[3][1].startswith("Teams has fallen silent")
    assert not any("silent" in text(one.view) for one in town.messages(town.person("anna")))


@pytest.mark.parametrize(
    ("later", "heard"),
    [
        (1, [30, 7, 1, 0]),  # on a Friday
        (2, [30, 5, 1]),  # on a Saturday
        (3, [30, 6, 2]),  # on a Sunday: two days ahead is the last working day
        (4, [28, 7, 3, 0]),  # on a Monday
        (5, [29, 7, 1, 0]),  # on a Tuesday
    ],
)
async def test_A1c_where_nobody_works_on_the_day_before_they_are_told_on_the_last_working_day(
    town: Town, later: int, heard: list[int]
) -> None:
    assert [left for left, _said in await live(town, until=0, later=later)] == heard


async def test_A1c_nothing_is_said_at_night_or_while_there_is_time(town: Town) -> None:
    assert await live(town, until=31) == []
    town.clock.at += timedelta(hours=10)
    tick = Tick(town.work, town.clock, surroundings(teams_secret_expires=local_day(town.clock.now(), HOME_ZONE)))
    before = len(town.messages(town.person("admin")))
    await tick.tidy()
    await town.deliver()
    assert len(town.messages(town.person("admin"))) == before
