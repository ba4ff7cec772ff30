"""Addresses that are made to deceive, on the board in a real browser: each link leads where the reader sees it lead."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.web.test_board_page import ALIEN, Opened, opened, site

__all__ = ["opened", "site"]  # fixtures

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRICKS = (
    "https://bank.example@evil.example/",
    "https://bank.example%40evil.example/",
    "https://bank.example\t@evil.example",
    "https://bank.example\\@evil.example",
    "https://bank.example#@evil.example/ https://bank.example?@evil.example/",
    "https://bаnk.example/ https://bank。example/ https://bank.example／evil.example/",
    "https://bank.example\u2025evil.example/ https://bank.example\u202egnp.exe",
    "https://xn--bnk-7cd.example/ HTTPS://BANK.EXAMPLE/A",
    "https://bank.example:443＠evil.example/ https://bank.example:80:80/",
    "https:///evil.example https:/\\evil.example https:evil.example //evil.example",
    "java\tscript:alert(1) java\nscript:alert(1) \x01javascript:alert(1) vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "http://0x7f.1/ http://127.1/ http://localhost./ http://[::ffff:127.0.0.1]/ http://2130706433/",
    "https://bank.example/" + "(" * 60 + "x" + ")" * 80,
    "https://bank.example/" + "å" * 400,
    "https://bank.example/'onmouseover='alert(1) https://bank.example/\"onmouseover=\"alert(1)",
    "blob:https://bank.example/x view-source:https://bank.example file:///etc/passwd",
)
DECEIVING = """[...document.querySelectorAll('.post .text a')].filter(a => {
  const shown = a.textContent.toLowerCase().replace(/^https?:\\/\\//, '').split(/[/?#:]/)[0];
  const label = a.nextElementSibling?.matches('.host') ? a.nextElementSibling.textContent : '';
  return a.username || a.password || !['http:', 'https:'].includes(a.protocol)
    || ![shown, label.slice(1, -1)].includes(a.hostname);
}).map(a => `${a.textContent} -> ${a.href}`)"""


async def arrived(page: Page, number: int) -> None:
    await expect(page.locator("#q-2-1 .post")).to_have_count(3 + number)


async def test_no_link_leads_elsewhere_than_it_says_when_it_is_there_and_when_it_arrives(opened: Opened) -> None:
    await opened.site.put_up(*TRICKS)
    page = await opened()
    await opened.site.put_up(*TRICKS, question="bidra")
    await arrived(page, len(TRICKS))
    assert await page.locator(".post .text a").count() >= 20
    assert await page.evaluate(DECEIVING) == []
    assert await page.evaluate(ALIEN) == []


async def test_control_the_check_sees_a_link_that_deceives(opened: Opened) -> None:
    page = await opened()
    await page.evaluate(
        "document.querySelector('.post .text').innerHTML = '<a href=\"https://evil.example/\">https://bank.example/</a>'"
    )
    assert len(await page.evaluate(DECEIVING)) == 1
