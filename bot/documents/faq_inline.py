"""A line of Markdown as a person reads it in a chat: no marks, and links followed by their addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from bot.documents.faq_blocks import linked

Addresses = Mapping[str, str]
"""Label in small letters → address, where a page has its addresses at its end."""

_LITERAL = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]+)`")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*){0,3})>?(?:\s+[\"'][^()]*)?\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
_BARE = re.compile(r"https?://[^\s<>()\[\]\"]+")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![*\w])|(?<![\w_])_(?=[^\s_])([^_]+)(?<=\S)_(?![\w_])")
_BOLD = re.compile(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*|(?<!\w)__(?=\S)([^_]+)(?<=\S)__(?!\w)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKS = re.compile(r"[\\`*_\[\]<]|&(?=[#\w]+;)")

_HIDDEN = 0x10E000  # a private plane: a character that stands there meanwhile is no mark
_HIDE = {code: code + _HIDDEN for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_SHOW = {hidden: code for code, hidden in _HIDE.items()}


def plain(text: str, addresses: Addresses) -> str:
    """The text without marks; what was behind a backslash or between backticks stays as it is."""
    text = _LITERAL.sub(lambda found: (found[1] or found[2]).translate(_HIDE), text)
    text = _IMAGE.sub(lambda found: found[1], text)
    text = _LINK.sub(lambda found: _address(found[1], found[2]), text)
    text = _REFERENCE.sub(lambda found: _looked_up(found, addresses), text)
    text = _AUTOLINK.sub(lambda found: found[1].removeprefix("mailto:").translate(_HIDE), text)
    text = _BARE.sub(lambda found: found[0].translate(_HIDE), text)
    for marks in (_ITALIC, _BOLD, _ITALIC):  # bold within italics, and italics within bold
        text = marks.sub(lambda found: found[1] or found[2], text)
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), _BREAK.sub("\n", text))
    return text.translate(_SHOW)


def escaped(text: str) -> str:
    """The text with backslashes where `plain` would take something for a mark."""
    return _MARKS.sub(lambda found: f"\\{found[0]}", text)


def _address(text: str, address: str) -> str:
    shown = linked(text, address)
    return text + shown.removeprefix(text).translate(_HIDE)


def _looked_up(found: re.Match[str], addresses: Addresses) -> str:
    """A link whose address stands at the end of the page, or brackets that are only brackets."""
    address = addresses.get((found[2] or found[1]).casefold())
    return found[0] if address is None else _address(found[1], address)
