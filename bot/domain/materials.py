"""The materials of a programme: in which order they stand, of which meeting they are, and what one can wait for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from bot.domain.programmes import Material, Occasion, Programme
from bot.domain.words import Localised

_OF_OCCASION = "occasion:"
_LINK = "link:"
_DIGEST = 16


def stage_of(material: Material) -> str:
    """What tells the stage apart: its original wording, as one material may have more translations than another."""
    return _original(material.stage)


def _original(words: Localised) -> str:
    return next(iter(words.wordings.values()), "")


def learning_order(programme: Programme, roles: Collection[str] = ()) -> tuple[Material, ...]:
    """Stage by stage, what is recommended to one of the `roles` first in its stage; what has no stage before all."""
    stages = ["", *dict.fromkeys(map(stage_of, programme.materials))]
    return tuple(
        sorted(programme.materials, key=lambda one: (stages.index(stage_of(one)), set(roles).isdisjoint(one.for_roles)))
    )


def publishing_order(programme: Programme) -> tuple[Material, ...]:
    """The newest first, then what has no day, and last what is to come."""
    return tuple(sorted(programme.materials, key=_newest_first))


def _newest_first(material: Material) -> tuple[bool, bool, int]:
    day = material.published.toordinal() if material.published is not None else 0
    return not material.url, material.published is None, -day if material.url else day


def of_occasion(programme: Programme, occasion: Occasion) -> tuple[Material, ...]:
    """What belongs to a meeting, in learning order; to the only one there is, everything does."""
    only = len(programme.occasions) == 1
    found = learning_order(programme)
    return tuple(one for one in found if one.occasion == occasion.id or (only and not one.occasion))


# --- What one can wait for --------------------------------------------------------------------------------------------


def from_occasion(occasion: str) -> str:
    """The word for waiting for whatever comes from a meeting; for a material it is the material's id."""
    return _OF_OCCASION + occasion


def working_link(material: Material) -> str:
    """The word for waiting for another link than the one that does not work."""
    digest = hashlib.sha256(material.url.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{_LINK}{digest}:{material.id}"


def is_link(what: str) -> bool:
    """Whether a working link is waited for."""
    return what.startswith(_LINK)


def meant(programme: Programme, what: str) -> tuple[Material, ...]:
    """The materials that are waited for, there or to come."""
    if what.startswith(_OF_OCCASION):
        id = what.removeprefix(_OF_OCCASION)
        there = (one for one in programme.occasions if one.id == id)
        return tuple(one for occasion in there for one in of_occasion(programme, occasion))
    id = what.rpartition(":")[2]
    return tuple(one for one in programme.materials if one.id == id)


def has_come(programme: Programme, what: str) -> tuple[Material, ...]:
    """Those of them that are there now, with another link than the one that did not work."""
    return tuple(one for one in meant(programme, what) if one.url and what != working_link(one))
