"""A SWOT analysis as a table of four boxes in Word, and what the organiser supplied, in every file and form."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO

from docx import Document
from docx.document import Document as Paper
from docx.table import _Cell

from bot.documents.dossier import Dossier
from bot.documents.tables import csv_file
from bot.documents.word import word_file
from bot.domain.board import board
from bot.domain.rounds import Asked, Box, Layout, Round, State
from bot.domain.rules import NOTHING
from bot.domain.words import Localised
from bot.flows import boards, noting
from bot.flows.noting import NoteFacts, Notes
from bot.flows.sealing import form
from bot.flows.sheets import Sheet
from bot.messages import Form
from tests.documents.dossiers import AT, PROGRAMME, ROUND, post, swedish
from tests.flows.samples import words
from tests.handlers.town import text

ADDRESS = "https://example.org/trend"
ASKED = tuple(Asked(id, words(f"Om {id}?")) for id in ("styrkor", "svagheter", "chanser", "hot"))
SCAN = (
    Asked("trender", words("Vad händer?"), supplied=(words(f"AI kommer. {ADDRESS}"),)),
    Asked("annat", words("Mer?")),
)


def made(questions: tuple[Asked, ...], layout: Layout = Layout.LIST) -> Round:
    return replace(ROUND, boxes=(Box("", NOTHING, questions),), layout=layout, signed=False)


def dossier(about: Round) -> Dossier:
    asked = [one.id for one in about.boxes[0].questions]
    posts = [post(n, "", asked[n % len(asked)], f"Inlägg {n}") for n in range(6)]
    return Dossier(PROGRAMME, board(about, PROGRAMME.title, posts, names={}), AT)


def opened(about: Round) -> Paper:
    return Document(BytesIO(word_file(dossier(about), swedish)))


def lines(cell: _Cell) -> list[tuple[str, str]]:
    return [(line.style.name if line.style is not None else "", line.text) for line in cell.paragraphs]


def test_four_questions_are_a_table_of_two_by_two_each_with_its_heading() -> None:
    (table,) = opened(made(ASKED, Layout.FOUR)).tables
    assert [len(row.cells) for row in table.rows] == [2, 2]
    assert [lines(cell) for row in table.rows for cell in row.cells] == [
        [("Heading 1", "Om styrkor?"), ("List Bullet", "Inlägg 0"), ("List Bullet", "Inlägg 4")],
        [("Heading 1", "Om svagheter?"), ("List Bullet", "Inlägg 1"), ("List Bullet", "Inlägg 5")],
        [("Heading 1", "Om chanser?"), ("List Bullet", "Inlägg 2")],
        [("Heading 1", "Om hot?"), ("List Bullet", "Inlägg 3")],
    ]


def test_control_the_same_questions_in_a_list_are_no_table() -> None:
    paper = opened(made(ASKED))
    assert not paper.tables
    assert [p.text for p in paper.paragraphs if p.text.startswith("Om ")] == [f"Om {one.id}?" for one in ASKED]


def test_what_the_organiser_supplied_stands_first_as_words_and_leads_nowhere() -> None:
    written = word_file(dossier(made(SCAN)), swedish)
    bullets = [p.text for p in Document(BytesIO(written)).paragraphs if p.style and p.style.name == "List Bullet"]
    assert bullets[:2] == [f"Från arrangören: AI kommer. {ADDRESS}", "Inlägg 0"]
    assert not [one for one in Document(BytesIO(written)).part.rels.values() if one.is_external]


def test_a_table_of_posts_has_it_too_and_says_whose_it_is() -> None:
    rows = list(csv.reader(StringIO(csv_file(dossier(made(SCAN)), swedish).decode("utf-8-sig")), delimiter=";"))
    assert [row[2:4] for row in rows[1:3]] == [[f"AI kommer. {ADDRESS}", "Från arrangören"], ["Inlägg 0", ""]]


def test_channels_are_shown_it_before_the_posts() -> None:
    (page,) = boards.pages(dossier(made(SCAN)).board, "https://example.org/board")
    said = text(page)
    assert said.index("• From the organiser: AI kommer.") < said.index("• Inlägg 0")


def test_both_kinds_of_form_say_it_before_one_writes() -> None:
    about = replace(made(SCAN), state=State.OPEN)
    facts = NoteFacts(about, "Lärträffar", "Grupp 1", "", about.boxes[0].questions, lambda _text: ())
    for said in (
        noting.ask_notes(Notes("r1", "g1"), facts),
        form(Sheet(about, about.boxes[0], "Europe/Stockholm", "Lärträffar"), {}),
    ):
        assert isinstance(said, Form)
        assert f"From the organiser, about “Vad händer?”:\n• AI kommer. {ADDRESS}" in text(said)


def test_without_anything_supplied_nobody_reads_of_it() -> None:
    about = made((Asked("q", Localised({"sv": "Vad?"})),))
    facts = NoteFacts(about, "Lärträffar", "Grupp 1", "", about.boxes[0].questions, lambda _text: ())
    assert "organiser" not in text(noting.ask_notes(Notes("r1", "g1"), facts))
