"""A meeting that nothing has been written about: it is told of the day before, and coordinators see why not earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.domain.nudges import schedule
from bot.domain.programmes import Programme
from bot.domain.rules import AGENDA, Anchor, Rule, Topic
from tests.flows.samples import SINGLE, occasion, with_occasion, words
from tests.handlers.town import Town, text

BARE = with_occasion(SINGLE, "b", agenda=(), link="", place=words("Lund"))
WHY = "Will not be sent: the meeting has no agenda and nothing to prepare yet"


def due(programme: Programme, rule: str, about: str = "b") -> Any:
    return next(one.due_at for one in schedule(programme) if (one.rule.name, one.about) == (rule, about))


async def told(town: Town, programme: Programme = BARE) -> list[str]:
    """What a participant gets before the meeting, in all three messages' days; the receipt was before."""
    await town.load(programme)
    anna = town.person("anna")
    town.clock.move(minutes=1)
    await anna.register(occasions=("b",))
    before = len(await anna.received())
    for rule in ("agenda", "preparation", "day_before"):
        await town.tick_at(due(programme, rule))
    return [one.splitlines()[0] for one in (await anna.received())[before:]]


async def test_of_a_meeting_without_agenda_and_preparation_only_the_day_before_is_told(town: Town) -> None:
    (only,) = await told(town)
    assert only.startswith("Tomorrow: Träff b")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"purpose": words("Varför?")}, ["Träff b: Tuesday 16 March 2027"]),
        ({"to_come": (words("Talare"),)}, ["Träff b: Tuesday 16 March 2027"]),
        ({"preparation": (words("Läs planen."),)}, ["Prepare for Träff b, Tuesday 16 March 2027"]),
        ({"link": "https://zoom.example.org/b"}, ["Prepare for Träff b, Tuesday 16 March 2027"]),
        (
            {"topics": (words("Bostäder"),)},
            ["Träff b: Tuesday 16 March 2027", "Prepare for Träff b, Tuesday 16 March 2027"],
        ),
    ],
)
async def test_whatever_is_known_besides_time_and_place_is_told(
    small_town: Town, known: dict[str, Any], said: list[str]
) -> None:
    assert (await told(small_town, with_occasion(BARE, "b", **known)))[:-1] == said


async def test_words_that_a_coordinator_has_written_are_something_to_say(small_town: Town) -> None:
    own = replace(BARE, chat_rules=(replace(AGENDA, text=words("Ta med kalendern.")),))
    assert (await told(small_town, own))[0] == "Träff b: Tuesday 16 March 2027"


async def test_coordinators_see_beforehand_and_afterwards_what_is_not_sent_and_why(small_town: Town) -> None:
    admin, anna = small_town.person("admin"), small_town.person("anna")
    await admin.open_home()
    await small_town.load(BARE)
    await anna.register(occasions=("a", "b"))
    shown = text((await admin.press("timeline", SINGLE.id)).view)
    lines = [one for one in shown.splitlines() if WHY in one]
    assert [("Agenda: Träff b" in one, "Preparation: Träff b" in one) for one in lines] == [
        (True, False),
        (False, True),
    ]
    assert "Agenda: Träff b" not in text((await anna.say("my reminders")).view)
    await small_town.tick_at(due(BARE, "agenda"))
    past = text((await admin.press("timeline", SINGLE.id)).view)
    assert "Agenda: Träff b, to 1 participant. Not sent: the meeting has no agenda" in past


async def test_once_there_is_an_agenda_it_is_sent_and_foretold(small_town: Town) -> None:
    admin, anna = small_town.person("admin"), small_town.person("anna")
    await admin.open_home()
    await small_town.load(BARE)
    await anna.register(occasions=("b",))
    await small_town.load(with_occasion(BARE, "b", agenda=occasion("b").agenda))
    shown = text((await admin.press("timeline", SINGLE.id)).view)
    assert not [one for one in shown.splitlines() if WHY in one and "Agenda" in one]
    await small_town.tick_at(due(BARE, "agenda"))
    assert "This is the agenda:" in (await anna.received())[-1]


async def test_what_says_nothing_does_not_put_off_what_else_comes_that_day(small_town: Town) -> None:
    """Whoever has been sent reminders today waits until tomorrow for the next ones."""
    own = Rule("own-1", Topic.MESSAGE, Anchor.START, days=-14, at=time(9, 30), text=words("Ta med kalendern."))
    with_own = replace(BARE, chat_rules=(own,))
    await small_town.load(with_own)
    anna = small_town.person("anna")
    await anna.register(occasions=("b",))
    await small_town.tick_at(due(with_own, "agenda"))
    await small_town.tick_at(due(with_own, "own-1"))
    assert "Ta med kalendern." in (await anna.received())[-1]
