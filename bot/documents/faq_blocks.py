"""A page as headings with text under them, and which of the headings are questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from urllib.parse import urlsplit

from bot.documents.faq_cells import Column
from bot.documents.faq_found import Page, Pair, Remark
from bot.domain.values import dataclass

BELOW_HEADINGS = 7
"""The level of questions that are no headings: bold ones, and those behind F:."""

_SCHEMES = ("http", "https", "mailto")
_SHOWN = 60  # characters of a heading in a remark


@dataclass(frozen=True, slots=True)
class Heading:
    """What text stands under; the higher its level, the further down it belongs."""

    level: int
    text: str
    line: int
    cells: Mapping[Column, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """Text under a heading, as a person reads it."""

    text: str
    line: int


@dataclass(slots=True)
class _Part:
    """A heading with the text between it and the next one."""

    heading: Heading
    passages: list[str] = field(default_factory=list)


def by_heading(blocks: Iterable[Heading | Passage]) -> Page:
    """The headings with text under them are the questions.

    Where there are such headings further down, a heading without a question mark only introduces those.
    """
    parts, remarks = _parts(blocks)
    pairs: list[Pair] = []
    for number, part in enumerate(parts):
        heading = part.heading
        if not part.passages:
            continue
        if not (heading.text or heading.cells):
            remarks.append(Remark(heading.line, "a text under a heading without words is not read"))
        elif not is_asking(heading.text) and _is_divided(parts, number):
            name = heading.text[:_SHOWN]
            remarks.append(Remark(heading.line, f"the text under {name!r} is not read: there are questions below it"))
        else:
            pairs.append(Pair(heading.text, "\n\n".join(part.passages), heading.line, heading.cells))
    return Page(tuple(pairs), tuple(remarks), frozenset(column for pair in pairs for column in pair.cells))


def _parts(blocks: Iterable[Heading | Passage]) -> tuple[list[_Part], list[Remark]]:
    parts: list[_Part] = []
    remarks: list[Remark] = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(_Part(block))
        elif parts:
            parts[-1].passages.append(block.text)
        elif not remarks:
            remarks.append(Remark(block.line, "the text before the first question is not read"))
    return parts, remarks


def _is_divided(parts: list[_Part], number: int) -> bool:
    """Whether a heading further down, within this one, has text of its own."""
    for below in parts[number + 1 :]:
        if below.heading.level <= parts[number].heading.level:
            return False
        if below.passages:
            return True
    return False


def is_asking(text: str) -> bool:
    """Whether it ends as a question does."""
    return text.rstrip().endswith(("?", "？"))


def linked(text: str, address: str) -> str:
    """A link as text: its words and then the address, when that is one to follow."""
    shown = address.strip()
    try:
        scheme = urlsplit(shown).scheme.lower()
    except ValueError:
        return text
    if scheme not in _SCHEMES:
        return text
    if scheme == "mailto":
        shown = shown[len("mailto:") :].partition("?")[0]
    return text if shown in text else f"{text} ({shown})".lstrip()
