"""The desk at which coordinators write reminders of their own, and what the buttons on their card do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.nudges import Planned
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.rules import WRITTEN, Rule
from bot.domain.words import _
from bot.flows import own_reminders as own
from bot.handlers.amending import locked
from bot.handlers.audiences import meant
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from bot.handlers.timeline import Quiet
from bot.handlers.visit import Visit
from bot.messages import View
from storage import programmes


def facts(scene: Scene, about: str) -> own.Facts:
    """Raises `NotAllowed` for everybody but coordinators, and `Gone` for an unknown programme."""
    require_coordinator(scene)
    programme = scene.programme(about.partition(" ")[0])
    quiet = Quiet(scene.visit, programme)

    def reach(planned: Planned) -> tuple[int, int]:
        found = meant(scene.visit, planned, programme.id, scene.visit.now)
        held = quiet.held(planned, found)
        return len(found) - held, held

    return own.Facts(programme, scene.visit.now, scene.language, reach)


def invitation(scene: Scene, about: str) -> View:
    """The card with all of them, where no form can be opened at once."""
    return own.card(facts(scene, about).programme)


class RuleRoom:
    """Implements `bot.flows.own_reminders.OwnRuleDesk` in one transaction; the programme is locked before it looks."""

    def __init__(self, scene: Scene) -> None:
        require_coordinator(scene)
        self._visit = scene.visit

    def keep_own(self, programme: str, rule: Rule, *, instead_of: str) -> Rule:
        current = locked(self._visit, programme)
        if not instead_of and len(own.written(current)) >= own.MOST:
            raise own.too_many()
        earlier = _found(current, instead_of) if instead_of else None
        kept = replace(rule, name=_name(rule, earlier))
        _store(self._visit, current, kept, instead_of=instead_of)
        return kept


def _name(rule: Rule, earlier: Rule | None) -> str:
    """A new one for what comes at another time: who was reminded at the earlier one is reminded again."""
    if earlier is not None and _when(rule) == _when(earlier):
        return earlier.name
    return WRITTEN + uuid.uuid4().hex[:12]


def _when(rule: Rule) -> tuple[object, ...]:
    return rule.anchor, rule.days, rule.at, rule.on, rule.only


def _found(programme: Programme, name: str) -> Rule:
    for rule in own.written(programme):
        if rule.name == name:
            return rule
    raise Gone(_("This reminder is no longer there."))


def _store(visit: Visit, programme: Programme, rule: Rule | None, *, instead_of: str) -> Programme:
    """The programme with the reminder in the place of an earlier one, at the end, or with None gone."""
    there = [one.name for one in programme.chat_rules]
    place = there.index(instead_of) if instead_of else len(there)
    before, after = programme.chat_rules[:place], programme.chat_rules[place + bool(instead_of) :]
    kept = (*before, *((rule,) if rule is not None else ()), *after)
    return programmes.load(visit.connection, replace(programme, chat_rules=kept), visit.now).programme


# --- What the buttons do ----------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    return Show(invitation(scene, about))


def write(scene: Scene, about: str) -> Outcome:
    """Write a new one, or change the one that is named after the programme."""
    programme, name = facts(scene, about).programme, about.partition(" ")[2]
    new = own.Draft(programme.id, scene.language.value, when=own.BEFORE if programme.occasions else own.DAY)
    return Start(own.WRITE, about, own.draft_of(programme, _found(programme, name)) if name else new)


def stop(scene: Scene, about: str) -> Outcome:
    return _turned(scene, about, off=True)


def start(scene: Scene, about: str) -> Outcome:
    return _turned(scene, about, off=False)


def _turned(scene: Scene, about: str, *, off: bool) -> Outcome:
    """Turned off it stays on the card, so that nothing that was written is lost."""
    programme, rule = _locked(scene, about)
    if rule.off is off:
        return Show(own.card(programme), replaces=True)  # pressed twice
    return Show(own.card(_store(scene.visit, programme, replace(rule, off=off), instead_of=rule.name)), replaces=True)


def remove(scene: Scene, about: str) -> Outcome:
    """Remove one that is turned off; one that a colleague has turned on meanwhile stays."""
    programme, rule = _locked(scene, about)
    if not rule.off:
        return Show(own.card(programme), replaces=True)
    return Show(own.card(_store(scene.visit, programme, None, instead_of=rule.name)), replaces=True)


def _locked(scene: Scene, about: str) -> tuple[Programme, Rule]:
    require_coordinator(scene)
    id, _blank, name = about.partition(" ")
    programme = locked(scene.visit, id)
    return programme, _found(programme, name)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    own.OWN: show,
    own.WRITE: write,
    own.STOP: stop,
    own.START: start,
    own.REMOVE: remove,
}
