"""A round's documents in chat: the links for coordinators, and a new link in place of one that got about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.refusals import Gone
from bot.domain.words import Words, _
from bot.flows import buttons, documents
from bot.handlers import boards, mailing, shelf
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import Card
from storage.links import Kind, Links


def show(scene: Scene, about: str) -> Outcome:
    """The links to a round's documents."""
    return Show(_card(scene, about))


def renew(scene: Scene, about: str) -> Outcome:
    """Close the link that was given out, and give out another."""
    _title(scene, about)
    Links(scene.visit.connection, scene.visit.now).revoke(Kind.DOCUMENTS, about)
    return Show(_card(scene, about, renewed=True), replaces=True)


def _card(scene: Scene, about: str, *, renewed: bool = False) -> Card:
    title, page = _title(scene, about), shelf.address(scene.visit, about)
    mailed = mailing.receipt(scene.visit, about)
    return documents.card(about, title, page, scene.language, mailed=mailed, renewed=renewed)


def _title(scene: Scene, about: str) -> Words:
    """The round's title. Raises `Gone` where there is no board."""
    shown = boards.read(scene.visit.connection, scene.visit.now, scene.visit.programmes, about)
    if shown is None:
        raise Gone(_("There is nothing to download: the round has not opened, or it is no longer here."))
    return shown.round.title


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.DOCUMENTS: show,
    documents.NEW_LINK: renew,
}
