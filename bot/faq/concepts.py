"""Words that mean the same in the four languages of a programme: "påmelding", "anmälan" and "sign-up"."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from bot.faq.words import folded

_SHORTEST_STEM = 2


@lru_cache(maxsize=20_000)
def concepts(word: str) -> frozenset[int]:
    """The numbers of what a folded word can mean; none for most words."""
    whole, stems = _listed()
    found = set(whole.get(word, ()))
    for end in range(_SHORTEST_STEM, len(word) + 1):
        found.update(stems.get(word[:end], ()))
    return frozenset(found)


@cache
def _listed() -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Whole words, and beginnings of words, with the lines that they stand on."""
    whole: dict[str, list[int]] = defaultdict(list)
    stems: dict[str, list[int]] = defaultdict(list)
    text = files(__package__).joinpath("wordlist", "concepts.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        for word in () if line.startswith("#") else line.split():
            (stems if word.endswith("*") else whole)[folded(word.rstrip("*"))].append(number)
    return dict(whole), dict(stems)
