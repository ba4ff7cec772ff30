"""A seat for a colleague who waits for one: it is theirs, and their place in line is given up in the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.participants import bookings
from tests.flows.samples import COHORT, FREE, HABO, with_capacity
from tests.handlers.test_adding_meetings import sitting
from tests.handlers.test_changing import code_in, substitute
from tests.handlers.test_waiting import freed, lined_up
from tests.handlers.town import Town, at_once, open_town, text


@pytest.fixture
async def full(engine_url: str) -> AsyncIterator[Town]:
    """One seat, which anna has; bo and cia wait in this order."""
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await lined_up(town, "anna", "bo", "cia")
        yield town


async def test_who_waits_is_given_a_colleagues_seat_and_waits_no_longer(full: Town) -> None:
    anna, bo, cia = (full.person(name) for name in ("anna", "bo", "cia"))
    assert "Bo has the seat now" in text(await substitute(anna, "Bo", "bo@example.org"))
    assert await sitting(full, "fika") == [("Bo", "confirmed"), ("Bo", "released"), ("Cia", "waiting")]
    told = (await bo.received())[-1]
    assert "You have a seat: Fika" in told
    assert "You no longer need to wait: your place on the waiting list is given up." in told
    assert "waiting list, number 1" in text((await cia.say("my registrations")).view)
    shown = text((await bo.say("my registrations")).view)
    assert "Takes part: Bo" in shown
    assert "waiting list" not in shown
    assert "cancelled" not in text((await full.person("admin").say("status")).view)


async def test_who_waits_takes_a_seat_by_a_code(full: Town) -> None:
    anna, dan = full.person("anna"), full.person("dan", "teams", "T2")
    await dan.register(FREE.id)
    await substitute(anna, "Dan Ek", "dan.ek@lund.se")
    code = code_in((await anna.received())[-1])
    assert "https://zoom.example.org/fika" in text((await dan.say(f"link {code}")).view)
    assert (await full.states()).count("confirmed") == 1
    assert "waiting list" not in text((await dan.say("my registrations")).view)


async def test_whoever_is_offered_a_seat_has_to_answer_that(full: Town) -> None:
    await freed(full)
    cia, dan = full.person("cia"), full.person("dan")
    await full.load(with_capacity(FREE, 3))
    await full.tick.run()
    await cia.click("Confirm")
    answer = text(await substitute(cia, "Bo", "bo@example.org"))
    assert "Bo has been offered a seat at Träff fika and needs to answer that. Nothing has changed." in answer
    await dan.register(FREE.id)
    answer = text(await substitute(cia, "Dan", "dan@example.org"))
    assert "Dan already has a seat at Träff fika. Nothing has changed." in answer


async def test_a_place_in_line_is_not_given_for_another_one(full: Town) -> None:
    cia = full.person("cia")
    answer = text(await substitute(cia, "Bo", "bo@example.org"))
    assert "Bo is already on the waiting list for Träff fika. Nothing has changed." in answer
    assert (await full.states()).count("waiting") == 2


async def test_nobody_is_put_on_the_list_twice(full: Town) -> None:
    whom = {"colleague.fika|1": "Bo", "colleague_email.fika|1": "bo@example.org"}
    answer = text((await full.person("lead").register(FREE.id, takes_part="others", places="1", **whom)).view)
    assert "Bo is already on the waiting list for Träff fika. Nothing has changed." in answer


async def test_the_seat_given_and_the_seat_offered_at_the_same_moment_are_one(full: Town) -> None:
    """While anna hands hers over, another seat becomes free and bo is first in line."""
    anna = full.person("anna")
    await full.load(with_capacity(FREE, 2))
    await at_once(substitute(anna, "Bo", "bo@example.org"), full.tick.run())
    states = await sitting(full, "fika")
    given = [("Bo", "confirmed"), ("Bo", "released"), ("Cia", "offered")]
    assert states in (given, [("Anna", "confirmed"), ("Bo", "offered"), ("Cia", "waiting")])


async def test_of_a_cohort_only_the_whole_place_in_line_gives_way(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(COHORT, 1)) as town:
        anna, bo = town.person("anna"), town.person("bo")
        await anna.register(COHORT.id)
        await bo.register(COHORT.id)
        answer = text(await substitute(anna, "Bo", "bo@example.org", seat=0))
        assert "Bo is already on the waiting list for Träff ett. Nothing has changed." in answer
        assert "Bo has the seat now" in text(await substitute(anna, "Bo", "bo@example.org"))
        assert sorted(await town.states()) == ["confirmed"] * 3 + ["released"] * 3


async def test_what_they_wrote_when_they_began_to_wait_goes_along(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        anna, bo, lead = (town.person(name) for name in ("anna", "bo", "lead"))
        await anna.register(FREE.id)
        await bo.open_home()
        whom = {"colleague.fika|1": "Bo", "colleague_email.fika|1": "bo@example.org"}
        await lead.register(FREE.id, takes_part="others", places="1", needs="Hearing loop", **whom)
        await substitute(anna, "Bo", "bo@example.org")
        found = await town.read(lambda connection: bookings(connection, FREE.id))
        (booking,) = [one for one in found if one.registration.seats]
        assert (booking.registration.needs, booking.registration.seats[0].participant.name) == ("Hearing loop", "Bo")
        told = (await lead.received())[-1]
        assert "Bo has a seat now: Fika" in told
        assert "Anna has given Bo a seat, and Bo no longer waits for one." in told


async def test_another_organisations_place_in_line_is_not_given_away(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        anna, bo = town.person("anna"), town.person("bo")
        await anna.register(FREE.id)
        await bo.register(FREE.id, organisation=HABO.name)
        answer = text(await substitute(anna, "Bo", "bo@example.org"))
        assert "Bo is already on the waiting list for Träff fika. Nothing has changed." in answer
        assert sorted(await town.states()) == ["confirmed", "waiting"]


async def test_the_line_goes_on_after_it(full: Town) -> None:
    await substitute(full.person("anna"), "Bo", "bo@example.org")
    bo, cia = full.person("bo"), full.person("cia")
    await bo.fill((await bo.click("I cannot come")).view)
    full.clock.move(minutes=10)
    await full.tick.run()
    assert "A seat is free for you" in (await cia.received())[-1]
    assert not any("A seat is free" in one for one in await bo.received())
