"""Giving up several seats at once, or some of them by a change: what is said is true, and everybody is told."""

from __future__ import annotations

from bot.messages import ChoiceField, Form
from tests.flows.samples import FREE, SINGLE, with_capacity
from tests.handlers.test_adding_meetings import change_to, colleagues, sitting
from tests.handlers.test_changing import cancel, substitute
from tests.handlers.town import Person, Town, text

OFFERED_ON = "The seat is offered to the next in the waiting list"


async def asked_to_cancel(person: Person) -> str:
    """What is asked of whoever cancels every seat of their registration."""
    form = (await person.click("Cancel registration")).view
    assert isinstance(form, Form)
    if form.fields and isinstance(form.fields[0], ChoiceField) and form.fields[0].name == "seats":
        form = (await person.submit(form, {"seats": tuple(one.value for one in form.fields[0].options)})).view
    return text(form)


async def test_each_name_is_said_once_and_whoever_stands_elsewhere_as_they_stand(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 2))
    lead = town.person("lead")
    await town.person("anna").register(occasions=("c",))
    await lead.register(occasions=("a", "b", "c"), **colleagues("Sigrid", "Bo"))
    assert "Takes part: Bo, Bo (waiting list, number 1) and Sigrid\n" in f"{await asked_to_cancel(lead)}\n"


async def test_seats_without_a_name_are_named_once_at_several_meetings(small_town: Town) -> None:
    lead = small_town.person("lead")
    await lead.register(SINGLE.id, occasions=("a", "b"), takes_part="others", places="2")
    assert "Takes part: name later\n" in f"{await asked_to_cancel(lead)}\n"


async def test_the_waiting_list_is_spoken_of_only_where_somebody_waits(town: Town) -> None:
    await town.load(with_capacity(FREE, 1))
    anna = town.person("anna")
    await anna.register(FREE.id)
    asked = await asked_to_cancel(anna)
    assert OFFERED_ON not in asked
    assert "The calendar entry is withdrawn." in asked
    await town.person("bo").register(FREE.id)
    assert OFFERED_ON in await asked_to_cancel(anna)


async def test_whoever_waits_for_another_meeting_is_nobody_who_waits(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    for name in ("bo", "cia"):
        await town.person(name).register(occasions=("b",))
    assert OFFERED_ON not in await asked_to_cancel(anna)


async def test_nobody_is_told_that_they_have_given_themself_a_seat(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await bo.open_home()
    await anna.register(FREE.id)
    await substitute(anna, "Bo", "bo@example.org")
    assert text(await substitute(anna, "anna", "Anna@example.org")).startswith("You are registered.")
    told = (await anna.received())[-1]
    assert told.startswith("You are registered: Fika")
    assert "https://zoom.example.org/fika" in told
    assert await sitting(town, "fika") == [("Anna", "confirmed")], "as she is called, not as it was typed in haste"
    assert not any("has given you a seat" in one for one in await anna.received())
    assert "Your seat at Träff fika goes to" in (await bo.received())[-1]


async def test_ones_own_address_is_oneself_though_no_directory_knows_it(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id, email="anna@elsewhere.example.org")
    await substitute(anna, "Bo", "bo@elsewhere.example.org")
    assert text(await substitute(anna, "Anna", "anna@elsewhere.example.org")).startswith("You are registered.")
    assert await sitting(town, "fika") == [("Anna", "confirmed")]


async def test_a_colleague_whose_meeting_is_dropped_by_a_change_is_told(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(occasions=("a", "b"), **colleagues("Bo"))
    await change_to(lead, "a")
    told = (await bo.received())[-1]
    assert "Lead has cancelled your seat at Träff b." in told
    assert "Remove from calendar" in told
    await lead.click("Undo")
    assert "the registration holds as before" in (await bo.received())[-1]


async def test_who_drops_a_meeting_of_their_own_is_told_nothing_beside_the_receipt(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    before = len(await anna.received())
    await change_to(anna, "a")
    assert len(await anna.received()) == before + 1


async def test_whoever_loses_a_seat_twice_is_told_twice(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id)
    await substitute(lead, "Bo", "bo@example.org")
    for _time in range(2):
        await cancel(lead)
        await lead.click("Undo")
    assert sum("has cancelled your seat" in one for one in await bo.received()) == 2
