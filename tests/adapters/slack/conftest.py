"""The Slack adapter between two stand-ins: Slack on one side, the handlers on the other, HTTP on loopback between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.adapters.slack.app import Slack, SlackConfig, build
from bot.domain.people import Language
from bot.handlers.events import Event, Inbound, Introduce, Reply
from bot.messages import View
from bot.texts import Translators
from tests.fixtures.slack_stand_in import BOT_TOKEN, SECRET, SlackStandIn


@dataclass
class FakeHandlers:
    """Keeps what came in, and answers with what the test put there."""

    replies: list[Reply] = field(default_factory=list)
    received: list[Inbound] = field(default_factory=list)
    known: bool = True
    breaks: Exception | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.stored.set()

    def will_show(self, *views: View, replaces: bool = False) -> None:
        self.replies += [Reply(view, Language.ENGLISH, replaces) for view in views]

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        if introduce is not None and not self.known:
            inbound = replace(inbound, profile=await introduce())
        self.received.append(inbound)
        self.arrived.set()
        await self.stored.wait()
        if self.breaks is not None:
            raise self.breaks
        return self.replies.pop(0) if self.replies else Reply(language=Language.ENGLISH)

    @property
    def last(self) -> Inbound:
        return self.received[-1]

    @property
    def event(self) -> Event:
        return self.last.event


class RealClock:
    """The time that requests are signed with."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def handlers() -> FakeHandlers:
    return FakeHandlers()


@pytest.fixture
def translators() -> Translators:
    return Translators(Path("config/locales"))


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in
        assert stand_in.problems == []


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as shared:
        yield shared


@pytest.fixture
async def bot(
    slack: SlackStandIn, handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> AsyncIterator[Slack]:
    """The adapter, served over HTTP; the stand-in knows where."""
    config = SlackConfig(signing_secrets=(SECRET,), bot_token=BOT_TOKEN, api_url=slack.api_url)
    adapter = build(config, receives=handlers, translators=translators, clock=RealClock(), session=session)
    app = web.Application()
    adapter.routes(app)
    async with TestServer(app) as server:
        slack.bot_at = str(server.make_url("/slack/events"))
        yield adapter
