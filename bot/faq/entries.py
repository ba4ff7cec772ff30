"""What an engine is built from: questions with their answers, and other ways to ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer, as far as finding it goes."""

    id: str
    question: str
    answer: str = ""
    alternates: tuple[str, ...] = ()  # other ways to ask for it, in whatever language
    rejected: tuple[str, ...] = ()  # questions of which a person said that this does not answer them

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Every way to ask for it, each once."""
        return tuple(dict.fromkeys(text for text in (self.question, *self.alternates) if text.strip()))

    @staticmethod
    def read(entry: Entry | Mapping[str, Any]) -> Entry:
        """An entry, also from a mapping; what else that holds is left alone.

        An answer alone will do: a question is then compared with that. Raises `ValueError` for an entry without an
        `id`, and for one with neither `question` nor `alternates` nor `answer`, which nothing could ever find.
        """
        read = entry if isinstance(entry, Entry) else _from(entry)
        if not read.id:
            raise ValueError(f"an entry has no id; its question is {read.question!r}")
        if not read.phrasings and not read.answer.strip():
            raise ValueError(f"entry {read.id!r} has no question and no answer: nothing could ever find it")
        return read


def _from(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        id="" if entry.get("id") is None else str(entry["id"]),
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
