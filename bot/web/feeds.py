"""`/calendar/person/…` and `/calendar/programme/…`: calendars to subscribe to, for whoever holds the link."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from aiohttp import ETag, web
from sqlalchemy import Connection

from bot.keys import feed_token_is_right
from bot.ports import Clock, UnitOfWork
from bot.texts import Translators, original
from storage.feeds import Feeds, of_person, of_programme
from storage.programmes import Catalogue

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

    def __init__(
        self, unit_of_work: UnitOfWork, catalogue: Catalogue, *, key: bytes, translators: Translators, clock: Clock
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._key = key
        self._translators = translators
        self._clock = clock

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
        read: Callable[[Connection, Feeds, str], Write | None],
    ) -> web.Response:
        named = _NAME.fullmatch(request.match_info["name"])
        if named is None:
            raise web.HTTPNotFound
        id, token = named.groups()

        def opened(connection: Connection) -> Write | None:
            subscriptions = Feeds(connection, self._clock.now())
            generation = subscriptions.generation(owner_of(id))
            right = feed_token_is_right(self._key, owner_of(id), generation, token)
            return read(connection, subscriptions, id) if right else None

        write = await self._unit_of_work.run(opened)
        if write is None:
            raise web.HTTPNotFound
        # In a thread: a calendar of several hundred entries takes longer than anybody else should wait.
        return _response(request, await asyncio.to_thread(write))

    def _read_person(self, connection: Connection, subscriptions: Feeds, id: str) -> Write | None:
        language = subscriptions.language(id)
        if language is None:
            return None
        from bot.documents.feed import person_feed  # 3 MB that nobody needs before the first calendar

        sittings = tuple(self._sittings(connection, subscriptions, id))
        return lambda: person_feed(sittings, translator=self._translators(language))

    def _sittings(self, connection: Connection, subscriptions: Feeds, person: str) -> Iterator[Sitting]:
        """The person's seats at occasions that are (still) part of their programme."""
        from bot.documents.feed import Sitting

        catalogue = self._catalogue.read(connection)
        occasions = {(p.id, occasion.id): occasion for p in catalogue.values() for occasion in p.occasions}
        for sat in subscriptions.seats(person):
            occasion = occasions.get((sat.seat.programme, sat.seat.occasion))
            if occasion is not None:
                yield Sitting(catalogue[sat.seat.programme], occasion, sat.seat, sat.changed_at)

    def _read_programme(self, connection: Connection, subscriptions: Feeds, id: str) -> Write | None:
        programme, loaded_at = self._catalogue.read(connection).get(id), subscriptions.loaded_at(id)
        if programme is None or programme.draft or loaded_at is None:
            return None
        from bot.documents.feed import programme_feed

        return lambda: programme_feed(programme, loaded_at, translator=self._translators(original(programme.title)))


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
