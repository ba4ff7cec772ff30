"""Seats that an organisation has booked without a name: whoever registers for it takes one instead of paying twice."""

from __future__ import annotations

import pytest

from bot.flows import my_data
from bot.handlers.events import Reply
from bot.messages import Form
from tests.flows.samples import COHORT, FREE, HABO, SINGLE, with_capacity
from tests.handlers.test_added_meetings import price_told
from tests.handlers.test_adding_meetings import sitting
from tests.handlers.test_prices_kept import accounts
from tests.handlers.town import Person, Town, at_once, open_town, text

TAKEN = {"takes_spare": "yes"}


@pytest.fixture
async def booked(town: Town) -> Town:
    """Lead has two seats without a name at each of two meetings."""
    await town.person("lead").register(occasions=("a", "b"), takes_part="others", places="2")
    return town


async def test_whoever_registers_takes_a_seat_that_is_booked_and_nobody_pays_twice(booked: Town) -> None:
    lead, anna = booked.person("lead"), booked.person("anna")
    form = await anna.up_to_confirm(occasions=("a", "b"), needs="Hearing loop", **TAKEN)
    assert "Seats booked already: Träff a and Träff b" in text(form)
    assert "This registration: SEK 0 excluding VAT" in text(form)
    await anna.submit(form)
    assert await price_told(anna) == "4 × 1,200 = SEK 4,800 excluding VAT"
    for id in "ab":
        assert await sitting(booked, id) == [("", "confirmed"), ("Anna", "confirmed")]
    assert "Hearing loop" in (await anna.received())[-1]
    told = (await lead.received())[-1]
    assert "Anna has taken a seat that you booked: Dialog" in told
    assert "Meetings: Träff a and Träff b" in told
    assert "Hearing loop" not in told
    assert "Takes part: name later" in text((await lead.say("my registrations")).view)
    assert {name: one.price.total for name, one in (await accounts(booked)).items()} == {"Lunds kommun": 4_800}


async def test_the_question_is_asked_only_where_there_is_one_for_them(booked: Town) -> None:
    anna = booked.person("anna")
    asked = "Is there a seat for you already?"
    assert asked in await titles(anna, occasions=("a",))
    assert asked not in await titles(anna, occasions=("c",))
    assert asked not in await titles(anna, occasions=("a",), organisation=HABO.name)
    assert asked not in await titles(anna, occasions=("a",), takes_part="others")


async def titles(person: Person, **answers: str | tuple[str, ...]) -> list[str]:
    """Of the forms on the way to the confirmation."""
    known = {"name": "Anna", "email": "anna@example.org", "organisation": "Lunds kommun", **TAKEN, **answers}
    reply, seen = await person.press("register", SINGLE.id), []
    while isinstance(reply.view, Form) and reply.view.submit.message != "Confirm":
        seen.append(text(reply.view).split("\n")[0])
        reply = await one_step(person, reply, known)
    return seen


async def one_step(person: Person, reply: Reply, known: dict[str, str | tuple[str, ...]]) -> Reply:
    form = reply.view
    assert isinstance(form, Form)
    given = {one.name: known[one.name] for one in form.fields if one.name in known}
    rest = {"prerequisite": "yes", "takes_part": "me", "places": "1", "invoice": "REF-1", "guide": "no"}
    return await person.submit(form, {**{one.name: rest[one.name] for one in form.fields if one.name in rest}, **given})


async def test_a_new_seat_is_one_more(booked: Town) -> None:
    anna = booked.person("anna")
    await anna.register(occasions=("a",), takes_spare="no")
    assert await sitting(booked, "a") == [("", "confirmed"), ("", "confirmed"), ("Anna", "confirmed")]
    assert not any("has taken" in one for one in await booked.person("lead").received())


async def test_where_only_one_meeting_has_such_a_seat_the_other_one_is_new(booked: Town) -> None:
    anna = booked.person("anna")
    form = await anna.up_to_confirm(occasions=("b", "c"), **TAKEN)
    assert "Seats booked already: Träff b\n" in text(form)
    assert "This registration: SEK 600 excluding VAT" in text(form), "one package is complete"
    await anna.submit(form)
    assert await sitting(booked, "b") == [("", "confirmed"), ("Anna", "confirmed")]
    assert await sitting(booked, "c") == [("Anna", "confirmed")]


async def test_a_full_meeting_has_room_for_whoever_takes_a_booked_seat(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        await town.person("lead").register(FREE.id, takes_part="others", places="1")
        anna = town.person("anna")
        form = await anna.up_to_confirm(FREE.id, **TAKEN)
        assert "waiting list" not in text(form)
        await anna.submit(form)
        assert await sitting(town, "fika") == [("Anna", "confirmed")]


async def test_of_two_who_want_the_last_one_the_second_hears_of_it_and_has_booked_nothing(engine_url: str) -> None:
    async with open_town(engine_url, FREE) as town:
        await town.person("lead").register(FREE.id, takes_part="others", places="1")
        people = [town.person(name) for name in ("anna", "bo")]
        forms = [await person.up_to_confirm(FREE.id, **TAKEN) for person in people]
        replies = await at_once(*(person.submit(form) for person, form in zip(people, forms, strict=True)))
        (late,) = [(who, one) for who, one in zip(people, replies, strict=True) if isinstance(one.view, Form)]
        assert "Somebody else has taken that seat meanwhile. Nothing has been booked yet." in text(late[1].view)
        assert await town.states() == ["confirmed"]
        await late[0].fill(late[1].view)
        assert await town.states() == ["confirmed", "confirmed"]


async def test_of_a_cohort_a_whole_place_is_taken(town: Town) -> None:
    lead, anna, bo = (town.person(name) for name in ("lead", "anna", "bo"))
    await lead.register(COHORT.id, takes_part="others", places="1", lodging=("ett", "två", "tre"))
    form = await anna.up_to_confirm(COHORT.id, lodging=("ett",), **TAKEN)
    assert "This registration: SEK -6,000 excluding VAT" in text(form), "two nights less"
    await anna.submit(form)
    assert (await town.states()) == ["confirmed"] * 3
    assert "Is there a seat" not in text(await bo.up_to_confirm(COHORT.id))


async def test_whoever_erases_themself_and_comes_back_gets_their_own_seat_again(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await anna.press(my_data.ERASE_NOW)
    assert await sitting(town, "a") == [("", "confirmed")]
    await anna.register(occasions=("a",), **TAKEN)
    assert await sitting(town, "a") == [("Anna", "confirmed")]
    assert not any("has taken" in one for one in await anna.received())


async def test_a_seat_that_waits_or_has_a_name_is_nobodys_to_take(engine_url: str) -> None:
    async with open_town(engine_url, with_capacity(FREE, 1)) as town:
        bo, lead, anna = (town.person(name) for name in ("bo", "lead", "anna"))
        await bo.register(FREE.id)
        await lead.register(FREE.id, takes_part="others", places="1")
        form = await anna.up_to_confirm(FREE.id, **TAKEN)
        assert "booked already" not in text(form)
        await anna.submit(form)
        assert await sitting(town, "fika") == [("", "waiting"), ("Anna", "waiting"), ("Bo", "confirmed")]
