"""The waiting list: an offer with a time limit, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat
from bot.domain.words import Moment, Text, _
from bot.flows import buttons, occasions, receipts
from bot.flows.occasions import price_words
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone


def offer(programme: Programme, offered: tuple[Seat, ...]) -> Card:
    """Seats of one registration have become free for whoever waits for them, until a stated time."""
    return Card(
        _headline(programme),
        body=(*_until(programme, offered), *price_words(programme)),
        facts=(*_offered(programme, offered), *_rule(programme)),
        buttons=_answers(offered[0]),
        tone=Tone.GOOD,
    )


def not_taken_yet(programme: Programme, offered: tuple[Seat, ...]) -> Card:
    """The offer again, to somebody who has answered it in words."""
    card = offer(programme, offered)
    return replace(card, body=(_("Nothing is decided yet: press one of the buttons below."), *card.body))


def open_offer(programme: Programme, offered: tuple[Seat, ...]) -> Item:
    """The same among all that somebody is registered for: the offer itself may be far up in the conversation."""
    return Item(
        _headline(programme),
        lines=tuple(_until(programme, offered)),
        facts=tuple(_offered(programme, offered)),
        buttons=_answers(offered[0]),
    )


def _headline(programme: Programme) -> Text:
    return _("A seat is free for you: {title}", title=programme.title)


def _until(programme: Programme, offered: tuple[Seat, ...]) -> Iterator[Text]:
    assert offered[0].offered_until is not None
    until = Moment(offered[0].offered_until, programme.zone)
    yield from _for_how_many(offered)
    yield _("It is yours if you confirm by {until}. After that the next in line is asked.", until=until)


def _offered(programme: Programme, offered: tuple[Seat, ...]) -> Iterator[Fact]:
    meetings = tuple(occasion for occasion, _seats in receipts.by_occasion(programme, offered))
    yield from (_meeting(programme, occasion) for occasion in meetings)
    yield from _lodging(meetings, offered)


def _answers(seat: Seat) -> tuple[Button, ...]:
    return (
        Button(_("Confirm"), Action(buttons.ACCEPT, seat.id), tone=Tone.PRIMARY),
        Button(_("I cannot come"), Action(buttons.DECLINE, seat.id)),
    )


def _for_how_many(offered: tuple[Seat, ...]) -> tuple[Text, ...]:
    """Said where several wait together: nobody should think that only one of them may come."""
    people = max(Counter(seat.occasion for seat in offered).values())
    return (_("There is room for all {n} whom you registered.", n=people),) if people > 1 else ()


def _lodging(occasions_offered: tuple[Occasion, ...], offered: tuple[Seat, ...]) -> tuple[Fact, ...]:
    """What was wished for: it is booked, and costs, once the offer is taken."""
    stays = {seat.occasion for seat in offered if seat.lodging}
    return (occasions.lodging([one for one in occasions_offered if one.id in stays]),) if stays else ()


def accepted(
    programme: Programme, seats: tuple[Seat, ...], *, calendar: receipts.CalendarAddress, reader: str, now: datetime
) -> Card:
    """The receipt of an accepted offer."""
    return Card(
        _("You are registered: {title}", title=programme.title),
        body=price_words(programme),
        facts=(*_rule(programme), Fact(_("Contact"), occasions.contact(programme))),
        items=tuple(receipts.occasion_items(programme, seats, calendar, reader=reader, now=now)),
        buttons=(buttons.MY_REGISTRATIONS, buttons.cannot_come(seats[0])),
        tone=Tone.GOOD,
    )


def _meeting(programme: Programme, occasion: Occasion) -> Fact:
    when = occasions.hours(programme, occasion)
    return Fact(_("Meeting"), _("{title}, {time}", title=occasion.title, time=when))


def _rule(programme: Programme) -> tuple[Fact, ...]:
    """What it means to give the seat up again."""
    return (Fact(_("Cancelling"), programme.cancellation),) if programme.cancellation else ()


def declined(programme: Programme) -> Card:
    return Card(
        _("You have given the seat up"),
        body=(
            _(
                "Thank you for telling us. If somebody waits for a seat at {title}, they are asked now.",
                title=programme.title,
            ),
        ),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def lapsed(programme: Programme, seats: tuple[Seat, ...]) -> Card:
    """The time to take the seat has run out; there is a way back."""
    return Card(
        _("The offer has run out"),
        body=(
            _("The seat at {title} is no longer kept for you, and you no longer wait for one.", title=programme.title),
            _TOO_LATE_BUT,
            *price_words(programme),
        ),
        facts=(*_offered(programme, seats), *_rule(programme)),
        buttons=(_come(seats[0]), buttons.MY_REGISTRATIONS),
    )


_TOO_LATE_BUT = _("Do you still want to come? You get the seat if it is free, and otherwise a place last in line.")


def _come(seat: Seat) -> Button:
    return Button(_("I still want to come"), Action(buttons.COME, seat.id), tone=Tone.PRIMARY)


def open_way_back(programme: Programme, seats: tuple[Seat, ...]) -> Item:
    """The same among all that somebody is registered for."""
    return Item(
        _("The offer has run out: {title}", title=programme.title),
        lines=(_TOO_LATE_BUT, *price_words(programme)),
        facts=(*_offered(programme, seats), *_rule(programme)),
        buttons=(_come(seats[0]),),
    )


def in_line_again(programme: Programme, seats: tuple[Seat, ...]) -> Card:
    """The seat is not free: a place in line, behind everybody who waits."""
    meetings = {occasion.id: occasion for occasion in programme.occasions}
    return Card(
        _("On the waiting list: {title}", title=programme.title),
        body=(receipts.WHEN_THERE_IS_ROOM,),
        facts=tuple(
            Fact(
                occasions.name(meetings[seat.occasion]),
                _("You are number {position} on the waiting list.", position=seat.position),
            )
            for seat in seats
        ),
        buttons=(buttons.MY_REGISTRATIONS,),
        tone=Tone.WARNING,
    )


def no_longer_offered() -> Notice:
    return Notice(_("This offer is no longer open. Write “my registrations” to see how it stands."), Tone.WARNING)
