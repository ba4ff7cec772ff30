"""C2, N3: the way to the board on the web, and who is shown it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.rounds import State
from bot.flows.boards import CONFIRM_NEW_LINK, NEW_LINK
from bot.messages import Card, View
from tests.handlers import followed
from tests.handlers.followed import (
    CHANNELS,
    LUND,
    pass_time,
    put,
    stands,
)
from tests.handlers.town import Town, buttons, text
from tests.handlers.workshop import MODEL, ROUND, channel, group, open_round

town, small_town = followed.on_both, followed.on_sqlite


async def test_whoever_takes_part_is_shown_the_way(town: Town) -> None:
    anna = town.person("anna")
    await group(town, "chefer", "A", anna)
    await put(town, "First", "Second")
    shown = await anna.press("board", ROUND)
    assert "2 posts" in text(shown.view)
    assert "https://bot.example.org/board/" in text(shown.view)
    assert text(shown.view).rstrip().endswith("?language=en")  # hers, whatever her browser prefers
    assert "New link" not in _labels(shown.view)


async def test_others_are_kindly_refused_unless_they_read_a_channel_that_shows_it(town: Town) -> None:
    bo = town.person("bo", "slack", "S1")
    assert "for those who take part" in text((await bo.press("board", ROUND)).view)
    assert "https://bot.example.org/board/" in text((await bo.press("board", ROUND, came_from=LUND)).view)
    elsewhere = channel("C5", "slack", "S1")
    assert "for those who take part" in text((await bo.press("board", ROUND, came_from=elsewhere)).view)


@pytest.mark.parametrize("state", [State.PLANNED, State.WITHDRAWN])
async def test_there_is_no_way_to_a_board_that_is_not_there(small_town: Town, state: State) -> None:
    await open_round(small_town, "other", state=state)
    admin = small_town.person("admin")
    for about in ("other", "nonsense"):
        assert "no board here" in text((await admin.press("board", about)).view)


async def test_the_only_board_is_shown_to_whoever_asks_for_it_in_words(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await group(town, "chefer", "A", anna)
    await open_round(town, "planned", state=State.PLANNED)
    for typed in ("öppna tavlan", "tavlan", "åpne tavla", "opne tavla", "open the board"):
        assert "https://bot.example.org/board/" in text((await anna.say(typed)).view)
    assert "There is no board for you yet." in text((await bo.say("öppna tavlan")).view)


async def test_of_several_boards_one_is_chosen(small_town: Town) -> None:
    anna = small_town.person("anna")
    await group(small_town, "chefer", "A", anna)
    await open_round(small_town, "other")
    card = (await anna.say("tavlan")).view
    assert "Which board?" in text(card)
    chosen = [one.action for one in buttons(card) if one.action is not None]
    assert {one.about for one in chosen} == {ROUND, "other"}
    assert "https://bot.example.org/board/" in text((await anna.press(chosen[0].do, chosen[0].about)).view)


async def test_a_new_link_closes_the_old_one_and_the_channels_are_given_it(town: Town) -> None:
    admin = town.person("admin")
    await put(town, "First")
    await pass_time(town)
    before = _address((await admin.press("board", ROUND)).view)
    assert before in stands(town)[0]
    asked = await admin.press(NEW_LINK, ROUND)
    assert "stops working at once" in text(asked.view)
    after = _address((await admin.press(CONFIRM_NEW_LINK, ROUND)).view)
    await pass_time(town)
    assert before != after
    assert all(after in stands(town, where)[0] and before not in stands(town, where)[0] for where in CHANNELS)


@pytest.mark.parametrize("action", [NEW_LINK, CONFIRM_NEW_LINK])
async def test_only_coordinators_give_new_links(small_town: Town, action: str) -> None:
    anna = small_town.person("anna")
    await group(small_town, "chefer", "A", anna)
    before = _address((await anna.press("board", ROUND)).view)
    assert "Only coordinators" in text((await anna.press(action, ROUND)).view)
    assert _address((await anna.press("board", ROUND)).view) == before


def _labels(view: View | None) -> list[str]:
    assert isinstance(view, Card)
    return [getattr(button.label, "message", "") for button in view.buttons]


def _address(view: View | None) -> str:
    assert isinstance(view, Card)
    return next(button.url for button in view.buttons if button.url).partition("?")[0]


async def test_a_round_of_a_programme_that_is_gone_stops_nothing(small_town: Town) -> None:
    await small_town.load(replace(MODEL, id="other"))
    await open_round(small_town, "r3", programme=replace(MODEL, id="other"))
    await put(small_town, "First")
    await pass_time(small_town)
    assert len(stands(small_town)) == 1
