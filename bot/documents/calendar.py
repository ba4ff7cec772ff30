"""The calendar file of a seat: opened once it adds the entry, opened later it changes or removes that very entry.

Outlook changes an entry only for a REQUEST or CANCEL that names an organiser and an attendee (RFC 5546, 3.2), and takes
a file with several entries for a calendar of its own. So a seat is one entry in one file whenever it can be; only an
occasion with days apart has several entries, which the standard allows for PUBLISH alone.
"""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar

from bot.documents.entries import MAKER, Meeting, attendee, entries, written
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat
from bot.texts import Translator


def calendar_file(
    programme: Programme, occasion: Occasion, seat: Seat, *, translator: Translator, now: datetime
) -> bytes:
    """The iCalendar file of a seat as things stand at `now`: an entry, a change of it, or its withdrawal."""
    meeting = Meeting(programme, occasion, seat, translator)
    events = tuple(entries(meeting, stamp=now))
    guest = attendee(meeting, seat.participant)
    invites = len(events) == 1 and "ORGANIZER" in events[0] and guest is not None
    if invites:
        events[0].add("ATTENDEE", guest)
    calendar = Calendar.new(prodid=MAKER, method=_method(meeting, invites=invites))
    del calendar["UID"]  # the library's is a new one each time; the entries have their own
    return written(calendar, (meeting,), events)


def _method(meeting: Meeting, *, invites: bool) -> str:
    if meeting.cancelled:
        return "CANCEL"
    return "REQUEST" if invites else "PUBLISH"
