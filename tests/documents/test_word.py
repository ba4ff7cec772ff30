"""The Word file: what a reader and a screen reader find in it, and that hostile text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from lxml import etree

from bot.documents.dossier import Dossier
from bot.documents.word import word_file
from bot.domain.board import Standing, board
from bot.domain.people import Language
from bot.domain.rounds import Box, Mode, Scale, State
from bot.domain.words import Localised
from tests.documents.dossiers import (
    AT,
    HOSTILE,
    LUND,
    PROGRAMME,
    ROUND,
    ROWS,
    dossier,
    post,
    seed_board,
    swedish,
    translators,
)
from tests.fixtures.seed_board import POSTS

SIGNED = " –\N{NO-BREAK SPACE}Cheferna i Lund"


def opened(made: Dossier, language: Language = Language.SWEDISH) -> Paper:
    return Document(BytesIO(word_file(made, translators(language))))


def lines(paper: Paper, style: str = "") -> list[str]:
    return [p.text for p in paper.paragraphs if not style or (p.style is not None and p.style.name == style)]


def parts(written: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(written)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


# --- What is in it ----------------------------------------------------------------------------------------------------


def test_C6_every_post_of_the_conference_stands_in_its_order_under_its_question() -> None:
    bullets = lines(opened(dossier(missing=None)), "List Bullet")
    assert [line.removesuffix(SIGNED) for line in bullets] == [text for _box, _question, text in POSTS]


def test_C6_roles_are_headings_above_their_questions() -> None:
    paper = opened(dossier())
    assert lines(paper, "Title") == ["Uppstartskonferensen"]
    assert lines(paper, "Heading 1")[:4] == ["Politiker", "Chefer", "Strateger och nyckelpersoner", "Planer"]
    assert lines(paper, "Heading 2")[:3] == [
        "Vad kan ni som politiker bidra med rent konkret?",
        "Vad förväntar ni er av de andra (chefer och strateger/nyckelpersoner)?",
        "Finns det något ni behöver stöd i?",
    ]


def test_in_the_box_of_everybody_the_questions_are_the_first_headings() -> None:
    everybody = replace(ROUND, boxes=(Box("", Localised({}), ROUND.boxes[0].questions),))
    paper = opened(dossier(board=seed_board(shown=everybody), plans=(), missing=None))
    assert len(lines(paper, "Heading 1")) == 3
    assert lines(paper, "Heading 2") == []


def test_dates_and_the_organiser_stand_below_the_title() -> None:
    assert lines(opened(dossier()), "Fact") == [
        "Arrangör: Sveriges Kommuner",
        "Öppnad: tisdag 9 februari 2027 kl. 13.00",
        "Avslutad: tisdag 9 februari 2027 kl. 16.00",
        "Inlägg: 50",
        "Utskriven: tisdag 9 februari 2027 kl. 16.00",
    ]


def test_a_reply_stands_below_its_post_and_says_who_replies() -> None:
    paper = opened(dossier())
    texts = lines(paper)
    assert texts[texts.index(f"{POSTS[0][2]}{SIGNED}") + 1] == "Chefer: Ja, det gör vi – Redan i mars."


def test_what_was_moved_says_so_and_not_by_whom() -> None:
    moved = post(90, "chefer", "stod", "Tid", moved=True)
    assert f"Tid{SIGNED} · Flyttat hit från en annan fråga" in lines(opened(dossier(moved)))


def test_held_posts_never_leave_and_hidden_ones_are_only_counted() -> None:
    held = post(90, "chefer", "stod", "HEMLIGT", standing=Standing.HELD)
    hidden = post(91, "chefer", "stod", "DOLT", standing=Standing.HIDDEN, reason="person")
    written = word_file(dossier(held, hidden), swedish)
    everything = b"".join(parts(written).values())
    assert b"HEMLIGT" not in everything
    assert b"DOLT" not in everything
    notes = lines(Document(BytesIO(written)), "Remark")
    assert notes == ["1 inlägg väntar på granskning", "1 inlägg har dolts: Om en person"]


def test_the_plan_is_a_table_with_a_head_that_every_page_repeats() -> None:
    table = opened(dossier(plans=(LUND,))).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Vad", "Vem", "Klart senast", "Läge", "Ersättare"]
    assert [cell.text for cell in table.rows[1].cells][2] == "Före Träff b, tisdag 16 mars 2027"
    assert [cell.text for cell in table.rows[2].cells][2:4] == ["måndag 1 mars 2027", "Fastnat\nStatistiken dröjer."]
    heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True, False, False]
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Plan för Lunds kommun"
    assert {cell.width for cell in table.columns[0].cells} == {table.columns[0].width}


def test_a_meeting_that_has_left_the_programme_is_not_named() -> None:
    gone = replace(LUND, rows=(replace(ROWS[0], before="gone"),))
    assert opened(dossier(plans=(gone,))).tables[0].rows[1].cells[2].text == ""


def test_C6b_who_is_missing_is_listed_for_coordinators() -> None:
    paper = opened(dossier())
    assert lines(paper, "Heading 1")[-2:] == ["Grupper som inte har skrivit något", "Organisationer utan plan"]
    assert lines(paper, "List Bullet")[-2:] == ["Politikerna i Bo", "Bo kommun"]
    assert "Politikerna i Bo" not in lines(opened(dossier(missing=None)))


def test_C6c_below_the_threshold_nothing_is_shown_and_the_document_says_why() -> None:
    sealed = replace(ROUND, mode=Mode.SEALED, threshold=5)
    empty = replace(seed_board(shown=sealed), parts=tuple(
        replace(part, headings=tuple(replace(heading, posts=()) for heading in part.headings))
        for part in seed_board(shown=sealed).parts
    ))  # fmt: skip
    paper = opened(dossier(board=empty, plans=(), missing=None))
    assert lines(paper, "List Bullet") == []
    assert set(lines(paper, "Remark")[1:]) == {"Här visas inget: det krävs svar från minst 5 personer"}


def test_a_document_without_the_figures_of_a_rating_says_where_they_are() -> None:
    box = replace(ROUND.boxes[0], questions=tuple(replace(q, scale=Scale(1, 5)) for q in ROUND.boxes[0].questions))
    rated = replace(ROUND, boxes=(box,), mode=Mode.SEALED)
    shown = board(rated, PROGRAMME.title, (), names={})
    said = lines(opened(dossier(board=shown, plans=(), missing=None)))
    assert "Siffrorna finns i en egen rapport, under ”Resultat”." in said
    assert not [line for line in said if line.startswith("Inlägg:")]
    assert "Siffrorna finns i en egen rapport, under ”Resultat”." not in lines(opened(dossier()))


def test_an_open_sealed_round_says_that_it_is_sealed_until_then() -> None:
    sealed = replace(ROUND, mode=Mode.SEALED, state=State.OPEN, closed_at=None)
    said = lines(opened(dossier(board=board(sealed, PROGRAMME.title, (), names={}), plans=(), missing=None)))
    assert "Förseglat tills rundan avslutas" in said


def test_an_open_round_says_that_more_can_come() -> None:
    paper = opened(dossier(board=seed_board(shown=replace(ROUND, state=State.OPEN, closed_at=None))))
    assert "Rundan är fortfarande öppen, så det kan komma mer." in lines(paper)


# --- What it says of itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "tag"),
    [("sv", "sv-SE"), ("nb", "nb-NO"), ("nn", "nn-NO"), ("en", "en-GB")],
)
def test_the_language_of_the_document_is_the_readers(language: str, tag: str) -> None:
    paper = opened(dossier(), Language(language))
    assert {one.get(qn("w:val")) for one in paper.styles.element.iter(qn("w:lang"))} == {tag}
    assert paper.core_properties.language == tag


def test_its_author_is_the_organiser_and_never_a_person() -> None:
    about = opened(dossier()).core_properties
    assert (about.author, about.title, about.subject) == (
        "Sveriges Kommuner", "Uppstartskonferensen", "Modellkonceptet"
    )  # fmt: skip
    assert (about.comments, about.last_modified_by, about.keywords) == ("", "", "")
    assert isinstance(about.created, datetime)
    assert about.created.replace(tzinfo=AT.tzinfo) == AT


def test_every_page_has_its_number() -> None:
    footer = opened(dossier()).sections[0].footer.paragraphs[0]._p
    assert [field.get(qn("w:instr")) for field in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert "".join(text.text or "" for text in footer.iter(qn("w:t"))) == "Sida 1 av 1"


def test_the_library_leaves_nothing_of_its_own_behind() -> None:
    written = parts(word_file(dossier(), swedish))
    assert not [name for name in written if "thumbnail" in name or "customXml" in name or "stylesWithEffects" in name]
    assert b"python" not in b"".join(written.values())


def test_no_style_is_named_that_is_not_there() -> None:
    written = [etree.fromstring(one) for name, one in parts(word_file(dossier(), swedish)).items() if "word/" in name]
    kinds = [qn(f"w:{kind}") for kind in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")]
    named = {one.get(qn("w:val")) for tree in written for one in tree.iter(*kinds)}
    there = {one.get(qn("w:styleId")) for tree in written for one in tree.iter(qn("w:style"))}
    assert named <= there


def test_text_that_begins_from_right_to_left_runs_that_way() -> None:
    arabic = post(90, "chefer", "stod", "عائشة بنت أحمد")
    (found,) = [p for p in opened(dossier(arabic)).paragraphs if "عائشة" in p.text]
    assert found._p.pPr is not None
    assert found._p.pPr.find(qn("w:bidi")) is not None
    assert found.runs[0].font.rtl


# --- Hostile text -----------------------------------------------------------------------------------------------------


def hostile(text: str) -> Dossier:
    """A document in which the text stands wherever anybody can write."""
    answer = post(90, "chefer", "stod", text)
    row = replace(ROWS[1], what=text, who=text, deputy=text, remark=text)
    words = Localised({"sv": text})
    shown = replace(ROUND, title=words, intro=words)
    return Dossier(
        replace(PROGRAMME, organiser=text),
        replace(seed_board(answer, shown=shown), programme=words),
        AT,
        about=text,
        plans=(replace(LUND, organisation=text, rows=(row,)),),
    )


def alive(written: bytes) -> list[str]:
    """What in the file leads out of it or computes: links, relations to elsewhere, fields but page numbers."""
    found: list[str] = []
    for name, content in parts(written).items():
        tree = etree.fromstring(content) if name.endswith((".xml", ".rels")) else None
        for element in tree.iter("*") if tree is not None else ():
            kind = etree.QName(element).localname
            if kind == "Relationship" and element.get("TargetMode") == "External":
                found.append(f"{name}: {element.get('Target')}")
            if kind in ("hyperlink", "instrText", "fldChar", "altChunk", "object"):
                found.append(f"{name}: {kind}")
            if kind == "fldSimple" and element.get(qn("w:instr")) not in ("PAGE", "NUMPAGES"):
                found.append(f"{name}: {element.get(qn('w:instr'))}")
    return found


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_C6c_hostile_text_stays_text(text: str) -> None:
    written = word_file(hostile(text), swedish)
    assert alive(written) == []
    readable = re.sub(r"\s+|[^\w\s]", "", text.encode("utf-8", "ignore").decode())[:200]
    said = "".join(lines(Document(BytesIO(written))))
    assert re.sub(r"\s+|[^\w\s]", "", said).count(readable) >= 1


def test_control_a_link_and_a_field_are_found() -> None:
    paper = Document(BytesIO(word_file(dossier(), swedish)))
    paper.part.relate_to("https://evil.example.org", "http://x/hyperlink", is_external=True)
    paper.paragraphs[0]._p.append(paper.paragraphs[0]._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): "AUTHOR"}))
    file = BytesIO()
    paper.save(file)
    assert len(alive(file.getvalue())) == 2
