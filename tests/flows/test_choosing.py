"""Choosing among several: buttons, and text beside a button where a name is too long for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.flows import channels, groups, plan_cards
from bot.messages import Card
from bot.texts import plain
from tests.flows.samples import COHORT, SINGLE, words
from tests.texts.resolving import translators

ENGLISH = translators(Language.ENGLISH)
LONG = replace(SINGLE, title=words("Att leda för jämställdhet i kommuner och regioner"))


def cards(*found: Programme) -> list[Card]:
    """Wherever a programme is chosen by its title."""
    return [
        channels.choose(found, "C1"),
        groups.which_programme(found),
        plan_cards.choose([(one, "SE-1281", "Lund") for one in found]),
        plan_cards.choose_matrix(found),
    ]


@pytest.mark.parametrize("n", range(4))
def test_a_title_that_a_telephone_would_cut_stands_as_text_beside_its_button(n: int) -> None:
    card = cards(LONG, COHORT)[n]
    assert len(card.items) == 2
    assert all(len(one.buttons) == 1 for one in card.items)
    assert not [one for one in card.buttons if one.label == LONG.title]


@pytest.mark.parametrize("n", range(4))
def test_no_two_buttons_sound_alike_to_whoever_hears_them_alone(n: int) -> None:
    card = cards(LONG, COHORT)[n]
    labels = [plain(Card(button.label), ENGLISH) for one in card.items for button in one.buttons]
    assert [label[-2:] for label in labels] == [" 1", " 2"]
    assert plain(Card(card.items[0].title), ENGLISH).startswith("1. ")


@pytest.mark.parametrize("n", range(4))
def test_short_titles_are_buttons(n: int) -> None:
    """The positive control."""
    card = cards(SINGLE, COHORT)[n]
    assert card.items == ()
    assert len(card.buttons) >= 2
