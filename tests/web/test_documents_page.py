"""The page of a round's documents in a real browser: judged by axe-core, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from tests.fixtures.chromium import Windows, violations
from tests.web.test_documents import Pages, open_pages

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def pages(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    async with open_pages(sqlite_url, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (320, "dark")])
async def test_axe_finds_nothing(pages: Pages, windows: Windows, width: int, theme: Literal["light", "dark"]) -> None:
    page = await windows[True].new_page()
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme=theme)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    await page.goto(f"http://127.0.0.1:{pages.client.port}{await pages.link()}")
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in wrong if "favicon" not in one] == []
    await page.close()
