"""The engine as the scorer of `faq_dev` expects it: `build(entries)` gives a callable with its thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.faq import ANSWERS_AT, SUGGESTS_AT, Engine

__all__ = ["ANSWERS_AT", "SUGGESTS_AT", "Asked", "build", "by_words"]


class Asked:
    """An engine as a function from a question to ranked entries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.threshold = engine.answers_at
        self.suggest = engine.suggests_at

    def __call__(self, question: str) -> list[tuple[str, float]]:
        return self._engine.rank(question)


def build(entries: Iterable[Mapping[str, Any]]) -> Asked:
    """By meaning and words, as the bot answers."""
    return Asked(Engine(entries))


def by_words(entries: Iterable[Mapping[str, Any]]) -> Asked:
    """By words alone, as the bot answers where the language model is missing."""
    return Asked(Engine(entries, meaning=None))
