"""The coordinators' test box: a question goes the way of a participant's, up to its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation import Answers, clean
from bot.domain.words import Words
from bot.faq import BANDS, Bands
from bot.flows import curating, curating_form, curating_tests, curating_trial
from bot.flows.curating_tests import TESTED
from bot.flows.curating_trial import CONTEXT, NONE, TRIED, Candidate, Draft, Facts, Trial
from bot.handlers import question_tests
from bot.handlers.events import Inbound
from bot.handlers.faq import Weighed, weighed
from bot.handlers.finding import Finder, Found
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.scene import Scene
from bot.handlers.weighing import alone
from bot.messages import Answer

_FIELDS: Mapping[str, str] = {
    curating_trial.flow.name: TRIED,
    curating_tests.flow.name: TESTED,
    curating_form.add.name: "question",
    curating_form.change.name: "question",
    curating_form.translate.name: "question",
}
"""Flow → its field with what is looked up: a question or several to try out, or one to find what asks the same."""


def may_ask(answers: Answers) -> bool:
    """Whether a form can be one of those, so that it is worth the while to see which one it is."""
    return not answers.keys().isdisjoint(_FIELDS.values())


async def look_up(finder: Finder, inbound: Inbound, flow: str, answers: Answers) -> Found | None:
    """What a question in a submitted form of this flow may mean; None where there is none."""
    field = _FIELDS.get(flow, "")
    if field not in answers:
        return None
    about = frozenset((_text(answers.get(CONTEXT, NONE)),)) if field in (TRIED, TESTED) else frozenset[str]()
    if field == TESTED:
        return await question_tests.look_up(finder, _text(answers[field], long=True), about)
    return await finder.find(inbound, _text(answers[field]), own=about)


def _text(answer: Answer, *, long: bool = False) -> str:
    return clean(answer if isinstance(answer, str) else " ".join(answer), long=long)


def try_out(scene: Scene, about: str) -> Outcome:
    known = {one.id for one in scene.programmes}
    return Start(curating_trial.flow.name, "", Draft(about if about in known else ""))


def facts(scene: Scene, about: str) -> Facts:
    return Facts(tuple(one for one in scene.programmes if not one.draft), lambda: _trial(scene))


def _trial(scene: Scene) -> Trial | None:
    found = scene.found
    if found is None:
        return None
    verdict = weighed(scene, found)
    ranked, caution = verdict.weighed, verdict.caution
    surest = max((score for _id, score in found.ranked), default=0.0)
    first = dict(found.ranked).get(ranked[0].id, 0.0) if ranked else surest
    candidates = tuple(_candidate(one, BANDS[caution]) for one in ranked)
    return Trial(candidates, verdict.outcome, _among(scene, found), caution, overtook=first < surest)


def _candidate(one: Weighed, bands: Bands) -> Candidate:
    entry = one.entry.id if one.entry is not None else ""
    return Candidate(one.question, one.source, one.score, alone(one.score, bands), entry, one.held_in)


def _among(scene: Scene, found: Found) -> tuple[Words, ...]:
    known = scene.visit.programmes
    return tuple(known[id].title for id in found.programmes if id in known)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {curating.TRY: try_out}
