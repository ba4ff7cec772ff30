"""Questions to test with, as somebody pastes or saves them."""

from __future__ import annotations

import pytest

from bot.documents.faq_found import Remark
from bot.documents.faq_tests import pasted, table
from bot.domain.faq import Entry, Outcome, Standing
from bot.domain.faq_tests import Got, Question, judged, named
from bot.domain.words import Localised
from tests.flows.samples import words


def test_each_pasted_line_is_a_question_with_what_is_expected_after_the_last_semicolon_or_tab() -> None:
    found = pasted("Kan jag,  du; eller han?; byta \n\nVad kostar det?\nVädret?;\nVar?\tplats")
    assert found == [
        Question("Kan jag, du; eller han?", "byta", 1),
        Question("Vad kostar det?", None, 3),
        Question("Vädret?", "", 4),
        Question("Var?", "plats", 5),
    ]


@pytest.mark.parametrize("head", ["Fråga;Förväntat", "Question\tExpected", "Spørsmål"])
def test_a_line_that_names_the_columns_is_no_question(head: str) -> None:
    assert [one.text for one in pasted(f"{head}\nVar?")] == ["Var?"]


@pytest.mark.parametrize(
    "file",
    [
        "Vem, du?;a\nVar?;\nNär?\n",
        "\ufeffFråga;Förväntat\r\nVem, du?;a\r\nVar?;\r\nNär?\r\n",
        "expected,question\na,'Vem, du?'\n,Var?\n".replace("'", '"'),
        "Nr;Question;Expected\n1;Vem, du?;a\n2;Var?;\n",
        "Vem, du?\ta\nVar?\t\n",
    ],
)
def test_a_table_is_read_with_and_without_names_of_columns(file: str) -> None:
    questions, remarks = table(file)
    assert [(one.text, one.expected) for one in questions[:2]] == [("Vem, du?", "a"), ("Var?", "")]
    assert [one.expected for one in questions[2:]] in ([], [None])
    assert remarks == []


def test_what_cannot_be_read_is_said_by_its_line() -> None:
    questions, remarks = table('"Två\nrader?";a\n;b\nEn;två;tre\n')
    assert [(one.text, one.line) for one in questions] == [("Två rader?", 1)]
    assert remarks == [Remark(3, "question is missing"), Remark(4, "has 3 cells: put the text in quotation marks")]
    assert table("") == ([], [])


ENTRIES = {
    "kurs.byta": Entry("kurs.byta", "kurs", Localised({"sv": "Kan jag byta person?", "en": "Can I?"}), words("Ja.")),
    "common.byta": Entry("common.byta", "", words("Kan jag byta?"), words("Ja.")),
    "kurs.gammal": Entry("kurs.gammal", "kurs", words("Gammal?"), words("Ja."), standing=Standing.RETIRED),
}


@pytest.mark.parametrize(
    ("expected", "ids"),
    [
        ("kurs.byta", {"kurs.byta"}),
        ("byta", {"kurs.byta", "common.byta"}),
        (" kan jag BYTA  person ", {"kurs.byta"}),
        ("can i?", {"kurs.byta"}),
        ("vad kostar det", {"fact:price"}),
        ("fact:price", {"fact:price"}),
        ("Gammal?", set()),
        ("kurs.gammal", set()),
        ("kurs", set()),
    ],
)
def test_what_is_expected_is_named_by_an_id_or_in_its_own_words(expected: str, ids: set[str]) -> None:
    assert named(expected, ENTRIES, {"fact:price": ("Vad kostar det?",)}) == ids


A, B = Got("a", "A?", 0.6), Got("b", "B?", 0.5)


@pytest.mark.parametrize(
    ("expected", "outcome", "passed"),
    [
        ("a", Outcome.ANSWERED, True),
        ("b", Outcome.ANSWERED, False),
        ("b", Outcome.SUGGESTED, True),
        ("a", Outcome.UNKNOWN, False),
        ("c", Outcome.SUGGESTED, False),
        ("", Outcome.ANSWERED, False),
        ("-", Outcome.SUGGESTED, True),
        ("", Outcome.UNKNOWN, True),
        (None, Outcome.ANSWERED, None),
    ],
)
def test_passed_is_what_is_answered_or_offered_as_expected(
    expected: str | None, outcome: Outcome, passed: bool | None
) -> None:
    assert judged(Question("?", expected), outcome, (A, B), {expected or ""}).passed is passed
