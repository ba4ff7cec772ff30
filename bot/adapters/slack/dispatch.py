"""Every event Slack sends, read by Bolt, to the handlers and back.

Bolt sees a body only after its signature has been checked, and says whose it is. Its own dispatcher is not used: it
would make a client for each event, ask for a token that we look up when something is sent, and try its listeners one
by one. An event is acknowledged after the work, when it is stored: what a crash interrupts, Slack sends again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from pydantic_core import to_json
from slack_bolt.async_app import AsyncBoltRequest

from bot.adapters.slack.answers import Answers
from bot.adapters.slack.deliver import SlackPlatform
from bot.adapters.slack.inbound import read
from bot.adapters.slack.webapi import Json
from bot.domain.people import Profile
from bot.handlers.events import Happening, Inbound, Receives, Untaken, WorkspaceRemoved
from bot.ports import Undeliverable

log = logging.getLogger(__name__)

_SECONDS_FOR_A_PROFILE = 1.0  # of the three that Slack waits; without an answer the conversation goes on

_AT_ONCE = 64
"""Events in the handlers' hands at a time. The others wait in line: when more come than we manage, whoever came first
has an answer first, and in time. Let in all at once, they would all be late together."""

_END_OF_TIME = 2**33  # seconds since 1970: far away, and a date that can still be written

Body = Mapping[str, Any]


class Removes(Protocol):
    """Who has to know that a workspace removed the app."""

    async def removed(self, workspace: str, at: datetime) -> bool:
        """Keep nothing that was installed by then; False when the app has been installed anew since, which stays."""


class Dispatch:
    """Takes verified bodies, from HTTP and from Socket Mode alike."""

    def __init__(self, receives: Receives, answers: Answers, platform: SlackPlatform, installed: Removes) -> None:
        self._receives = receives
        self._answers = answers
        self._platform = platform
        self._installed = installed
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, body: dict[str, Any]) -> bytes:
        """What the acknowledgement has to say to a body that Slack certainly sent: JSON, or mostly nothing.

        Raises whatever a body of another shape makes Bolt raise, and `Untaken` for what Slack has to tell again.
        """
        context = AsyncBoltRequest(body=body, mode="socket_mode").context
        try:
            answer = await self._answer(body, context)
            return to_json(answer) if answer else b""
        except Untaken:
            raise
        except Exception:
            log.exception("a request from Slack was not handled")
            return b""

    async def _answer(self, body: Body, context: Mapping[str, Any]) -> Json:
        inbound = read(body, context)
        if inbound is None or await self._is_outdated(body, inbound):
            return {}
        unnamed = isinstance(inbound.event, Happening)
        async with self._places:
            reply = await self._receives.receive(inbound, None if unnamed else partial(self._profile, inbound))
        return await self._answers.show(body, inbound, reply)

    async def _is_outdated(self, body: Body, inbound: Inbound) -> bool:
        """Whether it tells of a removal after which the workspace has come back: its people are there again too."""
        if not isinstance(inbound.event, WorkspaceRemoved):
            return False
        try:
            return not await self._installed.removed(inbound.came_from.workspace, _happened(body))
        except Exception as error:
            log.exception("a token was not destroyed")
            raise Untaken from error

    async def _profile(self, inbound: Inbound) -> Profile | None:
        """The person as the directory has them, if it answers in time."""
        workspace = inbound.came_from.workspace
        try:
            return await self._platform.read_profile(workspace, inbound.actor.user, seconds=_SECONDS_FOR_A_PROFILE)
        except Undeliverable as failed:
            log.info("a profile was not read: %s", failed)
            return None


def _happened(body: Body) -> datetime:
    """When an event happened, to the end of that second: Slack may tell of it again minutes later.

    Without a time that can be, it was at the beginning of all time, and removes nothing.
    """
    at = body.get("event_time")
    seconds = at if isinstance(at, int) and 0 <= at < _END_OF_TIME else -1
    return datetime.fromtimestamp(seconds + 1, UTC)
