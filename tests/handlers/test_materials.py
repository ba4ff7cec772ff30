"""Materials: links for members, those who wait told once, dead links put right, and catching up the day after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.nudges import schedule
from bot.domain.programmes import Material, Programme
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.flows import materials as words_of
from bot.handlers import materials
from bot.handlers.nudges import Tick
from bot.handlers.visit import Visit
from bot.messages import Card, Form
from bot.ports import Address, Surface
from storage.awaited import Awaited
from storage.groups import Groups
from storage.nudges import Nudges
from storage.people import People
from storage.tables import awaited, outbox
from storage.tables import matters as matter_rows
from storage.tables import nudges as nudge_rows
from storage.unit_of_work import unit_of_work
from tests.flows.material_scenes import TALKS
from tests.flows.samples import FREE, at, occasion, words
from tests.handlers.test_changing import cancel
from tests.handlers.test_matters import appointed
from tests.handlers.town import Person, Town, at_once, buttons, open_town, second_process, surroundings, text

SECRET = "https://example.org/hemligt"
LINK = "https://example.org/bilder.pdf"
SLIDES = f"{FREE.id} bilder"
PROGRAMME = replace(
    FREE,
    role_groups=TALKS.role_groups,
    materials=(
        Material(words("Bilder"), "slides", id="bilder"),
        Material(words("Protokoll"), "reading", SECRET, members_only=True, id="protokoll"),
        Material(words("Inspelning"), "recording", "https://example.org/film", for_roles=("chefer",), id="film"),
    ),
)
MEETING = PROGRAMME.occasions[0]


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, PROGRAMME) as town:
        yield town


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, PROGRAMME) as town:
        yield town


def with_material(programme: Programme, id: str, **changes: Any) -> Programme:
    changed = tuple(replace(one, **changes) if one.id == id else one for one in programme.materials)
    return replace(programme, materials=changed)


THERE = with_material(PROGRAMME, "bilder", url=LINK)


async def tidied(town: Town, *, at: datetime | None = None) -> None:
    town.clock.at = at or town.clock.at
    await town.tick.tidy()
    await town.deliver()


async def told(person: Person, part: str = "you waited for") -> list[str]:
    return [one for one in await person.received() if part in one]


# --- Links for members ------------------------------------------------------------------------------------------------


async def test_P6c_the_link_is_for_those_with_a_sure_seat(here: Town) -> None:
    anna, erik = here.person("anna"), here.person("erik")
    await anna.register(FREE.id)
    assert SECRET in repr(await anna.say("materials"))
    refused = await erik.say("materials")
    assert SECRET not in repr(refused)
    assert "For those who are registered." in text(refused.view)
    await cancel(anna)
    assert SECRET not in repr(await anna.say("materials"))


async def test_P6c_waiting_for_a_seat_is_not_having_one(small: Town) -> None:
    await small.load(replace(PROGRAMME, occasions=(replace(MEETING, capacity=1),)))
    await small.person("anna").register(FREE.id)
    await small.person("erik").register(FREE.id)
    assert SECRET not in repr(await small.person("erik").say("materials"))


@pytest.mark.parametrize("platform", ["slack", "teams", "sandbox"])
async def test_P6c_asked_in_a_channel_the_answer_goes_to_the_person_alone(small: Town, platform: str) -> None:
    anna = small.person("anna", platform)
    await anna.register(FREE.id)
    channel = Address(platform, "W1", "C1", Surface.CHANNEL)
    reply = await anna.say("materials", came_from=channel, alone=anna.address, answers_inline=False)
    await small.deliver()
    assert reply.view is None
    assert SECRET in repr(small.messages(anna)[-1].view)
    assert [m for m in small.posts[platform].sent if m.address.surface is Surface.CHANNEL] == []


async def test_P6c_thanks_that_a_programme_sends_to_its_channel_have_no_link_for_members(small: Town) -> None:
    rule = Rule("afterwards", Topic.AFTERWARDS, Anchor.END, (Audience.CHANNELS, Audience.PARTICIPANTS), days=1, at=NINE)
    await small.load(replace(PROGRAMME, reminders=(rule,)))
    anna, admin = small.person("anna"), small.person("admin")
    channel = Address("sandbox", "W1", "C1", Surface.CHANNEL)
    await admin.press("bind", FREE.id, came_from=channel)
    await anna.register(FREE.id)
    await small.tick_at(day_after())
    (posted,) = [m for m in small.posts["sandbox"].sent if "Thank you for taking part" in m.text
                 and m.address.surface is Surface.CHANNEL]  # fmt: skip
    assert SECRET not in repr(posted.view)
    assert SECRET in repr(small.messages(anna)[-1].view)


NINE = next(one.rule.at for one in schedule(FREE) if one.rule.name == "afterwards")


async def test_P6_what_is_recommended_follows_the_group_one_has_joined(here: Town) -> None:
    anna = here.person("anna")
    assert "Recommended" not in text((await anna.say("materials")).view)

    def join(connection: Connection) -> None:
        groups, now = Groups(connection, here.clock.now()), here.clock.now()
        person = str(People(connection, now).present(anna.actor))
        groups.join(groups.found(FREE.id, "chefer", "Chefer").id, person)

    await here.work.run(join)
    assert "Recommended for chefer" in text((await anna.say("materials")).view)


async def test_ones_own_programmes_come_first(small: Town) -> None:
    other = replace(PROGRAMME, id="annat", title=words("Annat"), occasions=(occasion("y"),))
    await small.load(other)
    anna = small.person("anna")
    await anna.register("annat")
    shown = (await anna.say("materials")).view
    assert isinstance(shown, Card)
    assert text(Card(shown.items[0].title)) == "Annat"


# --- Waiting ----------------------------------------------------------------------------------------------------------


async def test_P6a_whoever_waits_is_told_once_on_their_own_platform_with_the_link(here: Town) -> None:
    people = [here.person("anna", "slack"), here.person("bo", "teams"), here.person("cilla")]
    for person in people:
        for _ in range(2):
            await person.press(words_of.AWAIT, SLIDES)
    await tidied(here)
    await here.load(THERE)
    for _ in range(3):
        await tidied(here)
    for person in people:
        (message,) = await told(person)
        assert LINK in message
        assert LINK in repr(here.messages(person)[-1].view)
    assert await here.count(awaited) == 0


async def test_P6a_two_workers_at_once_tell_it_once(here: Town) -> None:
    anna = here.person("anna")
    await anna.press(words_of.AWAIT, SLIDES)
    await here.load(THERE)
    other = unit_of_work(here.url)
    try:
        await at_once(here.tick.tidy(), Tick(other, here.clock, surroundings()).tidy())
    finally:
        await other.close()
    assert len(await told(anna)) == 1


async def test_control_without_taking_the_row_it_is_told_again(small: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Awaited, "take", lambda *_asked: True)
    anna = small.person("anna")
    await anna.press(words_of.AWAIT, SLIDES)
    await small.load(THERE)
    for _ in range(2):
        await tidied(small, at=small.clock.at + timedelta(minutes=1))
    assert len(await told(anna)) == 2


async def test_P6a_two_things_that_come_together_are_one_message(small: Town) -> None:
    anna = small.person("anna")
    two = with_material(PROGRAMME, "film", url="")
    await small.load(two)
    for id in ("bilder", "film"):
        await anna.press(words_of.AWAIT, f"{FREE.id} {id}")
    await small.load(THERE)
    await tidied(small)
    (message,) = await told(anna)
    assert [part in message for part in ("• Bilder", "• Inspelning")] == [True, True]


async def test_P6a_who_has_changed_their_mind_is_not_told(small: Town) -> None:
    anna = small.person("anna")
    await anna.press(words_of.AWAIT, SLIDES)
    shown = (await anna.say("materials")).view
    assert "I will tell you when it is here." in text(shown)
    for _ in range(2):
        assert "Then I will not tell you" in text((await anna.press(words_of.UNAWAIT, SLIDES)).view)
    await small.load(THERE)
    await tidied(small)
    assert await told(anna) == []


async def test_P6a_nobody_is_told_at_night(small: Town) -> None:
    anna = small.person("anna")
    await anna.press(words_of.AWAIT, SLIDES)
    await small.load(THERE)
    await tidied(small, at=at(MEETING.starts_at.date(), 22))
    assert await told(anna) == []
    await tidied(small, at=at(MEETING.starts_at.date() + timedelta(days=1), 8))
    assert len(await told(anna)) == 1


async def test_P6a_what_is_for_members_comes_without_its_link_to_who_is_none_any_more(small: Town) -> None:
    await small.load(with_material(PROGRAMME, "protokoll", url=""))
    anna, bo = small.person("anna"), small.person("bo")
    for person in (anna, bo):
        await person.register(FREE.id)
        await person.press(words_of.AWAIT, f"{FREE.id} protokoll")
    await cancel(bo)
    await small.load(PROGRAMME)
    await tidied(small)
    assert SECRET in (await told(anna))[0]
    (without,) = await told(bo)
    assert "For those who are registered." in without
    assert SECRET not in repr([one.view for one in small.messages(bo)])


async def test_what_is_there_already_is_shown_instead(small: Town) -> None:
    anna = small.person("anna")
    await small.load(THERE)
    assert LINK in text((await anna.press(words_of.AWAIT, SLIDES)).view)
    assert await small.count(awaited) == 0


@pytest.mark.parametrize("do", [words_of.AWAIT, words_of.UNAWAIT, words_of.DEAD_LINK, words_of.WAS_ABSENT])
@pytest.mark.parametrize("about", ["", "x", "gratis", "gratis x", "gratis link:x:bilder", f"gratis {'x' * 900}"])
async def test_what_is_not_there_is_said_to_be_gone(small: Town, do: str, about: str) -> None:
    said = text((await small.person("anna").press(do, about)).view)
    assert "no longer" in said
    assert await small.count(awaited) == 0


async def test_of_a_draft_nobody_is_told_and_nobody_sees_it(small: Town) -> None:
    anna = small.person("anna")
    await anna.press(words_of.AWAIT, SLIDES)
    await small.load(replace(THERE, draft=True))
    await tidied(small)
    assert await told(anna) == []
    assert LINK not in repr(await anna.say("materials"))


# --- A coordinator gives it a link ------------------------------------------------------------------------------------


async def give(person: Person, url: str = LINK, about: str = SLIDES, **answers: str) -> str:
    form = (await person.press(words_of.SET_LINK, about)).view
    assert isinstance(form, Form), text(form)
    return text((await person.submit(form, {"url": url, **answers})).view)


async def test_P6a_a_coordinator_adds_the_link_in_chat_and_those_who_wait_are_told(here: Town) -> None:
    anna, admin = here.person("anna"), here.person("admin")
    await anna.press(words_of.AWAIT, SLIDES)
    assert "Add the link" in [text(Card(b.label)) for b in buttons(shown(await admin.say("materials")))]
    assert "1 person who waits for it is told." in await give(admin, published="2027-01-10")
    await tidied(here)
    (message,) = await told(anna)
    assert "Slides, published Sunday 10 January 2027" in message
    assert LINK in message


def shown(reply: Any) -> Card:
    assert isinstance(reply.view, Card), reply
    return reply.view


async def test_only_coordinators_change_links_also_through_a_form_that_lies_open(small: Town) -> None:
    anna, karin = small.person("anna"), await appointed(small, "karin")
    assert "Only coordinators" in text((await anna.press(words_of.SET_LINK, SLIDES)).view)
    form = (await karin.press(words_of.SET_LINK, SLIDES)).view
    await small.work.run(lambda c: c.exec_driver_sql("UPDATE people SET role = 'participant'"))
    assert "Only coordinators" in text((await karin.submit(form, {"url": LINK})).view)
    assert LINK not in repr(await anna.say("materials"))


async def test_of_two_coordinators_at_once_both_see_what_stands(here: Town) -> None:
    admin, karin = here.person("admin"), await appointed(here, "karin")
    forms = [(await one.press(words_of.SET_LINK, SLIDES)).view for one in (admin, karin)]
    async with second_process(here) as other:
        karin.reception = other
        mine, hers = {"url": f"{LINK}?admin"}, {"url": f"{LINK}?karin"}
        both = await at_once(admin.submit(forms[0], mine), karin.submit(forms[1], hers))
    saved = [text(one.view).startswith("Saved") for one in both]
    assert sorted(saved) == [False, True]
    assert "Somebody else has" in text(both[saved.index(False)].view)


async def test_where_no_form_opens_at_once_there_is_its_button(small: Town) -> None:
    reply = await small.person("admin").press(words_of.SET_LINK, SLIDES, opens_forms=False)
    assert [str(button.action) for button in buttons(shown(reply))] == [f"material_link {SLIDES}"]


# --- A link that does not work ----------------------------------------------------------------------------------------

FILM = f"{FREE.id} film"


async def open_matters(town: Town) -> int:
    return await town.count(matter_rows, matter_rows.c.closed_at.is_(None), matter_rows.c.kind == "dead_link")


async def test_P6b_however_many_tell_of_it_there_is_one_matter_and_it_closes_when_the_link_changes(here: Town) -> None:
    anna, bo, admin = here.person("anna", "slack"), here.person("bo"), here.person("admin")
    await admin.open_home()
    for person in (anna, bo, anna):
        assert "Thank you!" in text((await person.press(words_of.DEAD_LINK, FILM)).view)
    assert await open_matters(here) == 1
    await tidied(here)
    (matter,) = await told(admin, "A link does not work: Inspelning")
    assert await told(anna, "link") == []
    change = await admin.button("Change the link")
    assert "Saved" in await give(admin, "https://example.org/film2", change.about)
    assert await open_matters(here) == 0
    for _ in range(2):
        await tidied(here)
    for person in (anna, bo):
        (message,) = await told(person, "Please try the link again")
        assert "https://example.org/film2" in message
    assert matter
    assert await here.count(awaited) == 0


async def test_P6b_two_who_tell_of_it_at_once_are_one_matter_and_two_who_are_told(here: Town) -> None:
    anna, bo = here.person("anna"), here.person("bo")
    await anna.open_home()
    await bo.open_home()
    async with second_process(here) as other:
        bo.reception = other
        both = await at_once(anna.press(words_of.DEAD_LINK, FILM), bo.press(words_of.DEAD_LINK, FILM))
    assert all("Thank you!" in text(one.view) for one in both)
    assert (await open_matters(here), await here.count(awaited)) == (1, 2)


async def test_P6b_a_new_link_in_the_file_closes_it_too(here: Town) -> None:
    anna = here.person("anna")
    await anna.press(words_of.DEAD_LINK, FILM)
    await here.load(with_material(PROGRAMME, "film", url="https://example.org/film2"))
    await tidied(here)
    assert await open_matters(here) == 0
    assert len(await told(anna, "Please try the link again")) == 1


async def test_P6b_done_without_another_link_lets_them_try_again_and_the_next_report_is_new(small: Town) -> None:
    anna, admin = small.person("anna"), small.person("admin")
    await admin.open_home()
    for number in (1, 2):
        await anna.press(words_of.DEAD_LINK, FILM)
        await tidied(small)
        assert len(await told(anna, "Please try the link again")) == number - 1
        await admin.click("Done")
        small.clock.move(minutes=1)
        await tidied(small)
        assert len(await told(anna, "Please try the link again")) == number


async def test_P6b_who_may_not_see_a_link_cannot_tell_of_it(small: Town) -> None:
    reply = await small.person("erik").press(words_of.DEAD_LINK, f"{FREE.id} protokoll")
    assert "for those who are registered" in text(reply.view)
    assert SECRET not in repr(reply)
    assert await open_matters(small) == 0


async def test_P6b_the_matter_shows_the_address_only_behind_a_button(small: Town) -> None:
    admin = small.person("admin")
    await admin.open_home()
    await small.person("anna").press(words_of.DEAD_LINK, FILM)
    await tidied(small)
    (message,) = [one.view for one in small.messages(admin) if "A link does not work" in one.text]
    assert isinstance(message, Card)
    assert [b.url for b in buttons(message) if b.url] == ["https://example.org/film"]
    assert "film" not in repr(replace(message, items=tuple(replace(one, buttons=()) for one in message.items)))


# --- Catching up ------------------------------------------------------------------------------------------------------


def day_after(programme: Programme = PROGRAMME) -> datetime:
    return next(one.due_at for one in schedule(programme) if one.rule.name == "catch_up")


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
