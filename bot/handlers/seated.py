"""Nobody has two seats at one meeting: who is refused a second one, and whose place in line gives way to a seat."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.domain.programmes import Enrolment, Programme
from bot.domain.refusals import AlreadyRegistered
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Text, _
from bot.handlers.visit import Visit

Seated = tuple[str, Participant]
"""Who is to sit at which occasion (an id)."""


def sitting(seats: Iterable[Seat]) -> tuple[Seated, ...]:
    return tuple((seat.occasion, seat.participant) for seat in seats)


def check(visit: Visit, programme: Programme, wanted: Collection[Seated]) -> None:
    """Refuse somebody a second seat at a meeting, be it beside one they have or beside another of these.

    The programme is locked. Raises `AlreadyRegistered`.
    """
    _check_each_once(wanted)
    for found, participant in _there_already(visit, programme, wanted):
        raise AlreadyRegistered(_refusal(programme, found, participant))


def check_given(visit: Visit, programme: Programme, given: Collection[Seat], newcomer: Participant) -> tuple[Seat, ...]:
    """The same for seats that are handed to a newcomer; the places in line that give way to them.

    Only to a sure seat of the same organisation, and in a cohort, which is never booked in part, only all together.
    """
    if len({seat.occasion for seat in given}) < len(given):
        raise AlreadyRegistered(_ONE_EACH)
    wanted = tuple((seat.occasion, newcomer) for seat in given)
    there = tuple(seat for seat, _participant in _there_already(visit, programme, wanted))
    if not there or not _gives_way(visit, programme, there, given):
        check(visit, programme, wanted)
    return there


def _gives_way(visit: Visit, programme: Programme, there: tuple[Seat, ...], given: Collection[Seat]) -> bool:
    sure = {seat.occasion for seat in given if seat.state is SeatState.CONFIRMED}
    if any(seat.state is not SeatState.WAITING or seat.occasion not in sure for seat in there):
        return False
    if len({_organisation(visit, seat) for seat in (*there, *given)}) > 1:
        return False
    everywhere = visit.registrations.held_by(there[0].participant.person, programme.id)
    return programme.enrolment is not Enrolment.COHORT or {one.occasion for one in everywhere} <= sure


def _organisation(visit: Visit, seat: Seat) -> str:
    registration = visit.registrations.get(seat.registration)
    return registration.organisation_key if registration is not None else ""


def _there_already(
    visit: Visit, programme: Programme, wanted: Collection[Seated]
) -> Iterable[tuple[Seat, Participant]]:
    """What those who are known have, or wait for, at these meetings."""
    for occasion, participant in wanted:
        if participant.person and (programme.id, occasion) in visit.registrations.own(participant.person):
            for seat in visit.registrations.held_by(participant.person, programme.id):
                if seat.occasion == occasion:
                    yield seat, participant


def _check_each_once(wanted: Iterable[Seated]) -> None:
    seated = [(occasion, one.person) for occasion, one in wanted if one.person]
    if len(set(seated)) < len(seated):
        raise AlreadyRegistered(_ONE_EACH)


_ONE_EACH = _("One person can only have one seat at each meeting. Choose fewer seats.")


def _refusal(programme: Programme, seat: Seat, participant: Participant) -> Text:
    name, title = participant.name, programme.occasion(seat.occasion).title
    if seat.state is SeatState.WAITING:
        return _("{name} is already on the waiting list for {title}. Nothing has changed.", name=name, title=title)
    if seat.state is SeatState.OFFERED:
        return _("{name} has been offered a seat at {title} and needs to answer that. Nothing has changed.",
                 name=name, title=title)  # fmt: skip
    return _("{name} already has a seat at {title}. Nothing has changed.", name=name, title=title)
