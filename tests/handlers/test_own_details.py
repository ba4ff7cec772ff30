"""Whoever is misspelt, has another name now or another address puts it right themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.messages import Card, Form
from storage.tables import people, seats
from tests.handlers.test_adding_meetings import colleagues
from tests.handlers.town import Person, Town, buttons, text


async def change(person: Person, **typed: str) -> Card:
    reply = await person.submit((await person.press("correct_me")).view, typed)
    assert isinstance(reply.view, Card), text(reply.view)
    return reply.view


async def names(town: Town) -> set[tuple[str, str]]:
    """Name and address on each seat."""
    return {(row.name, row.email) for row in await town.read(lambda c: c.execute(select(seats)).all())}


async def test_A2_a_name_and_an_address_are_changed_also_on_ones_own_seats(town: Town) -> None:
    anna = town.person("anna")
    await anna.register()
    done = await change(anna, name="Anna Ek-Lind", email="anna.lind@example.org")
    assert "Changed on" in text(done)
    assert await names(town) == {("Anna Ek-Lind", "anna.lind@example.org")}
    shown = text((await anna.say("my data")).view)
    assert "Anna Ek-Lind" in shown
    assert "anna.lind@example.org" in shown


async def test_A2_the_form_shows_what_stands_there_now(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("correct_me")).view
    assert isinstance(form, Form)
    assert form.values == {"name": "Anna", "email": "anna@example.org"}


async def test_A2_the_seats_of_others_stay_as_they_are(town: Town) -> None:
    """Also those that somebody has booked for others, and those of one's own registration that somebody else has."""
    anna, bo = town.person("anna"), town.person("bo")
    await bo.register()
    await anna.register(occasions=("a",), **colleagues("Cia"))
    before = await names(town)
    assert {name for name, _email in before} >= {"Bo", "Cia"}
    assert "seat" not in text(await change(anna, name="Anna Lind"))
    assert await names(town) == before
    assert await town.count(people, people.c.name == "Anna Lind") == 1


async def test_A2_what_is_no_address_or_no_name_is_refused_and_nothing_is_kept(town: Town) -> None:
    anna = town.person("anna")
    await anna.register()
    before = await names(town)
    for typed in ({"email": "anna at home"}, {"name": "  "}, {"email": ""}):
        reply = await anna.submit((await anna.press("correct_me")).view, typed)
        assert isinstance(reply.view, Form)
        assert reply.view.errors
    assert await names(town) == before


@pytest.mark.parametrize(
    "said", ["ändra mina uppgifter", "byt namn", "change name or e-mail", "endre namn eller e-post"]
)
async def test_A2_the_way_to_it_can_be_typed(town: Town, said: str) -> None:
    reply = await town.person("anna").say(said)
    assert isinstance(reply.view, Form | Card)
    assert "Your name and e-mail" in text(reply.view)


async def test_whoever_says_who_they_are_and_what_they_want_now_is_not_taken_for_misnamed(small_town: Town) -> None:
    view = (await small_town.person("anna").say("jag heter Anna och vill anmäla mig nu")).view
    assert "Your name and e-mail" not in text(view)


@pytest.mark.parametrize(
    "said",
    [
        *("jag stavade mitt namn fel", "byt min e-post", "jeg har fått ny e-postadresse", "my name is misspelt"),
        *("mitt namn är fel", "jag heter Anna Lind nu", "jeg heter Anna Lind nå", "hei, namnet mitt er skrive feil"),
    ],
)
async def test_A2_whoever_says_what_is_wrong_is_led_there(small_town: Town, said: str) -> None:
    view = (await small_town.person("anna").say(said)).view
    assert (isinstance(view, Form) and "Your name" in text(view)) or "correct_me" in {
        str(b.action) for b in buttons(view)
    }
