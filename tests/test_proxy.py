"""Where a network demands a proxy, every call to a platform goes by it, and none past it."""

from __future__ import annotations

import asyncio
import base64
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from bot.adapters.slack.dispatch import Dispatch
from bot.adapters.slack.socket import Socket
from bot.assembly import shared_session
from bot.commands import running
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


class _Begun(Exception):
    """The session has been asked for; nothing more has to start."""


async def test_server_and_worker_make_their_session_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, found = [], load({"LARTRAFF_PROXY": "http://proxy.example.org:3128"})

    def session(proxy: str) -> ClientSession:
        asked.append(proxy)
        raise _Begun

    monkeypatch.setattr(running, "shared_session", session)
    monkeypatch.setattr(gc, "disable", lambda: None)
    for begun in (running._serve(found, "127.0.0.1", ticks=False), running._work(found)):
        with pytest.raises(_Begun):
            await begun
    assert asked == ["http://proxy.example.org:3128"] * 2


async def test_a_site_with_socket_mode_goes_by_it(proxy: Proxy, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = {
        "LARTRAFF_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'x.db'}",
        "LARTRAFF_KEY_DIR": str(tmp_path / "keys"),
    }
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    found = load({**database, **slack, "LARTRAFF_ALLOW_EPHEMERAL": "1", "LARTRAFF_PROXY": proxy.url})
    async with shared_session("") as session:
        site = building.site(found, session)
        await site.adapters[0].start()
        assert (await asyncio.wait_for(proxy.asked.get(), 10))[0] == "CONNECT slack.com:443 HTTP/1.1"
        await site.adapters[0].stop()
        await site.unit_of_work.close()


async def test_socket_mode_goes_by_it_too(proxy: Proxy, unreachable: Dispatch) -> None:
    socket = Socket("xapp-1", SLACK, unreachable, proxy=proxy.url)
    await socket.start()
    assert (await asyncio.wait_for(proxy.asked.get(), 10))[0] == "CONNECT slack.com:443 HTTP/1.1"
    await socket.stop()


@pytest.fixture
def unreachable() -> Dispatch:
    """Nothing comes through to be handled."""
    return Dispatch.__new__(Dispatch)
