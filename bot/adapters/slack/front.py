"""The HTTP front: how large, who signed it, what shape. Only what passes reaches Bolt.

The answer is 200, 400, 401, 404, 413 or 415, whatever is sent: Bolt's own front answers 500 to much that is hostile.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from yarl._parse import query_to_pairs

from bot.handlers.events import Untaken
from bot.ports import Clock

log = logging.getLogger(__name__)

MAX_BYTES = 1_000_000  # Slack's largest view is 250 kB, and percent-encoding makes up to three of one
_WINDOW_SECONDS = 60 * 5
_SECONDS_TO_ARRIVE = 10.0
_EVENT_TYPES = ("event_callback", "app_rate_limited", "url_verification")
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_FOR_BOLT = ("event_callback", "block_actions", "view_submission", None)  # None: a command has no type

Dispatching = Callable[[dict[str, Any]], Awaitable[bytes]]
"""Has a body handled, and returns what the acknowledgement has to say: JSON, or mostly nothing."""


class Signature:
    """Slack's signature v0, under the current secret or the one before it."""

    def __init__(self, secrets: tuple[str, ...], clock: Clock) -> None:
        if not secrets or not all(secret.strip() for secret in secrets):
            raise ValueError("a signing secret is missing: without it everyone could speak in Slack's name")
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._clock = clock

    def is_valid(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Whether Slack signed these very bytes within the last five minutes."""
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            return False
        if abs(self._clock.now().timestamp() - int(timestamp)) > _WINDOW_SECONDS:
            return False
        signed = b"v0:" + timestamp.encode() + b":" + body
        given = signature.encode("utf-8", "replace")
        valid = False
        for secret in self._secrets:  # all of them, so that the time taken says nothing
            expected = b"v0=" + hmac.digest(secret, signed, "sha256").hex().encode()
            valid |= hmac.compare_digest(expected, given)
        return valid


class Front:
    """Handles `/slack/events`, where events, commands and interactivity all arrive."""

    def __init__(self, signature: Signature, dispatch: Dispatching) -> None:
        self._signature = signature
        self._dispatch = dispatch

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        if request.method != "POST":
            return web.Response(status=404)
        if request.headers.get("Content-Encoding"):
            return web.Response(status=415)  # Slack sends nothing compressed, and a bomb would be
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        headers = request.headers
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        if not self._signature.is_valid(body, timestamp, headers.get("X-Slack-Signature", "")):
            log.info("a request to Slack's address was refused: 401: wrong signing secret, or a clock that is off")
            return web.Response(status=401)
        return await self._verified(request.content_type, body)

    async def _verified(self, content_type: str, body: bytes) -> web.Response:
        if content_type not in ("application/json", "application/x-www-form-urlencoded"):
            return web.Response(status=415)
        try:
            parsed = _from_json(body) if content_type == "application/json" else _from_form(body)
        except (ValueError, RecursionError):
            parsed = None
        if parsed is None:
            return web.Response(status=400)
        kind = parsed.get("type")
        if kind == "url_verification":
            return web.json_response({"challenge": str(parsed.get("challenge", ""))})
        if kind == "app_rate_limited":
            log.warning("Slack holds back events: more than 30,000 in an hour")
        if kind not in _FOR_BOLT or "ssl_check" in parsed:
            return web.Response()  # acknowledged, and nothing to us
        return await self._dispatched(parsed)

    async def _dispatched(self, parsed: dict[str, Any]) -> web.Response:
        try:
            answer = await self._dispatch(parsed)
        except (TypeError, KeyError, AttributeError, ValueError):
            return web.Response(status=400)  # Bolt looked for what was not there
        except Untaken:
            return web.Response(status=503)  # Slack tells it again: at once, in a minute, in five
        return web.Response(body=answer, headers=_JSON) if answer else web.Response()


async def _read(request: web.Request) -> bytes | None:
    """The raw body; None when it is too large, or does not arrive."""
    if (request.content_length or 0) > MAX_BYTES:
        return None
    body = bytearray()
    try:
        if request.content.is_eof():  # all of it has arrived with the headers, as nearly always
            whole = request.content.read_nowait(MAX_BYTES + 1)
            return whole if len(whole) <= MAX_BYTES else None
        async with asyncio.timeout(_SECONDS_TO_ARRIVE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BYTES:
                    return None
    except (TimeoutError, web.HTTPException, OSError):
        return None
    return bytes(body)


def _from_json(body: bytes) -> dict[str, Any] | None:
    """An event of a known type whose parts are where Bolt looks for them."""
    parsed = json.loads(body)
    if not isinstance(parsed, dict) or parsed.get("type") not in _EVENT_TYPES:
        return None
    event = parsed.get("event")
    if parsed["type"] == "event_callback" and not (isinstance(event, dict) and isinstance(event.get("type"), str)):
        return None
    return parsed


def _from_form(body: bytes) -> dict[str, Any] | None:
    """A command's fields, or the JSON document in the field `payload`."""
    # urllib takes seven times as long, and yarl.URL would keep the body in a cache.
    fields = dict(query_to_pairs(body.decode()))
    if "payload" not in fields:
        known = isinstance(fields.get("command"), str) or "ssl_check" in fields
        return {name: value for name, value in fields.items() if name != "type"} if known else None
    parsed = json.loads(fields["payload"])
    return parsed if isinstance(parsed, dict) and _is_interaction(parsed) else None


def _is_interaction(parsed: dict[str, Any]) -> bool:
    if parsed.get("type") == "block_actions":
        actions = parsed.get("actions")
        return isinstance(actions, list) and bool(actions) and all(map(_is_action, actions))
    if parsed.get("type") == "view_submission":
        view = parsed.get("view")
        return isinstance(view, dict) and isinstance(view.get("callback_id"), str)
    return isinstance(parsed.get("type"), str)


def _is_action(action: object) -> bool:
    return isinstance(action, dict) and all(isinstance(action.get(name), str) for name in ("action_id", "block_id"))
