"""Registering, from the first word to the receipt, and everything that may come between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.programmes import Programme, RoleGroup
from bot.domain.registrations import Seat
from bot.flows import welcome
from bot.handlers.events import AddedToChannel, Left, RemovedFromChannel, Untaken, WorkspaceRemoved
from bot.messages import Answer, Form, Notice, View
from storage.tables import deliveries, nudges, outbox, registrations, runs, seats
from tests.flows.samples import COHORT, FREE, SINGLE, at, occasion, with_capacity, with_occasion, words
from tests.handlers.town import Town, at_once, second_process, text

EVERYTHING = (registrations, seats, nudges, outbox, runs)


async def test_G1_who_books_for_others_is_not_said_to_be_registered(small_town: Town) -> None:
    reply = await small_town.person("lead").register(FREE.id, takes_part="others", places="1")
    assert text(reply.view) == "The registration is done. Your receipt is in your conversation with Lärträff."


async def test_P1_receipt_holds_everything_one_needs(town: Town) -> None:
    anna = town.person("anna")
    reply = await anna.register(occasions=("a",), guide="yes", needs="hörslinga")
    assert text(reply.view) == "You are registered. Your receipt is in your conversation with Lärträff."
    (receipt,) = await anna.received()
    for part in ("Tuesday 9 February 2027 at 09:30–15:00", "Zoom", "https://zoom.example.org/a", "09.30 Välkomna",
                 "SEK 1,200", "Fritt till fjorton dagar", "kurs@example.org", "Friday 29 January 2027 at 23:59",
                 "hörslinga", "Lunds kommun"):  # fmt: skip
        assert part in receipt


async def test_one_event_is_one_transaction_with_its_delivery(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    before = await town.count(deliveries)
    await anna.submit(form)
    assert await town.count(deliveries) == before + 1
    assert (await town.count(registrations), await town.count(seats), await town.count(outbox)) == (1, 1, 1)


async def test_a_delivery_that_comes_again_gets_the_same_answer_and_no_second_effect(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    first = await anna.submit(form, delivery="D1")
    after = await town.contents(*EVERYTHING)
    assert await anna.submit(form, delivery="D1") == first
    assert await town.contents(*EVERYTHING) == after


async def test_a_form_that_comes_again_is_the_same_form(town: Town) -> None:
    anna = town.person("anna")
    first = await anna.press("register", SINGLE.id, delivery="D1")
    again = await anna.press("register", SINGLE.id, delivery="D1")
    assert isinstance(first.view, Form)
    assert again == first


async def test_twins_of_one_delivery_at_the_same_time_have_one_effect(town: Town) -> None:
    async with second_process(town) as other:
        anna = town.person("anna")
        form = await anna.up_to_confirm(occasions=("a",))
        twin = replace(anna, reception=other)
        first, second = await at_once(anna.submit(form, delivery="D"), twin.submit(form, delivery="D"))
    assert first == second
    assert text(first.view).startswith("You are registered.")
    assert await town.count(registrations) == 1
    assert len(await anna.received()) == 1


async def test_P1c_double_click_gives_one_registration_and_one_receipt(town: Town) -> None:
    async with second_process(town) as other:
        anna = town.person("anna")
        form = await anna.up_to_confirm(occasions=("a",))
        replies = await at_once(anna.submit(form), replace(anna, reception=other).submit(form))
    assert sorted(text(reply.view)[:21] for reply in replies) == ["This is already done.", "You are registered. Y"]
    assert await town.count(registrations) == 1
    assert len(await anna.received()) == 1


async def test_two_clicks_on_register_at_once_open_the_same_form(town: Town) -> None:
    async with second_process(town) as other:
        anna = town.person("anna")
        await anna.open_home()
        twin = replace(anna, reception=other)
        first, second = await at_once(*(one.press("register", SINGLE.id) for one in (anna, twin)))
    assert isinstance(first.view, Form)
    assert isinstance(second.view, Form)
    assert first.view.token.split(".")[0] == second.view.token.split(".")[0]
    assert await town.count(runs) == 1


async def test_somebodys_first_two_events_at_once_make_one_person(town: Town) -> None:
    async with second_process(town) as other:
        anna = town.person("anna")
        replies = await at_once(anna.say("help"), replace(anna, reception=other).say("help"))
    assert all("What I can do" in text(reply.view) for reply in replies)


async def test_P1c_draft_resumes_where_it_was(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    form = (await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})).view
    again = (await anna.press("register", SINGLE.id)).view
    assert isinstance(form, Form)
    assert again == replace(form, intro=(welcome.resumed(), *form.intro))
    assert "About you" in text(again)


async def test_P1c_a_refused_form_that_was_closed_is_there_again_as_it_was_typed(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.back(await anna.up_to_confirm())).view
    typed: dict[str, Answer] = {"invoice": "Ref 4711", "gln": "1234567890123"}
    refused = (await anna.submit(form, typed)).view
    assert isinstance(refused, Form)
    assert list(refused.errors) == ["gln"]
    again = (await anna.press("register", SINGLE.id)).view
    assert isinstance(again, Form)
    assert {name: again.values[name] for name in typed} == typed
    confirm = (await anna.submit(again, {"gln": ""})).view
    assert ("Ref 4711" in text(confirm), "1234567890123" in text(confirm)) == (True, False)
    assert isinstance((await anna.back(confirm)).view, Form)
    assert "1234567890123" not in str(await town.contents(runs))


async def test_P1c_one_reminder_about_the_draft_and_the_organiser_sees_it(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    form = (await anna.press("register", SINGLE.id)).view
    await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})
    for _ in range(3):
        town.clock.move(hours=24)
        await town.tick.tidy()
    (reminder,) = await anna.received()
    assert reminder.startswith("Your registration is not finished\nYou began to register for Dialog.")
    assert "1 unfinished registration" in text((await admin.say("status")).view)


async def test_P1a_deadline_passes_while_the_form_is_open(town: Town) -> None:
    await town.load(with_occasion(FREE, "fika", deadline=at(FREE.occasions[0].starts_at.date(), 0)))
    anna = town.person("anna")
    form = await anna.up_to_confirm(FREE.id)
    before = await town.contents(registrations, seats, nudges, outbox)
    town.clock.at = at(FREE.occasions[0].starts_at.date(), 0, 1)
    reply = text((await anna.submit(form)).view)
    assert "closed Monday 8 February 2027 at 23:59. Nothing has been booked." in reply
    assert "kurs@example.org" in reply
    assert await town.contents(registrations, seats, nudges, outbox) == before


async def test_P1a_of_several_meetings_the_closed_one_is_named_and_nothing_typed_is_lost(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a", "b"), needs="hörslinga")
    town.clock.at = SINGLE.occasions[0].deadline + timedelta(minutes=1)
    reply = (await anna.submit(form)).view
    assert isinstance(reply, Form)
    assert "Registration for Träff a closed Friday 29 January 2027 at 23:59" in text(reply)
    assert reply.values["occasions"] == ("b",)
    assert await town.count(registrations) == 0
    assert text((await anna.fill(reply)).view).startswith("You are registered.")
    assert "hörslinga" in (await anna.received())[0]


async def test_P1b_last_seat_taken_on_two_platforms(town: Town) -> None:
    await town.load(with_capacity(FREE, 1))
    async with second_process(town) as other:
        anna, bo = town.person("anna", "slack"), town.person("bo", "teams", "T1", reception=other)
        forms = [await anna.up_to_confirm(FREE.id), await bo.up_to_confirm(FREE.id)]
        replies = await at_once(anna.submit(forms[0]), bo.submit(forms[1]))
    assert await town.states() == ["confirmed", "waiting"]
    assert sorted(text(reply.view)[:10] for reply in replies) == ["It is full", "You are re"]
    told = [*await anna.received(), *await bo.received()]
    assert sum("waiting list, number 1" in message for message in told) == 1


async def test_P1b_ten_people_and_three_seats(town: Town) -> None:
    await town.load(with_capacity(FREE, 3))
    async with second_process(town) as other:
        people = [town.person(f"p{n}", reception=(town.reception, other)[n % 2]) for n in range(10)]
        forms = [await person.up_to_confirm(FREE.id) for person in people]
        await at_once(*(person.submit(form) for person, form in zip(people, forms, strict=True)))
    assert await town.count(seats, seats.c.state == "confirmed") == 3
    assert await town.count(seats, seats.c.state == "waiting") == 7


async def test_P2_cohort_confirms_three_occasions_and_shows_the_sum(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(COHORT.id, lodging=("ett", "två", "tre"))
    assert "SEK 33,000 excluding VAT" in text(form)
    assert "24,000 + 3 × 3,000" in text(form)
    assert "Lodging and meals: Träff ett, Träff två and Träff tre" in text(form)
    await anna.submit(form)
    assert "Lodging and meals: Träff ett, Träff två and Träff tre" in (await anna.received())[-1]
    assert await town.count(seats, seats.c.state == "confirmed") == 3


async def test_P2a_collision_is_told_before_confirm(town: Town) -> None:
    same_time = replace(FREE, occasions=(occasion("fika", SINGLE.occasions[0].starts_at.date()),))
    await town.load(same_time)
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    form = await anna.up_to_confirm(FREE.id)
    assert "Note: Träff a, which you are registered for, is at the same time as Träff fika." in text(form)


async def test_P2b_a_cohort_that_is_full_at_one_occasion_waits_as_a_whole(town: Town) -> None:
    await town.load(with_occasion(COHORT, "två", capacity=1))
    await town.person("anna").register(COHORT.id)
    bo = town.person("bo")
    form = await bo.up_to_confirm(COHORT.id)
    assert "The programme is full. If you confirm, you are put on the waiting list." in text(form)
    await bo.submit(form)
    assert await town.count(seats, seats.c.state == "waiting") == 3


async def test_G1b_package_completed_later_is_recalculated(town: Town) -> None:
    lead, colleague = town.person("lead"), town.person("colleague")
    await lead.register(occasions=("a", "b"))
    form = await colleague.up_to_confirm(occasions=("c",))
    assert "Price so far: SEK 2,400" in text(form).replace("2 × 1,200 = ", "")
    assert "New total for your organisation: SEK 3,000 excluding VAT" in text(form)
    assert "This registration: SEK 600 excluding VAT" in text(form)
    await colleague.submit(form)
    cancelling = (await colleague.click("Cancel registration")).view
    assert "New total for your organisation: 2 × 1,200 = SEK 2,400 excluding VAT" in text(cancelling)


async def test_an_outdated_form_shows_where_one_really_is(town: Town) -> None:
    anna = town.person("anna")
    first = (await anna.press("register", SINGLE.id)).view
    second = (await anna.submit(first, {"occasions": ("b",), "prerequisite": "yes"})).view
    late = (await anna.submit(first, {"occasions": ("c",), "prerequisite": "yes"})).view
    assert isinstance(late, Form)
    assert isinstance(second, Form)
    assert late.token == second.token
    assert "You have already answered this form" in text(late)


async def test_somebody_elses_form_an_unknown_one_and_a_finished_one(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    form = await anna.up_to_confirm(occasions=("a",))
    assert "belongs to somebody else" in text((await bo.submit(form)).view)
    assert "no longer valid" in text((await bo.submit(replace(form, token="nobody.1"))).view)
    await anna.submit(form)
    assert "already done" in text((await anna.submit(form)).view)
    assert await town.count(registrations) == 1


@pytest.mark.parametrize(
    "said", [welcome.finished, welcome.not_yours, welcome.unknown_form, welcome.newer_version, welcome.unknown_button]
)
def test_what_is_said_of_any_form_speaks_of_no_registration(said: Callable[[], Notice]) -> None:
    """Notes, plans and questions have forms too."""
    assert "regist" not in text(said())


async def test_a_form_of_another_flow_version_begins_anew(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    await town.work.run(lambda connection: connection.execute(runs.update().values(version=99)))
    assert "earlier version" in text((await anna.submit(form)).view)
    assert isinstance((await anna.press("register", SINGLE.id)).view, Form)


async def test_a_token_that_no_database_can_hold_is_no_fault(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    for token in ("", ".", "\0.1", "\ud800.1", f"{form.token.split('.')[0]}.x", "9" * 5000):
        reply = (await anna.submit(replace(form, token=token))).view
        assert reply is not None
        assert "went wrong" not in text(reply)
    for about in ("\0", "\ud800", "x" * 5000):
        for action in ("cancel", "cannot", "register", "link", "programme", "discard", "undo"):
            assert "went wrong" not in text((await anna.press(action, about)).view), (action, about)


async def test_a_long_name_and_control_characters_are_refused_or_cleaned_and_kept(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", FREE.id)).view
    form = (await anna.submit(form, {"occasions": ("fika",)})).view
    hostile = {"name": "Å" * 4000, "email": "anna@lund.se", "organisation": "Lunds kommun", "takes_part": "me"}
    refused = (await anna.submit(form, hostile)).view
    assert isinstance(refused, Form)
    assert refused.values["name"] == "Å" * 4000
    assert "4,000 characters, and there is room for 120" in text(refused)
    name = "An\0na\x1b[31m\ud800 <!channel>"
    await anna.fill((await anna.submit(form, {**hostile, "name": name})).view)
    assert "An na[31m <!channel>" in (await anna.received())[0].replace("Anna[31m", "An na[31m")


async def test_lone_surrogates_come_back_without_a_fault(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", FREE.id)).view
    form = (await anna.submit(form, {"occasions": ("fika",)})).view
    odd = {"name": "\ud800", "email": "\udfff\0", "organisation": "", "takes_part": "x"}
    reply = (await anna.submit(form, odd)).view
    assert isinstance(reply, Form)
    assert set(reply.errors) == {"name", "email", "organisation", "takes_part"}


async def test_a_lead_with_a_seat_can_register_colleagues_at_the_same_meeting(town: Town) -> None:
    lead = town.person("lead")
    await lead.register(FREE.id)
    form = (await lead.press("register", FREE.id)).view
    form = (await lead.submit(form, {"occasions": ("fika",)})).view
    mine = {"name": "Lead", "email": "lead@example.org", "organisation": "Lunds kommun"}
    refused = (await lead.submit(form, {**mine, "takes_part": "me"})).view
    assert "You are already registered for Träff fika." in text(refused)
    done = await lead.fill(refused, takes_part="others", places="2")
    assert text(done.view).startswith("The registration is done.")
    assert await town.count(seats, seats.c.state == "confirmed") == 3


async def test_a_second_registration_of_oneself_in_a_cohort_is_refused(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(COHORT.id)
    form = (await anna.press("register", COHORT.id)).view
    about = {"name": "Anna", "email": "a@b.se", "organisation": "Lund", "takes_part": "me"}
    reply = (await anna.submit(form, about)).view
    assert "You are already registered for Träff ett" in text(reply)
    assert await town.count(registrations) == 1


async def test_going_back_keeps_what_was_typed(town: Town) -> None:
    anna = town.person("anna")
    form: View | None = await anna.up_to_confirm(occasions=("b",), needs="hörslinga")
    for _ in range(3):
        form = (await anna.back(form)).view
    assert isinstance(form, Form)
    assert form.values["occasions"] == ("b",)
    assert "hörslinga" in text((await anna.fill(form, "Confirm")).view)


async def test_an_organisation_that_may_be_two_is_asked_about(town: Town) -> None:
    anna = town.person("anna")
    reply = await anna.register(FREE.id, organisation="Bo", chosen="SE-01")
    assert isinstance(reply.view, Notice)
    assert "Region Bo" in (await anna.received())[0]


async def test_a_fault_in_the_middle_leaves_nothing_half_stored(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    before = await town.contents(*EVERYTHING, deliveries)

    def broken(seat: Seat) -> str:
        raise RuntimeError("the calendar is on fire")

    from bot.handlers.inbound import Reception
    from tests.handlers.town import surroundings

    faulty = Reception(town.work, town.clock, surroundings(calendar_address=broken), lambda: None)
    reply = text((await replace(anna, reception=faulty).submit(form)).view)
    assert "Something went wrong on our side and nothing was saved" in reply
    assert await town.contents(*EVERYTHING, deliveries) == before
    assert text((await anna.submit(form)).view).startswith("You are registered.")


async def test_a_database_that_does_not_answer_is_told_to_people_and_to_platforms(small_town: Town) -> None:
    await small_town.work.close()

    class Broken:
        async def run(self, work: object) -> None:
            raise ConnectionError

        async def close(self) -> None: ...

    from bot.handlers.inbound import Reception
    from tests.handlers.town import surroundings

    broken = Reception(Broken(), small_town.clock, surroundings(), lambda: None)  # type: ignore[arg-type]
    anna = replace(small_town.person("anna"), reception=broken)
    assert "Something went wrong on our side" in text((await anna.say("help")).view)
    for happening in (Left(), AddedToChannel(), RemovedFromChannel(), WorkspaceRemoved()):
        with pytest.raises(Untaken):
            await anna.send(happening)


async def test_registering_in_a_programme_that_is_not_there(town: Town) -> None:
    programme: Programme = replace(FREE, id="x", title=words("X"))
    anna = town.person("anna")
    await town.load(programme)
    assert isinstance((await anna.press("register", "x")).view, Form)
    assert "What would you like to register for?" in text((await anna.press("register", "gone")).view)


async def test_who_writes_their_own_name_among_several_has_that_seat_themself(town: Town) -> None:
    anna = town.person("anna")
    names: dict[str, Answer] = {"colleague.a|1": "  ANNA ", "colleague.a|2": "Bo", "colleague.a|3": "Anna"}
    done = await anna.register(SINGLE.id, occasions=("a",), takes_part="others", places="3", **names)
    assert text(done.view).startswith("You are registered.")
    receipt, codes = await anna.received()
    assert receipt.startswith("You are registered: ")
    assert "https://zoom.example.org/a" in receipt
    assert codes.count("link ") == 2, "one for Bo and one for another Anna, since nobody has two seats"
    assert "You are registered" in text((await anna.say("am I registered?")).view)


async def test_ones_own_name_with_the_address_of_somebody_else_is_somebody_else(small_town: Town) -> None:
    anna = small_town.person("anna")
    named: dict[str, Answer] = {"colleague.fika|1": "Anna", "colleague_email.fika|1": "anna@elsewhere.example.org"}
    done = await anna.register(FREE.id, takes_part="others", places="1", **named)
    assert text(done.view).startswith("The registration is done.")
    named["colleague_email.fika|1"] = "Anna@Example.org"
    done = await anna.register(FREE.id, takes_part="others", places="1", **named)
    assert text(done.view).startswith("You are registered.")


async def test_a_second_seat_in_ones_own_name_is_refused_where_it_is_typed(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    form = (await anna.press("register", FREE.id)).view
    for answers in ({"occasions": ("fika",)}, {"takes_part": "others"}, {"places": "2"}):
        form = (await anna.submit(form, answers)).view
    refused = (await anna.submit(form, {"colleague.fika|1": "Bo", "colleague.fika|2": "anna"})).view
    assert isinstance(refused, Form)
    assert list(refused.errors) == ["colleague.fika|2"]
    assert "You are already registered for Träff fika." in text(refused)


async def test_the_role_of_who_takes_part_among_several_is_kept(town: Town) -> None:
    await town.load(replace(FREE, role_groups=(RoleGroup("boss", words("Chefer")),)))
    anna = town.person("anna")
    own: dict[str, Answer] = {"role": "boss", "takes_part": "others", "places": "1", "colleague.fika|1": "Anna"}
    assert "Your role: Chefer" in text(await anna.up_to_confirm(FREE.id, **own))


# --- When it is over --------------------------------------------------------------------------------------------------


async def test_whoever_has_taken_part_does_not_read_that_they_are_not_registered_yet(small_town: Town) -> None:
    anna, bo = small_town.person("anna"), small_town.person("bo")
    await anna.register(FREE.id)
    small_town.clock.at = FREE.occasions[-1].ends_at + timedelta(hours=1)
    shown = (await anna.say("my registrations")).view
    assert "No meeting lies ahead of you." in text(shown)
    assert "not registered for anything yet" not in text(shown)
    assert "not registered for anything yet" in text((await bo.say("my registrations")).view)  # the control


async def test_the_registration_whose_meeting_comes_next_stands_first(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await anna.register(SINGLE.id, occasions=("c",))
    shown = text((await anna.say("my registrations")).view)
    assert shown.index("Fika") < shown.index("Dialog")
