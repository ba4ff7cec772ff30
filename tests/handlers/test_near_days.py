"""A day as seen from today: it names the meeting that is held then, and is said to have none where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.handlers.near_days import day_named, without_near_days
from bot.ports import Address, Surface
from tests.flows.samples import DAYS, FREE, SINGLE, at, occasion
from tests.handlers import asked_town
from tests.handlers.town import Town, text

town = asked_town.on_both

MONDAY = date(2027, 2, 8)


@pytest.mark.parametrize(
    ("question", "ahead", "rest"),
    [
        ("var är det idag?", 0, "var är det ?"),
        ("Kvar er det i kveld", 0, "Kvar er det"),
        ("var är det imorgon", 1, "var är det"),
        ("var är de i morrn", 1, "var är de"),
        ("vilken tid börjar det imorgon bitti", 1, "vilken tid börjar det"),
        ("Hvor er det i morgen formiddag", 1, "Hvor er det"),
        ("when is it tomorrow", 1, "when is it"),
        ("where is it the day after tomorrow", 2, "where is it"),
        ("vad händer i övermorgon", 2, "vad händer"),
        ("Hva skjer i overmorgen", 2, "Hva skjer"),
        ("är det möte nu på torsdag", 3, "är det möte"),
        ("er det møte på tysdag", 1, "er det møte"),
        ("kva skal eg førebu til tysdag", 1, "kva skal eg førebu"),
        ("is there a meeting on Monday", 7, "is there a meeting"),
    ],
)
def test_a_day_is_counted_from_today_and_left_out_of_what_is_asked(question: str, ahead: int, rest: str) -> None:
    assert day_named(question, MONDAY) == MONDAY + timedelta(ahead)
    assert without_near_days(question) == rest


@pytest.mark.parametrize("question", ["när är nästa träff?", "går det på måndagar?", "var träffas vi den 9 februari?"])
def test_other_days_are_none_of_these(question: str) -> None:
    assert day_named(question, MONDAY) is None
    assert without_near_days(question) == question


async def test_where_it_is_tomorrow_is_told_of_the_meeting_that_one_attends_then(town: Town) -> None:
    anna = town.person("anna")
    await town.load(replace(FREE, occasions=(occasion("fika", DAYS[0] - timedelta(days=1)),)))
    for programme in (FREE, SINGLE):
        await anna.register(programme.id)
    town.clock.at = at(DAYS[0] - timedelta(days=1), 9)  # fika comes first, later this very day
    told = text((await anna.say("när är det imorgon?")).view)
    assert told.startswith("When is it?")
    assert "Träff a" in told
    assert "You are registered." in told
    assert "Träff fika" not in told


async def test_whoever_attends_nothing_then_hears_what_is_held_and_that_they_have_no_seat(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    town.clock.at = at(DAYS[1] - timedelta(days=1), 9)
    told = text((await anna.say("hvor er det i morgen?")).view)
    assert "You are not registered there." in told
    assert "Tue 16 Mar: Träff b: Zoom" in told
    assert "Träff c" not in told


async def test_where_nothing_is_held_then_one_hears_so_and_what_comes_next(town: Town) -> None:
    anna = town.person("anna")
    told = text((await anna.say("var är det imorgon")).view)
    assert "There is no meeting on Tuesday 12 January 2027." in told
    assert "Tue 9 Feb: Träff a: Zoom" in told
    assert "Träff b" not in told


async def test_a_day_says_nothing_about_what_is_asked_of_no_meeting(town: Town) -> None:
    told = text((await town.person("anna").say("vad kostar det imorgon?")).view)
    assert told.startswith("What does it cost?")
    assert "There is no meeting" not in told


async def test_in_a_channel_nobody_reads_who_has_no_seat_tomorrow(town: Town) -> None:
    anna = town.person("anna", "slack")
    town.clock.at = at(DAYS[1] - timedelta(days=1), 9)
    await anna.say("var är det imorgon?", came_from=Address("slack", "W1", "C1", Surface.CHANNEL), message="m1")
    await town.deliver()
    (aloud,) = [text(one.view) for one in town.posts["slack"].sent if one.address.surface is Surface.CHANNEL]
    assert "Träff b" in aloud
    assert "registered" not in aloud
