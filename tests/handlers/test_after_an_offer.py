"""After an offer that nobody answered in time: the way back to the seat, or to the line, and what coordinators see."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.flows.samples import COHORT, FREE, HABO, with_capacity, with_occasion
from tests.handlers.test_changing import cancel
from tests.handlers.test_waiting import freed
from tests.handlers.town import Person, Town, at_once, open_town, text

BACK = "I still want to come"


@pytest.fixture
async def missed(engine_url: str) -> AsyncIterator[Town]:
    """One seat, which nobody has any more: bo, the only one who waited, has let the offer run out."""
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        for name in ("anna", "bo"):
            await town.person(name).register(FREE.id)
            town.clock.move(seconds=1)
        await freed(town)
        town.clock.move(hours=24)
        await town.tick.run()
        yield town


def headline(view: object) -> str:
    return text(view).split("\n")[0]  # type: ignore[arg-type]


async def test_whoever_missed_it_is_told_that_they_wait_no_longer_and_takes_the_seat_that_is_still_free(
    missed: Town,
) -> None:
    bo = missed.person("bo")
    told = (await bo.received())[-1]
    assert "no longer kept for you, and you no longer wait for one" in told
    assert "You get the seat if it is free, and otherwise a place last in line." in told
    missed.clock.at = FREE.occasions[0].deadline  # nobody else can register any more
    assert headline((await bo.click(BACK)).view) == "You are registered: Fika"
    assert await missed.states() == ["confirmed", "released"]
    assert headline((await bo.click(BACK)).view) == "You are registered: Fika", "pressing twice says the same"
    await missed.tick.run()
    assert await missed.states() == ["confirmed", "released"]


async def test_when_the_seat_is_taken_one_comes_last_in_line_and_is_asked_again(missed: Town) -> None:
    bo, cia, dan = (missed.person(name) for name in ("bo", "cia", "dan"))
    await cia.register(FREE.id)
    await dan.register(FREE.id)
    missed.clock.move(seconds=1)
    answer = text((await bo.click(BACK)).view)
    assert "On the waiting list: Fika" in answer
    assert "You are number 2 on the waiting list." in answer
    assert (await missed.states()).count("waiting") == 2
    assert "number 2" in text((await bo.click(BACK)).view)
    await cancel(cia)
    missed.clock.move(minutes=10)
    await missed.tick.run()
    assert "A seat is free for you" in (await dan.received())[-1]
    await dan.click("I cannot come")
    assert "A seat is free for you" in (await bo.received())[-1]
    await bo.click("Confirm")
    assert (await missed.states()).count("confirmed") == 1


async def test_a_free_seat_that_somebody_waits_for_is_not_taken_past_the_line(missed: Town) -> None:
    """Between the moment it becomes free and the next tick nobody has been offered it yet."""
    bo, cia, dan = (missed.person(name) for name in ("bo", "cia", "dan"))
    await cia.register(FREE.id)
    await dan.register(FREE.id)
    await cancel(cia)
    missed.clock.move(minutes=11)
    await bo.click(BACK)
    assert (await missed.states()).count("waiting") == 2
    await missed.tick.run()
    assert "A seat is free for you" in (await dan.received())[-1]


async def test_it_is_found_again_under_my_registrations_and_by_its_own_words(missed: Town) -> None:
    bo = missed.person("bo")
    for typed in ("my registrations", "jag vill fortfarande komma"):
        card = text((await bo.say(typed)).view)
        assert "The offer has run out: Fika" in card
    await bo.register(FREE.id)
    assert "run out" not in text((await bo.say("my registrations")).view)


async def test_whoever_has_registered_anew_gets_no_second_seat_by_the_old_button(missed: Town) -> None:
    bo = missed.person("bo")
    back = await bo.button(BACK)
    await bo.register(FREE.id)
    refused = text((await bo.press(back.do, back.about)).view)
    assert "Bo already has a seat at Träff fika. Nothing has changed." in refused
    assert await missed.states() == ["confirmed", "released", "released"]


async def test_when_the_meeting_has_begun_or_is_called_off_there_is_no_way_back(missed: Town) -> None:
    bo = missed.person("bo")
    await missed.load(with_occasion(with_capacity(FREE, 1), "fika", cancelled=True))
    assert "begun or is over" not in text((await bo.say("my registrations")).view)
    assert "not held" in text((await bo.click(BACK)).view)
    await missed.load(with_capacity(FREE, 1))
    missed.clock.at = FREE.occasions[0].starts_at
    assert "begun or is over" in text((await bo.click(BACK)).view)
    assert "run out" not in text((await bo.say("my registrations")).view)
    assert await missed.states() == ["released", "released"]


async def test_nobody_comes_back_by_somebody_elses_button_or_after_saying_no(missed: Town) -> None:
    bo, eve = missed.person("bo"), missed.person("eve")
    back = await bo.button(BACK)
    assert "not yours" in text((await eve.press(back.do, back.about)).view)
    await bo.click(BACK)
    await cancel(bo)
    missed.clock.move(minutes=11)
    await missed.tick.run()
    assert headline((await bo.press(back.do, back.about)).view).startswith("This offer is no longer open")
    assert await missed.states() == ["released", "released"]


async def test_two_who_missed_it_press_at_once_and_one_of_them_gets_it(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        people = [town.person(name) for name in ("anna", "bo", "cia")]
        for person in people:
            await person.register(FREE.id)
            town.clock.move(seconds=1)
        await freed(town)
        for _ in range(2):
            town.clock.move(hours=24)
            await town.tick.run()
        await at_once(*(person.click(BACK) for person in people[1:]))
        assert await town.states() == ["confirmed", "released", "waiting"]


async def test_a_cohort_comes_back_as_a_whole(engine_url: str) -> None:
    async with open_town(engine_url, with_occasion(COHORT, "två", capacity=1)) as town:
        anna, bo = town.person("anna"), town.person("bo")
        for person in (anna, bo):
            await person.register(COHORT.id)
            town.clock.move(seconds=1)
        await give_everything_up(anna)
        town.clock.move(minutes=10)
        await town.tick.run()
        town.clock.move(hours=25)
        await town.tick.run()
        assert (await bo.received())[-1].count("Meeting:") == 3
        await bo.click(BACK)
        assert (await town.states()).count("confirmed") == 3


async def give_everything_up(person: Person) -> None:
    form = (await person.click("Cancel registration")).view
    every = tuple(option.value for option in form.fields[0].options)  # type: ignore[union-attr]
    await person.fill((await person.submit(form, {"seats": every})).view)


async def test_coordinators_see_who_did_not_answer_beside_those_who_cancelled(missed: Town) -> None:
    admin = missed.person("admin")
    seen = text((await admin.say("status")).view)
    assert "0 registered, 1 did not answer an offer and 1 cancelled" in seen
    await missed.person("bo").click(BACK)
    assert "1 registered and 1 cancelled" in text((await admin.say("status")).view)


async def test_whoever_left_the_line_has_not_cancelled_anything(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await town.person("anna").register(FREE.id)
        bo = town.person("bo")
        await bo.register(FREE.id, organisation=HABO.name)
        await cancel(bo)
        seen = text((await town.person("admin").say("status")).view)
        assert "1 registered\n" in seen + "\n"
        assert "cancelled" not in seen
