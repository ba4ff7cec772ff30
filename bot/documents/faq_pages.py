"""Questions with their answers, found in what people write or paste: a table, or Markdown."""

from __future__ import annotations

from bot.documents import faq_markdown, faq_table
from bot.documents.faq_found import Page, Pair, UnreadableError

__all__ = ["Pair", "UnreadableError", "page", "pairs"]


def page(text: str) -> Page:
    """What a table has, whose first line names its columns, or else what Markdown has."""
    return faq_table.read(text) if faq_table.is_table(text) else faq_markdown.read(text)


def pairs(text: str) -> tuple[Pair, ...]:
    """The questions with their answers; raises `UnreadableError` when part of an answer would be lost."""
    found = page(text)
    for remark in found.remarks:
        if remark.severe:
            raise UnreadableError(remark)
    return found.pairs
