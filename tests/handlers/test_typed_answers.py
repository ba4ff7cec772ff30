"""What is typed while questions are open to one's group: shown the way to answer, before anything is passed on."""

from __future__ import annotations

import pytest

from bot.domain.faq import MissState
from storage.tables import inquiries, misses
from tests.handlers import round_town
from tests.handlers.asked_town import click, labels, stored
from tests.handlers.round_town import ask, in_group, known
from tests.handlers.town import Person, Town, second_process, text

town, small_town = round_town.on_both, round_town.on_sqlite

TYPED = "det går bra men vi saknar pengar"


async def member(town: Town) -> Person:
    """Somebody whose group has questions open to it."""
    anna = await in_group(town, "anna", "chefer")
    await ask(town)
    return anna


async def test_what_finds_no_answer_may_be_one_and_is_passed_on_to_nobody(town: Town) -> None:
    anna = await member(town)
    card = (await anna.say(TYPED)).view
    assert {"Take notes", "It is a question, send it", "Ask a human"} <= set(labels(card))
    assert await town.count(misses) == 0


async def test_once_it_is_called_a_question_it_is_passed_on_by_whichever_process(town: Town) -> None:
    anna = await member(town)
    card = (await anna.say(TYPED)).view
    async with second_process(town) as other:
        anna.reception = other
        sent = await click(anna, card, "It is a question, send it")
    assert "I do not know that yet" in text(sent.view)
    assert sent.replaces
    assert await stored(town, misses.c.text) == [TYPED]
    assert await stored(town, misses.c.state) == [MissState.OPEN.value]


async def test_the_form_to_a_human_has_what_was_typed(small_town: Town) -> None:
    anna = await member(small_town)
    card = (await anna.say(TYPED)).view
    assert TYPED in repr((await click(anna, card, "Ask a human")).view)


async def test_a_question_with_its_sign_is_passed_on_at_once(small_town: Town) -> None:
    anna = await member(small_town)
    assert "I do not know that yet" in text((await anna.say(f"{TYPED}?")).view)
    assert await small_town.count(misses) == 1


async def test_control_nobody_else_is_asked_whether_it_was_an_answer(small_town: Town) -> None:
    await member(small_town)
    bo = await known(small_town, "bo")
    assert "I do not know that yet" in text((await bo.say(TYPED)).view)
    assert await small_town.count(inquiries) == 1


@pytest.mark.parametrize("typed", ["hur svarar jag", "Hvordan svarer jeg?", "korleis svarar eg?", "How do I answer?"])
async def test_whoever_asks_how_to_answer_is_shown_the_way(small_town: Town, typed: str) -> None:
    anna = await member(small_town)
    card = (await anna.say(typed)).view
    assert "Open to you now" in text(card)
    assert "Take notes" in labels(card)
