"""What is answered about a programme's meetings: when, how long, where, with what link, and what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.programmes import Format, Occasion, OwnDate, Programme, local_day
from bot.domain.words import Day, Text, _
from bot.flows import buttons, occasions, timetable
from bot.flows.telling import Known, Told
from bot.flows.timetable import Parts
from bot.messages import Action, Button, Fact, Item


def coming(known: Known, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that are not over: the reader's own ones, or all of them when there are none."""
    there = ahead(known, now)
    if any(one.id in known.named for one in there):
        return there
    return tuple(one for one in there if one.id in known.mine) or there


def ahead(known: Known, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that are not over: those that were named, or all of them."""
    there = tuple(one for one in known.programme.occasions if not one.cancelled and one.ends_at > now)
    return tuple(one for one in there if one.id in known.named) or there


def attended(known: Known, now: datetime) -> tuple[Occasion, ...]:
    return tuple(one for one in coming(known, now) if one.id in known.mine)


def next_meeting(known: Known, now: datetime) -> Told:
    return _meetings(known, coming(known, now)[:1])


def previous(known: Known, now: datetime) -> Told:
    """The meeting held last: of the reader's own ones, or of all when there was none."""
    held = [one for one in known.programme.occasions if not one.cancelled and one.ends_at <= now]
    own = [one for one in held if one.id in known.mine] or held
    if not own:
        first = next_meeting(known, now)
        return replace(first, lines=(_("No meeting has been held yet. First comes:"), *first.lines))
    last = max(own, key=lambda one: one.ends_at)
    return Told((_the_last(last, known.programme.zone),), buttons=_ways(known))


def dates(known: Known, now: datetime) -> Told:
    """All meetings, and the days that are none, such as the last one to send something in."""
    if known.days:
        asked = tuple(one for one in known.programme.dates if one.id in known.days)
        return Told(tuple(one.about for one in asked if one.about), _days(known, asked))
    told = _meetings(known, coming(known, now))
    if known.named:
        return told
    return replace(told, facts=_days(known, (one for one in known.programme.dates if one.at >= now)))


def _days(known: Known, days: Iterable[OwnDate]) -> tuple[Fact, ...]:
    return tuple(Fact(one.title, Day(local_day(one.at, known.programme.zone))) for one in days)


def _over(known: Known) -> Told:
    """That nothing comes any more, what was last, and where to go on from there."""
    held = [one for one in known.programme.occasions if not one.cancelled]
    last = max(held, key=lambda one: one.ends_at, default=None)
    was = () if last is None else (_the_last(last, known.programme.zone),)
    materials = (buttons.ALL_MATERIALS,) if known.programme.materials else ()
    return Told((_("No more meetings are planned."), *was), buttons=(*materials, buttons.ALL_PROGRAMMES))


def _the_last(meeting: Occasion, zone: str) -> Text:
    return _("The last one was {title}, {day}.", title=meeting.title, day=Day(local_day(meeting.ends_at, zone)))


def _meetings(known: Known, meetings: Sequence[Occasion]) -> Told:
    if not meetings:
        return _over(known)
    items = tuple(meeting_item(known, one) for one in meetings)
    return Told(items=items, buttons=_ways(known))


def meeting_item(known: Known, occasion: Occasion) -> Item:
    mine = occasion.id in known.mine
    about = timetable.said(occasion, known.parts.get(occasion.id, Parts()))
    lines = (*about, *((_("You are registered."),) if mine else ()))
    join = buttons.join(occasion) if mine else ()
    return Item(occasion.title, lines, occasions.facts(known.programme, occasion, member=False), join)


def length(known: Known, now: datetime) -> Told:
    meetings = coming(known, now) if known.named else coming(known, now)[:1]
    if not meetings:
        return _over(known)
    told = (Item(one.title, facts=tuple(_lasting(known, one))) for one in meetings)
    return Told(items=tuple(told), buttons=_ways(known))


def _lasting(known: Known, occasion: Occasion) -> Iterator[Fact]:
    return timetable.lasting(known.programme, occasion, known.parts.get(occasion.id, Parts()))


def _ways(known: Known) -> tuple[Button, ...]:
    return (buttons.MY_REGISTRATIONS,) if known.mine else (_read_more(known.programme),)


def _read_more(programme: Programme) -> Button:
    return Button(_("Read more"), Action(buttons.PROGRAMME, programme.id))


def place(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)
    if not meetings:
        return _over(known)
    told = tuple(Fact(occasions.label(known.programme, one), occasions.where(one)) for one in meetings)
    return Told(facts=told, buttons=_ways(known))


def link(known: Known, now: datetime) -> Told:
    """Only whoever has a seat gets the link, and only for that seat."""
    meetings = coming(known, now)
    if not meetings:
        return _over(known)
    mine = tuple(one for one in meetings if one.id in known.mine)
    if not mine:
        return Told(
            (_("The link is shown to those who are registered, and comes in the reminders."),),
            buttons=way_in(known, now),
        )
    guide = known.programme.joining_guide if any(one.link for one in mine) else None
    how = (Button(guide.title, url=guide.url),) if guide is not None else ()
    return Told(items=tuple(_with_link(known, one) for one in mine[:3]), buttons=(*how, buttons.MY_REGISTRATIONS))


def _with_link(known: Known, occasion: Occasion) -> Item:
    """A meeting with its link, or with why there is none."""
    told = meeting_item(known, occasion)
    if occasion.link or occasion.format is Format.ON_SITE:
        return told
    return replace(
        told, lines=(*told.lines, _("The link is not there yet. You get it in the reminder before the meeting."))
    )


def way_in(known: Known, now: datetime) -> tuple[Button, ...]:
    """The way to register, while there is one."""
    return (buttons.register(known.programme),) if known.programme.is_open(now) else (_read_more(known.programme),)


def agenda(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)[:1]
    if not meetings:
        return _over(known)
    occasion = meetings[0]
    purpose = (occasion.purpose,) if occasion.purpose else ()
    lines = (*purpose, *occasion.topics, *occasion.agenda_lines) or (_("The agenda is not there yet."),)
    return Told(items=(Item(occasion.title, lines, occasions.facts(known.programme, occasion, member=False)),))


def preparation(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)[:1]
    if not meetings:
        return _over(known)
    occasion = meetings[0]
    lines = occasion.preparation or (_("You do not need to prepare anything."),)
    day = (Fact(_("Time"), occasions.hours(known.programme, occasion)),)
    return Told(items=(Item(occasion.title, lines, day),), buttons=(buttons.ALL_MATERIALS,))
