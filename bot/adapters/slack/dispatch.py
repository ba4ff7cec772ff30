"""Every event Slack sends, through Bolt, to the handlers and back.

Bolt sees a body only after its signature has been checked. It answers after the work (`process_before_response`), so
that an event is acknowledged when it is stored: what a crash interrupts, Slack sends again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.adapters.slack.answers import Answers
from bot.adapters.slack.deliver import SlackPlatform
from bot.adapters.slack.inbound import read
from bot.adapters.slack.webapi import Json
from bot.domain.people import Profile
from bot.handlers.events import AddedToChannel, Inbound, Left, Receives, WorkspaceRemoved
from bot.ports import Undeliverable

log = logging.getLogger(__name__)

_ANYTHING = re.compile("")
_SECONDS_FOR_A_PROFILE = 1.0  # of the three that Slack waits; without an answer the conversation goes on


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
        self._bolt = _bolt()
        # Few listeners that take everything: Bolt tries them one by one, and answers 404 to what none of them takes.
        for listen in (self._bolt.event, self._bolt.action, self._bolt.view, self._bolt.command):
            listen(_ANYTHING)(self._listen)

    async def __call__(self, body: Mapping[str, Any]) -> BoltResponse:
        """The answer to a body that Slack certainly sent. Raises whatever a body of another shape makes Bolt raise."""
        return await self._bolt.async_dispatch(AsyncBoltRequest(body=_with_view_type(body), mode="socket_mode"))

    async def _listen(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Answer one body. Nothing raised may leave a listener: Bolt would lose the answer."""
        answer: Json = {}
        try:
            answer = await self._answer(body, context)
        except Exception:
            log.exception("a request from Slack was not handled")
        await ack(answer or "")

    async def _answer(self, body: Mapping[str, Any], context: Mapping[str, Any]) -> Json:
        inbound = read(body, context)
        if inbound is None:
            return {}
        unnamed = isinstance(inbound.event, Left | WorkspaceRemoved | AddedToChannel)
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


def _with_view_type(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the kind of its view, which Bolt reads unasked: without it the answer would be a traceback."""
    view = body.get("view")
    return {**body, "view": {"type": "modal", **view}} if isinstance(view, dict) else dict(body)


def _bolt() -> AsyncApp:
    """Bolt without what we do before it (the signature) or after it (tokens, Slack's Web API)."""
    return AsyncApp(
        name="lartraff",
        authorize=_authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Every workspace may speak; its token is looked up when something is sent there."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
