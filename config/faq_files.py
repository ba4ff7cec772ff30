"""Files of questions with answers, in YAML, CSV, Markdown or HTML: read into entries, with everything that is wrong."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.documents import faq_html, faq_markdown, faq_pages, faq_table
from bot.documents.faq_found import Page
from bot.domain.faq import Entry, entry_id
from bot.domain.faq_import import EVERY_FIELD, Given
from bot.domain.programmes import FaqEntry
from bot.domain.values import dataclass
from config.faq_schema import Drafts, programme_named
from config.problems import Notes, Problem, Severity
from config.programme_schema import LABEL, MOST_QUESTIONS, faq_entry
from config.yaml_sections import LANGUAGES, MAX_BYTES, Section
from config.yaml_text import root

_MOST_BYTES = 5_000_000  # a saved web page with all its pictures in it
_BYTE_ORDER = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGES: Mapping[str, Callable[[str], Page]] = {
    ".csv": faq_table.read,
    ".tsv": faq_table.read,
    ".txt": faq_pages.page,
    ".md": faq_markdown.read,
    ".markdown": faq_markdown.read,
    ".html": faq_html.read,
    ".htm": faq_html.read,
}
YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file has, and what is to be put right in it, line by line."""

    given: tuple[Given, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def read(path: Path, *, programme: str = "", language: str = LANGUAGES[0]) -> Reading:
    """The entries in a file; those that name no programme or language of their own are of the ones given here."""
    notes = Notes(str(path))
    notes.language = language
    if language not in LANGUAGES:
        notes.problems.append(Problem(notes.file, 1, 1, f"{language} is not one of {', '.join(LANGUAGES)}"))
    try:
        given = tuple(_given(path.suffix.lower(), text_of(path, (*_PAGES, *YAML)), notes, programme))
    except UnreadableError as error:
        return Reading((), (Problem(notes.file, 1, 1, str(error)),))
    if not given and not any(problem.severity is Severity.ERROR for problem in notes.problems):
        notes.problems.append(Problem(notes.file, 1, 1, "no question with an answer was found"))
    if len(given) > MOST_QUESTIONS:
        message = f"has {len(given)} questions and may have {MOST_QUESTIONS}"
        notes.problems.append(Problem(notes.file, 1, 1, message))
    return Reading(given, tuple(sorted(notes.problems, key=lambda problem: (problem.line, problem.column))))


def _given(suffix: str, text: str, notes: Notes, programme: str) -> Iterator[Given]:
    if suffix in YAML:
        return _from_yaml(text, notes, programme)
    return Drafts(notes, programme).taken_from(_PAGES[suffix](text))


# --- YAML -------------------------------------------------------------------------------------------------------------


def _from_yaml(text: str, notes: Notes, programme: str) -> Iterator[Given]:
    """What stands under `faq`, as in a programme's file."""
    section = root(text, notes)
    if section is None:
        return
    section.title = "a file of questions"
    notes.language = section.one_of("language", LANGUAGES, notes.language)
    own = section.text("programme", LABEL)
    programme = programme_named(own) if own else programme
    for entry, line in section.parts("faq", _with_line, most=MOST_QUESTIONS):
        yield Given(_entry(programme, entry), line, says=EVERY_FIELD)
    section.close()


def _with_line(section: Section) -> tuple[FaqEntry, int]:
    return faq_entry(section), section.node.start_mark.line + 1


def _entry(programme: str, written: FaqEntry) -> Entry:
    return Entry(
        id=entry_id(programme, written.id),
        programme=programme,
        question=written.question,
        answer=written.answer,
        alternates=written.alternates,
        edition=written.edition,
        valid_from=written.valid_from,
        valid_until=written.valid_until,
    )


# --- The file ---------------------------------------------------------------------------------------------------------


class UnreadableError(Exception):
    """Why a file is not read at all."""


def text_of(path: Path, suffixes: Sequence[str]) -> str:
    """What stands in a file of one of these kinds; raises `UnreadableError`."""
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        raise UnreadableError(f"must be one of {', '.join(suffixes)}; save a spreadsheet as CSV")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}") from None
    most = MAX_BYTES if suffix in YAML else _MOST_BYTES
    if len(written) > most:
        raise UnreadableError(f"has {len(written)} bytes and may have {most}")
    return _decoded(written)


def _decoded(written: bytes) -> str:
    """The text, in UTF-8 or as Excel and editors in the Nordic countries used to save it."""
    marked = next((code for mark, code in _BYTE_ORDER.items() if written.startswith(mark)), None)
    for code in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return written.decode(code)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("is not text that can be read: save it as UTF-8")
