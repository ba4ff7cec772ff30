"""Pages of plain sentences: in one style, readable by everybody, and nothing of theirs is fetched or run."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.assembly import Plan, assemble
from bot.domain.words import _
from bot.pages import application
from bot.texts import Translators
from bot.web import prose, styled
from bot.web.headers import guarded
from bot.web.terms import TermsPages
from config import catalogues
from tests.fixtures.chromium import Windows, violations
from tests.flows.samples import DIRECTORY
from tests.handlers.town import MovableClock

pytestmark = pytest.mark.asyncio(loop_scope="session")

Client = TestClient[web.Request, web.Application]
SECRET = "postgresql://user:hunter2@db refused"
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "sv"}
PATHS = ("/", "/privacy", "/terms", "/accessibility", "/nothing", "/installed", "/broken")


@pytest_asyncio.fixture(loop_scope="session")
async def client() -> AsyncIterator[Client]:
    translators = Translators(catalogues.FOLDER)
    outcome = partial(prose.outcome, translators)

    async def installed(request: web.Request) -> web.Response:
        said = _("Lärträff is installed. Open Slack and write “help” to Lärträff.")
        return outcome(request, _("Lärträff in Slack"), said, 200)

    async def broken(request: web.Request) -> web.Response:
        raise RuntimeError(SECRET)

    async def busy(request: web.Request) -> web.Response:
        raise web.HTTPServiceUnavailable

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound("/terms")

    app = web.Application(middlewares=[guarded, prose.explained(translators)])
    for handler in (installed, broken, busy, elsewhere):
        app.router.add_get(f"/{handler.__name__}", handler)
    TermsPages(translators).routes(app)
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
async def test_axe_finds_nothing_in_any_of_them(
    client: Client, windows: Windows, width: int, theme: Literal["light", "dark"]
) -> None:
    page = await windows[True].new_page()
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme=theme)
    for path in PATHS:
        await page.goto(f"http://127.0.0.1:{client.port}{path}")
        assert await violations(page) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "736px", path
    await page.close()


@pytest.mark.parametrize("path", PATHS)
async def test_only_the_style_that_stands_in_the_page_is_let_in(client: Client, path: str) -> None:
    answer = await client.get(path, headers=BROWSER)
    style = re.search(r"<style>(.*?)</style>", await answer.text(), re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"style-src 'sha256-{digest}'")
    assert policy.startswith("default-src 'none'")


async def test_control_another_style_would_not_be_let_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (await client.get("/terms")).headers["Content-Security-Policy"]
    monkeypatch.setattr(styled, "_style", lambda _sheets: "body { display: none }")
    assert (await client.get("/terms")).headers["Content-Security-Policy"] != before


async def test_where_nothing_is_people_are_told_in_words_and_programs_as_ever(client: Client) -> None:
    answer = await client.get("/documents/wrong", headers=BROWSER)
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "<h1>Här finns ingenting</h1>" in await answer.text()
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    plain = await client.get("/documents/wrong", headers={"Accept": "*/*"})
    assert (plain.status, await plain.text()) == (404, "404: Not Found")


@pytest.mark.parametrize(("path", "status"), [("/broken", 500), ("/busy", 503)])
async def test_where_something_broke_people_are_told_in_words_with_what_the_log_says_too(
    client: Client, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    answer = await client.get(path, headers=BROWSER)
    page = await answer.text()
    assert (answer.status, answer.content_type) == (status, "text/html")
    assert "<h1>Det gick fel</h1>" in page
    assert SECRET not in page
    (logged,) = (record for record in caplog.records if record.name == "bot.web.prose")
    assert f"Referens: {vars(logged)['reference']}" in page
    assert logged.exc_info


async def test_a_whole_site_says_so_while_its_database_is_away(tmp_path: Path, sqlite_url: str) -> None:
    site = assemble(Plan(sqlite_url, tmp_path / "keys", "", catalogues.FOLDER, DIRECTORY), MovableClock())
    await site.unit_of_work.run(lambda connection: connection.execute(text("DROP TABLE seats")).close())
    async with TestClient(TestServer(application(site, ticks=False))) as client:
        answer = await client.get("/calendar/ab12-token.ics", headers=BROWSER)
        assert (answer.status, "<h1>Det gick fel</h1>" in await answer.text()) == (500, True)
        assert 'status="500"} 1.0' in await (await client.get("/metrics")).text()
        assert (await client.get("/", headers=BROWSER)).status == 200
    await site.unit_of_work.close()


async def test_where_something_broke_programs_are_answered_as_ever(client: Client) -> None:
    answer = await client.get("/busy", headers={"Accept": "application/json"})
    assert (answer.status, await answer.text()) == (503, "503: Service Unavailable")
    answer = await client.get("/broken", headers={"Accept": "*/*"})
    assert (answer.status, answer.content_type) == (500, "text/plain")
    assert SECRET not in await answer.text()


async def test_who_is_sent_on_is_sent_on(client: Client) -> None:
    answer = await client.get("/elsewhere", headers=BROWSER, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/terms")


async def test_the_bare_address_says_what_this_is_and_leads_to_the_others(client: Client) -> None:
    answer = await client.get("/", headers=BROWSER)
    page = await answer.text()
    assert (answer.status, "<h1>Hej, jag är Lärträff</h1>" in page) == (200, True)
    assert 'href="/privacy?language=sv"' in page


async def test_pages_for_everybody_may_be_found_and_lead_to_each_other_and_to_other_languages(client: Client) -> None:
    answer = await client.get("/privacy", headers=BROWSER)
    page = await answer.text()
    assert "X-Robots-Tag" not in answer.headers
    assert "noindex" not in page
    for address in ("/terms?language=sv", "/accessibility?language=sv", "?language=nn"):
        assert f'href="{address}"' in page
