"""Every view about the results of self-assessments, from typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.assessment import Result, Tally, compare, result
from bot.domain.programmes import Programme
from bot.domain.rounds import Area, Mode, QuestionSet, Round, Scale, State, boxes
from bot.domain.rounds import Question as Asked
from bot.domain.words import Localised
from bot.flows import results
from bot.flows.results import Shown
from bot.messages import View
from tests.flows.samples import NOW, words

_PAGE = "https://bot.example.org/results/" + "0" * 70


def assessment(text: Localised, area: Localised, *, areas: int, questions: int) -> QuestionSet:
    """So many statements in so many areas, on a scale from 1 to 5."""
    scale = Scale(1, 5, words("Stämmer inte alls"), words("Stämmer helt"))
    asked = tuple(Asked(f"q{n}", text, scale=scale, area=f"a{n % areas}" if areas else "") for n in range(questions))
    named = tuple(Area(f"a{n}", area) for n in range(areas))
    return QuestionSet("skattning", text, asked, mode=Mode.SEALED, areas=named)


def closed(programme: Programme, asked: QuestionSet, id: str, years: int = 0) -> Round:
    at = NOW + timedelta(days=365 * years)
    groups = [group.words for group in programme.role_groups]
    return Round(
        id, programme.id, asked.title, boxes(asked, groups), Mode.SEALED, at, set=asked.id, areas=asked.areas,
        state=State.CLOSED, closed_at=at,
    )  # fmt: skip


def ratings(about: Round, *, shift: int = 0) -> Tally:
    """Ratings of six people of each role but the last one, of which there are too few."""
    found = {}
    for box in about.boxes:
        for number, question in enumerate(box.questions):
            given = [1 + (n * (number % 3) + number + shift) % 5 for n in range(6)]
            found[box.role, question.id] = Counter(
                given[:3] if len(about.boxes) > 1 and box is about.boxes[-1] else given
            )
    return found


def scenes(size: str, programme: Programme, text: Localised, area: Localised) -> Iterator[tuple[str, View]]:
    for areas, questions in ((4, 12), (0, 3), (40, 40)):
        asked = assessment(text, area, areas=areas, questions=questions)
        about = closed(programme, asked, "r1")
        later = closed(programme, replace(asked, questions=asked.questions[:-1]), "r2", years=3)
        name = f"{size}, {areas} areas"
        yield from _one(name, programme, result(about, ratings(about)))
        both = compare(result(about, ratings(about)), result(later, ratings(later, shift=1)))
        yield f"{name}: compared", results.compared(both, programme, _PAGE)
    asked = assessment(text, area, areas=4, questions=12)
    about, later = closed(programme, asked, "r1"), closed(programme, asked, "r2", years=3)
    yield from _one(f"{size}, nothing", programme, result(about, {}))
    nothing = compare(result(about, {}), result(later, {}))
    yield f"{size}: nothing compared", results.compared(nothing, programme, _PAGE)
    yield (
        f"{size}: which",
        results.choose(
            ((about, programme), (replace(later, organisation="o"), programme)),
            {"o": "Sør-Trøndelags interkommunale råd"},
        ),
    )
    yield f"{size}: which earlier", results.choose_earlier(later, ((about, programme),))


def _one(name: str, programme: Programme, found: Result) -> Iterator[tuple[str, View]]:
    shown = Shown(found, programme, _PAGE, comparable=True)
    yield f"{name}: coordinator", results.for_coordinators(shown)
    yield f"{name}: shared", results.for_coordinators(replace(shown, is_shared=True))
    for role in found.roles:
        yield f"{name}: {role}", results.for_participants(shown, role)
    yield f"{name}: told", results.told(shown, 17)
    agreed = result(replace(found.round, mode=Mode.NOTES), {("politiker", "q0"): {4: 1}})
    yield f"{name}: groups", results.for_coordinators(replace(shown, result=agreed))


SCENES = {"nothing yet": results.nothing(coordinator=False)}
