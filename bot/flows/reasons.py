"""Why a message that nobody asked for came to whoever reads it."""

from __future__ import annotations

from bot.domain.rules import Audience
from bot.domain.words import Localised, Text, _


def why(audience: Audience, title: Localised) -> Text:
    """What its last line says; `title` is the programme's."""
    match audience:
        case Audience.PARTICIPANTS | Audience.UNWRITTEN | Audience.JOINED:
            return _("You get this because you are registered for {title}.", title=title)
        case Audience.UNFINISHED:
            return _("You get this because you have begun to register for {title}.", title=title)
        case Audience.CONTACTS:
            return _("You get this because you look after your organisation’s seats in {title}.", title=title)
        case Audience.COORDINATORS:
            return _("You get this because you coordinate {title}.", title=title)
        case Audience.OWNERS:
            return _("You get this because you are named in your organisation’s plan in {title}.", title=title)
        case Audience.ABSENT:
            return _("You get this because you wanted to take part in {title}.", title=title)
        case Audience.NOTE_TAKERS:
            return _("You get this because you take notes for your group in {title}.", title=title)
        case Audience.ROLES:
            return _("You get this because of your role in {title}.", title=title)
        case Audience.CHANNELS:
            return _("This comes here because the channel follows {title}.", title=title)
