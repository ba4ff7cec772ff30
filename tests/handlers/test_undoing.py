"""Undo takes back one action, and nothing that somebody else did before or since."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import seats
from tests.handlers.test_adding_meetings import change_to, colleagues, sitting
from tests.handlers.test_changing import cancel
from tests.handlers.town import Person, Town, buttons, text

BOTH = [("Bo", "confirmed"), ("Lead", "confirmed")]


async def together(town: Town) -> tuple[Person, Person]:
    """Lead has registered himself and bo, who is known here, for two meetings."""
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(occasions=("a", "b"), **colleagues("Lead", "Bo"))
    return lead, bo


async def gives_up(town: Town, person: Person, occasion: str) -> None:
    """The person says no to their own seat, some time after whatever was before."""
    town.clock.move(seconds=5)
    own = select(seats.c.id).where(seats.c.name == person.profile.name, seats.c.occasion == occasion)
    seat = await town.read(lambda c: str(c.execute(own).scalar_one()))
    await person.fill((await person.press("cannot", seat)).view)
    town.clock.move(seconds=5)


async def undo_typed(person: Person) -> None:
    """Write “undo”, and press the button among one's registrations."""
    shown = (await person.say("undo")).view
    action = next(one.action for one in buttons(shown) if one.action is not None and one.action.do == "undo")
    await person.press(action.do, action.about)


async def test_what_a_colleague_gave_up_in_between_stays_given_up(town: Town) -> None:
    lead, bo = await together(town)
    await change_to(lead, "a")
    await gives_up(town, bo, "a")
    assert "the registration holds as before" in text((await lead.click("Undo")).view)
    assert await sitting(town, "b") == BOTH
    assert await sitting(town, "a") == [("Bo", "cancelled"), ("Lead", "confirmed")]
    assert "nothing left to undo" in text((await lead.click("Undo")).view)


async def test_my_registrations_undoes_ones_own_action_though_a_colleague_has_given_up_since(town: Town) -> None:
    lead, bo = await together(town)
    await change_to(lead, "a")
    await gives_up(town, bo, "a")
    await undo_typed(lead)
    assert await sitting(town, "b") == BOTH
    assert await sitting(town, "a") == [("Bo", "cancelled"), ("Lead", "confirmed")]


async def test_of_two_actions_each_button_undoes_its_own(town: Town) -> None:
    lead, _bo = await together(town)
    await gives_up(town, lead, "a")
    first = await lead.button("Undo")
    await gives_up(town, lead, "b")
    second = await lead.button("Undo")
    assert first != second
    await lead.press(first.do, first.about)
    assert (await sitting(town, "a"), (await sitting(town, "b"))[1]) == (BOTH, ("Lead", "cancelled"))
    await lead.press(second.do, second.about)
    assert await sitting(town, "b") == BOTH


async def test_a_button_from_before_it_named_its_action_undoes_the_last_one(town: Town) -> None:
    lead, _bo = await together(town)
    await gives_up(town, lead, "a")
    await gives_up(town, lead, "b")
    registration = (await lead.button("Undo")).about.partition(" ")[0]
    await lead.press("undo", registration)
    assert ((await sitting(town, "a"))[1], await sitting(town, "b")) == (("Lead", "cancelled"), BOTH)


async def test_what_was_cancelled_for_a_colleague_alone_can_still_be_undone_from_my_registrations(town: Town) -> None:
    lead = town.person("lead")
    await town.person("bo").open_home()
    await lead.register(occasions=("a", "b"), **colleagues("Bo"))
    await change_to(lead, "a")
    await undo_typed(lead)
    assert await sitting(town, "b") == [("Bo", "confirmed")]


async def test_the_only_registration_can_be_undone_among_ones_own_for_ten_minutes(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await cancel(anna)
    offered = {one.action.do for one in buttons((await anna.say("undo")).view) if one.action is not None}
    assert offered & {"undo", "change", "substitute", "cancel"} == {"undo"}
    await undo_typed(anna)
    assert await sitting(town, "a") == [("Anna", "confirmed")]
    await cancel(anna)
    town.clock.move(minutes=10)
    assert "You are not registered for anything yet." in text((await anna.say("undo")).view)
