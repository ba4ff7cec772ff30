"""What rows and headings of questions with answers mean: put together into entries, and judged by their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import date

from bot.documents.faq_cells import Column, divided
from bot.documents.faq_found import Page, Pair
from bot.domain.faq import COMMON, FOR_ALL, Entry, entry_id
from bot.domain.faq_import import EVERY_FIELD, Given
from bot.domain.ids import from_title
from bot.domain.values import dataclass
from bot.domain.words import Localised
from config.problems import Notes, Problem, Severity, closest, shown
from config.programme_schema import ANSWER, FAQ_QUESTION, LABEL, LINE
from config.yaml_sections import ID_RULE, LANGUAGES, Limit, is_id

_FOR_ALL = {FOR_ALL, "gemensam", "gemensamt", "gemensamma", "felles"}
_LANGUAGE_NAMES = {
    "sv": ("svenska", "svensk", "swedish", "se"),
    "nb": ("bokmål", "norsk", "norska", "norwegian", "no", "norsk bokmål"),
    "nn": ("nynorsk", "norsk nynorsk"),
    "en": ("engelska", "engelsk", "english"),
    "da": ("danska", "dansk", "danish", "dk"),
}
_LANGUAGES = {name: code for code, names in _LANGUAGE_NAMES.items() for name in (code, *names)}
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00)?)?")
_NORDIC_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def programme_named(written: str) -> str:
    """The programme that is meant, or `COMMON` where all of them are."""
    return COMMON if written.casefold() in _FOR_ALL else written


@dataclass(slots=True)
class _Draft:
    """An entry as far as its rows have been read."""

    line: int
    named: bool
    question: dict[str, str] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    alternates: dict[str, None] = field(default_factory=dict)
    facts: dict[Column, str] = field(default_factory=dict)  # its edition and days
    languages: dict[str, int] = field(default_factory=dict)  # language → the line it stands on


class Drafts:
    """Puts together what several rows say of one entry."""

    def __init__(self, notes: Notes, programme: str) -> None:
        self._notes = notes
        self._programme = programme
        self._drafts: dict[tuple[str, str], _Draft] = {}  # programme and id within it

    def taken_from(self, page: Page) -> Iterator[Given]:
        """The entries of a page, in the order in which they begin there."""
        for remark in page.remarks:
            self._note(remark.line, remark.message, severity=Severity.ERROR if remark.severe else Severity.WARNING)
        for pair in page.pairs:
            if pair.question or Column.ID in pair.cells:
                self._take(pair)
            else:
                self._note(pair.line, "question is missing")
        says = EVERY_FIELD & {column.value for column in page.columns}
        for (programme, id), draft in self._drafts.items():
            yield Given(self._entry(programme, id, draft), draft.line, draft.named, says)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _take(self, pair: Pair) -> None:
        programme, id = self._placed(pair)
        draft = self._drafts.setdefault((programme, id), _Draft(pair.line, Column.ID in pair.cells))
        language = self._language(pair)
        if language in draft.languages:
            what = f"id {shown(id)} has a text in {language}" if draft.named else "the same question stands"
            self._note(pair.line, f"{what} already on line {draft.languages[language]}")
            return
        draft.languages[language] = pair.line
        question, answer = " ".join(pair.question.split()), pair.answer.strip()
        draft.question |= {language: self._within(pair, "question", question, FAQ_QUESTION)} if question else {}
        draft.answer |= {language: self._within(pair, "answer", answer, ANSWER)} if answer else {}
        for way in divided(pair.cells.get(Column.ALTERNATES, "")):
            draft.alternates[self._within(pair, "each of the other ways to ask", way, LINE)] = None
        self._take_facts(pair, draft)

    def _placed(self, pair: Pair) -> tuple[str, str]:
        """The programme, and the id within it: `masterclass.pris` names both."""
        named, _dot, id = pair.cells.get(Column.ID, "").strip().rpartition(".")
        written = named or pair.cells.get(Column.PROGRAMME, "").strip()
        programme = programme_named(written) if written else self._programme
        if programme and not is_id(programme):
            self._note(pair.line, f"{shown(programme)} is no id of a programme: {ID_RULE}")
        if id and not is_id(id):
            self._note(pair.line, f"id must be {ID_RULE}, not {shown(id)}")
        return programme, id or from_title(" ".join(pair.question.split()))

    def _language(self, pair: Pair) -> str:
        written = pair.cells.get(Column.LANGUAGE, "").strip()
        if not written:
            return self._notes.language
        code = _LANGUAGES.get(written.casefold())
        if code is None:
            message = f"{shown(written)} is not one of the languages {', '.join(LANGUAGES)}"
            self._note(pair.line, message, closest(written, _LANGUAGES))
        return code or self._notes.language

    def _take_facts(self, pair: Pair, draft: _Draft) -> None:
        for column in (Column.EDITION, Column.VALID_FROM, Column.VALID_UNTIL):
            written = pair.cells.get(column, "").strip()
            if written and draft.facts.setdefault(column, written) != written:
                before = shown(draft.facts[column])
                self._note(pair.line, f"{column} is {shown(written)} here and {before} on line {draft.line}")

    # --- entries ----------------------------------------------------------------------------------------------------

    def _entry(self, programme: str, id: str, draft: _Draft) -> Entry:
        for what, wordings in (("question", draft.question), ("answer", draft.answer)):
            if not wordings:
                self._note(draft.line, f"{what} is missing")
        begin, end = (self._day(column, draft) for column in (Column.VALID_FROM, Column.VALID_UNTIL))
        if begin and end and end < begin:
            self._note(draft.line, "valid_until lies before valid_from")
        edition = draft.facts.get(Column.EDITION, "")
        if len(edition) > LABEL.chars:
            self._note(draft.line, _too_long("edition", edition, LABEL))
        return Entry(
            id=entry_id(programme, id),
            programme=programme,
            question=Localised(draft.question),
            answer=Localised(draft.answer),
            alternates=tuple(draft.alternates),
            edition=edition,
            valid_from=begin,
            valid_until=end,
        )

    def _day(self, column: Column, draft: _Draft) -> date | None:
        """The day, written as in Sweden or as in Norway."""
        written = draft.facts.get(column, "")
        iso, nordic = _ISO_DAY.fullmatch(written), _NORDIC_DAY.fullmatch(written)
        found = iso.groups() if iso else nordic.groups()[::-1] if nordic else None
        try:
            year, month, day = map(int, found or ())
            return date(year, month, day)
        except ValueError:
            if written:
                self._note(draft.line, f"{column} must be a day such as 2027-02-09, not {shown(written)}")
            return None

    # --- problems ---------------------------------------------------------------------------------------------------

    def _within(self, pair: Pair, what: str, text: str, limit: Limit) -> str:
        if len(text) > limit.chars:
            self._note(pair.line, _too_long(what, text, limit))
        return text

    def _note(self, line: int, message: str, suggestion: str = "", *, severity: Severity = Severity.ERROR) -> None:
        self._notes.problems.append(Problem(self._notes.file, line, 1, message, suggestion, severity))


def _too_long(what: str, text: str, limit: Limit) -> str:
    return f"{what} has {len(text)} characters and may have {limit.chars}, {limit.why}"
