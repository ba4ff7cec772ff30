"""Seats that become free: released when nobody can undo, offered to the next in line, and passed on."""

from __future__ import annotations

from collections import Counter

from bot.domain.offers import answered_by, answered_together, is_offered_now, lapsed_with, offer_until
from bot.domain.programmes import Enrolment, Occasion, Programme
from bot.domain.registrations import Seat, SeatState
from bot.flows import waiting
from bot.handlers import planning, seated
from bot.handlers.visit import Visit
from storage import programmes


def release_and_offer(visit: Visit) -> None:
    """Let go of what can no longer be undone and of offers nobody took; offer what is free to those in line."""
    for id in sorted(_stirring(visit)):
        programme = visit.programmes[id]
        if programme.agreed:  # as whoever loads a file does: the programme first, then its occasions
            programmes.locked(visit.connection, id)
        _hold(visit, programme)
        given_up = visit.registrations.lapsed_undo(id)
        for seat in given_up:
            # `undo_until` goes on telling when it was given up.
            visit.registrations.change_seat(seat.id, state=SeatState.RELEASED.value, offered_until=None)
        if given_up:
            planning.seats_given_up(visit, given_up)
        for seats in answered_together(programme, visit.registrations.lapsed_offers(id)):
            for seat in seats:
                visit.registrations.change_seat(seat.id, state=SeatState.RELEASED.value)
            view = waiting.lapsed(visit.programme_of(seats[0]), seats)
            visit.tell(_reached(visit, seats), view, key=f"lapsed:{seats[0].id}:{seats[0].sequence}")
        _offer_what_is_free(visit, programme)
        if programme.agreed:
            programmes.forget_agreed(visit.connection, id, visit.now)


def accept_offer(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """Confirm an offered seat, in a cohort its whole registration; the seats now, none when it is too late."""
    seats = _still_offered(visit, programme, seat)
    for one in seats:
        visit.registrations.change_seat(one.id, state=SeatState.CONFIRMED.value, offered_until=None)
    return tuple(found for one in seats if (found := visit.registrations.seat(one.id)) is not None)


def decline_offer(visit: Visit, programme: Programme, seat: Seat) -> bool:
    """Give an offered seat up and ask the next in line at once; False when it is offered no longer."""
    seats = _still_offered(visit, programme, seat)
    for one in seats:
        visit.registrations.change_seat(one.id, state=SeatState.RELEASED.value, offered_until=None)
    _offer_what_is_free(visit, programme)
    return bool(seats)


def come_after_all(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """Take a seat that was offered and not answered in time, or else a place last in line; the seats now.

    Of several that stand or fall together, those of people who have another seat by now are let go. None when it is
    nothing of that kind. Raises `AlreadyRegistered`.
    """
    _hold(visit, programme)
    registration = visit.registrations.get(seat.registration)
    assert registration is not None
    lapsed = lapsed_with(programme, registration, seat.id, visit.now)
    lapsed = _without_the_seated(visit, lapsed) or lapsed
    seated.check(visit, programme, seated.sitting(lapsed))
    awaited = visit.registrations.awaited(programme.id)
    if awaited.isdisjoint(one.occasion for one in lapsed) and _has_room(visit, programme, lapsed):
        anew, queued_at = SeatState.CONFIRMED, None
    else:
        anew, queued_at = SeatState.WAITING, visit.now
    for one in lapsed:
        visit.registrations.change_seat(one.id, state=anew.value, queued_at=queued_at, offered_until=None)
    return tuple(found for one in lapsed if (found := visit.registrations.seat(one.id)) is not None)


def _without_the_seated(visit: Visit, lapsed: tuple[Seat, ...]) -> tuple[Seat, ...]:
    """Those whose people have no other seat there; unless all have, nobody is asked about the rest any more."""
    own = {one: visit.registrations.own(one) for one in {seat.participant.person for seat in lapsed} if one}
    there = [seat for seat in lapsed if (seat.programme, seat.occasion) in own.get(seat.participant.person, ())]
    if len(there) < len(lapsed):
        for seat in there:
            visit.registrations.change_seat(seat.id, offered_until=None)
    return tuple(seat for seat in lapsed if seat not in there)


def _stirring(visit: Visit) -> set[str]:
    """The programmes where something has lapsed, or where there is room for somebody who waits."""
    lapsed = (*visit.registrations.lapsed_undo(), *visit.registrations.lapsed_offers())
    roomy = {
        programme
        for programme, occasion in visit.registrations.queues()
        if visit.registrations.left(programme).get(occasion, 0) != 0 and _is_held(visit, programme, occasion)
    }
    return {seat.programme for seat in lapsed} | roomy


def _is_held(visit: Visit, programme: str, occasion: str) -> bool:
    """Whether the occasion takes place; one may be gone from the programme while somebody waits."""
    found = (one for one in visit.programmes[programme].occasions if one.id == occasion)
    return any(not one.cancelled for one in found)


def _hold(visit: Visit, programme: Programme) -> None:
    """Nobody else books, cancels or answers an offer in this programme until the transaction ends."""
    visit.registrations.lock(programme.id)


def _still_offered(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """What stands or falls with this offered seat, as it is now."""
    _hold(visit, programme)
    return tuple(one for one in _together(visit, programme, seat) if one.state is SeatState.OFFERED)


def _together(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """The seat, in a cohort every seat of its registration: a cohort is never booked in part."""
    registration = visit.registrations.get(seat.registration)
    assert registration is not None
    cohort = programme.enrolment is Enrolment.COHORT
    return tuple(one for one in registration.seats if cohort or one.id == seat.id)


def _offer_what_is_free(visit: Visit, programme: Programme) -> None:
    """Wherever people wait and there is room, whatever made the room."""
    for occasion in programme.occasions:
        while not occasion.cancelled and _offer_next(visit, programme, occasion):
            pass


def _offer_next(visit: Visit, programme: Programme, occasion: Occasion) -> bool:
    """Offer a free seat to the first in line, if there is room and still time; whether one was offered."""
    first = visit.registrations.first_in_line(programme.id, occasion.id)
    if first is None or not is_offered_now(visit.now, programme.zone):
        return False
    offered = tuple(one for one in _together(visit, programme, first) if one.state is SeatState.WAITING)
    until = offer_until(visit.now, min(programme.occasion(seat.occasion).starts_at for seat in offered), programme.zone)
    if until is None or not _has_room(visit, programme, offered):
        return False
    for seat in offered:
        visit.registrations.change_seat(seat.id, state=SeatState.OFFERED.value, offered_until=until)
    _tell(visit, tuple(visit.registrations.seat(seat.id) or seat for seat in offered))
    return True


def _has_room(visit: Visit, programme: Programme, seats: tuple[Seat, ...]) -> bool:
    """Whether all of the seats are free at once."""
    left = visit.registrations.left(programme.id)
    wanted = Counter(seat.occasion for seat in seats)
    return all((free := left.get(id)) is None or free >= n for id, n in wanted.items())


def _tell(visit: Visit, offered: tuple[Seat, ...]) -> None:
    first = offered[0]
    view = waiting.offer(visit.programme_of(first), offered)
    visit.tell(_reached(visit, offered), view, key=f"offer:{first.id}:{first.sequence}")


def _reached(visit: Visit, seats: tuple[Seat, ...]) -> str:
    registration = visit.registrations.get(seats[0].registration)
    assert registration is not None
    return answered_by(registration, seats)
