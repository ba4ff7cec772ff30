"""The calendar file of a seat: opened once it adds the entry, opened later it changes or removes that very entry.

Outlook changes an entry only for a REQUEST or CANCEL that names an organiser and an attendee (RFC 5546, 3.2), and takes
a file with several entries for a calendar of its own. So a seat is one entry in one file whenever it can be: days that
follow each other become one entry from the first start to the last end, with each day's hours in its text. Only an
occasion with days apart has several entries, which the standard allows for PUBLISH alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress
from icalendar.enums import STATUS

from bot.domain import times
from bot.domain.programmes import Contact, Occasion, Programme, Span, local_day
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Period, Words, _
from bot.texts import Translator

_MAKER = "-//Lärträff//Lärträff//SV"
_EMAIL = re.compile(r"[^\s@:;,\"<>()\\]+@[^\s@:;,\"<>()\\]+")  # an address stands in the file unescaped
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode categories: controls, surrogates, line separators
_YEAR = timedelta(days=370)  # before and after the occasion, so that both changes of the clock are described

TimezonePart = TimezoneStandard | TimezoneDaylight


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Everything the entries of one file share."""

    programme: Programme
    occasion: Occasion
    seat: Seat
    translator: Translator

    @property
    def cancelled(self) -> bool:
        return self.occasion.cancelled or self.seat.state in (SeatState.CANCELLED, SeatState.RELEASED)

    @property
    def status(self) -> STATUS:
        if self.cancelled:
            return STATUS.CANCELLED
        return STATUS.CONFIRMED if self.seat.state is SeatState.CONFIRMED else STATUS.TENTATIVE

    @property
    def link(self) -> str:
        """The online meeting, for those who have the seat."""
        return self.occasion.link if self.status is STATUS.CONFIRMED else ""

    def say(self, words: Words) -> str:
        """The words in the reader's language, without characters that no calendar can hold."""
        said = self.translator.say(words)
        return "".join(c for c in said if c == "\n" or unicodedata.category(c) not in _UNPRINTABLE)


def calendar_file(
    programme: Programme, occasion: Occasion, seat: Seat, *, translator: Translator, now: datetime
) -> bytes:
    """The iCalendar file of a seat as things stand at `now`: an entry, a change of it, or its withdrawal."""
    meeting = _Meeting(programme, occasion, seat, translator)
    stays = _stays(occasion.days, programme.zone)
    organiser, attendee = _organiser(meeting), _attendee(seat.participant, meeting)
    invites = len(stays) == 1 and organiser is not None and attendee is not None
    calendar = Calendar.new(prodid=_MAKER, method=_method(meeting, invites=invites))
    del calendar["UID"]  # the library's is a new one each time; the entries have their own
    if programme.zone.startswith("Europe/"):
        calendar.add_component(_european(programme.zone))
    for number, stay in enumerate(stays, 1):
        event = Event.new(
            uid=f"{seat.id}@lartraff" if number == 1 else f"{seat.id}-{number}@lartraff",
            sequence=occasion.sequence + seat.sequence,
            stamp=now,
            start=times.local(stay.starts_at, programme.zone),
            end=times.local(stay.ends_at, programme.zone),
            status=meeting.status,
            summary=_title(meeting),
            location=_place(meeting),
            description="\n".join(_description(meeting)),
            organizer=organiser,
            attendees=[attendee] if invites and attendee is not None else None,
        )
        calendar.add_component(event)
    calendar.add_missing_timezones(occasion.starts_at.date() - _YEAR, occasion.ends_at.date() + _YEAR)
    written: bytes = calendar.to_ical()
    return written


def _method(meeting: _Meeting, *, invites: bool) -> str:
    if meeting.cancelled:
        return "CANCEL"
    return "REQUEST" if invites else "PUBLISH"


def _stays(days: tuple[Span, ...], zone: str) -> list[Span]:
    """Days in a row taken together: from noon to noon with the night between is one stay."""
    stays = [days[0]]
    for day in days[1:]:
        if local_day(day.starts_at, zone) - local_day(stays[-1].ends_at, zone) <= timedelta(days=1):
            stays[-1] = Span(stays[-1].starts_at, day.ends_at)
        else:
            stays.append(day)
    return stays


def _european(name: str) -> Timezone:
    """The zone's summer and winter time by rule, as Outlook wants it: all of Europe changes at 01:00 UTC."""
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(name)).utcoffset() or timedelta() for month in (1, 7))
    zone = Timezone()
    zone.add("TZID", name)
    zone.add_component(_change(TimezoneStandard(), datetime(2026, 10, 25, 1, tzinfo=UTC), summer, winter))
    if summer != winter:
        zone.add_component(_change(TimezoneDaylight(), datetime(2026, 3, 29, 1, tzinfo=UTC), winter, summer))
    return zone


def _change(part: TimezonePart, utc: datetime, before: timedelta, after: timedelta) -> TimezonePart:
    """One of the two changes of the clock: always on the last Sunday of its month."""
    part.add("DTSTART", (utc + before).replace(tzinfo=None))  # the wall clock at that moment
    if before != after:
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": utc.month, "BYDAY": "-1SU"})
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    return part


def _title(meeting: _Meeting) -> str:
    title = f"{meeting.say(meeting.occasion.title)} – {meeting.say(meeting.programme.title)}"
    if meeting.occasion.cancelled:
        return meeting.say(_("Called off: {title}", title=title))
    return meeting.say(_("Cancelled: {title}", title=title)) if meeting.cancelled else title


def _place(meeting: _Meeting) -> str | None:
    return meeting.say(meeting.occasion.place) or meeting.link or None


def _organiser(meeting: _Meeting) -> vCalAddress | None:
    contact = _contact(meeting.programme)
    if contact is None or not _EMAIL.fullmatch(contact.email):
        return None
    return vCalAddress.new(contact.email, cn=_name(meeting, contact.name))


def _attendee(participant: Participant, meeting: _Meeting) -> vCalAddress | None:
    """Who takes part: already accepted, and no answer is asked for, since the seat is given up in the chat."""
    if not _EMAIL.fullmatch(meeting.say(participant.email)):
        return None
    named = _name(meeting, participant.name) or None
    return vCalAddress.new(participant.email, cn=named, partstat="ACCEPTED", role="REQ-PARTICIPANT", rsvp=False)


def _name(meeting: _Meeting, name: str) -> str:
    """A name as a parameter, which can hold neither a line break nor a double quote."""
    return meeting.say(name).replace("\n", " ").replace('"', "'")


def _contact(programme: Programme) -> Contact | None:
    return next((contact for contact in programme.contacts if contact.email), None)


def _description(meeting: _Meeting) -> Iterator[str]:
    occasion, seat, say = meeting.occasion, meeting.seat, meeting.say
    if seat.participant.name:
        yield say(_("Takes part: {name}", name=seat.participant.name))
    if occasion.purpose:
        yield say(occasion.purpose)
    if meeting.link:
        yield say(_("Join here: {link}", link=meeting.link))
    if len(occasion.days) > 1:
        yield from (say(Period(day.starts_at, day.ends_at, meeting.programme.zone)) for day in occasion.days)
    yield from (say(line) for line in occasion.agenda_lines)
    yield say(
        _(
            "Declining in the calendar does not give up the seat. "
            "To do that, open Lärträff in Slack or Teams and choose My registrations."
        )
    )
    contact = _contact(meeting.programme)
    if contact is not None:
        yield say(_("Contact: {name}, {email}", name=contact.name, email=contact.email))
