"""Which language the reader of a page reads."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from bot.domain import people
from bot.domain.people import Language


def language_of(request: web.Request) -> Language:
    """The language that the address asks for, else the one that the browser likes best, else Swedish."""
    chosen = people.language_of(request.query.get("language", ""))
    return chosen or next(_liked(request.headers.get("Accept-Language", "")), Language.SWEDISH)


def _liked(header: str) -> Iterator[Language]:
    """Those of our languages that a browser names, the best liked first."""
    liked = []
    for entry in header[:1000].split(","):
        name, _semicolon, quality = entry.partition(";")
        language = people.language_of(name)
        if language is not None:
            liked.append((_quality(quality), language))
    yield from (language for quality, language in sorted(liked, key=lambda one: -one[0]) if quality > 0)


def _quality(written: str) -> float:
    """The weight in `q=0.8`; 1 where there is none, and 0 where it is not a number."""
    name, _equals, number = written.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(number), 0.0), 1.0)
    except ValueError:
        return 0.0
