"""Where somebody may begin a workshop, and what happens when they do."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed, Refusal
from bot.domain.rounds import QuestionSet
from bot.domain.words import Words, _
from bot.domain.workshops import Script, State, Workshop, begun
from bot.flows import prompts, round_drafts, workshop_lists, workshop_news
from bot.flows import workshops as words
from bot.flows.beginning import WHOLE, Alone, Draft, Facts, sealed
from bot.handlers import asking, joining, lead_cards, leaders, resting, stepping, subtracting, urns, workshops
from bot.handlers.audiences import asked_of
from bot.handlers.group_names import called_there
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage import programmes


def places(scene: Scene, programme: Programme) -> Mapping[str, Words]:
    """Where the person may begin a workshop of a programme: `WHOLE` or an organisation's key → name."""
    there = leaders.organisations_in(scene.visit, programme.id)
    if scene.coordinates:
        return {WHOLE: _("Everybody in the programme"), **_by_name(there)}
    mine = leaders.led_by(scene, programme.id)
    return _by_name({key: there.get(key) or leaders.organisation_name(scene.visit, programme.id, key) for key in mine})


def _by_name(named: Mapping[str, str]) -> dict[str, Words]:
    return dict(sorted(named.items(), key=lambda one: (one[1], one[0])))


def begin(scene: Scene, about: str) -> Outcome:
    found = facts(scene, about)
    return Start(words.BEGIN, about, Draft(found.programme.id, found.script.id))


def facts(scene: Scene, about: str) -> Facts:
    """What the form looks at. Raises `Gone`, and `NotAllowed` for those who may begin it nowhere."""
    programme, found = _known(scene, about)
    allowed = places(scene, programme)
    if not allowed:
        raise NotAllowed(words.not_yours())
    visit = scene.visit
    return Facts(
        programme,
        found,
        visit.now,
        allowed,
        people=lambda place: len(asked_of(visit, workshops.everybody(_new(programme, found, place, visit)))),
        groups=lambda place: _groups(visit, _new(programme, found, place, visit)),
        returning=lambda place: _returning(visit, _new(programme, found, place, visit)),
        alone=lambda place, asked: _alone(visit, asked, _new(programme, found, place, visit)),
    )


def _groups(visit: Visit, new: Workshop) -> int:
    """As its leader's card will count them."""
    return len(Circle(visit, workshops.everybody(new), new).counted)


def _returning(visit: Visit, new: Workshop) -> tuple[tuple[Words, datetime], ...]:
    return tuple((called_there(visit, group), group.created_at) for group in resting.coming_back(visit, new))


def _alone(visit: Visit, asked: QuestionSet, new: Workshop) -> Alone:
    """As a step of the workshop would find it, if it began now."""
    about = round_drafts.of_set(asked, visit.programmes[new.programme], visit.now)
    about = replace(about, organisation=new.organisation, threshold=new.script.threshold)
    counted = [(box, urns.eligible(visit, about, box)) for box in about.boxes]
    there = replace(about, boxes=tuple(box for box, n in counted if n))
    outlook = subtracting.outlook(visit, new, there)
    return Alone(
        people=tuple((prompts.box_name(box), n) for box, n in counted if n),
        waiting=tuple(prompts.box_name(box) for box in there.boxes if box not in outlook.boxes),
        until=outlook.more_at,
    )


def _known(scene: Scene, about: str) -> tuple[Programme, Script]:
    """Raises `Gone`."""
    id, _blank, script = about.partition(" ")
    programme = scene.programme(id)
    found = programme.workshop(script)
    if found is None or programme.draft:
        raise Gone(words.gone())
    asking.check_goes_on(programme)
    return programme, found


def script(scene: Scene, id: str, script: str) -> View:
    """The whole script of a workshop that the person may begin. Raises `Gone` and `NotAllowed`."""
    found = facts(scene, f"{id} {script}")
    return words.script(
        found.script, found.programme, ways=(workshop_lists.begin_button(found.programme, found.script),)
    )


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the script, with the button that opens it."""
    id, _blank, wanted = about.partition(" ")
    return script(scene, id, wanted)


def _key(place: str) -> str:
    return "" if place == WHOLE else place


def _new(programme: Programme, found: Script, place: str, visit: Visit, by: str = "") -> Workshop:
    return Workshop(uuid.uuid4().hex, programme.id, found, by, visit.now, organisation=_key(place))


class WorkshopRoom:
    """Implements `bot.flows.beginning.WorkshopDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._visit = scene.visit

    def begin(self, draft: Draft, place: str, threshold: int) -> View:
        programme, found = _known(self._scene, f"{draft.programme} {draft.script}")
        if place not in places(self._scene, programme):
            raise NotAllowed(words.not_yours())
        # Of two who begin at once the second sees the first's; and nothing begins in an edition that has just closed.
        asking.check_goes_on(programmes.locked(self._visit.connection, programme.id) or programme)
        self._check_none_goes_on(programme, found, _key(place))
        with self._visit.connection.begin_nested():  # one that cannot begin leaves nothing behind
            return self._begin(programme, replace(found, threshold=threshold, small_groups=draft.groups), place)

    def _check_none_goes_on(self, programme: Programme, found: Script, organisation: str) -> None:
        for one in workshops.store(self._visit).of_programme(programme.id):
            if one.state is not State.ENDED and (one.script.id, one.organisation) == (found.id, organisation):
                raise Refusal(_("This workshop is already under way. Write “workshop” to see how far it has come."))

    def _begin(self, programme: Programme, found: Script, place: str) -> View:
        by = self._scene.person.id
        new = begun(_new(programme, found, place, self._visit, by), self._visit.now)
        joining.split(self._visit, programme.id, new.organisation, found.small_groups or 0)
        workshops.store(self._visit).add(new)
        alone = any(_alone(self._visit, asked, new).asked for asked in sealed(programme, new.script))
        view = workshop_news.begins(workshops.standing(self._visit, new), alone=alone)
        stepping.tell_everybody(self._visit, new, "begins", view)
        stepping.enter(self._visit, new, by)
        card = lead_cards.shown(self._visit, new, by)
        self._visit.tell(by, card, key=lead_cards.key(new))  # it has to last for hours
        return words.has_begun()
