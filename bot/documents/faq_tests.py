"""Questions to test with, read from lines that somebody has pasted or from a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from bot.documents.faq_cells import restored
from bot.documents.faq_found import Remark
from bot.domain.faq_tests import Question

_QUESTION = frozenset({"fråga", "frågor", "spørsmål", "question", "questions"})
_EXPECTED = frozenset({"förväntat", "förväntat svar", "forventet", "forventet svar", "forventa", "venta", "expected"})


def pasted(text: str) -> list[Question]:
    """A question on each line; what it shall lead to follows the last tab or semicolon, where there is one."""
    lines = enumerate(text.splitlines(), 1)
    found = [_on(line, number) for number, line in lines if line.strip()]
    return found[1:] if found and _is_heading(found[0]) else found


def _on(line: str, number: int) -> Question:
    for sign in ("\t", ";"):
        if sign in line:
            question, _sign, expected = line.rpartition(sign)
            return Question(_plain(question), expected.strip(), number)
    return Question(_plain(line), None, number)


def _is_heading(one: Question) -> bool:
    return one.text.casefold() in _QUESTION and (one.expected is None or one.expected.casefold() in _EXPECTED)


def _plain(text: str) -> str:
    return " ".join(text.split())


# --- A file -----------------------------------------------------------------------------------------------------------


def table(text: str) -> tuple[list[Question], list[Remark]]:
    """The questions of a CSV file. Without a line that names its columns they are the question, and what to expect."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
    rows = list(_rows(lines, _delimiter(lines[0]) if lines else ""))
    places = _places(rows[0][1]) if rows else None
    read = [_question(cells, places or (0, 1), line) for line, cells in rows[1 if places else 0 :]]
    return [one for one in read if isinstance(one, Question)], [one for one in read if isinstance(one, Remark)]


def _delimiter(head: str) -> str:
    """A comma only where it stands between names of columns: questions have commas."""
    named = _places(next(csv.reader([head])))
    return "," if named and max(named) else "\t" if "\t" in head else ";"


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, with the line on which each begins."""
    reader, begins = csv.reader(lines, delimiter=delimiter or ";"), 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [restored(cell).strip() for cell in cells]
        begins = reader.line_num + 1


def _places(head: Sequence[str]) -> tuple[int, int] | None:
    """Where the question and what is expected stand, if this line names the columns."""
    names = [cell.strip().casefold() for cell in head]
    question = next((place for place, name in enumerate(names) if name in _QUESTION), None)
    expected = next((place for place, name in enumerate(names) if name in _EXPECTED), len(names))
    return None if question is None else (question, expected)


def _question(cells: list[str], places: tuple[int, int], line: int) -> Question | Remark:
    question, expected = places
    text = _plain(cells[question]) if question < len(cells) else ""
    if not text:
        return Remark(line, "question is missing")
    if len(cells) > max(places) + 1 and any(cells[max(places) + 1 :]):
        return Remark(line, f"has {len(cells)} cells: put the text in quotation marks")
    return Question(text, cells[expected] if expected < len(cells) else None, line)
