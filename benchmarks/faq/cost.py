"""`python -m benchmarks.faq.cost meaning|words NUMBER`: memory, start and answering times with so many entries.

A process of its own, so that nothing else counts. Vectors come from a store that knows them all, as after a restart:
what they say does not matter here, and a call of the model while it starts is an error.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from benchmarks.faq import sets
from benchmarks.faq.measures import quantile
from bot.faq import Engine, Entry
from bot.faq import meaning as meanings

_QUESTIONS = 300


class _Stored:
    """Has a vector for every key, and is never given one."""

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return {key: random.Random(key).randbytes(384) for key in keys}  # noqa: S311 - to be the same each time

    def put(self, vectors: Mapping[str, bytes]) -> None:
        raise AssertionError(f"{len(vectors)} vectors were made although all were there")


def main() -> None:
    """Measure and print."""
    kind, number = sys.argv[1], int(sys.argv[2])
    entries, questions = _entries(number), _questions()
    begun = time.perf_counter()
    meaning = meanings.shared() if kind == "meaning" else None
    if kind == "meaning" and meaning is None:
        raise SystemExit(f"no language model: {meanings.state()}")
    engine = Engine(entries, vectors=_Stored(), meaning=meaning)
    start = time.perf_counter() - begun
    seconds = [_timed(engine, question) for question in questions]
    found = {
        "MB": _resident(),
        "start s": start,
        "p50 ms": 1000 * quantile(seconds, 0.5),
        "p99 ms": 1000 * quantile(seconds, 0.99),
    }
    sys.stdout.write(json.dumps(found))


def _timed(engine: Engine, question: str) -> float:
    begun = time.perf_counter()
    engine.answer(question)
    return time.perf_counter() - begun


def _entries(number: int) -> list[Entry]:
    """Entries of the length that those of our own set have, mixed from their words."""
    chance = random.Random(1)  # noqa: S311 - the same each time
    own = sets.read(sets.OWN)[0].entries
    asked, told = (" ".join(entry[part] for entry in own).split() for part in ("question", "answer"))
    return [
        Entry(str(place), " ".join(chance.sample(asked, 8)), " ".join(chance.sample(told, 25)))
        for place in range(number)
    ]


def _questions() -> list[str]:
    own = [question.text for question in sets.read(sets.OWN)[0].questions]
    return [f"{own[place % len(own)]} {place}" for place in range(_QUESTIONS)]  # never the same: nothing is remembered


def _resident() -> float:
    """Megabytes of memory that the whole process has in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    main()
