"""A bot behind the Teams adapter whose answers the test decides, and Microsoft's side of Teams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.teams.app import TeamsApp, TeamsConfig, build
from bot.domain.people import Actor, Language
from bot.handlers.events import Event, Inbound, Introduce, Reply
from bot.messages import View
from bot.texts import Translators
from tests.fixtures.teams_person import CLIENT_ID, TENANT
from tests.fixtures.teams_stand_in import ISSUER, TeamsStandIn


class Bot:
    """What the adapter hands its events to: it writes them down, and answers as the test says."""

    def __init__(self) -> None:
        self.inbound: list[Inbound] = []
        self.known: set[Actor] = set()
        self.answer: Callable[[Inbound], Reply] = lambda _: Reply(language=Language.ENGLISH)

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        if introduce is not None and inbound.actor not in self.known:
            inbound = replace(inbound, profile=await introduce())
        self.inbound.append(inbound)
        return self.answer(inbound)

    def shows(self, view: View | None, *, replaces: bool = False) -> None:
        """Answer everything with this view."""
        self.answer = lambda _: Reply(view, Language.ENGLISH, replaces)

    @property
    def events(self) -> list[Event]:
        return [inbound.event for inbound in self.inbound]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def teams() -> AsyncIterator[TeamsStandIn]:
    async with TeamsStandIn() as teams:
        yield teams


@pytest.fixture
async def app(bot: Bot, teams: TeamsStandIn, session: aiohttp.ClientSession) -> AsyncIterator[TeamsApp]:
    """The adapter, serving on this machine."""
    config = TeamsConfig(
        client_id=CLIENT_ID,
        client_secret="not-a-secret",
        tenant_id=TENANT,
        allowed_tenants=(TENANT,),
        openid_metadata_url=teams.settings["TEAMS_OPENID_METADATA_URL"],
        token_issuer=ISSUER,
        token_url=teams.settings["TEAMS_TOKEN_URL"],
        service_hosts=(teams.settings["TEAMS_SERVICE_HOSTS"],),
    )
    built = build(config, bot, Translators(Path("no-catalogues-for-english")), session)
    server = web.Application()
    built.routes(server)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.bot = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield built
    await runner.cleanup()
