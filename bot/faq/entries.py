"""What an engine is built from: questions with their answers, and other ways to ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer, as far as finding it goes."""

    id: str
    question: str  # may be empty, where there is only an answer
    answer: str = ""
    alternates: tuple[str, ...] = ()  # other ways to ask for it, in whatever language
    rejected: tuple[str, ...] = ()  # questions of which a person said that this does not answer them

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Every way to ask for it, each once."""
        return tuple(dict.fromkeys(text for text in (self.question, *self.alternates) if text.strip()))

    @staticmethod
    def read(entry: Entry | Mapping[str, Any]) -> Entry:
        """An entry from a mapping with at least `id` and `question`; what else it holds is left alone."""
        if isinstance(entry, Entry):
            return entry
        return Entry(
            id=str(entry["id"]),
            question=entry.get("question") or "",
            answer=entry.get("answer") or "",
            alternates=tuple(entry.get("alternates") or ()),
            rejected=tuple(entry.get("rejected") or ()),
        )


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may be what was asked for."""

    id: str
    score: float  # probability, 0..1
