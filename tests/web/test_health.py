"""Health: alive is alive; ready only when every part is, and no part's secrets are told."""

import asyncio
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import pages
from bot.web import health
from bot.web.health import HealthPages, Seldom


async def passes() -> bool:
    return True


async def fails() -> bool:
    return False


async def breaks() -> bool:
    raise ConnectionError("postgresql://user:hunter2@db refused")


async def hangs() -> bool:
    await asyncio.Event().wait()
    return True


async def asked(
    address: str, conditions: Mapping[str, Callable[[], str]] | None = None, **checks: health.Check
) -> tuple[int, str]:
    app = web.Application()
    HealthPages(checks, conditions).routes(app)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(address)
        return answer.status, await answer.text()


async def test_a_process_with_a_broken_database_is_still_alive() -> None:
    assert await asked("/healthz", database=breaks) == (200, "ok\n")


async def test_ready_when_every_part_is() -> None:
    status, shown = await asked("/readyz", database=passes, schema=passes)
    assert status == 200
    assert json.loads(shown) == {"ready": True, "checks": {"database": True, "schema": True}}


async def test_how_something_is_done_is_told_and_no_reason_not_to_be_ready() -> None:
    status, shown = await asked("/readyz", {"questions": lambda: "words"}, database=passes)
    assert status == 200
    assert json.loads(shown) == {"ready": True, "checks": {"database": True}, "questions": "words"}


async def test_what_costs_something_is_seldom_checked_while_it_passes_and_always_while_it_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes, now = [True, False, False, True], [0.0]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])

    async def next_one() -> bool:
        return outcomes.pop(0)

    check = Seldom(next_one, seconds=30)
    assert [await check(), await check(), len(outcomes)] == [True, True, 3]
    now[0] = 30.0
    assert [await check(), await check(), await check(), outcomes] == [False, False, True, []]


def test_who_fetches_events_is_looked_at_and_whom_they_are_brought_to_is_not() -> None:
    def adapter(name: str, hears: health.Check | None) -> Any:
        return SimpleNamespace(platform=SimpleNamespace(name=name), hears=hears)

    site: Any = SimpleNamespace(adapters=[adapter("slack", fails), adapter("teams", None)])
    found = pages._checks(site, ticks=True)
    assert (list(found), found["slack"]) == (["database", "writes", "slack", "tick"], fails)


@pytest.mark.parametrize("broken", [fails, breaks, hangs])
async def test_not_ready_names_the_part_and_no_details(broken: health.Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE_SECONDS", 0.01)
    status, shown = await asked("/readyz", database=broken, schema=passes)
    assert status == 503
    assert json.loads(shown) == {"ready": False, "checks": {"database": False, "schema": True}}
