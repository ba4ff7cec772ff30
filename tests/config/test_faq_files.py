"""Files of questions with answers become entries, or a list of everything that is wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.documents.faq_cells import Column, column_of
from bot.documents.faq_sheet import csv_file, markdown_file
from bot.domain.faq import COMMON, Entry
from bot.domain.faq_import import EVERY_FIELD, Given, compare
from bot.domain.people import Language
from bot.domain.words import Localised
from config.faq_files import Reading, read
from config.problems import Severity

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def said(reading: Reading) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in reading.problems]


def only(reading: Reading) -> Entry:
    assert said(reading) == []
    (given,) = reading.given
    return given.entry


BYTE = Localised({"sv": "Kan jag byta person?"}), Localised({"sv": "Ja, när som helst."})
FILES = {
    "a.csv": "Fråga;Svar\nKan jag byta person?;Ja, när som helst.\n",
    "b.TXT": 'Spørsmål,Svar\nKan jag byta person?,"Ja, när som helst."\n',
    "c.txt": "F: Kan jag byta person?\nS: Ja, när som helst.",
    "d.md": "# Anmälan\n## Kan jag byta person?\nJa, när\nsom helst.\n",
    "e.html": "<details><summary>Kan jag byta person?</summary>Ja, när som helst.</details>",
    "f.htm": "<h2>Kan jag byta person?</h2><p>Ja, när som helst.",
    "g.yaml": "faq:\n  - {id: byta, question: Kan jag byta person?, answer: 'Ja, när som helst.'}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_entry(write: Write, name: str) -> None:
    entry = only(read(write(name, FILES[name]), programme="dialog"))
    assert (entry.question, entry.answer, entry.programme) == (*BYTE, "dialog")
    assert entry.id == ("dialog.byta" if name == "g.yaml" else "dialog.kan-jag-byta-person")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_as_excel_saved_it(write: Write, code: str) -> None:
    assert only(read(write("a.csv", FILES["a.csv"].encode(code)))).question == BYTE[0]


def test_without_a_programme_entries_are_for_all(write: Write) -> None:
    entry = only(read(write("a.csv", FILES["a.csv"])))
    assert (entry.id, entry.programme) == ("common.kan-jag-byta-person", COMMON)


def test_the_language_of_what_names_none_is_given(write: Write) -> None:
    assert list(only(read(write("a.csv", FILES["a.csv"]), language="nb")).question.wordings) == ["nb"]
    assert said(read(write("a.csv", FILES["a.csv"]), language="fi")) == ["1: fi is not one of sv, nb, nn, en, da"]


# --- tables -----------------------------------------------------------------------------------------------------------

HEAD = "Program;Id;Språk;Fråga;Svar;Andra sätt att fråga;Omgång;Gäller från;Gäller till\n"


def test_every_column_is_taken_over(write: Write) -> None:
    reading = read(
        write("a.csv", HEAD + "dialog;pris;svenska;Pris?;Inget.;Avgift?|Kostar det?;2027;2027-01-02;3.2.2027\n")
    )
    assert only(reading) == Entry(
        "dialog.pris",
        "dialog",
        Localised({"sv": "Pris?"}),
        Localised({"sv": "Inget."}),
        ("Avgift?", "Kostar det?"),
        "2027",
        date(2027, 1, 2),
        date(2027, 2, 3),
    )
    assert reading.given[0] == Given(only(reading), 2, named=True, says=EVERY_FIELD)


def test_rows_of_the_same_id_in_several_languages_are_one_entry(write: Write) -> None:
    swedish, norwegian = ";pris;sv;Pris?;Inget.;Avgift?;2027;;\n", ";pris;nb;Pris, da?;Ingenting.;Kostar?;;;\n"
    entry = only(read(write("a.csv", f"{HEAD}{swedish}{norwegian};pris;norsk nynorsk;;Ingen.;;;;\n")))
    assert entry.question.wordings == {"sv": "Pris?", "nb": "Pris, da?"}
    assert entry.answer.wordings == {"sv": "Inget.", "nb": "Ingenting.", "nn": "Ingen."}
    assert (entry.alternates, entry.edition) == (("Avgift?", "Kostar?"), "2027")


def test_a_page_says_nothing_of_editions_and_a_table_of_what_it_has_columns_for(write: Write) -> None:
    assert read(write("d.md", FILES["d.md"])).given[0].says == frozenset()
    assert read(write("a.csv", "Fråga;Svar;Upplaga\nA?;a;\n")).given[0].says == {"edition"}


def test_columns_that_mean_all_programmes(write: Write) -> None:
    for word in ("gemensam", "common", "Felles"):
        reading = read(write("a.csv", f"Program;Fråga;Svar\n{word};A?;a\n"), programme="dialog")
        assert only(reading).programme == COMMON


FAULTS = [
    (";;;;a;;;;", "question is missing"),
    (";x;;;;;;;", "question is missing"),
    (";;;A?;;;;;", "answer is missing"),
    (f";;;{'A' * 151};a;;;;", "question has 151 characters and may have 150, as a heading"),
    (f";;;A?;{'a' * 2501};;;;", "answer has 2501 characters and may have 2500, so that it fits"),
    (f";;;A?;a;x|{'a' * 201};;;", "each of the other ways to ask has 201 characters and may have 200"),
    (f";;;A?;a;;{'e' * 76};;", "edition has 76 characters and may have 75"),
    (";Ä B;;A?;a;;;;", "id must be at most 50 small letters"),
    (";;finska;A?;a;;;;", "'finska' is not one of the languages sv, nb"),
    (";;;A?;a;;;igår;", "valid_from must be a day such as 2027-02-09, not 'igår'"),
    (";;;A?;a;;;;2027-02-30", "valid_until must be a day"),
    (";;;A?;a;;;;02/03/2027", "valid_until must be a day"),
    (";;;A?;a;;;2027-02-02;2027-02-01", "valid_until lies before valid_from"),
    (";;;A?;a; b;;;;;mer", "has 11 cells, but there are 9 columns"),
    (';;;A?;"a;;;;', "a quotation mark is never closed"),
]


@pytest.mark.parametrize(("row", "message"), FAULTS, ids=[message[:30] for _row, message in FAULTS])
def test_a_fault_is_named_with_its_line(write: Write, row: str, message: str) -> None:
    reading = read(write("a.csv", f"{HEAD};;;Bra?;Ja.;;;;\n{row}\n"))
    assert not reading.usable
    assert any(line.startswith("3: ") and message in line for line in said(reading)), said(reading)


def test_control_the_same_table_without_a_fault_is_usable(write: Write) -> None:
    assert read(write("a.csv", f"{HEAD};;;Bra?;Ja.;;;;\n")).usable


def test_every_fault_is_named_at_once_in_the_order_of_the_lines(write: Write) -> None:
    reading = read(write("a.csv", f"{HEAD};x;;A?;;;;;\n;Y;;B?;b;;;då;\n"))
    assert [problem.line for problem in reading.problems] == [2, 3, 3]


def test_the_same_question_twice_is_a_fault(write: Write) -> None:
    text = "Id;Språk;Fråga;Svar\n;sv;A?;a\n;sv;a;b\nx;sv;X?;x\nx;sv;Y?;y\n"
    assert said(read(write("a.csv", text))) == [
        "3: the same question stands already on line 2",
        "5: id 'x' has a text in sv already on line 4",
    ]


def test_rows_of_an_entry_that_contradict_each_other_are_a_fault(write: Write) -> None:
    text = "Id;Språk;Fråga;Svar;Upplaga\nx;sv;A?;a;2026\nx;nb;A?;a;2027\n"
    assert said(read(write("a.csv", text))) == ["3: edition is '2027' here and '2026' on line 2"]


def test_what_is_not_read_is_a_warning(write: Write) -> None:
    reading = read(write("a.md", "Inledning\n\n# A?\na\n"))
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]
    assert reading.usable
    assert len(reading.given) == 1


# --- YAML -------------------------------------------------------------------------------------------------------------


def test_yaml_has_the_shape_of_a_programmes_file(write: Write) -> None:
    text = (
        "language: nb\nprogramme: dialog\nfaq:\n"
        "  - id: pris\n    question: {sv: Pris?, nb: Koster det?}\n    answer: Ingenting.\n    alternates: [Avgift?]\n"
        "    edition: 2027\n    valid_from: 2027-01-01\n"
    )
    entry = only(read(write("a.yml", text)))
    assert (entry.id, entry.question.wordings) == ("dialog.pris", {"nb": "Koster det?", "sv": "Pris?"})
    assert (entry.alternates, entry.edition, entry.valid_from) == (("Avgift?",), "2027", date(2027, 1, 1))


def test_a_fault_in_yaml_has_line_and_column(write: Write) -> None:
    reading = read(write("a.yaml", "faq:\n  - id: pris\n    qestion: Pris?\n    answer: Inget.\n"))
    assert [(one.line, one.column, one.suggestion) for one in reading.problems] == [(2, 5, ""), (3, 5, "question")]


# --- files that cannot be read ----------------------------------------------------------------------------------------

UNREADABLE = [
    ("a.xlsx", b"PK", "save a spreadsheet as CSV"),
    ("a.csv", b"\x81\x8d\x8f", "is not text"),
    ("a.csv", b"\xff\xfea", "is not text"),
    ("a.csv", "Namn;Ort\nA;B\n", "the first line must name the columns"),
    ("a.md", "Bara text.", "no question with an answer was found"),
    ("a.html", "", "no question with an answer was found"),
    ("a.html", "<div>" * 5000, "is nested too deeply"),
    ("a.yaml", "- x\n", "must consist of lines"),
    ("a.yaml", "faq: []\n", "no question with an answer was found"),
    ("a.csv", b"x" * 5_000_001, "has 5000001 bytes and may have 5000000"),
    ("a.csv", "Fråga;Svar\n" + "".join(f"Q{n}?;a\n" for n in range(1001)), "has 1001 questions and may have 1000"),
]


@pytest.mark.parametrize(("name", "text", "message"), UNREADABLE, ids=[message[:25] for _n, _t, message in UNREADABLE])
def test_a_file_of_no_use_says_why(write: Write, name: str, text: str | bytes, message: str) -> None:
    reading = read(write(name, text))
    assert not reading.usable
    assert message in " ".join(said(reading))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert said(read(tmp_path / "nej.csv")) == ["1: cannot be opened: No such file or directory"]


# --- back and forth ---------------------------------------------------------------------------------------------------

ENTRIES = (
    Entry(
        "dialog.pris",
        "dialog",
        Localised({"nb": "=1+1?", "sv": "Pris; eller?"}),
        Localised({"sv": "- ett\n- *två*\n\n'=x", "nb": "Ingenting.", "nn": "Ingen."}),
        ("a|b",),
        "våren 2027",
        date(2027, 1, 1),
        date(2027, 6, 30),
    ),
    Entry("ab12cd", "dialog", Localised({"sv": "Från chatten?"}), Localised({"sv": "Ja."}), ("=A1", "två")),
    Entry("common.allmant", COMMON, Localised({"da": "Hvorfor?"}), Localised({"da": "Derfor."})),
)
KNOWN = {entry.id: entry for entry in ENTRIES}


@pytest.mark.parametrize("language", list(Language))
def test_a_table_that_was_exported_changes_nothing(write: Write, language: Language) -> None:
    reading = read(write("ut.csv", csv_file(ENTRIES, language)))
    assert said(reading) == []
    assert {one.id for one in compare(reading.given, KNOWN).same} == set(KNOWN)


def test_a_page_that_was_exported_changes_nothing(write: Write) -> None:
    reading = read(write("ut.md", markdown_file(ENTRIES, {"dialog": "Dialog"})))
    assert said(reading) == []
    assert {one.id for one in compare(reading.given, KNOWN).same} == set(KNOWN)


def test_a_table_alone_makes_the_same_entries(write: Write) -> None:
    reading = read(write("ut.csv", csv_file(ENTRIES[:1], Language.SWEDISH)))
    assert [given.entry for given in reading.given] == list(ENTRIES[:1])


# --- docs/faq.md ------------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2].joinpath("docs", "faq.md").read_text("utf-8")


@pytest.mark.parametrize(("kind", "suffix", "ids"), [
    ("csv", ".csv", ["common.byta", "common.hotell"]),
    ("markdown", ".md", ["common.kan-jag-byta-person", "common.vart-skickas-fakturan", "common.kan-vi-vara-fler"]),
    ("yaml", ".yaml", ["masterclass-medborgardialog.byta"]),
])  # fmt: skip
def test_the_examples_on_the_page_have_no_problem(write: Write, kind: str, suffix: str, ids: list[str]) -> None:
    (example,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    reading = read(write(f"example{suffix}", example))
    assert said(reading) == []
    assert [given.entry.id for given in reading.given] == ids


def test_the_columns_on_the_page_are_the_ones_that_are_known() -> None:
    table = re.search(r"^\| kolumn .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert table is not None
    rows = [row.split(" | ")[:2] for row in table[0].strip().splitlines()[2:]]
    names = [name.strip("| )") for cells in rows for cell in cells for name in re.split(r"[,(]", cell)]
    meant = {column_of(name.removeprefix("nynorsk: ").strip()) for name in names}
    assert meant == set(Column)
