"""What is answered from a programme's data: as it is now, for who asks, and the link only for a seat of one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.programmes import Format, Material, OwnDate, Programme
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Day, Localised, _
from bot.flows import occasions
from bot.flows.facts import TITLES, Asked, tell_all
from bot.flows.telling import Known, Told
from bot.flows.ways_to_ask import WAYS
from bot.handlers.retention import ASKERS_KEPT
from bot.messages import Action, Card, Fact
from tests.flows.samples import ARCHIVE, COHORT, DAYS, FREE, NOW, SINGLE, at, occasion, with_occasion, words
from tests.handlers.town import text

OVER = at(DAYS[-1], 18)
MINE = frozenset({"a"})
WHATEVER_THE_PROGRAMME = {
    *(Asked.LANGUAGE, Asked.REMINDERS, Asked.CALENDAR, Asked.ANONYMITY, Asked.MY_DATA, Asked.OWN_DETAILS, Asked.OTHERS),
}
OF_A_PROGRAMME = tuple(asked for asked in Asked if asked not in WHATEVER_THE_PROGRAMME)
LINKS = {one.id: one.link for one in SINGLE.occasions}
BOOKS = replace(
    with_occasion(
        SINGLE, "a", preparation=(words("Läs boken."),), purpose=words("Att lyssna."), topics=(words("Möten"),)
    ),
    materials=(Material(words("Boken"), "reading"),),
)

every_asked = pytest.mark.parametrize("asked", Asked)


def said(told: Told) -> str:
    return text(Card("", body=told.lines, facts=told.facts, items=told.items, buttons=told.buttons))


def labels(told: Told) -> set[str]:
    """What its buttons say, wherever they stand."""
    all_buttons = (*told.buttons, *(button for item in told.items for button in item.buttons))
    return {text(Card(button.label)) for button in all_buttons}


def one(asked: Asked, programme: Programme = SINGLE, *, now: datetime = NOW, **known: Any) -> Told:
    return tell_all(asked, (Known(programme, **known),), now)


# --- Everything that can be asked -------------------------------------------------------------------------------------


@every_asked
def test_everything_has_a_title_ways_to_ask_for_it_and_an_answer(asked: Asked) -> None:
    assert TITLES[asked]
    assert WAYS[asked]
    assert said(one(asked)).strip()


def test_no_way_to_ask_stands_there_twice() -> None:
    ways = [way.casefold() for asked in Asked for way in WAYS[asked]]
    assert len(ways) == len(set(ways))


TOLD_TO_A_STRANGER = {
    Asked.NEXT: ("Träff a", "Tuesday 9 February 2027", "Place: Zoom"),
    Asked.DATES: ("Träff a", "Träff b", "Träff c"),
    Asked.PREVIOUS: ("No meeting has been held yet.", "Träff a", "Tuesday 9 February 2027"),
    Asked.LENGTH: ("Träff a", "Length: 5 hours and 30 minutes"),
    Asked.PRICE: ("Each meeting costs SEK 1,200", "All meetings together: SEK 3,000"),
    Asked.PLACE: ("Tue 9 Feb: Träff a: Zoom", "Tue 4 May: Träff c: Zoom"),
    Asked.LINK: ("The link is shown to those who are registered",),
    Asked.LATE: ("Come when you can", "Frågor om anmälan: Kursadministrationen"),
    Asked.CONTACT: ("Frågor om anmälan: Kursadministrationen, Anmälan (kurs@example.org)",),
    Asked.DEADLINE: ("Träff a: ", "Friday 29 January 2027 at 23:59"),
    Asked.AGENDA: ("Att lyssna.", "Möten", "09.30 Välkomna", "12.00 Lunch"),
    Asked.PREPARATION: ("Läs boken.", "Tuesday 9 February 2027"),
    Asked.MATERIALS: ("You find everything under “materials”.",),
    Asked.REGISTER: ("Press “Register”, or write “register”.", "Friday 29 January 2027"),
    Asked.CANCEL: ("Write “my registrations”.", "Fritt till fjorton dagar före."),
    Asked.MINE: ("No, you have no seat there, and are not on the waiting list.",),
}


@pytest.mark.parametrize("asked", OF_A_PROGRAMME)
def test_one_programme_is_told_of_as_it_stands_in_its_data(asked: Asked) -> None:
    told = said(one(asked, BOOKS))
    assert [part for part in TOLD_TO_A_STRANGER[asked] if part not in told] == []


def test_whoever_is_late_gets_the_way_in_and_whom_to_tell() -> None:
    told = one(Asked.LATE, mine=MINE)
    assert [part for part in (*TOLD_TO_A_STRANGER[Asked.LATE], "Träff a") if part not in said(told)] == []
    assert LINKS["a"] in {button.url for item in told.items for button in item.buttons}


def test_the_meeting_held_last_is_ones_own_or_any_where_one_has_been_at_none() -> None:
    now = SINGLE.occasion("b").ends_at + timedelta(days=1)
    own, anybodys = one(Asked.PREVIOUS, now=now, mine=MINE), one(Asked.PREVIOUS, now=now)
    assert "The last one was Träff a, Tuesday 9 February 2027." in said(own)
    assert "The last one was Träff b, Tuesday 16 March 2027." in said(anybodys)


@pytest.mark.parametrize(
    "asked", sorted({*OF_A_PROGRAMME} - {Asked.MINE, Asked.CANCEL, Asked.REGISTER, Asked.PREVIOUS, Asked.LATE})
)
def test_of_several_programmes_each_is_told_of_under_its_own_title(asked: Asked) -> None:
    told = tell_all(asked, (Known(SINGLE), Known(COHORT), Known(FREE)), NOW)
    titles = [text(Card(item.title)) for item in told.items]
    assert (told.lines, told.facts) == ((), ())
    named = [name for title in titles for name in re.split(", | and ", title.partition(": ")[0])]
    assert {one.title.wordings["sv"] for one in (SINGLE, COHORT, FREE)} == set(named), titles


def test_how_it_is_done_everywhere_is_said_once_above_what_each_programme_adds() -> None:
    ruled = replace(COHORT, cancellation=words("Hör av dig."))
    told = tell_all(Asked.CANCEL, (Known(SINGLE), Known(FREE), Known(ruled)), NOW)
    assert [text(Card("", body=told.lines)).count("Write “my registrations”."), len(told.lines)] == [1, 1]
    rules = [(text(Card(item.title)), text(Card("", body=item.lines)), item.buttons) for item in told.items]
    assert rules == [("Dialog", "Fritt till fjorton dagar före.", ()), ("Toppolitiker", "Hör av dig.", ())]
    assert labels(told) == {"My registrations"}
    registering = tell_all(Asked.REGISTER, (Known(SINGLE), Known(COHORT)), NOW)
    assert said(registering).count("Press “Register”") == 1
    assert [[button.action for button in item.buttons] for item in registering.items] == [
        [Action("register", SINGLE.id)],
        [Action("register", COHORT.id)],
    ]


def test_what_holds_for_several_programmes_alike_is_said_once_and_leads_to_all_of_them() -> None:
    again = replace(FREE, id="igen", title=words("Igen"))
    told = tell_all(Asked.PRICE, (Known(FREE), Known(SINGLE), Known(again)), NOW)
    assert [text(Card(item.title)) for item in told.items] == ["Fika and Igen", "Dialog"]
    assert said(told).count("Free of charge.") == 1
    assert [text(Card(button.label)) for button in told.items[0].buttons] == ["Programmes"]


def test_two_editions_of_one_programme_are_told_apart() -> None:
    these = [replace(FREE, id=edition, edition=edition) for edition in ("2027", "2028")]
    told = tell_all(Asked.PRICE, [Known(one) for one in these], NOW)
    (item,) = told.items
    assert "2027" in text(Card(item.title))
    assert "2028" in text(Card(item.title))


def test_of_many_programmes_the_soonest_are_told_of_first_and_those_left_out_are_named() -> None:
    programmes = [
        replace(FREE, id=name, title=words(name), occasions=(occasion(name.lower(), DAYS[0] + timedelta(days=days)),))
        for name, days in (("Juni", 120), ("Mars", 30), ("Februari", 0), ("April", 60), ("Maj", 90))
    ]
    told = tell_all(Asked.NEXT, [Known(one) for one in (ARCHIVE, *programmes)], NOW)
    titles = [text(Card(item.title)) for item in told.items]
    assert [title.partition(":")[0] for title in titles] == ["Februari", "Mars", "April", "Maj", "Juni and Arkiv"]
    assert "There are more programmes. Name the one you mean" in text(Card("", items=told.items[-1:]))


@pytest.mark.parametrize("asked", sorted(WHATEVER_THE_PROGRAMME))
def test_what_I_can_do_myself_is_told_once_however_many_programmes_there_are(asked: Asked) -> None:
    alone = tell_all(asked, (), NOW)
    assert alone.lines
    assert alone.buttons
    assert tell_all(asked, (Known(SINGLE),), NOW) == tell_all(asked, (Known(SINGLE), Known(FREE)), NOW) == alone


@pytest.mark.parametrize("asked", OF_A_PROGRAMME)
def test_where_there_is_no_programme_nothing_is_made_up(asked: Asked) -> None:
    assert tell_all(asked, (), NOW) == Told((_("There are no programmes yet."),))


def test_whoever_asks_whether_they_are_registered_is_told_of_their_own_seats_and_in_private_only() -> None:
    told = tell_all(Asked.MINE, (Known(COHORT), Known(SINGLE, mine=MINE), Known(FREE)), NOW)
    assert said(told).startswith("Yes.")
    assert [text(Card(item.title)) for item in told.items] == ["Träff a"]
    nowhere = tell_all(Asked.MINE, (Known(COHORT), Known(SINGLE)), NOW)
    assert "no seat at any meeting that is coming, and are on no waiting list" in said(nowhere)
    assert (len(nowhere.lines), nowhere.items) == (2, ())
    assert said(one(Asked.MINE, mine=MINE, named=frozenset({"b"}))).startswith(
        "No, you have no seat there, and are not on the waiting list."
    )
    assert "write to me directly" in said(one(Asked.MINE, aloud=True))


def queued(id: str, *, until: datetime | None = None, position: int = 0) -> Seat:
    state = SeatState.OFFERED if until else SeatState.WAITING
    return Seat(f"seat-{id}", "r", "p", id, Participant("Anna"), state, position=position, offered_until=until)


def test_whoever_waits_is_told_so_and_with_which_number_beside_the_seats_they_have() -> None:
    waits = (queued("b", position=2),)
    told = one(Asked.MINE, queued=waits)
    assert "Not yet: you are on the waiting list." in said(told)
    assert "Träff b\n  You are number 2 on the waiting list." in said(told)
    both = tell_all(Asked.MINE, (Known(SINGLE, queued=waits), Known(FREE, mine=frozenset({"fika"}))), NOW)
    assert said(both).startswith("Yes.")
    assert [text(Card(item.title)) for item in both.items] == ["Fika: Träff fika", "Dialog: Träff b"]
    assert "You are number 2 on the waiting list." in said(both)
    assert labels(both) == {"Join the meeting", "My registrations"}


def test_whoever_is_offered_a_seat_is_told_until_when_and_how_to_take_it() -> None:
    offered = (queued("a", until=NOW + timedelta(hours=2)),)
    told = said(one(Asked.MINE, queued=offered))
    assert told.startswith("Not yet: a seat is kept for you, and you have to confirm it.")
    assert "It is yours if you confirm by Monday 11 January 2027 at 14:00." in told
    assert "You confirm in my message about the seat, or under “my registrations”." in told
    late = tell_all(Asked.MINE, (Known(SINGLE, queued=offered),), NOW + timedelta(hours=2))
    assert said(late).startswith("No, you have no seat there")


def test_who_waits_elsewhere_or_for_what_is_over_has_no_seat_where_they_ask() -> None:
    waits = (queued("a", position=1),)
    assert said(one(Asked.MINE, queued=waits, named=frozenset({"b"}))).startswith("No, you have no seat there")
    assert said(one(Asked.MINE, queued=waits, now=at(DAYS[0], 18))).startswith("No, you have no seat there")


@pytest.mark.parametrize("asked", [Asked.NEXT, Asked.DATES, Asked.PLACE, Asked.AGENDA])
def test_of_a_meeting_that_is_named_only_that_one_is_told(asked: Asked) -> None:
    told = said(one(asked, mine=MINE, named=frozenset({"b"})))
    assert "Träff b" in told
    assert "Träff a" not in told


def test_the_days_of_a_programme_that_are_no_meetings_are_told_with_the_others() -> None:
    plan = OwnDate("plan", words("Sista dag för planen"), at(DAYS[1], 23, 59))
    over = replace(plan, id="over", at=NOW - timedelta(days=1))
    (told,) = tell_all(Asked.DATES, (Known(replace(SINGLE, dates=(over, plan))),), NOW).facts
    assert told == Fact(plan.title, Day(DAYS[1]))


def test_of_who_sees_what_is_written_no_more_is_promised_than_is_kept() -> None:
    told = tell_all(Asked.ANONYMITY, (), NOW)
    assert not said(told).startswith("No")
    without, named, asked = (text(Card(item.title, body=item.lines)) for item in told.items)
    assert [word in without for word in ("ratings", "votes", "challenge", "plan")] == [True, True, False, False]
    assert [word in named for word in ("challenge", "plan")] == [True, True]
    assert f"Who asked is kept for {ASKERS_KEPT.days} days" in asked
    assert labels(told) == {"What is stored", "My data"}


# --- The link is only for a seat of one's own -------------------------------------------------------------------------


def leaked(told: Told, own: frozenset[str] = frozenset()) -> list[str]:
    """The meetings of which the link is anywhere in the answer, though the reader has no seat there."""
    return [id for id, link in LINKS.items() if id not in own and link in repr(told)]


@every_asked
@pytest.mark.parametrize("others", [(), (Known(COHORT), Known(FREE))])
def test_P6c_nobody_without_a_seat_gets_a_link(asked: Asked, others: tuple[Known, ...]) -> None:
    assert leaked(tell_all(asked, (Known(SINGLE), *others), NOW)) == []


@every_asked
@pytest.mark.parametrize("others", [(), (Known(COHORT), Known(FREE))])
def test_P6c_a_seat_gives_the_link_to_that_meeting_alone(asked: Asked, others: tuple[Known, ...]) -> None:
    assert leaked(tell_all(asked, (Known(SINGLE, MINE), *others), NOW), MINE) == []


@pytest.mark.parametrize("asked", [Asked.NEXT, Asked.DATES, Asked.LINK])
def test_P6c_who_has_a_seat_does_get_its_link(asked: Asked) -> None:
    told = one(asked, mine=MINE)
    assert leaked(told) == ["a"]
    assert "Join the meeting" in labels(told)


def test_P6c_an_answer_that_shows_everybody_what_members_see_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is = occasions.facts
    monkeypatch.setattr(occasions, "facts", lambda p, o, member: as_it_is(p, o, member=True))  # noqa: ARG005
    assert leaked(one(Asked.NEXT)) == ["a"]


def test_who_has_a_seat_where_there_is_no_link_yet_is_told_when_it_comes() -> None:
    programme = with_occasion(SINGLE, "a", link="")
    assert "The link is not there yet." in said(one(Asked.LINK, programme, mine=MINE))


def test_with_the_link_comes_the_guide_to_joining() -> None:
    assert "Så använder du Zoom" in labels(one(Asked.LINK, mine=MINE))


def test_where_the_next_meeting_online_has_no_link_yet_a_later_one_s_is_not_taken_for_it() -> None:
    programme = with_occasion(SINGLE, "a", link="")
    told = said(one(Asked.LINK, programme, mine=frozenset({"a", "b"})))
    assert "The link is not there yet." in told
    assert "Träff b" not in told


def test_a_meeting_in_a_room_has_no_link_to_wait_for() -> None:
    programme = with_occasion(SINGLE, "a", link="", format=Format.ON_SITE)
    told = one(Asked.LINK, programme, mine=MINE)
    assert "The link is not there yet." not in said(told)
    assert "Place: Zoom" in said(told)
    assert leaked(one(Asked.LINK, programme, mine=frozenset({"a", "b"})), frozenset({"b"})) == []
    assert "Träff b" in said(one(Asked.LINK, programme, mine=frozenset({"a", "b"})))


# --- Meetings ---------------------------------------------------------------------------------------------------------


def test_the_next_meeting_is_the_next_of_one_s_own() -> None:
    told = one(Asked.NEXT, mine=frozenset({"b"}))
    assert [text(Card(item.title)) for item in told.items] == ["Träff b"]
    assert "You are registered." in said(told)
    assert "My registrations" in labels(told)


@pytest.mark.parametrize("asked", [Asked.NEXT, Asked.LENGTH, Asked.PLACE, Asked.LINK, Asked.AGENDA, Asked.PREPARATION])
def test_of_all_that_somebody_attends_the_soonest_alone_is_the_next_meeting(asked: Asked) -> None:
    later = replace(FREE, occasions=(occasion("fika", DAYS[1] - timedelta(days=1)),))
    sooner = Known(with_occasion(SINGLE, "b", title=words("Lyssna")), mine=frozenset({"b", "c"}))
    told = tell_all(asked, (Known(COHORT), Known(later, mine=frozenset({"fika"})), sooner), NOW)
    assert ["Fika" in said(told), "Lyssna" in said(told), "Toppolitiker" in said(told)] == [True, False, False]
    afterwards = said(tell_all(asked, (Known(COHORT), Known(later, mine=frozenset({"fika"})), sooner), at(DAYS[1], 8)))
    assert ["Fika" in afterwards, "Dialog" in afterwards, "Lyssna" in afterwards] == [False, True, True]
    assert "Träff c" not in afterwards


def test_a_meeting_that_is_named_is_told_of_though_another_one_is_attended_sooner() -> None:
    named = Known(FREE, named=frozenset({"fika"}))
    assert "Träff fika" in said(tell_all(Asked.PLACE, (Known(SINGLE, mine=MINE), named), NOW))


def test_who_is_registered_nowhere_sees_all_meetings_and_where_to_read_more() -> None:
    told = one(Asked.DATES)
    assert len(told.items) == 3
    assert labels(told) == {"Read more"}


def test_a_meeting_that_is_over_or_called_off_is_not_the_next_one() -> None:
    called_off = with_occasion(SINGLE, "b", cancelled=True)
    told = one(Asked.NEXT, called_off, now=at(DAYS[0], 18))
    assert [text(Card(item.title)) for item in told.items] == ["Träff c"]


@pytest.mark.parametrize("asked", [Asked.NEXT, Asked.DATES, Asked.PLACE, Asked.LINK, Asked.AGENDA, Asked.PREPARATION])
def test_after_the_last_meeting_no_more_are_planned(asked: Asked) -> None:
    assert "No more meetings are planned.\nThe last one was Träff c, Tuesday 4 May 2027." in said(one(asked, now=OVER))
    assert labels(one(asked, BOOKS, now=OVER)) == {"Materials", "Programmes"}
    called_off = with_occasion(SINGLE, "c", cancelled=True)
    assert "The last one was Träff b, Tuesday 16 March 2027." in said(one(asked, called_off, now=OVER))


def test_an_agenda_that_is_not_there_yet_and_nothing_to_prepare_are_said_so() -> None:
    bare = with_occasion(SINGLE, "a", agenda=())
    assert "The agenda is not there yet." in said(one(Asked.AGENDA, bare))
    assert "You do not need to prepare anything." in said(one(Asked.PREPARATION, bare))


# --- Registering, people and materials --------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [Asked.PRICE, Asked.LINK, Asked.DEADLINE, Asked.REGISTER])
def test_one_can_register_from_the_answer_only_while_it_is_open(asked: Asked) -> None:
    assert "Register" in labels(one(asked))
    assert "Register" not in labels(one(asked, now=OVER))


@pytest.mark.parametrize("asked", [Asked.DEADLINE, Asked.REGISTER])
def test_when_it_is_too_late_to_register_there_is_somebody_to_ask(asked: Asked) -> None:
    told = said(one(asked, now=OVER))
    assert "Registration is closed." in told
    assert "kurs@example.org" in told


@pytest.mark.parametrize("asked", [Asked.DEADLINE, Asked.REGISTER])
def test_an_archive_needs_no_registration(asked: Asked) -> None:
    assert "You do not need to register for Arkiv." in said(one(asked, ARCHIVE))


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (3, "Träff a: 3 seats left"),
        (0, "Träff a: full, waiting list"),
        (None, "Friday 29 January 2027"),
    ],
)
def test_how_much_room_there_is_stands_beside_the_deadline(left: int | None, told: str) -> None:
    assert told in said(one(Asked.DEADLINE, left={"a": left}))


def test_asked_of_one_meeting_neither_another_nor_the_programme_s_own_dates_are_told() -> None:
    plan = OwnDate("plan", words("Sista dag för planen"), at(DAYS[1], 23, 59))
    for asked in (Asked.DATES, Asked.DEADLINE):
        told = said(one(asked, replace(SINGLE, dates=(plan,)), named=frozenset("b")))
        assert [part in told for part in ("Träff a", "Träff b", "planen")] == [False, True, False]


def test_what_costs_nothing_is_free_of_charge() -> None:
    assert "Free of charge." in said(one(Asked.PRICE, FREE))


def test_lodging_is_told_with_the_price() -> None:
    assert "Lodging and meals: SEK 3,000" in said(one(Asked.PRICE, COHORT))


def test_without_a_rule_of_cancelling_only_the_way_is_told() -> None:
    told = one(Asked.CANCEL, replace(SINGLE, cancellation=Localised({})))
    assert len(told.lines) == 1
    assert "My registrations" in labels(told)


def test_without_contacts_the_organiser_is_named() -> None:
    assert "Contact: SKR" in said(one(Asked.CONTACT, replace(SINGLE, contacts=())))


def test_materials_that_are_not_there_are_not_promised() -> None:
    assert "There are no materials yet." in said(one(Asked.MATERIALS))
    assert labels(one(Asked.MATERIALS, BOOKS)) == {"Materials"}
