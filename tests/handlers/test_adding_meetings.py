"""Adding a meeting to one's registration: who gets the seat, and what is only put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.flows import my_data
from bot.handlers.tick import Tick
from bot.messages import ChoiceField, Form
from storage.tables import seats
from tests.flows.samples import SINGLE, with_capacity, with_occasion
from tests.handlers.test_changing import cancel, code_in, seat_at, substitute, text_of
from tests.handlers.town import MovableClock, Person, Town, at_once, text
from tests.storage.test_programmes import moved


def colleagues(*names: str, meetings: Iterable[str] = "abc") -> dict[str, str]:
    """Answers that register these colleagues and nobody else."""
    people = [(f"{meeting}|{number}", name) for meeting in meetings for number, name in enumerate(names, 1)]
    named = {f"colleague.{seat}": name for seat, name in people}
    reached = {f"colleague_email.{seat}": f"{name.lower()}@example.org" for seat, name in people}
    return {"takes_part": "others", "places": str(len(names)), "same": "no", **named, **reached}


async def change_to(person: Person, *occasions: str, people: Collection[str] | None = None) -> str:
    """Choose these meetings in Change registration and confirm; what was asked last before that.

    Where it is asked who of several takes part, all do, or those with these names.
    """
    form = (await person.submit((await person.click("Change")).view, {"occasions": occasions})).view
    assert isinstance(form, Form), text(form)
    if form.fields and form.fields[0].name == "people":
        form = (await person.submit(form, {"people": chosen(form, people)})).view
    asked = text(form)
    await person.submit(form)
    return asked


def chosen(form: Form, people: Collection[str] | None) -> tuple[str, ...]:
    """What is ticked to begin with, or the options with these labels."""
    (field,) = form.fields
    assert isinstance(field, ChoiceField)
    if people is None:
        return tuple(form.values["people"])
    return tuple(option.value for option in field.options if text_of(option.label) in people)


async def sitting(town: Town, occasion: str) -> list[tuple[str, str]]:
    """Who sits at an occasion, and how their seats stand."""
    rows = select(seats.c.name, seats.c.state).where(seats.c.occasion == occasion)
    return await town.read(lambda c: sorted((row.name, row.state) for row in c.execute(rows)))


async def test_whoever_handed_over_one_of_their_seats_gets_the_next_one_themself(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await bo.open_home()
    await anna.register(occasions=("a", "b"))
    await substitute(anna, "Bo", "bo@example.org", seat=0)
    told = len(await bo.received())
    assert "Takes part: Anna" in await change_to(anna, "a", "b", "c")
    assert await sitting(town, "a") == [("Bo", "confirmed")]
    assert await sitting(town, "c") == [("Anna", "confirmed")]
    assert len(await bo.received()) == told


async def test_a_seat_that_was_released_says_nothing_of_who_gets_the_next_one(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await bo.open_home()
    await anna.register(occasions=("a", "b"))
    await substitute(anna, "Bo", "bo@example.org", seat=0)
    await cancel(anna, "a")
    town.clock.move(minutes=10)
    await town.tick.run()
    assert await sitting(town, "a") == [("Bo", "released")]
    await change_to(anna, "b", "c")
    assert await sitting(town, "c") == [("Anna", "confirmed")]


async def test_a_seat_whose_participant_is_erased_does_not_make_the_next_one_nameless(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await bo.open_home()
    await anna.register(occasions=("a", "b"))
    await substitute(anna, "Bo", "bo@example.org", seat=0)
    await bo.press(my_data.ERASE_NOW)
    assert await sitting(town, "a") == [("", "confirmed")]
    assert "Takes part: Anna" in await change_to(anna, "a", "b", "c")
    assert await sitting(town, "c") == [("Anna", "confirmed")]


async def test_a_colleague_who_was_registered_alone_gets_what_is_added_which_is_said_before_and_told(
    town: Town,
) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(occasions=("a",), **colleagues("Bo"))
    assert "Takes part: Bo" in await change_to(lead, "a", "b")
    assert await sitting(town, "b") == [("Bo", "confirmed")]
    assert "Lead has given you a seat" in (await bo.received())[-1]
    assert "Träff b" in (await bo.received())[-1]
    assert "Träff a" not in (await bo.received())[-1]


async def test_a_colleague_who_is_not_here_yet_claims_what_is_added_by_a_code(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo", "teams", "T2")
    await lead.register(occasions=("a",), **colleagues("Bo"))
    await lead.received()
    await change_to(lead, "a", "b")
    code = code_in((await lead.received())[-1])
    assert "https://zoom.example.org/b" in text((await bo.say(f"link {code}")).view)


async def test_colleagues_who_come_together_come_to_what_is_added_too(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(occasions=("a", "b"), **colleagues("Bo", "Cia"))
    asked = await change_to(lead, "a", "b", "c")
    assert "Takes part: Bo and Cia" in asked
    assert "Price so far: 4 × 1,200" in asked
    assert "New total for your organisation: 2 × 3,000" in asked, "both have the package now"
    assert "This change: SEK 1,200 excluding VAT" in asked
    assert await sitting(town, "c") == [("Bo", "confirmed"), ("Cia", "confirmed")]


async def test_only_those_who_are_ticked_get_a_seat_at_what_is_added(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(occasions=("a",), **colleagues("Bo", "Cia"))
    assert "Takes part: Cia" in await change_to(lead, "a", "b", "c", people=["Cia"])
    assert [await sitting(town, id) for id in "bc"] == [[("Cia", "confirmed")]] * 2


async def test_seats_without_a_name_are_counted(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(occasions=("a",), takes_part="others", places="3")
    form = (await lead.submit((await lead.click("Change")).view, {"occasions": ("a", "b")})).view
    assert isinstance(form, Form)
    assert text_of(form.fields[0].options[2].label) == "Seat 3, name later"  # type: ignore[union-attr]
    assert "Takes part: 3 seats, names later" in await change_to(lead, "a", "b")
    assert await sitting(town, "b") == [("", "confirmed")] * 3
    assert "Takes part: 1 seat, name later" in await change_to(lead, "a", "b", "c", people=["Seat 2, name later"])
    assert await sitting(town, "c") == [("", "confirmed")]


async def test_of_those_who_are_back_within_ten_minutes_only_the_ticked_are_put_back(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(occasions=("a", "b"), **colleagues("Bo", "Cia"))
    await change_to(lead, "a")
    await change_to(lead, "a", "b", people=["Bo"])
    assert await sitting(town, "b") == [("Bo", "confirmed"), ("Cia", "cancelled")]


async def test_who_was_ticked_and_has_given_up_since_is_not_replaced_by_another(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(occasions=("a",), **colleagues("Bo", "Cia"))
    form = (await lead.submit((await lead.click("Change")).view, {"occasions": ("a", "b")})).view
    assert isinstance(form, Form)
    last = (await lead.submit(form, {"people": chosen(form, ["Bo"])})).view
    assert "Takes part: Bo" in text(last)
    await bo.fill((await bo.press("cannot", await seat_of(town, "Bo"))).view)
    again = (await lead.submit(last)).view
    assert "The registration has changed meanwhile. Please look through it again." in text(again)
    assert await sitting(town, "b") == []
    last = (await lead.submit(again, {"occasions": ("a", "b")})).view
    assert "Takes part: Cia" in text(last)
    await lead.submit(last)
    assert await sitting(town, "b") == [("Cia", "confirmed")]


async def seat_of(town: Town, name: str) -> str:
    found = await town.read(lambda c: c.execute(select(seats.c.id).where(seats.c.name == name)).scalars().first())
    return str(found)


async def test_a_full_meeting_that_is_added_says_that_one_waits(town: Town) -> None:
    await town.load(with_occasion(SINGLE, "b", capacity=1))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("b",))
    await bo.register(occasions=("a",))
    asked = await change_to(bo, "a", "b")
    assert "Full: Träff b. If you confirm, you are put on the waiting list there." in asked
    assert "Waiting costs nothing. The price below holds if you get a seat." in asked
    assert "Full" not in await change_to(bo, "a", "b", "c")


async def test_what_giving_up_costs_is_in_the_sum_and_on_the_receipt(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    town.clock.at = SINGLE.occasion("a").starts_at - timedelta(days=3)
    asked = await change_to(anna, "b")
    assert "Cost of cancelling: SEK 600 excluding VAT" in asked
    assert "This change, with the cost of cancelling: SEK -600 excluding VAT" in asked
    assert "Cost of cancelling: SEK 600 excluding VAT" in (await anna.received())[-1]


async def test_an_undo_gives_back_what_was_booked_instead(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(occasions=("a",), **colleagues("Bo", "Cia"))
    town.clock.move(minutes=1)
    await change_to(lead, "b")
    town.clock.move(minutes=1)
    assert "the registration holds as before" in text((await lead.click("Undo")).view)
    assert await sitting(town, "a") == [("Bo", "confirmed"), ("Cia", "confirmed")]
    assert await sitting(town, "b") == [("Bo", "released"), ("Cia", "released")]
    assert "Lead" in next(one for one in await bo.received() if "Träff b" in one and "cancelled" in one.casefold())


async def test_an_undo_leaves_what_was_booked_at_another_moment(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    town.clock.move(minutes=1)
    await change_to(anna, "a", "b")
    town.clock.move(minutes=1)
    await change_to(anna, "b")
    await anna.click("Undo")
    assert [await town.states(id) for id in "ab"] == [["confirmed"], ["confirmed"]]


async def test_a_meeting_that_is_moved_before_a_change_is_confirmed_is_shown_anew(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    last = (await anna.submit((await anna.click("Change")).view, {"occasions": ("a", "b")})).view
    await town.load(moved(SINGLE, "b"))
    again = (await anna.submit(last)).view
    assert "The programme has changed since you opened this form" in text(again)
    assert await sitting(town, "b") == []
    assert "25 Mar" in text(again)
    await anna.submit(again)
    assert await sitting(town, "b") == [("Anna", "confirmed")]


async def test_what_changes_nothing_in_the_price_says_it_once(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    asked = await change_to(anna, "a")
    assert "Price for your organisation: SEK 1,200 excluding VAT" in asked
    assert "so far" not in asked


async def test_a_full_meeting_that_is_put_back_is_held_as_before(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a", "b"))
    await bo.register(occasions=("b",))
    await change_to(anna, "a")
    assert await sitting(town, "b") == [("Anna", "cancelled"), ("Bo", "waiting")]
    town.clock.move(minutes=9)
    assert "New total for your organisation: 2 × 1,200" in await change_to(anna, "a", "b")
    assert await sitting(town, "b") == [("Anna", "confirmed"), ("Bo", "waiting")]


async def test_a_meeting_of_several_colleagues_that_is_put_back_is_there_for_all_of_them(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 2))
    lead = town.person("lead")
    await lead.register(occasions=("a", "b"), **colleagues("Bo", "Cia"))
    await change_to(lead, "a")
    asked = await change_to(lead, "a", "b")
    assert "Takes part: Bo and Cia" in asked
    assert "New total for your organisation: 4 × 1,200" in asked
    assert await sitting(town, "b") == [("Bo", "confirmed"), ("Cia", "confirmed")]


async def test_a_place_in_line_that_is_put_back_is_the_same_place(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    first, anna, bo = (town.person(name) for name in ("first", "anna", "bo"))
    await first.register(occasions=("b",))
    await anna.register(occasions=("b", "c"))
    town.clock.move(minutes=1)
    await bo.register(occasions=("b",))
    await change_to(anna, "c")
    town.clock.move(minutes=1)
    await change_to(anna, "b", "c")
    assert "Anna (waiting list, number 1)" in text((await anna.say("my registrations")).view)


async def test_a_meeting_that_is_put_back_too_late_to_be_undone_begins_anew(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await change_to(anna, "a")
    town.clock.move(minutes=10)
    await change_to(anna, "a", "b")
    assert await sitting(town, "b") == [("Anna", "cancelled"), ("Anna", "confirmed")]


async def test_a_colleague_who_has_just_said_no_is_not_booked_again(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await bo.open_home()
    await anna.register(occasions=("a", "b"))
    await substitute(anna, "Bo", "bo@example.org", seat=1)
    await bo.fill((await bo.press("cannot", await seat_at(town, "b"))).view)
    assert "Takes part: Anna" in await change_to(anna, "a", "b")
    assert await sitting(town, "b") == [("Anna", "confirmed"), ("Bo", "cancelled")]


async def test_lodging_can_be_chosen_anew_for_a_meeting_that_is_put_back(town: Town) -> None:
    await town.load(replace(SINGLE, asks_lodging=True))
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"), lodging=())
    await change_to(anna, "a")
    form = (await anna.submit((await anna.click("Change")).view, {"occasions": ("a", "b"), "lodging": ("b",)})).view
    await anna.submit(form)
    stays = select(seats.c.occasion, seats.c.state).where(seats.c.lodging)
    assert await town.read(lambda c: [tuple(row) for row in c.execute(stays)]) == [("b", "confirmed")]


async def test_putting_back_in_the_last_second_and_the_tick_leave_one_seat(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await change_to(anna, "a")
    town.clock.move(minutes=10, microseconds=-1)
    form = (await anna.submit((await anna.click("Change")).view, {"occasions": ("a", "b")})).view
    ticking = Tick(town.work, MovableClock(town.clock.at + timedelta(microseconds=1)), town.surroundings)
    await at_once(anna.submit(form), ticking.run())
    assert [state for _name, state in await sitting(town, "b")] in (["confirmed"], ["confirmed", "released"])
