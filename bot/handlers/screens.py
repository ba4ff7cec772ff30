"""A workshop's page: what its link opens, for the room or for one coach, and whether it has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field

from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.workshops import Workshop, asks
from bot.flows import coaching, results
from bot.flows.results import Shown
from bot.flows.workshops import Standing
from bot.handlers import boards, voting, workshops
from bot.handlers import results as figures
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.coaches import Coaches
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.urns import Urns
from storage.workshops import Workshops

_COACH = "coach"
"""What a coach's link is about: this, the workshop and the person, so that it opens nothing once they coach no more."""

_STEPS = 64
"""Of two versions of a workshop. More boxes of one round than half of that are never answered alone."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A workshop as a page shows it."""

    standing: Standing
    version: int
    is_coachs: bool
    board: str = ""  # the address of the board that is written on now; never for a coach
    results: Mapping[str, Card] = field(default_factory=dict)  # round → what it came to; only for a coach


# --- Links ------------------------------------------------------------------------------------------------------------


def address(visit: Visit, about: str) -> str:
    """The address of a workshop's page: the room's by the workshop alone, or a coach's."""
    id = Links(visit.connection, visit.now).give_out(Kind.WORKSHOP, about)
    return visit.surroundings.link_address(Kind.WORKSHOP, id)


def revoke(visit: Visit, about: str) -> None:
    """Close the link; the next one given out is another one."""
    Links(visit.connection, visit.now).revoke(Kind.WORKSHOP, about)


def for_coach(workshop: str, person: str) -> str:
    """What the link of a coach is about."""
    return f"{_COACH} {workshop} {person}"


def _opened(visit: Visit, about: str) -> tuple[Workshop, bool] | None:
    """The workshop, and whether the link is a coach's; None when it opens nothing any more."""
    id, person = _parts(about)
    found = Workshops(visit.connection, visit.now).get(id)
    if found is None or found.programme not in visit.programmes:
        return None
    return (found, bool(person)) if not person or coaches(visit, person, found) else None


def _parts(about: str) -> tuple[str, str]:
    """The workshop, and the coach if there is one."""
    kind, _blank, rest = about.partition(" ")
    id, _blank, person = rest.partition(" ")
    return (id, person) if kind == _COACH and person else (about, "")


def coaches(visit: Visit, person: str, workshop: Workshop) -> bool:
    """Whether somebody who is still here follows this workshop from outside."""
    scopes = {(workshop.programme, ""), (workshop.programme, workshop.organisation)}
    mine = Coaches(visit.connection, visit.now).of_person(person)
    return workshop.programme in visit.programmes and not scopes.isdisjoint(mine) and visit.people.is_here(person)


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(visit: Visit, about: str) -> Screen | None:
    """What a link shows now."""
    opened = _opened(visit, about)
    if opened is None:
        return None
    workshop, is_coachs = opened
    standing, version = workshops.standing(visit, workshop), versions(visit, [about])[about]
    if is_coachs:
        return Screen(standing, version, is_coachs, results=_results(visit, standing))
    return Screen(standing, version, is_coachs, board=_board(visit, standing))


def _board(visit: Visit, standing: Standing) -> str:
    """The board on which people write now, so that those in the room can follow it on their phones."""
    about = standing.now.round
    if about is None or about.mode is not Mode.NOTES or about.only_rated or not standing.now.is_open:
        return ""
    return boards.address(visit, about.id)


def _results(visit: Visit, standing: Standing) -> Mapping[str, Card]:
    rounds = (one.round.id for one in standing.steps if one.round is not None and one.step.set)
    found = {round: result(visit, standing, round) for round in rounds}
    return {round: results.every_figure(shown) for round, shown in found.items() if shown is not None}


def result(visit: Visit, standing: Standing, round: str) -> Shown | None:
    """What one of the workshop's rounds came to, for a coach; None where there is nothing for a coach."""
    asked = [one for one in standing.steps if one.round is not None and one.round.id == round]
    there = figures.found(visit, round) if asked and coaching.has_result(asked[0]) else None
    return Shown(figures.read(visit, there[0]), there[1], "", is_shared=True) if there is not None else None


# --- What has changed -------------------------------------------------------------------------------------------------


def versions(visit: Visit, abouts: Collection[str]) -> Mapping[str, int]:
    """What a link is about → a number that rises with every change. What opens nothing any more is missing."""
    opened = {about: found[0] for about in abouts if (found := _opened(visit, about)) is not None}
    store = Workshops(visit.connection, visit.now)
    there = store.versions({one.id for one in opened.values()})
    return {about: there[one.id] * _STEPS + _alone(visit, one) for about, one in opened.items()}


def _alone(visit: Visit, workshop: Workshop) -> int:
    """How many steps those who answer or vote alone have come together; the round itself knows nothing of it."""
    asked = asks(workshop.script, workshop.at)
    round = Workshops(visit.connection, visit.now).rounds(workshop.id).get(asked)
    about = Rounds(visit.connection, visit.now).get(round) if round is not None else None
    if about is None or not about.is_open:
        return 0
    if about.mode is Mode.SEALED:
        return _answered(visit, about)
    return voting.reached(visit, about) if about.is_voted_on else 0


def _answered(visit: Visit, about: Round) -> int:
    counts = Urns(visit.connection).counts()
    answered = [counts.get(urn.id, 0) for urn in Urns(visit.connection).of_round(about.id)]
    return min(sum((n > 0) + (n >= about.threshold) for n in answered), _STEPS - 1)
