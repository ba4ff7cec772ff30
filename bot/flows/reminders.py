"""What a nudge says, and why it came."""

from __future__ import annotations

from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat
from bot.domain.words import Text, _
from bot.flows import buttons, occasions
from bot.flows.mine import Unfinished
from bot.messages import Button, Card, Tone


def day_before(programme: Programme, occasion: Occasion, seat: Seat, *, calendar: str) -> Card:
    """The reminder on the day before: when, where, the link, the agenda, and a way to say that one cannot come."""
    return Card(
        _("Tomorrow: {title}", title=occasion.title),
        body=(programme.title, *occasion.agenda_lines, _why(programme)),
        facts=occasions.facts(programme, occasion, member=True),
        buttons=(
            *buttons.join(occasion),
            buttons.cannot_come(seat),
            buttons.add_to_calendar(calendar),
            buttons.MY_REGISTRATIONS,
        ),
    )


def _why(programme: Programme) -> Text:
    return _("You get this because you are registered for {title}.", title=programme.title)


def unfinished(draft: Unfinished) -> Card:
    """Said once about a registration that was begun and not confirmed."""
    return Card(
        _("Your registration is not finished"),
        body=(
            _("You began to register for {title}. What you wrote is kept.", title=draft.programme.title),
            _("You get this once, because you are not registered yet."),
        ),
        buttons=(
            Button(_("Continue"), buttons.register(draft.programme).action, tone=Tone.PRIMARY, opens_form=True),
            Button(_("Discard"), buttons.discard(draft.run)),
        ),
    )
