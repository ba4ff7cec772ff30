"""`/challenge/…`: what a person has written of their own challenge, as Word, by a link that soon ends."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy import Connection

from bot.documents.dossier import Voice
from bot.documents.own_page import OwnPage, file_name
from bot.domain.challenges import Thread
from bot.keys import link_token_is_right
from bot.ports import Clock, UnitOfWork
from bot.texts import Translator, Translators
from bot.web.attachments import attachment
from bot.web.readers import language_of
from storage.challenges import Challenges
from storage.erasure import Eraser
from storage.links import Kind, Links
from storage.people import People
from storage.programmes import Catalogue

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PATH = "/challenge/{id:[0-9a-f]{32}}-{token:[A-Za-z0-9_-]{43}}/{programme:[^/]{1,100}}.docx"


class ChallengeFile:
    """Hands out the file. A wrong link, one that is over and one of somebody erased get the same answer: 404."""

    def __init__(
        self, unit_of_work: UnitOfWork, catalogue: Catalogue, *, key: bytes, translators: Translators, clock: Clock
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._key = key
        self._translators = translators
        self._clock = clock

    def routes(self, app: web.Application) -> None:
        app.router.add_get(_PATH, self._file)

    async def _file(self, request: web.Request) -> web.Response:
        page = await self._page(request.match_info["id"], request.match_info["token"], request.match_info["programme"])
        translator = self._translators(language_of(request))
        written = await asyncio.to_thread(_written, page, translator)
        headers = {
            "Content-Type": _MEDIA_TYPE,
            "Content-Disposition": attachment(file_name(page, Voice(translator)), "docx"),
            "X-Robots-Tag": "noindex, nofollow",
        }
        return web.Response(body=written, headers=headers)

    async def _page(self, id: str, token: str, programme: str) -> OwnPage:
        """What the link opens. Raises `HTTPNotFound`."""
        if not link_token_is_right(self._key, id, token):
            raise web.HTTPNotFound
        found = await self._unit_of_work.run(lambda connection: self._read(connection, id, programme))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _read(self, connection: Connection, id: str, programme: str) -> OwnPage | None:
        now = self._clock.now()
        link, about = Links(connection, now).open(id, Kind.CHALLENGE), self._catalogue.read(connection).get(programme)
        if link is None or about is None or not Eraser(connection, now).is_known(link.about):
            return None
        store = Challenges(connection, now)
        written = Thread(store.versions(programme, link.about), store.reflections(programme, link.about))
        if not written.entries:
            return None
        return OwnPage(about, People(connection, now).person(link.about).name, written, now)


def _written(page: OwnPage, translator: Translator) -> bytes:
    """The file. What writes it is loaded only now: 13 MB that nobody needs before the first document."""
    from bot.documents.challenge import word_file

    return word_file(page, translator)
