"""The pages in plain words exist in every language, and look like nothing that could be run."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.texts import Translators
from bot.web.headers import guarded
from bot.web.terms import TermsPages
from config import catalogues

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application(middlewares=[guarded])
    TermsPages(Translators(catalogues.FOLDER)).routes(app)
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("sv", "Tillgänglighet", "DOS-lagen"),
        ("nb", "Tilgjengelighet", "uu-tilsynet"),
        ("nn", "Tilgjengelegheit", "uu-tilsynet"),
        ("en", "Accessibility", "22 November 2026"),
    ],
)
async def test_how_accessible_it_is_stands_in_the_readers_language(
    client: Client, language: str, title: str, words: str
) -> None:
    page = await (await client.get("/accessibility", headers={"Accept-Language": language})).text()
    assert f'<html lang="{language}">' in page
    assert f"<h1>{title}</h1>" in page
    assert words in page


@pytest.mark.parametrize("path", ["/privacy", "/terms", "/accessibility"])
async def test_each_page_is_complete_and_runs_nothing(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (await answer.text()).count("<h1>") == 1
