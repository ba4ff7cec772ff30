"""What one meeting becomes in a calendar: its entries, their words, and the clock they go by.

Days that follow each other become one entry from the first start to the last end, with each day's hours in its text;
only days apart are entries of their own. A seat keeps its entries' UIDs wherever it is shown, so that the file and the
subscription speak of the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress
from icalendar.enums import STATUS

from bot.domain import times
from bot.domain.programmes import Contact, Occasion, Programme, Span, local_day
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.values import dataclass
from bot.domain.words import Period, Words, _
from bot.texts import Translator

MAKER = "-//Lärträff//Lärträff//SV"
_EMAIL = re.compile(r"[^\s@:;,\"<>()\\]+@[^\s@:;,\"<>()\\]+")  # an address stands in the file unescaped
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode categories: controls, surrogates, line separators
_YEAR = timedelta(days=370)  # before and after the meetings, so that both changes of the clock are described

TimezonePart = TimezoneStandard | TimezoneDaylight


@dataclass(frozen=True, slots=True)
class Meeting:
    """An occasion as a calendar shows it: with a seat to the one who sits there, without one to everybody."""

    programme: Programme
    occasion: Occasion
    seat: Seat | None
    translator: Translator

    @property
    def cancelled(self) -> bool:
        given_up = self.seat is not None and self.seat.state in (SeatState.CANCELLED, SeatState.RELEASED)
        return self.occasion.cancelled or given_up

    @property
    def status(self) -> STATUS:
        if self.cancelled:
            return STATUS.CANCELLED
        certain = self.seat is None or self.seat.state is SeatState.CONFIRMED
        return STATUS.CONFIRMED if certain else STATUS.TENTATIVE

    @property
    def link(self) -> str:
        """The online meeting, for those who have the seat."""
        return self.occasion.link if self.seat is not None and self.status is STATUS.CONFIRMED else ""

    @property
    def sequence(self) -> int:
        """Rises with every change of the occasion and of the seat."""
        return self.occasion.sequence + (self.seat.sequence if self.seat else 0)

    def uid(self, number: int) -> str:
        """The same for ever: calendars find the entry by it. Ids of programmes and occasions have no dots."""
        if self.seat is None:
            plain, dash = f"{self.programme.id}.{self.occasion.id}", "."
        else:
            plain, dash = self.seat.id, "-"
        return f"{plain}@lartraff" if number == 1 else f"{plain}{dash}{number}@lartraff"

    @property
    def title(self) -> str:
        title = f"{self.say(self.occasion.title)} – {self.say(self.programme.title)}"
        if self.occasion.cancelled:
            return self.say(_("Called off: {title}", title=title))
        if self.cancelled:
            return self.say(_("Cancelled: {title}", title=title))
        return title if self.status is STATUS.CONFIRMED else self.say(_("On the waiting list: {title}", title=title))

    def say(self, words: Words) -> str:
        """The words in the reader's language, as far as a calendar can hold them."""
        return printable(self.translator.say(words))


def printable(said: str) -> str:
    """The text without characters that no calendar can hold."""
    return "".join(c for c in said if c == "\n" or unicodedata.category(c) not in _UNPRINTABLE)


def entries(meeting: Meeting, *, stamp: datetime) -> Iterator[Event]:
    """The meeting's entries as things stood at `stamp`."""
    programme, organiser = meeting.programme, _organiser(meeting)
    for number, stay in enumerate(stays(meeting.occasion.days, programme.zone), 1):
        yield Event.new(
            uid=meeting.uid(number),
            sequence=meeting.sequence,
            stamp=stamp,
            start=times.local(stay.starts_at, programme.zone),
            end=times.local(stay.ends_at, programme.zone),
            status=meeting.status,
            summary=meeting.title,
            location=meeting.say(meeting.occasion.place) or meeting.link or None,
            description="\n".join(_description(meeting)),
            organizer=organiser,
        )


def stays(days: tuple[Span, ...], zone: str) -> list[Span]:
    """Days in a row taken together: from noon to noon with the night between is one stay."""
    together = [days[0]]
    for day in days[1:]:
        if local_day(day.starts_at, zone) - local_day(together[-1].ends_at, zone) <= timedelta(days=1):
            together[-1] = Span(together[-1].starts_at, day.ends_at)
        else:
            together.append(day)
    return together


def attendee(meeting: Meeting, participant: Participant) -> vCalAddress | None:
    """Who takes part: already accepted, and no answer is asked for, since the seat is given up in the chat."""
    if not _EMAIL.fullmatch(meeting.say(participant.email)):
        return None
    named = _name(meeting, participant.name) or None
    return vCalAddress.new(participant.email, cn=named, partstat="ACCEPTED", role="REQ-PARTICIPANT", rsvp=False)


def _organiser(meeting: Meeting) -> vCalAddress | None:
    """Whom calendars name as the one who invites."""
    contact = _contact(meeting.programme)
    if contact is None or not _EMAIL.fullmatch(contact.email):
        return None
    return vCalAddress.new(contact.email, cn=_name(meeting, contact.name))


def _name(meeting: Meeting, name: str) -> str:
    """A name as a parameter, which can hold neither a line break nor a double quote."""
    return meeting.say(name).replace("\n", " ").replace('"', "'")


def _contact(programme: Programme) -> Contact | None:
    return next((contact for contact in programme.contacts if contact.email), None)


def _description(meeting: Meeting) -> Iterator[str]:
    occasion, seat, say = meeting.occasion, meeting.seat, meeting.say
    if seat is not None and seat.participant.name:
        yield say(_("Takes part: {name}", name=seat.participant.name))
    if occasion.purpose:
        yield say(occasion.purpose)
    if meeting.link:
        yield say(_("Join here: {link}", link=meeting.link))
    if len(occasion.days) > 1:
        yield from (say(Period(day.starts_at, day.ends_at, meeting.programme.zone)) for day in occasion.days)
    yield from (say(line) for line in occasion.agenda_lines)
    if seat is not None:
        yield say(
            _(
                "Declining in the calendar does not give up the seat. "
                "To do that, open Lärträff in Slack or Teams and choose My registrations."
            )
        )
    contact = _contact(meeting.programme)
    if contact is not None:
        yield say(_("Contact: {name}, {email}", name=contact.name, email=contact.email))


def written(calendar: Calendar, meetings: Sequence[Meeting], events: Iterable[Event]) -> bytes:
    """The calendar with the meetings' zones and entries, as a file."""
    for zone in sorted({meeting.programme.zone for meeting in meetings}):
        if zone.startswith("Europe/"):
            calendar.add_component(_european(zone))
    for event in events:
        calendar.add_component(event)
    if meetings:  # zones outside Europe are described by every change in the years that matter
        first, last = min(m.occasion.starts_at for m in meetings), max(m.occasion.ends_at for m in meetings)
        calendar.add_missing_timezones(first.date() - _YEAR, last.date() + _YEAR)
    ical: bytes = calendar.to_ical()
    return ical


def _european(name: str) -> Timezone:
    """The zone's summer and winter time by rule, as Outlook wants it: since 1996 all of Europe changes at 01:00 UTC."""
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(name)).utcoffset() or timedelta() for month in (1, 7))
    zone = Timezone()
    zone.add("TZID", name)
    zone.add_component(_change(TimezoneStandard(), datetime(1996, 10, 27, 1, tzinfo=UTC), summer, winter))
    if summer != winter:
        zone.add_component(_change(TimezoneDaylight(), datetime(1996, 3, 31, 1, tzinfo=UTC), winter, summer))
    return zone


def _change(part: TimezonePart, utc: datetime, before: timedelta, after: timedelta) -> TimezonePart:
    """One of the two changes of the clock: always on the last Sunday of its month."""
    part.add("DTSTART", (utc + before).replace(tzinfo=None))  # the wall clock at that moment
    if before != after:
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": utc.month, "BYDAY": "-1SU"})
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    return part
