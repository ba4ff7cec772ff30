"""The truth about messages: what will come, what came, and why something did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.nudges import schedule
from bot.domain.people import Language
from bot.messages import Card, Notice, to_json
from bot.ports import Address, Trouble, Undeliverable
from storage.outbox import FAILED, Outbox, Post
from storage.tables import outbox, people
from tests.flows.samples import FREE
from tests.handlers.test_planning import member, write
from tests.handlers.town import Person, Town, text


def due(rule: str) -> datetime:
    return next(p.due_at for p in schedule(FREE) if p.rule.name == rule and p.audience == "participants")


async def test_a_person_sees_what_is_coming(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    shown = text((await anna.say("my reminders")).view)
    assert "Tuesday 26 January 2027 at 09:00: Agenda: Träff fika" in shown
    assert "Monday 8 February 2027 at 09:00: The day before: Träff fika" in shown


async def test_what_somebody_has_taken_on_is_foreseen_before_every_later_meeting(town: Town) -> None:
    anna = await member(town, "anna")
    await write(anna)
    shown = text((await anna.say("my reminders")).view)
    assert "What they have taken on: Träff a" in shown
    assert "What they have taken on: Träff b" in shown


async def test_a_person_sees_what_came_and_where(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(FREE.id)
    await town.tick_at(due("agenda"))
    assert "Agenda: Träff fika, in Slack" in text((await anna.say("my reminders")).view)


async def test_a_reminder_stands_there_once_and_never_as_coming_when_its_time_has_passed(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(FREE.id)
    town.clock.at = due("agenda")
    assert "Agenda: Träff fika" not in text((await anna.say("my reminders")).view)
    await town.tick_at(due("agenda"))
    assert text((await anna.say("my reminders")).view).count(", in Slack") == 1


async def test_what_a_pause_holds_back_is_shown_with_its_reason(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await anna.say("pause 2027-02-10")
    shown = text((await anna.say("my reminders")).view)
    assert "The day before: Träff fika. Will not be sent: reminders are paused" in shown


async def test_what_the_platform_refused_is_shown_with_its_reason(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(FREE.id)
    await anna.received()
    town.posts["slack"].troubles = [Undeliverable(Trouble.FORBIDDEN, "cannot_dm_bot")]
    await town.tick_at(due("agenda"))
    why = "Not sent: Lärträff is blocked or removed there (cannot_dm_bot)"
    assert f"Agenda: Träff fika. {why}" in text((await anna.say("my reminders")).view)


@pytest.mark.parametrize("also", [False, True])
async def test_a_reminder_that_reached_no_account_is_not_said_to_have_gone_to_the_other(town: Town, also: bool) -> None:
    anna, elsewhere = town.person("anna", "slack"), town.person("anna.teams", "teams", "M1").address
    await anna.register(FREE.id)
    await anna.received()
    for platform in ("slack", "teams") if also else ("slack",):
        town.posts[platform].troubles = [Undeliverable(Trouble.FORBIDDEN, "blocked")]
    await town.tick_at(due("agenda"))
    failed = await town.read(lambda c: c.execute(select(outbox).where(outbox.c.state == FAILED)).one())
    key = f"{failed.id}:fallback"
    whose: dict[str, Any] = {"person": failed.person, "language": Language.ENGLISH}
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add(key, elsewhere, Notice("Agenda"), **whose))
    await town.deliver()
    shown = text((await anna.say("my reminders")).view)
    assert ("instead" in shown, "Not sent: " in shown) == (not also, also)


# --- What went to everybody -------------------------------------------------------------------------------------------


async def told_to_all(town: Town, anna: Person) -> str:
    """Send her something as one of many; who she is."""
    whose = str((await town.read(lambda c: c.execute(select(people.c.id)).one())).id)
    news = Post("prompt:r1:anna", anna.address, whose, Language.ENGLISH, to_json(Card("Questions for you")))
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add_many([news]))
    await town.deliver()
    return whose


@pytest.mark.parametrize("also", [False, True])
async def test_news_that_reached_no_account_is_not_said_to_have_gone_to_the_other(town: Town, also: bool) -> None:
    anna, elsewhere = town.person("anna", "slack"), Address("teams", "M1", "anna")
    await anna.open_home()
    await anna.received()
    for platform in ("slack", "teams") if also else ("slack",):
        town.posts[platform].troubles = [Undeliverable(Trouble.FORBIDDEN, "blocked")]
    whose = await told_to_all(town, anna)
    failed = await town.read(lambda c: c.execute(select(outbox).where(outbox.c.state == FAILED)).one())
    key = f"{failed.id}:fallback"
    who: dict[str, Any] = {"person": whose, "language": Language.ENGLISH}
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add(key, elsewhere, Card("Questions for you"), **who))
    await town.deliver()
    shown = text((await anna.say("my reminders")).view)
    assert "Questions for you" in shown
    assert ("instead" in shown, "Not sent: " in shown) == (not also, also)


async def test_news_that_was_edited_stands_there_once_as_it_came(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.open_home()
    whose = await told_to_all(town, anna)
    who: dict[str, Any] = {"person": whose, "language": Language.ENGLISH, "edits": "prompt:r1:anna"}
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add("edit:1", anna.address, Card("Corrected"), **who))
    await town.deliver()
    assert town.posts["slack"].updated  # it did reach her
    shown = text((await anna.say("my reminders")).view)
    assert (shown.count("Questions for you"), "Corrected" in shown) == (1, False)


async def test_the_coordinator_sees_every_message_before_it_goes(town: Town) -> None:
    for name in ("anna", "bo"):
        await town.person(name).register(FREE.id)
    shown = text((await town.person("admin").press("timeline", FREE.id)).view)
    assert "at 09:00 (08:00 UTC): The day before: Träff fika, to 2 participants" in shown
    assert "The link, just before: Träff fika, to 2 participants" in shown


async def test_the_coordinator_sees_what_became_of_each(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    for person in (anna, bo):
        await person.register(FREE.id)
    await bo.say("pause 2027-02-20")
    await town.tick_at(due("day_before"))
    shown = text((await town.person("admin").press("timeline", FREE.id)).view)
    assert "The day before: Träff fika, to 1 participant. Not sent: reminders are paused" in shown
    assert "The day before: Träff fika, to 1 participant\n" in shown


async def test_C1_a_draft_shows_all_of_it_and_sends_nothing(town: Town) -> None:
    draft = replace(FREE, id="utkast", draft=True)
    await town.load(draft)
    shown = text((await town.person("admin").press("timeline", "utkast")).view)
    assert "This is a draft: nothing is sent until it is published." in shown
    assert "The day before: Träff fika" in shown


async def test_nobody_else_sees_a_programmes_messages(town: Town) -> None:
    assert "Only coordinators" in text((await town.person("anna").press("timeline", FREE.id)).view)


async def test_a_colleague_who_was_named_and_never_came_is_listed_by_name(town: Town) -> None:
    anna = town.person("anna")
    others = {"takes_part": "others", "places": "1", "colleague.fika|1": "Cia Ek"}
    await anna.register(FREE.id, **others)
    shown = text((await town.person("admin").press("timeline", FREE.id)).view)
    assert "Cia Ek: Träff fika: cannot be reached in Slack or Teams" in shown


async def test_a_coordinator_sees_a_participants_timeline_by_name(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(FREE.id)
    await town.tick_at(due("agenda"))
    shown = text((await admin.say("status anna")).view)
    assert shown.startswith("Reminders to Anna")
    assert "Agenda: Träff fika, in Sandbox" in shown


async def test_nobody_else_sees_somebodys_timeline(town: Town) -> None:
    await town.person("anna").register(FREE.id)
    refused = text((await town.person("bo").say("status anna")).view)
    assert "Only coordinators" in refused


async def test_of_several_with_the_name_one_is_chosen(town: Town) -> None:
    for name in ("anna", "annika"):
        await town.person(name).register(FREE.id)
    shown = text((await town.person("admin").say("status ann")).view)
    assert shown.startswith("Who do you mean?")


async def test_a_snoozed_reminder_stands_both_among_what_came_and_what_comes(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(due("agenda"))
    await anna.click("Snooze")
    shown = text((await anna.say("my reminders")).view)
    assert shown.count("Agenda: Träff fika") == 2


async def test_a_long_timeline_of_one_person_goes_on_with_show_more(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("a", "b", "c"))
    first = (await admin.say("status anna")).view
    assert isinstance(first, Card)
    more = next(button.action for button in first.buttons if text(Notice(button.label)) == "Show more")
    assert more is not None
    then = text((await admin.press(more.do, more.about)).view)
    assert then.startswith("Reminders to Anna")
    assert "13–" in then
    assert "Only coordinators" in text((await town.person("bo").press(more.do, more.about)).view)
