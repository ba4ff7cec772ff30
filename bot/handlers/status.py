"""How everything stands, for coordinators."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.flows import buttons, registration, status
from bot.flows import matters as concerns
from bot.handlers import appointing, feedback, matters, misses, overseeing, timeline
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import View


def show_status(scene: Scene, about: str) -> Outcome:
    """How the programmes stand; with a name, what went and will go to that participant."""
    return timeline.of_somebody(scene, about) if about else Show(_status(scene))


def _status(scene: Scene) -> View:
    drafts: dict[str, int] = {}
    for run in scene.visit.runs.unfinished(registration.flow.name):
        drafts[run.about] = drafts.get(run.about, 0) + 1
    state = status.State(
        counts=scene.visit.registrations.counts(),
        unanswered=scene.visit.registrations.unanswered(),
        unfinished=drafts,
        undelivered=scene.visit.outbox.undelivered(),
        maybe_twice=scene.visit.outbox.maybe_twice(),
        missed=scene.visit.nudges.missed(),
        matters=matters.open_matters(scene.visit, set(scene.visit.programmes)),
        posts=appointing.status_buttons(scene),
        rounds=overseeing.lines(scene.visit),
        misses=misses.counts(scene.visit),
        feedback=feedback.lines(scene.visit, scene.programmes),
    )
    return status.card(status.current(scene.programmes, scene.visit.now), state)


def done_in_status(scene: Scene, about: str) -> Outcome:
    """Close a matter where it stands in the status."""
    matters.close(scene, about)
    return Show(_status(scene), replaces=True)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.STATUS: show_status,
    concerns.DONE_IN_STATUS: done_in_status,
}
