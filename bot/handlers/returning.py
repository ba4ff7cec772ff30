"""People who had left, or could not be reached, and are back: their seats are theirs again where nobody took them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.domain.registrations import Seat, is_active
from bot.flows import returning
from bot.handlers.leaving import UNREACHED, departure
from bot.handlers.matters import settled
from bot.handlers.visit import Visit
from storage.matters import Matters


def notice(visit: Visit) -> None:
    """Whoever is reached again gets their seats back, and nobody has to reach them in another way."""
    for key in Matters(visit.connection, visit.now).open_keys(UNREACHED):
        if visit.people.addressed(key.rpartition(":")[2]) is not None:
            settled(visit, key=key)
    for person in visit.registrations.returned():
        for programme in sorted({seat.programme for seat in visit.registrations.left_by(person)}):
            visit.registrations.lock(programme)
        left = sorted(_ahead(visit, person), key=lambda seat: seat.registration)
        visit.registrations.let_go(person)
        for registration, seats in groupby(left, key=lambda seat: seat.registration):
            _welcome(visit, person, registration, tuple(seats))


def _ahead(visit: Visit, person: str) -> Iterator[Seat]:
    """The seats they left at meetings still to come, but where they have booked anew since they are back."""
    own = visit.registrations.own(person)
    for seat in visit.registrations.left_by(person):
        to_come = {one.id for one in visit.programmes[seat.programme].occasions if one.starts_at > visit.now}
        if seat.occasion in to_come and (seat.programme, seat.occasion) not in own:
            yield seat


def _welcome(visit: Visit, person: str, id: str, seats: tuple[Seat, ...]) -> None:
    """Give back what is nobody's, and say what is; whoever was asked who comes instead need not answer."""
    free = tuple(seat for seat in seats if is_active(seat) and not seat.participant.name)
    _give_back(visit, person, free)
    registration = visit.registrations.get(id)
    assert registration is not None, "a seat has a registration"
    programme, keeper, name = visit.programmes[registration.programme], registration.made_by, visit.name_of(person)
    taken = tuple(seat for seat in seats if seat not in free)
    key = f"returned:{seats[0].id}:{seats[0].sequence}"
    visit.tell(person, returning.welcome(programme, registration, free, taken), key=key)
    if free and keeper != person:
        visit.tell(keeper, returning.is_back(programme, registration, free, name=name), key=f"{key}:keeper")


def _give_back(visit: Visit, person: str, seats: tuple[Seat, ...]) -> None:
    who = visit.people.person(person)
    for seat in seats:
        visit.registrations.change_seat(seat.id, person=person, name=who.name, email=who.email)
        settled(visit, key=departure(seat.registration, seat.id, seat.sequence - 1))
    for registration in sorted({seat.registration for seat in seats}):
        visit.registrations.amend(registration)
