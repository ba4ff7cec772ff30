"""What is said when somebody who had left is back, and has their seats again or not."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Programme
from bot.domain.registrations import Registration, Seat
from bot.domain.words import Words, _, n_
from bot.flows import buttons
from bot.flows.leaving import meetings
from bot.messages import Card, Tone


def welcome(programme: Programme, registration: Registration, free: tuple[Seat, ...], taken: tuple[Seat, ...]) -> Card:
    """To whoever is back: the seats that nobody took are theirs again, the others are not."""
    ways = (buttons.register(programme), buttons.MY_REGISTRATIONS) if taken else (buttons.MY_REGISTRATIONS,)
    return Card(
        _("Good that you are back: {title}", title=programme.title),
        body=tuple(_how_it_stands(registration, free, taken)),
        facts=tuple(meetings(programme, free or taken)),
        buttons=ways,
        tone=Tone.WARNING if taken else Tone.GOOD,
    )


def _how_it_stands(registration: Registration, free: tuple[Seat, ...], taken: tuple[Seat, ...]) -> Iterator[Words]:
    yield n_(
        "Your account was closed for a while, and your seat went back to {organisation}.",
        "Your account was closed for a while, and your seats went back to {organisation}.",
        len(free) + len(taken),
        organisation=registration.organisation,
    )
    if free:
        yield n_("This one nobody took: it is yours again.", "These nobody took: they are yours again.", len(free))
    if taken and free:
        yield n_("{n} more has been given to somebody else or given up.",
                 "{n} more have been given to somebody else or given up.", len(taken))  # fmt: skip
    elif taken:
        yield n_("It has been given to somebody else or given up.",
                 "They have been given to somebody else or given up.", len(taken))  # fmt: skip


def is_back(programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: Words) -> Card:
    """To whoever looks after the registration, and has been asked who comes instead."""
    return Card(
        _("{name} is back: {title}", name=name, title=programme.title),
        body=(
            n_(
                "{name} has the seat again. You need to do nothing.",
                "{name} has the seats again. You need to do nothing.",
                len(seats),
                name=name,
            ),
        ),
        facts=tuple(meetings(programme, seats)),
        buttons=(buttons.substitute(registration), buttons.MY_REGISTRATIONS),
    )
