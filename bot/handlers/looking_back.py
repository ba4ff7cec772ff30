"""What a guest's page tells besides what is open: where a workshop is by now, and the boards of what has closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from bot.domain.rounds import Round
from bot.domain.rounds import State as RoundState
from bot.domain.workshops import State, Workshop
from bot.flows.guest_page import ClosedRound
from bot.handlers import boards, workshops
from bot.handlers.visit import Visit
from storage.belonging import organisations_of
from storage.groups import Groups
from storage.rounds import Rounds

_LASTS = timedelta(days=30)
"""So long the board of a round that has closed is shown, unless it is of the guest's last workshop."""


def under_way(visit: Visit, person: str) -> list[Workshop]:
    """The workshops that a guest takes part in and that have not ended."""
    found = (one for id, whose in _programmes(visit, person) for one in _workshops(visit, id, whose))
    return [one for one in found if one.state is not State.ENDED]


def closed(visit: Visit, person: str) -> list[ClosedRound]:
    """What has closed of what a guest takes part in, the newest first."""
    found = (one for id, whose in _programmes(visit, person) for one in _rounds(visit, id, whose))
    newest = sorted(found, key=lambda one: one.opens_at, reverse=True)
    return [ClosedRound(one, visit.programmes[one.programme], _board(visit, one)) for one in newest]


def _programmes(visit: Visit, person: str) -> Iterator[tuple[str, Collection[str]]]:
    """The programmes that a guest takes part in, each with whose rounds are theirs to read: keys of organisations.

    The empty one is for what everybody is asked.
    """
    for id in visit.programmes:
        if Groups(visit.connection, visit.now).of_person(id, person):
            yield id, ("", *organisations_of(visit.connection, id, (person,)).get(person, ()))


def _workshops(visit: Visit, programme: str, whose: Collection[str]) -> list[Workshop]:
    """The newest first."""
    return [one for one in workshops.store(visit).of_programme(programme) if one.organisation in whose]


def _rounds(visit: Visit, programme: str, whose: Collection[str]) -> Iterator[Round]:
    of_the_last = {id for one in _workshops(visit, programme, whose)[:1] for id in _asked_in(visit, one)}
    since = visit.now - _LASTS
    for one in Rounds(visit.connection, visit.now).of_programme(programme):
        is_recent = one.closed_at is not None and one.closed_at >= since
        if (is_recent or one.id in of_the_last) and one.organisation in whose and _is_for_everybody(one):
            yield one


def _asked_in(visit: Visit, workshop: Workshop) -> Iterator[str]:
    return (round for _step, round in workshops.store(visit).all_rounds(workshop.id))


def _is_for_everybody(about: Round) -> bool:
    """Whether those who were asked read its board: of a meeting, or of ratings alone, coordinators do."""
    return about.state is RoundState.CLOSED and not about.occasion and not about.only_rated


def _board(visit: Visit, about: Round) -> str:
    """The address of its board; nothing where too few have answered for anything to be shown."""
    nothing = len(workshops.withheld(visit, about)) == len(about.boxes)
    return "" if nothing else boards.address(visit, about.id)
