"""A calendar that is subscribed to: everything a person takes part in, or everything a programme holds.

The same facts give the same bytes, whenever and wherever they are written: no entry says when it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText
from icalendar.enums import STATUS, TRANSP

from bot.documents.entries import MAKER, Meeting, entries, printable, written
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat, is_active
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.texts import Translator

_REFRESH = timedelta(hours=1)
"""How soon a calendar should ask again, where it listens. A meeting that moves in the morning is then right before
lunch, and ten thousand calendars are three questions a second. Many ask a few times a day whatever is said."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat with where and when it is, and the moment (UTC) of the last change to either."""

    programme: Programme
    occasion: Occasion
    seat: Seat
    changed_at: datetime


def person_feed(sittings: Iterable[Sitting], *, translator: Translator) -> bytes:
    """All seats of a person. Those given up are withdrawn entries, for calendars that never forget one by themselves.

    A seat that was given up is left out where the person sits at the same meeting again.
    """
    sittings = sorted(sittings, key=lambda one: (one.occasion.starts_at, one.seat.id))
    taken = {_where(one) for one in sittings if is_active(one.seat)}
    shown = [one for one in sittings if is_active(one.seat) or _where(one) not in taken]
    meetings = [Meeting(one.programme, one.occasion, one.seat, translator) for one in shown]
    stamped = zip(meetings, (one.changed_at for one in shown), strict=True)
    events = [event for meeting, stamp in stamped for event in _entries(meeting, stamp)]
    return _feed(_("My meetings in Lärträff"), meetings, events, translator)


def programme_feed(programme: Programme, changed_at: datetime, *, translator: Translator) -> bytes:
    """What everybody may know of a programme's meetings; it fills nobody's time, since not all take part in all."""
    meetings = [Meeting(programme, occasion, None, translator) for occasion in programme.occasions]
    events = [event for meeting in meetings for event in _entries(meeting, changed_at)]
    return _feed(programme.title, meetings, events, translator)


def _where(sitting: Sitting) -> tuple[str, str]:
    return sitting.programme.id, sitting.occasion.id


def _entries(meeting: Meeting, stamp: datetime) -> Iterable[Event]:
    certain = meeting.seat is not None and meeting.status is STATUS.CONFIRMED
    for event in entries(meeting, stamp=stamp):
        event.LAST_MODIFIED = stamp
        event.transparency = TRANSP.OPAQUE if certain else TRANSP.TRANSPARENT  # only what is certain takes one's time
        yield event


def _feed(name: Words, meetings: Sequence[Meeting], events: Iterable[Event], translator: Translator) -> bytes:
    """The calendar with its name and how often to look, each said twice: as RFC 7986 has it, and as it was before."""
    calendar = Calendar.new(prodid=MAKER, method="PUBLISH")
    del calendar["UID"]  # the library's is a new one each time; the entries have their own
    title = vText(" ".join(printable(translator.say(name)).split()))
    calendar.add("NAME", title)
    calendar.add("X-WR-CALNAME", title)
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH, {"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    return written(calendar, meetings, events)
