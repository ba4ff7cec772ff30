"""An organisation's registration for a programme, the seats it holds, and what happens to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

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
    spare: frozenset[str] = frozenset()  # occasion ids where a seat is taken that the organisation has booked already


@dataclass(frozen=True, slots=True)
class Change:
    """Command: hold exactly these occasions from now on, with these details."""

    registration: str
    occasions: tuple[str, ...]
    lodging: frozenset[str]
    people: tuple[Participant, ...] = ()  # who takes part in what is added, where several come together
    seen: int | None = None  # the version of the registration that was shown; None takes it as it is
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
    waited: tuple[str, ...] = ()  # who had put the newcomer on the waiting list (persons), where they no longer are


def gln_is_valid(typed: str) -> bool:
    """Whether a Global Location Number has 13 digits and the right check digit (GS1 General Specifications 7.9)."""
    digits = [int(c) for c in typed if c.isdigit()]
    if len(digits) != 13 or len(typed.replace(" ", "")) != 13:
        return False
    weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return (10 - weighted % 10) % 10 == digits[12]


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


def party(registration: Registration) -> tuple[Seat, ...]:
    """A seat of each of those who come together; none where no meeting has several seats.

    Of those without a name there are as many as at the meeting with most.
    """
    meetings: dict[str, list[Seat]] = {}
    for seat in filter(is_active, registration.seats):
        meetings.setdefault(seat.occasion, []).append(seat)
    if all(len(there) < 2 for there in meetings.values()):
        return ()
    nameless = max(([one for one in there if _is_nobody(one)] for there in meetings.values()), key=len)
    known = {_known_as(one.participant): one for there in meetings.values() for one in there if not _is_nobody(one)}
    return (*known.values(), *nameless)


def _is_nobody(seat: Seat) -> bool:
    return seat.participant == Participant()


def added(
    registration: Registration, occasion: str, people: tuple[Participant, ...], now: datetime
) -> tuple[tuple[Seat, ...], tuple[Participant, ...]]:
    """What an occasion brings when it is added for these people: seats that come back, and who gets a new one.

    What was given up a moment ago is still held for an undo. Without `people` it is for whoever `takes_added`; where
    that is nobody in particular, all that is held there comes back.
    """
    there = undoable((seat for seat in registration.seats if seat.occasion == occasion), now)
    taking = list(people or (takes_added(registration),))
    if not people and taking == [Participant()] and there:
        return there, ()
    back = []
    for seat in there:
        same = next((one for one in taking if _known_as(one) == _known_as(seat.participant)), None)
        if same is not None:
            taking.remove(same)
            back.append(seat)
    return tuple(back), tuple(taking)


def spare_seats(unnamed: Iterable[Seat], occasions: Collection[str], *, together: bool) -> Mapping[str, Seat]:
    """Occasion id → a seat without a name that somebody of the organisation may take.

    With `together`, only seats of one registration that has one at every occasion; the earliest seats stand first.
    """
    found: dict[str, dict[str, Seat]] = {}  # by whose registration it is, where that matters
    for seat in unnamed:
        if seat.occasion in occasions:
            found.setdefault(seat.registration if together else "", {}).setdefault(seat.occasion, seat)
    return next((one for one in found.values() if not together or len(one) == len(occasions)), {})


def takes_added(registration: Registration) -> Participant:
    """Who takes a seat that is added: whoever made the registration if they take part in it, or else its only one.

    Where it is now one and now another, nobody is guessed: the seat is booked without a name, which is said and can
    be changed.
    """
    sitting = {_known_as(one.participant): one.participant for one in registration.seats if is_active(one)}
    if registration.made_by in sitting:
        return sitting[registration.made_by]
    return next(iter(sitting.values())) if len(sitting) == 1 else Participant()


def _known_as(participant: Participant) -> str | Participant:
    """What tells participants apart: the same person may be written in two ways."""
    return participant.person or participant
