"""`/calendar/person/…` and `/calendar/programme/…`: calendars to subscribe to, for whoever holds the link."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from aiohttp import ETag, web

from bot.handlers.visit import Visit
from bot.keys import feed_token_is_right
from bot.texts import original
from bot.web.ground import Ground
from storage.feeds import Feeds, of_person, of_programme

if TYPE_CHECKING:
    from bot.documents.feed import Sitting

_NAME = re.compile(r"([a-z0-9-]{1,64})-([A-Za-z0-9_-]{43})")  # our id, then the token, which may hold hyphens too
_HEADERS = {
    "Content-Disposition": 'attachment; filename="lartraff.ics"',  # nobody's token ends up among their downloads
    "Cache-Control": "private, no-cache",  # may be kept, but is asked about each time: links are revoked
    "Vary": "Accept-Encoding",
}

Write = Callable[[], bytes]
"""Writes a calendar whose facts have been read."""


class CalendarFeeds:
    """Hands out calendars. A wrong link, a revoked one, an unknown one and someone else's get the same answer: 404."""

    def __init__(self, ground: Ground, key: bytes) -> None:
        self._ground = ground
        self._key = key

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/calendar/person/{name}.ics", self._person)
        app.router.add_get("/calendar/programme/{name}.ics", self._programme)

    async def _person(self, request: web.Request) -> web.Response:
        return await self._answer(request, of_person, self._read_person)

    async def _programme(self, request: web.Request) -> web.Response:
        return await self._answer(request, of_programme, self._read_programme)

    async def _answer(
        self,
        request: web.Request,
        owner_of: Callable[[str], str],
        read: Callable[[Visit, Feeds, str], Write | None],
    ) -> web.Response:
        named = _NAME.fullmatch(request.match_info["name"])
        if named is None:
            raise web.HTTPNotFound
        id, token = named.groups()

        def opened(visit: Visit) -> Write | None:
            subscriptions = Feeds(visit.connection, visit.now)
            generation = subscriptions.generation(owner_of(id))
            right = feed_token_is_right(self._key, owner_of(id), generation, token)
            return read(visit, subscriptions, id) if right else None

        write = await self._ground.run(opened)
        if write is None:
            raise web.HTTPNotFound
        # In a thread: a calendar of several hundred entries takes longer than anybody else should wait.
        return _response(request, await asyncio.to_thread(write))

    def _read_person(self, visit: Visit, subscriptions: Feeds, id: str) -> Write | None:
        language = subscriptions.language(id)
        if language is None:
            return None
        from bot.documents.feed import person_feed  # 3 MB that nobody needs before the first calendar

        sittings = tuple(self._sittings(visit, subscriptions, id))
        return lambda: person_feed(sittings, translator=self._ground.translators(language))

    def _sittings(self, visit: Visit, subscriptions: Feeds, person: str) -> Iterator[Sitting]:
        """The person's seats at occasions that are (still) part of their programme."""
        from bot.documents.feed import Sitting

        occasions = {(p.id, occasion.id): occasion for p in visit.programmes.values() for occasion in p.occasions}
        for sat in subscriptions.seats(person):
            occasion = occasions.get((sat.seat.programme, sat.seat.occasion))
            if occasion is not None:
                yield Sitting(visit.programmes[sat.seat.programme], occasion, sat.seat, sat.changed_at)

    def _read_programme(self, visit: Visit, subscriptions: Feeds, id: str) -> Write | None:
        programme, loaded_at = visit.programmes.get(id), subscriptions.loaded_at(id)
        if programme is None or programme.draft or loaded_at is None:
            return None
        from bot.documents.feed import programme_feed

        return lambda: programme_feed(
            programme, loaded_at, translator=self._ground.translators(original(programme.title))
        )


def _response(request: web.Request, written: bytes) -> web.Response:
    """The calendar, or that it is the one that the asker already has.

    The tag is weak since the same calendar also travels compressed. There is no date of the last change: what makes
    a calendar another one (a seat handed over, another language) is not all dated.
    """
    tag = ETag(hashlib.sha256(written).hexdigest()[:32], is_weak=True)
    known = {one.value for one in request.if_none_match or ()}
    if known & {tag.value, "*"}:
        answer = web.Response(status=304, headers=_HEADERS)
    else:
        answer = web.Response(body=written, headers=_HEADERS | {"Content-Type": "text/calendar; charset=utf-8"})
        answer.enable_compression()  # most of a long calendar says the same again and again
    answer.etag = tag
    return answer
