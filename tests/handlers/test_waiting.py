"""The waiting list: what becomes free goes to the first in line, with time to answer, and on to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from storage.tables import outbox, seats
from tests.flows.samples import COHORT, FREE, with_capacity, with_occasion
from tests.handlers.test_changing import cancel
from tests.handlers.town import Person, Town, at_once, open_town, second_process, text


@pytest.fixture
async def full(engine_url: str) -> AsyncIterator[Town]:
    """One seat, which anna has; bo and cia wait in this order."""
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await lined_up(town, "anna", "bo", "cia")
        yield town


async def lined_up(town: Town, *names: str, programme: str = FREE.id) -> None:
    """Let them register one after the other."""
    for name in names:
        await town.person(name).register(programme)
        town.clock.move(seconds=1)


def trio(town: Town) -> tuple[Person, Person, Person]:
    return town.person("anna"), town.person("bo"), town.person("cia")


async def freed(town: Town) -> None:
    """Anna cancels and lets the ten minutes pass."""
    await cancel(town.person("anna"))
    town.clock.move(minutes=10)
    await town.tick.run()


async def test_a_cancelled_seat_is_offered_only_when_it_cannot_be_undone(full: Town) -> None:
    _anna, bo, cia = trio(full)
    await cancel(full.person("anna"))
    full.clock.move(minutes=9)
    await full.tick.run()
    assert not any("A seat is free" in m for m in await bo.received())
    full.clock.move(minutes=1)
    await full.tick.run()
    assert "It is yours if you confirm by Tuesday 12 January 2027 at 12:10" in (await bo.received())[-1]
    assert not any("A seat is free" in m for m in await cia.received())
    assert await full.states() == ["offered", "released", "waiting"]


async def test_whoever_asks_whether_they_are_registered_is_told_how_they_wait_and_what_they_are_offered(
    full: Town,
) -> None:
    anna, bo, cia = trio(full)
    assert "You are number 2 on the waiting list." in text((await cia.say("Står jag på väntelistan?")).view)
    assert "You are number 2 on the waiting list." in text((await cia.say("Står jag i kö?")).view)
    assert "Yes." in text((await anna.say("Är jag anmäld?")).view)
    await freed(full)
    offered = text((await bo.say("Er jeg påmeldt?")).view)
    assert "a seat is kept for you" in offered
    assert "It is yours if you confirm by Tuesday 12 January 2027 at 12:10" in offered
    assert "You are number 1 on the waiting list." in text((await cia.say("Er eg påmeld?")).view)
    assert "No, you have no seat there" in text((await anna.say("Am I registered?")).view)


async def test_an_offer_is_accepted(full: Town) -> None:
    await freed(full)
    bo = full.person("bo")
    assert "https://zoom.example.org/fika" in text((await bo.click("Confirm")).view)
    assert await full.states() == ["confirmed", "released", "waiting"]
    assert "You are registered" in text((await bo.click("Confirm")).view), "pressing twice says the same"


async def test_an_offer_is_declined_and_goes_on_at_once(full: Town) -> None:
    await freed(full)
    _anna, bo, cia = trio(full)
    assert "You have given the seat up" in text((await bo.click("I cannot come")).view)
    offered = (await cia.received())[-1]
    assert "A seat is free for you" in offered
    assert "There is room for all" not in offered
    assert "no longer open" in text((await bo.click("I cannot come")).view)
    assert await full.states() == ["offered", "released", "released"]


async def test_an_offer_lapses_and_both_are_told_once(full: Town) -> None:
    await freed(full)
    _anna, bo, cia = trio(full)
    full.clock.move(hours=24)
    for _ in range(3):
        await full.tick.run()
    assert [m.split("\n")[0] for m in await bo.received()].count("The offer has run out") == 1
    assert [m.split("\n")[0] for m in await cia.received()].count("A seat is free for you: Fika") == 1
    assert "The offer has run out" in text((await bo.click("Confirm")).view)


async def test_two_workers_and_a_click_agree_on_who_has_the_seat(full: Town) -> None:
    await freed(full)
    bo = full.person("bo")
    accept = await bo.button("Confirm")
    full.clock.move(hours=24)
    async with second_process(full) as other:
        press = replace(bo, reception=other).press(accept.do, accept.about)
        reply, _first, _second = await at_once(press, full.tick.run(), full.tick.run())
    taken = "You are registered" in text(reply.view)
    told = ["confirmed", "released", "waiting"] if taken else ["offered", "released", "released"]
    assert await full.states() == told


async def test_nobody_passes_the_line(full: Town) -> None:
    dan = full.person("dan")
    await cancel(full.person("anna"))
    full.clock.move(minutes=10)
    await dan.register(FREE.id)
    assert "waiting list, number 3" in (await dan.received())[0]


async def test_an_offered_seat_that_is_cancelled_and_undone_is_still_only_offered_for_a_time(full: Town) -> None:
    await freed(full)
    bo = full.person("bo")
    await cancel(bo)
    await bo.click("Undo")
    assert "offered" in await full.states()
    full.clock.move(hours=25)
    await full.tick.run()
    assert (await full.states()).count("offered") == 1
    assert "A seat is free" in (await full.person("cia").received())[-1]


async def test_a_waiting_seat_that_is_cancelled_and_undone_keeps_its_place(full: Town) -> None:
    bo = full.person("bo")
    await cancel(bo)
    assert "number 1" in text((await full.person("cia").say("my registrations")).view)
    assert "number 1" in text((await bo.click("Undo")).view)


async def test_more_seats_are_offered_without_anybody_cancelling(full: Town) -> None:
    await full.load(with_capacity(FREE, 3))
    await full.tick.run()
    assert await full.states() == ["confirmed", "offered", "offered"]


async def test_nothing_is_offered_once_the_meeting_has_begun(full: Town) -> None:
    await cancel(full.person("anna"))
    full.clock.at = FREE.occasions[0].starts_at
    await full.tick.run()
    assert await full.states() == ["released", "waiting", "waiting"]


async def test_a_colleague_without_a_name_is_offered_through_the_one_who_registered(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        anna, lead = town.person("anna"), town.person("lead")
        await anna.register(FREE.id)
        await lead.register(FREE.id, takes_part="others", places="2")
        await freed(town)
        assert "A seat is free" in (await lead.received())[-1]
        town.clock.move(hours=25)
        await town.tick.run()
        assert any("The offer has run out" in m for m in await lead.received())


async def test_P2b_a_cohort_is_offered_accepted_and_lapses_as_a_whole(engine_url: str) -> None:
    async with open_town(engine_url, with_occasion(COHORT, "två", capacity=1)) as town:
        anna, bo, cia = trio(town)
        for person in (anna, bo, cia):
            await person.register(COHORT.id)
            town.clock.move(seconds=1)
        form = (await anna.click("Cancel registration")).view
        every = tuple(option.value for option in form.fields[0].options)  # type: ignore[union-attr]
        await anna.fill((await anna.submit(form, {"seats": every})).view)
        town.clock.move(minutes=10)
        await town.tick.run()
        offer = (await bo.received())[-1]
        assert offer.count("Meeting:") == 3
        assert "There is room for all" not in offer
        town.clock.move(hours=25)
        await town.tick.run()
        assert sum("The offer has run out" in m for m in await bo.received()) == 1
        await cia.click("Confirm")
        assert (await town.states()).count("confirmed") == 3


async def test_P2b_a_party_of_two_in_a_cohort_waits_until_there_is_room_for_both(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(COHORT, 2)) as town:
        anna, bo, lead = town.person("anna"), town.person("bo"), town.person("lead")
        await anna.register(COHORT.id)
        await bo.register(COHORT.id)
        summary = await lead.up_to_confirm(COHORT.id, takes_part="others", places="2", lodging=("ett",))
        assert "Takes part: 2 seats, names later" in text(summary)
        await lead.submit(summary)
        for person in (anna, bo):
            form = (await person.click("Cancel registration")).view
            every = tuple(option.value for option in form.fields[0].options)  # type: ignore[union-attr]
            await person.fill((await person.submit(form, {"seats": every})).view)
            town.clock.move(minutes=10)
            await town.tick.run()
            states = await town.states("ett")
            assert states.count("confirmed") + states.count("offered") <= 2
        assert await town.states("ett") == ["offered", "offered", "released", "released"]
        offer = (await lead.received())[-1]
        assert "There is room for all 2 whom you registered." in offer
        assert "Lodging and meals: Träff ett\n" in f"{offer}\n"
        await lead.click("Confirm")
        assert await town.states("tre") == ["confirmed", "confirmed", "released", "released"]


async def test_ticks_of_two_workers_offer_each_seat_once(full: Town) -> None:
    await cancel(full.person("anna"))
    full.clock.move(minutes=10)
    await at_once(*(full.tick.run() for _ in range(4)))
    assert await full.count(outbox, outbox.c.key.like("offer:%")) == 1
    assert await full.count(seats, seats.c.state == "offered") == 1
