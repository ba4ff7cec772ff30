"""Changing one's mind: cancelling, undoing, handing over, changing, and who hears of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.domain.people import Profile
from bot.handlers.tick import Tick
from bot.messages import Form, View
from storage.tables import codes, registrations, seats
from tests.flows.samples import COHORT, FREE, SINGLE, with_capacity, with_occasion
from tests.handlers.town import MovableClock, Person, Town, at_once, buttons, second_process, text


async def cancel(person: Person, *wanted: str) -> View | None:
    """Cancel the person's seats at these occasions, or the only one."""
    form = (await person.click("Cancel registration")).view
    if isinstance(form, Form) and form.fields and form.fields[0].name == "seats":
        options = {text_of(option.label): option.value for option in form.fields[0].options}  # type: ignore[union-attr]
        chosen = tuple(value for label, value in options.items() if label.split()[-1] in wanted)
        form = (await person.submit(form, {"seats": chosen})).view
    return (await person.fill(form, instead="cancel")).view


def text_of(words: object) -> str:
    from bot.messages import Notice

    return text(Notice(words))  # type: ignore[arg-type]


async def substitute(person: Person, name: str, email: str, *, seat: int | None = None) -> View | None:
    form = (await person.click("Change person")).view
    assert isinstance(form, Form)
    if form.fields[0].name == "seats":
        options = form.fields[0].options  # type: ignore[union-attr]
        chosen = tuple(o.value for o in options) if seat is None else (options[seat].value,)
        form = (await person.submit(form, {"seats": chosen})).view
    return (await person.submit(form, {"name": name, "email": email})).view


async def test_P3_cancelling_is_told_and_holds_the_seat_for_ten_minutes(town: Town) -> None:
    await town.load(with_capacity(FREE, 1))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(FREE.id)
    assert "Cancelled. You can undo it within ten minutes" in text(await cancel(anna))
    assert "The seat at Träff fika is cancelled." in (await anna.received())[-1]
    await bo.register(FREE.id)
    assert await town.states() == ["cancelled", "waiting"]


async def test_P3b_wrong_occasion_cancelled_is_undone(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await cancel(anna, "a")
    assert await town.states("a") == ["cancelled"]
    town.clock.move(minutes=9, seconds=59)
    await town.tick.run()
    assert "Undone: the registration holds as before" in text((await anna.click("Undo")).view)
    assert await town.states() == ["confirmed", "confirmed"]


async def test_P3b_undo_twice_says_how_it_stands_and_after_ten_minutes_it_is_too_late(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await cancel(anna)
    await anna.click("Undo")
    assert "nothing left to undo" in text((await anna.click("Undo")).view)
    assert await town.states() == ["confirmed"]
    await cancel(anna)
    town.clock.move(minutes=10)
    await town.tick.run()
    assert "nothing left to undo" in text((await anna.click("Undo")).view)
    assert await town.states() == ["released"]


async def test_an_undo_in_the_last_second_and_the_tick_never_both_win(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    for _ in range(5):
        await cancel(anna)
        town.clock.move(minutes=10, microseconds=-1)
        late = town.clock.at + timedelta(microseconds=1)
        undo = await anna.button("Undo")

        ticking = Tick(town.work, MovableClock(late), town.surroundings)
        reply, _none = await at_once(anna.press(undo.do, undo.about), ticking.run())
        kept = "the registration holds as before" in text(reply.view)
        assert await town.states() == (["confirmed"] if kept else ["released"])
        if not kept:
            break


async def test_P3c_late_cancelling_shows_the_fee_and_offers_a_substitute_first(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    town.clock.at = SINGLE.occasions[0].free_until or town.clock.at
    form = (await anna.click("Cancel registration")).view
    assert isinstance(form, Form)
    assert "Cost of cancelling: SEK 600 excluding VAT" in text(form)
    first = form.fields[0].options[0]  # type: ignore[union-attr]
    assert text_of(first.label) == "A colleague comes instead"
    done = await anna.fill(form, instead="hand_over", name="Bo", email="bo@example.org")
    assert "Bo has the seat now" in text(done.view)
    assert await town.states() == ["confirmed"]


async def test_P3c_cancelling_all_the_same_costs_what_was_shown(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    town.clock.at = SINGLE.occasions[0].free_until or town.clock.at
    await cancel(anna)
    assert "Cost of cancelling: SEK 600 excluding VAT" in (await anna.received())[-1]


async def test_the_reminders_button_cancels_only_its_own_seat(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    seat = await seat_at(town, "a")
    form = (await anna.press("cannot", seat)).view
    assert "Träff a" in text(form)
    assert "Träff b" not in text(form)
    await anna.fill(form)
    assert (await town.states("a"), await town.states("b")) == (["cancelled"], ["confirmed"])


async def test_the_reminders_button_pressed_again_never_cancels_another_seat(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    seat = await seat_at(town, "a")
    await anna.fill((await anna.press("cannot", seat)).view)
    assert "This seat has changed meanwhile" in text((await anna.press("cannot", seat)).view)
    assert await town.states("b") == ["confirmed"]


async def test_a_chosen_seat_that_is_gone_meanwhile_is_never_swapped_for_another(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    form = (await anna.click("Cancel registration")).view
    form = (await anna.submit(form, {"seats": (await seat_at(town, "a"),)})).view
    await town.work.run(lambda c: c.execute(seats.update().where(seats.c.occasion == "a").values(state="released")))
    assert "This seat has changed meanwhile" in text((await anna.submit(form)).view)
    assert await town.states("b") == ["confirmed"]


async def seat_at(town: Town, occasion: str) -> str:
    statement = select(seats.c.id).where(seats.c.occasion == occasion)
    return await town.work.run(lambda connection: connection.execute(statement).scalars().first()) or ""


async def test_G1a_wrong_person_is_swapped_and_both_are_told(town: Town) -> None:
    lead, bo, cia = (town.person(name) for name in ("lead", "bo", "cia"))
    await bo.open_home()
    await cia.open_home()
    await lead.register(FREE.id)
    assert "Bo has the seat now and has been told." in text(await substitute(lead, "Bo", "bo@example.org"))
    assert "https://zoom.example.org/fika" in (await bo.received())[-1]
    assert "Your seat at Träff fika goes to Bo." in (await lead.received())[-1]
    await substitute(lead, "Cia", "cia@example.org")
    assert "Your seat at Träff fika goes to Cia." in (await bo.received())[-1]
    assert "zoom" not in text((await bo.say("my registrations")).view)
    assert "https://zoom.example.org/fika" in text((await cia.say("my registrations")).view)


async def test_G1a_reminders_follow_the_seat(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id)
    await substitute(lead, "Bo", "bo@example.org")
    await town.tick_at(FREE.occasions[0].starts_at - timedelta(hours=24))
    assert any("Tomorrow" in m for m in await bo.received())
    assert not any("Tomorrow" in m for m in await lead.received())


async def test_G1a_a_newcomer_claims_the_seat_once_by_code(town: Town) -> None:
    lead, bo, eve = town.person("lead"), town.person("bo", "teams", "T2"), town.person("eve")
    await lead.register(FREE.id)
    code = code_in(text(await substitute(lead, "Bo", "bo@kommun.se")))
    assert code in (await lead.received())[-1]
    assert "https://zoom.example.org/fika" in text((await bo.say(f"link {code.lower()}")).view)
    assert "not valid" in text((await eve.say(f"link {code}")).view)
    assert await town.count(codes) == 0


def code_in(words: str) -> str:
    found = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", words)
    assert found, words
    return found[0]


async def test_whoever_takes_a_seat_by_code_is_told_what_they_are_told_who_need_none(town: Town) -> None:
    lead, bo, cia = town.person("lead"), town.person("bo"), town.person("cia", "teams", "T2")
    await bo.open_home()
    await lead.register(occasions=("a",))
    await substitute(lead, "Bo", "bo@example.org")
    told = (await bo.received())[-1]
    code = code_in(text(await substitute(lead, "Cia", "cia@kommun.se")))
    taken = text((await cia.say(f"link {code}")).view)
    assert taken.startswith("You have a seat: ")
    assert "Lead has given you a seat for Lunds kommun." in taken
    assert "SEK" not in taken
    assert taken.replace("Cia", "Bo") == told


async def test_whoever_takes_a_place_in_line_by_code_is_not_told_that_they_have_a_seat(town: Town) -> None:
    await town.load(with_capacity(FREE, 1))
    lead, bo = town.person("lead"), town.person("bo", "teams", "T2")
    await town.person("anna").register(FREE.id)
    await lead.register(FREE.id)
    code = code_in(text(await substitute(lead, "Bo", "bo@kommun.se")))
    taken = text((await bo.say(f"link {code}")).view)
    assert taken.startswith("On the waiting list: ")
    assert "Lead has put you on the waiting list for Lunds kommun." in taken
    assert "has given you a seat" not in taken


async def test_whoever_takes_a_seat_by_code_that_is_offered_by_then_can_answer_at_once(town: Town) -> None:
    await town.load(with_capacity(FREE, 1))
    lead, bo = town.person("lead"), town.person("bo", "teams", "T2")
    await town.person("anna").register(FREE.id)
    await lead.register(FREE.id)
    code = code_in(text(await substitute(lead, "Bo", "bo@kommun.se")))
    await town.load(with_capacity(FREE, 2))
    await town.tick.run()
    offered = (await bo.say(f"link {code}")).view
    assert "It is yours if you confirm by" in text(offered)
    accept = next(one.action for one in buttons(offered) if one.action is not None)
    assert "You are registered" in text((await bo.press(accept.do, accept.about)).view)


async def test_a_code_stops_working_when_the_seat_goes_to_somebody_else(town: Town) -> None:
    lead, bo, cia = town.person("lead"), town.person("bo", "slack"), town.person("cia", "slack")
    await lead.register(FREE.id)
    old = code_in(text(await substitute(lead, "Bo", "bo@kommun.se")))
    new = code_in(text(await substitute(lead, "Cia", "cia@kommun.se")))
    assert "not valid" in text((await bo.say(f"link {old}")).view)
    assert "You have a seat" in text((await cia.say(f"link {new}")).view)


async def test_a_refused_claim_does_not_use_up_the_code(town: Town) -> None:
    lead, bo, cia = town.person("lead"), town.person("bo", "slack"), town.person("cia", "slack")
    await lead.register(FREE.id)
    await bo.register(FREE.id)
    code = code_in(text(await substitute(lead, "Cia", "cia@kommun.se")))
    assert "already has a seat" in text((await bo.say(f"link {code}")).view)
    assert "You have a seat" in text((await cia.say(f"link {code}")).view)


async def test_a_code_claimed_by_two_at_once_is_given_to_one(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(FREE.id)
    code = code_in(text(await substitute(lead, "Bo", "bo@kommun.se")))
    async with second_process(town) as other:
        bo, eve = town.person("bo", "slack"), town.person("eve", "teams", reception=other)
        replies = await at_once(bo.say(f"link {code}"), eve.say(f"link {code}"))
    assert sorted("You have a seat" in text(reply.view) for reply in replies) == [False, True]


async def test_one_person_is_never_put_on_two_seats_of_one_meeting(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id, takes_part="others", places="2")
    refused = text(await substitute(lead, "Bo", "bo@example.org"))
    assert "One person can only have one seat at each meeting" in refused
    await substitute(lead, "Bo", "bo@example.org", seat=0)
    again = await substitute(lead, "Bo", "bo@example.org", seat=1)
    assert isinstance(again, Form)
    assert "Bo already has a seat at Träff fika" in text(again)
    assert again.values["name"] == "Bo"


async def test_a_cancelled_colleague_is_told_and_told_again_when_it_is_undone(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id)
    await substitute(lead, "Bo", "bo@example.org")
    await cancel(lead)
    assert "Lead has cancelled your seat at Träff fika." in (await bo.received())[-1]
    await lead.click("Undo")
    assert "the registration holds as before" in (await bo.received())[-1]


async def test_a_participant_undoes_only_what_is_theirs(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id, takes_part="others", places="2")
    await substitute(lead, "Bo", "bo@example.org", seat=0)
    form = (await lead.click("Cancel registration")).view
    options = form.fields[0].options  # type: ignore[union-attr]
    await lead.fill((await lead.submit(form, {"seats": tuple(o.value for o in options)})).view)
    about = (await lead.button("Undo")).about
    await bo.press("undo", about)
    assert await town.states() == ["cancelled", "confirmed"]


async def test_an_undo_never_puts_one_person_on_two_seats_of_one_meeting(town: Town) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.open_home()
    await lead.register(FREE.id, takes_part="others", places="2")
    for _ in range(2):
        await substitute(lead, "Bo", "bo@example.org", seat=0)
        await bo.fill((await bo.press("cannot", await seat_of(town, "Bo"))).view)
    assert "One person can only have one seat at each meeting" in text((await bo.click("Undo")).view)
    assert await town.states() == ["cancelled", "cancelled"]


async def seat_of(town: Town, name: str) -> str:
    active = select(seats.c.id).where(seats.c.name == name, seats.c.state == "confirmed")
    return await town.read(lambda c: str(c.execute(active).scalar_one()))


async def test_P3_change_swaps_meetings_and_sends_a_new_receipt(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    form = (await anna.click("Change")).view
    form = (await anna.submit(form, {"occasions": ("b", "c"), "needs": "hörslinga"})).view
    assert "Given up: Tue 9 Feb: Träff a" in text(form)
    assert "New total for your organisation: 2 × 1,200 = SEK 2,400 excluding VAT" in text(form)
    await anna.submit(form)
    receipt = (await anna.received())[-1]
    assert "Your registration has changed: Dialog" in receipt
    assert "hörslinga" in receipt
    assert (await town.states("a"), await town.states("b"), await town.states("c")) == (
        ["cancelled"], ["confirmed"], ["confirmed"],
    )  # fmt: skip


async def test_changing_after_the_first_meeting_leaves_the_one_that_was_held(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b", "c"))
    town.clock.at = SINGLE.occasions[0].ends_at
    form = (await anna.click("Change")).view
    await anna.fill((await anna.submit(form, {"occasions": ("b",), "needs": "x"})).view)
    assert (await town.states("a"), await town.states("b"), await town.states("c")) == (
        ["confirmed"], ["confirmed"], ["cancelled"],
    )  # fmt: skip


async def test_a_change_that_comes_too_late_keeps_what_was_typed(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    form = (await anna.click("Change")).view
    form = (await anna.submit(form, {"occasions": ("a", "b"), "needs": "hörslinga"})).view
    town.clock.at = SINGLE.occasions[0].deadline
    reply = (await anna.submit(form)).view
    assert isinstance(reply, Form)
    assert "Registration for Träff a closed" in text(reply)
    assert reply.values["needs"] == "hörslinga"
    assert await town.states("a") == []


async def test_giving_up_everything_by_change_points_to_cancel(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    form = (await anna.click("Change")).view
    reply = (await anna.submit(form, {"occasions": (), "needs": "x"})).view
    assert isinstance(reply, Form)
    assert reply.values["needs"] == "x"
    assert reply.errors


async def test_cohort_lodging_can_be_changed_and_costs_less(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(COHORT.id, lodging=("ett", "två"))
    form = (await anna.click("Change")).view
    form = (await anna.submit(form, {"lodging": ("tre",)})).view
    assert "New total for your organisation: 24,000 + 3,000 = SEK 27,000 excluding VAT" in text(form)
    await anna.submit(form)
    assert "24,000 + 3,000 = SEK 27,000" in (await anna.received())[-1]


async def test_cancelled_and_registered_again_cannot_be_undone_into_two_seats(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await cancel(anna)
    undo = await anna.button("Undo")
    await anna.register(FREE.id)
    assert "already has a seat" in text((await anna.press(undo.do, undo.about)).view)
    assert await town.states() == ["cancelled", "confirmed"]


async def test_an_occasion_that_is_gone_from_the_programme_breaks_nothing(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await cancel(anna, "a")
    await town.load(replace(SINGLE, occasions=SINGLE.occasions[1:]))
    mine = text((await anna.say("my registrations")).view)
    assert "Träff b" in mine
    assert "Called off: Träff a" in mine
    town.clock.move(hours=1)
    await town.tick.run()
    assert isinstance((await anna.click("Change")).view, Form)
    assert isinstance((await anna.press("register", FREE.id)).view, Form)


async def test_a_meeting_taken_out_of_the_programme_while_it_was_being_added_is_not_offered_again(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    form = (await anna.click("Change")).view
    asked = (await anna.submit(form, {"occasions": ("a", "b"), "needs": "x"})).view
    assert "Added: Tue 9 Feb: Träff a" in text(asked)
    await town.load(replace(SINGLE, occasions=SINGLE.occasions[1:]))
    again = (await anna.submit(asked, {})).view
    assert "The programme has changed since you opened this form." in text(again)
    assert "Träff a" not in text(again)
    await anna.submit((await anna.submit(again, {"occasions": ("b",)})).view)
    assert await town.states() == ["confirmed"]


async def test_a_seat_at_a_meeting_that_has_vanished_does_not_hinder_changing_the_others(town: Town) -> None:
    """Somebody takes the seat in the moment in which the meeting is taken out."""
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await town.read(lambda c: c.execute(update(seats).where(seats.c.occasion == "a").values(occasion="vanished")))
    form = (await anna.click("Change")).view
    form = (await anna.submit(form, {"occasions": ("c",), "needs": "x"})).view
    assert "Changed." in text((await anna.submit(form, {})).view)
    assert (await town.states("vanished"), await town.states("b")) == (["confirmed"], ["cancelled"])


async def test_a_cancelled_occasion_is_not_paid_for(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await town.load(with_occasion(SINGLE, "b", cancelled=True))
    form = (await anna.click("Change")).view
    form = (await anna.submit(form, {"occasions": ("a",), "needs": "x"})).view
    assert "Price for your organisation: SEK 1,200 excluding VAT" in text(form)


@pytest.mark.parametrize("email", ["", "bo@example.org"])
async def test_handing_over_to_somebody_who_has_a_seat_there_is_refused(town: Town, email: str) -> None:
    lead, bo = town.person("lead"), town.person("bo")
    await bo.register(FREE.id)
    await lead.register(FREE.id)
    reply = await substitute(lead, "Bo", email)
    assert isinstance(reply, Form)
    assert reply.values["name"] == "Bo"
    assert await town.states() == ["confirmed", "confirmed"]


async def test_an_email_alone_never_finds_somebody_of_another_workspace(town: Town) -> None:
    lead = town.person("lead")
    bo = town.person("bo", "sandbox", "W2")
    await bo.open_home()
    before = len(await bo.received())
    await lead.register(FREE.id)
    assert code_in(text(await substitute(lead, "Bo", "bo@example.org")))
    assert len(await bo.received()) == before


async def test_a_directory_name_with_control_characters_is_stored_clean(town: Town) -> None:
    odd = replace(town.person("odd"), profile=Profile("O\0dd\ud800", "odd@example.org"))
    assert "Your page" not in text((await odd.open_home()).view)
    assert await town.count(registrations) == 0
    assert (await odd.received())[0].startswith("Hello Odd")
