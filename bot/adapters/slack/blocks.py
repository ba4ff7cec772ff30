"""Slack's building blocks: each within Slack's limits, and none that can make a person's words into markup.

Words stand in `plain_text` or in `rich_text`, which Slack never parses: an `@channel` that someone wrote stays eight
letters. Lengths are counted in UTF-16 units, the strictest way to count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Block = dict[str, Any]
Run = tuple[str, bool]
"""A stretch of text, and whether it is bold."""

MAX_TEXT = 3000  # of one text object; also kept for a rich_text block, where Slack names no number
MAX_HEADER = 150
MAX_LABEL = 75  # of a button or an option; also of an option's note
MAX_BUTTONS = 25  # in one row
MAX_BUTTON_VALUE = 2000
MAX_URL = 3000
_ELLIPSIS = "…"


class UnrenderableError(Exception):
    """The view has no shape that Slack accepts; the reason names the limit."""


def size(text: str) -> int:
    """The length as Slack may count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16", "surrogatepass")) // 2 - 1  # a mark precedes them


def plain(text: str) -> Block:
    """A text object that Slack shows letter by letter."""
    return {"type": "plain_text", "text": text, "emoji": False}


def within(text: str, limit: int, what: str) -> str:
    """The text, when it fits; what has no other shape than this raises `UnrenderableError`."""
    if not text.strip():
        raise UnrenderableError(f"{what} is empty")
    if size(text) > limit:
        raise UnrenderableError(f"{what} is {size(text)} characters, and Slack has room for {limit}")
    return text


def shorten(text: str, limit: int) -> str:
    """The beginning of a text, cut between words and marked; only for where the whole text is shown beside it."""
    if size(text) <= limit:
        return text
    cut = pieces(text, limit - 1)[0].rstrip()
    return f"{cut}{_ELLIPSIS}"


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces that each fit, divided between lines or words where there are any; nothing is lost."""
    found = []
    while size(text) > limit:
        end = limit
        while size(text[:end]) > limit:
            end -= max(1, (size(text[:end]) - limit) // 2)
        at = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end)) + 1
        at = at if at > end // 2 else end
        found.append(text[:at])
        text = text[at:]
    return [*found, text]


def labels_that_fit(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Labels of at most 75 characters, and in full those that had to be shortened.

    A shortened label carries its number in the list, and so does its full wording: two that begin alike stay apart.
    """
    short, full = [], []
    for number, label in enumerate(labels, 1):
        if size(label) > MAX_LABEL:
            mark = f"{number}. "
            full.append(mark + label)
            short.append(mark + shorten(label, MAX_LABEL - len(mark)))
        else:
            short.append(label if label.strip() else "–")
    return short, full


def rich(runs: Iterable[Run]) -> list[Block]:
    """Paragraphs of text with bold parts, in as many blocks as their length needs."""
    blocks: list[Block] = []
    elements: list[Block] = []
    room = MAX_TEXT
    for text, bold, length in _runs_that_fit(runs):
        if length > room:
            blocks.append(_rich_block(elements))
            elements, room = [], MAX_TEXT
        elements.append(_run(text, bold))
        room -= length
    return [*blocks, _rich_block(elements)] if any(e["text"].strip() for e in elements) else blocks


def _runs_that_fit(runs: Iterable[Run]) -> Iterator[tuple[str, bool, int]]:
    """The runs with their lengths; one that is too long for a block is divided."""
    for text, bold in runs:
        length = size(text)
        if length > MAX_TEXT:
            yield from ((piece, bold, size(piece)) for piece in pieces(text, MAX_TEXT))
        elif text:
            yield text, bold, length


def _run(text: str, bold: bool) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def _rich_block(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def heading(text: str) -> list[Block]:
    """A header; bold text where it is too long for one."""
    if size(text) > MAX_HEADER:
        return rich([(text, True)])
    return [{"type": "header", "text": plain(text)}] if text.strip() else []


def paragraph(text: str) -> list[Block]:
    """Text as people wrote it; nothing for nothing."""
    return [{"type": "section", "text": plain(piece)} for piece in pieces(text, MAX_TEXT) if piece.strip()]


def small_print(text: str) -> list[Block]:
    """Text that is out of the way, in as many blocks as it takes."""
    return [{"type": "context", "elements": [plain(piece)]} for piece in pieces(text, MAX_TEXT) if piece.strip()]


def divider() -> Block:
    """A line between parts."""
    return {"type": "divider"}


def rows(buttons: Sequence[Block]) -> list[Block]:
    """Buttons in rows."""
    return [
        {"type": "actions", "elements": list(buttons[start : start + MAX_BUTTONS])}
        for start in range(0, len(buttons), MAX_BUTTONS)
    ]


def words(block: Block) -> str:
    """What a block says, for those who read or hear only the text of a message."""
    if block["type"] == "rich_text":
        return "".join(run["text"] for section in block["elements"] for run in section["elements"]).strip("\n")
    if block["type"] == "context":
        return "\n".join(str(element["text"]) for element in block["elements"])
    text = block.get("text")
    return str(text["text"]) if isinstance(text, dict) else ""
