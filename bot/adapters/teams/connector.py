"""Calls to Teams' Bot Connector over one shared session, and what its refusals mean.

It stands in for botframework-connector's client, which builds a new client, socket and token for every message and
sends from threads. It never repeats a call whose outcome is unknown: that decision belongs to the outbox.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.adapters.teams.calls import limited, may_call, written
from bot.adapters.teams.tokens import OwnToken
from bot.ports import Trouble, Undeliverable

Json = dict[str, Any]

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
MEMBER_TIMEOUT = aiohttp.ClientTimeout(total=3, sock_connect=2)  # a person waits for the answer meanwhile

_LATER = frozenset({412, 429, 502, 503, 504})
_GONE = frozenset({404, 410})


class Connector:
    """The Bot Connector's REST API, as far as we use it. Every method raises `Undeliverable`."""

    def __init__(self, session: aiohttp.ClientSession, token: OwnToken, service_hosts: tuple[str, ...]) -> None:
        self._session = session
        self._token = token
        self._hosts = service_hosts

    async def send(self, service_url: str, conversation: str, activity: Json) -> str:
        """Send a message into a conversation and return its id."""
        answer = await self._call("POST", service_url, ("conversations", conversation, "activities"), activity)
        return _id(answer, "id")

    async def update(self, service_url: str, conversation: str, message: str, activity: Json) -> None:
        """Replace a message."""
        path = ("conversations", conversation, "activities", message)
        await self._call("PUT", service_url, path, {**activity, "id": message})

    async def delete(self, service_url: str, conversation: str, message: str) -> None:
        """Delete a message; one that is not there any more is as good."""
        try:
            await self._call("DELETE", service_url, ("conversations", conversation, "activities", message), None)
        except Undeliverable as trouble:
            if trouble.trouble is not Trouble.GONE:
                raise

    async def create(self, service_url: str, parameters: Json) -> tuple[str, str]:
        """Open a conversation; returns its id, and that of its first message if it was given one."""
        answer = await self._call("POST", service_url, ("conversations",), parameters)
        conversation = _id(answer, "id")
        if not conversation:
            raise Undeliverable(Trouble.FAULT, "no conversation id")
        return conversation, _id(answer, "activityId")

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any]:
        """What the directory says of someone who is in the conversation."""
        path = ("conversations", conversation, "members", user)
        answer = await self._call("GET", service_url, path, None, timeout=MEMBER_TIMEOUT)
        return answer if isinstance(answer, Mapping) else {}

    async def roster(self, service_url: str, conversation: str) -> None:
        """Ask for who is in a conversation, which Teams refuses to a bot that is not; the answer is left unread."""
        await self._call("GET", service_url, ("conversations", conversation, "pagedmembers"), None, query="pageSize=50")

    async def channels(self, service_url: str, team: str) -> Mapping[str, str]:
        """The channels of a team that the bot is in: id → name. The first one has no name."""
        answer = await self._call("GET", service_url, ("teams", team, "conversations"), None)
        listed = answer.get("conversations") if isinstance(answer, Mapping) else None
        return {_id(each, "id"): _id(each, "name") for each in listed} if isinstance(listed, list) else {}

    async def team_name(self, service_url: str, team: str) -> str:
        """What a team that the bot is in is called."""
        return _id(await self._call("GET", service_url, ("teams", team), None), "name")

    async def _call(
        self,
        method: str,
        service_url: str,
        path: tuple[str, ...],
        body: Json | None,
        *,
        query: str = "",
        timeout: aiohttp.ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's own
    ) -> object:
        if not may_call(service_url, self._hosts):
            raise Undeliverable(Trouble.FAULT, "service host not allowed")
        where = "/".join([service_url.rstrip("/"), "v3", *(quote(part, safe="") for part in path)])
        url = URL(f"{where}?{query}" if query else where, encoded=True)
        token = await self._token.get()
        status, headers, answer = await self._exchange(method, url, token, body, timeout)
        if status == 401:  # revoked or replaced before its time: nothing was done, so it may be asked again
            self._token.forget(token)
            status, headers, answer = await self._exchange(method, url, await self._token.get(), body, timeout)
        if 200 <= status < 300:
            return answer
        raise _trouble(status, headers, answer)

    async def _exchange(
        self,
        method: str,
        url: URL,
        token: str,
        body: Json | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109
    ) -> tuple[int, Mapping[str, str], object]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
        data = None if body is None else written(body)
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, response.headers, _parsed(await limited(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Undeliverable(Trouble.LATER, type(error).__name__) from None  # it never left this machine
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Undeliverable(Trouble.UNKNOWN, type(error).__name__) from None


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None  # an error page of something in between


def _id(answer: object, name: str) -> str:
    found = answer.get(name) if isinstance(answer, Mapping) else None
    return found if isinstance(found, str) else ""


def _trouble(status: int, headers: Mapping[str, str], answer: object) -> Undeliverable:
    """What an answer means for the message: the classes of docs/teams.md."""
    reason = f"{status} {_code(answer)}".rstrip()
    if status in _LATER:
        return Undeliverable(Trouble.LATER, reason, retry_after=_seconds(headers.get("Retry-After", "")))
    if status in _GONE:
        return Undeliverable(Trouble.GONE, reason)
    if status == 403:
        return Undeliverable(Trouble.FORBIDDEN, reason)
    return Undeliverable(Trouble.UNKNOWN if status >= 500 else Trouble.FAULT, reason)


def _code(answer: object) -> str:
    error = answer.get("error") if isinstance(answer, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, str) and code.isalnum() and len(code) <= 60 else ""


def _seconds(written: str) -> float | None:
    return float(written) if written.isdecimal() and len(written) < 7 else None
