"""Links that only those who are registered may have, and answers without them for everybody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.domain.programmes import Programme
from bot.domain.registrations import SeatState
from bot.domain.words import Localised
from bot.handlers.visit import Visit


def hidden_from(visit: Visit, person: str) -> frozenset[str]:
    """The addresses that somebody may not have: those of programmes in which they have no confirmed seat."""
    theirs = frozenset(_programmes_of(visit, person))
    return frozenset(link for one in visit.programmes.values() if one.id not in theirs for link in _links(one))


def hidden_from_everybody(visit: Visit) -> frozenset[str]:
    """The addresses that are not said aloud, where everybody reads them."""
    return frozenset(link for one in visit.programmes.values() for link in _links(one))


def _programmes_of(visit: Visit, person: str) -> Iterator[str]:
    for registration in visit.registrations.of_person(person):
        for seat in registration.seats:
            if seat.participant.person == person and seat.state is SeatState.CONFIRMED:
                yield registration.programme


def _links(programme: Programme) -> Iterator[str]:
    yield from (one.link for one in programme.occasions if one.link)
    yield from (one.url for one in programme.materials if one.members_only and one.url)


def without(answer: Localised, links: Collection[str]) -> Localised:
    """The answer with a mark in the place of each of these addresses, the longest ones first."""
    return Localised({language: _without(text, links) for language, text in answer.wordings.items()})


def _without(text: str, links: Collection[str]) -> str:
    for link in sorted(links, key=len, reverse=True):
        text = text.replace(link, "[…]")
    return text
