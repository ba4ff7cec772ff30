"""`/mydata/…`: everything stored of a person, word for word, for whoever holds the link they were given an hour ago."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.keys import link_token_is_right
from bot.ports import Clock, UnitOfWork
from storage.erasure import Eraser
from storage.links import Kind, Links

_HEADERS = {"Content-Disposition": 'attachment; filename="lartraff.json"'}


class MyDataFile:
    """Hands out the file. A wrong link, one that is over and one of somebody erased get the same answer: 404."""

    def __init__(self, unit_of_work: UnitOfWork, *, key: bytes, clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._key = key
        self._clock = clock

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/mydata/{id:[0-9a-f]{32}}-{token:[A-Za-z0-9_-]{43}}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        id, token = request.match_info["id"], request.match_info["token"]
        if not link_token_is_right(self._key, id, token):
            raise web.HTTPNotFound

        def read(connection: Connection) -> Any:
            now = self._clock.now()
            link, eraser = Links(connection, now).open(id, Kind.MY_DATA), Eraser(connection, now)
            return eraser.stored(link.about) if link is not None and eraser.is_known(link.about) else None

        stored = await self._unit_of_work.run(read)
        if stored is None:
            raise web.HTTPNotFound
        written = json.dumps(stored, ensure_ascii=False, indent=2)
        return web.Response(text=written, content_type="application/json", headers=_HEADERS)
