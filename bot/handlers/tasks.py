"""What a coordinator asks for in a sentence leads to where it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.programmes import Programme
from bot.faq import ANSWERS_AT, SUGGESTS_AT
from bot.flows import status, tasks, welcome
from bot.flows.tasks import PLACES, Task
from bot.handlers.finding import Found
from bot.handlers.naming import programmes_named
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from bot.messages import Action, Button

_MOST = 3  # that are suggested
_CHOSEN_FOR = frozenset(task for task, place in PLACES.items() if place.each)


def meant(scene: Scene, found: Found, *, suggests: bool) -> Action | Show | None:
    """What to do about a coordinator's sentence; None where it asks for nothing that only they can do.

    Nothing is suggested for what may be an answer to questions that are open to them.
    """
    if not found.tasks or not scene.coordinates:
        return None
    (best, sure), others = found.tasks[0], found.ranked[:1]
    if sure >= ANSWERS_AT:
        return _way(scene, best, found.text).action
    if not suggests or any(score >= max(sure, ANSWERS_AT) for _id, score in others):
        return None
    likely = [task for task, score in found.tasks[:_MOST] if score >= SUGGESTS_AT]
    return Show(tasks.suggest([_way(scene, task, found.text) for task in likely])) if likely else None


def _way(scene: Scene, task: Task, text: str) -> Button:
    """Straight to the programme that it is about, where there is only one, or the text names one."""
    place = PLACES[task]
    if not place.each:
        return place.button()
    there = {one.id: one for one in _programmes(scene)}
    named = programmes_named(text, there) or there.keys()
    return place.button(*named) if len(named) == 1 else tasks.to_choose(task)


def _programmes(scene: Scene) -> tuple[Programme, ...]:
    return status.current(scene.programmes, scene.visit.now)


def choose(scene: Scene, about: str) -> Outcome:
    require_coordinator(scene)
    if about not in _CHOSEN_FOR:
        return Show(welcome.unknown_button())
    return Show(tasks.choose(Task(about), _programmes(scene)))


def show_file(scene: Scene, about: str) -> Outcome:
    return Show(tasks.in_file())


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    tasks.CHOOSE: choose,
    tasks.FILE: show_file,
}
