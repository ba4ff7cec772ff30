"""Metrics count by route and status, never by what someone made up, and show what lies waiting now."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.metrics import Metrics

WAITING = {"outbox_waiting": 3.0}

Client = TestClient[web.Request, web.Application]


async def gauges() -> dict[str, float]:
    return WAITING


async def gauges_of_nothing() -> dict[str, float]:
    return {}


async def fine(request: web.Request) -> web.Response:
    return web.Response(text="fine")


async def broken(request: web.Request) -> web.Response:
    raise RuntimeError


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    metrics = Metrics({"outbox_waiting": "Messages that wait."}, gauges)
    app = web.Application(middlewares=[metrics.middleware])
    app.router.add_get("/calendar/{file}", fine)
    app.router.add_get("/broken", broken)
    metrics.routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def page(client: Client) -> str:
    return await (await client.get("/metrics")).text()


async def test_requests_are_counted_by_route_and_status(client: Client) -> None:
    await client.get("/calendar/secret-link.ics")
    await client.get("/broken")
    shown = await page(client)
    assert 'lartraff_http_requests_total{method="GET",route="/calendar/{file}",status="200"} 1.0' in shown
    assert 'lartraff_http_requests_total{method="GET",route="/broken",status="500"} 1.0' in shown
    assert 'lartraff_http_seconds_count{route="/calendar/{file}"} 1.0' in shown


async def test_a_number_that_somebody_else_counts_is_as_it_is_now(client: Client) -> None:
    failed = [0]
    counting = Metrics({}, gauges_of_nothing)
    counting.show("events_failed", "Events that failed.", lambda: failed[0])
    app = web.Application()
    counting.routes(app)
    async with TestClient(TestServer(app)) as other:
        assert "lartraff_events_failed 0.0" in await page(other)
        failed[0] = 2
        assert "lartraff_events_failed 2.0" in await page(other)


async def test_made_up_addresses_and_methods_are_one_line(client: Client) -> None:
    for number in range(5):
        await client.request("PROPFIND", f"/secret-{number}")
    shown = await page(client)
    assert 'lartraff_http_requests_total{method="other",route="unknown",status="404"} 5.0' in shown
    assert "secret" not in shown


async def test_gauges_are_read_when_asked_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "lartraff_outbox_waiting 3.0" in await page(client)
    monkeypatch.setitem(WAITING, "outbox_waiting", 4.0)
    assert "lartraff_outbox_waiting 4.0" in await page(client)


async def test_what_is_counted_is_shown_while_the_database_is_away() -> None:
    async def away() -> dict[str, float]:
        raise OSError

    metrics = Metrics({"outbox_waiting": "Messages that wait."}, away)
    app = web.Application(middlewares=[metrics.middleware])
    metrics.routes(app)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics")).status == 200
        shown = await page(client)
    assert 'route="/metrics",status="200"} 1.0' in shown
    assert "outbox_waiting" not in shown
