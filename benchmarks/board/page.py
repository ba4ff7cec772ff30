"""How long a browser works on a board, and what the page weighs."""

from __future__ import annotations

import re
import shutil
from urllib.request import urlopen

from playwright.async_api import async_playwright

_SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu")


def weight(url: str) -> int:
    """Bytes of the page and of everything that it loads, uncompressed."""
    page = _read(url)
    files = re.findall(r'"(/board/static/[^"]+)"', page.decode())
    host = url.partition("/board/")[0]
    return len(page) + sum(len(_read(host + file)) for file in files)


def _read(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - a server of ours
        content: bytes = answer.read()
        return content


async def working(url: str, posts: int, *, rounds: int) -> list[float]:
    """Seconds of script, style and layout until the page is drawn and follows the board, in each round."""
    seconds = []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=[*_SWITCHES])
        for _ in range(rounds + 1):  # the first one is not counted: the browser is being started
            page = await browser.new_page(viewport={"width": 1920, "height": 1080})
            asked = await page.context.new_cdp_session(page)
            await asked.send("Performance.enable")
            await page.goto(url)
            await page.wait_for_selector("#live.on")
            found = {one["name"]: one["value"] for one in (await asked.send("Performance.getMetrics"))["metrics"]}
            seconds.append(sum(found[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")))
            assert await page.locator(".post").count() == posts, "not all posts are there"
            await page.close()
        await browser.close()
    return seconds[1:]
