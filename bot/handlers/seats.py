"""Seats that become free: released when nobody can undo, offered to the next in line, and passed on."""

from __future__ import annotations

from bot.domain.programmes import Enrolment, Programme
from bot.domain.registrations import Seat, SeatState, offer_until
from bot.flows import waiting
from bot.handlers.desk import plan_nudges
from bot.handlers.visit import Visit


def release_and_offer(visit: Visit) -> None:
    """Let go of cancelled seats whose undo has lapsed and of offers nobody took; offer what is free to those in line."""
    for seat in visit.registrations.lapsed_undo():
        visit.registrations.change_seat(seat.id, state=SeatState.RELEASED.value, undo_until=None)
    for seat in visit.registrations.lapsed_offers():
        _let_go(visit, seat)
        if seat.participant.person:
            view = waiting.lapsed(visit.programmes[seat.programme])
            visit.tell(seat.participant.person, view, key=f"lapsed:{seat.id}:{seat.sequence}")
    _offer_what_is_free(visit)


def accept_offer(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """Confirm an offered seat, in a cohort every seat of the participant; the seats as they are now."""
    seats = _together(visit, programme, seat)
    for one in seats:
        visit.registrations.change_seat(one.id, state=SeatState.CONFIRMED.value, offered_until=None)
    fresh = tuple(found for one in seats if (found := visit.registrations.seat(one.id)) is not None)
    plan_nudges(visit, programme, fresh)
    return fresh


def decline_offer(visit: Visit, programme: Programme, seat: Seat) -> None:
    """Give an offered seat up; the next in line is asked at once."""
    for one in _together(visit, programme, seat):
        _let_go(visit, one)
    _offer_what_is_free(visit)


def _let_go(visit: Visit, seat: Seat) -> None:
    visit.registrations.change_seat(seat.id, state=SeatState.RELEASED.value, offered_until=None)


def _together(visit: Visit, programme: Programme, seat: Seat) -> tuple[Seat, ...]:
    """The offered seats that stand or fall with this one: in a cohort those of the whole registration."""
    if programme.enrolment is not Enrolment.COHORT:
        return (seat,)
    registration = visit.registrations.get(seat.registration)
    assert registration is not None
    return tuple(
        one for one in registration.seats if one.state is SeatState.OFFERED and one.participant == seat.participant
    )


def _offer_what_is_free(visit: Visit) -> None:
    """Wherever people wait and there is room, whatever made the room."""
    for programme_id, occasion_id in visit.registrations.queues():
        programme = visit.programmes.get(programme_id)
        while programme is not None and _offer_next(visit, programme, occasion_id):
            pass


def _offer_next(visit: Visit, programme: Programme, occasion_id: str) -> bool:
    """Offer a free seat to the first in line, if there is room and still time; whether one was offered."""
    until = offer_until(visit.now, programme.occasion(occasion_id).starts_at, programme.zone)
    visit.registrations.lock(programme.id, [occasion.id for occasion in programme.occasions])
    line = visit.registrations.waiting(programme.id, occasion_id)
    if not line or until is None:
        return False
    offered = _waiting_together(visit, programme, line[0])
    left = visit.registrations.left(programme.id)
    if any((free := left[seat.occasion]) is not None and free < 1 for seat in offered):
        return False
    for seat in offered:
        visit.registrations.change_seat(seat.id, state=SeatState.OFFERED.value, offered_until=until)
    _tell(visit, programme, tuple(visit.registrations.seat(seat.id) or seat for seat in offered))
    return True


def _waiting_together(visit: Visit, programme: Programme, first: Seat) -> tuple[Seat, ...]:
    """What has to become free at once: in a cohort every seat of the participant."""
    if programme.enrolment is not Enrolment.COHORT:
        return (first,)
    registration = visit.registrations.get(first.registration)
    assert registration is not None
    same = (seat for seat in registration.seats if seat.participant == first.participant)
    return tuple(seat for seat in same if seat.state is SeatState.WAITING)


def _tell(visit: Visit, programme: Programme, offered: tuple[Seat, ...]) -> None:
    first = offered[0]
    registration = visit.registrations.get(first.registration)
    assert registration is not None
    person = first.participant.person or registration.made_by
    occasions = tuple(programme.occasion(seat.occasion) for seat in offered)
    visit.tell(person, waiting.offer(programme, occasions, first), key=f"offer:{first.id}:{first.sequence}")
