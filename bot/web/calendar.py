"""`/calendar/<seat>-<token>.ics`: a seat's calendar file, for whoever holds the link."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.domain.people import Language
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat
from bot.keys import seat_token_is_right
from bot.ports import Clock
from bot.texts import Translator, Translators

_MAX_CHARS = 200  # a link of ours has some 80


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A seat with what its calendar file is made of. `language` is the participant's."""

    programme: Programme
    occasion: Occasion
    seat: Seat
    language: Language


Find = Callable[[str], Awaitable[CalendarEntry | None]]
"""The entry of a seat's id, which comes from anyone; None when there is no such seat."""


class CalendarFiles:
    """Hands out calendar files. A wrong link, an unknown one and someone else's get the same answer: 404."""

    def __init__(self, find: Find, *, key: bytes, translators: Translators, clock: Clock) -> None:
        self._find = find
        self._key = key
        self._translators = translators
        self._clock = clock

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/calendar/{file}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        seat, _, token = request.match_info["file"][:_MAX_CHARS].removesuffix(".ics").partition("-")
        entry = await self._find(seat) if seat.isascii() and seat.isalnum() else None
        if entry is None or not seat_token_is_right(self._key, entry.seat, token):
            raise web.HTTPNotFound
        from bot.documents.calendar import calendar_file  # 3 MB that nobody needs before the first file

        translator = self._translators(entry.language)
        written = calendar_file(
            entry.programme, entry.occasion, entry.seat, translator=translator, now=self._clock.now()
        )
        headers = {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": _attachment(_title(entry, translator)),
        }
        return web.Response(body=written, headers=headers)


def _title(entry: CalendarEntry, translator: Translator) -> str:
    title = "".join(c if c.isalnum() else " " for c in translator.say(entry.occasion.title))
    return "-".join(title.split())[:60]


def _attachment(title: str) -> str:
    """The file's name for every browser: in ASCII, and (RFC 8187) as it is really spelt."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    spelt = quote(f"{title or 'lartraff'}.ics", safe="", errors="replace")
    return f"attachment; filename=\"{plain or 'lartraff'}.ics\"; filename*=UTF-8''{spelt}"
