"""Tables as files that every spreadsheet opens: whatever people wrote is text there, nothing is computed or linked."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from bot.documents.dossier import Voice
from bot.domain.values import dataclass
from bot.domain.words import Text, Words

if TYPE_CHECKING:
    from xlsxwriter import Workbook

EXCEL_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"

_ALIVE = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a cell begins that a spreadsheet may take for a formula, also behind spaces and in full width."""

_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_SHEET_CHARS = 31
_LINE_POINTS = 15
_ROW_POINTS = 409  # no row of Excel's is higher; the rest is read in the cell

Cell = str | int
"""What a person wrote or reads, or a number of ours."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns with their widths in characters, and its rows."""

    name: Text
    columns: tuple[tuple[Text, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def excel(sheets: Sequence[Sheet], about: Mapping[str, Words], written_at: datetime, say: Voice) -> bytes:
    """An .xlsx file with these sheets. `about` is its `title`, `author` (an organisation) and `subject`."""
    from xlsxwriter import Workbook

    file = BytesIO()
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = Workbook(file, inert)
    told = {name: say.line(words)[:255] for name, words in about.items()}
    without_its_zone = written_at.astimezone(UTC).replace(tzinfo=None)  # as the format has it
    book.set_properties(told | {"created": without_its_zone})
    for sheet in sheets:
        _draw(book, sheet, say)
    book.close()
    return file.getvalue()


def comma_separated(sheet: Sheet, say: Voice) -> bytes:
    """The table as Excel in the Nordic countries opens it.

    What a spreadsheet might take for a formula gets an apostrophe in front.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(label) for label, _width in sheet.columns])
    writer.writerows([neutralised(str(cell)) for cell in row] for row in sheet.rows)
    return file.getvalue().encode("utf-8-sig")


def neutralised(cell: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might take it for a formula."""
    return f"'{cell}" if _ALIVE.match(cell) else cell


def _height(row: tuple[Cell, ...], columns: tuple[tuple[Text, int], ...]) -> int:
    """The points that a row takes with all its lines; Excel would find out by itself, LibreOffice does not."""
    lines = max(
        sum(len(line) // width + 1 for line in str(cell).split("\n"))
        for cell, (_label, width) in zip(row, columns, strict=True)
    )
    return min(lines * _LINE_POINTS, _ROW_POINTS)


def _draw(book: Workbook, sheet: Sheet, say: Voice) -> None:
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
