"""HTTP/1.1 in as few steps as it takes: the load and the stand-in must not be what is measured."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Exchange = tuple[str, str, bytes]
"""What the stand-in is asked: method, path, body."""

Responder = Callable[[Exchange], bytes]
"""The JSON that the stand-in answers with."""


@dataclass(slots=True)
class Answer:
    """What came back for one event; status 0 when nothing did."""

    status: int
    body: bytes
    seconds: float  # since it was due to be sent


def request(method: str, path: str, port: int, headers: dict[str, str], body: bytes) -> bytes:
    """A whole request, ready to be written."""
    lines = {"Host": f"127.0.0.1:{port}", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class _Reader(asyncio.Protocol):
    """Collects bytes and cuts them into messages: a head, and a body as long as the head says."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._head = b""
        self._missing = -1  # bytes of the body; -1 while the head is not whole
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._message():
            pass

    def _message(self) -> bool:
        if self._missing < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._head = bytes(self._buffer[:end])
            del self._buffer[: end + 4]
            self._missing = _length(self._head)
        if len(self._buffer) < self._missing:
            return False
        body = bytes(self._buffer[: self._missing])
        del self._buffer[: self._missing]
        self._missing = -1
        self.arrived(self._head, body)
        return bool(self._buffer)

    @abstractmethod
    def arrived(self, head: bytes, body: bytes) -> None:
        """A message is whole."""


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class _Line(_Reader):
    """One connection to the server that is measured; one request at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    async def ask(self, written: bytes) -> tuple[int, bytes]:
        assert self.transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(written)
        return await self._waiting

    @property
    def is_open(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def arrived(self, head: bytes, body: bytes) -> None:
        self._settle(int(head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own
        self._settle(0, b"")

    def _settle(self, status: int, body: bytes) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((status, body))


class Load:
    """Sends prepared requests to one server and keeps what came back, over connections that stay open."""

    def __init__(self, port: int, *, patience: float = 30.0) -> None:
        self._port = port
        self._patience = patience  # seconds
        self._idle: list[_Line] = []

    async def saturate(self, requests: Sequence[bytes], *, at_once: int) -> list[Answer]:
        """All of them, with `at_once` under way all the time."""
        answers: list[Answer] = [Answer(0, b"", 0.0)] * len(requests)
        numbers = iter(range(len(requests)))

        async def one_after_another() -> None:
            for number in numbers:
                answers[number] = await self._ask(requests[number], time.perf_counter())

        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        return answers

    async def at_rate(self, requests: Sequence[bytes], *, per_second: float) -> list[Answer]:
        """Each at its own time, however long the others take."""
        start = time.perf_counter() + 0.05
        due = [start + number / per_second for number in range(len(requests))]

        async def on_time(written: bytes, at: float) -> Answer:
            await asyncio.sleep(at - time.perf_counter())
            return await self._ask(written, at)

        return list(await asyncio.gather(*(on_time(*pair) for pair in zip(requests, due, strict=True))))

    def close(self) -> None:
        for line in self._idle:
            if line.transport is not None:
                line.transport.close()
        self._idle.clear()

    async def _ask(self, written: bytes, due: float) -> Answer:
        try:
            async with asyncio.timeout(self._patience):
                line = await self._line()
                status, body = await line.ask(written)
        except (TimeoutError, OSError):
            return Answer(0, b"", time.perf_counter() - due)
        if line.is_open:
            self._idle.append(line)
        return Answer(status, body, time.perf_counter() - due)

    async def _line(self) -> _Line:
        while self._idle:
            line = self._idle.pop()
            if line.is_open:
                return line
        _, line = await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", self._port)
        return line


class _Caller(_Reader):
    """A connection from a server under measurement to the stand-in."""

    def __init__(self, answer: Responder) -> None:
        super().__init__()
        self._answer = answer

    def arrived(self, head: bytes, body: bytes) -> None:
        assert self.transport is not None
        method, path, _ = head[: head.index(b"\r\n")].decode().split(" ")
        said = self._answer((method, path, body))
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said) + said
        )


async def stand_in(answer: Responder) -> tuple[asyncio.Server, int]:
    """A server on loopback that answers every call at once; and its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Caller(answer), "127.0.0.1", 0, backlog=1000)
    return server, int(server.sockets[0].getsockname()[1])
