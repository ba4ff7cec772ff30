"""Who leads the workshops of a programme, and whom a round that only one organisation is asked concerns."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.permissions import Standing
from bot.domain.rounds import Round
from bot.domain.rules import Audience
from bot.domain.workshops import Workshop
from bot.handlers.audiences import members
from bot.handlers.permissions import standing_of_person
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage import belonging
from storage.posts import Posts
from storage.workshops import Workshops


def may_lead(scene: Scene, programme: str, organisation: str) -> bool:
    """Coordinators lead everywhere, and an organisation's contacts what is that organisation's own."""
    return scene.coordinates or (bool(organisation) and organisation in led_by(scene, programme))


def led_by(scene: Scene, programme: str) -> frozenset[str]:
    """The organisations whose contact the person is in a programme."""
    known = belonging.organisations_of(scene.visit.connection, programme, (scene.person.id,))
    posts = Posts(scene.visit.connection, scene.visit.now)
    mine = known.get(scene.person.id, {})
    appointed = filter(None, mine)
    return frozenset(key for key in appointed if scene.person.id in posts.contacts_of(programme, key))


def leads_anywhere(scene: Scene) -> bool:
    """Whether the person is the contact of an organisation in a programme that has workshops."""
    return any(one.workshops and led_by(scene, one.id) for one in scene.programmes)


def leads_round(scene: Scene, about: Round) -> bool:
    """Whether the person leads the workshop that a round was opened for, or coordinates."""
    if scene.coordinates:
        return True
    found = Workshops(scene.visit.connection, scene.visit.now).of_round(about.id) if about.organisation else None
    return found is not None and may_lead(scene, found.programme, found.organisation)


def leads_for(visit: Visit, person: str, about: Round) -> bool:
    """Whether somebody who is still here looks after the only organisation that a workshop's round asks."""
    led = bool(about.organisation) and Workshops(visit.connection, visit.now).of_round(about.id) is not None
    if not led or person not in Posts(visit.connection, visit.now).contacts_of(about.programme, about.organisation):
        return False
    return visit.people.is_here(person)  # a post outlasts an account that was closed, and the link must not


def leader_of(visit: Visit, about: Round) -> frozenset[str]:
    """Who has begun the workshop that a round was opened for, while they lead it."""
    found = Workshops(visit.connection, visit.now).of_round(about.id)
    return told_of(visit, found) & {found.begun_by} if found is not None else frozenset()


def told_of(visit: Visit, workshop: Workshop) -> frozenset[str]:
    """Whom what happens in a workshop is told: who began it while they lead it, or else those who lead it now."""
    coordinates = Standing.COORDINATOR in standing_of_person(visit, workshop.begun_by)
    key = workshop.organisation
    contacts = Posts(visit.connection, visit.now).contacts_of(workshop.programme, key) if key else ()
    if coordinates or workshop.begun_by in contacts:
        return frozenset({workshop.begun_by})
    return frozenset(contacts or members(visit, Audience.COORDINATORS, workshop.programme, "", visit.now))


def organisation_name(visit: Visit, programme: str, key: str) -> str:
    """How an organisation is called; its key where nobody knows better."""
    known = visit.surroundings.directory.get(key)
    if known is not None:
        return known.name
    return belonging.organisations_claimed(visit.connection, programme).get(key) or key


def asked_alone(visit: Visit, about: Round) -> str:
    """The name of the only organisation that a round asks; nothing where everybody is asked."""
    return organisation_name(visit, about.programme, about.organisation) if about.organisation else ""


def organisations_in(visit: Visit, programme: str) -> Mapping[str, str]:
    """Key → name of every organisation that takes part."""
    found = belonging.organisations_in(visit.connection, programme)
    organisations = {key: name for key, name in found.items() if key}
    return {key: name or organisation_name(visit, programme, key) for key, name in organisations.items()}
