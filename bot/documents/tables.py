"""Posts and plans as tables: an Excel file with a sheet for each, and a CSV file of one of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from bot.documents.dossier import PROGRESS, Dossier, Plan, Voice, by_when, said, who
from bot.domain.board import Heading, Part, Post
from bot.domain.plans import PlanRow
from bot.domain.values import dataclass
from bot.domain.words import Localised, Text, _
from bot.texts import Translator

if TYPE_CHECKING:
    from xlsxwriter import Workbook

EXCEL_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"

_ALIVE = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a cell begins that a spreadsheet may take for a formula, also behind spaces and in full width."""

_POST_COLUMNS = ((_("Role group"), 24), (_("Question"), 40), (_("Post"), 70), (_("Group"), 24), (_("Replies"), 50))
_VOTES = ((_("Votes"), 10),)
_PLAN_COLUMNS = (
    (_("Organisation"), 26),
    (_("What"), 50),
    (_("Who"), 24),
    (_("By when"), 32),
    (_("State"), 18),
    (_("Remark"), 40),
    (_("Stand-in"), 24),
)
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_SHEET_CHARS = 31
_LINE_POINTS = 15
_ROW_POINTS = 409  # no row of Excel's is higher; the rest is read in the cell


Cell = str | int
"""What a person wrote or reads, or a number of ours."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table: its name, its columns with their widths in characters, and its rows."""

    name: Text
    columns: tuple[tuple[Text, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def excel_file(dossier: Dossier, translator: Translator) -> bytes:
    """The document as an .xlsx file: whatever was written is text there, and nothing is computed or linked."""
    from xlsxwriter import Workbook

    say, file = Voice(translator), BytesIO()
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = Workbook(file, inert)
    _tell_about(book, dossier, say)
    for sheet in _sheets(dossier, say):
        _draw(book, sheet, say)
    book.close()
    return file.getvalue()


def csv_file(dossier: Dossier, translator: Translator) -> bytes:
    """The posts, or the plans where the document has no posts, as Excel in the Nordic countries opens them.

    What a spreadsheet might take for a formula gets an apostrophe in front.
    """
    say, file = Voice(translator), StringIO(newline="")
    sheet = _sheets(dossier, say)[0]
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(label) for label, _width in sheet.columns])
    writer.writerows([neutralised(str(cell)) for cell in row] for row in sheet.rows)
    return file.getvalue().encode("utf-8-sig")


def neutralised(cell: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might take it for a formula."""
    return f"'{cell}" if _ALIVE.match(cell) else cell


def _sheets(dossier: Dossier, say: Voice) -> Sequence[_Sheet]:
    """What there is to tell: posts, plans or both; never nothing."""
    columns = _POST_COLUMNS + (_VOTES if dossier.board.round.votes else ())
    posts = _Sheet(_("Posts"), columns, tuple(_post_rows(dossier, say)))
    plans = _Sheet(_("Plans"), _PLAN_COLUMNS, tuple(_plan_rows(dossier, say)))
    if not dossier.board.parts:
        return (plans,)
    return (posts, plans) if dossier.plans else (posts,)


def _post_rows(dossier: Dossier, say: Voice) -> Iterator[tuple[Cell, ...]]:
    for part in dossier.board.parts:
        for heading in part.headings:
            for words in heading.supplied:
                beside = ("",) if dossier.board.round.votes else ()
                yield (*_supplied_row(say, part, heading, words), *beside)
            for post in heading.posts:
                votes = (post.votes if post.votes is not None else "",) if dossier.board.round.votes else ()
                yield (*_post_row(dossier, say, part, heading, post), *votes)


def _post_row(dossier: Dossier, say: Voice, part: Part, heading: Heading, post: Post) -> tuple[str, ...]:
    replies = (f"{say.line(who(dossier, reply))}: {say(said(reply))}" for reply in post.replies)
    return (say.line(part.name), say.line(heading.text), say(post.text), say.line(post.group), "\n".join(replies))


def _supplied_row(say: Voice, part: Part, heading: Heading, words: Localised) -> tuple[str, ...]:
    return (say.line(part.name), say.line(heading.text), say(words), say(_("From the organiser")), "")


def _plan_rows(dossier: Dossier, say: Voice) -> Iterator[tuple[str, ...]]:
    for plan in dossier.plans:
        for row in plan.rows:
            yield _plan_row(dossier, say, plan, row)


def _plan_row(dossier: Dossier, say: Voice, plan: Plan, row: PlanRow) -> tuple[str, ...]:
    words = (plan.organisation, row.what, row.who, by_when(dossier, row), PROGRESS[row.progress], row.remark)
    return (*(say(one) for one in words), say(row.deputy))


def _tell_about(book: Workbook, dossier: Dossier, say: Voice) -> None:
    """Title and author, an organisation; the time without its zone, as the format has it."""
    about = {"title": dossier.title, "author": dossier.programme.organiser, "subject": dossier.programme.title}
    written_at = dossier.written_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({name: say.line(words)[:255] for name, words in about.items()} | {"created": written_at})


def _height(row: tuple[Cell, ...], columns: tuple[tuple[Text, int], ...]) -> int:
    """The points that a row takes with all its lines; Excel would find out by itself, LibreOffice does not."""
    lines = max(
        sum(len(line) // width + 1 for line in str(cell).split("\n"))
        for cell, (_label, width) in zip(row, columns, strict=True)
    )
    return min(lines * _LINE_POINTS, _ROW_POINTS)


def _draw(book: Workbook, sheet: _Sheet, say: Voice) -> None:
    """Write a sheet whose first row stays in sight and can be filtered by."""
    drawn = book.add_worksheet(_SHEET_FORBIDDEN.sub(" ", say.line(sheet.name))[:_SHEET_CHARS])
    head = book.add_format({"bold": True, "bg_color": "#E6ECF3", "bottom": 1, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for column, (label, width) in enumerate(sheet.columns):
        drawn.set_column(column, column, width)
        drawn.write_string(0, column, say(label), head)
    for number, row in enumerate(sheet.rows, 1):
        drawn.set_row(number, _height(row, sheet.columns))
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                drawn.write_number(number, column, cell, text)
            else:
                drawn.write_string(number, column, cell, text)
    drawn.freeze_panes(1, 0)
    drawn.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    drawn.set_landscape()
    drawn.set_paper(9)  # A4
    drawn.fit_to_pages(1, 0)
    drawn.repeat_rows(0)
