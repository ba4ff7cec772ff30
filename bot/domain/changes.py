"""What has changed of an occasion, and who needs to hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain import times
from bot.domain.calendar_shift import later
from bot.domain.programmes import Occasion, Programme, Span, local_day
from bot.domain.registrations import ACTIVE_STATES, SeatState
from bot.domain.values import dataclass
from bot.domain.words import Localised
from bot.domain.workdays import Whereabouts, next_polite

SETTLES = timedelta(minutes=10)
"""How long a change lies still before people are told: so long it can be undone, and further changes join it."""

_SOON = timedelta(days=2)
"""Who has so little time until a meeting has to know at once, whatever the hour."""


class Kind(StrEnum):
    """What of an occasion people are told when it changes, the weightiest first; nothing else is."""

    CANCELLED = "cancelled"
    HELD_AFTER_ALL = "held_after_all"
    MOVED = "moved"
    PLACE = "place"
    LINK = "link"
    ANNOUNCED = "announced"  # something that was still to come is known now


_TIME_TO_DECIDE = timedelta(days=7)
"""So long, at the least, it costs nothing to give up a seat that the organiser has moved to another day."""

_FOR_SEATS_ONLY = frozenset({Kind.LINK, Kind.ANNOUNCED})
"""Who only waits for a seat, or booked one for somebody else, is told when they see the meeting again."""

_HEARING = frozenset({*ACTIVE_STATES, SeatState.CANCELLED})
"""Those who hear of a change; one who has just cancelled may still undo it, and decides on what is true now."""


@dataclass(frozen=True, slots=True)
class Change:
    """An occasion as people were last told, and as it is."""

    before: Occasion
    after: Occasion

    @property
    def kinds(self) -> frozenset[Kind]:
        return differences(self.before, self.after)


def told_at(changes: Iterable[Change], zone: str, now: datetime) -> datetime:
    """When people hear of the changes of a programme, all together: in working hours, unless one of them is urgent.

    Outside of them they wait for the next ones, if that is two days before each of the meetings, as it was and is.
    """
    return heard_at(changes, Whereabouts.of(zone), now + SETTLES)


def heard_at(changes: Iterable[Change], there: Whereabouts, now: datetime) -> datetime:
    """When somebody who works `there` hears of changes that can be told now: a day off of their own counts, too."""
    polite = next_polite(now, there)
    starts = (moment for one in changes for moment in (one.before.starts_at, one.after.starts_at))
    return polite if all(polite + _SOON <= moment for moment in starts) else now


def differences(before: Occasion, after: Occasion) -> frozenset[Kind]:
    """What people have to be told; nothing when the difference does not concern them."""
    if after.cancelled:
        return frozenset() if before.cancelled else frozenset({Kind.CANCELLED})
    return frozenset(_differences(before, after))


def _differences(before: Occasion, after: Occasion) -> Iterator[Kind]:
    if before.cancelled:
        yield Kind.HELD_AFTER_ALL
    if before.days != after.days:
        yield Kind.MOVED
    if (before.place, before.format) != (after.place, after.format):
        yield Kind.PLACE
    if before.link != after.link:
        yield Kind.LINK
    if known_now(before, after) or (after.agenda and not before.agenda):
        yield Kind.ANNOUNCED


def known_now(before: Occasion, after: Occasion) -> tuple[Localised, ...]:
    """What was still to come and is not any more; a fact that is only worded anew does not count."""
    if len(after.to_come) >= len(before.to_come):
        return ()
    return tuple(fact for fact in before.to_come if fact not in after.to_come)


def concerns(kinds: frozenset[Kind], state: SeatState) -> bool:
    """Whether somebody whose seat stands so hears of the change."""
    if kinds <= _FOR_SEATS_ONLY:
        return bool(kinds) and state is SeatState.CONFIRMED
    return state in _HEARING


def concerns_registrant(kinds: frozenset[Kind]) -> bool:
    """Whether also the one who booked the seat for somebody else hears of the change."""
    return not kinds <= _FOR_SEATS_ONLY


def in_calendar(occasion: Occasion) -> tuple[object, ...]:
    """What a calendar entry shows of the occasion."""
    shown = (occasion.title, occasion.place, occasion.link, occasion.purpose, occasion.agenda)
    return (*shown, occasion.days, occasion.cancelled)


def succeeds(before: Occasion, after: Occasion) -> Occasion:
    """`after` with the sequence that follows: raised when calendars or people have to hear of the difference."""
    heard = in_calendar(before) != in_calendar(after) or bool(differences(before, after))
    return replace(after, sequence=before.sequence + heard)


def with_occasion(programme: Programme, changed: Occasion) -> Programme:
    """The programme with one of its occasions exchanged, in the order of time."""
    exchanged = (changed if one.id == changed.id else one for one in programme.occasions)
    return replace(programme, occasions=tuple(sorted(exchanged, key=lambda one: one.starts_at)))


def with_agenda_of(occasion: Occasion, days: tuple[int, ...]) -> Occasion:
    """The occasion when it has these of its days, by number: what was to happen on the others falls away."""
    numbers = {was: now for now, was in enumerate(days, 1)}
    agenda = tuple(replace(item, day=numbers[item.day]) for item in occasion.agenda if item.day in numbers)
    return replace(occasion, agenda=tuple(sorted(agenda, key=lambda item: item.day)))


def held_on(occasion: Occasion, days: tuple[Span, ...], zone: str, now: datetime) -> Occasion:
    """The occasion on other days; the last dates to register and to cancel free of charge move with it."""
    by = local_day(days[0].starts_at, zone) - local_day(occasion.starts_at, zone)
    deadline = min(later(occasion.deadline, by, zone), days[0].starts_at)
    moved = replace(occasion, days=days, deadline=deadline)
    if occasion.free_until is None or not by:
        return moved
    enough = times.instant(local_day(now + _TIME_TO_DECIDE, zone) + timedelta(days=1), time(0), zone)
    return replace(moved, free_until=max(later(occasion.free_until, by, zone), min(enough, moved.starts_at)))
