"""`/challenge/…`: what a person has written of their own challenge, as Word, by a link that soon ends."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.documents.dossier import Voice
from bot.documents.own_page import OwnPage, file_name
from bot.domain.challenges import Thread
from bot.handlers.visit import Visit
from bot.texts import Translator
from bot.web.attachments import attachment
from bot.web.ground import Ground
from bot.web.styled import UNLISTED
from storage.challenges import Challenges
from storage.erasure import Eraser
from storage.links import Kind

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PATH = "/challenge/{link}/{programme:[^/]{1,100}}.docx"


class ChallengeFile:
    """Hands out the file. A wrong link, one that is over and one of somebody erased get the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self, app: web.Application) -> None:
        app.router.add_get(_PATH, self._file)

    async def _file(self, request: web.Request) -> web.Response:
        programme, translator = request.match_info["programme"], self._ground.translator(request)
        page = await self._ground.found(request, Kind.CHALLENGE, lambda visit, person: _read(visit, person, programme))
        written = await asyncio.to_thread(_written, page, translator)
        headers = {
            "Content-Type": _MEDIA_TYPE,
            "Content-Disposition": attachment(file_name(page, Voice(translator)), "docx"),
            **UNLISTED,
        }
        return web.Response(body=written, headers=headers)


def _read(visit: Visit, person: str, programme: str) -> OwnPage | None:
    about = visit.programmes.get(programme)
    if about is None or not Eraser(visit.connection, visit.now).is_known(person):
        return None
    store = Challenges(visit.connection, visit.now)
    written = Thread(store.versions(programme, person), store.reflections(programme, person))
    return OwnPage(about, visit.people.person(person).name, written, visit.now) if written.entries else None


def _written(page: OwnPage, translator: Translator) -> bytes:
    """The file. What writes it is loaded only now: 13 MB that nobody needs before the first document."""
    from bot.documents.challenge import word_file

    return word_file(page, translator)
