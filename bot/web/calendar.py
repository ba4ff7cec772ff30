"""`/calendar/<seat>-<token>.ics`: a seat's calendar file, for whoever holds the link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.documents.names import file_title
from bot.domain.people import Language
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import _
from bot.keys import seat_token_is_right
from bot.ports import Clock
from bot.texts import Translator, Translators
from bot.web.attachments import attachment
from bot.web.readers import language_of

_MAX_CHARS = 200  # a link of ours has some 80
_GONE = _("This link is not valid any more. Write “my registrations” to Lärträff to see your meetings.")


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
            raise web.HTTPNotFound(text=self._translators(language_of(request)).say(_GONE))
        from bot.documents.calendar import calendar_file  # 3 MB that nobody needs before the first file

        translator = self._translators(entry.language)
        written = calendar_file(
            entry.programme, entry.occasion, entry.seat, translator=translator, now=self._clock.now()
        )
        headers = {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": attachment(_title(entry, translator), "ics"),
        }
        return web.Response(body=written, headers=headers)


def _title(entry: CalendarEntry, translator: Translator) -> str:
    return file_title(translator.say(entry.occasion.title))
