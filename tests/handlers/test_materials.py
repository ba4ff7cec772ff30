"""Materials: links for members only, and those who wait told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.nudges import schedule
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.flows import materials as words_of
from bot.handlers.tick import Tick
from bot.messages import Card
from bot.ports import Address, Surface
from storage.awaited import Awaited
from storage.groups import Groups
from storage.people import People
from storage.tables import awaited
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE, at, occasion, words
from tests.handlers import material_town
from tests.handlers.material_town import (
    LINK,
    MEETING,
    PROGRAMME,
    SECRET,
    SLIDES,
    THERE,
    day_after,
    tidied,
    told,
    with_material,
)
from tests.handlers.test_changing import cancel
from tests.handlers.town import Town, at_once, surroundings, text

here, small = material_town.on_both, material_town.on_sqlite


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


async def test_P6_the_word_with_a_programme_after_it_shows_that_programme_alone(small: Town) -> None:
    await small.load(replace(PROGRAMME, id="barometer", title=words("Digibarometern"), materials=()))
    erik = small.person("erik")
    shown = text((await erik.say("material digibarometern")).view)
    assert "There is no material yet" in shown
    assert PROGRAMME.materials[0].title.wordings["sv"] not in shown
    for everything in ("material", "material från förra träffen"):
        assert PROGRAMME.materials[0].title.wordings["sv"] in text((await erik.say(everything)).view)


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
