"""After an offer that nobody answered in time: the way back to the seat, or to the line, and what coordinators see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from bot.messages import Notice
from tests.flows.samples import COHORT, FREE, HABO, occasion, with_capacity, with_occasion
from tests.handlers.test_adding_meetings import colleagues
from tests.handlers.test_changing import cancel
from tests.handlers.test_waiting import freed, lined_up
from tests.handlers.town import Person, Town, at_once, buttons, open_town, text

BACK = "I still want to come"


@pytest.fixture
async def missed(engine_url: str) -> AsyncIterator[Town]:
    """One seat, which nobody has any more: bo, the only one who waited, has let the offer run out."""
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await lined_up(town, "anna", "bo")
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
    assert "run out" not in text((await bo.say("my registrations")).view)
    assert "It is too late: the meeting has begun, is over or is not held." in text((await bo.click(BACK)).view)
    await missed.load(with_capacity(FREE, 1))
    missed.clock.at = FREE.occasions[0].starts_at
    assert "It is too late" in text((await bo.click(BACK)).view)
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
        await lined_up(town, "anna", "bo", "cia")
        await freed(town)
        for _ in range(2):
            town.clock.move(hours=24)
            await town.tick.run()
        await at_once(*(person.click(BACK) for person in people[1:]))
        assert await town.states() == ["confirmed", "released", "waiting"]


@pytest.fixture
async def missed_cohort(engine_url: str) -> AsyncIterator[Town]:
    """The same in a cohort: bo has let the offer of all three meetings run out."""
    async with open_town(engine_url, with_occasion(COHORT, "två", capacity=1)) as town:
        await lined_up(town, "anna", "bo", programme=COHORT.id)
        await give_everything_up(town.person("anna"))
        town.clock.move(minutes=10)
        await town.tick.run()
        town.clock.move(hours=25)
        await town.tick.run()
        yield town


async def test_a_cohort_comes_back_as_a_whole(missed_cohort: Town) -> None:
    bo = missed_cohort.person("bo")
    assert (await bo.received())[-1].count("Meeting:") == 3
    await bo.click(BACK)
    assert (await missed_cohort.states()).count("confirmed") == 3


async def test_a_cohort_comes_back_with_what_was_added_meanwhile(missed_cohort: Town) -> None:
    bo = missed_cohort.person("bo")
    longer = with_occasion(COHORT, "två", capacity=1)
    await missed_cohort.load(replace(longer, occasions=(*longer.occasions, occasion("fyra", date(2027, 9, 9)))))
    await bo.click(BACK)
    assert [await missed_cohort.states(id) for id in ("ett", "fyra")] == [["confirmed", "released"], ["confirmed"]]


async def test_nobody_enters_the_rest_of_a_cohort(missed_cohort: Town) -> None:
    bo = missed_cohort.person("bo")
    missed_cohort.clock.at = COHORT.occasions[0].ends_at
    assert "run out" not in text((await bo.say("my registrations")).view)
    assert "It is too late" in text((await bo.click(BACK)).view)
    assert "confirmed" not in await missed_cohort.states()


async def test_a_cohort_comes_back_although_one_of_its_meetings_is_called_off(missed_cohort: Town) -> None:
    bo = missed_cohort.person("bo")
    both = with_occasion(with_occasion(COHORT, "två", capacity=1), "ett", cancelled=True)
    await missed_cohort.load(both)
    await bo.click(BACK)
    assert [(await missed_cohort.states(id))[0] for id in ("två", "tre")] == ["confirmed"] * 2


async def test_a_cohort_group_comes_back_without_the_one_who_has_registered_anew(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(COHORT, 2)) as town:
        anna, lead, bo = town.person("anna"), town.person("lead"), town.person("bo")
        await bo.open_home()
        await anna.register(COHORT.id, takes_part="others", places="2")
        await lead.register(COHORT.id, **colleagues("Bo", "Eva", meetings=("ett", "två", "tre")))
        await give_everything_up(anna)
        town.clock.move(minutes=10)
        await town.tick.run()
        town.clock.move(hours=25)
        await town.tick.run()
        back = await lead.button(BACK)
        await bo.register(COHORT.id)
        await lead.press(back.do, back.about)
        assert (await town.states("ett")).count("confirmed") == 2
        mine = text((await lead.say("my registrations")).view)
        assert "Eva" in mine
        assert BACK not in mine


async def test_two_missed_seats_for_colleagues_without_a_name_come_back_one_by_one(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        lead = town.person("lead")
        await town.person("anna").register(FREE.id)
        await lead.register(FREE.id, takes_part="others", places="2")
        await town.load(with_capacity(FREE, 3))
        await town.tick.run()
        town.clock.move(hours=25)
        await town.tick.run()
        for left in (2, 1, 0):
            listed = (await lead.say("my registrations")).view
            ways = [one.action for one in buttons(listed) if text(Notice(one.label)) == BACK]
            assert len(ways) == left
            if ways and ways[0] is not None:
                await lead.press(ways[0].do, ways[0].about)
        assert await town.states() == ["confirmed"] * 3


async def test_whoever_was_put_in_line_by_a_colleague_finds_the_way_back_too(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        bo, lead = town.person("bo"), town.person("lead")
        await bo.open_home()
        await town.person("anna").register(FREE.id)
        whom = {"colleague.fika|1": "Bo", "colleague_email.fika|1": "bo@example.org"}
        await lead.register(FREE.id, takes_part="others", places="1", **whom)
        await freed(town)
        town.clock.move(hours=25)
        await town.tick.run()
        assert "The offer has run out: Fika" in text((await bo.say("my registrations")).view)
        assert "You are registered: Fika" in text((await bo.click(BACK)).view)


async def give_everything_up(person: Person) -> None:
    form = (await person.click("Cancel registration")).view
    every = tuple(option.value for option in form.fields[0].options)  # type: ignore[union-attr]
    await person.fill((await person.submit(form, {"seats": every})).view)


async def test_coordinators_see_who_did_not_answer_beside_those_who_cancelled(missed: Town) -> None:
    admin = missed.person("admin")
    seen = text((await admin.say("status")).view)
    assert "0 registered, 1 did not answer an offer and 1 cancelled" in seen
    await missed.person("bo").register(FREE.id)
    assert "1 registered and 1 cancelled" in text((await admin.say("status")).view)
    await cancel(missed.person("bo"))
    missed.clock.move(minutes=11)
    await missed.tick.run()
    await missed.person("bo").click(BACK)
    assert "1 registered and 2 cancelled" in text((await admin.say("status")).view)


async def test_whoever_left_the_line_has_not_cancelled_anything(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await town.person("anna").register(FREE.id)
        bo = town.person("bo")
        await bo.register(FREE.id, organisation=HABO.name)
        await cancel(bo)
        seen = text((await town.person("admin").say("status")).view)
        assert "1 registered\n" in seen + "\n"
        assert "cancelled" not in seen
