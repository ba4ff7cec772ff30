"""The page of a workshop for the screen in the room: the way to it, and a new link in place of one that got about."""

from __future__ import annotations

from bot.domain.words import _
from bot.flows import workshops
from bot.flows.workshops import Standing
from bot.messages import Action, Button, Card, Tone

NEW_LINK = "workshop_link"  # about a workshop; so is the next
CONFIRM_NEW_LINK = "workshop_link_confirmed"


def screen(page: str) -> Button:
    """The way to the page that is shown to everybody in the room."""
    return Button(_("Show on the screen"), url=page)


def new_link(workshop: str) -> Button:
    """Closes the link to the page, once that is confirmed."""
    return Button(_("New link to the screen"), Action(NEW_LINK, workshop))


def ask_for_new_link(standing: Standing) -> Card:
    """Ask before the link to the page for the screen is closed."""
    return Card(
        _("A new link to the screen?"),
        body=(
            workshops.whose(standing),
            _("The old link stops working at once, wherever it has been sent. Then show the new one on the screen."),
        ),
        buttons=(
            Button(_("Yes, a new link"), Action(CONFIRM_NEW_LINK, standing.workshop.id), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(workshops.CARD, standing.workshop.id)),
        ),
    )
