"""What sort of thing a question asks for, and what it counts where an entry never tells it."""

from __future__ import annotations

import pytest

from bot.faq.engine import Engine
from bot.faq.entries import Entry
from bot.faq.sorts import Sort, sorts_of, weighed


@pytest.mark.parametrize(
    ("question", "sorts"),
    [
        ("Varför är det så dyrt?", {Sort.WHY}),
        ("vad kostar det?", {Sort.AMOUNT}),
        ("Kostar det något?", {Sort.WHETHER, Sort.AMOUNT}),
        ("Hvor lenge varer det?", {Sort.LENGTH, Sort.WHEN}),
        ("hur många timmar är det?", {Sort.LENGTH, Sort.AMOUNT}),
        ("Kvifor er det på ein onsdag?", {Sort.WHY}),
        ("What time is it?", {Sort.WHEN}),
        ("Hvor er det?", {Sort.WHERE}),
        ("Vem är vår samordnare?", {Sort.WHO}),
        ("Finns det parkering?", {Sort.WHETHER}),
        ("parkering", set()),
    ],
)
def test_the_first_word_that_asks_tells_the_sort(question: str, sorts: set[Sort]) -> None:
    assert sorts_of(question) == sorts


def test_an_answer_to_another_sort_of_question_is_a_suggestion_and_nothing_less() -> None:
    when, why = frozenset({Sort.WHEN}), frozenset({Sort.WHY})
    assert 0.2 < weighed(0.5, why, when) < weighed(0.7, why, when) < 0.5
    assert weighed(0.3, why, when) == 0.3


def test_the_same_sort_makes_an_answer_a_little_likelier() -> None:
    when = frozenset({Sort.WHEN})
    assert 0.5 < weighed(0.5, when, when) < 0.6
    assert weighed(0.5, frozenset(), when) == weighed(0.5, when, frozenset()) == 0.5


def test_a_reason_is_less_sure_than_a_day_where_only_days_are_told() -> None:
    engine = Engine([Entry("dag", "När är lärträffen i mars?", "Den 16 mars."), Entry("b", "Ingår mat?")], meaning=None)
    ((_id, when), *_rest), ((_same, why), *_others) = (
        engine.rank(f"{ask} är träffen i mars?") for ask in ("när", "varför")
    )
    assert why < when
