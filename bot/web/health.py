"""`/healthz`: the process lives. `/readyz`: what it needs is there, each part by name and without details."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from aiohttp import web

Check = Callable[[], Awaitable[bool]]
"""Whether one part is ready. False and an exception mean that it is not."""

_PATIENCE_SECONDS = 3
"""A check that takes longer counts as failed: what asks us gives up after about five."""

log = logging.getLogger(__name__)


class Seldom:
    """A check that costs something: once it has passed, that holds for some seconds."""

    def __init__(self, check: Check, *, seconds: float) -> None:
        self._check = check
        self._seconds = seconds
        self._holds_until = 0.0

    async def __call__(self) -> bool:
        if monotonic() >= self._holds_until and await self._check():
            self._holds_until = monotonic() + self._seconds
        return monotonic() < self._holds_until


class HealthPages:
    """The two addresses that a load balancer or an orchestrator asks.

    `conditions` are words on how something is done at this moment, which is good to know and no reason not to be ready.
    """

    def __init__(self, checks: Mapping[str, Check], conditions: Mapping[str, Callable[[], str]] | None = None) -> None:
        self._checks = checks
        self._conditions = conditions or {}

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)

    async def _alive(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's signature
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's signature
        outcomes = await asyncio.gather(*(_passes(name, check) for name, check in self._checks.items()))
        ready = all(outcomes)
        parts = dict(zip(self._checks, outcomes, strict=True))
        conditions = {name: tell() for name, tell in self._conditions.items()}
        return web.json_response({"ready": ready, "checks": parts, **conditions}, status=200 if ready else 503)


async def _passes(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await check()
    except Exception:
        log.warning("not ready: %s", name, exc_info=True)
        return False
