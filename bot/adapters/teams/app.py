"""The Teams adapter put together, and its one web address."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from bot.adapters.teams.calls import written
from bot.adapters.teams.connector import Connector
from bot.adapters.teams.deliver import Teams
from bot.adapters.teams.inbound import Events
from bot.adapters.teams.incoming import Incoming
from bot.adapters.teams.tokens import Keys, OwnToken, Refused, Verifier
from bot.domain.values import dataclass
from bot.handlers.events import Receives, Untaken
from bot.ports import Undeliverable
from bot.texts import Translators

if TYPE_CHECKING:
    from bot.adapters.teams.turn import Turns

PATH = "/api/messages"

MAX_BODY_BYTES = 262_144  # Teams itself stops at about 100 kB

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TeamsConfig:
    """What the adapter must know; see docs/teams.md."""

    client_id: str
    client_secret: str = field(repr=False)
    tenant_id: str
    allowed_tenants: tuple[str, ...]
    openid_metadata_url: str
    token_issuer: str
    token_url: str
    service_hosts: tuple[str, ...]  # exact, lower case, with a port where it is unusual


class TeamsApp:
    """Takes what Teams posts, and sends what the outbox holds (`platform`)."""

    def __init__(self, *, verifier: Verifier, keys: Keys, token: OwnToken, events: Events, platform: Teams) -> None:
        self.platform = platform
        self._verifier = verifier
        self._keys = keys
        self._token = token
        self._events = events
        self._turns: Turns | None = None
        self._warming: asyncio.Task[None] | None = None

    def routes(self, app: web.Application) -> None:
        """Add the address that Teams posts to."""
        app.router.add_post(PATH, self._messages)

    async def start(self) -> None:
        """Load the library, and fetch keys and token, ahead of the first event; the start does not wait for them."""
        self._warming = asyncio.create_task(self._warm())

    async def stop(self) -> None:
        """End what `start` began."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)

    @property
    def hears(self) -> None:
        """Teams brings its events."""
        return None

    async def _warm(self) -> None:
        await self._library()
        await self._keys.refresh()
        try:
            await self._token.get()
        except Undeliverable as trouble:
            log.warning("no token from Microsoft yet: %s", trouble)

    async def _library(self) -> Turns:
        """The library's turns. Loading it takes as long as all of ours, and whoever only sends does without."""
        if self._turns is None:
            self._turns = await asyncio.to_thread(_turns, self._events)
        return self._turns

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            sender = await self._verifier.sender(request.headers.get("Authorization", ""))
            activity = await _read(request)
            tenant = self._verifier.check(sender, activity)
        except Refused as refused:
            log.info("a request to Teams' address was refused: %s", refused)
            return web.Response(status=refused.status)
        self.platform.heard_from(tenant, sender.service_url)
        turns = await self._library()
        try:
            answer = await turns.take(Incoming(activity, tenant))
        except Untaken:
            return web.Response(status=503)
        if answer is None:
            return web.Response()
        return web.Response(body=written(answer), content_type="application/json")


def _turns(events: Events) -> Turns:
    from bot.adapters.teams.turn import Turns

    return Turns(events)


async def _read(request: web.Request) -> Mapping[str, Any]:
    """The activity in a request. Raises `Refused` with 413, 415 or 400."""
    if request.content_type != "application/json":
        raise Refused(415, "not JSON")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Refused(413, "too large")
    return _parsed(bytes(body))


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        activity = json.loads(body.decode())
        if _ESCAPED_SURROGATE.search(body):  # half a character can be stored nowhere
            activity = json.loads(
                _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", json.dumps(activity, ensure_ascii=False))
            )
    except (ValueError, RecursionError) as error:
        raise Refused(400, type(error).__name__) from None
    if not isinstance(activity, dict):
        raise Refused(400, "no activity")
    return activity


def build(
    config: TeamsConfig, receives: Receives, translators: Translators, session: aiohttp.ClientSession
) -> TeamsApp:
    """The adapter, ready to start. `session` is shared, and the caller closes it."""
    hosts = config.service_hosts
    keys = Keys(config.openid_metadata_url, session)
    token = OwnToken(config.token_url, session, client_id=config.client_id, client_secret=config.client_secret)
    connector = Connector(session, token, hosts)
    verifier = Verifier(
        keys,
        client_id=config.client_id,
        issuer=config.token_issuer,
        service_hosts=hosts,
        tenants=config.allowed_tenants,
    )
    events = Events(receives, connector, translators)
    platform = Teams(connector, translators, client_id=config.client_id, service_hosts=hosts)
    return TeamsApp(verifier=verifier, keys=keys, token=token, events=events, platform=platform)
