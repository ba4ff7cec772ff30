"""Every event Slack sends, through Bolt, to the handlers and back.

Bolt sees a body only after its signature has been checked. It answers after the work, so that an event is acknowledged
when it is stored: what a crash interrupts, Slack sends again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol

from pydantic_core import to_json
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from bot.adapters.slack.answers import Answers
from bot.adapters.slack.deliver import SlackPlatform
from bot.adapters.slack.inbound import read
from bot.adapters.slack.webapi import Json
from bot.domain.people import Profile
from bot.handlers.events import AddedToChannel, Inbound, Left, Receives, RemovedFromChannel, WorkspaceRemoved
from bot.ports import Undeliverable

log = logging.getLogger(__name__)

_WITHOUT_A_PROFILE = (Left, WorkspaceRemoved, AddedToChannel, RemovedFromChannel)
"""Events that nobody has to be asked about."""

_SECONDS_FOR_A_PROFILE = 1.0  # of the three that Slack waits; without an answer the conversation goes on

_AT_ONCE = 64
"""Events in the handlers' hands at a time. The others wait in line: when more come than we manage, whoever came first
has an answer first, and in time. Let in all at once, they would all be late together."""

Body = Mapping[str, Any]


class Removes(Protocol):
    """Who has to know that a workspace removed the app."""

    async def removed(self, workspace: str) -> None: ...


class Dispatch:
    """Takes verified bodies, from HTTP and from Socket Mode alike."""

    def __init__(self, receives: Receives, answers: Answers, platform: SlackPlatform, installed: Removes) -> None:
        self._receives = receives
        self._answers = answers
        self._platform = platform
        self._installed = installed
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._bolt = _bolt(self._listen)

    async def __call__(self, body: Body) -> BoltResponse:
        """The answer to a body that Slack certainly sent. Raises whatever a body of another shape makes Bolt raise."""
        return await self._bolt.async_dispatch(AsyncBoltRequest(body=dict(body), mode="socket_mode"))

    async def _listen(self, body: Body, context: Mapping[str, Any]) -> str:
        """The answer to one body, as JSON, or nothing. Nothing is raised: Bolt would say 500."""
        try:
            answer = await self._answer(body, context)
            return to_json(answer).decode() if answer else ""
        except Exception:
            log.exception("a request from Slack was not handled")
            return ""

    async def _answer(self, body: Body, context: Mapping[str, Any]) -> Json:
        inbound = read(body, context)
        if inbound is None:
            return {}
        unnamed = isinstance(inbound.event, _WITHOUT_A_PROFILE)
        async with self._places:
            reply = await self._receives.receive(inbound, None if unnamed else partial(self._profile, inbound))
        if isinstance(inbound.event, WorkspaceRemoved):
            await self._installed.removed(inbound.came_from.workspace)
            return {}
        return await self._answers.show(body, inbound, reply)

    async def _profile(self, inbound: Inbound) -> Profile | None:
        """The person as the directory has them, if it answers in time."""
        workspace = inbound.came_from.workspace
        try:
            return await self._platform.read_profile(workspace, inbound.actor.user, seconds=_SECONDS_FOR_A_PROFILE)
        except Undeliverable as failed:
            log.info("a profile was not read: %s", failed)
            return None


_NO_TOKEN = "none"  # noqa: S105 - Bolt insists on one; nothing is sent by it

Listening = Callable[[Body, Mapping[str, Any]], Awaitable[str]]
"""Answers a body, given what Bolt found out about it."""


class _Everything(AsyncMiddleware):
    """Answers every request as soon as Bolt has found out whose it is.

    Bolt would go on to ask for a token, which we look up when something is sent, and to try its listeners one by one,
    which takes three times as long. It would answer 404 to what none of them takes.
    """

    def __init__(self, listen: Listening) -> None:
        self._listen = listen

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's own signature
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: ARG002
    ) -> BoltResponse:
        return BoltResponse(status=200, body=await self._listen(req.body, req.context))


def _bolt(listen: Listening) -> AsyncApp:
    """Bolt without what we do before it (the signature) or after it (tokens, Slack's Web API)."""
    return AsyncApp(
        name="lartraff",
        token=_NO_TOKEN,
        before_authorize=_Everything(listen),
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
