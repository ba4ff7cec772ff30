"""How much of a question's words an entry has, forgiving endings, compounds, spelling and the neighbour's language.

Each word of the question is compared with each word of the FAQ by the pieces of three letters they share, or by their
meaning in the list of concepts. That stands in for stemming and splitting of compounds, both of which cost accuracy.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt

from bot.domain.values import dataclass
from bot.faq.concepts import concepts
from bot.faq.entries import Entry
from bot.faq.words import folded_commonness, folded_words

_LEAST_ALIKE = 0.3  # of two words: below that they share a few letters by chance
_MOST_NEAR = 12  # words of the FAQ for one of the question
_MOST_WORDS = 12  # of a question, those that tell most; more of them cost time and change nothing
_SAME_CONCEPT = 0.6
_SHARPNESS = 1.5  # a word that is half alike is less than half of a match
_COMMON, _RARE = 6.5, 3.6  # on Zipf's scale
_LEAST_WEIGHT = 0.08

BACKWARDS = 0.6  # weight of how much of the entry's phrasing is in the question
ANYWHERE = 0.5  # weight of how much of the question is in the entry's whole text


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the words of a question and of an entry overlap; all 0..1."""

    question: float = 0.0  # the part of the question that its nearest phrasing has
    phrasing: float = 0.0  # the part of that phrasing that the question has
    anywhere: float = 0.0  # the part of the question that question and answer have together

    @property
    def score(self) -> float:
        return (self.question + BACKWARDS * self.phrasing + ANYWHERE * self.anywhere) / (1 + BACKWARDS + ANYWHERE)


NOTHING = Overlap()


class WordIndex:
    """The words of all entries, ready to be compared with those of a question."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._owners = array("I")  # of each phrasing, the number of its entry
        self._in_phrasings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._in_entries: dict[str, array[int]] = defaultdict(lambda: array("I"))
        phrasings = [self._add(number, entry) for number, entry in enumerate(entries)]
        self._number = len(entries)
        self._words = tuple(self._in_entries)
        self._by_piece, self._by_concept = _found_by(self._words)
        self._roots = array("f", (sqrt(len(_pieces(word))) for word in self._words))
        self.weight = lru_cache(maxsize=20_000)(self._weight)
        self._near = lru_cache(maxsize=5_000)(self._near_words)
        self._sizes = array("f", (self._size(found) for each in phrasings for found in each))

    def _add(self, number: int, entry: Entry) -> list[list[str]]:
        """Note where an entry's words stand; the words of its phrasings."""
        found = [_each_once(folded_words(phrasing)) for phrasing in entry.phrasings]
        for its_words in found:
            for word in its_words:
                self._in_phrasings[word].append(len(self._owners))
            self._owners.append(number)
        for word in _each_once(chain(folded_words(entry.answer), *found)):
            self._in_entries[word].append(number)
        return found

    def _size(self, found: Iterable[str]) -> float:
        return sum(self.weight(word) for word in found)

    def size(self, question: str) -> float:
        """How much a question says: the weight of its words."""
        return self._size(_each_once(folded_words(question)))

    def overlaps(self, question: str) -> dict[int, Overlap]:
        """The entries that share anything with the question, by their number."""
        asked = sorted(_each_once(folded_words(question)), key=lambda word: (-self.weight(word), word))[:_MOST_WORDS]
        size = self._size(asked) or 1.0  # of no words at all
        near = {word: self._near(word) for word in asked}
        anywhere = self._covered(near, self._in_entries)
        forwards = self._covered(near, self._in_phrasings)
        backwards = self._backwards(near)
        nearest: dict[int, tuple[float, int]] = {}
        owners, sizes = self._owners, self._sizes
        for phrasing, part in forwards.items():
            owner = owners[phrasing]
            score = part / size + BACKWARDS * backwards[phrasing] / sizes[phrasing]
            if owner not in nearest or score > nearest[owner][0]:
                nearest[owner] = score, phrasing
        found = {owner: Overlap(anywhere=part / size) for owner, part in anywhere.items() if owner not in nearest}
        for owner, (_score, phrasing) in nearest.items():
            back = backwards[phrasing] / sizes[phrasing]
            found[owner] = Overlap(forwards[phrasing] / size, back, anywhere[owner] / size)
        return found

    def _covered(self, near: Mapping[str, Mapping[str, float]], places: Mapping[str, array[int]]) -> dict[int, float]:
        """Of each place, the weight of the question's words that it has."""
        covered: dict[int, float] = defaultdict(float)
        for word, others in near.items():
            best: dict[int, float] = {}
            for other, alike in others.items():  # the most alike come last, and overwrite
                best.update(dict.fromkeys(places.get(other, ()), alike))
            weight = self.weight(word)
            for place, alike in best.items():
                covered[place] += weight * alike
        return covered

    def _backwards(self, near: Mapping[str, Mapping[str, float]]) -> dict[int, float]:
        """Of each phrasing, the weight of its words that the question has."""
        alike: dict[str, float] = {}
        for others in near.values():
            for other, how in others.items():
                alike[other] = max(how, alike.get(other, 0.0))
        covered: dict[int, float] = defaultdict(float)
        for other, how in alike.items():
            weight = self.weight(other) * how
            for phrasing in self._in_phrasings.get(other, ()):
                covered[phrasing] += weight
        return covered

    def _weight(self, word: str) -> float:
        """How much a word tells: much, when few entries have it and the languages use it seldom."""
        entries = len(self._in_entries.get(word, ()))
        most = log(1 + 2 * (self._number + 1))
        return log(1 + (self._number + 1) / (entries + 0.5)) / most * _rarity(word)

    def _near_words(self, word: str) -> dict[str, float]:
        """The words of the FAQ that are like this one, the most alike last."""
        found = {self._words[number]: alike for number, alike in self._alike_by_pieces(word)}
        for concept in concepts(word):
            for other in self._by_concept.get(concept, ()):
                found[other] = max(_SAME_CONCEPT, found.get(other, 0.0))
        if word in self._in_entries:
            found[word] = 1.0
        return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[-_MOST_NEAR:])

    def _alike_by_pieces(self, word: str) -> Iterable[tuple[int, float]]:
        mine = _pieces(word)
        shared = Counter(chain.from_iterable(self._by_piece[piece] for piece in mine if piece in self._by_piece))
        root, roots = sqrt(len(mine)), self._roots
        for number, pieces in shared.items():
            if pieces >= _LEAST_ALIKE * root * roots[number]:
                yield number, min(pieces / (root * roots[number]), 0.95) ** _SHARPNESS


def _each_once(words: Iterable[str]) -> list[str]:
    """In their order: a set has another one in each process, and the same question would get other answers there."""
    return list(dict.fromkeys(words))


def likeness(one: str, other: str) -> float:
    """How alike two questions are by their words alone, 0..1, whichever comes first."""
    index = WordIndex([Entry("", other)])
    found = index.overlaps(one).get(0, NOTHING)
    return sqrt(found.question * found.phrasing)


def _found_by(known: Sequence[str]) -> tuple[dict[str, array[int]], dict[int, list[str]]]:
    """Words by the pieces, and by the concepts, that they have."""
    by_piece: dict[str, array[int]] = defaultdict(lambda: array("I"))
    by_concept: dict[int, list[str]] = defaultdict(list)
    for number, word in enumerate(known):
        for piece in _pieces(word):
            by_piece[piece].append(number)
        for concept in concepts(word):
            by_concept[concept].append(word)
    return by_piece, by_concept


def _pieces(word: str) -> frozenset[str]:
    """Three letters each, with the word's ends: as many as the word has letters, if none comes twice."""
    edged = f"^{word}$"
    return frozenset(edged[start : start + 3] for start in range(len(word)))


def _rarity(word: str) -> float:
    part = (_COMMON - folded_commonness(word)) / (_COMMON - _RARE)
    return sqrt(min(1.0, max(_LEAST_WEIGHT, part)))
