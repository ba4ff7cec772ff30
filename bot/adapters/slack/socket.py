"""Socket Mode: Slack's events over a connection that we open, for servers that Slack cannot reach."""

from __future__ import annotations

import asyncio
import json
import logging
import time

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.dispatch import Dispatch
from bot.handlers.events import Untaken

log = logging.getLogger(__name__)

_GOOD_FOR = 15.0
"""Seconds after which an address to connect to is asked for anew: Slack's are good once, and for a moment."""

_MOST_PATIENT = 60.0  # seconds between two tries to reach Slack at the start


class _Client(SocketModeClient):
    """The library's client, which would try an address that has grown old again and again, for ever."""

    _uri: str | None = None
    _asked_at = 0.0

    @property  # type: ignore[override]
    def wss_uri(self) -> str | None:
        """Where to connect; None where it has to be asked for."""
        return self._uri if time.monotonic() < self._asked_at + _GOOD_FOR else None

    @wss_uri.setter
    def wss_uri(self, uri: str | None) -> None:
        self._uri, self._asked_at = uri, time.monotonic()


def _code(error: Exception) -> str:
    """Slack's own word, or the kind of error: its text may hold the proxy's password."""
    said = error.response.get("error") if isinstance(error, SlackApiError) else None
    return said if isinstance(said, str) else type(error).__name__


class Socket:
    """One connection that is opened again whenever it ends. `app_token` begins with xapp-."""

    def __init__(self, app_token: str, api_url: str, dispatch: Dispatch, *, proxy: str = "") -> None:
        self._app_token = app_token
        self._proxy = proxy or None
        self._api_url = api_url
        self._dispatch = dispatch
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect. Nothing else waits for Slack, which may be out of reach."""
        web_client = AsyncWebClient(base_url=self._api_url, retry_handlers=[], proxy=self._proxy)
        self._client = _Client(app_token=self._app_token, web_client=web_client, proxy=self._proxy)
        self._client.socket_mode_request_listeners.append(self._take)
        self._connecting = asyncio.create_task(self._connect(self._client), name="Socket Mode")

    async def _connect(self, client: SocketModeClient) -> None:
        """Until it has worked once; from then on the client sees to it."""
        pause = 1.0
        while client.wss_uri is None:
            try:
                client.wss_uri = await client.issue_new_wss_url()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told and tried again
                log.error("Slack's Socket Mode cannot be reached: %s", _code(error))  # noqa: TRY400
                await asyncio.sleep(pause)
                pause = min(2 * pause, _MOST_PATIENT)
        await client.connect()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        """Whether Slack's events come in at this moment."""
        return self._client is not None and await self._client.is_connected()

    async def stop(self) -> None:
        """Disconnect; what was not acknowledged comes to the next connection."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Acknowledge after the work, with what the answer says."""
        said = None
        try:
            answer = await self._dispatch(request.payload)
            said = json.loads(answer) if answer else None
        except Untaken:
            return  # what is not acknowledged is told again
        except Exception:
            # Of a shape that Bolt does not know: sent again it would be no better.
            log.exception("an envelope from Slack was not handled")
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=said))
