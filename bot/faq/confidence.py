"""How sure the engine is: from the signs of a match to a probability. Every number but those of the bands was fitted.

`python -m benchmarks.faq.calibrate FOLDER` makes them again, and shows how well they hold for data that was left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log1p

from bot.domain.caution import Caution
from bot.domain.values import dataclass
from bot.faq.lexical import Overlap
from bot.faq.nearness import Near


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an entry."""

    margin: float  # of its score before the best other one's; below 0 for all entries but the first
    phrasing: float = 0.0  # cosine of its nearest phrasing
    answer: float = 0.0  # cosine of its answer
    question_words: float = 0.0  # the part of the question's words that its nearest phrasing has
    phrasing_words: float = 0.0  # the part of the phrasing's words that the question has
    all_words: float = 0.0  # the part of the question's words that it has anywhere
    size: float = 0.0  # how much the question says: the weight of its words
    phrasings: float = 0.0  # how many ways to ask for it are known, as log(1 + n)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts in a logistic regression."""

    constant: float
    margin: float
    phrasing: float = 0.0
    answer: float = 0.0
    question_words: float = 0.0
    phrasing_words: float = 0.0
    all_words: float = 0.0
    size: float = 0.0
    phrasings: float = 0.0

    def probability(self, signs: Signs) -> float:
        """That an entry with these signs is what was asked for."""
        return _logistic(
            self.constant
            + self.margin * signs.margin
            + self.phrasing * signs.phrasing
            + self.answer * signs.answer
            + self.question_words * signs.question_words
            + self.phrasing_words * signs.phrasing_words
            + self.all_words * signs.all_words
            + self.size * signs.size
            + self.phrasings * signs.phrasings
        )


BY_MEANING = Weights(
    constant=-2.60, margin=2.38, phrasing=1.35, answer=1.19, all_words=1.10, size=0.11, phrasings=-0.09
)
BY_WORDS = Weights(
    constant=-2.83, margin=6.17, question_words=0.07, phrasing_words=1.69, all_words=2.52, size=0.16, phrasings=-0.32
)


@dataclass(frozen=True, slots=True)
class Bands:
    """Probabilities from which on something is done about a question."""

    answers_at: float  # an answer is given
    suggests_at: float  # the likeliest entries are shown to choose from


BANDS: Mapping[Caution, Bands] = {
    Caution.CAREFUL: Bands(answers_at=0.7, suggests_at=0.3),
    Caution.BALANCED: Bands(answers_at=0.5, suggests_at=0.2),
    Caution.HELPFUL: Bands(answers_at=0.4, suggests_at=0.15),
}
"""What a programme's caution comes to: `python -m benchmarks.faq` says how many questions are answered with each, and
how many of the answers are right."""


def same_by_meaning(cosine: float) -> float:
    """That two questions ask for the same, when one in ten does (fitted on pairs from six data sets)."""
    return _logistic(11.2 * cosine - 5.3)


def same_by_words(likeness: float) -> float:
    """The same, from their words alone."""
    return _logistic(11.0 * likeness - 3.84)


def score_by_meaning(near: Near, words: Overlap) -> float:
    """What entries are put in order by; the weights of the words were fitted with those of the nearness."""
    return near.lead + 0.2 * words.question + 0.25 * words.phrasing + 0.4 * words.anywhere


def score_by_words(_near: Near, words: Overlap) -> float:
    return words.score


def signs(margin: float, near: Near, words: Overlap, *, size: float, known: int) -> Signs:
    """What speaks for an entry. `size` is the weight of the question's words, `known` the number of its phrasings."""
    return Signs(
        margin=margin,
        phrasing=near.phrasing,
        answer=near.answer,
        question_words=words.question,
        phrasing_words=words.phrasing,
        all_words=words.anywhere,
        size=size,
        phrasings=log1p(known),
    )


def margins(scores: Sequence[float]) -> list[float]:
    """How far each is ahead of the best other one, of scores with the best first; alone, it is ahead of nothing."""
    best, second = (*scores, 0.0)[:2]
    return [best - second, *(score - best for score in scores[1:])]


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, x))))
