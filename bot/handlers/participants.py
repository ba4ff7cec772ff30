"""A programme's participants as files for coordinators, by links that soon end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.participants import Participants
from bot.domain.permissions import Standing
from bot.domain.programmes import Programme
from bot.flows import participants as words
from bot.flows import status
from bot.handlers import groups
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import standing_of_person
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.groups import Groups
from storage.links import Kind, Links
from storage.participants import bookings

_LINK_LASTS = timedelta(hours=1)


def show(scene: Scene, about: str) -> Outcome:
    """The files of a programme; typed, of the one that goes on, or which of several."""
    if about:
        return Show(_card(scene, scene.programme(about)))
    current = status.current(scene.programmes, scene.visit.now)
    return Show(_card(scene, current[0]) if len(current) == 1 else words.choose(current))


def _card(scene: Scene, programme: Programme) -> Card:
    visit = scene.visit
    found = read(visit, programme)
    if not found.bookings:
        return words.nothing_yet(programme)
    link = Links(visit.connection, visit.now).give_out(
        Kind.PARTICIPANTS, f"{programme.id} {scene.person.id}", lasts=_LINK_LASTS
    )
    return words.card(found, visit.surroundings.link_address(Kind.PARTICIPANTS, link), scene.language)


def read(visit: Visit, programme: Programme) -> Participants:
    """Everybody who is registered, as it stands now."""
    store = Groups(visit.connection, visit.now)
    roles = {group.id: groups.role_name(programme, group) for group in store.of_programme(programme.id)}
    of_people = {person: roles[group] for group, person in store.memberships(programme.id) if group in roles}
    return Participants(programme, bookings(visit.connection, programme.id), of_people, visit.now)


def opened(visit: Visit, about: str) -> Participants | None:
    """What a link to the files holds; None once its coordinator is none any more, or the programme is gone."""
    id, _blank, person = about.partition(" ")
    programme = visit.programmes.get(id)
    if programme is None or Standing.COORDINATOR not in standing_of_person(visit, person):
        return None
    return read(visit, programme)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {words.PARTICIPANTS: show}
