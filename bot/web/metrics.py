"""`/metrics` for Prometheus: how the web is used, and what lies waiting. No names, no ids, no addresses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import cache

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

Gauges = Callable[[], Awaitable[Mapping[str, float]]]
"""The numbers to show at this moment, by the names that `Metrics` was told."""

_BUCKETS = (
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.0,
    3.0,
    5.0,
    10.0,
)  # Slack gives up after 3 seconds, Teams after 10
_PATIENCE_SECONDS = 3  # Prometheus itself gives up after ten
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

log = logging.getLogger(__name__)


class Metrics:
    """What is counted in this process, and gauges read anew whenever Prometheus asks.

    `described` names each gauge and says what it is; `read` gives their numbers. A gauge that is not read this time is
    left out rather than shown with an old number.
    """

    def __init__(self, described: Mapping[str, str], read: Gauges) -> None:
        self._described = described
        self._read = read
        self._counted = CollectorRegistry()
        self._requests = Counter(
            "lartraff_http_requests",
            "Requests answered, by route and status.",
            ("method", "route", "status"),
            registry=self._counted,
        )
        self._seconds = Histogram(
            "lartraff_http_seconds",
            "How long answering took: for the routes of Slack and Teams, the handling of an event.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._counted,
        )
        self._of = cache(self._requests.labels)  # few, since all labels come from short lists of ours
        self._of_route = cache(self._seconds.labels)

    def show(self, name: str, what: str, number: Callable[[], float]) -> None:
        """Show a number of this process that somebody else counts."""
        Gauge(f"lartraff_{name}", what, registry=self._counted).set_function(number)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/metrics", self._page)

    @property
    def middleware(self) -> Middleware:
        """Counts every request. It goes first, so that what the others do is counted too."""

        @web.middleware
        async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
            status = 500
            route = _route(request)
            with self._of_route(route).time():
                try:
                    answer = await handler(request)
                    status = answer.status
                except web.HTTPException as refusal:
                    status = refusal.status
                    raise
                finally:
                    method = request.method if request.method in _METHODS else "other"
                    self._of(method, route, str(status)).inc()
            return answer

        return counted

    async def _page(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's signature
        page = generate_latest(self._counted) + generate_latest(await self._gauges())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _gauges(self) -> CollectorRegistry:
        """What lies waiting; nothing while the database does not answer, when the rest is needed most."""
        registry = CollectorRegistry()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                numbers = await self._read()
        except Exception:
            log.warning("what lies waiting could not be read", exc_info=True)
            return registry
        for name, number in numbers.items():
            Gauge(f"lartraff_{name}", self._described[name], registry=registry).set(number)
        return registry


def _route(request: web.Request) -> str:
    """The route's pattern: addresses themselves hold secrets, and anyone can make up as many as they like."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
