"""What is asked, and for whom it is, as people read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.domain.rounds import Asked
from bot.domain.words import Localised
from bot.flows import prompts
from tests.flows.board_scenes import ROUND
from tests.handlers.town import text
from tests.handlers.workshop import MODEL
from tests.texts.resolving import translators

MENTORS = Localised({"sv": "mentorsregionerna", "en": "the mentor regions"})


@pytest.mark.parametrize(
    ("whom", "language", "said"),
    [
        ((MENTORS,), Language.SWEDISH, "Plan? (bara för: mentorsregionerna)"),
        ((MENTORS,), Language.ENGLISH, "Plan? (only for: the mentor regions)"),
        ((), Language.SWEDISH, "Plan? (bara för: mentor)"),  # a file that gives its mark no name
    ],
)
def test_whom_a_question_is_for_is_said_in_the_readers_language(
    whom: tuple[Localised, ...], language: Language, said: str
) -> None:
    question = Asked("plan", Localised({"sv": "Plan?"}), organisations=("mentor",), whom=whom)
    assert translators(language).say(prompts.asked(question)) == said


@pytest.mark.parametrize("moderated", [False, True])
def test_a_group_whose_name_will_be_shown_is_told_so_before_it_writes(*, moderated: bool) -> None:
    about = replace(ROUND, signed=True, moderated=moderated)
    assert "with the group’s name" in text(prompts.prompt(about, MODEL, ()))
    assert "with the group’s name" not in text(prompts.prompt(replace(about, signed=False), MODEL, ()))


def test_nobody_is_told_that_all_is_on_the_board_while_some_of_it_waits_for_a_coordinator() -> None:
    waits = "Some of it is shown when a coordinator has read it."
    assert waits in text(prompts.closed(ROUND, MODEL, "https://bot.example.org", waiting=True))
    assert waits not in text(prompts.closed(ROUND, MODEL, "https://bot.example.org"))
    nothing_yet = text(prompts.closed(ROUND, MODEL, "https://bot.example.org", shown=False, waiting=True))
    assert "They come on the board when a coordinator has read them." in nothing_yet
    assert "They are on the board." not in nothing_yet
