"""The coordinators' test box: a question goes the way of a participant's, up to its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation import Answers, clean
from bot.domain import faq as asked
from bot.domain.words import Words
from bot.faq import ANSWERS_AT, SUGGESTS_AT
from bot.flows import curating, curating_form, curating_trial
from bot.flows.curating_trial import CONTEXT, NONE, TRIED, Candidate, Draft, Facts, Trial
from bot.handlers.events import Inbound
from bot.handlers.faq import Weighed, weighed
from bot.handlers.finding import Finder, Found
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.scene import Scene
from bot.messages import Answer

_FIELDS: Mapping[str, str] = {
    curating_trial.flow.name: TRIED,
    curating_form.add.name: "question",
    curating_form.change.name: "question",
    curating_form.translate.name: "question",
}
"""Flow → its field with a question that is looked up: to try it out, or to find what asks nearly the same."""


def may_ask(answers: Answers) -> bool:
    """Whether a form can be one of those, so that it is worth the while to see which one it is."""
    return not answers.keys().isdisjoint(_FIELDS.values())


async def look_up(finder: Finder, inbound: Inbound, flow: str, answers: Answers) -> Found | None:
    """What a question in a submitted form of this flow may mean; None where there is none."""
    field = _FIELDS.get(flow, "")
    if field not in answers:
        return None
    context = frozenset((_text(answers.get(CONTEXT, NONE)),)) if field == TRIED else frozenset[str]()
    return await finder.find(inbound, _text(answers[field]), own=context)


def _text(answer: Answer) -> str:
    return clean(answer if isinstance(answer, str) else " ".join(answer))


def try_out(scene: Scene, about: str) -> Outcome:
    known = {one.id for one in scene.programmes}
    return Start(curating_trial.flow.name, "", Draft(about if about in known else ""))


def facts(scene: Scene, about: str) -> Facts:
    return Facts(tuple(one for one in scene.programmes if not one.draft), lambda: _trial(scene))


def _trial(scene: Scene) -> Trial | None:
    found = scene.found
    if found is None:
        return None
    ranked, outcome = weighed(scene, found)
    surest = max((score for _id, score in found.ranked), default=0.0)
    first = dict(found.ranked).get(ranked[0].id, 0.0) if ranked else surest
    return Trial(tuple(map(_candidate, ranked)), outcome, _among(scene, found), overtook=first < surest)


def _candidate(one: Weighed) -> Candidate:
    entry = one.entry.id if one.entry is not None else ""
    return Candidate(one.question, one.source, one.score, _alone(one.score), entry, one.held_in)


def _alone(score: float) -> asked.Outcome:
    """What it would come to if there were nothing else."""
    if score >= ANSWERS_AT:
        return asked.Outcome.ANSWERED
    return asked.Outcome.SUGGESTED if score >= SUGGESTS_AT else asked.Outcome.UNKNOWN


def _among(scene: Scene, found: Found) -> tuple[Words, ...]:
    known = scene.visit.programmes
    return tuple(known[id].title for id in found.programmes if id in known)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {curating.TRY: try_out}
