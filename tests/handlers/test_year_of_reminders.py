"""What a year of reminders showed: nothing said twice a morning, to the wrong people, or too late to act on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot.domain.nudges import schedule
from bot.domain.programmes import Material, OwnDate
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.domain.words import Localised
from bot.flows import catching_up
from bot.messages import Form
from tests.flows.samples import COHORT, DAYS, FREE, NOW, SINGLE, at, held_on, occasion, with_occasion, words
from tests.handlers.changed import pass_ten_minutes
from tests.handlers.town import Person, Town, buttons, text
from tests.storage.test_programmes import moved

ROOM = Rule("rum", Topic.MESSAGE, Anchor.START, (Audience.CONTACTS,), days=-20, at=time(9),
            text=words("Boka ett rum."))  # fmt: skip


async def begun(person: Person, *meetings: str) -> None:
    """A registration that stops before it is confirmed."""
    await person.up_to_confirm(SINGLE.id, occasions=meetings)


async def last_calls(town: Town, person: Person) -> list[str]:
    for day in (deadline for deadline in (date(2027, 1, 27), date(2027, 3, 3), date(2027, 4, 21))):
        await town.tick_at(at(day, 9))
    return [one for one in await person.received() if one.startswith("Register by")]


async def test_P1c_who_has_begun_to_register_is_reminded_of_the_meetings_they_chose_and_no_other(town: Town) -> None:
    anna = town.person("anna")
    await begun(anna, "c")
    (only,) = await last_calls(town, anna)
    assert "You have begun to register for Träff c." in only


async def test_P1c_who_has_chosen_all_is_reminded_of_each(town: Town) -> None:
    anna = town.person("anna")
    await begun(anna, "a", "b", "c")
    assert len(await last_calls(town, anna)) == 3


async def test_P1c_who_has_not_said_for_which_meeting_is_reminded_of_the_registration_once_and_of_no_meeting(
    town: Town,
) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    assert isinstance(form, Form)
    await town.load(replace(SINGLE, summary=words("Ny.")))
    again = (await anna.submit(form, {"prerequisite": "yes", "occasions": ("c",)})).view
    assert "changed" in text(again)  # it was to be answered once more, and was left
    await town.tick_at(at(date(2027, 1, 13), 9))
    assert await last_calls(town, anna) == []


async def test_P1c_who_has_begun_a_whole_programme_is_reminded_of_its_last_day(town: Town) -> None:
    anna = town.person("anna")
    await anna.up_to_confirm(COHORT.id)
    due = next(one.due_at for one in schedule(COHORT) if one.rule.name == "last_call")
    await town.tick_at(due)
    assert [one for one in await anna.received() if one.startswith("Register by")]


async def test_P4_a_reminder_to_contacts_stands_in_their_own_list_and_in_nobody_elses(town: Town) -> None:
    await town.load(replace(FREE, chat_rules=(ROOM,)))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(FREE.id)
    assert "The programme’s own reminder: Träff fika" in text((await anna.say("my reminders")).view)
    assert "own reminder" not in text((await bo.say("my reminders")).view)


async def test_the_dry_run_counts_only_those_whose_seats_have_no_name(town: Town) -> None:
    await town.person("anna").register(FREE.id)
    admin = town.person("admin")
    assert "Last days to register" not in text((await admin.press("timeline", FREE.id)).view)
    await town.person("bo").register(FREE.id, takes_part="others", places="1")
    shown = text((await admin.press("timeline", FREE.id)).view)
    assert "Last days to register: Träff fika, to 1 who registered an organisation" in shown


SEND_IN = OwnDate("plan", words("Skicka in planen"), at(DAYS[0] - timedelta(days=5), 12))
PREPARED = replace(with_occasion(FREE, "fika", preparation=(words("Läs planen."),), deadline=at(DAYS[0], 0)),
                   dates=(SEND_IN,))  # fmt: skip


async def test_P4b_who_registers_late_reads_in_the_receipt_what_the_others_were_told_before(town: Town) -> None:
    await town.load(PREPARED)
    early, late = town.person("early"), town.person("late")
    await early.register(FREE.id)
    town.clock.at = at(DAYS[0] - timedelta(days=6), 12)
    await late.register(FREE.id)
    (at_once,) = [one for one in await late.received() if one.startswith("You are registered")]
    assert "Before we meet:" in at_once
    assert "• Läs planen." in at_once
    assert "Skicka in planen: Thursday 4 February 2027 at 12:00" in at_once
    (first,) = [one for one in await early.received() if one.startswith("You are registered")]
    assert "Before we meet" not in first  # they are told when it is time
    assert "Skicka in planen" not in first


async def test_P4b_who_books_late_for_others_alone_is_not_asked_to_prepare(town: Town) -> None:
    await town.load(PREPARED)
    town.clock.at = at(DAYS[0] - timedelta(days=6), 12)
    lead = town.person("lead")
    await lead.register(FREE.id, takes_part="others", places="1")
    (receipt,) = await lead.received()
    assert ("Träff fika" in receipt, "Läs planen" in receipt) == (True, False)


async def test_P4a_a_first_place_is_told_as_news_and_not_as_a_change_of_plans(town: Town) -> None:
    await town.load(with_occasion(SINGLE, "a", place=Localised({})))
    await pass_ten_minutes(town)
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await town.load(with_occasion(SINGLE, "a", place=words("Stadshuset"), sequence=1))
    await pass_ten_minutes(town)
    (told,) = [one for one in await anna.received() if "The place is settled: Stadshuset" in one]
    assert told.startswith("More is known now: Träff a")


async def test_P4a_an_old_receipt_shows_the_deadline_that_moved_with_the_meeting(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    await anna.received()
    before = SINGLE.occasion("b")
    by = timedelta(days=9)
    await town.load(moved(with_occasion(SINGLE, "b", deadline=before.deadline + by), "b"))
    await pass_ten_minutes(town)
    (_, receipt), *_more = town.posts["sandbox"].updated
    assert "Register by: Sunday 14 March 2027" in text(receipt)
    assert "Friday 5 March" not in text(receipt)


async def test_P4a_a_card_that_names_the_next_meeting_names_it_as_it_is_now(town: Town) -> None:
    far = with_occasion(held_on(DAYS[0], DAYS[2]), "a", homework=(words("Prova hemma."),))
    await town.load(far)
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await town.tick_at(next(one.due_at for one in schedule(far) if one.rule.topic is Topic.BETWEEN))
    await town.load(moved(far, "b"))
    await pass_ten_minutes(town)
    halfway = next(text(view) for _, view in town.posts["sandbox"].updated if "working on at home" in text(view))
    assert halfway.count("Tuesday 4 May 2027") == 1  # only where it says what it was
    assert "Next meeting: Träff b, Thursday 13 May 2027" in halfway


async def test_P3a_I_cannot_come_pressed_after_the_meeting_says_that_it_is_over(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(at(DAYS[0] - timedelta(days=14), 9))
    button = await anna.button("I cannot come")
    assert isinstance((await anna.press(button.do, button.about)).view, Form)
    town.clock.at = at(DAYS[0] + timedelta(days=90), 12)
    assert "The meeting has begun or is over." in text((await anna.press(button.do, button.about)).view)


def test_P2c_the_place_is_no_longer_to_come_once_there_is_one() -> None:
    venue, agenda = Localised({"sv": "Lokal", "nb": "Lokale"}), words("Dagordning")
    known = occasion("x", to_come=(venue, agenda))
    assert known.still_to_come == (agenda,)
    assert replace(known, place=Localised({})).still_to_come == (venue, agenda)


def test_P6_the_thanks_show_what_is_new_and_not_the_same_material_after_every_meeting() -> None:
    def guide(title: str, **more: Any) -> Material:
        return Material(words(title), "guide", f"https://example.org/{title}", **more)

    materials = (guide("Grund"), guide("Bilder", occasion="b"), guide("Ny", published=DAYS[0] + timedelta(days=20)))
    programme = replace(SINGLE, materials=materials)
    first, second = (text(catching_up.thanks(programme, programme.occasion(id), NOW, member=True)) for id in ("a", "b"))
    assert ["Grund" in first, "Bilder" in first] == [True, False]
    assert ["Grund" in second, "Bilder" in second, "Ny" in second] == [False, True, True]


async def test_P4_what_waited_over_the_weekend_comes_with_the_day_before_which_a_notification_names(town: Town) -> None:
    open_late = with_occasion(FREE, "fika", deadline=at(DAYS[0], 0))
    await town.load(replace(open_late, chat_rules=(replace(ROOM, days=-2),)))  # a Sunday
    anna = town.person("anna")
    town.clock.at = at(DAYS[0] - timedelta(days=4), 12)
    await anna.register(FREE.id)
    for hour in (8, 9):
        await town.tick_at(at(DAYS[0] - timedelta(days=1), hour))
    found = [one.splitlines()[0] for one in await anna.received() if not one.startswith("You are registered")]
    assert found == ["Tomorrow: Träff fika (and 1 more)"]


async def test_P4a_a_meeting_that_moves_a_few_days_asks_nobody_halfway_twice(town: Town) -> None:
    far = with_occasion(held_on(DAYS[0], DAYS[2]), "a", homework=(words("Prova hemma."),))
    await town.load(far)
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a", "b"))
    halfway = next(one.due_at for one in schedule(far) if one.rule.topic is Topic.BETWEEN)
    await town.tick_at(halfway)
    await town.load(moved(far, "b"))
    await bo.register(occasions=("b",))
    for days in range(12):
        await town.tick_at(halfway + timedelta(days=days, hours=1))
    asked = [sum(one.startswith("Halfway to") for one in await person.received()) for person in (anna, bo)]
    assert asked == [1, 1]  # Bo, who came in between, is asked when it is due anew


async def test_P6_the_thanks_name_the_readers_own_next_meeting_and_offer_a_seat_only_to_who_has_none(
    town: Town,
) -> None:
    every, first, last = (town.person(name) for name in ("every", "first", "last"))
    await every.register(occasions=("a", "b", "c"))
    await first.register(occasions=("a",))
    await last.register(occasions=("a", "c"))
    await town.tick_at(at(DAYS[0] + timedelta(days=1), 9))
    b, c = "Träff b, Tuesday 16 March 2027", "Träff c, Tuesday 4 May 2027"
    told = {one.actor.user: (await one.received())[-1] for one in (every, first, last)}
    assert f"Next meeting: {b}" in told["every"]
    assert f"Next meeting of the programme: {b}" in told["first"]
    assert f"Next meeting: {c}" in told["last"]
    offered = [
        any(button.action and button.action.do == "register" for button in buttons(town.messages(one)[-1].view))
        for one in (every, first, last)
    ]
    assert offered == [False, True, False]
