"""Questions tested several at once, in chat and from a file: what each would get, and whether that is right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.documents.faq_tests import pasted
from bot.domain import faq_tests
from bot.domain.faq import COMMON, Entry, Outcome
from bot.domain.faq_tests import NO_ANSWER, Got, Question, Result
from bot.domain.times import HOME_ZONE
from bot.flows import curating, curating_tests, faq
from bot.flows import facts as programme_facts
from bot.flows.curating_tests import Draft, Facts
from bot.flows.facts import Asked
from bot.flows.ways_to_ask import WAYS
from bot.handlers.faq_import import named
from bot.handlers.finding import Finder, Found
from bot.handlers.judging import sight
from bot.handlers.outcomes import Outcome as Leads
from bot.handlers.outcomes import Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.ranking import FACT
from bot.handlers.scene import Scene
from bot.handlers.weighing import Meant, Sight, comes_to
from bot.ports import Clock, UnitOfWork
from storage.faq import Entries
from storage.programmes import Catalogue

_FACTS: Mapping[str, Collection[str]] = {f"{FACT}{asked}": ways for asked, ways in WAYS.items()}


# --- In chat ----------------------------------------------------------------------------------------------------------


async def look_up(finder: Finder, text: str, context: frozenset[str]) -> Found:
    """What each of the pasted questions may mean; nothing where the form is going to refuse them."""
    questions = pasted(text)[: curating_tests.MOST + 1]
    there = len(questions) <= curating_tests.MOST
    several = await finder.find_each([one.text for one in questions], context) if there else ()
    return Found(text, (), several=several)


def start(scene: Scene, about: str) -> Leads:
    known = about if any(one.id == about for one in scene.programmes) else ""
    return Start(curating_tests.flow.name, known, Draft(known))


def facts(scene: Scene, about: str) -> Facts:
    """Raises `NotAllowed` for everybody but coordinators."""
    require_coordinator(scene)
    entries = Entries(scene.visit.connection, scene.visit.now)
    return Facts(
        tuple(one for one in scene.programmes if not one.draft),
        pasted,
        lambda expected: bool(faq_tests.named(expected, entries.all(), _FACTS)),
        lambda expected: faq_tests.nearest(expected, entries.all(), _FACTS),
        lambda: _results_in(scene, entries.all()),
    )


def _results_in(scene: Scene, entries: Mapping[str, Entry]) -> Sequence[Result]:
    found = scene.found
    if found is None:  # what was submitted came in another way than by the form
        return ()
    return results(pasted(found.text), found.several, replace(sight(scene), entry=entries.get), entries)


ROUTES: Mapping[str, Callable[[Scene, str], Leads]] = {curating.TRY_SEVERAL: start}
"""What starts the form."""


# --- From a file ------------------------------------------------------------------------------------------------------


class UnknownExpectedError(Exception):
    """Questions are expected that are not there; `unknown` has each."""

    def __init__(self, unknown: Sequence[Question]) -> None:
        super().__init__(f"{len(unknown)} expected questions are not there")
        self.unknown = unknown


async def of_file(
    finder: Finder, unit: UnitOfWork, clock: Clock, questions: Sequence[Question], programme: str
) -> list[Result]:
    """What somebody would get who is registered for this programme, or for none.

    Raises `UnknownExpectedError`, and `UnknownProgrammeError`.
    """
    await unit.run(lambda connection: named(connection, {programme or COMMON}))
    await unit.run(lambda connection: _check(Entries(connection, clock.now()).all(), questions))
    await finder.warm(whole=True)
    found = await finder.find_each([one.text for one in questions], frozenset({programme} - {""}))
    return await unit.run(partial(_results, questions, found, clock))


def _check(entries: Mapping[str, Entry], questions: Sequence[Question]) -> None:
    expecting = (one for one in questions if one.expected is not None and one.expected not in NO_ANSWER)
    unknown = [one for one in expecting if not faq_tests.named(str(one.expected), entries, _FACTS)]
    if unknown:
        raise UnknownExpectedError(unknown)


def _results(
    questions: Sequence[Question], found: Sequence[Found | None], clock: Clock, connection: Connection
) -> list[Result]:
    known, now = Catalogue().read(connection), clock.now()
    entries = Entries(connection, now).all()
    visible = frozenset(id for id, one in known.items() if not one.draft)
    return results(questions, found, Sight(entries.get, known, visible, now, lambda: HOME_ZONE), entries)


# --- What comes of them -----------------------------------------------------------------------------------------------


def results(
    questions: Sequence[Question], found: Sequence[Found | None], seen: Sight, entries: Mapping[str, Entry]
) -> list[Result]:
    return [_result(one, what, seen, entries) for one, what in zip(questions, found, strict=True)]


def _result(question: Question, found: Found | None, seen: Sight, entries: Mapping[str, Entry]) -> Result:
    meant = seen.meant(found) if found is not None else []
    outcome = comes_to(found, meant, seen.caution(found, meant)) if found is not None else Outcome.UNKNOWN
    most = faq.MOST_CHOICES if outcome is Outcome.SUGGESTED else 1
    right = faq_tests.named(question.expected, entries, _FACTS) if question.expected else frozenset[str]()
    return faq_tests.judged(question, outcome, tuple(map(_got, meant[:most])), right)


def _got(one: Meant) -> Got:
    if one.entry is not None:
        return Got(one.id, one.entry.question, one.score)
    return Got(one.id, programme_facts.TITLES[Asked(one.id.removeprefix(FACT))], one.score)
