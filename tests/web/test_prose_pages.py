"""Pages of plain sentences: in one style, readable by everybody, and nothing of theirs is fetched or run."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from functools import partial
from hashlib import sha256
from typing import Literal

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.words import _
from bot.texts import Translators
from bot.web import prose, styled
from bot.web.headers import guarded
from bot.web.terms import TermsPages
from config import catalogues
from tests.fixtures.chromium import Windows, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

Client = TestClient[web.Request, web.Application]
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "sv"}
PATHS = ("/privacy", "/terms", "/accessibility", "/nothing", "/installed")


@pytest_asyncio.fixture(loop_scope="session")
async def client() -> AsyncIterator[Client]:
    translators = Translators(catalogues.FOLDER)
    outcome = partial(prose.outcome, translators)

    async def installed(request: web.Request) -> web.Response:
        said = _("Lärträff is installed. Open Slack and write “help” to Lärträff.")
        return outcome(request, _("Lärträff in Slack"), said, 200)

    app = web.Application(middlewares=[guarded, prose.explained(translators)])
    app.router.add_get("/installed", installed)
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


async def test_pages_for_everybody_may_be_found_and_lead_to_each_other_and_to_other_languages(client: Client) -> None:
    answer = await client.get("/privacy", headers=BROWSER)
    page = await answer.text()
    assert "X-Robots-Tag" not in answer.headers
    assert "noindex" not in page
    for address in ("/terms?language=sv", "/accessibility?language=sv", "?language=nn"):
        assert f'href="{address}"' in page
