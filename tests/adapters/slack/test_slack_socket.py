"""Socket Mode: the same conversation over a connection that the bot opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import RawTestServer, TestServer

from bot.adapters.slack.app import Slack, SlackConfig, build
from bot.handlers.events import Left, Said, Untaken
from bot.messages import Notice
from bot.texts import Translators
from tests.adapters.slack.conftest import FakeHandlers, RealClock

COMMAND = {
    "command": "/lartraff",
    "text": "hjälp",
    "user_id": "U1",
    "team_id": "T1",
    "channel_id": "D1",
    "trigger_id": "1",
}


class SlacksEnd:
    """The other end of the connection: sends envelopes, keeps what is acknowledged."""

    def __init__(self) -> None:
        self.token = ""
        self.asked = 0  # how often for an address
        self.refuses_to_say = self.refuses_to_connect = 0  # so many times
        self.error = ""  # with which it refuses to say; without one it is out of order
        self.unanswered: list[dict[str, Any]] = []  # sent first, and nobody is to acknowledge them
        self.envelopes: list[dict[str, Any]] = []
        self.acknowledged: list[dict[str, Any]] = []
        self.done = asyncio.Event()

    async def open(self, request: web.Request) -> web.Response:
        self.token = request.headers["Authorization"]
        self.asked += 1
        if self.asked <= self.refuses_to_say:
            return web.json_response({"ok": False, "error": self.error}) if self.error else web.Response(status=503)
        return web.json_response({"ok": True, "url": f"ws://{request.host}/link"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Send every envelope and wait for the acknowledgement of what is to have one."""
        if self.asked <= self.refuses_to_connect:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for envelope in self.unanswered:
            await socket.send_json(envelope)
        for envelope in self.envelopes:
            await socket.send_json(envelope)
            self.acknowledged.append(await socket.receive_json(timeout=3))
        self.done.set()
        await socket.receive()  # the other end hangs up
        return socket


@pytest.fixture
async def far_end() -> AsyncIterator[tuple[SlacksEnd, str]]:
    end = SlacksEnd()
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", end.open)
    app.router.add_get("/link", end.link)
    async with TestServer(app) as server:
        yield end, str(server.make_url("/api/"))


async def test_envelopes_are_handled_and_acknowledged_with_the_answer(
    far_end: tuple[SlacksEnd, str], handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    end, url = far_end
    handlers.will_show(Notice("This is what I can do."))
    end.envelopes = [
        {"type": "slash_commands", "envelope_id": "e1", "payload": COMMAND, "accepts_response_payload": True},
        {"type": "events_api", "envelope_id": "e2", "payload": {"type": "event_callback", "event": {"type": "x"}}},
        {"type": "interactive", "envelope_id": "e3", "payload": {"type": "block_actions", "user": 5, "actions": 7}},
    ]
    slack = adapter(url, handlers, translators, session)
    await slack.start()
    try:
        await asyncio.wait_for(end.done.wait(), 5)
    finally:
        await slack.stop()
    assert handlers.event == Said("hjälp")
    assert end.token == "Bearer xapp-1"
    assert [answer["envelope_id"] for answer in end.acknowledged] == ["e1", "e2", "e3"]
    assert end.acknowledged[0]["payload"]["text"] == "This is what I can do."


async def test_what_could_not_be_noted_is_not_acknowledged(
    far_end: tuple[SlacksEnd, str], handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    end, url = far_end
    handlers.breaks = Untaken()
    left = {"team_id": "T1", "type": "event_callback", "event_id": "Ev1", "event_time": 1}
    left["event"] = {"type": "user_change", "user": {"id": "U1", "deleted": True}}
    harmless = {"type": "event_callback", "event": {"type": "x"}}
    end.unanswered = [{"type": "events_api", "envelope_id": "e1", "payload": left}]
    end.envelopes = [{"type": "events_api", "envelope_id": "e2", "payload": harmless}]
    slack = adapter(url, handlers, translators, session)
    await slack.start()
    try:
        await asyncio.wait_for(end.done.wait(), 5)
    finally:
        await slack.stop()
    assert isinstance(handlers.event, Left)
    assert [answer["envelope_id"] for answer in end.acknowledged] == ["e2"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two tries."""
    pause = asyncio.sleep
    monkeypatch.setattr("bot.adapters.slack.socket.asyncio.sleep", lambda _seconds: pause(0))


@pytest.mark.usefixtures("impatient")
async def test_that_slack_is_out_of_reach_is_logged_without_the_password_of_the_proxy(
    handlers: FakeHandlers, translators: Translators, session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    asked, again = iter([False, True]), asyncio.Event()

    async def refuse(request: web.BaseRequest) -> web.Response:
        if next(asked, True):
            again.set()
        return web.Response(status=407)

    async with RawTestServer(refuse) as proxy:
        address = str(proxy.make_url("/")).replace("http://", "http://svc-user:ProxyHemligt9@")
        slack = adapter("https://slack.invalid/api/", handlers, translators, session, proxy=address)
        await slack.start()
        await asyncio.wait_for(again.wait(), 5)
        await slack.stop()
    assert caplog.messages[0] == "Slack's Socket Mode cannot be reached: ClientHttpProxyError"
    assert "ProxyHemligt9" not in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_nobody_waits_for_slack_which_is_tried_until_it_answers(
    far_end: tuple[SlacksEnd, str], handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    end, url = far_end
    end.refuses_to_say = 3
    slack = adapter(url, handlers, translators, session)
    assert slack.hears is not None
    await slack.start()
    assert (end.asked, await slack.hears()) == (0, False)
    await asyncio.wait_for(end.done.wait(), 5)
    assert (end.asked, await slack.hears()) == (4, True)
    await slack.stop()
    assert not await slack.hears()


@pytest.mark.usefixtures("impatient")
async def test_what_slack_refuses_is_logged_with_its_own_word(
    far_end: tuple[SlacksEnd, str],
    handlers: FakeHandlers,
    translators: Translators,
    session: ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    end, url = far_end
    end.refuses_to_say, end.error = 1, "invalid_auth"
    slack = adapter(url, handlers, translators, session)
    await slack.start()
    await asyncio.wait_for(end.done.wait(), 5)
    await slack.stop()
    assert "Slack's Socket Mode cannot be reached: invalid_auth" in caplog.messages  # besides the library's own


async def test_it_can_be_stopped_while_slack_is_out_of_reach(
    handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    slack = adapter("http://127.0.0.1:9/api/", handlers, translators, session)
    await slack.start()
    await asyncio.wait_for(slack.stop(), 5)


@pytest.mark.usefixtures("impatient")
async def test_an_address_that_has_grown_old_is_asked_for_anew(
    far_end: tuple[SlacksEnd, str],
    handlers: FakeHandlers,
    translators: Translators,
    session: ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end, url = far_end
    end.refuses_to_connect = 1
    monkeypatch.setattr("bot.adapters.slack.socket._GOOD_FOR", 0.3)
    slack = adapter(url, handlers, translators, session)
    await slack.start()
    await asyncio.wait_for(end.done.wait(), 10)
    assert end.asked == 2
    await slack.stop()


def adapter(
    url: str, handlers: FakeHandlers, translators: Translators, session: ClientSession, *, proxy: str = ""
) -> Slack:
    config = SlackConfig(bot_token="xoxb-1", app_token="xapp-1", api_url=url, proxy=proxy)
    return build(config, receives=handlers, translators=translators, clock=RealClock(), session=session)


async def test_without_a_signing_secret_nothing_is_served(
    handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    app = web.Application()
    adapter("http://127.0.0.1:9/api/", handlers, translators, session).routes(app)
    assert list(app.router.routes()) == []
