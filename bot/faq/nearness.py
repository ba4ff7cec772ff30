"""How near the entries are to a question in meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import sqrt

from bot.domain.values import dataclass
from bot.faq.entries import Entry
from bot.faq.usual import LENGTH
from bot.faq.vectors import Kind, Meaning, Space, Text, Vectors, key, vectors_of
from bot.faq.words import capped

_ANSWER = 300  # characters of an answer that are compared; more of them changed nothing
_SEVERAL = 3  # phrasings of an entry that count beside its nearest

# What makes an entry stand before others, fitted on pairs of question and entry (benchmarks.faq.calibrate).
_NEAREST, _THREE_NEAREST, _ANSWERED = 2.5, 7.5, 8.0
_UNUSUAL = 0.4  # how much of what all questions have in common is left out: else short, general entries win


@dataclass(frozen=True, slots=True)
class Near:
    """How near an entry is."""

    lead: float = 0.0  # before the mean of all entries
    phrasing: float = 0.0  # cosine of its nearest phrasing, without what all questions have in common
    answer: float = 0.0  # the same of its answer; of its phrasing, where there is none


class Nearness:
    """The vectors of all phrasings and answers."""

    def __init__(self, entries: Sequence[Entry], meaning: Meaning, kept: Vectors | None) -> None:
        self._meaning = meaning
        phrasings, answers = _phrasings(entries), _answers(entries)
        made = vectors_of([text for _number, text in (*phrasings, *answers)], meaning, kept)
        self._phrasings = _Owned(phrasings, made, meaning)
        self._answers = _Owned(answers, made, meaning)

    def of(self, question: str, entries: Collection[int]) -> dict[int, Near]:
        """How near these entries are, by their numbers, as if there were no others."""
        asked = self._vector(question)
        usual = LENGTH * self._meaning.space([self._meaning.usual]).cosines(asked)[0]
        counted = frozenset(entries)
        phrasings = self._phrasings.nearest(asked, usual, counted, most=_SEVERAL)
        answers = self._answers.nearest(asked, usual, counted, most=1)
        leads = _weighed(phrasings, answers)
        return {
            number: Near(leads.get(number, 0.0), *_cosines(phrasings.get(number), answers.get(number)))
            for number in entries
        }

    def _vector(self, question: str) -> bytes:
        return self._meaning.vector(Kind.QUESTION, question)

    def like(self, question: str, others: Sequence[str]) -> list[float]:
        """The cosines of the question and the others, without what all questions have in common."""
        space = self._meaning.space([self._meaning.usual, *(self._vector(other) for other in others)])
        usual, *cosines = space.cosines(self._vector(question))
        their_usual = space.cosines(self._meaning.usual)[1:]
        return [
            _without_usual(cosine, LENGTH * one, LENGTH * usual)
            for cosine, one in zip(cosines, their_usual, strict=True)
        ]


def make_some(entries: Sequence[Entry], meaning: Meaning, kept: Vectors, *, most: int) -> bool:
    """Make and keep at most so many of the vectors that are missing; whether these were all."""
    texts = dict.fromkeys(text for _number, text in (*_phrasings(entries), *_answers(entries)))
    known = kept.get({key(meaning, text) for text in texts})
    missing = [text for text in texts if key(meaning, text) not in known]
    vectors_of(missing[:most], meaning, kept)
    return len(missing) <= most


@dataclass(frozen=True, slots=True)
class _Best:
    """Of the vectors of an entry, those nearest to a question."""

    scores: list[float]  # without a part of what all questions have in common; the best first
    cosine: float  # of the first, without all of it


class _Owned:
    """Vectors, each of which belongs to an entry."""

    def __init__(self, texts: Sequence[tuple[int, Text]], made: Mapping[Text, bytes], meaning: Meaning) -> None:
        self._owners = [owner for owner, _text in texts]
        self._space: Space = meaning.space([made[text] for _owner, text in texts])
        self._usual = [LENGTH * cosine for cosine in self._space.cosines(meaning.usual)]

    def nearest(self, asked: bytes, asked_usual: float, owners: Collection[int], *, most: int) -> dict[int, _Best]:
        """The best of each owner. `asked_usual`: how much the question has of what all have in common."""
        found: dict[int, _Best] = {}
        unusual = (
            (cosine - _UNUSUAL * usual, cosine, usual, owner)
            for cosine, usual, owner in zip(self._space.cosines(asked), self._usual, self._owners, strict=True)
            if owner in owners
        )
        for score, cosine, usual, owner in sorted(unusual, reverse=True):
            if owner not in found:
                found[owner] = _Best([score], _without_usual(cosine, usual, asked_usual))
            elif len(found[owner].scores) < most:
                found[owner].scores.append(score)
        return found


def _without_usual(cosine: float, one: float, other: float) -> float:
    """The cosine of two vectors of length 1 when the usual question, of which they have so much, is taken from each."""
    square = LENGTH * LENGTH
    lengths = sqrt(max(1e-9, (1 - 2 * one + square) * (1 - 2 * other + square)))
    return (cosine - one - other + square) / lengths


def _weighed(phrasings: Mapping[int, _Best], answers: Mapping[int, _Best]) -> dict[int, float]:
    """A language model finds everything alike: what tells is by how much one entry is nearer than all are."""
    leads: dict[int, float] = {}
    for weight, near in (
        (_NEAREST, {owner: best.scores[0] for owner, best in phrasings.items()}),
        (_THREE_NEAREST, {owner: _mean(best.scores) for owner, best in phrasings.items()}),
        (_ANSWERED, {owner: best.scores[0] for owner, best in answers.items()}),
    ):
        mean = _mean(near.values())
        for owner, score in near.items():
            leads[owner] = leads.get(owner, 0.0) + weight * (score - mean)
    return leads


def _cosines(phrasing: _Best | None, answer: _Best | None) -> tuple[float, float]:
    """Of phrasing and answer; where one is missing, the other stands for both."""
    found = [best.cosine for best in (phrasing, answer) if best] or [0.0]
    return found[0], found[-1]


def _mean(numbers: Collection[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _phrasings(entries: Sequence[Entry]) -> list[tuple[int, Text]]:
    return [(number, _asked(text)) for number, entry in enumerate(entries) for text in entry.phrasings]


def _answers(entries: Sequence[Entry]) -> list[tuple[int, Text]]:
    return [(number, _answered(entry)) for number, entry in enumerate(entries) if entry.answer.strip()]


def _asked(phrasing: str) -> Text:
    return Kind.QUESTION, capped(phrasing)


def _answered(entry: Entry) -> Text:
    return Kind.ANSWER, capped(f"{entry.question} {entry.answer[:_ANSWER]}", 2 * _ANSWER)
