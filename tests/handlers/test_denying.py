"""Somebody is said not to be one of an organisation: what coordinators decide, and what becomes of their seats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.programmes import Programme
from bot.flows import newcomers
from bot.handlers.events import Left
from bot.messages import Form
from storage.tables import matters, seats
from tests.flows.samples import FREE, LUND
from tests.handlers import newcomers_town
from tests.handlers.newcomers_town import (
    WORKING,
    about,
    belongs,
    comes,
    contact,
    coordinator,
    denied,
    news,
    says_not_ours,
)
from tests.handlers.town import Town, text
from tests.handlers.town import buttons as buttons_on
from tests.handlers.workshop_town import PROGRAMME

lund, small = newcomers_town.on_both, newcomers_town.on_sqlite


# --- Coordinators decide ----------------------------------------------------------------------------------------------


async def test_G1_coordinators_are_told_who_has_said_so_and_let_somebody_back(lund: Town) -> None:
    anna, bo, admin = await denied(lund)
    assert any("Bo may not be one of Lunds kommun" in said and "Kontakt" in said for said in await admin.received())
    await admin.click("Belongs here")
    assert await belongs(lund, bo)
    assert "open to you again" in (await bo.received())[-1]
    assert "A coordinator has said that Bo belongs" in await says_not_ours(lund, anna, bo)


async def test_a_registration_that_is_removed_can_come_back_for_ten_minutes(lund: Town) -> None:
    _anna, bo, admin = await denied(lund)
    said = text((await admin.click("Remove the registration")).view)
    assert "undo this for ten minutes" in said
    assert set(await lund.states()) == {"cancelled"}
    assert any("has been removed" in one for one in await bo.received())
    assert "is back" in text((await admin.press(newcomers.UNDO_REMOVE, await about(lund, bo))).view)
    assert set(await lund.states()) == {"confirmed"}
    assert not await belongs(lund, bo)
    assert "nothing left to undo" in text((await admin.press(newcomers.UNDO_REMOVE, await about(lund, bo))).view)


async def test_what_is_removed_comes_back_no_later(small: Town) -> None:
    _anna, bo, admin = await denied(small)
    theirs = await about(small, bo)
    await admin.press(newcomers.REMOVE, theirs)
    small.clock.move(minutes=11)
    assert "nothing left to undo" in text((await admin.press(newcomers.UNDO_REMOVE, theirs)).view)
    assert "Nothing had to be removed" in text((await admin.press(newcomers.REMOVE, theirs)).view)
    assert set(await small.states()) == {"cancelled"}


async def test_where_somebody_has_registered_again_nothing_comes_back_beside_it(small: Town) -> None:
    _anna, bo, admin = await denied(small)
    await admin.press(newcomers.REMOVE, await about(small, bo))
    await bo.register(FREE.id)
    assert "nothing left to undo" in text((await admin.press(newcomers.UNDO_REMOVE, await about(small, bo))).view)
    assert sorted(await small.states()) == ["cancelled", "confirmed"]


async def test_nobody_s_registration_goes_who_belongs(small: Town) -> None:
    admin, bo = await coordinator(small), await comes(small, "bo")
    assert "They belong" in text((await admin.press(newcomers.REMOVE, await about(small, bo))).view)
    assert await small.states() == ["confirmed"]


async def test_what_somebody_has_registered_for_another_organisation_stays(small: Town) -> None:
    await small.load(replace(FREE, occasions=(*FREE.occasions, replace(FREE.occasions[0], id="till"))))
    small.clock.at = WORKING
    admin, anna, bo = small.person("admin"), await contact(small), await comes(small, "bo", occasions=("fika",))
    await bo.register(FREE.id, organisation="Habo kommun", occasions=("till",))
    await says_not_ours(small, anna, bo)
    await admin.press(newcomers.REMOVE, await about(small, bo))
    assert (await small.states("fika"), await small.states("till")) == (["cancelled"], ["confirmed"])


async def test_whom_somebody_has_registered_by_name_stays_when_they_go(small: Town) -> None:
    small.clock.at = WORKING
    admin, anna, bo = small.person("admin"), await contact(small), small.person("bo")
    await bo.register(FREE.id, takes_part="others", places="2")
    one = select(func.min(seats.c.id)).scalar_subquery()
    await small.work.run(lambda c: c.execute(seats.update().where(seats.c.id == one).values(name="Carl")))
    await comes(small, "dag")
    await says_not_ours(small, anna, bo)
    await admin.press(newcomers.REMOVE, await about(small, bo))
    left = await small.read(lambda c: c.execute(select(seats.c.name).where(seats.c.state == "confirmed")).scalars())
    assert sorted(map(str, left)) == ["Carl", "Dag"]


async def test_a_coordinator_who_says_so_has_nothing_left_to_decide(small: Town) -> None:
    admin, bo = await coordinator(small), await comes(small, "bo")
    assert "Remove the registration" in await says_not_ours(small, admin, bo)
    assert await small.count(matters) == 0


async def test_whoever_is_let_back_is_no_matter_any_more(small: Town) -> None:
    _anna, _bo, admin = await denied(small)
    assert await small.count(matters, matters.c.closed_at.is_(None)) == 1
    await admin.click("Belongs here")
    assert await small.count(matters, matters.c.closed_at.is_(None)) == 0


async def test_whoever_erases_themself_is_no_matter_any_more(small: Town) -> None:
    _admin, anna, bo = await coordinator(small), await contact(small), await comes(small, "bo")
    await says_not_ours(small, anna, bo)
    assert await small.count(matters, matters.c.closed_at.is_(None)) == 1
    await bo.press("erase_me_now")
    assert await small.count(matters, matters.c.closed_at.is_(None)) == 0


async def test_who_has_said_so_and_is_out_themself_takes_nothing_back(small: Town) -> None:
    admin, first, bo = await coordinator(small), await comes(small, "anna"), await comes(small, "bo")
    await says_not_ours(small, first, bo)
    await says_not_ours(small, admin, first)
    assert "contact can say that" in text((await first.press(newcomers.BELONGS, await about(small, bo))).view)
    assert not await belongs(small, bo)


async def test_who_has_said_so_takes_it_back_until_a_coordinator_has_decided(small: Town) -> None:
    anna, bo, _admin = await denied(small)
    assert "Bo belongs" in text((await anna.press(newcomers.BELONGS, await about(small, bo))).view)
    assert await belongs(small, bo)
    await says_not_ours(small, anna, bo)
    assert not await belongs(small, bo)


async def test_whoever_is_out_does_not_let_themself_in(small: Town) -> None:
    _anna, bo, _admin = await denied(small)
    for action in (newcomers.BELONGS, newcomers.REMOVE, newcomers.UNDO_REMOVE):
        await bo.press(action, await about(small, bo))
    assert not await belongs(small, bo)


async def test_whoever_becomes_the_contact_belongs(small: Town) -> None:
    _anna, bo, admin = await denied(small)
    form = (await admin.press("appoint_contact")).view
    assert isinstance(form, Form)
    card = (await admin.fill(form, programme=FREE.id, organisation=LUND.name)).view
    code = text(card).split("link ")[1].split()[0]
    await bo.say(f"koppla {code}")
    assert await belongs(small, bo)


async def test_the_list_has_who_is_out_for_coordinators_to_let_back(small: Town) -> None:
    _anna, bo, admin = await denied(small)
    listed = (await admin.press(newcomers.WHO, f"{FREE.id} 0 {LUND.key}")).view
    assert "does not belong to the organisation" in text(listed)
    theirs = await about(small, bo)
    assert {one.action.do for one in buttons_on(listed) if one.action and one.action.about == theirs} == {
        newcomers.BELONGS,
        newcomers.REMOVE,
    }


async def test_the_list_offers_nothing_against_a_contact_or_the_word_of_a_coordinator(small: Town) -> None:
    anna, bo, admin = await denied(small)
    await comes(small, "carl")
    await admin.press(newcomers.BELONGS, await about(small, bo))
    for who, named in ((admin, {"bo", "carl"}), (anna, {"carl"})):
        listed = (await who.press(newcomers.WHO, f"{FREE.id} 0 {LUND.key}")).view
        found = {one.action.about for one in buttons_on(listed) if one.action and one.action.do == newcomers.NOT_OURS}
        assert found == {await about(small, small.person(name)) for name in named}


# --- Whom to ask ------------------------------------------------------------------------------------------------------


async def test_a_contact_who_has_left_is_not_asked_and_whoever_was_there_first_is(small: Town) -> None:
    small.clock.at = WORKING
    gone, first = await contact(small), await comes(small, "anna")
    await small.tick.tidy()
    await gone.send(Left())
    small.clock.move(days=1)
    await comes(small, "bo")
    assert "Bo" in (await news(first))[-1]


@pytest.mark.parametrize(("programme", "hears"), [(FREE, 0), (PROGRAMME, 1)])
async def test_coordinators_hear_of_an_organisation_without_a_contact_only_where_there_are_workshops(
    small: Town, programme: Programme, hears: int
) -> None:
    await small.load(programme)
    admin = await coordinator(small)
    await small.person("bo").register(programme.id)
    small.clock.move(hours=2)
    await small.tick.tidy()
    assert sum("has no contact" in one for one in await admin.received()) == hears
