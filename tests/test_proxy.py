"""Where a network demands a proxy, every call to a platform goes by it, and none past it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession

from bot.adapters.slack.dispatch import Dispatch
from bot.adapters.slack.socket import Socket
from bot.assembly import shared_session
from bot.composition import building
from config.settings import load
from tests.fixtures.network import NetworkForbiddenError

SLACK = "https://slack.com/api/"


class Proxy:
    """A proxy that lets nobody through, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[list[str]] = asyncio.Queue()
        self.url = ""

    async def refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.put_nowait(head.decode().splitlines())
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    there = Proxy()
    async with await asyncio.start_server(there.refuse, "127.0.0.1", 0) as server:
        there.url = f"http://anna:hush@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield there


async def _calls(session: ClientSession) -> None:
    async with session, session.post(f"{SLACK}auth.test"):
        pass


async def test_calls_go_by_the_proxy_with_its_name_and_password(proxy: Proxy) -> None:
    found = load({"LARTRAFF_PROXY": proxy.url})
    assert "hush" not in repr(found)
    with pytest.raises(ClientError, match="403"):
        await _calls(shared_session(building.proxy(found)))
    first, *headers = await proxy.asked.get()
    assert first == "CONNECT slack.com:443 HTTP/1.1"
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'anna:hush').decode()}" in headers


async def test_without_one_they_go_straight_out(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control. What other programs read is left alone."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(NetworkForbiddenError):
        await _calls(shared_session(building.proxy(load({}))))
    assert proxy.asked.empty()


async def test_socket_mode_goes_by_it_too(proxy: Proxy, unreachable: Dispatch) -> None:
    socket = Socket("xapp-1", SLACK, unreachable, proxy=proxy.url)
    await socket.start()
    assert (await asyncio.wait_for(proxy.asked.get(), 10))[0] == "CONNECT slack.com:443 HTTP/1.1"
    await socket.stop()


@pytest.fixture
def unreachable() -> Dispatch:
    """Nothing comes through to be handled."""
    return Dispatch.__new__(Dispatch)
