"""Questions to test the answers with: what each shall lead to, what it leads to now, and whether that is right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from bot.domain.faq import Entry, Outcome, Standing, bare
from bot.domain.values import dataclass
from bot.domain.words import Words

NO_ANSWER = frozenset({"", "-", "–", "—"})
"""What stands in the place of what is expected, where there shall be no answer."""


_LIKE = 0.6
"""From here on two wordings look like the same one with a slip in it (0..1)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody has written it down to test with."""

    text: str  # untrusted
    expected: str | None = None  # id or wording of a question that shall be found, or `NO_ANSWER`; None: just to see
    line: int = 0


@dataclass(frozen=True, slots=True)
class Got:
    """Something that is given as an answer, or offered to choose."""

    id: str
    title: Words
    score: float  # how sure, 0..1


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody gets who asks the question."""

    question: Question
    outcome: Outcome
    got: tuple[Got, ...]  # the best first: the answer, or those that are offered; what was likeliest, if neither
    passed: bool | None  # None: nothing was expected


def judged(question: Question, outcome: Outcome, got: tuple[Got, ...], right: Collection[str]) -> Result:
    """Passed is what is answered by one of the right ones, or offers one.

    Where no answer is expected, everything passes but an answer: whoever is offered some can say that it is none.
    """
    given = {one.id for one in got[: 1 if outcome is Outcome.ANSWERED else len(got)]}
    if question.expected is None:
        return Result(question, outcome, got, None)
    if question.expected in NO_ANSWER:
        return Result(question, outcome, got, outcome is not Outcome.ANSWERED)
    return Result(question, outcome, got, outcome is not Outcome.UNKNOWN and not given.isdisjoint(right))


def named(expected: str, entries: Mapping[str, Entry], others: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Whom somebody means: an id, with its programme or without, or a question's own wording in any language.

    `others` are ids that are answered by something else than entries, with their wordings.
    """
    return frozenset(_named(expected.strip(), {**_live(entries), **others}))


def nearest(expected: str, entries: Mapping[str, Entry], others: Mapping[str, Collection[str]]) -> str:
    """The id or wording that is written most like what somebody expects; empty where none is like it."""
    known = {**_live(entries), **others}
    written = {bare(one): one for id, wordings in known.items() for one in (id.partition(".")[2] or id, *wordings)}
    found = get_close_matches(bare(expected), written, n=1, cutoff=_LIKE)
    return written[found[0]] if found else ""


def _live(entries: Mapping[str, Entry]) -> dict[str, Collection[str]]:
    return {id: entry.question.wordings.values() for id, entry in entries.items() if entry.standing is Standing.LIVE}


def _named(expected: str, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    for id, wordings in known.items():
        if expected in (id, id.partition(".")[2]) or bare(expected) in map(bare, wordings):
            yield id
