"""`/mydata/…`: everything stored of a person, word for word, for whoever holds the link they were given an hour ago."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.handlers.visit import Visit
from bot.web.ground import Ground
from storage.erasure import Eraser
from storage.links import Kind

_HEADERS = {"Content-Disposition": 'attachment; filename="lartraff.json"'}


class MyDataFile:
    """Hands out the file. A wrong link, one that is over and one of somebody erased get the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/mydata/{link}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        stored = await self._ground.found(request, Kind.MY_DATA, _stored)
        written = json.dumps(stored, ensure_ascii=False, indent=2)
        return web.Response(text=written, content_type="application/json", headers=_HEADERS)


def _stored(visit: Visit, person: str) -> Any:
    eraser = Eraser(visit.connection, visit.now)
    return eraser.stored(person) if eraser.is_known(person) else None
