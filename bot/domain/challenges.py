"""A participant's own challenge, the red thread of a programme: who may see it, and who spars with whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from bot.domain.values import dataclass

LONGEST = 1200
"""Characters of a challenge or a reflection: it stands whole in a reminder, among other things."""


class Visibility(StrEnum):
    """Who may see a challenge besides the person whose it is; each one lets in those before it."""

    ME = "me"
    LEADERS = "leaders"  # the programme's coordinators
    GROUP = "group"  # and the participants who let the group see theirs

    def is_wider_than(self, other: Visibility) -> bool:
        return _ORDER.index(self) > _ORDER.index(other)


_ORDER = tuple(Visibility)


@dataclass(frozen=True, slots=True)
class Version:
    """A challenge as it was written once."""

    number: int  # from 1
    text: str  # untrusted
    written_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Challenge:
    """What somebody wants to work on, as it stands: the newest version."""

    programme: str  # id
    person: str  # id
    newest: Version
    visibility: Visibility = Visibility.ME


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who has seen another's challenge, and how much of it."""

    name: str  # untrusted; empty when it is not known
    version: int  # the newest one they have seen
    seen_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Reflection:
    """What somebody took with them from an occasion."""

    occasion: str  # id
    text: str  # untrusted
    written_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Looker:
    """What somebody who wants to see the challenge of another is at this instant."""

    coordinates: bool = False
    takes_part: bool = False
    shares: bool = False  # lets the group see their own


def may_see(visibility: Visibility, looker: Looker) -> bool:
    """Whether a challenge that lets in so many lets in this one, who is another than its writer."""
    match visibility:
        case Visibility.ME:
            return False
        case Visibility.LEADERS:
            return looker.coordinates
        case Visibility.GROUP:
            return looker.coordinates or (looker.takes_part and looker.shares)


def pairs(waiting: Sequence[str], organisations: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Pairs of people from different organisations, as many as there can be; those who have waited longest first.

    Parameters
    ----------
    waiting
        Persons in the order in which they asked.
    organisations
        Person → key of their organisation. Whoever has none here is put together with nobody.
    """
    queues = _by_organisation((one for one in waiting if organisations.get(one)), organisations)
    found = []
    while len(queues) > 1:
        # Always from the two longest queues, so that nobody is left over who could have had somebody.
        first, second = sorted(queues, key=len, reverse=True)[:2]
        found.append((first.popleft(), second.popleft()))
        queues = [queue for queue in queues if queue]
    return tuple(found)


def _by_organisation(persons: Iterable[str], organisations: Mapping[str, str]) -> list[deque[str]]:
    queues: dict[str, deque[str]] = {}
    for person in persons:
        queues.setdefault(organisations[person], deque()).append(person)
    return list(queues.values())


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything that somebody has written in a programme, for them alone."""

    versions: tuple[Version, ...] = ()  # the oldest first
    reflections: tuple[Reflection, ...] = ()

    @property
    def entries(self) -> tuple[Version | Reflection, ...]:
        """All of it in the order in which it was written."""
        return tuple(sorted((*self.versions, *self.reflections), key=lambda one: one.written_at))
