"""A workshop that nobody has ended: its leader is asked on the next working day, and coordinators two days later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.people import Role
from bot.domain.workshops import State
from bot.flows import workshops as words
from bot.handlers import unended
from bot.handlers.tick import Tick
from storage.unit_of_work import unit_of_work
from tests.handlers import workshop_town
from tests.handlers.linked import appoint
from tests.handlers.town import Person, at_once, text
from tests.handlers.workshop_town import Day, rate

day, small = workshop_town.on_both, workshop_town.on_sqlite

ASKED = "Not ended yet: Dagen"


async def tidy_at(day: Day, when: datetime) -> None:
    await day.town.tick_at(when)
    await day.town.tick.tidy()
    await day.town.deliver()


def asked(day: Day, person: Person) -> int:
    return sum(ASKED in message.text for message in day.town.messages(person))


async def left_on(day: Day, friday: datetime) -> None:
    """Begun, and left at the sealed questions."""
    day.town.clock.at = friday
    await day.begin()
    await day.to("skattning")


FRIDAY = datetime(2026, 11, 20, 13, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)


async def test_whoever_leads_is_asked_once_on_the_next_working_day(day: Day) -> None:
    await left_on(day, FRIDAY)
    for hours in (6, 20, 44):
        await tidy_at(day, FRIDAY + timedelta(hours=hours))
    await tidy_at(day, MONDAY.replace(hour=8, minute=59))  # before ten o'clock in Sweden
    assert asked(day, day.leader) == 0
    day.town.clock.at = MONDAY.replace(hour=9)
    elsewhere = unit_of_work(day.town.url)
    try:
        other = Tick(elsewhere, day.town.clock, day.town.surroundings)
        await at_once(day.town.tick.tidy(), other.tidy())
    finally:
        await elsewhere.close()
    await tidy_at(day, MONDAY)
    assert asked(day, day.leader) == 1
    said = day.got(day.leader)
    assert "It has been at Självskattning since Friday 20 November" in said
    assert all(asked(day, person) == 0 for person in (*day.people, day.other, day.stranger))


async def test_it_may_be_ended_from_the_question(small: Day) -> None:
    await left_on(small, FRIDAY)
    await tidy_at(small, MONDAY)
    assert "End the workshop?" in text((await small.press(words.END)).view)
    await small.press(words.CONFIRM_END)
    await tidy_at(small, MONDAY + timedelta(days=1))
    assert (asked(small, small.leader), (await small.stands()).state) == (1, State.ENDED)


async def test_whoever_goes_on_in_time_is_not_asked(small: Day) -> None:
    await left_on(small, FRIDAY)
    small.town.clock.at = MONDAY.replace(hour=8, minute=30)
    await small.press(words.LONGER)
    await tidy_at(small, MONDAY)
    assert asked(small, small.leader) == 0


async def test_coordinators_are_asked_two_working_days_later_and_not_once_it_goes_on(day: Day) -> None:
    await appoint(day.town, day.stranger, Role.COORDINATOR)
    await left_on(day, FRIDAY)
    await tidy_at(day, MONDAY)
    await tidy_at(day, MONDAY + timedelta(days=1))
    assert asked(day, day.stranger) == 0
    await tidy_at(day, MONDAY + timedelta(days=2))
    await tidy_at(day, MONDAY + timedelta(days=2, hours=1))
    assert asked(day, day.stranger) == 1
    assert "Not ended yet" in text((await day.stranger.say("status")).view)
    await day.press(words.PAUSE)
    assert "Not ended yet" not in text((await day.stranger.say("status")).view)


async def test_a_pause_is_asked_about_after_two_weeks_while_sealed_questions_are_open(small: Day) -> None:
    await left_on(small, FRIDAY)
    await rate(small.people[0], (await small.round("skattning")).id)
    await small.press(words.PAUSE)
    await tidy_at(small, FRIDAY + timedelta(days=13))
    assert asked(small, small.leader) == 0
    await tidy_at(small, FRIDAY + timedelta(days=14))
    assert asked(small, small.leader) == 1
    assert "It has been paused since Friday 20 November" in small.got(small.leader)


async def test_a_pause_in_which_nothing_sealed_waits_may_last(small: Day) -> None:
    small.town.clock.at = FRIDAY
    await small.begin()
    await small.to("swot")
    await small.press(words.PAUSE)
    await tidy_at(small, FRIDAY + timedelta(days=60))
    assert asked(small, small.leader) == 0


async def test_control_without_the_question_a_forgotten_workshop_is_never_heard_of(
    small: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unended, "ask", lambda _visit: None)
    await left_on(small, FRIDAY)
    await tidy_at(small, MONDAY)
    assert asked(small, small.leader) == 0
