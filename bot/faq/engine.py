"""Finds the entry that a question asks for, and says how sure it is: an answer, up to three suggestions, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from types import EllipsisType
from typing import Any

from bot.domain.caution import Caution
from bot.domain.values import dataclass
from bot.faq import confidence
from bot.faq import meaning as meanings
from bot.faq.confidence import (
    BANDS,
    Signs,
    margins,
    same_by_meaning,
    same_by_words,
    score_by_meaning,
    score_by_words,
    signs,
)
from bot.faq.entries import Entry, Match
from bot.faq.lexical import NOTHING, WordIndex, likeness
from bot.faq.nearness import Near, Nearness, make_some
from bot.faq.smalltalk import is_small_talk
from bot.faq.sorts import sorts_of, sorts_of_all, weighed
from bot.faq.spelling import Speller
from bot.faq.vectors import Meaning, Vectors
from bot.faq.words import capped, folded_words

ANSWERS_AT = BANDS[Caution.BALANCED].answers_at
"""From this probability on, an answer is given."""
SUGGESTS_AT = BANDS[Caution.BALANCED].suggests_at
"""From this probability on, the likeliest entries are shown to choose from."""
MOST_SUGGESTED = 3
ALIKE_AT = 0.5
"""From this likeness on, two questions ask for the same."""
_MOST_COMPARED = 40  # questions that are compared by meaning at once: about a second, when none was compared before
_MOST_RANKED = 50  # entries; of a thousand, nobody wants to know how unlikely the last ones are
_MOST_DOUBTED = 5  # of the likeliest entries, of which it is looked up whether people said that they are not meant

Among = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """Sure enough: this is what was asked for."""

    match: Match
    others: tuple[Match, ...] = ()  # the next likely ones, for when it does not help


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Perhaps one of these was meant, the likeliest first."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The FAQ does not seem to tell."""


class Engine:
    """A FAQ that can be asked. It never changes: an edited FAQ is a new engine, made quickly from kept vectors."""

    def __init__(
        self,
        entries: Iterable[Entry | Mapping[str, Any]] = (),
        *,
        vectors: Vectors | None = None,
        meaning: Meaning | EllipsisType | None = ...,
        answers_at: float = ANSWERS_AT,
        suggests_at: float = SUGGESTS_AT,
    ) -> None:
        """Read the entries, and make the vectors that are not kept.

        Parameters
        ----------
        vectors : Where vectors of entries are kept; without it all are made anew.
        meaning : The language model; by default the one of this process, and None for matching by words alone.
        answers_at, suggests_at : Probabilities from which a question is answered, and from which entries are shown.

        Raises
        ------
        ValueError : for an entry without an id, or with nothing by which it could be found.
        """
        self.entries = tuple(Entry.read(entry) for entry in entries)
        self.answers_at, self.suggests_at = answers_at, suggests_at
        self._meaning = meanings.shared() if isinstance(meaning, EllipsisType) else meaning
        self._speller = Speller(text for entry in self.entries for text in (*entry.phrasings, entry.answer))
        self._words = WordIndex(self.entries)
        self._exact = _by_words(self.entries)
        self._rejected = {entry.id: entry.rejected for entry in self.entries if entry.rejected}
        self._known = [len(entry.phrasings) for entry in self.entries]
        self._told = {entry.id: sorts_of_all(entry.phrasings) for entry in self.entries}
        self._nearness = Nearness(self.entries, self._meaning, vectors) if self._meaning else None

    @classmethod
    def build(cls, entries: Iterable[Entry | Mapping[str, Any]], **options: Any) -> Engine:
        """The same as `Engine(entries, …)`."""
        return cls(entries, **options)

    @property
    def semantic(self) -> bool:
        """Whether questions are compared by meaning, too, and not by their words alone."""
        return self._nearness is not None

    def rank(self, question: str, *, among: Among | None = None) -> list[tuple[str, float]]:
        """The entries that may be meant, the likeliest first, each with the probability that it is.

        With `among`, only the entries count whose ids it is true for, as if there were no others.
        """
        return [(match.id, match.score) for match in self.matches(question, among=among)]

    def answer(self, question: str) -> Answer | Suggestions | Unknown:
        """What to do about a question: answer it, ask which of up to three is meant, or pass it on."""
        best = tuple(self.matches(question)[:MOST_SUGGESTED])
        if best and best[0].score >= self.answers_at:
            return Answer(best[0], best[1:])
        if best and best[0].score >= self.suggests_at:
            return Suggestions(best)
        return Unknown()

    def matches(self, question: str, *, among: Among | None = None) -> list[Match]:
        """The same as `rank`, with names."""
        text = capped(question)
        exact = frozenset(filter(among, self._exact.get(_key(text), frozenset())))
        if is_small_talk(text) and not exact:
            return []
        weights = confidence.BY_MEANING if self.semantic else confidence.BY_WORDS
        likely = ((id, weights.probability(its)) for id, its in self.signs(text, among=among).items())
        found = _in_order({id: weighed(probability, sorts_of(text), self._told[id]) for id, probability in likely})
        doubted = (self._doubted(match, text) for match in found[:_MOST_DOUBTED])
        sure = [_sure(match, match.id in exact, len(exact)) for match in (*doubted, *found[_MOST_DOUBTED:])]
        return sorted(sure, key=lambda match: -match.score)

    def _doubted(self, match: Match, question: str) -> Match:
        """Less likely, the more the question is like one of which people said that this does not answer it."""
        rejected = self._rejected.get(match.id)
        return Match(match.id, match.score * (1 - max(self.like(question, rejected)))) if rejected else match

    def mended(self, question: str) -> str:
        """The question as it is looked at: its beginning, with misspellings put right."""
        return self._speller.mended(capped(question))

    def signs(self, question: str, *, among: Among | None = None) -> dict[str, Signs]:
        """What speaks for the best entries, best first: `benchmarks.faq.calibrate` fits their probabilities to that."""
        text = self.mended(question)
        counted = [number for number, entry in enumerate(self.entries) if among is None or among(entry.id)]
        overlaps = self._words.overlaps(text)
        words = {number: overlaps.get(number, NOTHING) for number in counted}
        near = self._nearness.of(text, counted) if self._nearness else dict.fromkeys(counted, Near())
        score = score_by_meaning if self._nearness else score_by_words
        scores = {number: score(near[number], words[number]) for number in counted}
        best = sorted(counted, key=lambda number: -scores[number])[:_MOST_RANKED]
        leads = margins([scores[number] for number in best]) if best else []
        size = self._words.size(text)
        return {
            self.entries[number].id: signs(lead, near[number], words[number], size=size, known=self._known[number])
            for number, lead in zip(best, leads, strict=True)
        }

    def like(self, question: str, others: Sequence[str]) -> list[float]:
        """How likely each of the others asks for the same as the question, 0..1, in their order."""
        asked, theirs = capped(question), [capped(other) for other in others]
        by_words = [likeness(asked, other) for other in theirs]
        found = [same_by_words(likeness) for likeness in by_words]
        if self._nearness:
            nearest = sorted(range(len(theirs)), key=lambda place: -by_words[place])[:_MOST_COMPARED]
            cosines = self._nearness.like(asked, [theirs[place] for place in nearest])
            for place, cosine in zip(nearest, cosines, strict=True):
                found[place] = same_by_meaning(cosine)
        return [1.0 if _key(asked) == _key(other) else like for other, like in zip(theirs, found, strict=True)]


def prepare(entries: Sequence[Entry], vectors: Vectors, *, most: int) -> bool:
    """Make at most so many of the vectors that an engine of these entries misses; whether it has all it can have."""
    meaning = meanings.shared()
    return meaning is None or make_some(entries, meaning, vectors, most=most)


def _in_order(probabilities: Mapping[str, float]) -> list[Match]:
    """The order stays as it is, and none is likelier than one before: the signs order entries less well than scores."""
    lowest = accumulate(probabilities.values(), min)
    return [Match(id, probability) for id, probability in zip(probabilities, lowest, strict=True)]


def _by_words(entries: Sequence[Entry]) -> dict[tuple[str, ...], frozenset[str]]:
    """The entries by each of their phrasings."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for entry in entries:
        for phrasing in entry.phrasings:
            same = _key(capped(phrasing))
            if same:
                found[same] = found.get(same, frozenset()) | {entry.id}
    return found


def _key(text: str) -> tuple[str, ...]:
    """What two texts share that say the same in the same words."""
    return tuple(folded_words(text))


def _sure(match: Match, exact: bool, number: int) -> Match:
    """Whoever asks in an entry's own words is certain to mean it, or one of those that have the same words."""
    return Match(match.id, max(match.score, 0.99 / number)) if exact else match
