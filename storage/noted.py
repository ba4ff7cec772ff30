"""What the column `before` of the table `changes` holds: one of two things, told apart by their fields."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from bot.domain.programmes import Occasion
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Begun:
    """A change that is being told, and how far that has come. It stays as it was when the telling began."""

    before: Occasion
    after: Occasion
    person: str = ""  # everybody up to this id has been told
    letter: str = ""  # every message up to this outbox key has been corrected
    heard: bool = False  # everybody has been told: what is left are corrections


Noted = Occasion | Begun
"""While a change rests, the occasion as people know it; once it is being told, a `Begun`."""


@cache
def _adapter() -> TypeAdapter[Noted]:
    """Made when the first change comes: a start need not wait for it."""
    return TypeAdapter(Noted)


def read(document: str) -> Noted:
    """What `written` wrote; raises `pydantic.ValidationError` for anything else."""
    return _adapter().validate_json(document)


def written(noted: Noted) -> str:
    """What the column is given."""
    return _adapter().dump_json(noted).decode()
