"""Pages that somebody looks at: each viewer is told of every change at once, over a stream of server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import field
from typing import Any, Generic, TypeVar

from aiohttp import web

from bot.domain.people import Language
from bot.domain.values import dataclass
from storage.links import Link

_POLL = 0.25  # seconds; what another process changed is noticed after so long
_PAUSE = 0.02  # seconds between two looks, however often something happens here
_REST = 0.2  # seconds that a page rests after a change, so that a busy workshop costs five a second
_HEARTBEAT = 20.0  # seconds; proxies give up on a silent connection, and closed ones are noticed then
_PATIENCE = 20.0  # seconds for a viewer to take everything
_AFTER_TROUBLE = 2.0  # seconds

MOST_UNSENT = 64 * 1024
"""Bytes. A viewer who has left more than this unread is let go; the page connects again and gets everything."""

MOST_VIEWERS = 10_000
"""In one process, so that connections are left for the platforms."""

_IN_A_ROW = 250
"""So many viewers are told before others get a turn: some 5 ms."""

_OPENING = b"retry: 2000\n\n"

log = logging.getLogger(__name__)

S = TypeVar("S")

Read = Callable[[str], Awaitable["Spoken[Any] | None"]]
"""What there is to see now of what a link is about; None when there is nothing any more."""

Look = Callable[[Collection[str], Collection[str]], Awaitable[tuple[Mapping[str, int], Collection[str]]]]
"""The versions of what is looked at, and which of these links are still in force."""


class Frame:
    """What is sent, put together once for everybody who gets it: as it is, and as a chunk of HTTP/1.1."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.chunk = b"%x\r\n%b\r\n" % (len(content), content)


_STILL_HERE = Frame(b"event: beat\ndata\n\n")
"""An event and no comment, of which a page would not hear: by its absence it knows a connection that has gone dumb."""


class Spoken(Generic[S]):
    """A version of what is looked at, said once in each language that somebody reads.

    `tell` says what a page that shows the second has to be told to show the first; without a second, everything.
    """

    def __init__(self, version: int, show: Callable[[Language], S], tell: Callable[[S, S | None], str]) -> None:
        self.version = version
        self._show = show
        self._tell = tell
        self._shown: dict[Language, S] = {}
        self._whole: dict[Language, Frame] = {}

    def shown(self, language: Language) -> S:
        if language not in self._shown:
            self._shown[language] = self._show(language)
        return self._shown[language]

    def whole(self, language: Language) -> Frame:
        """Everything, for those who have missed something."""
        if language not in self._whole:
            self._whole[language] = _event(self.version, self._tell(self.shown(language), None))
        return self._whole[language]

    def since(self, before: Spoken[S], language: Language) -> Frame:
        """What has changed."""
        return _event(self.version, self._tell(self.shown(language), before.shown(language)))


class Change:
    """What viewers of one version are told of the next, put together once for each language."""

    def __init__(self, before: Spoken[Any], after: Spoken[Any]) -> None:
        self._before = before
        self._after = after
        self._frames: dict[Language, Frame] = {}

    def __call__(self, viewer: Viewer) -> Frame | None:
        """The news for this viewer; None for one who is being sent everything, or has just been."""
        if viewer.version != self._before.version:
            return None
        viewer.version = self._after.version
        if viewer.language not in self._frames:
            self._frames[viewer.language] = self._after.since(self._before, viewer.language)
        return self._frames[viewer.language]


def _event(version: int, news: str) -> Frame:
    return Frame(f"id: {version}\ndata: {news}\n\n".encode(errors="replace"))


@dataclass(slots=True, eq=False)
class Viewer:
    """An open page."""

    link: str
    language: Language
    transport: asyncio.Transport
    gone: asyncio.Future[None]
    chunked: bool = True  # older proxies ask in HTTP/1.0, which knows no chunks
    version: int | None = None  # what it has been told; None as long as it is being sent everything

    def tell(self, frame: Frame) -> None:
        """Send at once, or let the viewer go: one who reads too slowly must not fill the memory."""
        if self.transport.is_closing():
            self.leave()
        elif self.transport.get_write_buffer_size() > MOST_UNSENT:
            self.transport.abort()
            self.leave()
        else:
            self.transport.write(frame.chunk if self.chunked else frame.content)

    def leave(self) -> None:
        if not self.gone.done():
            self.gone.set_result(None)


@dataclass(slots=True, eq=False)
class Watched:
    """What is looked at, with its viewers."""

    spoken: Spoken[Any]
    viewers: set[Viewer] = field(default_factory=set)
    rests_until: float = 0.0  # in the loop's time


class LivePages:
    """Tells viewers of changes, as long as there are viewers.

    `wake` says that something may have changed in this process. Changes by other processes are found by looking.
    """

    def __init__(self, read: Read, look: Look) -> None:
        self._read = read
        self._look = look
        self._watched: dict[str, Watched] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._beats_at = 0.0
        self._over = False

    def wake(self) -> None:
        """Look at once whether anything has changed."""
        if self._watched:
            self._woken.set()

    async def stop(self) -> None:
        """Let everybody go, so that the web server can close."""
        self._over = True
        for watched in self._watched.values():
            _release(watched)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def follow(
        self, request: web.Request, response: web.StreamResponse, *, link: Link, language: Language, version: int
    ) -> None:
        """Send `response` whatever changes after `version`, until the viewer or the link is gone.

        Raises `HTTPServiceUnavailable` when there are too many viewers, and `HTTPNotFound` when there is nothing.
        """
        watched = await self._begin(link.about)
        transport = request.transport
        if self._over or transport is None or self.viewers >= MOST_VIEWERS:
            raise web.HTTPServiceUnavailable
        viewer = Viewer(link.id, language, transport, asyncio.get_running_loop().create_future())
        watched.viewers.add(viewer)
        try:
            await response.prepare(request)
            viewer.chunked = "Transfer-Encoding" in response.headers
            response.headers.clear()  # they have been sent; keeping them would cost 1.6 KiB a viewer
            async with asyncio.timeout(_PATIENCE):
                await _catch_up(viewer, watched, response, version)
            await viewer.gone
        except (ConnectionError, TimeoutError):
            transport.abort()  # closed, or too slow
        finally:
            watched.viewers.discard(viewer)

    @property
    def viewers(self) -> int:
        """How many look at pages of this process."""
        return sum(len(watched.viewers) for watched in self._watched.values())

    async def _begin(self, about: str) -> Watched:
        """What is watched. Whoever gets it adds a viewer at once, since what nobody watches is forgotten."""
        if about not in self._watched:
            spoken = await self._read(about)
            if spoken is None:
                raise web.HTTPNotFound
            self._watched.setdefault(about, Watched(spoken))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve())
        return self._watched[about]

    # Looking

    async def _serve(self) -> None:
        self._beats_at = _now() + _HEARTBEAT
        while self._watched and not self._over:
            try:
                await self._turn()
            except Exception:
                log.exception("pages are not up to date")
                await asyncio.sleep(_AFTER_TROUBLE)

    async def _turn(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLL):
                await self._woken.wait()
        self._woken.clear()
        self._forget_unwatched()
        links = {viewer.link for watched in self._watched.values() for viewer in watched.viewers}
        looked_at = tuple(self._watched.items())  # without what is opened while the database is asked
        versions, in_force = await self._look([about for about, _watched in looked_at], links)
        for watched in self._watched.values():
            _release(watched, links.difference(in_force))
        for about, watched in looked_at:
            if versions.get(about) != watched.spoken.version:
                await self._try_to_show(about, watched)
        await self._beat()
        await asyncio.sleep(_PAUSE)

    def _forget_unwatched(self) -> None:
        for about in [about for about, watched in self._watched.items() if not watched.viewers]:
            del self._watched[about]

    async def _try_to_show(self, about: str, watched: Watched) -> None:
        """A page that cannot be shown keeps nobody from seeing the others."""
        try:
            await self._show(about, watched)
        except Exception:
            log.exception("a page cannot be shown")
            watched.rests_until = _now() + _AFTER_TROUBLE

    async def _show(self, about: str, watched: Watched) -> None:
        """Tell everybody what has changed, unless they have just been told something."""
        if _now() < watched.rests_until:
            self._woken.set()  # come back soon
            return
        spoken = await self._read(about)
        if spoken is None:
            del self._watched[about]
            _release(watched)
            return
        watched.rests_until = _now() + _REST
        before, watched.spoken = watched.spoken, spoken
        await _tell(watched.viewers, Change(before, watched.spoken))

    async def _beat(self) -> None:
        if _now() < self._beats_at:
            return
        self._beats_at = _now() + _HEARTBEAT
        for watched in tuple(self._watched.values()):
            await _tell(watched.viewers, lambda viewer: None if viewer.version is None else _STILL_HERE)


async def _catch_up(viewer: Viewer, watched: Watched, response: web.StreamResponse, version: int) -> None:
    """Send everything until the viewer has the version that all others have.

    A page that was loaded this moment may be newer than that: it passes over what is older than itself.
    """
    await response.write(_OPENING)
    while version < watched.spoken.version:
        spoken = watched.spoken
        await response.write(spoken.whole(viewer.language).content)
        version = spoken.version
    viewer.version = watched.spoken.version


async def _tell(viewers: Collection[Viewer], frame_of: Callable[[Viewer], Frame | None]) -> None:
    for number, viewer in enumerate(tuple(viewers), 1):
        frame = frame_of(viewer)
        if frame is not None:
            viewer.tell(frame)
        if number % _IN_A_ROW == 0:
            await asyncio.sleep(0)


def _release(watched: Watched, links: Collection[str] | None = None) -> None:
    """Let the viewers go, or those who came by one of these links."""
    for viewer in watched.viewers:
        if links is None or viewer.link in links:
            viewer.leave()


def _now() -> float:
    return asyncio.get_running_loop().time()
