"""A SWOT analysis in four boxes, what the organiser supplies, and links: on the page of a board, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.domain.rounds import Round, State
from bot.flows.round_drafts import of_set
from tests.fixtures.chromium import violations
from tests.fixtures.sample_programmes import samples
from tests.flows.samples import NOW
from tests.web.boards import PROGRAMME
from tests.web.test_board_page import Opened, opened, site  # noqa: F401 - what the tests below ask for

pytestmark = pytest.mark.asyncio(loop_scope="session")

ORDER = ["styrkor", "svagheter", "mojligheter", "hot"]
BOXES = "[...document.querySelectorAll('.question')].map(e => e.getBoundingClientRect()).map(r => [r.x, r.y, r.width])"
LINKS = "[...document.querySelectorAll('.text a')].map(a => [a.getAttribute('href'), a.rel, a.target, a.textContent])"
SAFE = ("noopener noreferrer nofollow", "_blank")


def sample(asked: str) -> Round:
    programme = samples()["digibarometer"]
    found = programme.question_set(asked)
    assert found is not None
    made = of_set(found, programme, NOW)
    return replace(made, id=asked, programme=PROGRAMME.id, state=State.OPEN)


async def shown(opened: Opened, asked: str, **size: Any) -> Page:  # noqa: F811
    """The board of a set of the sample, in a window of this size."""
    link = await opened.site.link(asked)
    page = await opened("", **size)
    await page.goto(opened.origin + link)
    return page


async def swot(opened: Opened, **size: Any) -> Page:  # noqa: F811
    await opened.site.add(sample("swot"))
    for question in ORDER:
        await opened.site.put_up(f"Om {question}", "Ä" * 400, box="", question=question, round="swot")
    return await shown(opened, "swot", **size)


async def test_four_questions_stand_two_by_two_on_a_projector_and_below_each_other_on_a_phone(
    opened: Opened,  # noqa: F811
) -> None:
    page = await swot(opened, width=1920, height=1080)
    (a, b, c, d) = await page.evaluate(BOXES)
    assert (a[1], c[1], a[0], b[0]) == (b[1], d[1], c[0], d[0])
    assert a[0] + a[2] <= b[0]
    assert a[1] < c[1]
    await page.set_viewport_size({"width": 390, "height": 844})
    found = await page.evaluate(BOXES)
    assert len({x for x, _y, _width in found}) == 1
    assert [y for _x, y, _width in found] == sorted(y for _x, y, _width in found)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_four_questions_are_read_in_the_order_in_which_they_are_asked(opened: Opened) -> None:  # noqa: F811
    page = await swot(opened)
    asked = samples()["digibarometer"].question_set("swot")
    assert asked is not None
    assert await page.locator("h2").all_inner_texts() == [one.text.wordings["sv"] for one in asked.questions]
    assert await violations(page) == []
    await page.get_by_role("button", name="Mörk").click()
    assert await violations(page) == []


async def test_on_paper_they_stand_two_by_two(opened: Opened) -> None:  # noqa: F811
    page = await swot(opened, width=794, height=1123)
    await page.emulate_media(media="print")
    (a, b, c, d) = await page.evaluate(BOXES)
    assert (a[1], c[1], a[0], b[0]) == (b[1], d[1], c[0], d[0])


async def test_control_other_questions_do_not_stand_two_by_two(opened: Opened) -> None:  # noqa: F811
    await opened.site.add(sample("omvarld"))
    page = await shown(opened, "omvarld", width=1920, height=1080)
    assert len({y for _x, y, _width in await page.evaluate(BOXES)}) == 1


async def test_what_the_organiser_supplies_stands_first_and_says_so(opened: Opened) -> None:  # noqa: F811
    await opened.site.add(sample("omvarld"))
    await opened.site.put_up("Vårt eget", box="", question="trender", round="omvarld")
    page = await shown(opened, "omvarld")
    first = page.locator(".question").first
    assert (await first.locator(".from").inner_text(), await first.locator(".supplied li").count()) == (
        "Från arrangören",
        3,
    )
    assert "Sverige ska detaljplaner" in (await first.locator(".text").all_inner_texts())[0]
    assert (await first.locator(".text").all_inner_texts())[-1] == "Vårt eget"
    assert await page.locator(".question").last.locator(".from").count() == 0
    assert await first.locator(".count").inner_text() == "1 inlägg"
    assert await violations(page) == []


async def test_links_lead_safely_and_are_the_same_when_they_arrive_by_themselves(opened: Opened) -> None:  # noqa: F811
    said = "Se https://example.org/a?x=1&y=2. Och http://örebro.example! javascript:alert(1) https://a.se@evil.example"
    await opened.site.add(sample("swot"))
    await opened.site.put_up(said, box="", question="hot", round="swot")
    page = await shown(opened, "swot")
    await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
    await opened.site.put_up(said, box="", question="styrkor", round="swot")
    await expect(page.locator(".post")).to_have_count(2)
    expected = [
        ["https://example.org/a?x=1&y=2", *SAFE, "https://example.org/a?x=1&y=2"],
        ["http://xn--rebro-iua.example", *SAFE, "http://örebro.example"],
    ]
    assert await page.evaluate(LINKS) == expected * 2
    arrived, there = await page.locator(".post .text").all_inner_texts()
    assert arrived == there == said.replace("örebro.example", "örebro.example (xn--rebro-iua.example)")
