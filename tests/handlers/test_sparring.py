"""Sparring partners by consent: no name before both have said yes, and each can leave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.flows import sparring as flow
from bot.handlers import sparring
from storage.erasure import Eraser
from storage.tables import sparring as wishes
from tests.handlers.challenge_town import THREAD, Circle, challenge_circle
from tests.handlers.test_after_an_offer import give_everything_up
from tests.handlers.town import Person, at_once, second_process, text


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Circle]:
    async with challenge_circle(engine_url) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Circle]:
    async with challenge_circle(sqlite_url) as opened:
        yield opened


async def proposed(here: Circle) -> None:
    """Both wish for somebody, and the leader lets them be asked."""
    for person in (here.anna, here.bertil):
        assert "You are waiting" in text((await person.press(flow.WANT, THREAD.id)).view)
    assert "1 pair has been asked" in text((await here.leader.press(flow.PAIR, THREAD.id)).view)
    await here.town.deliver()


async def test_coordinators_hear_when_a_pair_can_be_asked_and_only_as_long_as_it_can(here: Circle) -> None:
    ready = "1 pair can be asked to spar"
    await here.anna.press(flow.WANT, THREAD.id)
    assert ready not in text((await here.leader.say("status")).view)
    await here.bertil.press(flow.WANT, THREAD.id)
    said = text((await here.leader.say("status")).view)
    assert (ready in said, "Anna" in said, "Bertil" in said) == (True, False, False)
    await here.anna.press(flow.STOP, THREAD.id)
    assert ready not in text((await here.leader.say("status")).view)
    await here.anna.press(flow.WANT, THREAD.id)
    await here.leader.press(flow.PAIR, THREAD.id)
    assert ready not in text((await here.leader.say("status")).view)


@pytest.mark.parametrize("typed", ["bollplank", "Sparring!", "sparringpartnar", "sparringspartner"])
async def test_the_word_on_the_button_leads_there_when_it_is_typed(small: Circle, typed: str) -> None:
    assert "Somebody to spar with?" in text((await small.anna.say(typed)).view)
    assert "You take part in none." in text((await small.town.person("stranger").say(typed)).view)


async def sees(person: Person, name: str) -> bool:
    """Whether the name has reached the person, in any way that is open to them."""
    shown = repr(await person.press(flow.SPARRING, THREAD.id)) + repr(await person.say("utmaning"))
    return name in shown + repr(await person.received())


async def test_names_are_shown_only_when_both_have_said_yes(here: Circle) -> None:
    await proposed(here)
    assert (await sees(here.anna, "Bertil"), await sees(here.bertil, "Anna")) == (False, False)
    await here.anna.click("Yes, gladly")
    assert (await sees(here.anna, "Bertil"), await sees(here.bertil, "Anna")) == (False, False)
    done = text((await here.bertil.click("Yes, gladly")).view)
    assert ("Anna" in done, "Lunds kommun" in done, "anna@example.org" in done) == (True, True, True)
    assert (await sees(here.anna, "Bertil"), await sees(here.bertil, "Anna")) == (True, True)


async def test_both_at_the_same_moment_on_two_connections_are_together(here: Circle) -> None:
    await proposed(here)
    about = (await here.anna.button("Yes, gladly")).about
    async with second_process(here.town) as elsewhere:
        there = replace(here.bertil, reception=elsewhere)
        await at_once(here.anna.press(flow.YES, about), there.press(flow.YES, about))
    assert (await sees(here.anna, "Bertil"), await sees(here.bertil, "Anna")) == (True, True)
    told = [one for one in await here.anna.received() + await here.bertil.received() if "have a sparring" in one]
    assert len(told) == 1  # the other one reads it where they said yes


async def test_control_showing_the_other_at_the_first_yes_is_noticed(
    small: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    await proposed(small)
    monkeypatch.setattr(
        sparring, "_standing", lambda _scene, programme: flow.together(programme, flow.Partner("Bertil", "", ""))
    )
    await small.anna.click("Yes, gladly")
    assert await sees(small.anna, "Bertil")


async def test_who_says_no_names_nobody_and_the_other_waits_again(here: Circle) -> None:
    await proposed(here)
    await here.anna.click("Yes, gladly")
    about = (await here.bertil.button("No, thank you")).about
    for _twice in range(2):
        await here.bertil.press(flow.NO, about)
    assert [one for one in await here.anna.received() if "Nothing came of the pair" in one] != []
    assert not await sees(here.anna, "Bertil")
    assert "You are waiting" in text((await here.anna.press(flow.SPARRING, THREAD.id)).view)
    assert await here.town.count(wishes) == 1


async def test_an_old_yes_is_not_one_to_another_proposal(here: Circle) -> None:
    await proposed(here)
    old = (await here.anna.button("Yes, gladly")).about
    await here.bertil.click("No, thank you")
    await here.bertil.press(flow.WANT, THREAD.id)
    await here.leader.press(flow.PAIR, THREAD.id)
    assert "no longer the case" in text((await here.anna.press(flow.YES, old)).view)
    assert await here.town.count(wishes, wishes.c.agreed) == 0


@pytest.mark.parametrize("who", ["anna", "bertil"])
async def test_each_can_leave_the_pair(here: Circle, who: str) -> None:
    await proposed(here)
    for person in (here.anna, here.bertil):
        await person.click("Yes, gladly")
    leaving = getattr(here, who)
    staying = here.bertil if who == "anna" else here.anna
    assert "not waiting for anybody" in text((await leaving.press(flow.STOP, THREAD.id)).view)
    assert "You are waiting" in text((await staying.press(flow.SPARRING, THREAD.id)).view)
    assert [one for one in await staying.received() if "Your sparring partner has left the pair" in one] != []


async def test_two_leaders_at_once_ask_each_pair_once(here: Circle) -> None:
    for person in (here.anna, here.bertil):
        await person.press(flow.WANT, THREAD.id)
    async with second_process(here.town) as elsewhere:
        there = replace(here.leader, reception=elsewhere)
        await at_once(here.leader.press(flow.PAIR, THREAD.id), there.press(flow.PAIR, THREAD.id))
    asked = [one for one in await here.anna.received() if "somebody you could spar with" in one]
    assert len(asked) == 1


async def test_people_from_one_organisation_are_not_paired(small: Circle) -> None:
    cecilia = small.town.person("cecilia")
    await cecilia.register(THREAD.id)
    for person in (small.anna, cecilia):
        await person.press(flow.WANT, THREAD.id)
    said = text((await small.leader.press(flow.PAIR, THREAD.id)).view)
    assert ("0 pairs have been asked" in said, "2 people are left" in said) == (True, True)


async def test_the_leaders_see_numbers_and_pairing_is_theirs(small: Circle) -> None:
    assert "Only coordinators" in text((await small.anna.press(flow.PAIR, THREAD.id)).view)
    assert "Nobody is waiting" in text((await small.leader.press(flow.PAIR, THREAD.id)).view)
    await proposed(small)
    assert "Asked, not answered: 1 pair" in text((await small.leader.say("utmaningar")).view)
    for person in (small.anna, small.bertil):
        await person.click("Yes, gladly")
    assert "Together: 1 pair" in text((await small.leader.say("utmaningar")).view)


async def test_whoever_gives_up_their_seats_is_nobodys_partner_once_it_cannot_be_undone(here: Circle) -> None:
    await proposed(here)
    for person in (here.anna, here.bertil):
        await person.click("Yes, gladly")
    await here.anna.say("my registrations")
    await give_everything_up(here.anna)
    here.town.clock.move(minutes=9)
    await here.town.tick.tidy()
    assert await here.town.count(wishes, wishes.c.agreed) == 2  # the positive control: it may be undone
    here.town.clock.move(minutes=2)
    await here.town.tick.tidy()
    await here.town.deliver()
    assert await here.town.count(wishes) == 1
    assert "You are waiting" in text((await here.bertil.press(flow.SPARRING, THREAD.id)).view)
    assert [one for one in await here.bertil.received() if "Your sparring partner has left the pair" in one] != []


async def test_whoever_is_erased_is_nobodys_partner(here: Circle) -> None:
    await proposed(here)
    for person in (here.anna, here.bertil):
        await person.click("Yes, gladly")
    bertil = await here.id(here.bertil)
    stored = await here.town.read(lambda c: Eraser(c, here.town.clock.now()).stored(bertil))
    assert len(stored["sparring"]) == 1
    await here.anna.press("erase_me_now")
    shown = text((await here.bertil.press(flow.SPARRING, THREAD.id)).view)
    assert ("You are waiting" in shown, "Anna" in shown) == (True, False)
    assert await here.town.count(wishes, wishes.c.agreed) == 0
    told = [one for one in await here.bertil.received() if "Your sparring partner has left the pair" in one]
    assert (len(told), "Anna" in told[0]) == (1, False)
