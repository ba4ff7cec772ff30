"""Mends misspelt words of a question, towards the words of the FAQ first and known words of the languages then."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.faq.words import commonness, folded, with_accents, words

_SHORTEST = 4  # letters: a shorter word is near too many others
_TWO_LETTERS_FROM = 8  # letters: from here on two may be wrong
_MOST_MENDED = 8  # words of a question; a question with more is in another language, or noise

_WORD = re.compile(r"[^\W\d_]+")

Shelves = Mapping[tuple[int, str], list[str]]
"""Words by their number of letters and their first one."""


class Speller:
    """Knows the words of a FAQ beside those of the languages."""

    def __init__(self, texts: Iterable[str]) -> None:
        own = {word for text in texts for word in words(text)}
        self._own = own
        self._own_shelves = _shelves(own, by_first_letter=False)
        self._by_fold = {folded(word): word for word in sorted(own)}  # of two, the same one in every process
        self._language_shelves = _language_shelves()  # made now rather than while the first one waits
        self._with_accents = with_accents()

    def mended(self, text: str) -> str:
        """The text with every unknown word put right that is nearly a known one; its case is lost there only."""
        left = _MOST_MENDED

        def mend(match: re.Match[str]) -> str:
            nonlocal left
            word = match[0].casefold()
            if left == 0 or self._knows(word):
                return match[0]
            left -= 1
            return self._nearest(word) or match[0]

        return _WORD.sub(mend, text)

    def _knows(self, word: str) -> bool:
        return len(word) < _SHORTEST or word in self._own or word in commonness()

    def _nearest(self, word: str) -> str | None:
        without_accents = self._by_fold.get(folded(word)) or self._with_accents.get(folded(word))
        return (
            without_accents or _closest(word, "", self._own_shelves) or _closest(word, word[0], self._language_shelves)
        )


def _closest(word: str, first: str, shelves: Shelves) -> str | None:
    """The nearest word with the fewest wrong letters; the most likely one of several."""
    for wrong in range(1, 3 if len(word) >= _TWO_LETTERS_FROM else 2):
        sizes = range(len(word) - wrong, len(word) + wrong + 1)
        near = [other for size in sizes for other in shelves.get((size, first), ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=wrong, limit=None)
        if found:
            return max((other for other, _distance, _index in found), key=lambda other: _likely(word, other))
    return None


def _likely(word: str, other: str) -> tuple[bool, float, str]:
    """People seldom get the first letter wrong, and mean a common word more often than a rare one."""
    return other[0] == word[0], commonness().get(other, 0.0), other


def _shelves(known: Iterable[str], *, by_first_letter: bool) -> Shelves:
    """The words to look through. Those of the languages are so many that the first letter must be right."""
    shelves: dict[tuple[int, str], list[str]] = defaultdict(list)
    for word in known:
        if len(word) >= _SHORTEST and word.isalpha():
            shelves[len(word), word[0] if by_first_letter else ""].append(word)
    return shelves


@cache
def _language_shelves() -> Shelves:
    return _shelves(commonness(), by_first_letter=True)
