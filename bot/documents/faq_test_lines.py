"""What came of test questions, as lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.domain.faq import Outcome
from bot.domain.faq_tests import NO_ANSWER, Result
from bot.domain.words import Words

_MARKS: Mapping[bool | None, str] = {True: "pass", False: "FAIL", None: "-"}
_GETS: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "answer",
    Outcome.SUGGESTED: "suggested",
    Outcome.UNKNOWN: "no answer; likeliest",
}


def lines(results: Sequence[Result], say: Callable[[Words], str]) -> Iterator[str]:
    """Each question with what it gets and how sure that is, and the total."""
    for one in results:
        yield f"{_MARKS[one.passed]:4}  {one.question.text}"
        if one.passed is False:
            yield f"      expected: {_expected(one)}"
        yield from _got(one, say)
    passed, failed = (sum(one.passed is what for one in results) for what in (True, False))
    yield f"{passed} passed, {failed} failed, {len(results) - passed - failed} with nothing expected."


def _expected(one: Result) -> str:
    expected = one.question.expected or ""
    return "no answer" if expected in NO_ANSWER else expected


def _got(one: Result, say: Callable[[Words], str]) -> Iterator[str]:
    if not one.got:
        yield "      no answer"
    for got in one.got:
        yield f"      {_GETS[one.outcome]}: {got.score:.2f} {got.id} ({say(got.title)})"
