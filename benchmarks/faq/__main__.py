"""`python -m benchmarks.faq [FOLDER]`: how well questions are answered by meaning, by words, and by stemmed BM25."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.faq import engine, sets
from benchmarks.faq.bm25 import BM25
from benchmarks.faq.measures import Build, Result, ask, figures, reliability
from bot.faq import BANDS, Bands, state

_ENGINES: dict[str, Build] = {"meaning": engine.build, "words": engine.by_words, "BM25": BM25}
_ONLY_ORDER = ("acc@1", "acc@3", "p50 ms", "p99 ms")
"""What can be said of an engine that does not know how sure it is."""
_OF_A_LEVEL = ("precise", "answered", "correct", "false far", "false near", "helped")


def main() -> None:
    """Measure and print, a data set after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faq", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=sets.OWN, help="data sets (our own small one)")
    parser.add_argument("--only", default=",".join(_ENGINES), help="engines (meaning,words,BM25)")
    parser.add_argument("--entries", type=int, default=1000, help="for memory and time; 0 leaves that out (1000)")
    asked = parser.parse_args()
    _say(f"meaning: {state()}")
    chosen = {name: build for name, build in _ENGINES.items() if name in asked.only.split(",")}
    for data in sets.read(asked.folder):
        _measure(data, chosen)
    for kind in ("meaning", "words"):
        if asked.entries and kind in chosen:
            _cost(kind, asked.entries)


def _measure(data: sets.DataSet, chosen: Mapping[str, Build]) -> None:
    answerable = sum(bool(question.gold) for question in data.questions)
    others = len(data.questions) - answerable
    _say(f"\n{data.name}: {len(data.entries)} entries, {answerable} questions, {others} without an answer")
    results = {name: ask(build, data) for name, build in chosen.items()}
    _say(f"{'':8}" + "".join(f"{name:>11}" for name in figures(next(iter(results.values())), 0.5, 0.2)))
    for name, found in results.items():
        _say(f"{name:8}" + "".join(_cell(name, what, figure) for what, figure in _figures(found).items()))
    for name in ("meaning", "words"):
        if name in results and answerable < len(data.questions):
            _say(f"{name}, promised → kept: {_promises(results[name])}")
            for caution, bands in BANDS.items():
                _say(f"{name}, {caution}: {_level(results[name], bands)}")


def _figures(results: Sequence[Result]) -> dict[str, float | None]:
    return figures(results, engine.ANSWERS_AT, engine.SUGGESTS_AT)


def _cell(name: str, what: str, figure: float | None) -> str:
    if figure is None or (name == "BM25" and what not in _ONLY_ORDER):
        return f"{'–':>11}"
    return f"{figure:11.2f}" if what.endswith("ms") else f"{figure:11.3f}"


def _promises(results: Sequence[Result]) -> str:
    return ", ".join(f"{promised:.2f} → {kept:.2f} ({number})" for promised, kept, number in reliability(results))


def _level(results: Sequence[Result], bands: Bands) -> str:
    found = figures(results, bands.answers_at, bands.suggests_at)
    return ", ".join(f"{what} {found[what]:.2f}" for what in _OF_A_LEVEL if found[what] is not None)


def _cost(kind: str, number: int) -> None:
    """Memory and times, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.faq.cost", kind, str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        _say(f"\n{kind}: {done.stderr.strip().splitlines()[-1]}")
        return
    found = ", ".join(f"{what} {figure:.2f}" for what, figure in json.loads(done.stdout).items())
    _say(f"\n{kind}, {number} entries whose vectors are stored: {found}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
