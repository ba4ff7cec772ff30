"""What is typed while there are answers without names: stored nowhere, until its writer calls it a question."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.people import Actor
from bot.flows import faq
from bot.handlers.unkept import Unkept
from storage.tables import inquiries, metadata, misses
from tests.flows.samples import NOW
from tests.handlers.town import Person, Town, second_process, text
from tests.handlers.urn_scenes import NAMES, opened, together

ASKED = "Ledningen lyssnar aldrig på personalen"


async def typed(town: Town) -> list[Person]:
    """People in an open round, the first of whom has typed something that nothing answers."""
    people = list(await together(town, *NAMES))
    await opened(town)
    assert faq.TYPED in repr((await people[0].say(ASKED)).view)
    return people


async def everything(town: Town) -> str:
    return str(await town.contents(*metadata.sorted_tables))


async def test_P5a_it_is_stored_nowhere_before_the_tap_and_passed_on_after_it(town: Town) -> None:
    anna, *_rest = await typed(town)
    assert "lyssnar" not in await everything(town)
    reply = text((await anna.press(faq.TYPED)).view)
    assert "passed your question on" in reply or "noted your question" in reply
    assert await town.read(lambda c: c.execute(select(misses.c.text)).scalars().all()) == [ASKED]


async def test_the_same_press_twice_asks_once_and_a_second_press_asks_to_write_it_anew(small_town: Town) -> None:
    anna, *_rest = await typed(small_town)
    first, again = [await anna.press(faq.TYPED, delivery="the same") for _ in range(2)]
    assert first == again
    assert "once more" in text((await anna.press(faq.TYPED)).view)
    assert await small_town.count(inquiries) == 1


async def test_nobody_else_sends_it_and_it_is_held_for_ten_minutes(small_town: Town) -> None:
    anna, bo, *_rest = await typed(small_town)
    assert "once more" in text((await bo.press(faq.TYPED)).view)
    small_town.clock.move(minutes=10)
    assert "once more" in text((await anna.press(faq.TYPED)).view)
    assert "lyssnar" not in await everything(small_town)


async def test_another_process_has_nothing_of_it(small_town: Town) -> None:
    anna, *_rest = await typed(small_town)
    async with second_process(small_town) as other:
        anna.reception = other
        assert "once more" in text((await anna.press(faq.TYPED)).view)


async def test_control_a_message_that_is_kept_at_once_is_found(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.inbound.anonymous.open_to", lambda *_asked: ())
    people = list(await together(small_town, *NAMES))
    await opened(small_town)
    await people[0].say(ASKED)
    assert "lyssnar" in await everything(small_town)


def test_of_many_the_first_is_let_go_and_nothing_shows_in_what_is_printed() -> None:
    held = Unkept()
    for number in range(1001):
        held.hold(Actor("sandbox", "W1", str(number)), ASKED, NOW)
    assert held.take(Actor("sandbox", "W1", "0"), NOW) == ""
    assert held.take(Actor("sandbox", "W1", "1"), NOW) == ASKED
    assert ASKED not in repr(held)
