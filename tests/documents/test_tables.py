"""Excel and CSV: everything stands in its cell as text, and nothing is computed."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from lxml import etree

from bot.documents.dossier import Dossier
from bot.documents.spreadsheet import neutralised
from bot.documents.tables import csv_file, excel_file
from bot.domain.board import Post, Standing
from tests.documents.dossiers import HOSTILE, LUND, ROUND, ROWS, dossier, post, seed_board, swedish
from tests.fixtures.seed_board import POSTS

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝")


def rows(written: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets(written: bytes) -> dict[str, etree._Element]:
    with ZipFile(BytesIO(written)) as packed:
        return {name: etree.fromstring(packed.read(name)) for name in packed.namelist()}


def strings(written: bytes) -> list[str]:
    """The texts of the cells."""
    shared = sheets(written)["xl/sharedStrings.xml"]
    return ["".join(one.itertext()) for one in shared]


def alive(written: bytes) -> list[str]:
    """Formulas, links and relations to elsewhere."""
    kinds = ("f", "hyperlink", "hyperlinks", "externalReference", "ddeLink")
    found = []
    for name, tree in sheets(written).items():
        found += [f"{name}: {one.tag}" for one in tree.iter("*") if etree.QName(one).localname in kinds]
        found += [f"{name}: {one.get('Target')}" for one in tree.iter("*") if one.get("TargetMode") == "External"]
    return found


def test_C6_csv_opens_in_nordic_spreadsheets() -> None:
    written = csv_file(dossier(), swedish)
    assert written.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in written
    head, first, *_rest = rows(written)
    assert head == ["Rollgrupp", "Fråga", "Inlägg", "Grupp", "Svar"]
    assert first[0] == "Politiker"
    assert first[4] == "Chefer: Ja, det gör vi – Redan i mars."
    assert [row[2] for row in rows(written)[1:]] == [text for _box, _question, text in POSTS]


def test_the_plans_alone_are_a_table_of_their_own() -> None:
    only = dossier(board=replace(seed_board(), parts=()))
    head, first, second, _third = rows(csv_file(only, swedish))
    assert head == ["Organisation", "Vad", "Vem", "Klart senast", "Läge", "Kommentar", "Ersättare"]
    assert first[3:5] == ["Före Träff b, tisdag 16 mars 2027", "Planerat"]
    assert second[3:6] == ["måndag 1 mars 2027", "Fastnat", "Statistiken dröjer."]


def test_excel_has_a_sheet_for_posts_and_one_for_plans() -> None:
    written = excel_file(dossier(), swedish)
    names = [one.get("name") for one in sheets(written)["xl/workbook.xml"].iter("{*}sheet")]
    assert names == ["Inlägg", "Planer"]
    assert {text for _box, _question, text in POSTS} <= set(strings(written))
    (creator,) = sheets(written)["docProps/core.xml"].iter("{*}creator")
    assert creator.text == "Sveriges Kommuner"


def test_held_and_hidden_posts_are_in_no_table() -> None:
    held = post(90, "chefer", "stod", "HEMLIGT", standing=Standing.HELD)
    hidden = post(91, "chefer", "stod", "DOLT", standing=Standing.HIDDEN, reason="person")
    made = dossier(held, hidden)
    for text in ("HEMLIGT", "DOLT"):
        assert text not in csv_file(made, swedish).decode()
        assert text not in "".join(strings(excel_file(made, swedish)))


def test_votes_are_numbers_where_there_is_a_vote() -> None:
    board = seed_board(shown=replace(ROUND, votes=3))
    first = board.parts[0].headings[0]
    heading = replace(first, posts=(replace(first.posts[0], votes=7), Post("x", "utan")))
    part = replace(board.parts[0], headings=(heading,))
    made = dossier(board=replace(board, parts=(part,)))
    assert [row[-1] for row in rows(csv_file(made, swedish))] == ["Röster", "7", ""]
    cells = sheets(excel_file(made, swedish))["xl/worksheets/sheet1.xml"]
    assert [cell.findtext("{*}v") for cell in cells.iter("{*}c") if cell.get("t") is None] == ["7"]


def hostile(text: str) -> Dossier:
    row = replace(ROWS[1], what=text, who=text, deputy=text, remark=text)
    return dossier(post(90, "chefer", "stod", text), plans=(replace(LUND, organisation=text, rows=(row,)),))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_C6c_no_text_becomes_a_formula(text: str) -> None:
    made = hostile(text)
    assert alive(excel_file(made, swedish)) == []
    for one in (made, replace(made, board=replace(made.board, parts=()))):
        cells = [cell for row in rows(csv_file(one, swedish)) for cell in row]
        assert not [cell for cell in cells if cell.strip(" ").startswith(FORMULA_SIGNS)]


def test_control_without_the_apostrophe_formulas_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.spreadsheet.neutralised", lambda cell: cell)
    cells = [cell for row in rows(csv_file(hostile("=1+1"), swedish)) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS)]


def test_control_a_workbook_that_computes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlsxwriter.worksheet import Worksheet

    monkeypatch.setattr(Worksheet, "write_string", lambda sheet, row, column, text, *_style: (
        sheet.write_formula(row, column, "=1+1") if text == "=1+1" else 0
    ))  # fmt: skip
    assert alive(excel_file(hostile("=1+1"), swedish))


@pytest.mark.parametrize("text", ["Åsa", "a=b", "3 - 2", "'citat", "1+1", ""])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert neutralised(text) == text
