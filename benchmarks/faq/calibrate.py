"""`python -m benchmarks.faq.calibrate FOLDER`: the numbers of bot/faq/confidence.py again, and how well they hold.

Each data set counts the same. Three tenths of its weight lie on questions that have no answer: those of its own, and
its answerable ones asked again with their entries left out, which is as near as a question without an answer can come.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.faq.sets import DataSet, Question, read
from bot.faq import Engine
from bot.faq.confidence import Signs, Weights
from bot.faq.meaning import shared

_UNANSWERABLE = 0.3  # of the weight of a data set
_MOST_QUESTIONS = 500  # of a data set
_SMOOTHING = 0.01
_BY_MEANING = ("margin", "phrasing", "answer", "all_words", "size", "phrasings")
_BY_WORDS = ("margin", "question_words", "phrasing_words", "all_words", "size", "phrasings")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The best entry for a question, and whether it is right."""

    signs: Signs
    right: bool
    answerable: bool
    real: bool = True  # False: asked again with its entries left out


def examples(data: DataSet, *, by_meaning: bool) -> list[Example]:
    """Every question of a data set, and again without its entries."""
    meaning = shared() if by_meaning else None
    engines = {category: Engine(entries, meaning=meaning) for category, entries in data.groups().items()}
    questions = list(data.questions)
    random.Random(1).shuffle(questions)  # noqa: S311 - the same choice each time
    found: list[Example] = []
    for question in questions[:_MOST_QUESTIONS]:
        found += _asked(engines[question.category], question)
    return found


def _asked(engine: Engine, question: Question) -> Iterator[Example]:
    best = _best(engine.signs(question.text))
    if best:
        yield Example(best[1], best[0] in question.gold, bool(question.gold))
    without = (
        _best(engine.signs(question.text, among=lambda entry: entry not in question.gold)) if question.gold else None
    )
    if without:
        yield Example(without[1], right=False, answerable=False, real=False)


def _best(found: dict[str, Signs]) -> tuple[str, Signs] | None:
    return next(iter(found.items()), None)  # they come best first


def fit(sets: Sequence[Sequence[Example]], names: Sequence[str]) -> Weights:
    """Logistic regression by Newton's method on standardised signs."""
    rows, right = _matrix([one for each in sets for one in each], names)
    weight = np.concatenate([_weights(each) for each in sets])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    found = _newton(design, right, weight / weight.sum())
    slopes = found[:-1] / spread
    constant = float(found[-1] - slopes @ middle)
    return replace(
        Weights(constant=constant, margin=0.0), **dict(zip(names, (float(slope) for slope in slopes), strict=True))
    )


def _newton(design: Floats, right: Floats, weight: Floats) -> Floats:
    smoothing = np.full(design.shape[1], 2 * _SMOOTHING)
    smoothing[-1] = 0.0
    found: Floats = np.zeros(design.shape[1])
    for _step in range(25):
        probability = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (weight * (probability - right)) + smoothing * found
        curve = (design * (weight * probability * (1 - probability))[:, None]).T @ design + np.diag(smoothing)
        found = found - np.linalg.solve(curve, slope)
    return found


def _matrix(found: Sequence[Example], names: Sequence[str]) -> tuple[Floats, Floats]:
    rows = np.array([[getattr(one.signs, name) for name in names] for one in found])
    return rows, np.array([float(one.right) for one in found])


def _weights(found: Sequence[Example]) -> Floats:
    answerable = np.array([one.answerable for one in found])
    shares = (1 - _UNANSWERABLE) / max(1, answerable.sum()), _UNANSWERABLE / max(1, (~answerable).sum())
    found_weights: Floats = np.where(answerable, *shares)
    return found_weights


def _report(name: str, found: Sequence[Example], weights: Weights) -> str:
    """How answers above .5 fare: first among real questions, then among those whose entries were left out."""
    likely = [(one, weights.probability(one.signs)) for one in found]
    given = [one for one, probability in likely if probability >= 0.5 and one.real]
    asked = max(1, sum(one.answerable for one in found))
    left = [probability for one, probability in likely if not one.real]
    none = [probability for one, probability in likely if one.real and not one.answerable]
    return (
        f"{name:20} precision {_mean([one.right for one in given])} right {sum(one.right for one in given) / asked:.3f}"
        f"  false {_mean([p >= 0.5 for p in none])}  false when left out {_mean([p >= 0.5 for p in left])}"
    )


def _mean(numbers: Sequence[float]) -> str:
    return f"{sum(numbers) / len(numbers):.3f}" if numbers else "  -  "


def main() -> None:
    """Fit on all data sets, and for each one on the others."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faq.calibrate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=("meaning", "words"))
    asked = parser.parse_args()
    data = read(asked.folder)
    for kind, names in (("meaning", _BY_MEANING), ("words", _BY_WORDS)):
        if asked.only in {None, kind}:
            _calibrate(kind, {one.name: examples(one, by_meaning=kind == "meaning") for one in data}, names)


def _calibrate(kind: str, sets: dict[str, list[Example]], names: Sequence[str]) -> None:
    _say(f"by {kind}, each data set judged by weights fitted on the others")
    for name, found in sets.items():
        others = [each for other, each in sets.items() if _family(other) != _family(name)]
        if others:
            _say("  " + _report(name, found, fit(others, names)))
    weights = fit(list(sets.values()), names)
    _say("  all data sets together:")
    for name, found in sets.items():
        _say("  " + _report(name, found, weights))
    _say("  " + ", ".join(f"{each.name}={getattr(weights, each.name):.2f}" for each in fields(Weights)))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _family(name: str) -> str:
    """Data sets made from the same source are left out together."""
    return name.split("_", maxsplit=1)[0]


if __name__ == "__main__":
    main()
