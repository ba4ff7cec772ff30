"""The desk at which coordinators put questions: what the form looks at, and the round that comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.rounds import UNDO, Round, State
from bot.domain.words import _
from bot.flows import asking, round_drafts
from bot.flows import rounds as words
from bot.handlers import prompting, rounds
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from storage import programmes
from storage.rounds import Rounds


def ask(scene: Scene, about: str) -> Outcome:
    """Begin to ask: about a programme, about it with a round to ask again, or about nothing yet."""
    require_coordinator(scene)
    id, _blank, again = about.partition(" ")
    offered = tuple(one for one in scene.programmes if not one.draft and one.closed is None)
    if not id and len(offered) != 1:
        return Show(asking.choose(offered))
    programme = scene.programme(id) if id else offered[0]
    if programme.draft:
        raise Gone(_("This programme is a draft. Publish it first, and then ask."))
    check_goes_on(programme)
    if not again:
        return Start(asking.ASK, programme.id, round_drafts.Draft(programme.id))
    earlier = _stored(scene, again, programme)
    return Start(
        asking.ASK, programme.id, round_drafts.Draft(programme.id, round_drafts.source_of(earlier), preset=True)
    )


def check_goes_on(programme: Programme) -> None:
    """Raises `Gone` once the edition is closed: who took part is forgotten, and nothing new is asked."""
    if programme.closed is not None:
        raise Gone(
            _("This edition has been closed, so nothing new can be asked in it. Copy it to a new edition first.")
        )


def _stored(scene: Scene, id: str, programme: Programme) -> Round:
    found = Rounds(scene.visit.connection, scene.visit.now).get(id)
    if found is None or found.programme != programme.id:
        raise Gone(words.gone())
    return found


def facts(scene: Scene, about: str) -> round_drafts.Facts:
    """Raises `NotAllowed` for everybody but coordinators, and `Gone` for an unknown programme."""
    require_coordinator(scene)
    programme, visit = scene.programme(about), scene.visit
    return round_drafts.Facts(
        programme=programme,
        now=visit.now,
        language=scene.language,
        rounds=tuple(one for one in Rounds(visit.connection, visit.now).of_programme(programme.id) if not one.occasion),
        reach=lambda wanted: prompting.reach(visit, wanted),
        eligible=lambda wanted, box: len(prompting.Circle(visit, wanted).people_of(box)),
    )


class AskingRoom:
    """Implements `bot.flows.asking.AskingDesk` in one transaction."""

    def __init__(self, scene: Scene) -> None:
        require_coordinator(scene)
        self._scene = scene
        self._visit = scene.visit
        self._store = Rounds(scene.visit.connection, scene.visit.now)

    def ask(self, wanted: Round, *, seen: tuple[str, ...]) -> Round:
        programme = self._locked(wanted.programme)
        for same in round_drafts.repeated(wanted, self._store.of_programme(programme.id)):
            if same.id not in seen:
                raise asking.already_asked(same, programme.zone)
        new = self._as_new(wanted)
        with self._visit.connection.begin_nested():  # a round that cannot open leaves nothing behind
            self._store.add(new)
            if new.opens_at <= self._visit.now:
                rounds.open_round(self._visit, new)
        stored = self._store.get(new.id)
        assert stored is not None, "it has just been added"
        return stored

    def _locked(self, id: str) -> Programme:
        """The programme, kept from changing: whoever asks sees what was asked, or closed, at the same moment."""
        programme = programmes.locked(self._visit.connection, id)
        if programme is None or programme.draft:
            raise Gone(_("That programme is no longer here. Write “programmes” to see those that are."))
        check_goes_on(programme)
        return programme

    def _as_new(self, wanted: Round) -> Round:
        at_once = wanted.opens_at <= self._visit.now
        return replace(
            wanted,
            id=uuid.uuid4().hex,
            state=State.PLANNED,
            opened_by=self._scene.person.id,
            undo_until=self._visit.now + UNDO if at_once else None,
            closed_at=None,
            version=0,
        )


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {asking.ASK: ask}
