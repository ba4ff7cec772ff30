"""How long a meeting lasts, and when a part of its agenda is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain import times
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.words import Clock, Period, Words, _, n_
from bot.flows.workshops import length
from bot.messages import Fact


class Parts(NamedTuple):
    """What of a meeting somebody asks about, by number; nothing where it is the whole meeting."""

    agenda: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()


class Hours(NamedTuple):
    """From when to when a part of an agenda lasts."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return _minutes(self.ends - self.begins)


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def said(occasion: Occasion, parts: Parts) -> tuple[Words, ...]:
    """The lines of the agenda that were asked about, with their times, or else the topics."""
    lines = tuple(occasion.agenda_lines[number] for number in parts.agenda)
    return lines or tuple(occasion.topics[number] for number in parts.topics)


def hours_of(programme: Programme, occasion: Occasion, part: int) -> Hours | None:
    """When the part of the agenda with this number is; None where its end is not known."""
    item = occasion.agenda[part]
    if not 0 < item.day <= len(occasion.days):
        return None
    span = occasion.days[item.day - 1]
    day = local_day(span.starts_at, programme.zone)
    begins, *later = (
        times.instant(day, at, programme.zone)
        for at in (item.at, *(one.at for one in occasion.agenda if one.day == item.day and one.at > item.at))
    )
    found = Hours(begins, min((*later, span.ends_at)))
    return found if found.minutes > 0 else None


def lasting(programme: Programme, occasion: Occasion, parts: Parts) -> Iterator[Fact]:
    """How long these parts of the agenda last, or the whole meeting."""
    for part in parts.agenda:
        hours = hours_of(programme, occasion, part)
        if hours is not None:
            yield Fact(occasion.agenda[part].what, _part(hours, programme.zone))
    if not parts.agenda:
        yield from _whole(programme, occasion)


def _part(hours: Hours, zone: str) -> Words:
    begins, ends = (Clock(at, zone) for at in hours)
    return _("{length}, {begins}–{ends}", length=length(hours.minutes), begins=begins, ends=ends)


def _whole(programme: Programme, occasion: Occasion) -> Iterator[Fact]:
    several = len(occasion.days) > 1
    if several:
        yield Fact(_("Length"), n_("{n} day", "{n} days", len(occasion.days)))
    for number, span in enumerate(occasion.days, 1):
        label = _("Day {number}", number=number) if several else _("Time")
        yield Fact(label, Period(span.starts_at, span.ends_at, programme.zone))
        if not several:
            yield Fact(_("Length"), length(_minutes(span.ends_at - span.starts_at)))
