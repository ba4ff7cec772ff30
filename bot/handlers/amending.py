"""The coordinators' desk: meetings changed and cancelled, reminders set, editions copied and published."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.domain.calendar_shift import copied
from bot.domain.changes import Kind
from bot.domain.filed import amended, as_amended
from bot.domain.programmes import Occasion, Programme
from bot.domain.refusals import Gone
from bot.domain.rules import Rule
from bot.domain.words import _
from bot.flows import amending, editions, rulebook
from bot.flows.effects import Facts, Reach
from bot.handlers.audiences import channels_of
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage import programmes
from storage.changes import Changes

_LONGEST_ID = 60


class ProgrammeRoom:
    """Implements `ProgrammeDesk`, `RuleDesk` and `EditionDesk` of the coordinators' flows in one transaction.

    Each method locks the programme before it looks, so that of two coordinators at once the second one sees what the
    first has done.
    """

    def __init__(self, scene: Scene) -> None:
        require_coordinator(scene)
        self._visit = scene.visit

    def amend(self, programme: str, occasion: Occasion, *, seen: int) -> Programme:
        current = locked(self._visit, programme)
        standing = current.occasion(occasion.id)
        if standing.sequence != seen:
            raise amending.overtaken(current, standing)
        return self._load(amended(current, as_amended(standing, occasion)))

    def keep_rule(self, programme: str, rule: Rule) -> None:
        current = locked(self._visit, programme)
        self._load(replace(current, chat_rules=(*_without(current, rule.name), rule)))

    def forget_rule(self, programme: str, rule: str) -> None:
        current = locked(self._visit, programme)
        self._load(replace(current, chat_rules=_without(current, rule)))

    def copy(self, programme: str, edition: str, days: int) -> Programme:
        current = locked(self._visit, programme)
        return self._load(copied(current, self._new_id(current, edition), edition, days))

    def _new_id(self, programme: Programme, edition: str) -> str:
        """An id that tells the edition, and that no other programme has."""
        plain = unicodedata.normalize("NFKD", edition.casefold()).encode("ascii", "ignore").decode()
        wanted = f"{programme.id}-{'-'.join(re.findall('[a-z0-9]+', plain)) or 'ny'}"[:_LONGEST_ID]
        taken = self._visit.programmes
        number = next(n for n in range(1, len(taken) + 2) if (wanted if n == 1 else f"{wanted}-{n}") not in taken)
        return wanted if number == 1 else f"{wanted}-{number}"

    def publish(self, programme: str) -> Programme:
        locked(self._visit, programme)
        return programmes.publish(self._visit.connection, programme, self._visit.now).programme

    def _load(self, programme: Programme) -> Programme:
        return programmes.load(self._visit.connection, programme, self._visit.now).programme


def locked(visit: Visit, id: str) -> Programme:
    """The programme as it is, kept from changing; raises `Gone` when it is no longer there."""
    programme = programmes.locked(visit.connection, id)
    if programme is None:
        raise Gone(_("That programme is no longer here. Write “programmes” to see those that are."))
    return programme


def _without(programme: Programme, rule: str) -> tuple[Rule, ...]:
    return tuple(one for one in programme.chat_rules if one.name != rule)


# --- What the flows look at -------------------------------------------------------------------------------------------


def facts(scene: Scene, about: str) -> Facts:
    """Raises `NotAllowed` for everybody but coordinators, and `Gone` for an unknown programme."""
    require_coordinator(scene)
    programme = scene.programme(about)
    return Facts(
        programme=programme,
        now=scene.visit.now,
        language=scene.language,
        told_at=partial(Changes(scene.visit.connection, scene.visit.now).told_at, programme),
        reach=lambda occasion, kinds: _reach(scene.visit, programme, occasion, kinds),
        holdings=lambda: Changes(scene.visit.connection, scene.visit.now).holdings(programme.id),
    )


def _reach(visit: Visit, programme: Programme, occasion: str, kinds: frozenset[Kind]) -> Reach:
    if not kinds:
        return Reach()
    hearers = Changes(visit.connection, visit.now).hearers(programme.id, {occasion: kinds})
    persons = {one.person for one in hearers}
    addresses = [one.address for one in visit.people.reached(persons).values()]
    platforms = Counter(address.platform for address in addresses if address is not None)
    channels = channels_of(visit, programme.id) if kinds != {Kind.LINK} else ()
    return Reach(tuple(sorted(platforms.items())), len(persons) - platforms.total(), len(channels))


def rule_facts(scene: Scene, about: str) -> rulebook.Facts:
    require_coordinator(scene)
    return rulebook.Facts(scene.programme(about), scene.language)


def edition_facts(scene: Scene, about: str) -> editions.Facts:
    require_coordinator(scene)
    return editions.Facts(scene.programme(about), scene.visit.now)


def invitation(scene: Scene, about: str) -> View:
    """What a coordinator can do with a programme, where no form can be opened at once."""
    require_coordinator(scene)
    return editions.card(scene.programme(about), scene.visit.now)


# --- What the buttons do ----------------------------------------------------------------------------------------------


def amend(scene: Scene, about: str) -> Outcome:
    offered = amending.changeable(facts(scene, about).programme, scene.visit.now)
    return _begin(amending.AMEND, about, offered)


def call_off(scene: Scene, about: str) -> Outcome:
    offered = amending.changeable(facts(scene, about).programme, scene.visit.now)
    return _begin(amending.CALL_OFF, about, tuple(one for one in offered if not one.cancelled))


def _begin(flow: str, programme: str, offered: tuple[Occasion, ...]) -> Start:
    """Choose among the meetings, unless there is only one."""
    if not offered:
        raise Gone(amending.nothing_ahead())
    if len(offered) > 1:
        return Start(flow, programme, amending.Draft(programme))
    (only,) = offered
    return Start(flow, programme, amending.Draft(programme, only.id, seen=only.sequence, preset=True))


def undo_change(scene: Scene, about: str) -> Outcome:
    """Put back what people know, while nobody has been told and nobody has changed it again."""
    require_coordinator(scene)
    id, _blank, rest = about.partition(" ")
    occasion, _blank, sequence = rest.rpartition(" ")
    programme = locked(scene.visit, id)
    standing = programme.occasion(occasion)
    unsettled = {one.occasion: one.before for one in Changes(scene.visit.connection, scene.visit.now).of(id)}
    if occasion not in unsettled or str(standing.sequence) != sequence:
        raise Gone(amending.nothing_to_undo())
    before = amended(programme, as_amended(standing, unsettled[occasion]))
    loaded = programmes.load(scene.visit.connection, before, scene.visit.now).programme
    return Show(amending.undone(loaded, loaded.occasion(occasion)), replaces=True)


def tell_now(scene: Scene, about: str) -> Outcome:
    """Do not wait for the ten minutes; the next tick tells what has changed of the programme."""
    require_coordinator(scene)
    locked(scene.visit, about)
    changes = Changes(scene.visit.connection, scene.visit.now)
    if not changes.of(about):
        raise Gone(amending.nothing_to_undo())
    changes.postpone(about, scene.visit.now)
    return Show(amending.being_told())


def rules(scene: Scene, about: str) -> Outcome:
    return Start(rulebook.RULES, rule_facts(scene, about).programme.id, rulebook.Draft(about))


def copy(scene: Scene, about: str) -> Outcome:
    if not edition_facts(scene, about).programme.occasions:
        raise Gone(amending.nothing_ahead())
    return Start(editions.COPY, about, editions.Copy(about))


def publish(scene: Scene, about: str) -> Outcome:
    if not edition_facts(scene, about).programme.draft:
        raise Gone(_("This programme is published already."))
    return Start(editions.PUBLISH, about, editions.Publish(about))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    amending.AMEND: amend,
    amending.CALL_OFF: call_off,
    amending.UNDO_CHANGE: undo_change,
    amending.TELL_NOW: tell_now,
    rulebook.RULES: rules,
    editions.COPY: copy,
    editions.PUBLISH: publish,
}
