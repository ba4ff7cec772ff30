"""Whether the person behind an event may do what they ask for, looked at anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.domain.people import Actor, Person, Role
from bot.domain.permissions import TABLE, May, Standing, allow, asks_who
from bot.domain.refusals import NotAllowed
from bot.domain.words import Text, _
from bot.handlers.visit import Visit
from storage.matters import Matters
from storage.posts import Colleague, Posts

if TYPE_CHECKING:
    from bot.handlers.scene import Scene  # which may itself ask for somebody's standing

COORDINATORS_ONLY = _("Only coordinators can do this. Write “help” to see what you can do.")

_REASONS: Mapping[May, Text] = {
    May.DEPUTIES: _("Only coordinators can see this. Write “my registrations” to see your own."),
    May.COORDINATORS: COORDINATORS_ONLY,
    May.ADMINISTRATORS: _("Only administrators can do this. They are named where Lärträff is installed."),
}


def check(scene: Scene, action: str) -> None:
    """Raises `NotAllowed` unless the person may do this; `action` is a word of the routes or the name of a flow."""
    known = asks_who(action)
    standing = standing_of(scene.visit, scene.actor, scene.person) if known else frozenset({Standing.ANYBODY})
    if not allow(standing, action):
        raise NotAllowed(_REASONS[TABLE.get(action, May.ADMINISTRATORS)])


def require_coordinator(scene: Scene) -> None:
    """Raises `NotAllowed` for everybody else: a form may lie open longer than a post lasts."""
    if not scene.coordinates:
        raise NotAllowed(COORDINATORS_ONLY)


def standing_of(visit: Visit, actor: Actor, person: Person) -> frozenset[Standing]:
    """What somebody is to us at this instant. The setting names actors: another account of theirs is not meant."""
    return _standing(visit, person.id, person.role, named=str(actor) in visit.surroundings.administrators)


def standing_of_person(visit: Visit, id: str) -> frozenset[Standing]:
    """What somebody who is not here is to us at this instant."""
    return _standing(visit, id, visit.people.person(id).role, named=id in administrators(visit))


def administrators(visit: Visit) -> frozenset[str]:
    """The persons behind the actors that the setting names, as far as they have written to us and not left."""
    named = (Actor(*one.split(":", 2)) for one in visit.surroundings.administrators)
    return frozenset(person for actor in named if (person := visit.people.present(actor)) is not None)


def _standing(visit: Visit, person: str, role: Role, *, named: bool) -> frozenset[Standing]:
    found = {Standing.ANYBODY}
    if named or role is Role.ADMINISTRATOR:
        found |= {Standing.ADMINISTRATOR, Standing.COORDINATOR}
    if role is Role.COORDINATOR:
        found.add(Standing.COORDINATOR)
    for one in Posts(visit.connection, visit.now).stands_in_for(person):
        found.add(Standing.DEPUTY)
        if _is_needed(visit, one):
            found.add(Standing.COORDINATOR)
    return frozenset(found)


def _is_needed(visit: Visit, coordinator: Colleague) -> bool:
    """Whether a deputy has to act: the coordinator is away or not reached, or nobody has seen to what waits."""
    away = coordinator.away_until is not None and coordinator.away_until > visit.now
    gone = visit.people.addressed(coordinator.id) is None
    return away or gone or Matters(visit.connection, visit.now).any_passed_on()
