"""Very many viewers in one process, which note when each of them has read what."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from socket import SO_RCVBUF, SOL_SOCKET, socket
from typing import Any, cast
from urllib.parse import quote
from urllib.request import Request, urlopen

_AT_ONCE = 100  # connections that are being made
_GIVE_UP = 30.0  # seconds


class Viewer(asyncio.Protocol):
    """A page that is open. It keeps what it has read only when asked to."""

    def __init__(self, path: str, known: str = "", *, keeps: bool = False) -> None:
        self.path = path
        self.known = known
        self.keeps = keeps
        self.opened = asyncio.get_running_loop().create_future()
        self.read = bytearray()
        self.arrived: dict[bytes, float] = {}
        self.waits_for = b""
        self.tail = b""
        self.lost = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        known = f"Last-Event-ID: {self.known}\r\n" if self.known else ""
        self.transport.write(f"GET {self.path} HTTP/1.1\r\nHost: x\r\n{known}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if self.waits_for and self.waits_for in self.tail + data:
            self.arrived[self.waits_for] = time.monotonic()
            self.waits_for = b""
        self.tail = data[-64:]
        if self.keeps:
            self.read += data
        if not self.opened.done():
            self.opened.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self.lost = True

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it was told, put together again from the chunks."""
        body, chunks = bytes(self.read).partition(b"\r\n\r\n")[2], b""
        while size := re.match(rb"([0-9a-f]+)\r\n", body):
            start, length = size.end(), int(size[1], 16)
            chunks += body[start : start + length]
            body = body[start + length + 2 :]
        return [json.loads(one) for one in re.findall(rb"data: (.*)\n\n", chunks)]


@dataclass
class Crowd:
    """The viewers of one server."""

    port: int
    viewers: list[Viewer] = field(default_factory=list)

    async def ask(self, path: str, method: str = "GET") -> str:
        def ask() -> str:
            request = Request(f"http://127.0.0.1:{self.port}{path}", method=method)
            with urlopen(request, timeout=_GIVE_UP) as answer:  # noqa: S310
                text: str = answer.read().decode()
                return text

        return await asyncio.to_thread(ask)

    async def come(self, number: int, *, known: str = "", keeps: bool = False) -> list[Viewer]:
        """So many more viewers, all of whom have been answered."""
        path, limit = await self.ask("/link"), asyncio.Semaphore(_AT_ONCE)

        async def one() -> Viewer:
            async with limit:
                loop = asyncio.get_running_loop()
                _transport, viewer = await loop.create_connection(
                    lambda: Viewer(path, known, keeps=keeps), "127.0.0.1", self.port
                )
                await viewer.opened
                return viewer

        new = await asyncio.gather(*(one() for _ in range(number)))
        self.viewers += new
        return list(new)

    async def come_and_never_read(self) -> socket:
        """One more viewer, who has stopped reading; it leaves when it is closed."""
        path, slow = await self.ask("/link"), socket()
        slow.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
        await asyncio.to_thread(slow.connect, ("127.0.0.1", self.port))
        slow.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await asyncio.sleep(0.5)
        return slow

    async def put(self, text: str) -> list[float]:
        """Put up a post; how many seconds later each viewer had it, sorted."""
        mark = text.encode()
        present = [viewer for viewer in self.viewers if not viewer.lost]
        for viewer in present:
            viewer.waits_for = mark
        posted = float(await self.ask(f"/put?text={quote(text)}", "POST"))
        give_up = time.monotonic() + _GIVE_UP
        while any(mark not in viewer.arrived for viewer in present):
            if time.monotonic() > give_up:
                missing = sum(mark not in viewer.arrived for viewer in present)
                raise TimeoutError(f"{missing} of {len(present)} viewers never saw {text}")
            await asyncio.sleep(0.02)
        return sorted(viewer.arrived[mark] - posted for viewer in present)

    def leave(self) -> None:
        for viewer in self.viewers:
            if viewer.transport is not None:
                viewer.transport.abort()
        self.viewers.clear()
