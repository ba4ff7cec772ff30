"""`/board/<link>`: a round's board as a page for whoever has the link, which says by itself what is new."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from typing import Final

from aiohttp import web

from bot.domain.board import Board
from bot.handlers import boards
from bot.handlers.visit import Visit
from bot.web.board_labels import labels
from bot.web.board_words import ShownBoard, ShownPost, ShownReply, shown_board, told
from bot.web.ground import Ground
from bot.web.headers import HEADERS
from bot.web.live import LivePages, Spoken
from bot.web.readers import language_of
from bot.web.styled import UNLISTED, answer, static_file
from storage.links import Kind, Link, Links
from storage.rounds import Rounds

_NOTHING: Final = {"post": ShownPost("", "", "", "", "", ()), "reply": ShownReply("", "", "")}
"""What the page's script fills in when something new arrives."""

HEADERS_OF_PAGE = {
    **HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    **UNLISTED,
}
HEADERS_OF_STREAM = {
    **HEADERS_OF_PAGE,
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",  # a proxy that collects before it hands on would keep the news to itself
}


class BoardPages:
    """Shows boards. A link that is wrong, over, revoked or of something else gets the same answer: 404."""

    def __init__(self, ground: Ground, public_url: str) -> None:
        self._ground = ground
        self._public_url = public_url
        self.live = LivePages(self._spoken, self._look)

    def routes(self, app: web.Application) -> None:
        get = app.router.add_get
        get("/board/static/{file}", static_file)
        get("/board/{link}", self._page)
        get("/board/{link}/changes", self._changes, allow_head=False)
        get("/board/{link}/qr.svg", self._qr)
        app.on_shutdown.append(self._stop)

    async def _stop(self, app: web.Application) -> None:  # noqa: ARG002 - a signal's signature
        await self.live.stop()

    async def _page(self, request: web.Request) -> web.Response:
        translator = self._ground.translator(request)
        link = await self._opened(request)
        board = await self._read(link.about) if link is not None else None
        label = labels(translator)
        if board is None:
            is_over = await self._ground.is_over(request, Kind.BOARD)
            return answer("gone.html", translator, HEADERS_OF_PAGE, status=404, label=label, is_over=is_over)
        shown, role = shown_board(board, translator), request.query.get("role", "")
        parts = tuple(part for part in shown.parts if part.role == role)
        return answer(
            "board.html",
            translator,
            HEADERS_OF_PAGE,
            label=label,
            board=shown,
            parts=parts or shown.parts,
            role=role if parts else "",
            here=request.path,
            nothing=_NOTHING,
        )

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        link = await self._opened(request)
        if link is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(headers=HEADERS_OF_STREAM)
        await self.live.follow(
            request, response, link=link, language=language_of(request), version=known_version(request)
        )
        return response

    async def _qr(self, request: web.Request) -> web.Response:
        if await self._opened(request) is None:
            raise web.HTTPNotFound
        written = _qr(f"{self._public_url}/board/{request.match_info['link']}")
        return web.Response(body=written, content_type="image/svg+xml", headers=HEADERS_OF_PAGE)

    # What is known

    async def _opened(self, request: web.Request) -> Link | None:
        """The link by which somebody came; None when it opens no board."""
        return await self._ground.opened(request, Kind.BOARD)

    async def _read(self, round: str) -> Board | None:
        return await self._ground.run(lambda visit: boards.as_page(visit, round))

    async def _spoken(self, round: str) -> Spoken[ShownBoard] | None:
        board = await self._read(round)
        if board is None:
            return None
        return Spoken(board.round.version, lambda one: shown_board(board, self._ground.translators(one)), told)

    async def _look(self, rounds: Collection[str], links: Collection[str]) -> tuple[Mapping[str, int], Collection[str]]:
        def look(visit: Visit) -> tuple[Mapping[str, int], Collection[str]]:
            there = Rounds(visit.connection, visit.now).versions(rounds)
            return there, Links(visit.connection, visit.now).in_force(links)

        return await self._ground.run(look)


def known_version(request: web.Request) -> int:
    """What the page that asks shows already."""
    known = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    return int(known) if re.fullmatch(r"[0-9]{1,9}", known) else -1


def _qr(address: str) -> bytes:
    """A QR code that also a phone at the back of the room can read: dark on white, whatever the page's colours."""
    import segno  # loaded with the first code: no answer in a chat needs it

    written = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(written, kind="svg", dark="#000", light="#fff", border=3, xmldecl=False, omitsize=True)
    return written.getvalue()
