"""Questions with their answers as files that people read, change and load again: a table, and a page of Markdown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from bot.documents.faq_cells import Column, heading, inert, joined
from bot.documents.faq_inline import escaped
from bot.domain.faq import FOR_ALL, Entry, Standing, entry_id
from bot.domain.faq_import import short_id
from bot.domain.people import Language

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"

_MARKED_LINE = re.compile(r"^\s*(?=#|>|\+ |=+$|--+$|~~~)")
_LABEL = re.compile(r"(?i)^((?:F|Q|S|A|Fråga|Spørsmål|Question|Svar|Answer) ?\d{0,3}):")
_OWN_LINE = re.compile(r"\s*(?:- |\d{1,3}[.)] |\|)|\s*$")
"""A line that begins anew without being told: in a list or a table, or an empty one."""


def csv_file(entries: Iterable[Entry], language: Language) -> bytes:
    """The entries in use, as Excel in the Nordic countries opens them: a row for each and for each language it is in.

    What a spreadsheet might take for a formula gets an apostrophe in front, which reading takes away again.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading(column, language) for column in Column)
    for entry in _in_use(entries):
        writer.writerows([inert(row[column]) for column in Column] for row in _rows(entry))
    return file.getvalue().encode("utf-8-sig")


def markdown_file(entries: Iterable[Entry], titles: Mapping[str, str]) -> bytes:
    """The entries in use as a page to read, with a heading for each programme that has a title here.

    It has questions and answers only; what holds for how long, and other ways to ask, are in the table.
    """
    return "\n".join(_markdown_lines(_in_use(entries), titles)).encode()


def _in_use(entries: Iterable[Entry]) -> list[Entry]:
    """Without those that are retired, programme by programme, those for all of them first."""
    live = (entry for entry in entries if entry.standing is Standing.LIVE)
    return sorted(live, key=lambda entry: entry.programme)


def _languages(entry: Entry) -> Iterable[str]:
    """The languages it is in, the original first."""
    return dict.fromkeys((*entry.question.wordings, *entry.answer.wordings))


def _rows(entry: Entry) -> Iterator[Mapping[Column, str]]:
    for number, language in enumerate(_languages(entry)):
        yield {
            Column.PROGRAMME: entry.programme or FOR_ALL,
            Column.ID: short_id(entry),
            Column.LANGUAGE: language,
            Column.QUESTION: entry.question.wordings.get(language, ""),
            Column.ANSWER: entry.answer.wordings.get(language, ""),
            Column.ALTERNATES: "" if number else joined(entry.alternates),  # they are of no language in particular
            Column.EDITION: entry.edition,
            Column.VALID_FROM: str(entry.valid_from or ""),
            Column.VALID_UNTIL: str(entry.valid_until or ""),
        }


def _markdown_lines(entries: Iterable[Entry], titles: Mapping[str, str]) -> Iterator[str]:
    written: str | None = None  # the programme whose heading was written last
    for entry in entries:
        if entry.programme != written and entry.programme in titles:
            yield from (f"# {_title(titles[entry.programme])}", "")
        written, named = entry.programme, entry_id(entry.programme, short_id(entry))
        for language in _languages(entry):
            question = _title(entry.question.wordings.get(language, ""))
            yield from (f"## {question} {{#{named} lang={language}}}", "")
            yield from (*_answer_lines(entry.answer.wordings.get(language, "")), "")


def _title(text: str) -> str:
    return escaped(" ".join(text.split()))


def _answer_lines(answer: str) -> Iterator[str]:
    """The lines of an answer, none of which begins or ends as one of Markdown's own."""
    lines = answer.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        marked = _LABEL.sub(r"\1\\:", _MARKED_LINE.sub(lambda found: f"{found[0]}\\", escaped(line), count=1))
        yield marked if _OWN_LINE.match(following) or not line.strip() else f"{marked}\\"
