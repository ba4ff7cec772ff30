"""Materials that coordinators add in chat: kept with the programme, also when its file is loaded again, and removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.materials import from_occasion
from bot.domain.programmes import Material, Programme
from bot.domain.refusals import Gone
from bot.flows import materials, new_materials
from bot.flows.new_materials import Draft, Facts
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import check
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage import programmes
from storage.awaited import Awaited


def add(scene: Scene, about: str) -> Outcome:
    """The form of a new material: of this programme, or of one that is chosen."""
    facts(scene, about)
    return Start(new_materials.flow.name, about, Draft())


def facts(scene: Scene, about: str) -> Facts:
    """Raises `NotAllowed` for everybody but coordinators, and `Gone` where there is no programme to add to."""
    check(scene, materials.NEW)
    found = (scene.programme(about),) if about else scene.programmes
    if not found:
        raise Gone(materials.gone())
    return Facts(tuple(found), scene.language, scene.visit.now, _waiting(scene.visit, found))


def _waiting(visit: Visit, found: tuple[Programme, ...]) -> dict[tuple[str, str], int]:
    """How many wait for whatever comes from a meeting."""
    store = Awaited(visit.connection, visit.now)
    meetings = {(one.id, from_occasion(held.id)) for one in found for held in one.occasions}
    return {(wish.programme, wish.what): len(store.waiting(wish)) for wish in store.wishes() if wish in meetings}


def invitation(scene: Scene, about: str) -> View:
    check(scene, materials.NEW)
    return new_materials.invitation(about)


class ShelfRoom:
    """Implements `bot.flows.new_materials.Shelf` in one transaction, for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        check(scene, materials.NEW)
        self._visit = scene.visit

    def add(self, programme: str, material: Material) -> None:
        current = programmes.locked(self._visit.connection, programme)
        if current is None:
            raise Gone(materials.gone())
        if current.material(material.id) is not None:
            raise new_materials.Taken(new_materials.there_already())
        _store(self._visit, replace(current, materials=(*current.materials, material)))


def remove(scene: Scene, about: str) -> Outcome:
    """Ask before anything goes."""
    return Show(new_materials.ask_to_remove(*_added(scene, about)))


def confirm_remove(scene: Scene, about: str) -> Outcome:
    """Let it go; pressed twice, the second press finds nothing."""
    programme, material = _added(scene, about)
    current = programmes.locked(scene.visit.connection, programme.id)
    gone = current.material(material.id) if current is not None else None
    if current is None or gone is None:
        raise Gone(materials.gone())
    _store(scene.visit, replace(current, materials=tuple(one for one in current.materials if one.id != gone.id)))
    return Show(new_materials.removed(gone), replaces=True)


def _added(scene: Scene, about: str) -> tuple[Programme, Material]:
    """What a button names as `programme material`. Raises `Gone`, also for what is not the chat's to remove."""
    id, _blank, named = about.partition(" ")
    programme = scene.programme(id)
    material = programme.material(named)
    if material is None:
        raise Gone(materials.gone())
    if not material.from_chat:
        raise Gone(new_materials.is_the_file_s())
    return programme, material


def _store(visit: Visit, programme: Programme) -> None:
    programmes.load(visit.connection, programme, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    materials.NEW: add,
    materials.REMOVE: remove,
    materials.CONFIRM_REMOVE: confirm_remove,
}
