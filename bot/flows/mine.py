"""A person's own registrations: what lies ahead, and what can be done with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import offers
from bot.domain.programmes import Programme
from bot.domain.registrations import Registration, Seat, SeatState, is_active, undone_next
from bot.domain.values import dataclass
from bot.domain.words import _
from bot.flows import buttons, occasions, receipts, waiting
from bot.flows.subscriptions import SUBSCRIBE_BUTTON
from bot.messages import Button, Card, Fact, Item


@dataclass(frozen=True, slots=True)
class Booking:
    """A registration with its programme; `seats` are those that the reader (a person id) may see."""

    programme: Programme
    registration: Registration
    seats: tuple[Seat, ...]
    reader: str

    @property
    def is_active(self) -> bool:
        """Whether the reader still has a seat in it, waits for one or is offered one."""
        return any(is_active(seat) for seat in self.seats)

    def taken(self, now: datetime) -> tuple[Seat, ...]:
        """What the last action took, and can still come back."""
        return undone_next(self.seats, self.reader, now)

    def offers(self, now: datetime) -> tuple[tuple[Seat, ...], ...]:
        """The seats that the reader is offered and has not answered yet."""
        return offers.open_to(self.programme, self.registration, self.reader, now)

    def lapsed(self, now: datetime) -> tuple[tuple[Seat, ...], ...]:
        """What the reader was offered and did not answer in time."""
        return offers.lapsed_for(self.programme, self.registration, self.reader, now)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A registration that was begun and not confirmed."""

    run: str
    programme: Programme


def card(bookings: tuple[Booking, ...], unfinished: tuple[Unfinished, ...], now: datetime) -> Card:
    """My registrations: what has to be answered in time, then those to come; past ones are left out."""
    coming = sorted((one for one in bookings if _lies_ahead(one, now)), key=lambda one: _begins(one, now))
    offered = tuple(waiting.open_offer(one.programme, seats) for one in coming for seats in one.offers(now))
    missed = tuple(waiting.open_way_back(*one) for one in _missed(bookings, now))
    items = (
        *offered,
        *missed,
        *(_item(booking, bookings, now) for booking in coming),
        *map(unfinished_item, unfinished),
    )
    if not items:
        return _nothing_ahead([one.programme for one in bookings if _has_been(one)])
    return Card(
        _("My registrations"),
        items=items,
        buttons=(buttons.ALL_PROGRAMMES, buttons.MY_REMINDERS, SUBSCRIBE_BUTTON),
        refresh=buttons.MY_REGISTRATIONS.action,
    )


def _has_been(booking: Booking) -> bool:
    return any(seat.state is SeatState.CONFIRMED for seat in booking.seats)


def _nothing_ahead(been: Sequence[Programme]) -> Card:
    """To somebody who has been at a meeting, it is over; to everybody else, nothing has begun."""
    over, not_yet = _("No meeting lies ahead of you."), _("You are not registered for anything yet.")
    materials = (buttons.ALL_MATERIALS,) if any(one.materials for one in been) else ()
    return Card(
        _("My registrations"),
        body=(over if been else not_yet,),
        buttons=(*materials, buttons.ALL_PROGRAMMES),
        refresh=buttons.MY_REGISTRATIONS.action,
    )


def _missed(bookings: tuple[Booking, ...], now: datetime) -> Iterator[tuple[Programme, tuple[Seat, ...]]]:
    """The offers that were not answered in time, as far as the reader has got no seat there otherwise."""
    standing = {_sits(seat) for one in bookings for seat in one.seats if is_active(seat) and seat.participant.person}
    for one in bookings:
        for seats in one.lapsed(now):
            if not standing & set(map(_sits, seats)):
                yield one.programme, seats


def _sits(seat: Seat) -> tuple[str, str, str]:
    return seat.programme, seat.occasion, seat.participant.person


def _begins(booking: Booking, now: datetime) -> datetime:
    """When its next meeting begins."""
    meetings = (booking.programme.occasion(seat.occasion) for seat in booking.seats)
    return min(one.starts_at for one in meetings if one.ends_at > now)


def _lies_ahead(booking: Booking, now: datetime) -> bool:
    return any(booking.programme.occasion(seat.occasion).ends_at > now for seat in booking.seats)


def _item(booking: Booking, among: tuple[Booking, ...], now: datetime) -> Item:
    return Item(
        occasions.programme_name(booking.programme, [one.programme for one in among]),
        facts=(*_seat_facts(booking, now), Fact(_("Organisation"), booking.registration.organisation)),
        buttons=tuple(_buttons(booking, now)),
    )


def _seat_facts(booking: Booking, now: datetime) -> Iterator[Fact]:
    """A line for each occasion that lies ahead, and the link for those who take part."""
    for occasion, seats in receipts.by_occasion(booking.programme, booking.seats):
        time = occasions.hours(booking.programme, occasion)
        if occasion.ends_at > now and occasion.cancelled:
            yield Fact(occasions.name(occasion), _("{time}. The meeting is not held.", time=time))
        elif occasion.ends_at > now:
            standing = _("{place}. Takes part: {who}", place=occasions.where(occasion), who=receipts.who(seats))
            yield Fact(occasions.name(occasion), _("{time}, {place}", time=time, place=standing))
            if occasion.link and receipts.own_of(seats, booking.reader):
                yield Fact(_("Link to join"), occasion.link)


def _is_held(booking: Booking, now: datetime) -> bool:
    """Whether there is a meeting left that one can still give up."""
    meetings = (booking.programme.occasion(seat.occasion) for seat in booking.seats)
    return any(one.ends_at > now and not one.cancelled for one in meetings)


def _buttons(booking: Booking, now: datetime) -> Iterator[Button]:
    if not _is_held(booking, now):
        return
    if taken := booking.taken(now):
        yield buttons.undo(booking.registration, taken)
    if not booking.is_active:
        return
    if booking.registration.made_by == booking.reader:
        yield buttons.change(booking.registration)
    yield buttons.substitute(booking.registration)
    yield buttons.cancel(booking.registration)


def unfinished_item(draft: Unfinished) -> Item:
    """A registration that was begun, with the way on."""
    return Item(
        _("Not finished: {title}", title=draft.programme.title),
        lines=(_("You have begun to register. What you wrote is kept."),),
        buttons=(
            replace(buttons.register(draft.programme), label=_("Continue")),
            Button(_("Discard"), buttons.discard(draft.run)),
        ),
    )
