"""An organisation's registration for a programme, the seats it holds, and what happens to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain import times
from bot.domain.values import dataclass

UNDO = timedelta(minutes=10)
"""How long a cancelled seat is held for the one who changes their mind."""


class SeatState(StrEnum):
    """Where a seat stands. A cancelled seat counts against the capacity until it is released."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat became free and is kept for this person until `offered_until`
    CANCELLED = "cancelled"  # may still be undone
    RELEASED = "released"  # gone for good


ACTIVE_STATES = (SeatState.CONFIRMED, SeatState.WAITING, SeatState.OFFERED)
"""How a seat stands that somebody has, waits for or is offered."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Who sits on a seat. Without a name the seat is booked but not yet given to anyone."""

    name: str = ""
    email: str = ""
    person: str = ""  # person id once the participant is known in a workspace


def is_same_person(typed: Participant, known: Participant) -> bool:
    """Whether who is typed is somebody known already: the name as people write it, and no e-mail of anybody else."""
    return _folded(typed.name) == _folded(known.name) and _folded(typed.email) in ("", _folded(known.email))


def _folded(typed: str) -> str:
    return " ".join(typed.casefold().split())


@dataclass(frozen=True, slots=True)
class Seat:
    """An organisation's place at one occasion."""

    id: str
    registration: str
    programme: str
    occasion: str
    participant: Participant
    state: SeatState
    lodging: bool = False
    position: int = 0  # place in the waiting list, counted from 1; 0 when not waiting
    offered_until: datetime | None = None  # UTC
    undo_until: datetime | None = None  # UTC; of a released seat, when the time to undo was over
    sequence: int = 0  # calendar SEQUENCE of this seat's own changes
    fee: int = 0  # whole kronor excluding VAT that giving it up cost


@dataclass(frozen=True, slots=True)
class Registration:
    """One booking by an organisation, made by one person."""

    id: str
    programme: str
    organisation: str  # name as shown
    organisation_key: str  # directory key, or "other:<name>" for one that is not in the directory
    made_by: str  # person id
    seats: tuple[Seat, ...]
    invoice_reference: str = ""
    gln: str = ""
    needs: str = ""
    version: int = 0  # rises with every change


@dataclass(frozen=True, slots=True)
class Register:
    """Command: book seats."""

    programme: str
    organisation: str
    organisation_key: str
    name: str  # of the one who registers
    email: str
    seats: tuple[tuple[str, Participant], ...]  # (occasion id, who), one entry a seat
    lodging: frozenset[str] = frozenset()  # occasion ids
    invoice_reference: str = ""
    gln: str = ""
    needs: str = ""
    prerequisite: str = ""  # "yes", "no" or "" when not asked
    role: str = ""  # role group of the one who registers, if they have said


@dataclass(frozen=True, slots=True)
class Change:
    """Command: hold exactly these occasions from now on, with these details."""

    registration: str
    occasions: tuple[str, ...]
    lodging: frozenset[str]
    invoice_reference: str = ""
    gln: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Substitution:
    """Who came instead of whom. `code` lets a newcomer without a known account claim the seat, once."""

    registration: Registration
    seats: tuple[Seat, ...]  # as they are now
    replaced: tuple[Participant, ...]
    code: str = ""


def gln_is_valid(typed: str) -> bool:
    """Whether a Global Location Number has 13 digits and the right check digit (GS1 General Specifications 7.9)."""
    digits = [int(c) for c in typed if c.isdigit()]
    if len(digits) != 13 or len(typed.replace(" ", "")) != 13:
        return False
    weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return (10 - weighted % 10) % 10 == digits[12]


_OFFER_HOURS = (time(8), time(21))


def offer_until(now: datetime, starts_at: datetime, zone: str) -> datetime | None:
    """Until when a freed seat is kept for the first in the waiting list; None when it is no use any more.

    24 hours normally, 2 hours on the day before, 30 minutes on the day itself. The time runs only between
    08 and 21 local, so that nobody loses a seat in their sleep.
    """
    days_left = (times.local(starts_at, zone).date() - times.local(now, zone).date()).days
    if days_left < 0 or now >= starts_at:
        return None
    allowance = timedelta(minutes=30) if days_left == 0 else timedelta(hours=2 if days_left == 1 else 24)
    until = now + allowance if allowance >= timedelta(hours=24) else _within_hours(now, allowance, zone)
    until = _not_at_night(until, zone)
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


def is_active(seat: Seat) -> bool:
    return seat.state in ACTIVE_STATES


def undoable(seats: Iterable[Seat], now: datetime) -> tuple[Seat, ...]:
    """The cancelled seats that are still held for the one who changes their mind."""
    return tuple(
        seat
        for seat in seats
        if seat.state is SeatState.CANCELLED and seat.undo_until is not None and seat.undo_until > now
    )


def undone_at_once(seats: Iterable[Seat], action: str, now: datetime) -> tuple[Seat, ...]:
    """The seats that one action took and that can come back; what others gave up before or since stays as it is."""
    return tuple(seat for seat in undoable(seats, now) if action_on(seat) == action)


def action_on(seat: Seat) -> str:
    """Names the action that took a seat: all that it took are held until the same instant, and no others."""
    return seat.undo_until.isoformat() if seat.undo_until is not None else ""


def undone_next(seats: Iterable[Seat], person: str, now: datetime) -> tuple[Seat, ...]:
    """What is meant where somebody would undo and points at nothing: the last action.

    What a colleague may have given up themself is meant only where there is nothing else.
    """
    actions: dict[str, list[Seat]] = {}
    for seat in sorted(undoable(seats, now), key=action_on):
        actions.setdefault(action_on(seat), []).append(seat)
    latest = [tuple(taken) for taken in reversed(actions.values())]
    return next((one for one in latest if not _is_of_one_colleague(one, person)), latest[0] if latest else ())


def _is_of_one_colleague(seats: Iterable[Seat], person: str) -> bool:
    sitting = {seat.participant.person for seat in seats}
    return len(sitting) == 1 and not sitting & {"", person}


def takes_added(registration: Registration) -> Participant:
    """Who takes a seat that is added: whoever made the registration if they take part in it, or else its only one.

    Among several others nobody is guessed: the seat is booked without a name, which is said and can be changed.
    """
    sitting = {_known_as(one.participant): one.participant for one in registration.seats if is_active(one)}
    if registration.made_by in sitting:
        return sitting[registration.made_by]
    return next(iter(sitting.values())) if len(sitting) == 1 else Participant()


def _known_as(participant: Participant) -> str | Participant:
    """What tells participants apart: the same person may be written in two ways."""
    return participant.person or participant


def coming_back(registration: Registration, occasion: str, now: datetime) -> tuple[Seat, ...]:
    """The seats that an occasion has again when it is added while they still are held for an undo.

    Only those of whoever takes what is added: a colleague who has just said no is not booked again. Where that is
    nobody in particular, all of them, as before.
    """
    who = takes_added(registration)
    there = undoable((seat for seat in registration.seats if seat.occasion == occasion), now)
    return tuple(seat for seat in there if who == Participant() or _known_as(seat.participant) == _known_as(who))


def take_part(registration: Registration, occasion: str, now: datetime) -> tuple[Participant, ...]:
    """Who sits at an occasion when it is added, one for each seat."""
    back = coming_back(registration, occasion, now)
    return tuple(seat.participant for seat in back) or (takes_added(registration),)
