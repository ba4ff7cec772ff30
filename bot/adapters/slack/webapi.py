"""Slack's Web API: one shared connection pool, no hidden retries, and every failure in one of five kinds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
from pydantic_core import to_json

from bot.adapters.slack.charts import without_charts
from bot.ports import Trouble, Undeliverable

Json = dict[str, Any]

_READ_BY_GET = frozenset({"users.info", "conversations.history", "conversations.info"})  # these ignore a body of JSON
_SECONDS = 10.0  # for one call; what takes longer counts as a lost answer
_DEFAULT_WAIT = 30.0  # seconds, when Slack says "later" without saying when

_WAIT = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_LOST = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_TOKEN_ENDED = frozenset({"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"})
_GONE = _TOKEN_ENDED | {
    "channel_not_found",
    "is_archived",
    "is_inactive",
    "message_not_found",
    "not_installed",
    "team_not_found",
    "user_disabled",
    "user_not_found",
    "users_not_found",
}
_FORBIDDEN = frozenset(
    {
        "access_denied",
        "app_access_restricted",
        "cannot_dm_bot",
        "cant_delete_message",
        "cant_update_message",
        "compliance_exports_prevent_deletion",
        "channel_is_limited_access",
        "edit_window_closed",
        "ekm_access_denied",
        "messages_tab_disabled",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_enabled",
        "not_in_channel",
        "org_login_required",
        "posting_to_channel_denied",
        "team_access_not_granted",
        "user_not_in_channel",
        "user_not_visible",
    }
)


class Tokens(Protocol):
    """Which bot token speaks in which workspace."""

    async def token(self, workspace: str) -> str | None:
        """The bot token for a workspace (or organisation) id, or None where the app is not installed."""

    def forget(self, workspace: str) -> None:
        """Slack no longer accepts the token: read it anew before it is used again."""

    def ended(self) -> Undeliverable:
        """What it means that Slack no longer accepts a token, and that there is no other."""


class WebApi:
    """Calls methods in the name of a workspace's bot. `base_url` ends with a slash."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, tokens: Tokens) -> None:
        self._session = session
        self._base_url = base_url
        self._tokens = tokens
        self._not_before: dict[tuple[str, str], float] = {}  # (method, workspace) → the loop's time

    async def call(
        self, method: str, workspace: str, arguments: Mapping[str, Any], *, seconds: float = _SECONDS
    ) -> Json:
        """Slack's answer. Raises `Undeliverable`; while Slack asks us to wait, no call is made.

        A message whose charts a workspace does not take yet is sent again without them: its words say the same.
        """
        try:
            return await self._call(method, workspace, arguments, seconds)
        except Undeliverable as failed:
            plainer = without_charts(arguments)
            if failed.reason != "invalid_blocks" or plainer is arguments:
                raise
            return await self._call(method, workspace, plainer, seconds)

    async def _call(self, method: str, workspace: str, arguments: Mapping[str, Any], seconds: float) -> Json:
        self._wait_is_over(method, workspace)
        token = await self._token(workspace)
        try:
            return await self._exchange(method, arguments, token, seconds)
        except Undeliverable as failed:
            if failed.trouble is Trouble.LATER and failed.retry_after:
                self._not_before[method, workspace] = asyncio.get_running_loop().time() + failed.retry_after
            if failed.reason not in _TOKEN_ENDED:
                raise
        self._tokens.forget(workspace)
        newer = await self._token(workspace)  # another process may have seen a new installation
        if newer == token:
            raise self._tokens.ended()
        return await self._exchange(method, arguments, newer, seconds)

    async def _token(self, workspace: str) -> str:
        token = await self._tokens.token(workspace)
        if token is None:
            raise Undeliverable(Trouble.GONE, "not_installed")
        return token

    async def redeem(self, client_id: str, client_secret: str, code: str, redirect_uri: str) -> Json:
        """The answer of oauth.v2.access to an installation's code. Raises `Undeliverable`."""
        headers = {"Authorization": aiohttp.encode_basic_auth(client_id, client_secret)}
        form = {"code": code, "redirect_uri": redirect_uri}
        return await self._request("POST", "oauth.v2.access", headers, seconds=_SECONDS, body=form)

    async def follow_up(self, url: str, message: Mapping[str, Any]) -> None:
        """Post to a `response_url`, without its charts where they are refused. Raises `Undeliverable`.

        The caller has checked where the address leads.
        """
        plainer = without_charts(message)
        try:
            await self._follow_up(url, message)
        except Undeliverable as failed:
            if failed.trouble is not Trouble.FAULT or plainer is message:
                raise
            await self._follow_up(url, plainer)

    async def _follow_up(self, url: str, message: Mapping[str, Any]) -> None:
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._session.post(url, json=message, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise Undeliverable(Trouble.FAULT, f"http_{answer.status}")
                if b"invalid_blocks" in await answer.read():
                    raise Undeliverable(Trouble.FAULT, "invalid_blocks")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Undeliverable(Trouble.UNKNOWN, type(error).__name__) from error

    def _wait_is_over(self, method: str, workspace: str) -> None:
        left = self._not_before.get((method, workspace), 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise Undeliverable(Trouble.LATER, "ratelimited", retry_after=left)
        self._not_before.pop((method, workspace), None)

    async def _exchange(self, method: str, arguments: Mapping[str, Any], token: str, seconds: float) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        if method in _READ_BY_GET:
            return await self._request("GET", method, headers, seconds=seconds, query=arguments)
        headers["Content-Type"] = "application/json; charset=utf-8"
        return await self._request("POST", method, headers, seconds=seconds, body=to_json(arguments))

    async def _request(
        self,
        verb: str,
        method: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        query: Mapping[str, str] | None = None,
        body: bytes | Mapping[str, str] | None = None,
    ) -> Json:
        url = self._base_url + method
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    verb, url, headers=headers, params=query, data=body, allow_redirects=False
                ) as answer,
            ):
                return _outcome(answer.status, answer.headers.get("Retry-After", ""), await answer.read())
        except aiohttp.ClientConnectorError as error:
            raise Undeliverable(Trouble.LATER, "no_connection", retry_after=1.0) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Undeliverable(Trouble.UNKNOWN, type(error).__name__) from error


def _outcome(status: int, retry_after: str, body: bytes) -> Json:
    if status == 429:
        wait = float(retry_after) if retry_after.isdecimal() else _DEFAULT_WAIT
        raise Undeliverable(Trouble.LATER, "ratelimited", retry_after=wait)
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if status != 200 or not isinstance(answer, dict):
        raise Undeliverable(Trouble.UNKNOWN, f"http_{status}")
    if answer.get("ok") is not True:
        error = str(answer.get("error", "unknown_error"))
        trouble = _kind(error)
        raise Undeliverable(trouble, error, retry_after=_DEFAULT_WAIT if trouble is Trouble.LATER else None)
    return answer


def _kind(error: str) -> Trouble:
    if error in _WAIT:
        return Trouble.LATER
    if error in _LOST:
        return Trouble.UNKNOWN
    if error in _GONE:
        return Trouble.GONE
    if error in _FORBIDDEN or error.startswith("restricted_action"):
        return Trouble.FORBIDDEN
    return Trouble.FAULT
