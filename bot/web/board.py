"""`/board/<link>`: a round's board as a page for whoever has the link, which says by itself what is new."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import segno
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from bot.domain.board import Board
from bot.domain.people import Language
from bot.handlers import boards
from bot.keys import link_token_is_right
from bot.ports import Clock, UnitOfWork
from bot.texts import Translators
from bot.web.board_labels import labels
from bot.web.board_words import ShownPost, ShownReply, shown_board
from bot.web.headers import HEADERS
from bot.web.live import LiveBoards
from bot.web.readers import language_of
from storage.links import Kind, Link, Links
from storage.programmes import Catalogue
from storage.rounds import Rounds

_NAME = re.compile(r"([0-9a-f]{32})-([A-Za-z0-9_-]{43})")  # our id, then the token
_HERE = Path(__file__).parent
_STATIC: Final = {
    "board.css": "text/css",
    "board.js": "text/javascript",
    "board.svg": "image/svg+xml",
    "form.css": "text/css",
}
_LANGUAGES = {
    Language.SWEDISH: "Svenska",
    Language.BOKMAL: "Bokmål",
    Language.NYNORSK: "Nynorsk",
    Language.ENGLISH: "English",
}
_NOTHING: Final = {"post": ShownPost("", "", "", "", "", ()), "reply": ShownReply("", "", "")}
"""What the page's script fills in when something new arrives."""

_FOREVER = "public, max-age=31536000, immutable"  # a file's address changes with its content

HEADERS_OF_PAGE = {
    **HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
_HEADERS_OF_STREAM = {
    **HEADERS_OF_PAGE,
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",  # a proxy that collects before it hands on would keep the news to itself
}

_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class BoardPages:
    """Shows boards. A link that is wrong, over, revoked or of something else gets the same answer: 404."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        catalogue: Catalogue,
        *,
        key: bytes,
        public_url: str,
        translators: Translators,
        clock: Clock,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._key = key
        self._public_url = public_url
        self._translators = translators
        self._clock = clock
        self.live = LiveBoards(self._read, self._look, translators)

    def routes(self, app: web.Application) -> None:
        get = app.router.add_get
        get("/board/static/{file}", self._file)
        get("/board/{name}", self._page)
        get("/board/{name}/changes", self._changes, allow_head=False)
        get("/board/{name}/qr.svg", self._qr)
        app.on_shutdown.append(self._stop)

    async def _stop(self, app: web.Application) -> None:  # noqa: ARG002 - a signal's signature
        await self.live.stop()

    async def _page(self, request: web.Request) -> web.Response:
        translator = self._translators(language_of(request))
        link = await self._opened(request)
        board = await self._read(link.about) if link is not None else None
        known: dict[str, object] = {"language": translator.language, "label": labels(translator), "file": file_address}
        if board is None:
            return _page("gone.html", known, status=404)
        shown, role = shown_board(board, translator), request.query.get("role", "")
        parts = tuple(part for part in shown.parts if part.role == role)
        known |= {"board": shown, "parts": parts or shown.parts, "role": role if parts else "", "here": request.path}
        return _page("board.html", known | {"languages": _LANGUAGES, "nothing": _NOTHING})

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        link = await self._opened(request)
        if link is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(headers=_HEADERS_OF_STREAM)
        known = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        await self.live.follow(
            request,
            response,
            link=link,
            language=language_of(request),
            version=int(known) if re.fullmatch(r"[0-9]{1,9}", known) else -1,
        )
        return response

    async def _qr(self, request: web.Request) -> web.Response:
        if await self._opened(request) is None:
            raise web.HTTPNotFound
        written = _qr(f"{self._public_url}/board/{request.match_info['name']}")
        return web.Response(body=written, content_type="image/svg+xml", headers=HEADERS_OF_PAGE)

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name not in _STATIC:
            raise web.HTTPNotFound
        headers = {**HEADERS_OF_PAGE, "Cache-Control": _FOREVER}
        return web.Response(body=_content(name), content_type=_STATIC[name], charset="utf-8", headers=headers)

    # What is known

    async def _opened(self, request: web.Request) -> Link | None:
        """The link by which somebody came; None when it opens no board."""
        named = _NAME.fullmatch(request.match_info["name"])
        if named is None or not link_token_is_right(self._key, *named.groups()):
            return None
        id = named[1]
        return await self._unit_of_work.run(
            lambda connection: Links(connection, self._clock.now()).open(id, Kind.BOARD)
        )

    async def _read(self, round: str) -> Board | None:
        def read(connection: Connection) -> Board | None:
            return boards.read(connection, self._clock.now(), self._catalogue.read(connection), round)

        return await self._unit_of_work.run(read)

    async def _look(self, rounds: Collection[str], links: Collection[str]) -> tuple[Mapping[str, int], Collection[str]]:
        def look(connection: Connection) -> tuple[Mapping[str, int], Collection[str]]:
            now = self._clock.now()
            return Rounds(connection, now).versions(rounds), Links(connection, now).in_force(links)

        return await self._unit_of_work.run(look)


def _page(template: str, values: Mapping[str, object], *, status: int = 200) -> web.Response:
    text = _TEMPLATES.get_template(template).render(values)
    body = text.encode(errors="replace")  # what people wrote may hold halves of characters
    return web.Response(body=body, status=status, content_type="text/html", charset="utf-8", headers=HEADERS_OF_PAGE)


@cache
def _content(file: str) -> bytes:
    return (_HERE / "static" / file).read_bytes()


@cache
def file_address(file: str) -> str:
    """The address of one of our files, which changes with its content."""
    return f"/board/static/{file}?v={hashlib.sha256(_content(file)).hexdigest()[:10]}"


def _qr(address: str) -> bytes:
    """A QR code that also a phone at the back of the room can read: dark on white, whatever the page's colours."""
    written = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(written, kind="svg", dark="#000", light="#fff", border=3, xmldecl=False, omitsize=True)
    return written.getvalue()
