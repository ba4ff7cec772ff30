"""A table of questions with answers: what its columns are called, and what a cell holds when it has been in Excel."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.documents.spreadsheet import neutralised
from bot.domain.people import Language


class Column(StrEnum):
    """What a cell says."""

    PROGRAMME = "programme"
    ID = "id"
    LANGUAGE = "language"
    QUESTION = "question"
    ANSWER = "answer"
    ALTERNATES = "alternates"  # other ways to ask
    EDITION = "edition"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"


_SV, _NB, _NN, _EN = Language.SWEDISH, Language.BOKMAL, Language.NYNORSK, Language.ENGLISH
_HEADINGS: Mapping[Column, Mapping[Language, str]] = {
    Column.PROGRAMME: {_SV: "Program", _NB: "Program", _NN: "Program", _EN: "Programme"},
    Column.ID: {_SV: "Id", _NB: "Id", _NN: "Id", _EN: "Id"},
    Column.LANGUAGE: {_SV: "Språk", _NB: "Språk", _NN: "Språk", _EN: "Language"},
    Column.QUESTION: {_SV: "Fråga", _NB: "Spørsmål", _NN: "Spørsmål", _EN: "Question"},
    Column.ANSWER: {_SV: "Svar", _NB: "Svar", _NN: "Svar", _EN: "Answer"},
    Column.ALTERNATES: {
        _SV: "Andra sätt att fråga",
        _NB: "Andre måter å spørre på",
        _NN: "Andre måtar å spørje på",
        _EN: "Other ways to ask",
    },
    Column.EDITION: {_SV: "Omgång", _NB: "Gjennomføring", _NN: "Gjennomføring", _EN: "Edition"},
    Column.VALID_FROM: {_SV: "Gäller från", _NB: "Gjelder fra", _NN: "Gjeld frå", _EN: "Valid from"},
    Column.VALID_UNTIL: {_SV: "Gäller till", _NB: "Gjelder til", _NN: "Gjeld til", _EN: "Valid until"},
}
_ALSO = {
    "frågor": Column.QUESTION,
    "questions": Column.QUESTION,
    "answers": Column.ANSWER,
    "alternativ": Column.ALTERNATES,
    "alternates": Column.ALTERNATES,
    "runde": Column.EDITION,
    "upplaga": Column.EDITION,
    "utgave": Column.EDITION,
    "utgåve": Column.EDITION,
    "program id": Column.PROGRAMME,
    "gäller till och med": Column.VALID_UNTIL,
    "gjelder til og med": Column.VALID_UNTIL,
    "gjeld til og med": Column.VALID_UNTIL,
    "gjeld frå og med": Column.VALID_FROM,
    "gjelder fra og med": Column.VALID_FROM,
    "gäller från och med": Column.VALID_FROM,
}
_KNOWN = {name.casefold(): column for column, names in _HEADINGS.items() for name in names.values()} | _ALSO


def heading(column: Column, language: Language) -> str:
    """What stands above the column in a file that we write."""
    return _HEADINGS[column][language]


def column_of(heading: str) -> Column | None:
    """The column that somebody means by this; None when we do not know it."""
    return _KNOWN.get(" ".join(heading.replace("_", " ").replace("-", " ").casefold().strip(" *:?").split()))


# --- Cells ------------------------------------------------------------------------------------------------------------


def inert(cell: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might take it, or what `restored` leaves, for a formula."""
    return f"'{cell}" if _is_alive(cell.lstrip("'")) else cell


def restored(cell: str) -> str:
    """The text without the apostrophe that kept it from becoming a formula."""
    return cell[1:] if cell.startswith("'") and _is_alive(cell.lstrip("'")) else cell


def _is_alive(cell: str) -> bool:
    return neutralised(cell) != cell


def joined(ways: tuple[str, ...]) -> str:
    """Ways to ask, each on its line; the line after a single one says that a | in it divides nothing."""
    return "\n".join(ways) + ("\n" if len(ways) == 1 and "|" in ways[0] else "")


def divided(cell: str) -> tuple[str, ...]:
    """The ways to ask in a cell, which stand on lines or between |, each of them once."""
    ways = cell.split("\n" if "\n" in cell else "|")
    return tuple(dict.fromkeys(way.strip() for way in ways if way.strip()))
