"""How sure an answer of a programme's has to be: read and changed in chat, where it wins over the programme's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.caution import Caution
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.words import _
from bot.flows import cautions, curating
from bot.flows.cautions import Draft, Facts
from bot.handlers.amending import locked
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from storage import programmes


class CautionRoom:
    """Implements `bot.flows.cautions.CautionDesk`: of two coordinators at once, the later word holds."""

    def __init__(self, scene: Scene) -> None:
        require_coordinator(scene)
        self._visit = scene.visit

    def want(self, programme: str, caution: Caution | None) -> Programme:
        current = locked(self._visit, programme)
        wanted = replace(current, chat_caution=caution)
        if wanted == current:
            return current
        return programmes.load(self._visit.connection, wanted, self._visit.now).programme


def facts(scene: Scene, about: str) -> Facts:
    """Raises `NotAllowed` for everybody but coordinators."""
    require_coordinator(scene)
    return Facts(tuple(scene.programmes))


def choose(scene: Scene, about: str) -> Outcome:
    """The form, without asking which programme where that is known."""
    there = facts(scene, about).programmes
    if not there:
        raise Gone(_("That programme is no longer here. Write “programmes” to see those that are."))
    named = about if about not in ("", curating.EVERYWHERE) else ""
    known = scene.programme(named).id if named else there[0].id if len(there) == 1 else ""
    return Start(cautions.flow.name, known, Draft(known, preset=bool(known)))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {curating.CAUTION: choose}
"""What starts the form."""
