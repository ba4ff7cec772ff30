"""A person's own registrations: what lies ahead, and what can be done with each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.programmes import Programme
from bot.domain.registrations import Registration, Seat
from bot.domain.words import Words, _
from bot.flows import buttons, receipts
from bot.messages import Button, Card, Fact, Item


@dataclass(frozen=True, slots=True)
class Booking:
    """A registration with its programme; `seats` are those that the reader may see."""

    programme: Programme
    registration: Registration
    seats: tuple[Seat, ...]
    made_by_reader: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A registration that was begun and not confirmed."""

    run: str
    programme: Programme


def card(bookings: tuple[Booking, ...], unfinished: tuple[Unfinished, ...], now: datetime) -> Card:
    """My registrations: those to come, each with what can be done; past ones are left out."""
    coming = tuple(booking for booking in bookings if _lies_ahead(booking, now))
    items = (*(_item(booking) for booking in coming), *(_unfinished(draft) for draft in unfinished))
    if not items:
        return Card(
            _("My registrations"),
            body=(_("You are not registered for anything yet."),),
            buttons=(buttons.ALL_PROGRAMMES,),
        )
    return Card(_("My registrations"), items=items, buttons=(buttons.ALL_PROGRAMMES,))


def _lies_ahead(booking: Booking, now: datetime) -> bool:
    return any(booking.programme.occasion(seat.occasion).ends_at > now for seat in booking.seats)


def _item(booking: Booking) -> Item:
    return Item(
        booking.programme.title,
        lines=tuple(_seat_lines(booking)),
        facts=(Fact(_("Organisation"), booking.registration.organisation),),
        buttons=tuple(_buttons(booking)),
    )


def _seat_lines(booking: Booking) -> Iterator[Words]:
    for item in receipts.occasion_items(booking.programme, booking.seats, None):
        yield item.title
        for fact in item.facts:
            yield _("{label}: {value}", label=fact.label, value=fact.value)


def _buttons(booking: Booking) -> Iterator[Button]:
    if booking.made_by_reader:
        yield buttons.change(booking.registration)
    yield buttons.substitute(booking.registration)
    yield buttons.cancel(booking.registration)


def _unfinished(draft: Unfinished) -> Item:
    return Item(
        _("Not finished: {title}", title=draft.programme.title),
        lines=(_("You have begun to register. What you wrote is kept."),),
        buttons=(
            replace(buttons.register(draft.programme), label=_("Continue")),
            Button(_("Discard"), buttons.discard(draft.run)),
        ),
    )
