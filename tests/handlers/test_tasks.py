"""What a coordinator asks for in a sentence leads to where it is done; for everybody else it stays a question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.flows.tasks import PLACES, Task
from bot.flows.ways_to_coordinate import WAYS
from bot.handlers.routes import ROUTES
from bot.messages import Card, Form
from storage.tables import inquiries
from tests.flows.samples import COHORT, SINGLE
from tests.handlers.town import Town, buttons, open_town, text
from tests.handlers.urn_scenes import opened, together


@pytest.fixture
async def one(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, SINGLE) as opened:
        yield opened


@pytest.fixture
async def two(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, SINGLE, COHORT) as opened:
        yield opened


async def said(town: Town, typed: str, who: str = "admin", **how: Any) -> str:
    return text((await town.person(who).say(typed, **how)).view)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Hur många har anmält sig?", "Status"),
        ("hvem har ikke svart?", "Status"),
        ("kan jag ladda ner deltagarlistan", "Participant list"),
        ("export the participants to excel please", "Participant list"),
        ("vilka frågor har kommit in", "No question waits for an answer"),
        ("lägg till en samordnare", "Who does what"),
        ("Jag är borta nästa vecka", "Only someone who has been appointed coordinator can be away"),
        ("skicka en påminnelse till alla", "Reminder of your own"),
        ("flytta träffen till en annan dag", "Change meeting"),
        ("avlys samlingen", "Cancel meeting"),
        ("ändra priset", "The programme’s file"),
    ],
)
async def test_a_coordinator_s_sentence_leads_to_where_it_is_done(one: Town, typed: str, title: str) -> None:
    assert title in await said(one, typed)
    assert await one.count(inquiries) == 0


@pytest.mark.parametrize("typed", ["Hur många har anmält sig?", "flytta träffen till en annan dag", "ändra priset"])
async def test_for_everybody_else_it_is_a_question(one: Town, typed: str) -> None:
    shown = await said(one, typed, "anna")
    assert not any(title in shown for title in ("Status", "Change meeting", "The programme’s file"))
    assert await one.count(inquiries) == 1


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("När är nästa lärträff?", "When is the next meeting?"),
        ("Hur anmäler jag mig?", "How do I register?"),
        ("Finns det material?", "Where are slides and recordings?"),
        ("Hur avbokar jag?", "How do I change or cancel?"),
    ],
)
async def test_control_a_coordinator_may_ask_what_everybody_asks(one: Town, typed: str, title: str) -> None:
    assert title in await said(one, typed)
    assert await one.count(inquiries) == 1


async def test_where_there_are_several_programmes_one_is_chosen(two: Town) -> None:
    reply = await two.person("admin").say("flytta träffen till en annan dag")
    assert "Which programme is it about?" in text(reply.view)
    ways = [one.action for one in buttons(reply.view) if one.action]
    assert {(way.do, way.about) for way in ways} == {("amend", SINGLE.id), ("amend", COHORT.id)}
    chosen = await two.person("admin").press("amend", SINGLE.id)
    assert isinstance(chosen.view, Form)


async def test_a_programme_that_is_named_is_gone_to_at_once(two: Town) -> None:
    reply = await two.person("admin").say(f"flytta träffen till en annan dag i {COHORT.title.wordings['sv']}")
    assert isinstance(reply.view, Form)
    assert COHORT.title.wordings["sv"] in text(reply.view)


async def test_what_is_not_sure_enough_is_suggested(one: Town) -> None:
    reply = await one.person("admin").say("vi borde nog flytta träffen")
    assert "Do you want to do one of these?" in text(reply.view)
    assert ("amend", SINGLE.id) in [(it.action.do, it.action.about) for it in buttons(reply.view) if it.action]


async def test_a_coordinator_s_question_that_nobody_can_answer_is_led_to_where_they_can(one: Town) -> None:
    admin = one.person("admin")
    reply = await admin.say("säljer ni hundkex?")
    assert "You can answer it there yourself." in text(reply.view)
    queue, take_back = (it.action for it in buttons(reply.view) if it.action)
    assert "hundkex" in text((await admin.press(queue.do, queue.about)).view)
    await admin.press(take_back.do, take_back.about)
    assert "hundkex" not in text((await admin.press(queue.do, queue.about)).view)


async def test_while_sealed_questions_are_open_nothing_is_suggested(small_town: Town) -> None:
    await together(small_town, "admin", "anna", "bo")
    assert "Do you want to do one of these?" in await said(small_town, "vi borde nog flytta träffen")
    await opened(small_town)
    assert "Was that an answer?" in await said(small_town, "vi borde nog flytta träffen")
    assert "Which programme is it about?" in await said(small_town, "flytta träffen till en annan dag")


async def test_nobody_else_is_asked_to_choose(two: Town) -> None:
    anna = two.person("anna")
    assert "Which programme" not in text((await anna.press("choose_for_task", Task.AMEND)).view)
    admins = (await two.person("admin").press("choose_for_task", Task.AMEND)).view
    assert isinstance(admins, Card)
    assert "Which programme is it about?" in text(admins)


async def test_a_task_that_is_none_is_refused(two: Town) -> None:
    for nonsense in ("x' OR 1=1", "", Task.STANDING):
        assert "no longer in use" in text((await two.person("admin").press("choose_for_task", nonsense)).view)


@pytest.mark.parametrize("task", Task)
def test_each_task_has_its_place_and_ways_to_ask_for_it(task: Task) -> None:
    assert PLACES[task].do in ROUTES
    assert len(set(WAYS[task])) == len(WAYS[task]) >= 5
