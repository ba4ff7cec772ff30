"""The expected ways in which a request is declined.

Refusal
├── FieldRefused       one answer of a form has to be corrected
├── DeadlinePassed     the last registration minute has gone by
├── AlreadyRegistered  the same person has a seat there
├── NotAllowed         the actor may not do this
└── Gone               the button or form speaks of something that is no longer there
"""

from __future__ import annotations

from bot.domain.words import Words


class Refusal(Exception):
    """The request was declined and nothing was stored; `reason` says why and what the person can do instead."""

    def __init__(self, reason: Words) -> None:
        super().__init__(repr(reason))
        self.reason = reason


class FieldRefused(Refusal):
    """One answer of a form has to be corrected; `field` names it."""

    def __init__(self, field: str, reason: Words) -> None:
        super().__init__(reason)
        self.field = field


class DeadlinePassed(Refusal):
    """The last registration minute has gone by."""


class AlreadyRegistered(Refusal):
    """The same person already has a seat at the occasion."""


class NotAllowed(Refusal):
    """The actor may not do this to that object."""


class Gone(Refusal):
    """The button or form speaks of something that has changed or is no longer there."""
