"""Whoever answers us sends us nowhere else: no call of ours, with its token or its text, goes on to another address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.adapters.slack.installations import OneToken
from bot.adapters.slack.webapi import WebApi
from bot.adapters.teams.connector import Connector
from bot.adapters.teams.tokens import Keys, OwnToken
from bot.doctor.asking import ask
from bot.ports import Undeliverable


@dataclass
class Elsewhere:
    """A host that answers everything with the way to another address, and what came there."""

    server: BaseTestServer
    session: aiohttp.ClientSession
    came: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/elsewhere":
            found.came.append(request.method)
            return web.json_response({"ok": True, "access_token": "theirs", "id": "1"})
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        found = Elsewhere(server, session)
        yield found


def _token(at: Elsewhere) -> OwnToken:
    return OwnToken(at.url("/token"), at.session, client_id="bot", client_secret="not-a-secret")


def _connector(at: Elsewhere) -> Connector:
    token = _token(at)
    token._token, token._good_until = "ours", float("inf")  # one that was given out before
    return Connector(at.session, token, (f"127.0.0.1:{at.server.port}",))


def _slack(at: Elsewhere) -> WebApi:
    return WebApi(at.session, at.url("/api/"), OneToken("xoxb-not-a-secret"))


CALLS: dict[str, Callable[[Elsewhere], Awaitable[object]]] = {
    "a message to Teams": lambda at: _connector(at).send(at.url("/emea/"), "c", {"type": "message"}),
    "the token for Teams": lambda at: _token(at).get(),
    "the keys of Teams": lambda at: Keys(at.url("/keys"), at.session).refresh(),
    "a method of Slack": lambda at: _slack(at).call("chat.postMessage", "T1", {"text": "Hej"}),
    "an installation in Slack": lambda at: _slack(at).redeem("id", "not-a-secret", "code", "https://l.se/"),
    "an answer in Slack": lambda at: _slack(at).follow_up(at.url("/hook"), {"text": "Hej"}),
    "a question of the doctor": lambda at: ask(at.session, "GET", at.url("/healthz"), token="not-a-secret"),
}


@pytest.mark.parametrize("name", CALLS)
async def test_no_call_of_ours_goes_on_to_another_address(elsewhere: Elsewhere, name: str) -> None:
    with suppress(Undeliverable):
        await CALLS[name](elsewhere)
    assert elsewhere.came == []


async def test_control_a_call_that_follows_arrives_there(elsewhere: Elsewhere) -> None:
    async with elsewhere.session.post(elsewhere.url("/hook"), json={"text": "Hej"}) as answer:
        assert answer.status == 200
    assert elsewhere.came == ["POST"]
