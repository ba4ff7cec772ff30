"""`/mydata/…`: everything stored of a person, word for word, for whoever holds the link they were given an hour ago."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.domain.people import Language
from bot.handlers.visit import Visit
from bot.messages import from_json
from bot.texts import Translators, plain
from bot.web.ground import Ground
from storage.erasure import Eraser
from storage.links import Kind

_HEADERS = {"Content-Disposition": 'attachment; filename="lartraff.json"'}
_IN_JSON = {"addresses": "details", "runs": "state", "workshops": "script"}
"""Table → the column in which it keeps an object of its own."""


class MyDataFile:
    """Hands out the file. A wrong link, one that is over and one of somebody erased get the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/mydata/{link}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        stored = await self._ground.found(request, Kind.MY_DATA, _stored)
        written = json.dumps(_readable(stored, self._ground.translators), ensure_ascii=False, indent=2)
        return web.Response(text=written, content_type="application/json", headers=_HEADERS)


def _stored(visit: Visit, person: str) -> Any:
    eraser = Eraser(visit.connection, visit.now)
    return eraser.stored(person) if eraser.is_known(person) else None


def _readable(stored: Mapping[str, Sequence[Mapping[str, Any]]], translators: Translators) -> Mapping[str, Any]:
    """The same for people: messages as they were read, and objects instead of text that holds some."""
    readable = {table: [_unfolded(table, row) for row in rows] for table, rows in stored.items()}
    messages = [_in_words(row, translators) for row in stored.get("outbox", ())]
    return readable | ({"outbox": messages} if messages else {})


def _unfolded(table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    column = _IN_JSON.get(table)
    return {**row, column: json.loads(row[column])} if column and row[column] else row


def _in_words(row: Mapping[str, Any], translators: Translators) -> Mapping[str, Any]:
    return {**row, "view": plain(from_json(row["view"]), translators(Language(row["language"])))}
