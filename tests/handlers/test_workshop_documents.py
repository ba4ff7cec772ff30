"""What a workshop gave as Word: for the contact of its organisation, that organisation's part and nothing of others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from bot.domain.plans import PlanRow
from bot.flows import buttons, documents
from bot.flows import workshops as words
from bot.handlers import shelf
from bot.handlers.events import Left
from bot.handlers.shelf import Shelf
from bot.handlers.visit import Visit
from bot.messages import Card, View
from storage.links import Kind, Links
from storage.plans import Plans
from tests.flows.samples import HABO, LUND
from tests.handlers.town import buttons as all_buttons
from tests.handlers.town import text
from tests.handlers.workshop import group
from tests.handlers.workshop_town import PROGRAMME, Day, contact, lund


@pytest.fixture
async def day(engine_url: str) -> AsyncIterator[Day]:
    """Lund's workshop is over; Habo has a group and a plan of its own."""
    async with lund(engine_url) as opened:
        await group(opened.town, "", "Habogruppen", opened.other, programme=PROGRAMME.id, organisation_key=HABO.key)
        await opened.town.work.run(lambda c: _plans(opened, c))
        await opened.begin()
        await opened.to("swot")
        yield opened


def _plans(day: Day, connection: Connection) -> None:
    for one in (LUND, HABO):
        row = PlanRow(f"row-{one.key}", PROGRAMME.id, one.key, one.name, f"Det vi gör i {one.name}", "")
        Plans(connection, day.town.clock.now()).keep(row)


async def end(day: Day) -> View | None:
    await day.press(words.CONFIRM_END)
    return day.card()


async def asked(day: Day) -> str:
    return (await day.round("swot")).id


def page(view: View | None) -> str:
    assert isinstance(view, Card), text(view)
    return next(one.url for one in view.buttons if "/documents/" in one.url)


async def opens(day: Day, address: str) -> Shelf | None:
    id = address.rpartition("/documents/")[2].partition("-")[0]

    def open(connection: Connection) -> Shelf | None:
        visit = Visit(connection, day.town.clock.now(), day.town.surroundings)
        link = Links(connection, visit.now).open(id, Kind.DOCUMENTS)
        return shelf.opened(visit, link.about) if link is not None else None

    return await day.town.read(open)


async def test_the_closing_card_leads_the_contact_to_word_of_their_own_organisation(day: Day) -> None:
    over = await end(day)
    assert "The workshop is over" in text(over)
    way = next(one.action for one in all_buttons(over) if one.action and one.action.do == buttons.DOCUMENTS)
    found = await opens(day, page((await day.leader.press(way.do, way.about)).view))
    assert found is not None
    said = shelf.whole(found)
    assert [plan.organisation for plan in said.plans] == [LUND.name]
    assert said.about == LUND.name
    assert said.missing is not None
    assert "Habogruppen" not in said.missing.groups
    assert list(found.organisations) == [LUND.key]


async def test_nobody_else_of_the_programme_downloads_it(day: Day) -> None:
    await end(day)
    await contact(day, day.other, HABO.key)
    for who in (day.people[0], day.other, day.stranger):
        for do in (buttons.DOCUMENTS, documents.NEW_LINK):
            assert "Only coordinators" in text((await who.press(do, await asked(day))).view)


async def test_a_contact_downloads_no_round_that_everybody_is_asked(day: Day) -> None:
    await day.town.work.run(lambda c: Links(c, day.town.clock.now()).give_out(Kind.DOCUMENTS, "whole"))
    assert "Only coordinators" in text((await day.leader.press(buttons.DOCUMENTS, "whole")).view)


async def test_the_link_ends_with_the_post_and_is_another_one_for_coordinators(day: Day) -> None:
    about = await asked(day)
    mine = page((await day.leader.press(buttons.DOCUMENTS, about)).view)
    whole = page((await day.town.person("admin").press(buttons.DOCUMENTS, about)).view)
    assert mine != whole
    await contact(day, day.leader, LUND.key, ends=True)
    assert await opens(day, mine) is None
    assert await opens(day, whole) is not None
    assert "Only coordinators" in text((await day.leader.press(buttons.DOCUMENTS, about)).view)


async def test_the_link_opens_nothing_for_a_contact_whose_account_was_closed(day: Day) -> None:
    mine = page((await day.leader.press(buttons.DOCUMENTS, await asked(day))).view)
    assert await opens(day, mine) is not None
    await day.leader.send(Left())
    assert await opens(day, mine) is None


async def test_a_new_link_closes_the_contacts_own_and_no_other(day: Day) -> None:
    about = await asked(day)
    mine = page((await day.leader.press(buttons.DOCUMENTS, about)).view)
    whole = page((await day.town.person("admin").press(buttons.DOCUMENTS, about)).view)
    anew = page((await day.leader.press(documents.NEW_LINK, about)).view)
    assert [await opens(day, one) is not None for one in (mine, anew, whole)] == [False, True, True]
