"""An offered seat is found again: among one's registrations, or by a mere yes; and afterwards the truth is told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.programmes import Programme
from bot.messages import Action, Card
from tests.flows.samples import FREE, SINGLE, with_capacity, with_occasion
from tests.handlers.town import Town, buttons, open_town, text

OFFER = "A seat is free for you: "
UNTIL = "It is yours if you confirm by Tuesday 12 January 2027 at 12:00"


@pytest.fixture
async def offered(engine_url: str) -> AsyncIterator[Town]:
    """Anna has the only seat of two programmes; bo waits for both, and the one of Fika is offered to him."""
    async with open_town(engine_url, with_capacity(FREE, 1), with_capacity(SINGLE, 1)) as town:
        for name in ("anna", "bo"):
            await town.person(name).register(FREE.id)
            await town.person(name).register(occasions=("a",))
        await one_more(town, FREE)
        yield town


async def one_more(town: Town, programme: Programme) -> None:
    """There is one more seat, which whoever waits is offered."""
    await town.load(with_capacity(programme, 2))
    await town.tick.run()


async def test_my_registrations_begins_with_the_offer_its_deadline_and_both_answers(offered: Town) -> None:
    bo = offered.person("bo")
    card = (await bo.say("my registrations")).view
    assert isinstance(card, Card)
    assert text(card).index(OFFER + "Fika") < text(card).index("Takes part: Bo (offered a seat)")
    assert UNTIL in text(card)
    accept, decline = (one.action for one in card.items[0].buttons)
    assert accept is not None
    assert decline == Action("decline", accept.about)
    assert "You are registered: Fika" in text((await bo.press(accept.do, accept.about)).view)
    assert OFFER not in text((await bo.say("my registrations")).view)


async def test_nobody_else_is_shown_the_offer(offered: Town) -> None:
    assert OFFER not in text((await offered.person("anna").say("my registrations")).view)


@pytest.mark.parametrize(
    "word", ["ja", "Ja takk!", "nej tack", "Stadfest", "bekräfta", "ja takk, eg tek plassen", "Jag vill ha platsen!"]
)
async def test_a_mere_yes_shows_the_offer_again_and_takes_nothing(offered: Town, word: str) -> None:
    card = (await offered.person("bo").say(word)).view
    assert UNTIL in text(card)
    assert "Nothing is decided yet" in text(card)
    assert [one.action.do for one in buttons(card) if one.action is not None] == ["accept", "decline"]
    assert "offered" in await offered.states()


async def test_of_several_offers_a_yes_means_none_in_particular(offered: Town) -> None:
    await one_more(offered, SINGLE)
    shown = text((await offered.person("bo").say("ja")).view)
    assert shown.startswith("My registrations")
    assert shown.count(OFFER) == 2


async def test_yes_below_an_answer_is_about_the_answer_and_said_again_about_the_offer(offered: Town) -> None:
    bo = offered.person("bo")
    answer = text((await bo.say("When is Träff fika?")).view)
    assert "Did it help?" in answer or "Träff fika" in answer
    assert OFFER not in text((await bo.say("ja")).view)
    assert OFFER in text((await bo.say("ja")).view)


async def test_without_an_offer_a_mere_yes_is_still_not_understood(offered: Town) -> None:
    assert "I do not know what your answer belongs to" in text((await offered.person("anna").say("ja")).view)


async def test_an_offer_that_ran_out_is_said_to_have_run_out_by_its_old_buttons(offered: Town) -> None:
    bo = offered.person("bo")
    accept, decline = await bo.button("Confirm"), await bo.button("I cannot come")
    offered.clock.move(hours=24)
    assert OFFER not in text((await bo.say("my registrations")).view), "not even before the clock has ticked"
    await offered.tick.run()
    for action in (accept, decline):
        assert "The offer has run out" in text((await bo.press(action.do, action.about)).view)
    assert "I do not know what your answer belongs to" in text((await bo.say("ja")).view)


async def test_who_has_cancelled_an_offer_is_not_told_that_it_ran_out(offered: Town) -> None:
    bo = offered.person("bo")
    accept = await bo.button("Confirm")
    await bo.fill((await bo.press("cannot", accept.about)).view)
    offered.clock.move(minutes=10)
    await offered.tick.run()
    assert "no longer open" in text((await bo.press(accept.do, accept.about)).view)


async def test_who_confirmed_and_presses_the_old_i_cannot_come_is_asked_about_the_seat_they_have(offered: Town) -> None:
    bo = offered.person("bo")
    decline = await bo.button("I cannot come")
    await bo.click("Confirm")
    asked = text((await bo.press(decline.do, decline.about)).view)
    assert asked.startswith("Cancel registration")
    assert "Träff fika" in asked


async def test_an_offer_of_a_meeting_that_is_not_held_is_no_offer(offered: Town) -> None:
    await offered.load(with_occasion(FREE, FREE.occasions[0].id, cancelled=True))
    assert OFFER not in text((await offered.person("bo").say("my registrations")).view)
