"""Questions with their answers read from a table: a CSV file, or cells copied from a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from bot.documents.faq_cells import Column, column_of, restored
from bot.documents.faq_found import Page, Pair, Remark

_DELIMITERS = (";", ",", "\t")  # Excel in the Nordic countries, elsewhere, and what it puts on the clipboard
_NEEDED = {Column.QUESTION, Column.ANSWER}
_Row = tuple[int, list[str]]  # the line it begins on, and its cells


def is_table(text: str) -> bool:
    """Whether the first line names the columns of a table of questions with answers."""
    return _begin(_lines(text)) is not None


def read(text: str) -> Page:
    """The pairs of a table, whose first line says which column is which. Without such a line there are none."""
    lines = _lines(text)
    begin = _begin(lines)
    if begin is None:
        return Page(remarks=(Remark(1, "the first line must name the columns, such as Fråga;Svar", severe=True),))
    number, delimiter = begin
    remarks: list[Remark] = []
    rows = _rows(lines, number, delimiter, remarks)
    if not rows:
        return Page(remarks=tuple(remarks))
    columns = _columns(rows[0][1])
    remarks += (Remark(rows[0][0], f"the column {name!r} is not read") for name in _unread(rows[0][1], columns))
    pairs = [_pair(columns, row, remarks) for row in rows[1:] if any(row[1])]
    return Page(tuple(pairs), tuple(remarks), frozenset(column for column in columns if column is not None))


def _lines(text: str) -> list[str]:
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return list(StringIO(whole))


def _begin(lines: list[str]) -> tuple[int, str] | None:
    """The line that names the columns, counted from 0, and what stands between the cells."""
    for number, line in enumerate(lines):
        if line.strip() and not line.lower().startswith("sep="):  # which Excel understands, and nobody else
            return next(((number, sign) for sign in _DELIMITERS if _named(line, sign) >= _NEEDED), None)
    return None


def _named(line: str, delimiter: str) -> set[Column | None]:
    try:
        return {column_of(cell) for row in csv.reader([line], delimiter=delimiter) for cell in row}
    except csv.Error:  # a cell longer than any name of a column
        return set()


def _rows(lines: list[str], first: int, delimiter: str, remarks: list[Remark]) -> list[_Row]:
    """The rows as far as they can be read."""
    reader, rows, begins = csv.reader(lines[first:], delimiter=delimiter, strict=True), [], first + 1
    try:
        for row in reader:
            rows.append((begins, row))
            begins = first + reader.line_num + 1
    except csv.Error as error:
        unclosed = "end of data" in str(error)
        reason = "a quotation mark is never closed" if unclosed else str(error)
        remarks.append(Remark(begins, f"cannot be read as a table from here on: {reason}", severe=True))
    return rows


def _columns(head: list[str]) -> list[Column | None]:
    """The columns in their order; one that is there twice counts where it is first."""
    found: list[Column | None] = []
    for cell in head:
        column = column_of(cell)
        found.append(None if column in found else column)
    return found


def _unread(head: list[str], columns: list[Column | None]) -> Iterator[str]:
    return (cell for cell, column in zip(head, columns, strict=True) if cell.strip() and column is None)


def _pair(columns: list[Column | None], row: _Row, remarks: list[Remark]) -> Pair:
    line, cells = row
    if any(cells[len(columns) :]):
        message = f"has {len(cells)} cells, but there are {len(columns)} columns: put the text in quotation marks"
        remarks.append(Remark(line, message, severe=True))
    said = {column: restored(cell) for column, cell in zip(columns, cells, strict=False) if column is not None}
    question, answer = (said.pop(column, "").strip() for column in (Column.QUESTION, Column.ANSWER))
    return Pair(question, answer, line, {column: cell for column, cell in said.items() if cell.strip()})
