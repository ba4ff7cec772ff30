"""The usual way to find FAQ entries, for comparison: Okapi BM25 over words stemmed by Snowball's rules for Swedish."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log
from typing import Any

_TERM_SATURATION, _LENGTH_WEIGHT = 1.5, 0.75
_VOWELS = "aeiouyäåö"
_WORD = re.compile(r"\w+")
_LONG_ENDINGS = (
    "heterna heternas hetens heten heter anden andet andes arnas ernas ornas arens"
    " arna erna orna ande arne aste aren ades erns ast het"
)
_SHORT_ENDINGS = "ade are ern ens ad en ar er or as es at a e"
_ENDINGS = sorted(f"{_LONG_ENDINGS} {_SHORT_ENDINGS}".split(), key=len, reverse=True)


class BM25:
    """Question, alternates and answer of each entry as one bag of stems."""

    threshold, suggest = 0.5, 0.25  # it has no notion of how sure it is: only its order is looked at

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._postings: dict[str, dict[str, int]] = defaultdict(dict)
        self._lengths: dict[str, int] = {}
        for entry in entries:
            stems = _stems(" ".join((entry["question"], *(entry.get("alternates") or ()), entry.get("answer") or "")))
            self._lengths[entry["id"]] = len(stems)
            for stem_, times in Counter(stems).items():
                self._postings[stem_][entry["id"]] = times
        self._mean = sum(self._lengths.values()) / len(self._lengths)

    def __call__(self, question: str) -> list[tuple[str, float]]:
        """Entries that share a stem, best first; scores squeezed into 0..1."""
        scores: dict[str, float] = defaultdict(float)
        for stem_ in _stems(question):
            found = self._postings.get(stem_, {})
            rarity = log(1 + (len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for id, times in found.items():
                long = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * self._lengths[id] / self._mean
                scores[id] += rarity * times * (_TERM_SATURATION + 1) / (times + _TERM_SATURATION * long)
        return [(id, score / (score + 10)) for id, score in sorted(scores.items(), key=lambda pair: -pair[1])]


def _stems(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text.casefold())]


def stem(word: str) -> str:
    """A word without its ending, by Snowball's rules as they were until 2024."""
    start = _region(word)
    word = _without_ending(word, start)
    if word[start:].endswith(("dd", "gd", "nn", "dt", "gt", "kt", "tt")):
        word = word[:-1]
    for ending, left in (("lig", 0), ("els", 0), ("ig", 0), ("löst", 3), ("fullt", 4)):
        if word[start:].endswith(ending):
            return word[: len(word) - len(ending) + left]
    return word


def _without_ending(word: str, start: int) -> str:
    for ending in _ENDINGS:
        if word[start:].endswith(ending):
            return word[: -len(ending)]
    ends_in_s = word[start:].endswith("s") and word[-2:-1] in tuple("bcdfghjklmnoprtvy")
    return word[:-1] if ends_in_s else word


def _region(word: str) -> int:
    """Where endings may begin: after the first consonant that follows a vowel, and three letters in."""
    found = re.search(f"[{_VOWELS}][^{_VOWELS}]", word)
    return max(3, found.end()) if found else len(word)
