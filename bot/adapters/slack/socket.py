"""Socket Mode: Slack's events over a connection that we open, for servers that Slack cannot reach."""

from __future__ import annotations

import json
import logging

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.dispatch import Dispatch

log = logging.getLogger(__name__)


class Socket:
    """One connection that is opened again whenever it ends. `app_token` begins with xapp-."""

    def __init__(self, app_token: str, api_url: str, dispatch: Dispatch) -> None:
        self._app_token = app_token
        self._api_url = api_url
        self._dispatch = dispatch
        self._client: SocketModeClient | None = None

    async def start(self) -> None:
        """Connect; raises when Slack does not take the token."""
        web_client = AsyncWebClient(base_url=self._api_url, retry_handlers=[])
        self._client = SocketModeClient(app_token=self._app_token, web_client=web_client)
        self._client.socket_mode_request_listeners.append(self._take)
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Disconnect; what was not acknowledged comes to the next connection."""
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Acknowledge after the work, with what the answer says."""
        said = None
        try:
            answer = await self._dispatch(request.payload)
            said = json.loads(answer.body) if answer.body.startswith("{") else None
        except Exception:
            # Of a shape that Bolt does not know: sent again it would be no better.
            log.exception("an envelope from Slack was not handled")
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=said))
