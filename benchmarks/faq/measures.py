"""Figures of an engine on a data set: does it find the entry, does it know when it has not, how long does it take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.faq.sets import DataSet, Question

_RANGES = 10  # of probability, in which what was promised is compared with what was kept


class Asked(Protocol):
    """An engine as a function."""

    threshold: float
    suggest: float

    def __call__(self, question: str) -> list[tuple[str, float]]: ...


Build = Callable[[Iterable[Mapping[str, Any]]], Asked]


@dataclass(frozen=True, slots=True)
class Result:
    """What an engine made of a question."""

    question: Question
    rank: int  # of the first right entry; 0: not among the first ten
    sure: float  # probability of the first entry
    seconds: float

    @property
    def right(self) -> bool:
        return self.rank == 1


def ask(build: Build, data: DataSet) -> list[Result]:
    """Ask all questions."""
    engines = {category: build(entries) for category, entries in data.groups().items()}
    return [_asked(engines[question.category], question) for question in data.questions]


def _asked(engine: Asked, question: Question) -> Result:
    begun = time.perf_counter()
    ranked = engine(question.text)
    seconds = time.perf_counter() - begun
    rank = next((place for place, (id, _sure) in enumerate(ranked[:10], 1) if id in question.gold), 0)
    return Result(question, rank, ranked[0][1] if ranked else 0.0, seconds)


def figures(results: Sequence[Result], answers_at: float, suggests_at: float) -> dict[str, float | None]:
    """Everything about a data set; None for what it cannot tell."""
    answerable = [one for one in results if one.question.gold]
    others = [one for one in results if not one.question.gold]
    given = [one for one in results if one.sure >= answers_at]
    return {
        "acc@1": _share(one.right for one in answerable),
        "acc@3": _share(0 < one.rank <= 3 for one in answerable),
        "AUROC": auroc([one.sure for one in answerable], [one.sure for one in others]),
        "precise": _share(one.right for one in given) if others else None,
        "answered": _share(one.sure >= answers_at for one in answerable),
        "correct": _share(one.right and one.sure >= answers_at for one in answerable),
        "false far": _share(one.sure >= answers_at for one in others if one.question.kind == "oos_far"),
        "false near": _share(one.sure >= answers_at for one in others if one.question.kind == "oos_near"),
        "helped": _share(_helped(one, answers_at, suggests_at) for one in answerable),
        "ECE": calibration_error(results) if others else None,
        "p50 ms": 1000 * quantile([one.seconds for one in results], 0.5),
        "p99 ms": 1000 * quantile([one.seconds for one in results], 0.99),
    }


def _helped(one: Result, answers_at: float, suggests_at: float) -> bool:
    """Whether the right answer was given, or is among three suggestions."""
    return one.right if one.sure >= answers_at else one.sure >= suggests_at and 0 < one.rank <= 3


def auroc(answerable: Sequence[float], others: Sequence[float]) -> float | None:
    """The probability that an answerable question scores above another one; a tie is half."""
    if not answerable or not others:
        return None
    wins = sum((one > other) + (one == other) / 2 for one in answerable for other in others)
    return wins / (len(answerable) * len(others))


def reliability(results: Sequence[Result]) -> list[tuple[float, float, int]]:
    """For each range of probability: what was promised on the mean, how many were right, and of how many."""
    ranges: list[list[Result]] = [[] for _ in range(_RANGES)]
    for one in results:
        ranges[min(_RANGES - 1, int(one.sure * _RANGES))].append(one)
    return [
        (sum(one.sure for one in some) / len(some), sum(one.right for one in some) / len(some), len(some))
        for some in ranges
        if some
    ]


def calibration_error(results: Sequence[Result]) -> float:
    """How far promise and truth lie apart, on the mean over all questions."""
    return sum(abs(promised - kept) * number for promised, kept, number in reliability(results)) / len(results)


def quantile(numbers: Sequence[float], part: float) -> float:
    return sorted(numbers)[min(len(numbers) - 1, round(part * (len(numbers) - 1)))]


def _share(found: Iterable[bool]) -> float | None:
    flags = list(found)
    return sum(flags) / len(flags) if flags else None
