"""The list of those who take part for an organisation, asked for in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from tests.flows.samples import FREE, words
from tests.handlers import newcomers_town
from tests.handlers.newcomers_town import WORKING, comes, contact, coordinator
from tests.handlers.town import Town, buttons, text
from tests.texts.resolving import translators

small = newcomers_town.on_sqlite
SWEDISH = translators(Language.SWEDISH)


@pytest.mark.parametrize("typed", ["vilka är med", "deltagare", "hvem deltar", "deltakarar", "who takes part"])
async def test_a_contact_sees_their_own_people_and_a_coordinator_the_organisations(small: Town, typed: str) -> None:
    small.clock.at = WORKING
    anna, _bo, kim = await contact(small), await comes(small, "bo"), await coordinator(small)
    assert "Who takes part for Lunds kommun" in text((await anna.say(typed)).view)
    assert "1 organisation takes part." in text((await kim.say(typed)).view)


async def test_the_list_by_name_is_a_contacts_own_people_and_for_a_coordinator_the_file(small: Town) -> None:
    small.clock.at = WORKING
    anna, _bo, kim = await contact(small), await comes(small, "bo"), await coordinator(small)
    assert "Who takes part for Lunds kommun" in text((await anna.say("deltakarliste")).view)
    assert "Participant list: Fika" in text((await kim.say("deltakarliste")).view)


async def test_of_several_programmes_a_coordinator_chooses_one(small: Town) -> None:
    await small.load(replace(FREE, id="annat", title=words("Annat")))
    await comes(small, "bo")
    kim = await coordinator(small)
    view = (await kim.say("vilka är med")).view
    assert {SWEDISH.say(one.label) for one in buttons(view)} == {"Fika", "Annat"}
    one = next(one for one in buttons(view) if SWEDISH.say(one.label) == "Fika")
    assert one.action is not None
    assert "1 organisation takes part." in text((await kim.press(one.action.do, one.action.about)).view)


async def test_whoever_looks_after_nobody_is_told_who_sees_it(small: Town) -> None:
    bo = await comes(small, "bo")
    assert "is shown to its contact" in text((await bo.say("vilka är med")).view)
