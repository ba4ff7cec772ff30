"""The one place that knows Microsoft's bot library: it sorts activities by kind and carries answers to invokes.

What the library does badly (tokens, keys, clients, sending; docs/teams.md) is done by `tokens` and `connector`.
A move to its successor touches this module alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory

from bot.adapters.teams.inbound import Events, Shown
from bot.adapters.teams.incoming import Incoming, text

_INCOMING = "lartraff.incoming"
_SHOWN = "lartraff.shown"


class Turns:
    """One activity at a time, through the library's turn."""

    def __init__(self, events: Events) -> None:
        self._adapter = _Adapter(_Authentication())
        self._handler = _Handler(events)
        self._verified = _verified()

    async def take(self, incoming: Incoming) -> Mapping[str, Any] | None:
        """Act on an activity; returns the body of the HTTP answer, if there is one."""
        shown = Shown()

        async def turn(context: TurnContext) -> None:
            nonlocal shown
            context.turn_state[_INCOMING] = incoming
            await self._handler.on_turn(context)
            shown = context.turn_state.get(_SHOWN, shown)

        await self._adapter.process_activity(self._verified, _activity(incoming), turn)
        return shown.body


class _Handler(ActivityHandler):  # type: ignore[misc]
    """Calls the method for each kind of activity. Kinds that are not named here are acknowledged and left."""

    def __init__(self, events: Events) -> None:
        self._events = events

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._events.message(turn_context.turn_state[_INCOMING])

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._events.members_changed(turn_context.turn_state[_INCOMING])

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._events.installation_changed(turn_context.turn_state[_INCOMING])

    async def on_message_reaction_activity(self, turn_context: TurnContext) -> None:
        """Leave reactions alone."""

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Leave read receipts and meeting events alone."""

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """Leave the answer with the turn. The library would copy every part of it, which takes as long as the rest."""
        turn_context.turn_state[_SHOWN] = await self._events.asked(turn_context.turn_state[_INCOMING])


def _activity(incoming: Incoming) -> Activity:
    """What the library needs to know. Its own reader of JSON loses parts and takes thirty times as long."""
    raw = incoming.raw
    return Activity(
        type=incoming.kind or "unknown", channel_id=text(raw, "channelId"), service_url=text(raw, "serviceUrl")
    )


class _Adapter(CloudAdapterBase):  # type: ignore[misc]
    """The library's adapter. Through it comes what happens; we send by ourselves."""


class _NoClient(ConnectorFactory):  # type: ignore[misc]
    """A turn must hold a client; ours stands in `bot.adapters.teams.connector`."""

    async def create(self, *_: object) -> object:
        return self


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """The sender is proven before a turn begins, on the raw request: nothing is let in here."""

    async def authenticate_request(self, *_: object) -> AuthenticateRequestResult:
        raise PermissionError("verified before the turn")

    async def authenticate_streaming_request(self, *_: object) -> AuthenticateRequestResult:
        raise PermissionError("streaming is not offered")

    def create_connector_factory(self, *_: object) -> ConnectorFactory:
        return _NoClient()

    async def create_user_token_client(self, *_: object) -> None:
        return None


def _verified() -> AuthenticateRequestResult:
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity({}, is_authenticated=True)
    result.connector_factory = _NoClient()
    return result
