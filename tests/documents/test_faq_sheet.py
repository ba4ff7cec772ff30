"""Questions with their answers written as a table and as a page, and read back as they were."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.faq_cells import Column, column_of, divided, heading, inert, joined, restored
from bot.documents.faq_pages import page, pairs
from bot.documents.faq_sheet import csv_file, markdown_file
from bot.documents.spreadsheet import neutralised
from bot.domain.faq import COMMON, Entry, Standing
from bot.domain.people import Language
from bot.domain.words import Localised

FORMULAS = ["=1+1", "+46 8", "-5", "@SUM(A1)", "\t=1", " =1", "＝1", "'=1", "''=1", "- ett\n- två"]
PRICE = Entry(
    "dialog.pris",
    "dialog",
    Localised({"sv": "Vad kostar det?", "nb": "Hva koster det?"}),
    Localised({"sv": 'Ingenting; det är gratis.\n\n"Helt" gratis.', "nb": "Ingenting."}),
    alternates=("Pris?", "Hur mycket är avgiften?"),
    edition="våren 2027",
    valid_from=date(2027, 1, 1),
    valid_until=date(2027, 6, 30),
)


def entry(answer: str = "Så.", question: str = "Hur?", **rest: object) -> Entry:
    return Entry("dialog.hur", "dialog", Localised({"sv": question}), Localised({"sv": answer}), **rest)  # type: ignore[arg-type]


def tidy(text: str) -> str:
    """The text without spaces and empty lines that nobody sees."""
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def rows(written: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))


# --- the table --------------------------------------------------------------------------------------------------------


def test_a_row_for_each_language_and_what_is_common_to_them() -> None:
    head, swedish, norwegian = rows(csv_file([PRICE], Language.SWEDISH))
    assert head[:6] == ["Program", "Id", "Språk", "Fråga", "Svar", "Andra sätt att fråga"]
    assert swedish[:4] == ["dialog", "pris", "sv", "Vad kostar det?"]
    assert swedish[5:] == ["Pris?\nHur mycket är avgiften?", "våren 2027", "2027-01-01", "2027-06-30"]
    assert norwegian[2:6] == ["nb", "Hva koster det?", "Ingenting.", ""]


def test_the_table_opens_in_nordic_spreadsheets() -> None:
    written = csv_file([PRICE], Language.BOKMAL)
    assert written.startswith(b"\xef\xbb\xbfProgram;Id;")
    assert written.count(b"\r\n") == 3


@pytest.mark.parametrize("language", list(Language))
def test_every_heading_that_is_written_is_understood(language: Language) -> None:
    assert [column_of(heading(column, language)) for column in Column] == list(Column)


def test_what_is_retired_is_not_written_and_what_is_for_all_says_so() -> None:
    common = Entry("common.a", COMMON, Localised({"sv": "A?"}), Localised({"sv": "a"}))
    gone = Entry("dialog.b", "dialog", Localised({"sv": "B?"}), Localised({"sv": "b"}), standing=Standing.RETIRED)
    _head, *written = rows(csv_file([PRICE, gone, common], Language.SWEDISH))
    assert [row[:2] for row in written] == [["common", "a"], ["dialog", "pris"], ["dialog", "pris"]]


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_no_cell_is_a_formula_and_none_of_its_text_is_lost(text: str) -> None:
    written = csv_file([entry(text, text, alternates=(text,))], Language.SWEDISH)
    cells = [cell for row in rows(written) for cell in row]
    assert [cell for cell in cells if neutralised(cell) != cell] == []
    assert pairs(written.decode())[0].answer == text.strip()


def test_control_without_the_apostrophe_there_are_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.faq_sheet.inert", lambda cell: cell)
    cells = [cell for row in rows(csv_file([entry("=1+1")], Language.SWEDISH)) for cell in row]
    assert [cell for cell in cells if neutralised(cell) != cell] == ["=1+1"]


SOME = st.text(st.sampled_from("'=+-@ \t\n|;,\"aå"), max_size=12)


@given(SOME)
def test_whatever_a_cell_says_comes_back(text: str) -> None:
    assert restored(inert(text)) == text
    assert neutralised(inert(text)) == inert(text)


@given(st.lists(SOME.map(lambda way: " ".join(way.split())).filter(bool), max_size=3, unique=True))
def test_other_ways_to_ask_come_back_whatever_stands_in_them(ways: list[str]) -> None:
    written = csv_file([entry(alternates=tuple(ways))], Language.SWEDISH)
    (pair,) = pairs(written.decode())
    assert divided(pair.cells.get(Column.ALTERNATES, "")) == tuple(ways)


def test_ways_to_ask_stand_on_lines_or_between_bars() -> None:
    assert divided("ett | två|två||") == ("ett", "två")
    assert divided("ett|två\ntre\n") == ("ett|två", "tre")
    assert divided(joined(("a|b",))) == ("a|b",)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_a_heading_for_each_programme_and_names_each_question() -> None:
    common = Entry("common.a", COMMON, Localised({"sv": "A?"}), Localised({"sv": "a"}))
    written = markdown_file([PRICE, common], {"dialog": "Medborgardialog"}).decode()
    assert [line for line in written.split("\n") if line.startswith("#")] == [
        "## A? {#common.a lang=sv}",
        "# Medborgardialog",
        "## Vad kostar det? {#dialog.pris lang=sv}",
        "## Hva koster det? {#dialog.pris lang=nb}",
    ]


def test_an_id_from_chat_is_written_with_its_programme() -> None:
    from_chat = Entry("ab12", "dialog", Localised({"sv": "A?"}), Localised({"sv": "a"}))
    assert "{#dialog.ab12 lang=sv}" in markdown_file([from_chat], {}).decode()


ANSWERS = [
    "Så.\n\nOch så:\n- ett\n- två\n  - under\n1. först\n\nSlut",
    "en rad\nen till\n- punkt\ninte punkt",
    "# inte rubrik\n## inte heller\n> inte citat\n+ plus\n====\n--\n---\n~~~\n```",
    "*a* **b** _c_ __d__ `e` [f](g) ![h](i) <https://a.se> <br> &amp; \\ \\* {#x lang=sv}",
    "**Fet?**\nF: Hur?\nS: Så.\nFråga 1: vad\nsvar: nej",
    "[a]: https://a.se\nhttps://a.se/_b_*c*?d=1&e=2 och (https://a.se/(x))",
    "slutar med snedstreck\\\nnästa\\",
    "| a | b |\n| 1 | 2 |\nefter",
    "fil_namn_x 5 * 3 * 2 C#",
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_on_the_page_reads_as_it_was(answer: str) -> None:
    written = markdown_file([entry(answer, "Är C# *bra* #?")], {"dialog": "Titel *med* #"}).decode()
    found = page(written)
    assert [(pair.question, pair.answer) for pair in found.pairs] == [("Är C# *bra* #?", answer)]
    assert found.remarks == ()


MARKS = (
    *("a", "b c", " ", ".", "\n", "\n\n", "*", "_", "**", "`", "[", "]", "(", ")", "<", ">", "#", "- ", "+ ", "1. "),
    *("=", "--", "|", "F:", "S:", "\\", "&amp;", "https://a.se/x", "!", "~~~", "{#x}"),
)


@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=9).map("".join).map(tidy).filter(bool))
def test_any_answer_on_the_page_reads_as_it_was(answer: str) -> None:
    assert [pair.answer for pair in page(markdown_file([entry(answer)], {}).decode()).pairs] == [answer]


def test_control_without_backslashes_an_answer_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.faq_sheet.escaped", lambda text: text)
    (pair,) = page(markdown_file([entry(ANSWERS[3])], {}).decode()).pairs
    assert pair.answer != ANSWERS[3]
