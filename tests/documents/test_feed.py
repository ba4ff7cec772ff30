"""A calendar to subscribe to: the files' own entries, as things stand today, and the same bytes until they change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from bot.documents.calendar import calendar_file
from bot.documents.feed import Sitting, person_feed, programme_feed
from bot.domain.people import Language
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import SeatState
from bot.texts import Translator
from tests.documents.test_calendar import HOSTILE, LINK, OCCASION, PROGRAMME, SEAT, span, words

ENGLISH = Translator(Language.ENGLISH, Path())
THEN = datetime(2027, 1, 10, 8, tzinfo=UTC)
SECOND = replace(OCCASION, id="o2", title=words("Second meeting"), days=(span(5, 4, 8, 14),), link=f"{LINK}2")


def sitting(
    occasion: Occasion = OCCASION,
    programme: Programme = PROGRAMME,
    *,
    id: str = SEAT.id,
    state: SeatState = SeatState.CONFIRMED,
) -> Sitting:
    return Sitting(programme, occasion, replace(SEAT, id=id, occasion=occasion.id, state=state), THEN)


def person(*sittings: Sitting) -> Calendar:
    return parsed(person_feed(sittings, translator=ENGLISH))


def everybody(programme: Programme = PROGRAMME) -> Calendar:
    return parsed(programme_feed(programme, THEN, translator=ENGLISH))


def parsed(written: bytes) -> Calendar:
    calendar = Calendar.from_ical(written)
    assert isinstance(calendar, Calendar)
    assert calendar.get_missing_tzids() == set()
    assert all(event.errors == [] and {"UID", "DTSTAMP", "DTSTART"} <= set(event) for event in calendar.events)
    return calendar


def entry(calendar: Calendar) -> Event:
    (event,) = calendar.events
    return event


def test_a_calendar_says_what_it_is_and_how_often_to_ask() -> None:
    calendar = person(sitting())
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "My meetings in Lärträff"
    assert calendar.refresh_interval == timedelta(hours=1)
    written = person_feed([sitting()], translator=ENGLISH)
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in written  # RFC 7986, 5.7: the value's type is required
    assert b"\r\nX-PUBLISHED-TTL:PT1H\r\n" in written


def test_every_seat_of_every_programme_is_there_in_the_order_of_time() -> None:
    abroad = replace(PROGRAMME, id="q", zone="America/New_York")
    calendar = person(sitting(SECOND, abroad, id="cd34"), sitting())
    assert [str(event["UID"]) for event in calendar.events] == ["ab12@lartraff", "cd34@lartraff"]
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Stockholm", "America/New_York"]


@pytest.mark.parametrize("state", list(SeatState))
def test_an_entry_is_the_one_in_the_seats_own_file(state: SeatState) -> None:
    seat = replace(SEAT, state=state, sequence=3)
    moved = replace(OCCASION, sequence=2, days=(span(3, 17, 9, 15),))
    written = calendar_file(PROGRAMME, moved, seat, translator=ENGLISH, now=THEN)
    file, feed = entry(parsed(written)), entry(person(Sitting(PROGRAMME, moved, seat, THEN)))
    for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND"):
        assert file[name].to_ical() == feed[name].to_ical()
    assert feed["SEQUENCE"] == 5
    assert "ATTENDEE" not in feed  # RFC 5546, 3.2.1: what is published invites nobody


def test_only_what_is_certain_takes_time_and_has_the_link() -> None:
    states = {state: entry(person(sitting(state=state))) for state in SeatState}
    assert {state for state, event in states.items() if LINK in str(event)} == {SeatState.CONFIRMED}
    assert {state for state, event in states.items() if event["TRANSP"] == "OPAQUE"} == {SeatState.CONFIRMED}
    assert [str(states[state]["STATUS"]) for state in SeatState] == [
        *("CONFIRMED", "TENTATIVE", "TENTATIVE", "CANCELLED", "CANCELLED")
    ]


def test_P4a_a_moved_occasion_is_the_same_entry_at_its_new_time() -> None:
    before, after = person(sitting()), person(sitting(replace(OCCASION, days=(span(3, 18, 9, 15),), sequence=1)))
    assert entry(before)["UID"] == entry(after)["UID"]
    assert entry(after).sequence == entry(before).sequence + 1
    assert entry(after).start - entry(before).start == timedelta(days=2)


def test_C4b_a_cancelled_occasion_is_withdrawn_and_its_link_gone() -> None:
    event = entry(person(sitting(replace(OCCASION, cancelled=True, sequence=1))))
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 1, "TRANSPARENT")
    assert LINK not in str(event)


def test_a_seat_given_up_is_not_shown_beside_the_one_taken_instead() -> None:
    given_up, taken = sitting(state=SeatState.CANCELLED), sitting(id="cd34")
    assert str(entry(person(given_up, taken))["UID"]) == "cd34@lartraff"
    assert str(entry(person(given_up))["UID"]) == "ab12@lartraff"


def test_without_a_seat_the_calendar_is_empty_and_still_a_calendar() -> None:
    assert person().events == []


def test_the_same_facts_give_the_same_bytes_in_whatever_order_they_come() -> None:
    one, two = sitting(), sitting(SECOND, id="cd34")
    assert person_feed([one, two], translator=ENGLISH) == person_feed([two, one], translator=ENGLISH)
    assert entry(person(one)).DTSTAMP == entry(person(one)).LAST_MODIFIED == THEN
    later = replace(one, changed_at=THEN + timedelta(days=1))
    assert person_feed([one], translator=ENGLISH) != person_feed([later], translator=ENGLISH)


def test_a_programmes_calendar_has_what_everybody_may_know() -> None:
    calendar = everybody(replace(PROGRAMME, occasions=(OCCASION, replace(SECOND, cancelled=True))))
    first, second = calendar.events
    assert calendar["NAME"] == "Dialogue"
    assert [str(event["UID"]) for event in (first, second)] == ["p.o1@lartraff", "p.o2@lartraff"]
    assert [str(event["STATUS"]) for event in (first, second)] == ["CONFIRMED", "CANCELLED"]
    assert "10.00 Coffee" in str(first["DESCRIPTION"])
    assert b"meet.example" not in calendar.to_ical()  # the positive control is in the person's calendar above
    assert b"Takes part" not in calendar.to_ical()
    assert all(event["TRANSP"] == "TRANSPARENT" for event in calendar.events)


def test_days_apart_have_entries_that_no_other_occasion_can_have() -> None:
    apart = replace(OCCASION, days=(span(2, 4, 9, 16), span(2, 18, 9, 16)))
    programme = replace(PROGRAMME, occasions=(apart, replace(OCCASION, id="o1-2")))
    uids = [str(event["UID"]) for event in everybody(programme).events]
    assert uids == ["p.o1@lartraff", "p.o1.2@lartraff", "p.o1-2@lartraff"]


def test_hostile_words_stay_words() -> None:
    occasion = replace(OCCASION, title=words(HOSTILE), place=words(HOSTILE), purpose=words(HOSTILE))
    programme = replace(PROGRAMME, title=words(HOSTILE), occasions=(occasion,))
    for calendar in (everybody(programme), person(sitting(occasion, programme))):
        assert "END:VEVENT" in str(entry(calendar)["LOCATION"])
        assert "ATTENDEE" not in entry(calendar)
        assert "\n" not in str(calendar["NAME"])


def test_a_meeting_of_long_ago_goes_by_the_clock_of_its_own_summer() -> None:
    zone = person(sitting(replace(OCCASION, days=(span(3, 16, 9, 15),)))).timezones[0].to_tz(lookup_tzid=False)
    assert datetime(2019, 7, 1, 12, tzinfo=zone).utcoffset() == timedelta(hours=2)
    assert datetime(2019, 1, 1, 12, tzinfo=zone).utcoffset() == timedelta(hours=1)
