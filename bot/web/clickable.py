"""Web addresses in what people wrote, found so that a page can make links of them that lead where they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.domain.values import dataclass

_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0"
"""What cannot be seen, or turns what stands beside it around: an address ends before it."""

_ADDRESS = re.compile(rf"(?<!\w)https?://[^\s<>\"'`\\^{{}}|\x00-\x1f\x7f-\x9f\ud800-\udfff{_UNSEEN}]+", re.IGNORECASE)
_AFTER = ".,;:!?…*_~”’»›"
"""What belongs to the sentence and not to the address that it ends with."""

_PAIRS = {")": "(", "]": "["}
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_READ_IN_TWO_WAYS = re.compile("[\u00df\u03c2]")  # ß and ς lead to different places, depending on who reads them


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: words, or an address as it was written with where it leads."""

    text: str  # untrusted
    url: str = ""  # http or https, with a host that is spelt out; empty for words
    host: str = ""  # the true host, where something in the address may look like something else


def pieces(text: str) -> tuple[Piece, ...]:
    """The text parted into words and addresses; nothing where it has no address that can be a link."""
    found = tuple(_pieces(text))
    return found if any(one.url for one in found) else ()


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for match in _ADDRESS.finditer(text):
        link = _link(_without_end(match[0]))
        if link is not None:
            if match.start() > end:
                yield Piece(text[end : match.start()])
            yield link
            end = match.start() + len(link.text)
    if end < len(text):
        yield Piece(text[end:])


def _without_end(address: str) -> str:
    """The address without the sentence's own signs; a bracket stays if it closes one of the address's."""
    while address[-1] in _AFTER or address.count(address[-1]) > address.count(_PAIRS.get(address[-1], address[-1])):
        address = address[:-1]
    return address


def _link(address: str) -> Piece | None:
    """The address as a link; None where it leads to no named host, or has a name before an @, which is never one."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    if "@" in parts.netloc or not _HOST.fullmatch(host) or _READ_IN_TWO_WAYS.search(parts.netloc):
        return None
    rest = address[len(parts.scheme) + len("://") + len(parts.netloc) :]
    url = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{rest}"
    return Piece(address, url, "" if address.isascii() else host)
