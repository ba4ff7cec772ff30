"""The links to a workshop's page: whoever leads renews the room's, a coach their own, and the old ones open nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.flows import coaching, room_page
from bot.flows import workshops as words
from bot.messages import Card, View
from storage.links import Kind, Links
from tests.handlers.coached import Coached, coached
from tests.handlers.town import text


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Coached]:
    async with coached(engine_url) as opened:
        yield opened


def page(view: View | None) -> str:
    assert isinstance(view, Card), text(view)
    return next(button.url for button in view.buttons if "/workshop/" in button.url)


async def opens(here: Coached, address: str) -> bool:
    id = address.rpartition("/")[2].partition("-")[0]
    return await here.town.read(lambda c: Links(c, here.town.clock.now()).open(id, Kind.WORKSHOP)) is not None


async def test_whoever_leads_renews_the_rooms_link_once_they_have_said_yes(here: Coached) -> None:
    before = page((await here.cleo.press(words.CARD, "lund")).view)
    asked = await here.cleo.press(room_page.NEW_LINK, "lund")
    assert "stops working at once" in text(asked.view)
    assert await opens(here, before)
    after = page((await here.cleo.press(room_page.CONFIRM_NEW_LINK, "lund")).view)
    assert (await opens(here, before), await opens(here, after)) == (False, True)


async def test_a_new_link_for_the_room_leaves_the_coachs_and_other_workshops_alone(here: Coached) -> None:
    await here.appoint()
    coachs = page((await here.coach.press(coaching.COACHED, "lund")).view)
    whole = page((await here.admin.press(words.CARD, "whole")).view)
    await here.cleo.press(room_page.CONFIRM_NEW_LINK, "lund")
    assert (await opens(here, coachs), await opens(here, whole)) == (True, True)


@pytest.mark.parametrize("do", [room_page.NEW_LINK, room_page.CONFIRM_NEW_LINK])
async def test_nobody_renews_the_link_of_a_workshop_that_they_do_not_lead(here: Coached, do: str) -> None:
    await here.appoint()
    before = page((await here.admin.press(words.CARD, "habo")).view)
    for other in (here.cleo, here.coach):
        assert "leads this workshop" in text((await other.press(do, "habo")).view)
    assert await opens(here, before)


async def test_a_coach_renews_their_own_link(here: Coached) -> None:
    await here.appoint()
    before = page((await here.coach.press(coaching.COACHED, "whole")).view)
    renewed = (await here.coach.press(coaching.NEW_LINK, "whole")).view
    assert "The old link opens nothing any more." in text(renewed)
    assert (await opens(here, before), await opens(here, page(renewed))) == (False, True)


async def test_only_whoever_coaches_it_has_a_link_to_renew(here: Coached) -> None:
    for other in (here.cleo, here.coach):
        assert "/workshop/" not in text((await other.press(coaching.NEW_LINK, "whole")).view)


async def test_a_coach_who_is_appointed_again_gets_another_link(here: Coached) -> None:
    await here.appoint()
    before = page((await here.coach.press(coaching.COACHED, "whole")).view)
    await here.admin.press(coaching.CONFIRM_END, f"modell::{await here.id(here.coach)}")
    assert await here.posts() == []
    await here.appoint()
    after = page((await here.coach.press(coaching.COACHED, "whole")).view)
    assert (await opens(here, before), await opens(here, after)) == (False, True)
