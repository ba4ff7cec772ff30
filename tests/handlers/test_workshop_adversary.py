"""Workshops attacked: by other organisations, after a post has ended, by accounts that were joined, and two at once."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from bot.flows import buttons, coaching, room_page
from bot.flows import workshops as words
from bot.handlers import leaders
from storage.coaches import Coaches
from storage.erasure import Eraser
from storage.groups import Groups
from storage.joins import Joins
from storage.posts import Posts
from storage.tables import workshops as rows
from tests.flows.samples import HABO, LUND
from tests.handlers import workshop_town
from tests.handlers.linked import link, owner, unlink
from tests.handlers.test_workshops import stored
from tests.handlers.town import Person, at_once, second_process, text
from tests.handlers.workshop_town import PROGRAMME, Day, contact

ACTS = (
    *(words.CARD, words.SCRIPT, words.NEXT_STEP, words.SKIP, words.BACK, words.PAUSE, words.RESUME, words.LONGER),
    *(words.AGAIN, words.END, words.CONFIRM_END, coaching.INVITE, coaching.COACHED, coaching.SCRIPT),
    *(room_page.NEW_LINK, room_page.CONFIRM_NEW_LINK, coaching.NEW_LINK),
)


day, small = workshop_town.on_both, workshop_town.on_sqlite


async def attack(day: Day, who: Person) -> str:
    """Everything that can be pressed about the workshop, with the words of now; what is shown."""
    about = await day.about()
    said = [text((await who.press(do, about)).view) for do in ACTS]
    said += [text((await who.press(do, day.workshop)).view) for do in ACTS]
    return "\n".join(said)


# --- Who leads what ---------------------------------------------------------------------------------------------------


async def test_the_contact_of_another_organisation_learns_and_changes_nothing(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await contact(small, small.other, HABO.key)
    before = await stored(small)
    for who in (small.other, small.stranger, small.people[0]):
        said = await attack(small, who)
        assert "SWOT-steget" not in said
        assert "Hälsa alla" not in said
    assert await stored(small) == before


async def test_control_where_everybody_leads_the_same_attack_changes_much(
    small: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.begin()
    await small.to("swot")
    monkeypatch.setattr(leaders, "may_lead", lambda *_: True)
    before = await stored(small)
    assert "Hälsa alla" in await attack(small, small.stranger)
    assert await stored(small) != before


async def test_whoever_was_the_contact_leads_no_more_with_any_button_from_before(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    await contact(day, day.leader, LUND.key, ends=True)
    before = await stored(day)
    assert "Hälsa alla" not in await attack(day, day.leader)
    assert await stored(day) == before


async def test_a_contact_of_lund_begins_nothing_for_habo_or_for_everybody(small: Day) -> None:
    form = (await small.leader.press(words.BEGIN, f"{PROGRAMME.id} dagen")).view
    form = (await small.leader.fill(form, "Begin now", place=LUND.key)).view
    for place in (HABO.key, "*", "", "whole"):
        reply = await small.leader.submit(form, {"place": place, "threshold": "3"})
        form = reply.view if "Begin" in text(reply.view) else form
    begun = await small.town.read(lambda c: c.execute(select(rows.c.organisation_key)).scalars().all())
    assert set(begun) <= {LUND.key}


async def test_whoever_left_the_organisation_sees_nothing_more_of_its_round(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    gone, round = small.people[0], (await small.round("swot")).id
    id = await owner(small.town, gone)

    def leave(connection: Connection) -> None:
        store = Groups(connection, small.town.clock.now())
        for group in store.of_person(PROGRAMME.id, id):
            store.leave(group.id, id)

    await small.town.work.run(leave)
    for do in (buttons.NOTE, "board", "vote", "our_posts", buttons.SEAL, "proposals", "results"):
        assert "SWOT" not in text((await gone.press(do, round)).view)


async def test_people_of_another_organisation_are_not_shown_the_way_to_its_board(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    round = (await small.round("swot")).id
    assert "This is for another organisation." in text((await small.other.press(buttons.BOARD, round)).view)
    assert "/board/" in repr((await small.people[0].press(buttons.BOARD, round)).view)


# --- When time is up --------------------------------------------------------------------------------------------------


async def test_time_is_told_to_who_leads_now_and_not_to_who_has_led(day: Day) -> None:
    await day.begin()
    await contact(day, day.other, LUND.key)
    await contact(day, day.leader, LUND.key, ends=True)
    day.town.clock.move(minutes=25)
    for _twice in range(2):
        await day.town.tick.run()
    await day.town.deliver()
    assert "Time is up" not in day.got(day.leader)
    assert day.got(day.other).count("Time is up") == 1


async def test_time_is_told_to_coordinators_when_whoever_began_is_erased(small: Day) -> None:
    await small.begin()
    id, admin = await owner(small.town, small.leader), small.town.person("admin")
    await admin.open_home()
    await small.town.work.run(lambda c: (eraser := Eraser(c, small.town.clock.now())).erase(eraser.identity(id)))
    small.town.clock.move(minutes=25)
    await small.town.tick.run()
    await small.town.deliver()
    assert "Time is up" in small.got(admin)


# --- Accounts that become one and two ---------------------------------------------------------------------------------


async def joined_and_parted(day: Day) -> tuple[str, set[str]]:
    """A coach types the code of a stranger, who parts from them again; the coach, and who has the coach's posts."""
    coach = day.town.person("ester", "teams", "T9")
    await coach.open_home()
    id, now = await owner(day.town, coach), day.town.clock.now()

    def give(connection: Connection) -> None:
        Coaches(connection, now).add(PROGRAMME.id, LUND.key, id)
        Posts(connection, now).add_answerer(PROGRAMME.id, "Eva", id)

    def held(connection: Connection) -> set[str]:
        answering = {one.id for _name, one in Posts(connection, now).answerers(PROGRAMME.id)}
        return answering | {person for _key, person in Coaches(connection, now).of_programme(PROGRAMME.id)}

    await day.town.work.run(give)
    await link(day.stranger, coach)
    await unlink(day.stranger)
    return await owner(day.town, coach), await day.town.read(held)


async def test_posts_of_a_coach_and_of_a_named_contact_go_back_with_the_account_that_brought_them(day: Day) -> None:
    coach, held = await joined_and_parted(day)
    assert held == {coach}


async def test_control_posts_that_do_not_go_back_are_the_strangers(small: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Joins, "_take_back_posts", lambda *_: None)
    _coach, held = await joined_and_parted(small)
    assert held == {await owner(small.town, small.stranger)}


# --- Two at once ------------------------------------------------------------------------------------------------------


async def test_a_workshop_that_ends_while_another_process_goes_on_opens_nothing_after_it(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    about = await day.about()
    async with second_process(day.town) as elsewhere:
        admin = day.town.person("admin")
        twin = Person(day.town, admin.actor, admin.profile, elsewhere)
        await twin.open_home()
        await at_once(day.leader.press(words.NEXT_STEP, about), twin.press(words.CONFIRM_END, about))
    found, states = await day.stands(), await day.rounds()
    if found.state.value == "ended":
        assert set(states.values()) == {"closed"}
    else:
        assert states == {"swot": "closed", "skattning": "open"}
