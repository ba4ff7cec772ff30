"""The pages with forms in a real browser: judged by axe-core, narrow and dark, by keyboard alone and without script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, expect

from bot.conversation import clean
from bot.domain.rounds import LONGEST_POST
from tests.fixtures.chromium import Windows, violations
from tests.handlers.urn_scenes import opened, round_of, together
from tests.handlers.workshop import group, open_round, texts
from tests.web.guest_site import GuestSite, guest_site
from tests.web.test_board_page import HOSTILE

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(sqlite_url: str) -> AsyncIterator[GuestSite]:
    async with guest_site(sqlite_url) as opened_site:
        await open_round(opened_site.town, "notes")
        yield opened_site


@dataclass
class Browser:
    """Opens pages without script; whatever goes wrong in them, or is asked of another host, is found at the end."""

    windows: Windows
    site: GuestSite
    wrong: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.site.client.port}"

    async def __call__(self, path: str, *, script: bool = False, width: int = 320) -> Page:
        page = await self.windows[script].new_page()
        await page.set_viewport_size({"width": width, "height": 640})
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("request", self._watch)
        await page.goto(self.origin + path)
        return page

    def _watch(self, asked: Request) -> None:
        if not asked.url.startswith(self.origin):
            self.wrong.append(asked.url)


@pytest_asyncio.fixture(loop_scope="session")
async def browser(windows: Windows, site: GuestSite) -> AsyncIterator[Browser]:
    opened_pages = Browser(windows, site)
    yield opened_pages
    for page in (*windows[True].pages, *windows[False].pages):
        await page.close()
    assert opened_pages.wrong == []


async def check(page: Page) -> None:
    """Nothing for axe-core to find, light and dark, and nothing to scroll sideways at 320 pixels."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == [], scheme
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_the_form_its_errors_its_second_look_and_its_receipt_are_accessible(browser: Browser) -> None:
    link = await browser.site.link(await group(browser.site.town, "strateger", HOSTILE[-1]), "notes")
    page = await browser(link, script=True)
    await check(page)
    first = page.locator("textarea").first
    await first.fill("x" * (LONGEST_POST + 1))
    await page.get_by_role("button", name="Skicka").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    assert (await page.title()).startswith("Inte skickat än: ")
    await check(page)
    await page.get_by_role("alert").get_by_role("link").click()
    await expect(first).to_be_focused()
    await first.fill(f"Ring 070-123 45 67\n{HOSTILE[-1]}")
    await page.get_by_role("button", name="Skicka").click()
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await check(page)
    await page.get_by_role("button", name="Skicka ändå").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("1 inlägg står på tavlan")
    await check(page)
    assert await texts(browser.site.town, "notes") == [clean(HOSTILE[-1], long=True)]


async def test_by_keyboard_alone_without_script_and_pressed_twice(browser: Browser) -> None:
    page = await browser(await browser.site.link(await group(browser.site.town), "notes"))
    await page.locator("textarea").first.focus()
    await page.keyboard.type("Kunskap")
    await page.keyboard.press("Enter")
    await page.keyboard.type("Tid")
    await page.get_by_role("button", name="Skicka").dblclick(no_wait_after=True)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("2 inlägg")
    assert await texts(browser.site.town, "notes") == ["Kunskap", "Tid"]
    await page.get_by_role("link", name="Anteckna mer").click()
    await expect(page.locator("textarea").first).to_have_value("")


async def test_a_guest_answers_alone(browser: Browser) -> None:
    await together(browser.site.town, "anna", "bodil", "cecilia")
    _id, guest = await browser.site.guest()
    await opened(browser.site.town, round_of())
    page = await browser(guest, script=True)  # as axe-core asks for; the page itself has none
    await check(page)
    await page.get_by_role("link", name="Svara").click()
    await check(page)
    await page.get_by_label("Vad hindrar er?").fill("Tiden")
    await page.get_by_role("button", name="Skicka").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("förseglat")
    await check(page)
    await page.get_by_role("link", name="Allt som är öppet för dig").click()
    await page.get_by_role("link", name="Svara").click()
    await expect(page.get_by_label("Vad hindrar er?")).to_have_value("")


async def test_where_there_is_nothing_axe_finds_nothing(browser: Browser) -> None:
    page = await browser("/notes/wrong", script=True)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Här finns ingenting")
    await check(page)
    browser.wrong = [one for one in browser.wrong if "404" not in one]
