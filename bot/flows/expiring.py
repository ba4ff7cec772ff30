"""What administrators hear before a secret of the installation expires, and the platform falls silent."""

from __future__ import annotations

from datetime import date

from bot.domain.words import Day, _, n_
from bot.messages import Card, Fact, Tone


def teams_secret(expires: date, left: int) -> Card:
    """To administrators; `left` are the days until it expires, none once it has."""
    title = (
        n_("Teams falls silent in {n} day", "Teams falls silent in {n} days", left)
        if left > 0
        else _("Teams has fallen silent")
    )
    return Card(
        title,
        body=(
            _("The bot signs in to Teams with a client secret. When it expires, nothing is sent there any more."),
            _("Make a new one in Entra, under Certificates & secrets, and set it together with its last day."),
        ),
        facts=(Fact(_("The secret expires"), Day(expires)),),
        tone=Tone.WARNING,
    )
