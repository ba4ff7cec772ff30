"""Seats that have become free for somebody who waits: what one answer is for, and whose it is to give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.programmes import Enrolment, Programme
from bot.domain.registrations import Registration, Seat, SeatState


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
    held = {occasion.id for occasion in programme.occasions if not occasion.cancelled}
    offered = (seat for seat in registration.seats if seat.occasion in held and _is_open(seat, now))
    groups = answered_together(programme, offered)
    return tuple(group for group in groups if answered_by(registration, group) == person)


def _is_open(seat: Seat, now: datetime) -> bool:
    return seat.state is SeatState.OFFERED and seat.offered_until is not None and seat.offered_until > now


def has_lapsed(seat: Seat) -> bool:
    """Whether it was offered and nobody answered in time: only then it keeps until when it was."""
    return seat.state is SeatState.RELEASED and seat.offered_until is not None
