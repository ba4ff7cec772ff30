"""What the page of a board is labelled with, besides what stands on the board."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.words import _
from bot.texts import Translator

CLOSED = _("This link is no longer valid")
"""Of a page whose link was given out, and has been closed since or run out."""

_LABELS = {
    "skip": _("Skip to the board"),
    "roles": _("Roles"),
    "everybody": _("All roles"),
    "one": _("One question at a time"),
    "smaller": _("Smaller text"),
    "larger": _("Larger text"),
    "dark": _("Dark"),
    "qr": _("QR code"),
    "follow": _("Follow along on your phone: point its camera here."),
    "previous": _("Previous question"),
    "following": _("Next question"),
    "back": _("The whole board"),
    "place": _("{number} of {count}", number="{number}", count="{count}"),
    "controls": _("Showing one question at a time"),
    "live": _("Updated by itself"),
    "again": _("Connecting again …"),
    "over": _("No longer updated: this link has been closed."),
    "reload": _("Load the page again to see new posts."),
    "fresh": _("New"),
    "supplied": _("From the organiser"),
    "one_new": _("1 new post"),
    "more_new": _("{n} new posts", n="{n}"),
    "languages": _("Language"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
    "gone": _("There is no board here"),
    "why_gone": _("The link is wrong, or no longer in force. Ask whoever leads the programme for a new one."),
    "closed": CLOSED,
    "why_closed": _("Ask whoever leads the programme for the one that is valid now."),
}
"""A name with braces in it is filled in by the page itself."""


def labels(translator: Translator) -> Mapping[str, str]:
    """Every label in the reader's language."""
    return {name: translator.say(label) for name, label in _LABELS.items()}
