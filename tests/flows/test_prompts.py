"""What is asked, and for whom it is, as people read it."""

from __future__ import annotations

import pytest

from bot.domain.people import Language
from bot.domain.rounds import Asked
from bot.domain.words import Localised
from bot.flows import prompts
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
