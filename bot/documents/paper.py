"""A blank Word document of ours: its looks, its language and what it says of itself.

The library reaches further than its public classes only through their XML elements, hence the underscores.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_STYLES = Path(__file__).with_name("styles.xml")
_MARGIN = Cm(2.2)
_WIDTH, _HEIGHT = Cm(21), Cm(29.7)  # A4
_NEEDLESS = {RT.THUMBNAIL, RT.CUSTOM_XML, "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"}
"""What the library's blank document brings along: a picture of another document, and styles for Word 2010."""

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_EITHER_WAY = frozenset({"L", *_RIGHT_TO_LEFT})


def blank(*, title: str, author: str, subject: str, tag: str, at: datetime) -> Paper:
    """An empty document. `author` is an organisation; `tag` is the language of the text (BCP 47)."""
    paper = Document()
    _dress(paper, tag)
    for part in (paper.part, paper.part.package):
        for id in [id for id, one in part.rels.items() if one.reltype in _NEEDLESS]:
            part.rels.pop(id)
    about = paper.core_properties
    about.title, about.author, about.subject, about.language = title[:255], author[:255], subject[:255], tag
    about.comments, about.keywords, about.last_modified_by, about.category = "", "", "", ""
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)  # the library writes UTC without a zone
    about.revision = 1
    page = paper.sections[0]
    page.page_width, page.page_height = _WIDTH, _HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    return paper


def _dress(paper: Paper, tag: str) -> None:
    """Put our styles in place of the library's, and the language where programs look for it."""
    ours = parse_xml(_STYLES.read_bytes())
    theirs = paper.styles.element
    for style in list(theirs):
        theirs.remove(style)
    theirs.extend(style for style in ours if isinstance(style.tag, str))  # and no comments
    known = {style.style_id for style in paper.styles}
    for level in list(paper.part.numbering_part.element.iter(qn("w:pStyle"))):
        if level.get(qn("w:val")) not in known:
            level.getparent().remove(level)  # of a list that none of ours is
    for language in theirs.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    for language in paper.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)
    for setting in paper.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # or Word calls it an old document


def written(paragraph: Paragraph, text: str, style: str | None = None) -> Run:
    """Add words to a paragraph; it runs from right to left when its first letter does."""
    run = paragraph.add_run(text, style)
    first = next((way for c in text if (way := unicodedata.bidirectional(c)) in _EITHER_WAY), "L")
    if first in _RIGHT_TO_LEFT:
        run.font.rtl = True
        if len(paragraph.runs) == 1:
            # Ours hold nothing yet that has to come after it.
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
    return run


def number_pages(paragraph: Paragraph, words: str, *, page: str, pages: str) -> None:
    """Write a line in which the signs `page` and `pages` become the numbers: the only fields of the document."""
    for piece in words.replace(page, f"\0{page}\0").replace(pages, f"\0{pages}\0").split("\0"):
        field = {page: "PAGE", pages: "NUMPAGES"}.get(piece)
        if field is None:
            paragraph.add_run(piece)
        else:
            _add_field(paragraph, field)


def _add_field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001


def two_by_two(paper: Paper, *, caption: str) -> tuple[_Cell, ...]:
    """Four cells, row by row, each as wide as half of the page; a long one goes on upon the next."""
    made = table(paper, caption=caption, widths_cm=(8.3, 8.3), style="Boxes")
    for _row_of_two in range(2):
        made.add_row()  # type: ignore[no-untyped-call]
    for row in made.rows:
        for cell, column in zip(row.cells, made.columns, strict=True):
            cell.width = column.width
    return tuple(cell for row in made.rows for cell in row.cells)


def table(paper: Paper, *, caption: str, widths_cm: tuple[float, ...], style: str = "Plan") -> Table:
    """An empty table with columns of these widths and the words that are read out in its place."""
    made: Table = paper.add_table(rows=0, cols=len(widths_cm), style=style)
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for column, width in zip(made.columns, widths_cm, strict=True):
        column.width = Cm(width)
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    made._tbl.tblPr.append(described)  # noqa: SLF001
    return made


def add_row(made: Table, *, heads: bool = False) -> _Row:
    """A row that is not torn apart at the end of a page; `heads` marks the one that every page repeats."""
    row: _Row = made.add_row()  # type: ignore[no-untyped-call]
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if heads:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, column in zip(row.cells, made.columns, strict=True):
        cell.width = column.width
    return row
