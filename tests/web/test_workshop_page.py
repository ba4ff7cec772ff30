"""The page of a workshop in a real browser: judged by axe-core, as it changes, without script, on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, Route, expect

from bot.web import live
from tests.fixtures.chromium import Windows, violations
from tests.web.rooms import Room, open_room

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES: list[tuple[int, int, Literal["light", "dark"]]] = [
    (1920, 1080, "light"), (1920, 1080, "dark"), (390, 844, "light"), (320, 568, "dark"),
]  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def room(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr(live, "_OPENING", b"retry: 50\n\n")
    async with open_room(sqlite_url) as opened:
        yield opened


@dataclass
class Opened:
    """Opens pages; whatever goes wrong in them, or is asked of another host, is found at the end."""

    windows: Windows
    room: Room
    wrong: list[str] = field(default_factory=list)

    async def __call__(self, link: str, *, width: int = 1280, height: int = 800, script: bool = True) -> Page:
        page = await self.windows[script].new_page()
        await page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._watch)
        await page.goto(f"http://127.0.0.1:{self.room.client.port}{link}")
        if script:
            await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
        return page

    def _watch(self, asked: Request) -> None:
        if not asked.url.startswith(f"http://127.0.0.1:{self.room.client.port}"):
            self.wrong.append(asked.url)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(windows: Windows, room: Room) -> AsyncIterator[Opened]:
    """Pages of this workshop; a test in which a page complained, or asked another host, fails."""
    pages = Opened(windows, room)
    yield pages
    for page in (*windows[True].pages, *windows[False].pages):
        await page.close()
    assert pages.wrong == []


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
async def test_axe_finds_nothing_and_nothing_stands_outside(
    opened: Opened, width: int, height: int, theme: Literal["light", "dark"]
) -> None:
    await opened.room.here.appoint()
    for link in (await opened.room.link(), await opened.room.coachs_link()):
        page = await opened(link, width=width, height=height)
        await page.emulate_media(color_scheme=theme)
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_next_step_comes_by_itself_and_is_said_aloud(opened: Opened) -> None:
    page = await opened(await opened.room.link())
    await expect(page.locator("h1")).to_have_text("SWOT i grupp")
    await expect(page.locator("#left")).to_have_text("30:00")
    await opened.room.here.move(1)
    await expect(page.locator("h1")).to_have_text("Självskattning")
    await expect(page.get_by_role("status")).to_have_text("Steg 3 av 4: Självskattning")


@pytest.mark.parametrize("failure", ["cut", "502"])
async def test_a_page_that_could_not_be_fetched_is_fetched_again(opened: Opened, failure: str) -> None:
    page = await opened(await opened.room.link())
    failed: list[str] = []

    async def fail_once(route: Route) -> None:
        if route.request.resource_type != "fetch" or failed:
            await route.continue_()
            return
        failed.append(route.request.url)
        await (route.abort() if failure == "cut" else route.fulfill(status=502))

    await page.route(page.url, fail_once)
    await opened.room.here.move(1)
    await expect(page.locator("h1")).to_have_text("Självskattning")
    assert len(failed) == 1  # the positive control
    opened.wrong.clear()  # the browser says itself that it could not be fetched


async def test_what_is_written_is_counted_by_itself_and_never_shown(opened: Opened) -> None:
    page = await opened(await opened.room.link())
    await opened.room.write("<b>Hej</b>")
    await expect(page.locator(".counts")).to_have_text("Hittills2 inlägg")
    assert "Hej" not in await page.content()


async def test_a_result_that_a_coach_has_opened_stays_open_when_something_is_new(opened: Opened) -> None:
    await opened.room.here.appoint()
    page = await opened(await opened.room.coachs_link())
    await page.locator("summary").press("Enter")
    await expect(page.get_by_text("för få för att visas").first).to_be_visible()
    await opened.room.write("Mer")
    await expect(page.get_by_text("2 inlägg")).to_be_visible()
    await expect(page.get_by_text("för få för att visas").first).to_be_visible()


async def test_without_script_it_says_until_when_and_that_one_has_to_load_it_again(opened: Opened) -> None:
    page = await opened(await opened.room.link(), script=False)
    await expect(page.get_by_text("Till kl. 12.30")).to_be_visible()
    await expect(page.get_by_text("Ladda om sidan")).to_be_visible()
    await expect(page.locator("#left")).to_be_hidden()


async def test_on_paper_there_is_the_script_and_no_clock(opened: Opened) -> None:
    await opened.room.here.appoint()
    page = await opened(await opened.room.coachs_link())
    await page.emulate_media(media="print")
    await expect(page.get_by_text("Hälsa på varandra.")).to_be_visible()
    await expect(page.locator(".clock")).to_be_hidden()
