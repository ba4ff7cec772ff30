"""Linking a contact whom a programme's file names with somebody who writes to us: the code, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.words import Words
from bot.flows import appointing, linked_contacts
from bot.flows.appointing import Holder
from bot.flows.linked_contacts import Choice, Facts
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.posts import Posts

PURPOSE = "answering"
"""The kind of the codes, with the programme and the contact's name after it."""


def link(scene: Scene, about: str) -> Outcome:
    facts(scene, about)
    return Start(linked_contacts.flow.name, "", Choice())


def facts(scene: Scene, about: str) -> Facts:
    """Raises `Gone` when no programme names anybody."""
    named = tuple(one for one in scene.programmes if one.contacts)
    if not named:
        raise Gone(linked_contacts.none_named())
    return Facts(named)


class CodeRoom:
    """Implements `bot.flows.linked_contacts.CodeDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def contact_code(self, programme: str, name: str) -> str:
        """It says who appoints, so that it loses its worth with their post."""
        return self._scene.visit.codes.issue(f"{PURPOSE}:{programme}:{name}", self._scene.person.id)


def give(scene: Scene, issuer: str, by: Words, who: Words, rest: str) -> View:
    """Let the person answer as the contact that a code names. Raises `Gone` once the file names them no more."""
    id, _colon, name = rest.partition(":")
    programme = _naming(scene, id, name)
    Posts(scene.visit.connection, scene.visit.now).add_answerer(id, name, scene.person.id)
    if issuer != scene.person.id:
        view = linked_contacts.is_linked(who, name, programme)
        scene.visit.tell(issuer, view, key=f"appointed:{issuer}:{scene.inbound.delivery}")
    return linked_contacts.now_answers(name, programme, by)


def _naming(scene: Scene, id: str, name: str) -> Programme:
    programme = scene.visit.programmes.get(id)
    if programme is None or all(one.name != name for one in programme.contacts):
        raise Gone(linked_contacts.gone())
    return programme


def all_posts(scene: Scene) -> Iterator[Holder]:
    """Everybody who answers as a contact, with what `take` needs to end it."""
    for programme in scene.programmes:
        for name, one in Posts(scene.visit.connection, scene.visit.now).answerers(programme.id):
            post = f"{PURPOSE}:{one.id}:{programme.id}:{name}"
            yield Holder(one.name or appointing.nameless(), linked_contacts.title_of(name, programme), post=post)


def take(visit: Visit, rest: str) -> str:
    """End the post that `all_posts` named; the id of the person who had it."""
    person, id, name = rest.split(":", 2)
    Posts(visit.connection, visit.now).remove_answerer(id, name, person)
    return person


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {linked_contacts.LINK: link}
