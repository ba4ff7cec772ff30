"""What the key `feedback` of a programme file means: yes, no, or questions of the programme's own."""

from __future__ import annotations

from bot.domain.rounds import Question
from config.question_schema import QUESTION
from config.yaml_sections import Section

KEY = "feedback"
OWN_QUESTIONS = "own_questions"
MOST_QUESTIONS = 5  # it takes two minutes


def asks(section: Section) -> bool:
    """Whether those who were at a meeting are asked what they think of it."""
    return section.is_part(KEY) or section.yes(KEY, default=True)


def own_questions(section: Section) -> tuple[Question, ...]:
    """What is asked instead of plus, minus and interesting; nothing where the programme has none of its own."""
    return (section.part(KEY, _own_questions) or ()) if section.is_part(KEY) else ()


def _own_questions(section: Section) -> tuple[Question, ...]:
    if not section.has(OWN_QUESTIONS):
        section.error("", "own_questions is missing in feedback; without any, write yes or no")
    return section.parts(OWN_QUESTIONS, _question, most=MOST_QUESTIONS)


def _question(section: Section) -> Question:
    return Question(section.id(), section.words("text", QUESTION, required=True))
