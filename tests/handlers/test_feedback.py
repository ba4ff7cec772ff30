"""Feedback on a meeting: asked once of those who were there and of nobody else, and read by coordinators alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.flows import buttons as known
from bot.flows.feedback import FEEDBACK
from bot.handlers import rounds
from bot.handlers import urns as urns_of_rounds
from bot.handlers.audiences import asked_of
from bot.messages import Form
from bot.ports import Address, Surface
from storage.answers import Answers
from storage.nudges import Nudges
from storage.tables import inquiries, metadata, outbox, sealed
from tests.handlers.feedback_town import (
    ASKS,
    CLOSES,
    DAY_AFTER,
    END,
    MEETINGS,
    NUDGE,
    THERE,
    arrived,
    closed,
    coordinating,
    held,
    news,
    offers,
    says,
    the_round,
)
from tests.handlers.town import Person, Town, text
from tests.handlers.urn_scenes import visiting

# --- Who is asked -----------------------------------------------------------------------------------------------------


async def test_one_message_the_day_after_thanks_and_asks_and_one_later_reminds_everybody(town: Town) -> None:
    people = await held(town)
    for moment in (END + timedelta(hours=1), DAY_AFTER, DAY_AFTER + timedelta(hours=3), NUDGE, CLOSES):
        await town.tick_at(moment)
        await town.tick.tidy()
        await town.deliver()
    for person in people:
        first, second = news(town, person)
        assert first.startswith("Thank you for taking part in Träff fika")
        assert (ASKS in first, "What was good, and what could be better? Tell" in first) == (True, False)
        assert "Do you have two minutes? Träff fika" in second
        assert "Have you answered already? Thank you, then you need not do anything" in second


async def test_who_was_not_there_is_not_asked_and_cannot_answer(town: Town) -> None:
    people = await held(town)
    (frida,) = await arrived(town, "frida", at=MEETINGS.occasions[1].id)  # takes part, but was not at this meeting
    town.clock.move(minutes=1)
    (late,) = await arrived(town, "late")  # got a seat when it was over
    town.posts["sandbox"].sent.clear()
    await town.tick_at(DAY_AFTER)
    await town.tick_at(NUDGE)
    about = await the_round(town)
    for person in (frida, late, town.person("stranger")):
        assert "put to others" in text((await person.press(known.SEAL, about.id)).view)
        assert not any(ASKS in one for one in news(town, person))
        assert about.id not in str((await person.say("answer")).view)
    assert isinstance((await people[0].press(known.SEAL, about.id)).view, Form)  # the control
    assert about.id in str((await people[0].say("answer")).view)


async def test_snooze_promises_nothing_that_would_not_come(small_town: Town) -> None:
    anna, bo, *_others = await held(small_town)
    await small_town.tick_at(DAY_AFTER)
    await small_town.tick_at(NUDGE)
    asked, later = await anna.button("Snooze"), await bo.button("Snooze")
    assert "I will remind you again" in text((await anna.press(asked.do, asked.about)).view)  # the control
    await small_town.tick_at(CLOSES - timedelta(hours=1))
    assert "cannot wait" in text((await bo.press(later.do, later.about)).view)
    await small_town.tick_at(CLOSES + timedelta(minutes=1))
    assert "cannot wait" in text((await bo.press(later.do, later.about)).view)


async def test_control_if_everybody_in_the_programme_were_asked_it_would_be_seen(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await held(small_town)
    (frida,) = await arrived(small_town, "frida", at=MEETINGS.occasions[1].id)
    about = await the_round(small_town)
    monkeypatch.setattr(urns_of_rounds, "asked_of", lambda visit, about: asked_of(visit, replace(about, occasion="")))
    assert "put to others" not in text((await frida.press(known.SEAL, about.id)).view)


async def test_a_form_that_is_made_up_puts_nothing_into_the_urn(town: Town) -> None:
    people = await held(town)
    (frida,) = await arrived(town, "frida", at=MEETINGS.occasions[1].id)
    about = await the_round(town)
    form = Form("x", token=f"sealed.{about.id}.write")
    await frida.submit(form, {"q.plus": "Jag var inte där"})
    assert await town.count(sealed) == 0
    await people[0].submit(form, {"q.plus": "Jag var där"})  # the control
    assert await town.count(sealed) == 1


async def test_who_says_that_they_were_not_there_is_not_reminded(small_town: Town) -> None:
    anna, bodil, *_rest = await held(small_town)
    await small_town.tick_at(DAY_AFTER)
    await anna.click("I was not there")
    await small_town.tick_at(NUDGE)
    assert [sum("two minutes" in one for one in news(small_town, who)) for who in (anna, bodil)] == [0, 1]


@pytest.mark.parametrize("wish", [{"level": "few"}, {"level": "all", "pause": "until", "until": "2027-03-20"}])
async def test_who_wants_fewer_reminders_or_none_now_is_left_in_peace_and_may_answer(
    small_town: Town, wish: dict[str, str]
) -> None:
    anna, *_rest = await held(small_town)
    await anna.submit((await anna.press(known.PAUSE)).view, wish)
    small_town.posts["sandbox"].sent.clear()
    await small_town.tick_at(DAY_AFTER)
    await small_town.tick_at(NUDGE)
    assert news(small_town, anna) == []
    assert "sealed" in text((await says(anna, "Bra")).view)


async def test_at_night_and_on_sundays_nobody_is_reminded(small_town: Town) -> None:
    anna, *_rest = await held(small_town)
    early, on_sunday = DAY_AFTER - timedelta(hours=2), NUDGE - timedelta(hours=20)
    for moment, messages in ((early, 0), (DAY_AFTER, 1), (on_sunday, 1), (NUDGE, 2)):
        await small_town.tick_at(moment)
        assert len(news(small_town, anna)) == messages


async def test_where_both_messages_are_due_at_once_only_the_thanks_go(small_town: Town) -> None:
    await small_town.load(MEETINGS)
    anna, *_rest = await arrived(small_town, *THERE)
    await small_town.tick_at(NUDGE)  # nothing ran since the meeting
    assert [ASKS in one for one in news(small_town, anna) if "two minutes" in one or "Thank you" in one] == [True]
    await small_town.tick_at(NUDGE + timedelta(days=1))
    assert not any("two minutes" in one for one in news(small_town, anna))


async def test_nothing_of_it_stands_in_a_channel(town: Town) -> None:
    karin = await coordinating(town)
    channel = Address("sandbox", "W1", "alla", Surface.CHANNEL)
    await town.load(MEETINGS)
    await karin.press("bind", MEETINGS.id, came_from=channel)
    people = await held(town)
    for person in people:
        await says(person, "Bra samtal")
    await closed(town)
    town.clock.move(minutes=1)
    await town.tick_at(town.clock.at)
    said = [one.text for one in town.posts["sandbox"].sent if one.address.surface is Surface.CHANNEL]
    assert not any("Bra samtal" in one or "Återkoppling" in one for one in said)


# --- What is typed ----------------------------------------------------------------------------------------------------

THOUGHT = "Maten var hemskt torr och dagen alldeles för lång"


async def test_P5a_what_is_typed_while_it_is_open_is_taken_for_a_question_and_kept_nowhere(small_town: Town) -> None:
    anna, *_rest = await held(small_town)
    reply = await anna.say(THOUGHT)
    said = text(reply.view)
    assert "Was that a question?" in said
    assert "I have not kept it" in said
    about = await the_round(small_town)
    assert [str(one) for one in offers(reply.view)] == ["typed_question", "ask_human", f"seal {about.id}"]
    assert THOUGHT not in str(await small_town.contents(*metadata.sorted_tables))
    await closed(small_town)
    await anna.say(THOUGHT)  # the control: nothing is open any more, and it is a question like all others
    assert THOUGHT in str(await small_town.contents(inquiries))


async def test_what_has_an_answer_is_answered_while_it_is_open(small_town: Town) -> None:
    anna, *_rest = await held(small_town)
    assert "next meeting" in text((await anna.say("när är nästa lärträff?")).view)
    assert await small_town.read(lambda c: c.execute(select(inquiries.c.text)).scalars().all()) == [""]


# --- What comes of it -------------------------------------------------------------------------------------------------

SAID = (
    ("Samtalen i grupp", "För långt pass", "Hur andra gör"),
    ("Bra samtal", "Långa pass", ""),
    ("Samtalen var bäst", "Passen var långa", "Mer om budget"),
    ("Lokalen", "", ""),
    ("Fikat", "", ""),
)


async def texts(town: Town) -> set[str]:
    about = await the_round(town)
    return {one.text for one in await town.read(lambda c: Answers(c, CLOSES).of_round(about.id))}


async def all_say(people: list[Person]) -> None:
    for person, said in zip(people, SAID, strict=True):
        await says(person, *said)


async def test_when_it_closes_coordinators_hear_how_many_and_what_comes_back(town: Town) -> None:
    karin = await coordinating(town)
    people = await held(town)
    await all_say(people)
    await closed(town)
    (said,) = news(town, karin)[-1:]
    for part in ("Feedback: Träff fika", "5 or more have answered", "Plus: What was good?", "5 posts"):
        assert part in said
    assert "“samtalen” comes back in 3 posts" in said
    assert not any("Feedback:" in one for person in people for one in news(town, person))


async def test_only_coordinators_open_the_board_and_its_documents(town: Town) -> None:
    karin = await coordinating(town)
    people = await held(town)
    await all_say(people)
    await closed(town)
    about = await the_round(town)
    for action in (known.BOARD, known.DOCUMENTS, known.ROUND, FEEDBACK):
        reply = await people[0].press(action, MEETINGS.id if action == FEEDBACK else about.id)
        assert "https://" not in str(reply.view)
        assert "Samtalen" not in text(reply.view)
    assert "https://" in str((await karin.press(known.BOARD, about.id)).view)
    assert "https://" in str((await karin.press(known.DOCUMENTS, about.id)).view)
    assert await texts(town) == {one for said in SAID for one in said if one}


async def test_below_the_limit_it_says_so_and_nothing_else(town: Town) -> None:
    karin = await coordinating(town)
    people = await held(town)
    for person in people[:4]:
        await says(person, "Hemligt")
    await closed(town)
    said = news(town, karin)[-1]
    assert "Fewer than 5 have answered. Nothing is shown, and nothing is kept." in said
    assert "Hemligt" not in said
    assert await texts(town) == set()


async def test_the_status_has_one_short_line_for_each_programme(small_town: Town) -> None:
    karin = await coordinating(small_town)
    people = await held(small_town)
    await says(people[0], "Bra")
    said = text((await karin.say("status")).view)
    assert said.count("Feedback is open until") == 1
    assert "Fewer than 5 have answered." in said
    assert "Questions: Feedback" not in said
    ways = [one for one in offers((await karin.say("status")).view) if one.do == FEEDBACK]
    assert [one.about for one in ways] == [MEETINGS.id]  # where nobody was, there is nothing to say
    assert "Feedback is open until" in text((await karin.press(FEEDBACK, MEETINGS.id)).view)


async def test_nobody_can_be_asked_the_same_again_by_hand(small_town: Town) -> None:
    karin = await coordinating(small_town)
    await held(small_town)
    await closed(small_town)
    about = await the_round(small_town)
    assert "ask" not in {one.do for one in offers((await karin.press(known.ROUND, about.id)).view)}
    assert about.id not in str((await karin.press(known.ASK, MEETINGS.id)).view)


async def test_other_rounds_are_reminded_of_as_before_and_this_one_by_the_schedule_alone(small_town: Town) -> None:
    await held(small_town)
    small_town.clock.at = CLOSES - timedelta(hours=20)
    await visiting(small_town, rounds.remind)
    assert await small_town.count(outbox, outbox.c.key.like("round:%:reminder:%")) == 0
    due = await small_town.read(lambda c: Nudges(c, NUDGE).tallies(MEETINGS.id, END))
    assert not any(one.rule == "feedback" for one in due)
