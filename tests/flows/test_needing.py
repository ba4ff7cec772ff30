"""Needs that are alike stand together, and each stays a need of its own."""

from __future__ import annotations

from bot.domain.words import Localised
from bot.flows.needing import Need, beside_alike
from tests.fixtures.seed_board import POSTS


def needs(*texts: str) -> list[Need]:
    return [Need(str(number), text, Localised({})) for number, text in enumerate(texts)]


def test_N2c_those_that_are_alike_follow_each_other_and_none_is_lost() -> None:
    found = beside_alike(needs("Hjälp med nyckeltal", "Mer tid", "hjälp med rätt nyckeltal!", "Nyckeltal, hjälp med"))
    assert [(need.text[:9], alike) for need, alike in found] == [
        ("Hjälp med", False),
        ("hjälp med", True),
        ("Nyckeltal", True),
        ("Mer tid", False),
    ]


def test_the_same_words_twice_are_two_needs() -> None:
    assert [alike for _need, alike in beside_alike(needs("Mer tid", "Mer tid"))] == [False, True]


def test_no_two_needs_of_the_conference_are_taken_for_alike() -> None:
    asked = [text for _role, question, text in POSTS if question == "stod"]
    found = beside_alike(needs(*asked))
    assert [need.text for need, alike in found if not alike] == asked
