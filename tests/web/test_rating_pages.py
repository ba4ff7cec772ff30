"""Rating on pages without script: all of it in one form, for a guest alone and for a group by its link."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.domain.rounds import Box
from bot.domain.rules import NOTHING
from bot.flows import rating
from tests.handlers.rated import AREAS, COMMENT, STATEMENTS, all_of, counts, rated
from tests.handlers.urn_scenes import closed, opened, together
from tests.handlers.workshop import board, group, open_round
from tests.web.guest_site import GuestSite, guest_site, said, token_in
from tests.web.test_form_pages import Browser, browser, check

__all__ = ("browser",)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(sqlite_url: str) -> AsyncIterator[GuestSite]:
    async with guest_site(sqlite_url) as opened_site:
        yield opened_site


async def guests(site: GuestSite, number: int) -> list[str]:
    """The paths of their forms, once a round is open that asks them to rate."""
    pages = [(await site.guest(f"Gäst {n}"))[1] for n in range(number)]
    await opened(site.town, rated())
    return [f"{page}/r1" for page in pages]


async def send(site: GuestSite, path: str, **values: str) -> str:
    token = token_in(await site.page(path))
    answer = await site.send(path, token, {f"q.{id}": value for id, value in values.items()})
    return said(await answer.text())


async def test_a_guest_rates_everything_in_one_form_which_tells_nothing_of_what_was_sent_before(
    site: GuestSite,
) -> None:
    paths = await guests(site, 3)
    page = await site.page(paths[0])
    assert page.count('type="radio"') == 12 * 6
    assert "Ledning: Påstående 0" in said(page)
    assert "Part 1 of" not in said(page)
    assert "Your answer is sealed" in await send(site, paths[0], **all_of("1"))
    assert "checked" not in await site.page(paths[0])
    for path in paths:
        await send(site, path, q0="5", q11="2")
    await closed(site.town)
    assert await counts(site.town) == {("", "q0"): {5: 3}, ("", "q11"): {2: 3}}, "what is sent takes all its place"


async def test_nobody_who_has_a_guests_link_can_tell_whether_there_is_an_answer(site: GuestSite) -> None:
    """Not even by a form of a page that there is not: what is said depends on what is sent alone."""
    answered, new, _other = await guests(site, 3)
    await send(site, answered, **all_of("4"))
    for token, values in (("sealed.r1.write:1", {}), ("sealed.r1.write", {}), ("sealed.r1.write:1", {"q.q7": "1"})):
        told = {said(await (await site.send(path, token, values)).text()) for path in (answered, new)}
        assert len({one.replace("Gäst 0", "Gäst 1") for one in told}) == 1


async def test_a_group_rates_by_its_link_and_changes_its_mind_in_the_same_window(site: GuestSite) -> None:
    town, boxes = site.town, (Box("", NOTHING, (*STATEMENTS[:2], COMMENT)),)
    await open_round(town, "rated", boxes=boxes, areas=AREAS)
    path = await site.link(await group(town), "rated")
    token = token_in(await site.page(path))
    for chosen in ("4", "5", "4"):
        told = said(await (await site.send(path, token, {"ratings.q0": chosen, "texts.mer": "Tid"})).text())
        assert f"{chosen} of 5" in told
        assert sorted(await board(town, "rated")) == [("", "mer", "Tid"), ("", "q0", chosen)]
    assert "All of it is on the board already" in await _again(site, path, "4")
    assert "Don’t know" in await _again(site, path, rating.DONT_KNOW)
    assert await board(town, "rated") == [("", "mer", "Tid")]


async def _again(site: GuestSite, path: str, chosen: str) -> str:
    token = token_in(await site.page(path))
    return said(await (await site.send(path, token, {"ratings.q0": chosen})).text())


async def test_the_form_is_accessible_and_rated_by_keyboard_alone(browser: Browser) -> None:
    await together(browser.site.town, "anna", "bodil", "cecilia")
    _id, guest = await browser.site.guest()
    await opened(browser.site.town, rated("r1", *STATEMENTS[:3], COMMENT))
    page = await browser(f"{guest}/r1", script=True)  # as axe-core asks for; the page itself has none
    await check(page)
    await page.get_by_role("group", name="Påstående 1").get_by_role("radio").first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("group", name="Påstående 1").get_by_role("radio", name="2")).to_be_checked()
    await page.get_by_label("Något mer?").fill("x" * 1001)
    await page.get_by_role("button", name="Skicka").click()
    await expect(page.get_by_role("group", name="Påstående 1").get_by_role("radio", name="2")).to_be_checked()
    await check(page)


async def test_S1_on_a_phone_a_scale_is_one_row_with_its_meaning_at_both_ends(browser: Browser) -> None:
    await together(browser.site.town, "anna", "bodil", "cecilia")
    _id, guest = await browser.site.guest()
    await opened(browser.site.town, rated("r1", *STATEMENTS[:1]))
    page = await browser(f"{guest}/r1")
    boxes = [await step.bounding_box() for step in await page.locator(".step").all()]
    assert len(boxes) == 5
    assert {(box["y"], box["height"] >= 44) for box in boxes if box} == {(boxes[0] and boxes[0]["y"], True)}
    radios = page.get_by_role("radio")
    meanings = [await radios.nth(place).get_attribute("aria-label") for place in (0, 4)]
    assert await page.locator(".ends span").all_inner_texts() == meanings
    await radios.nth(2).click()
    await expect(radios.nth(2)).to_be_checked()
