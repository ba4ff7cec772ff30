"""What is said when somebody has left or can no longer be reached: to colleagues, and to coordinators."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Programme
from bot.domain.registrations import Registration, Seat
from bot.domain.words import Words, _, n_
from bot.flows import buttons, occasions, receipts
from bot.messages import Action, Button, Card, Fact, Notice, Tone

TAKE_OVER = "take_over"
LEAVE_IT = "leave_it"
UNINSTALLED = "uninstalled"
"""The reason where the person has removed the app themself: the sentence says so, and no platform refused anything."""


def meetings(programme: Programme, seats: tuple[Seat, ...]) -> Iterator[Fact]:
    """Each meeting that seats are about, with their number where there are several."""
    for occasion, there in receipts.by_occasion(programme, seats):
        yield Fact(_("Meeting"), occasions.label(programme, occasion))
        if len(there) > 1:
            yield Fact(_("Seats"), str(len(there)))


def _whom(name: str) -> Words:
    return name or _("A participant")


def seats_came_back(programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: str) -> Card:
    """To whoever looks after the registration: somebody has left, and their seats wait for somebody else."""
    return Card(
        _("{name} has left: {title}", name=_whom(name), title=programme.title),
        body=(
            n_(
                "The seat still belongs to {organisation} and has no name now. Who comes instead?",
                "The seats still belong to {organisation} and have no name now. Who comes instead?",
                len(seats),
                organisation=registration.organisation,
            ),
            _("No more reminders go to {name}. Changing person costs nothing.", name=_whom(name)),
        ),
        facts=tuple(meetings(programme, seats)),
        buttons=(buttons.substitute(registration), buttons.cancel(registration), buttons.MY_REGISTRATIONS),
        tone=Tone.WARNING,
    )


def ask_to_take_over(programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: str) -> Card:
    """To a colleague of the one who registered the organisation and has left."""
    return Card(
        _("Will you look after the registration? {title}", title=programme.title),
        body=(
            _("{name}, who registered {organisation}, has left. The seats stay with you.", name=_whom(name),
              organisation=registration.organisation),
            _("Somebody has to be able to change person, change and cancel. You can do that if you take over."),
        ),
        facts=tuple(meetings(programme, seats)),
        buttons=(
            Button(_("I take over"), Action(TAKE_OVER, registration.id), tone=Tone.PRIMARY),
            Button(_("I cannot"), Action(LEAVE_IT, registration.id)),
        ),
    )  # fmt: skip


def taken_over(programme: Programme, registration: Registration, seats: tuple[Seat, ...]) -> Card:
    """To the colleague who took over."""
    nameless = sum(not seat.participant.name for seat in seats)
    body: tuple[Words, ...] = (
        _("You can now change person, change and cancel for {organisation}.", organisation=registration.organisation),
    )
    if nameless:
        body += (n_("{n} seat has no name.", "{n} seats have no name.", nameless),)
    return Card(
        _("You look after the registration now: {title}", title=programme.title),
        body=body,
        facts=tuple(
            Fact(occasions.label(programme, occasion), receipts.who(there))
            for occasion, there in receipts.by_occasion(programme, seats)
        ),
        buttons=buttons.for_registration(registration),
        tone=Tone.GOOD,
    )


def left_to_coordinators() -> Notice:
    return Notice(_("Thank you for telling me. I have asked the coordinators instead."))


def nobody_looks_after(programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: str) -> Card:
    """To the coordinators: somebody has left, and nobody of the organisation can be asked."""
    return Card(
        _("{organisation} has seats that nobody looks after", organisation=registration.organisation),
        body=(
            _("{name} has left, and I know of no colleague to ask.", name=_whom(name)),
            _("Please ask the organisation who comes instead, and who looks after the registration."),
        ),
        facts=(Fact(_("Programme"), programme.title), *meetings(programme, seats)),
        tone=Tone.WARNING,
    )


def unreached(programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: str) -> Card:
    """To whoever registered a colleague whom our messages no longer reach. The seats stay the colleague's."""
    return Card(
        _("Reminders no longer reach {name}: {title}", name=_whom(name), title=programme.title),
        body=(
            _("{name} has removed Lärträff or does not let it write. Nothing has changed about the seats.",
              name=_whom(name)),
            _("Please see that {name} knows of the meetings, or let somebody else come.", name=_whom(name)),
        ),
        facts=tuple(meetings(programme, seats)),
        buttons=(buttons.substitute(registration), buttons.MY_REGISTRATIONS),
        tone=Tone.WARNING,
    )  # fmt: skip


def unreached_for_coordinators(
    programme: Programme, registration: Registration, seats: tuple[Seat, ...], *, name: str, email: str, reason: str
) -> Card:
    """To the coordinators: nobody but the person themself looks after the registration, and nothing reaches them."""
    who: Words = _("{name} ({email})", name=_whom(name), email=email) if email else _whom(name)
    return Card(
        _("Reminders do not reach {name}", name=_whom(name)),
        body=(_("They have removed Lärträff or do not let it write. Please reach them in another way."),),
        facts=(
            Fact(_("Takes part"), who),
            Fact(_("Organisation"), registration.organisation),
            Fact(_("Programme"), programme.title),
            *meetings(programme, seats),
            *((Fact(_("What the platform says"), reason),) if reason != UNINSTALLED else ()),
        ),
        tone=Tone.WARNING,
    )
