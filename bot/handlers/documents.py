"""A round's documents in chat: links for coordinators and contacts, and a new one in place of one that got about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Round
from bot.domain.words import _
from bot.flows import buttons, documents
from bot.handlers import boards, leaders, mailing, shelf
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import COORDINATORS_ONLY
from bot.handlers.scene import Scene
from bot.messages import Card
from storage.links import Kind, Links


def show(scene: Scene, about: str) -> Outcome:
    """The links to a round's documents."""
    return Show(_card(scene, _round(scene, about)))


def renew(scene: Scene, about: str) -> Outcome:
    """Close the link that was given out to coordinators, or to this contact, and give out another."""
    found = _round(scene, about)
    Links(scene.visit.connection, scene.visit.now).revoke(Kind.DOCUMENTS, _link(scene, found))
    return Show(_card(scene, found, renewed=True), replaces=True)


def _card(scene: Scene, found: Round, *, renewed: bool = False) -> Card:
    page = shelf.address(scene.visit, _link(scene, found))
    mailed = mailing.receipt(scene.visit, found.id) if scene.coordinates else None
    return documents.card(found.id, found.title, page, scene.language, mailed=mailed, renewed=renewed)


def _link(scene: Scene, found: Round) -> str:
    return found.id if scene.coordinates else shelf.for_contact(found.id, scene.person.id)


def _round(scene: Scene, about: str) -> Round:
    """The round. Raises `NotAllowed` for who may not download it, and `Gone` where there is no board."""
    visit = scene.visit
    shown = boards.read(visit.connection, visit.now, visit.programmes, about)
    theirs = shown is not None and leaders.leads_for(visit, scene.person.id, shown.round)
    if not (scene.coordinates or theirs):
        raise NotAllowed(COORDINATORS_ONLY)
    if shown is None:
        raise Gone(_("There is nothing to download: the round has not opened, or it is no longer here."))
    return shown.round


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.DOCUMENTS: show,
    documents.NEW_LINK: renew,
}
