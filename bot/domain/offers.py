"""Seats that have become free for somebody who waits: until when, what one answer is for, and whose it is to give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from bot.domain import times
from bot.domain.programmes import Enrolment, Programme
from bot.domain.registrations import Registration, Seat, SeatState
from bot.domain.workdays import Whereabouts, day_off

_OFFER_HOURS = (time(8), time(21))


def offer_until(now: datetime, starts_at: datetime, zone: str) -> datetime | None:
    """Until when a freed seat is kept for the first in the waiting list; None when it is no use any more.

    24 hours normally, 2 hours on the day before, 30 minutes on the day itself. Nobody loses a seat in their sleep:
    hours run, and days end, between 08 and 21 local. The 24 hours end on a working day if one lies before the meeting.
    """
    days_left = (times.local(starts_at, zone).date() - times.local(now, zone).date()).days
    if days_left < 0 or now >= starts_at:
        return None
    allowance = timedelta(minutes=30) if days_left == 0 else timedelta(hours=2 if days_left == 1 else 24)
    until = now + allowance if allowance >= timedelta(hours=24) else _within_hours(now, allowance, zone)
    until = _not_at_night(until, zone)
    if allowance >= timedelta(hours=24):
        until = _on_a_working_day(until, starts_at, zone)
    return min(until, starts_at)


def is_offered_now(now: datetime, zone: str) -> bool:
    """Whether a freed seat is offered at this hour: nobody is woken for it."""
    opens, closes = _OFFER_HOURS
    return opens <= times.local(now, zone).time() < closes


def _within_hours(now: datetime, allowance: timedelta, zone: str) -> datetime:
    """`now` plus an allowance that only runs while people are awake."""
    opens, closes = _OFFER_HOURS
    while True:
        day = times.local(now, zone).date()
        start = max(now, times.instant(day, opens, zone))
        end = times.instant(day, closes, zone)
        if start < end:
            if allowance <= end - start:
                return start + allowance
            allowance -= end - start
        now = times.instant(day + timedelta(days=1), time(0), zone)


def _not_at_night(until: datetime, zone: str) -> datetime:
    """`until`, moved to the next morning when it falls in the night."""
    opens, closes = _OFFER_HOURS
    wall = times.local(until, zone)
    if wall.time() > closes:
        return times.instant(wall.date() + timedelta(days=1), opens, zone)
    if wall.time() < opens:
        return times.instant(wall.date(), opens, zone)
    return until


def _on_a_working_day(until: datetime, starts_at: datetime, zone: str) -> datetime:
    """`until`, moved over days off to the same time of the next working day, unless the meeting is there by then."""
    country, wall = Whereabouts.of(zone).country, times.local(until, zone)
    day = wall.date()
    while day_off(day, country):
        day += timedelta(days=1)
    return times.instant(day, wall.time(), zone) if day < times.local(starts_at, zone).date() else until


def answered_together(programme: Programme, seats: Iterable[Seat]) -> tuple[tuple[Seat, ...], ...]:
    """The seats grouped by what is answered at once: one by one, in a cohort a whole registration."""
    groups: dict[str, list[Seat]] = {}
    for seat in seats:
        groups.setdefault(seat.registration if programme.enrolment is Enrolment.COHORT else seat.id, []).append(seat)
    return tuple(tuple(group) for group in groups.values())


def answered_by(registration: Registration, seats: Iterable[Seat]) -> str:
    """Whose answer it is (a person id): who sits on the seats, or who booked them for several or unnamed people."""
    sitting = {seat.participant.person for seat in seats}
    return sitting.pop() if len(sitting) == 1 and "" not in sitting else registration.made_by


def open_to(
    programme: Programme, registration: Registration, person: str, now: datetime
) -> tuple[tuple[Seat, ...], ...]:
    """The registration's offers that still wait for this person's answer."""
    offered = (seat for seat in _held(programme, registration) if _is_open(seat, now))
    groups = answered_together(programme, offered)
    return tuple(group for group in groups if answered_by(registration, group) == person)


def lapsed_for(
    programme: Programme, registration: Registration, person: str, now: datetime
) -> tuple[tuple[Seat, ...], ...]:
    """What this person was offered and did not answer in time, and can still come to."""
    groups = _coming_back(programme, registration, now)
    return tuple(group for group in groups if answered_by(registration, group) == person)


def lapsed_with(programme: Programme, registration: Registration, seat: str, now: datetime) -> tuple[Seat, ...]:
    """What comes back together with this seat (an id): in a cohort all that is held; nothing when it is too late."""
    together = programme.enrolment is Enrolment.COHORT
    groups = _coming_back(programme, registration, now)
    return next((group for group in groups if together or any(one.id == seat for one in group)), ())


def _coming_back(programme: Programme, registration: Registration, now: datetime) -> tuple[tuple[Seat, ...], ...]:
    """The offers that were not answered in time; of a cohort, nobody enters the rest."""
    starts = {occasion.id: occasion.starts_at for occasion in programme.occasions}
    groups = answered_together(programme, filter(has_lapsed, _held(programme, registration)))
    return tuple(group for group in groups if all(starts[seat.occasion] > now for seat in group))


def _held(programme: Programme, registration: Registration) -> Iterator[Seat]:
    """The seats at meetings that are not called off."""
    held = {occasion.id for occasion in programme.occasions if not occasion.cancelled}
    yield from (seat for seat in registration.seats if seat.occasion in held)


def _is_open(seat: Seat, now: datetime) -> bool:
    return seat.state is SeatState.OFFERED and seat.offered_until is not None and seat.offered_until > now


def has_lapsed(seat: Seat) -> bool:
    """Whether it was offered and nobody answered in time: only then it keeps until when it was."""
    return seat.state is SeatState.RELEASED and seat.offered_until is not None
