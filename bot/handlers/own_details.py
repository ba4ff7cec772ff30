"""What somebody is called and reached at, put right by themselves: on their seats as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.flows import own_details
from bot.flows.own_details import Details, Facts
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.scene import Scene
from bot.messages import View


def ask(scene: Scene, about: str) -> Outcome:
    return Start(own_details.flow.name, "", Details())


def facts(scene: Scene, about: str) -> Facts:
    return Facts(scene.person)


def invitation(scene: Scene, about: str) -> View:
    return own_details.invitation(scene.person)


class OwnRoom:
    """Implements `bot.flows.own_details.OwnDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._visit = scene.visit
        self._person = scene.person

    def correct(self, name: str, email: str) -> int:
        self._visit.people.remember(replace(self._person, name=name, email=email))
        return self._visit.registrations.rename(self._person.id, name=name, email=email)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {own_details.CORRECT: ask}
