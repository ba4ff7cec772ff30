"""Catching up the day after, for those who were not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from bot.flows import materials as words_of
from bot.handlers import materials
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.nudges import Nudges
from storage.tables import nudges as nudge_rows
from storage.tables import outbox
from tests.flows.samples import FREE
from tests.handlers import material_town
from tests.handlers.material_town import (
    LINK,
    MEETING,
    PROGRAMME,
    SECRET,
    THERE,
    day_after,
    shown,
    tidied,
    told,
)
from tests.handlers.test_changing import cancel
from tests.handlers.town import Person, Town, buttons, text

here, small = material_town.on_both, material_town.on_sqlite


# --- Catching up ------------------------------------------------------------------------------------------------------


async def catching_up(person: Person) -> list[str]:
    return [one for one in await person.received() if one.startswith("Catch up on")]


async def test_P6_who_gave_their_seat_up_late_gets_the_package_the_day_after_once(here: Town) -> None:
    anna, bo = here.person("anna", "slack"), here.person("bo")
    await anna.register(FREE.id)
    await bo.register(FREE.id)
    here.clock.at = MEETING.starts_at - timedelta(days=1)
    await cancel(anna)
    await here.tick_at(here.clock.at + timedelta(minutes=11))
    for hours in (-1, 0, 0, 1):
        await here.tick_at(day_after() + timedelta(hours=hours))
        assert len(await catching_up(anna)) == (0 if hours < 0 else 1)
    (message,) = await catching_up(anna)
    for part in ("09.30 Välkomna", "Slides: to come", "You get this because you wanted to take part in Fika."):
        assert part in message
    assert SECRET not in repr(here.messages(anna)[-1].view)
    assert await catching_up(bo) == []


async def test_P6_who_waited_in_vain_gets_it_and_who_cancelled_long_before_does_not(here: Town) -> None:
    await here.load(replace(PROGRAMME, occasions=(replace(MEETING, capacity=1),)))
    early, there, waits = (here.person(name) for name in ("early", "there", "waits"))
    await early.register(FREE.id)
    await cancel(early)
    await here.tick_at(here.clock.at + timedelta(minutes=11))
    await there.register(FREE.id)
    await waits.register(FREE.id)
    await here.tick_at(day_after())
    assert [len(await catching_up(one)) for one in (early, there, waits)] == [0, 0, 1]


async def test_P6_who_cancelled_and_came_back_was_there(small: Town) -> None:
    await small.load(replace(PROGRAMME, occasions=(replace(MEETING, deadline=MEETING.starts_at),)))
    anna = small.person("anna")
    await anna.register(FREE.id)
    small.clock.at = MEETING.starts_at - timedelta(days=1)
    await cancel(anna)
    await small.tick_at(small.clock.at + timedelta(minutes=11))
    await anna.register(FREE.id)
    await small.tick_at(day_after())
    assert await catching_up(anna) == []


async def test_P6_whoever_says_that_they_were_not_there_gets_it_at_once_and_no_thanks_for_coming(here: Town) -> None:
    anna, bo = here.person("anna"), here.person("bo")
    await anna.register(FREE.id)
    await bo.register(FREE.id)
    assert "not over yet" in text((await anna.press(words_of.WAS_ABSENT, f"{FREE.id} fika")).view)
    here.clock.at = MEETING.ends_at
    for _ in range(2):
        got = await anna.press(words_of.WAS_ABSENT, f"{FREE.id} fika")
        assert text(got.view).startswith("Catch up on Träff fika")
        assert SECRET in repr(got.view)  # they have a seat
    await here.tick_at(day_after())
    thanked = [len([m for m in await one.received() if "Thank you for taking part" in m]) for one in (anna, bo)]
    assert thanked == [0, 1]
    assert await catching_up(anna) == []
    assert "I was not there" in [text(Card(b.label)) for b in buttons(here.messages(bo)[-1].view)]


async def test_P6_asked_for_before_it_was_due_it_is_not_sent_as_well(small: Town) -> None:
    anna = small.person("anna")
    await anna.register(FREE.id)
    small.clock.at = MEETING.starts_at - timedelta(days=1)
    await cancel(anna)
    await small.tick_at(MEETING.ends_at)
    await anna.press(words_of.WAS_ABSENT, f"{FREE.id} fika")
    await small.tick_at(day_after())
    assert await catching_up(anna) == []


async def test_control_without_the_note_it_would_be_sent_as_well(small: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nudges, "count_as_sent", lambda *_asked: None)
    anna = small.person("anna")
    await anna.register(FREE.id)
    small.clock.at = MEETING.starts_at - timedelta(days=1)
    await cancel(anna)
    await small.tick_at(MEETING.ends_at)
    await anna.press(words_of.WAS_ABSENT, f"{FREE.id} fika")
    await small.tick_at(day_after())
    assert len(await catching_up(anna)) == 1


async def test_P6_without_material_one_can_be_told_of_whatever_comes_from_the_meeting(small: Town) -> None:
    await small.load(replace(PROGRAMME, materials=()))
    anna = small.person("anna")
    small.clock.at = MEETING.ends_at
    package = shown(await anna.press(words_of.WAS_ABSENT, f"{FREE.id} fika"))
    (tell_me,) = [b.action for b in buttons(package) if b.action and b.action.do == words_of.AWAIT]
    await anna.press(tell_me.do, tell_me.about)
    await small.load(THERE)
    await tidied(small, at=day_after())
    (message,) = await told(anna)
    assert LINK in message


async def test_who_has_turned_reminders_off_is_not_sent_the_package(small: Town) -> None:
    anna = small.person("anna")
    await anna.register(FREE.id)
    await anna.submit((await anna.say("pause")).view, {"level": "none", "pause": "no"})
    small.clock.at = MEETING.starts_at - timedelta(days=1)
    await cancel(anna)
    await small.tick_at(day_after())
    assert await catching_up(anna) == []
    rows = nudge_rows.c.rule == "catch_up", nudge_rows.c.recipient != "", nudge_rows.c.reason == "stopped"
    assert await small.count(nudge_rows, *rows) == 1


async def test_when_nobody_waits_nothing_but_one_statement_is_asked(small: Town) -> None:
    asked: list[str] = []

    def look(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
        materials.tell_waiting(Visit(connection, small.clock.now(), small.surroundings))

    await small.work.run(look)
    assert len([one for one in asked if "awaited" in one]) == 1
    assert await small.count(outbox) == 0
