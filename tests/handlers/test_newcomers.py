"""Who belongs to an organisation: noticed, told once a day, closed at one press, and decided by coordinators."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.flows import buttons, newcomers
from bot.messages import Card
from storage.groups import Groups
from storage.newcomers import Newcomers
from storage.tables import members, outbox, seats
from storage.tables import newcomers as rows
from tests.flows.samples import FREE, LUND
from tests.handlers import newcomers_town
from tests.handlers.linked import link, owner, unlink
from tests.handlers.newcomers_town import (
    WORKING,
    about,
    belongs,
    comes,
    contact,
    denied,
    looks_after,
    news,
    says_not_ours,
)
from tests.handlers.town import Town, at_once, second_process, text
from tests.handlers.town import buttons as buttons_on

lund, small = newcomers_town.on_both, newcomers_town.on_sqlite


# --- Being told -------------------------------------------------------------------------------------------------------


async def test_G1_the_contact_is_told_of_a_new_person_with_where_they_write_from(lund: Town) -> None:
    lund.clock.at = WORKING
    anna = await contact(lund)
    await comes(lund, "bo")
    [said] = await news(anna)
    assert "1 new person for Lunds kommun" in said
    assert "Bo" in said
    assert "example.org" in said
    await lund.tick.tidy()
    assert len(await news(anna)) == 1


async def test_whoever_comes_later_the_same_day_is_told_of_on_the_next(small: Town) -> None:
    small.clock.at = WORKING
    anna = await contact(small)
    await comes(small, "bo")
    await comes(small, "carl")
    assert len(await news(anna)) == 1
    small.clock.move(days=1)
    await small.tick.tidy()
    assert "Carl" in (await news(anna))[-1]


async def test_nobody_is_told_at_night(small: Town) -> None:
    small.clock.at = WORKING.replace(hour=22)
    anna = await contact(small)
    await comes(small, "bo")
    assert await news(anna) == []
    small.clock.at = WORKING + timedelta(days=1)
    await small.tick.tidy()
    assert len(await news(anna)) == 1


async def test_without_a_contact_whoever_was_there_first_is_told(small: Town) -> None:
    small.clock.at = WORKING
    first = await comes(small, "anna")
    await small.tick.tidy()
    small.clock.move(days=1)
    second = await comes(small, "bo")
    assert "Bo" in (await news(first))[0]
    assert await news(second) == []


async def test_two_workers_tell_once(lund: Town) -> None:
    lund.clock.at = WORKING
    anna = await contact(lund)
    await lund.person("bo").register(FREE.id)
    lund.clock.move(hours=2)
    async with second_process(lund):
        await at_once(lund.tick.tidy(), lund.tick.tidy())
    assert len(await news(anna)) == 1


async def test_whom_somebody_has_registered_themself_is_no_news_to_them(small: Town) -> None:
    small.clock.at = WORKING
    colleague = small.person("bo")
    await colleague.open_home()
    anna = await comes(small, "anna")
    await looks_after(small, anna)
    id = await owner(small, colleague)
    await small.work.run(lambda c: c.execute(seats.update().values(person=id)))
    small.clock.move(days=1)
    await small.tick.tidy()
    assert await belongs(small, colleague)
    assert await news(anna) == []


# --- One press --------------------------------------------------------------------------------------------------------


async def test_G1_one_press_closes_what_is_the_organisation_s_and_says_with_whom_to_talk(lund: Town) -> None:
    lund.clock.at = WORKING
    anna, bo = await contact(lund), await comes(lund, "bo")
    await bo.open_home()
    assert "Plan of Lunds kommun" in text((await bo.say("plan")).view)
    assert "Closed to Bo now" in await says_not_ours(lund, anna, bo)
    assert not await belongs(lund, bo)
    assert "Plan of Lunds kommun" not in text((await bo.say("plan")).view)
    said = [one for one in await bo.received() if "does not know you yet" in one]
    assert len(said) == 1
    assert "talk to" in said[0]


async def test_pressed_again_it_changes_and_tells_nothing_more(lund: Town) -> None:
    lund.clock.at = WORKING
    anna, bo = await contact(lund), await comes(lund, "bo")
    await says_not_ours(lund, anna, bo)
    before = await lund.count(outbox)
    async with second_process(lund) as elsewhere:
        there = replace(anna, reception=elsewhere)
        await at_once(*(says_not_ours(lund, who, bo) for who in (anna, there, anna)))
    assert await lund.count(outbox) == before


async def test_the_organisation_that_somebody_calls_their_own_is_closed_too(small: Town) -> None:
    """The plan falls back on it where nothing else is known: a seat for one municipality opens no other's plan."""
    small.clock.at = WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    await says_not_ours(small, anna, bo)
    for said in ("plan", f"plan {FREE.id}"):
        assert "Plan of Lunds" not in text((await bo.say(said)).view)
    pressed = await bo.press(buttons.PLAN, f"{FREE.id} 0 {LUND.key}")
    assert "another organisation" in text(pressed.view)


async def test_control_before_the_press_the_same_words_open_the_plan(small: Town) -> None:
    bo = await comes(small, "bo")
    assert "Plan of Lunds" in text((await bo.press(buttons.PLAN, f"{FREE.id} 0 {LUND.key}")).view)


async def test_registering_again_opens_nothing(small: Town) -> None:
    small.clock.at = WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    admin = small.person("admin")
    await says_not_ours(small, anna, bo)
    await admin.press(newcomers.REMOVE, await about(small, bo))
    small.clock.move(minutes=11)
    await comes(small, "bo")
    assert not await belongs(small, bo)


# --- Against abuse ----------------------------------------------------------------------------------------------------


async def test_whoever_comes_later_throws_nobody_out(small: Town) -> None:
    small.clock.at = WORKING
    first, second = await comes(small, "anna"), await comes(small, "bo")
    assert "whoever was there first" in await says_not_ours(small, second, first)
    assert await belongs(small, first)
    assert "Closed to Bo" in await says_not_ours(small, first, second)


async def test_where_there_is_a_contact_whoever_came_first_says_nothing(small: Town) -> None:
    small.clock.at = WORKING
    first, anna, second = await comes(small, "first"), await contact(small), await comes(small, "bo")
    assert "contact can say that" in await says_not_ours(small, first, second)
    assert await belongs(small, second)
    assert "Closed to Bo" in await says_not_ours(small, anna, second)


async def test_two_who_came_at_the_same_time_throw_nobody_out(small: Town) -> None:
    small.clock.at = WORKING
    anna, bo = small.person("anna"), small.person("bo")
    for one in (anna, bo):
        await one.register(FREE.id)
    await small.tick.tidy()
    for one, other in ((anna, bo), (bo, anna)):
        await says_not_ours(small, one, other)
    assert await belongs(small, anna)
    assert await belongs(small, bo)


async def test_the_contact_is_thrown_out_by_nobody(small: Town) -> None:
    small.clock.at = WORKING
    first = await comes(small, "anna")
    anna = await contact(small)
    small.clock.move(minutes=10)
    await small.tick.tidy()
    for who in (first, small.person("admin")):
        assert "is the organisation’s contact" in await says_not_ours(small, who, anna)
    assert await belongs(small, anna)


async def test_strangers_others_and_those_who_are_out_themselves_say_nothing(small: Town) -> None:
    small.clock.at = WORKING
    anna, bo, carl = await contact(small), await comes(small, "bo"), await comes(small, "carl")
    other = await comes(small, "habo", organisation="Habo kommun")
    stranger = small.person("stranger")
    await stranger.open_home()
    for who in (other, stranger, carl):
        assert "contact can say that" in await says_not_ours(small, who, bo)
    await says_not_ours(small, anna, bo)
    assert "contact can say that" in await says_not_ours(small, bo, carl)
    assert await belongs(small, carl)


async def test_nobody_judges_themself(small: Town) -> None:
    bo = await comes(small, "bo")
    assert "contact can say that" in await says_not_ours(small, bo, bo)


async def test_an_account_that_is_linked_to_one_that_is_out_is_out_and_stays_so_when_parted(lund: Town) -> None:
    lund.clock.at = WORKING
    anna, bo = await contact(lund), await comes(lund, "bo")
    fresh = lund.person("fresh", "slack", "S1")
    await fresh.register(FREE.id)
    await lund.tick.tidy()
    await says_not_ours(lund, anna, bo)
    await link(bo, fresh)
    assert not await belongs(lund, fresh)
    await unlink(fresh)
    assert not await belongs(lund, fresh)
    assert not await belongs(lund, bo)


async def test_linking_the_other_way_around_opens_nothing_either(small: Town) -> None:
    small.clock.at = WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    fresh = small.person("fresh", "slack", "S1")
    await fresh.register(FREE.id)
    small.clock.move(minutes=10)
    await small.tick.tidy()  # so that both are known to take part
    await says_not_ours(small, anna, bo)
    await link(fresh, bo)
    assert not await belongs(small, bo)


async def test_a_linked_account_brings_no_group_of_the_organisation_along(small: Town) -> None:
    small.clock.at = WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    fresh = small.person("fresh", "slack", "S1")
    await fresh.open_home()
    await says_not_ours(small, anna, bo)
    id, out = await owner(small, fresh), await owner(small, bo)

    def join(connection: Connection) -> None:
        groups = Groups(connection, small.clock.now())
        groups.join(groups.found(FREE.id, "", "Grupp 1", organisation_key=LUND.key).id, id)

    await small.work.run(join)
    await link(bo, fresh)
    assert await small.count(members, members.c.person.in_((id, out))) == 0


async def test_whoever_is_out_before_anybody_was_told_is_no_news(small: Town) -> None:
    small.clock.at = WORKING
    anna, admin, bo = await contact(small), small.person("admin"), small.person("bo")
    await bo.register(FREE.id)
    await small.tick.tidy()
    await says_not_ours(small, admin, bo)
    small.clock.move(hours=2)
    await small.tick.tidy()
    assert await news(anna) == []


# --- The list ---------------------------------------------------------------------------------------------------------


async def test_coordinators_say_the_same_from_the_list_and_take_it_back(lund: Town) -> None:
    admin, bo = lund.person("admin"), await comes(lund, "bo")
    assert "Lunds kommun" in text((await admin.press(newcomers.WHO, FREE.id)).view)
    shown = (await admin.press(newcomers.WHO, f"{FREE.id} 0 {LUND.key}")).view
    assert isinstance(shown, Card)
    [action] = [one.action for one in buttons_on(shown) if one.action]
    card = (await admin.press(action.do, action.about)).view
    assert not await belongs(lund, bo)
    undo = next(one.action for one in buttons_on(card) if one.action)
    await admin.press(undo.do, undo.about)
    assert await belongs(lund, bo)


async def test_the_list_is_for_the_contact_and_not_for_everybody(small: Town) -> None:
    anna, bo, carl = await contact(small), await comes(small, "bo"), await comes(small, "carl")
    place = f"{FREE.id} 0 {LUND.key}"
    assert "Carl" in text((await anna.press(newcomers.WHO, place)).view)
    for who in (bo, carl):
        assert "Carl" not in text((await who.press(newcomers.WHO, place)).view)


# --- What is kept -----------------------------------------------------------------------------------------------------


async def test_who_has_said_so_is_forgotten_with_them(small: Town) -> None:
    anna, bo, _admin = await denied(small)
    await anna.press("erase_me_now")
    by = await small.read(lambda c: c.execute(select(rows.c.denied_by).where(rows.c.denied_at.is_not(None))).scalars())
    assert list(by) == ["erased"]
    assert not await belongs(small, bo)


async def test_nothing_of_somebody_stays_who_is_erased(small: Town) -> None:
    _anna, bo, _admin = await denied(small)
    id = await owner(small, bo)
    await bo.press("erase_me_now")
    assert await small.count(rows, rows.c.person == id) == 0


async def test_noticing_twice_changes_nothing(lund: Town) -> None:
    await comes(lund, "bo")
    before = await lund.contents(rows)

    later = WORKING + timedelta(days=900)
    await lund.work.run(lambda c: Newcomers(c, later).note(FREE.id))
    assert await lund.contents(rows) == before
