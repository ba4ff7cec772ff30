"""Tells open pages that something has changed, so that new messages appear by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

CHANGED: Final = b"data: changed\n\n"
"""The one event there is, ready to be sent: a page that gets it asks for what it shows."""

_STILL_HERE: Final = b": \n\n"
_PAGES_AT_MOST: Final = 64
_SILENCE_AT_MOST: Final = 20.0  # seconds; a page that was closed is noticed at the next line


class News:
    """Everybody who listens hears of every change; changes that come faster than they are read are heard once."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self._over = False

    @property
    def is_full(self) -> bool:
        return self._over or len(self._listeners) >= _PAGES_AT_MOST

    def changed(self) -> None:
        """Say that there is something new."""
        for heard in self._listeners:
            heard.set()

    def stop(self) -> None:
        """Let every listener go home."""
        self._over = True
        self.changed()

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """The lines of one page's event stream, until the sandbox stops."""
        heard = asyncio.Event()
        self._listeners.add(heard)
        try:
            yield CHANGED  # what happened after the page was drawn, or while it was away
            while not self._over:
                yield await self._next(heard)
        finally:
            self._listeners.discard(heard)

    async def _next(self, heard: asyncio.Event) -> bytes:
        try:
            async with asyncio.timeout(_SILENCE_AT_MOST):
                await heard.wait()
        except TimeoutError:
            return _STILL_HERE
        heard.clear()
        return CHANGED
