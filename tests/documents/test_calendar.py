"""A seat's calendar file: the same entry from the first download to the cancellation, whatever people are called."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from bot.documents.calendar import calendar_file
from bot.domain.people import Language
from bot.domain.programmes import AgendaItem, Contact, Enrolment, Occasion, Programme, Span
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Localised
from bot.texts import Translator

ENGLISH = Translator(Language.ENGLISH, Path())
NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
LINK = "https://meet.example/j/1"
HOSTILE = 'Eva"; CN=x\r\nATTENDEE:mailto:evil@example.com\r\nEND:VEVENT\x00\u2028,:\\n\udcff'


def words(text: str) -> Localised:
    return Localised({"en": text})


def span(month: int, day: int, begin: int, end: int) -> Span:
    return Span(datetime(2027, month, day, begin, tzinfo=UTC), datetime(2027, month, day, end, tzinfo=UTC))


OCCASION = Occasion(
    "o1",
    words("First meeting"),
    (span(3, 16, 9, 15),),
    deadline=NOW,
    link=LINK,
    agenda=(AgendaItem(time(10), words("Coffee")),),
)
CONTACT = Contact("Ann Ek", words("leads"), words("all"), "ann@example.se")
PROGRAMME = Programme(
    "p",
    "1",
    words("Dialogue"),
    words("s"),
    "Org",
    "Europe/Stockholm",
    Enrolment.SINGLE,
    (OCCASION,),
    contacts=(CONTACT,),
)
SEAT = Seat("ab12", "r1", "p", "o1", Participant("Eva Dal", "eva@example.se"), SeatState.CONFIRMED)


def opened(occasion: Occasion = OCCASION, seat: Seat = SEAT, programme: Programme = PROGRAMME) -> Calendar:
    written = calendar_file(programme, occasion, seat, translator=ENGLISH, now=NOW)
    calendar = Calendar.from_ical(written)
    assert isinstance(calendar, Calendar)
    return calendar


def entry(calendar: Calendar) -> Event:
    (event,) = calendar.events
    return event


def test_an_entry_says_when_where_what_and_how_to_cancel() -> None:
    event = entry(opened())
    assert str(event["SUMMARY"]) == "First meeting – Dialogue"
    assert str(event["LOCATION"]) == LINK
    assert event.start.isoformat() == "2027-03-16T10:00:00+01:00"
    assert event.end.isoformat() == "2027-03-16T16:00:00+01:00"
    for part in ("Takes part: Eva Dal", f"Join here: {LINK}", "10.00 Coffee", "My registrations", "ann@example.se"):
        assert part in str(event["DESCRIPTION"])


def test_an_entry_invites_the_participant_who_need_not_answer() -> None:
    calendar = opened()
    event = entry(calendar)
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["ORGANIZER"]) == "mailto:ann@example.se"
    assert str(event["ATTENDEE"]) == "mailto:eva@example.se"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_a_change_and_a_cancellation_concern_the_same_entry() -> None:
    first = entry(opened())
    moved = entry(opened(replace(OCCASION, days=(span(3, 17, 9, 15),), sequence=2)))
    gone = opened(seat=replace(SEAT, state=SeatState.CANCELLED, sequence=1))
    assert first["UID"] == moved["UID"] == entry(gone)["UID"] == "ab12@lartraff"
    assert [event["SEQUENCE"] for event in (first, moved, entry(gone))] == [0, 2, 1]
    assert (gone["METHOD"], entry(gone)["STATUS"]) == ("CANCEL", "CANCELLED")
    assert str(entry(gone)["SUMMARY"]).startswith("Cancelled: ")


def test_P4a_a_moved_occasion_moves_the_very_entry_that_is_there() -> None:
    before = opened()
    after = opened(replace(OCCASION, days=(span(3, 18, 12, 16),), sequence=OCCASION.sequence + 1))
    assert before["METHOD"] == after["METHOD"] == "REQUEST"
    assert entry(after)["UID"] == entry(before)["UID"]
    assert entry(after).sequence == entry(before).sequence + 1
    assert entry(after).start.isoformat() == "2027-03-18T13:00:00+01:00"
    assert str(entry(after)["ORGANIZER"]) == str(entry(before)["ORGANIZER"])


def test_C4b_a_cancelled_occasion_withdraws_the_very_entry_that_is_there() -> None:
    before = opened()
    after = opened(replace(OCCASION, cancelled=True, sequence=OCCASION.sequence + 1))
    assert (after["METHOD"], entry(after)["STATUS"]) == ("CANCEL", "CANCELLED")
    assert entry(after)["UID"] == entry(before)["UID"]
    assert entry(after).sequence == entry(before).sequence + 1
    assert str(entry(after)["ATTENDEE"]) == "mailto:eva@example.se"  # Outlook removes only what names both
    assert str(entry(after)["ORGANIZER"]) == "mailto:ann@example.se"
    assert str(entry(after)["SUMMARY"]).startswith("Called off: ")
    assert LINK not in str(entry(after))


def test_changes_of_the_seat_and_of_the_occasion_add_up_whichever_comes_first() -> None:
    moved, handed_over = replace(OCCASION, sequence=1), replace(SEAT, sequence=1)
    first = entry(opened(moved))["SEQUENCE"], entry(opened(moved, handed_over))["SEQUENCE"]
    other = entry(opened(seat=handed_over))["SEQUENCE"], entry(opened(moved, handed_over))["SEQUENCE"]
    assert first == other == (1, 2)


@pytest.mark.parametrize("state", [SeatState.CANCELLED, SeatState.RELEASED, SeatState.WAITING, SeatState.OFFERED])
def test_the_link_is_for_those_who_have_the_seat(state: SeatState) -> None:
    assert LINK in str(entry(opened()))
    assert LINK not in str(entry(opened(seat=replace(SEAT, state=state))))


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.OFFERED])
def test_whoever_waits_sees_that_they_wait(state: SeatState) -> None:
    event = entry(opened(seat=replace(SEAT, state=state)))
    assert event["STATUS"] == "TENTATIVE"
    assert str(event["SUMMARY"]).startswith("On the waiting list: ")


def test_a_cancelled_occasion_withdraws_every_entry() -> None:
    assert opened(replace(OCCASION, cancelled=True))["METHOD"] == "CANCEL"


def test_days_in_a_row_are_one_entry_with_their_hours_in_the_text() -> None:
    event = entry(opened(replace(OCCASION, days=(span(2, 18, 9, 16), span(2, 19, 8, 12)))))
    assert event.duration == timedelta(days=1, hours=3)
    assert "Friday 19 February 2027 at 09:00–13:00" in str(event["DESCRIPTION"])


def test_days_apart_are_entries_of_their_own() -> None:
    calendar = opened(replace(OCCASION, days=(span(2, 4, 9, 16), span(2, 18, 9, 16))))
    assert [event["UID"] for event in calendar.events] == ["ab12@lartraff", "ab12-2@lartraff"]
    assert calendar["METHOD"] == "PUBLISH"
    assert all("ATTENDEE" not in event for event in calendar.events)


@pytest.mark.parametrize("email", ["", "eva", "eva@example.se\r\nATTENDEE:mailto:x@example.com", "a@b:c", "a b@c"])
def test_without_a_usable_address_nobody_is_invited(email: str) -> None:
    calendar = opened(seat=replace(SEAT, participant=Participant("Eva", email)))
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in entry(calendar)


def test_hostile_words_stay_words() -> None:
    contact = replace(CONTACT, name=HOSTILE)
    occasion = replace(OCCASION, title=words(HOSTILE), place=words(HOSTILE), purpose=words(HOSTILE))
    seat = replace(SEAT, participant=Participant(HOSTILE, "eva@example.se"))
    event = entry(opened(occasion, seat, replace(PROGRAMME, contacts=(contact,))))
    assert str(event["ATTENDEE"]) == "mailto:eva@example.se"  # one, and not the one in the name
    assert sorted(event.errors) == []
    assert "END:VEVENT" in str(event["LOCATION"])


@pytest.mark.parametrize("day", [(3, 27), (3, 29), (7, 1), (10, 30), (11, 2)])
def test_the_zone_in_the_file_agrees_with_the_clock_in_summer_and_winter(day: tuple[int, int]) -> None:
    written = opened(replace(OCCASION, days=(span(*day, 9, 15),)))
    zone = written.timezones[0].to_tz(lookup_tzid=False)
    start = entry(written).start
    assert isinstance(start, datetime)
    assert start.replace(tzinfo=zone).utcoffset() == start.utcoffset()


def test_a_zone_outside_europe_is_described_too() -> None:
    calendar = opened(programme=replace(PROGRAMME, zone="America/New_York"))
    assert [zone.tz_name for zone in calendar.timezones] == ["America/New_York"]


def test_the_same_seat_gives_the_same_file() -> None:
    first, second = (calendar_file(PROGRAMME, OCCASION, SEAT, translator=ENGLISH, now=NOW) for _ in range(2))
    assert first == second
