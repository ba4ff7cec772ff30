"""Data sets to measure the FAQ with: entries, and questions of which is known what they ask for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "own"
_SPLITS = ("dev", "heldout")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the entries that answer it; none when it is out of scope."""

    text: str
    gold: frozenset[str]
    language: str = ""
    kind: str = ""  # how it was made, e.g. `typo`; `oos_far` and `oos_near` when out of scope
    category: str | None = None  # the entries among which it is answered; None: all


@dataclass(frozen=True, slots=True)
class DataSet:
    """Entries as mappings, and questions to them."""

    name: str
    entries: Sequence[dict[str, Any]]
    questions: Sequence[Question]

    def groups(self) -> dict[str | None, Sequence[dict[str, Any]]]:
        """The entries that questions of each category are answered among."""
        found: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
        by_category = any(question.category is not None for question in self.questions)
        for entry in self.entries:
            found[entry["category"] if by_category else None].append(entry)
        return dict(found)


def read(folder: Path) -> list[DataSet]:
    """All data sets of a folder: itself, those in it, or those in its `dev` and `heldout`."""
    return [_read(path.parent) for path in sorted(_found(folder))]


def _found(folder: Path) -> Iterator[Path]:
    for inner in (folder, *(folder / split for split in _SPLITS)):
        yield from inner.glob("queries.jsonl")
        yield from inner.glob("*/queries.jsonl")


def _read(folder: Path) -> DataSet:
    return DataSet(
        folder.name, _lines(folder / "entries.jsonl"), [_question(q) for q in _lines(folder / "queries.jsonl")]
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _question(line: dict[str, Any]) -> Question:
    gold = frozenset(line["gold"])
    return Question(line["text"], gold, line.get("lang", ""), line.get("kind", ""), line.get("category"))
