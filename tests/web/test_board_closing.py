"""The page of a board as its round closes, in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.domain.rounds import State
from bot.domain.words import Localised
from storage.rounds import Rounds
from tests.flows.samples import NOW
from tests.web.boards import ROUND
from tests.web.test_board_page import Opened, opened, site  # noqa: F401 - what the tests below ask for

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_to_do_while_answering_leaves_the_page_when_the_round_closes(opened: Opened) -> None:  # noqa: F811
    page = await opened()
    asked = replace(ROUND, id="r9", intro=Localised({"sv": "Utse en person."}))
    await page.goto(opened.origin + await opened.site.add(asked))
    await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
    await expect(page.get_by_text("Utse en person.")).to_be_visible()
    await opened.site.do(lambda c: Rounds(c, NOW).enter("r9", State.CLOSED, from_states=[State.OPEN]))
    await expect(page.get_by_text("Utse en person.")).to_be_hidden()
