"""The expected ways in which a request is declined.

Refusal
├── FieldRefused       answers of a form have to be corrected
├── DeadlinePassed     the last registration minute has gone by
├── AlreadyRegistered  the same person has a seat there
├── SeatTaken          a seat that was kept for the organisation has gone to somebody else
├── Overtaken          it has changed since the person saw it
├── NotAllowed         the actor may not do this
└── Gone               the button or form speaks of something that is no longer there
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.domain.words import Words

A = TypeVar("A")
B = TypeVar("B")


class Refusal(Exception):
    """The request was declined and nothing was stored; `reason` says why and what the person can do instead."""

    def __init__(self, reason: Words) -> None:
        super().__init__(repr(reason))
        self.reason = reason


class FieldRefused(Refusal):
    """Answers of a form have to be corrected: the one that `field` names, and perhaps `others`."""

    def __init__(self, field: str, reason: Words, others: Mapping[str, Words] | None = None) -> None:
        super().__init__(reason)
        self.field = field
        self.errors: Mapping[str, Words] = {field: reason, **(others or {})}


def both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """What the two give. Where both refuse, one `FieldRefused` names what each of them wants corrected."""
    try:
        given = first()
    except FieldRefused as refused:
        raise _with_those_of(second, refused) from None
    return given, second()


def _with_those_of(check: Callable[[], object], refused: FieldRefused) -> FieldRefused:
    try:
        check()
    except FieldRefused as more:
        return FieldRefused(refused.field, refused.reason, {**more.errors, **refused.errors})
    return refused


class DeadlinePassed(Refusal):
    """The last registration minute has gone by."""


class AlreadyRegistered(Refusal):
    """The same person already has a seat at the occasion."""


class SeatTaken(Refusal):
    """A seat that the organisation had booked without a name has gone to somebody else meanwhile."""


class Overtaken(Refusal):
    """Somebody else has changed it since it was shown."""


class NotAllowed(Refusal):
    """The actor may not do this to that object."""


class Gone(Refusal):
    """The button or form speaks of something that has changed or is no longer there."""
