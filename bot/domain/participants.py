"""Who is registered for a programme, with what they have told the organiser and what their organisations pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.domain.prices import Quote, quote
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import UNDO, Participant, Registration, Seat, SeatState
from bot.domain.values import dataclass
from bot.domain.words import Words

_ORDER = tuple(SeatState)


@dataclass(frozen=True, slots=True)
class Booking:
    """A registration with who made it, and of the seats that are gone those that somebody had or was offered."""

    registration: Registration
    made_by: Participant
    made_at: datetime  # UTC
    prerequisite: str  # "yes", "no", or "" when it was not asked


@dataclass(frozen=True, slots=True)
class Participants:
    """All that the organiser is handed of a programme, as it stood when it was read."""

    programme: Programme
    bookings: tuple[Booking, ...]
    roles: Mapping[str, Words]  # person id → the name of their role group
    read_at: datetime  # UTC

    def seats(self) -> Iterator[tuple[Occasion, Booking, Seat]]:
        """Every seat: meeting by meeting as they come, those who have one first, then by organisation and name."""
        occasions = {one.id: one for one in self.programme.occasions}
        found = [
            (occasions[seat.occasion], booking, seat)
            for booking in self.bookings
            for seat in booking.registration.seats
            if seat.occasion in occasions  # one that is gone from the programme has no date
        ]
        yield from sorted(found, key=_place)

    def accounts(self) -> Iterator[Account]:
        """What each organisation that has, or had, a seat pays, in the order of their names."""
        of: dict[str, list[Booking]] = {}
        for booking in filter(_had_a_seat, self.bookings):
            of.setdefault(booking.registration.organisation_key, []).append(booking)
        accounts = (Account(self.programme, tuple(bookings)) for bookings in of.values())
        yield from sorted(accounts, key=lambda one: one.organisation.casefold())


@dataclass(frozen=True, slots=True)
class Account:
    """What an organisation has booked of a programme, in one registration or several."""

    programme: Programme
    bookings: tuple[Booking, ...]

    @property
    def organisation(self) -> str:
        return self.bookings[0].registration.organisation

    @property
    def held(self) -> Mapping[str, int]:
        """Occasion id → confirmed seats."""
        return self._count(lodging=False)

    @property
    def price(self) -> Quote:
        """For what is held now."""
        programme = self.programme.priced_for(self.bookings[0].registration.organisation_key)
        return quote(programme, self.held, self._count(lodging=True))

    @property
    def late_cancellations(self) -> int:
        """Whole kronor excluding VAT, for seats that were given up too late: what was said when they were."""
        held = {one.id for one in self.programme.occasions if not one.cancelled}  # nobody pays for one that is not
        given_up = (seat for booking in self.bookings for seat in booking.registration.seats if cancelled_at(seat))
        return sum(seat.fee for seat in given_up if seat.occasion in held)

    def _count(self, *, lodging: bool) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for booking in self.bookings:
            for seat in booking.registration.seats:
                if seat.state is SeatState.CONFIRMED and (seat.lodging or not lodging):
                    counts[seat.occasion] = counts.get(seat.occasion, 0) + 1
        return counts


def _had_a_seat(booking: Booking) -> bool:
    seats = booking.registration.seats
    return any(seat.state is SeatState.CONFIRMED or cancelled_at(seat) is not None for seat in seats)


def cancelled_at(seat: Seat) -> datetime | None:
    """When the seat was given up, if it was by somebody who had it."""
    is_given_up = seat.state in (SeatState.CANCELLED, SeatState.RELEASED)
    return seat.undo_until - UNDO if is_given_up and seat.undo_until is not None else None


def _place(found: tuple[Occasion, Booking, Seat]) -> tuple[datetime, str, int, int, str, str]:
    occasion, booking, seat = found
    by_name = (booking.registration.organisation.casefold(), seat.participant.name.casefold())
    return (occasion.starts_at, occasion.id, _ORDER.index(seat.state), seat.position, *by_name)
