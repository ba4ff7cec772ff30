"""The key `feedback` of a programme file: yes, no, or questions of the programme's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.programme_files import check, read

EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
OWN = "feedback:\n  own_questions:\n    - {id: bra, text: Vad var bra?}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


def written(file: Path, feedback: str) -> Path:
    """The file with every key, but for this in place of its own feedback."""
    assert OWN in EVERY_KEY
    file.write_text(EVERY_KEY.replace(OWN, feedback), "utf-8")
    return file


@pytest.mark.parametrize(("key", "asks"), [("", True), ("feedback: yes\n", True), ("feedback: no\n", False)])
def test_it_is_asked_for_unless_the_file_says_no(file: Path, key: str, asks: bool) -> None:
    found = read(written(file, key))
    assert (found.asks_feedback, found.feedback_questions) == (asks, ())


def test_own_questions_are_asked_in_the_order_of_the_file(file: Path) -> None:
    more = OWN + "    - {id: mer, text: {sv: Vad saknade du?, nb: Hva savnet du?}}\n"
    found = read(written(file, more))
    assert found.asks_feedback
    assert [(one.id, one.text.wordings["sv"]) for one in found.feedback_questions] == [
        ("bra", "Vad var bra?"),
        ("mer", "Vad saknade du?"),
    ]


WRONG = [
    ("feedback: kanske\n", "feedback must be yes or no, not 'kanske'"),
    ("feedback: {own_questions: []}\n", "own_questions is missing in feedback; without any, write yes or no"),
    ("feedback: {questions: [{id: a, text: A?}]}\n", "own_questions is missing in feedback"),
    (OWN + "    - {id: bra, text: Igen?}\n", "'bra'"),
    (OWN + "    - {id: langt}\n", "text is missing in own_questions"),
    (OWN + f"    - {{id: langt, text: {'a' * 201}}}\n", "text has 201 characters and may have 200"),
    (OWN + "    - {id: betyg, text: Hur bra?, scale: {least: 1}}\n", "unknown key 'scale' in own_questions"),
    (
        OWN + "".join(f"    - {{id: q{n}, text: Vad?}}\n" for n in range(5)),
        "own_questions has 6 entries and may have 5",
    ),
]


@pytest.mark.parametrize(("key", "problem"), WRONG)
def test_what_is_wrong_is_said(file: Path, key: str, problem: str) -> None:
    found = [one.message for one in check([written(file, key)], date(2026, 11, 21))]
    assert any(problem in one for one in found), found


def test_a_reminder_of_feedback_that_is_not_asked_for_is_noted(file: Path) -> None:
    text = EVERY_KEY.replace(OWN, "feedback: no\n").replace("  between: off", "  feedback: {days_after: 3}")
    file.write_text(text, "utf-8")
    (problem,) = check([file], date(2026, 11, 21))
    assert problem.message == "feedback is never due: the programme says feedback: no, or has no occasions"


def test_the_reminder_goes_to_those_who_were_there_alone(file: Path) -> None:
    file.write_text(EVERY_KEY.replace("  between: off", "  feedback: {to: [channels]}"), "utf-8")
    (problem,) = check([file], date(2026, 11, 21))
    assert problem.message == "feedback asks what those who were there think: it only goes to participants"
