"""Files of questions to test the answers with, as YAML or CSV: read, with everything that is wrong in them."""

from __future__ import annotations

from pathlib import Path

from bot.documents import faq_tests
from bot.domain.faq_tests import Question
from config.faq_files import YAML, UnreadableError, text_of
from config.problems import Notes, Problem
from config.programme_schema import LINE, MOST_QUESTIONS
from config.yaml_sections import Section
from config.yaml_text import root

_TABLES = (".csv", ".tsv", ".txt")


def read(path: Path) -> tuple[tuple[Question, ...], tuple[Problem, ...]]:
    """The questions in a file, and what is to be put right in it before they can be asked."""
    notes = Notes(str(path))
    try:
        text = text_of(path, (*_TABLES, *YAML))
    except UnreadableError as error:
        return (), (Problem(notes.file, 1, 1, str(error)),)
    found = _from_yaml(text, notes) if path.suffix.lower() in YAML else _from_table(text, notes)
    if not found and not notes.problems:
        notes.problems.append(Problem(notes.file, 1, 1, "no question was found"))
    if len(found) > MOST_QUESTIONS:
        message = f"has {len(found)} questions and may have {MOST_QUESTIONS}"
        notes.problems.append(Problem(notes.file, 1, 1, message))
    return found, tuple(notes.problems)


def _from_table(text: str, notes: Notes) -> tuple[Question, ...]:
    questions, remarks = faq_tests.table(text)
    notes.problems += (Problem(notes.file, one.line, 1, one.message) for one in remarks)
    return tuple(questions)


def _from_yaml(text: str, notes: Notes) -> tuple[Question, ...]:
    """What stands under `tests`."""
    section = root(text, notes)
    if section is None:
        return ()
    section.title = "a file of test questions"
    found = section.parts("tests", _question, most=MOST_QUESTIONS)
    section.close()
    return found


def _question(section: Section) -> Question:
    """An empty `expected` says that there shall be no answer; without one it is only looked what comes."""
    text, expected = section.text("question", LINE, required=True), section.text("expected", LINE)
    stands_there = any(key.value == "expected" for key, _value in section.node.value)
    return Question(text, expected if stands_there else None, section.node.start_mark.line + 1)
