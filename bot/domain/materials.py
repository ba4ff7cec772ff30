"""The materials of a programme: in which order they stand, of which meeting they are, and what one can wait for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import date

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


# --- In chat and in the file ------------------------------------------------------------------------------------------


def with_link(material: Material, url: str, kind: str, published: date | None) -> Material:
    """The material as a coordinator wants it in chat."""
    before = material.url if material.instead_of is None else material.instead_of
    return replace(material, url=url, kind=kind, published=published, instead_of=before)


def after_loading(before: Programme, file: Programme) -> tuple[Material, ...]:
    """The materials once a file is loaded: what was added in chat stays, and so does a link that was given there.

    A link of the file's holds again as soon as it is another one than the file had when the link was given in chat.
    """
    known = {one.id: one for one in before.materials}
    named = {one.id for one in file.materials}
    added = (one for one in before.materials if one.from_chat and one.id not in named)
    return (*(_as_in_chat(known.get(one.id), one) for one in file.materials), *added)


def _as_in_chat(known: Material | None, written: Material) -> Material:
    if known is None or known.instead_of is None or known.instead_of != written.url:
        return written
    return replace(written, url=known.url, kind=known.kind, published=known.published, instead_of=known.instead_of)


def decided_in_chat(programme: Programme) -> tuple[Material, ...]:
    """What a file that is loaded leaves as it is."""
    return tuple(one for one in programme.materials if one.from_chat or one.instead_of is not None)


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
