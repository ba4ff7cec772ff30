"""Questions with their answers in what people write or paste: tables and Markdown."""

from __future__ import annotations

import pytest

from bot.documents.faq_cells import Column
from bot.documents.faq_pages import Pair, UnreadableError, page, pairs

# --- tables -----------------------------------------------------------------------------------------------------------

TABLES = [
    "Fråga;Svar\nHur?;Så här.\n",
    "Fråga,Svar\nHur?,Så här.\n",
    "Fråga\tSvar\nHur?\tSå här.",
    "\ufeffSPØRSMÅL;svar\r\nHur?;Så här.\r\n",
    "sep=;\nSvar;Question\nSå här.;Hur?",
    '\n\n"Fråga: ";"Svar"\n"Hur?";"Så här."\n;\n',
]


@pytest.mark.parametrize("text", TABLES, ids=range(len(TABLES)))
def test_a_table_is_read_whatever_stands_between_its_cells(text: str) -> None:
    assert [(pair.question, pair.answer) for pair in pairs(text)] == [("Hur?", "Så här.")]


def test_an_answer_of_a_table_may_have_lines_and_knows_its_own() -> None:
    found = pairs('Fråga;Svar\n"Hur?";"Ett; två\r\n\r\n""tre"""\nVar?;Där.\n')
    assert found == (Pair("Hur?", 'Ett; två\n\n"tre"', 2), Pair("Var?", "Där.", 5))


def test_the_other_columns_are_known_in_three_languages() -> None:
    heads = (
        "Program;Id;Språk;Fråga;Svar;Andra sätt att fråga;Omgång;Gäller från;Gäller till",
        "program;id;språk;spørsmål;svar;andre måter å spørre på;utgave;gjelder fra;gjelder til",
        "programme;id;language;question;answer;other ways to ask;edition;valid_from;valid_until",
    )
    cells = ["p", "i", "sv", "F?", "S.", "a|b", "2027", "2027-01-01", "2027-02-01"]
    for head in heads:
        assert page(f"{head}\n{';'.join(cells)}").columns == frozenset(Column)
    (pair,) = pairs(f"{heads[0]}\n{';'.join(cells)}")
    assert (pair.question, pair.answer) == ("F?", "S.")
    assert list(pair.cells.values()) == [cell for cell in cells if cell not in ("F?", "S.")]


def test_a_column_that_nobody_knows_is_named_and_not_read() -> None:
    found = page("Fråga;Svar;Kommentar\nHur?;Så.;Kolla med Eva\n")
    assert [(remark.line, remark.severe) for remark in found.remarks] == [(1, False)]
    assert "Kommentar" in found.remarks[0].message
    assert not found.pairs[0].cells


@pytest.mark.parametrize(("text", "line"), [("Fråga;Svar\nA?;x; mer\n", 2), ('Fråga;Svar\nA?;x\nB?;"öppen\nC?;y\n', 3)])
def test_a_table_of_which_words_would_be_lost_is_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        pairs(text)
    assert refused.value.line == line


def test_control_the_same_table_with_quotation_marks_is_read() -> None:
    assert pairs('Fråga;Svar\nA?;"x; mer"\n') == (Pair("A?", "x; mer", 2),)


# --- Markdown: what is a question -------------------------------------------------------------------------------------


def read(text: str) -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in pairs(text)]


def test_the_lowest_headings_with_text_are_the_questions() -> None:
    text = "# Om allt\n## Anmälan\n### Hur? ###\nSå.\n### Var?\nDär.\n## Kontakt\nRing.\n"
    assert read(text) == [("Hur?", "Så."), ("Var?", "Där."), ("Kontakt", "Ring.")]
    assert [pair.line for pair in pairs(text)] == [3, 5, 7]


def test_text_that_belongs_to_no_question_is_named() -> None:
    found = page("Inledning.\n\n# Anmälan\nOm anmälan.\n\n## Hur?\nSå.\n")
    assert [pair.question for pair in found.pairs] == ["Hur?"]
    assert [remark.line for remark in found.remarks] == [1, 3]
    assert not any(remark.severe for remark in found.remarks)


def test_a_heading_that_asks_is_a_question_also_where_others_follow_below() -> None:
    assert read("# Hur?\nSå.\n## Steg 1\nGå in.\nF: Var?\nS: Där.") == [("Hur?", "Så."), ("Var?", "Där.")]
    assert [remark.line for remark in page("# Hur?\nSå.\n## Steg 1\nGå in.\nF: Var?\nS: Där.").remarks] == [3]


def test_headings_may_be_underlined() -> None:
    assert read("Om\n==\nHur?\n----\nSå.\n\nVar?\n----\nDär.\n\n----\n\nOch där.") == [
        ("Hur?", "Så."),
        ("Var?", "Där.\n\nOch där."),
    ]


def test_bold_lines_are_questions_when_they_ask_or_when_there_is_nothing_else() -> None:
    asked = "**Hur?**\nSå.\n\n**Obs!**\nViktigt.\n\n__Var?__\nDär."
    assert read(asked) == [("Hur?", "Så.\n\nObs!\nViktigt."), ("Var?", "Där.")]
    assert read("**Anmälan**\nSå.\n\n**Kontakt:**\nRing.") == [("Anmälan", "Så."), ("Kontakt", "Ring.")]


LABELS = [("F", "S"), ("Q", "A"), ("Fråga", "Svar"), ("Spørsmål 1", "Svar 1"), ("**F", "**S"), ("Question", "ANSWER")]


@pytest.mark.parametrize(("asks", "answers"), LABELS, ids=str)
def test_questions_and_answers_may_have_labels(asks: str, answers: str) -> None:
    end = "**" if asks.startswith("**") else ""
    asks, answers = f"{asks}:{end}", f"{answers}:{end}"
    text = f"{asks} Hur går\ndet till?\n{answers} Bra.\n\nMycket bra.\n{asks} Var?\n\n{answers} Där."
    assert read(text) == [("Hur går det till?", "Bra.\n\nMycket bra."), ("Var?", "Där.")]


def test_a_label_without_the_other_still_has_its_answer_below() -> None:
    assert read("F: Hur?\nSå.\n\nQ: Var?\n\nDär.") == [("Hur?", "Så."), ("Var?", "Där.")]


def test_a_heading_may_name_id_and_language() -> None:
    (pair,) = pairs("## Hur? {#masterclass.hur lang=nb}\nSå.")
    assert pair == Pair("Hur?", "Så.", 1, {Column.ID: "masterclass.hur", Column.LANGUAGE: "nb"})


# --- Markdown: what an answer says ------------------------------------------------------------------------------------

ANSWERS = [
    ("Två rader\nblir ett stycke.\n\n\nNästa.", "Två rader blir ett stycke.\n\nNästa."),
    ("Hård  \nbrytning\\\noch en till", "Hård\nbrytning\noch en till"),
    ("* ett\n* två\n  fortsatt\n    - under\n3. tre", "- ett\n- två fortsatt\n    - under\n3. tre"),
    ("**Fet**, *kursiv*, __fet__, _kursiv_, `kod_a*b*`", "Fet, kursiv, fet, kursiv, kod_a*b*"),
    ("5 * 3 * 2 och filnamn_med_streck", "5 * 3 * 2 och filnamn_med_streck"),
    ("Se [sidan](https://a.se/x_(y)).", "Se sidan (https://a.se/x_(y))."),
    ('Se [sidan](<https://a.se> "Titel") och <https://b.se>.', "Se sidan (https://a.se) och https://b.se."),
    ("Skriv till [oss](mailto:a@b.se?subject=x) eller <c@d.se>.", "Skriv till oss (a@b.se) eller c@d.se."),
    ("[Klicka](javascript:alert(1)) och [här](data:text/html,x)", "Klicka och här"),
    ("Se [reglerna][r] [1].\n\n[r]: https://a.se/r", "Se reglerna (https://a.se/r) [1]."),
    ("![Karta](karta.png) [![bild](b.png)](https://a.se)", "Karta bild (https://a.se)"),
    ("https://a.se/_x_/*y*", "https://a.se/_x_/*y*"),
    ("A &amp; B &copy= 1 < 2<br>ny rad", "A & B &copy= 1 < 2\nny rad"),
    ("```\n# inte *rubrik*\n```\nSlut", "# inte *rubrik*\nSlut"),
    ("> citat\n> mer", "citat mer"),
    (r"\*inte kursiv\* \# och \[så\]", "*inte kursiv* # och [så]"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ("<b>inte</b> <script>alert(1)</script>", "<b>inte</b> <script>alert(1)</script>"),
]


@pytest.mark.parametrize(("written", "plain"), ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_is_plain_text_that_a_person_can_read(written: str, plain: str) -> None:
    assert read(f"# Hur?\n{written}\n") == [("Hur?", plain)]


HOSTILE = [
    "[" * 200_000,
    "[](" * 70_000,
    "**a " * 50_000,
    "_a " * 50_000,
    "`" * 99_999,
    "[](()[]" * 30_000,
    "\\" * 99_999,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:7] for text in HOSTILE])
def test_hostile_text_is_read_to_its_end(text: str) -> None:
    """What goes back and forth over such a text does not come to an end within any test run."""
    assert len(pairs(f"# Hur?\n{text}")) <= 1
    assert len(pairs(f"# {text}\n{' ' * 100_000}x\nF:{' ' * 100_000}x")) <= 1


@pytest.mark.parametrize(
    "text", ["", " \n\n", "\0", "#", "#\n##\n", "**", "F:", "S: x", "---", "```", "Fråga;Svar", ";"]
)
def test_text_without_questions_has_none(text: str) -> None:
    assert pairs(text) == ()
