"""Buttons under messages that everybody in a channel sees: what answers one person is for that person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.messages import Card
from bot.ports import Address, Surface
from tests.handlers.test_voting import open_a_vote, voters
from tests.handlers.town import Person, Town, buttons, text

CHANNEL = Address("teams", "W1", "19:c", Surface.CHANNEL, {"name": "Råd"})
IN_TEAMS: Mapping[str, Any] = {
    "came_from": CHANNEL,
    "reference": "19:c|1",
    "opens_forms": False,
    "answers_inline": False,
    "notices_inline": True,
}
IN_SLACK: Mapping[str, Any] = {"came_from": CHANNEL, "reference": "C1:1700000000.000100"}
ON_WHISPER: Mapping[str, Any] = {"came_from": CHANNEL}  # what only this person sees has no reference


@pytest.fixture
async def anna(town: Town) -> Person:
    (anna,) = await voters(town, 1)
    return anna


async def test_the_way_to_the_ballot_comes_to_the_voters_own_chat_and_says_why(town: Town, anna: Person) -> None:
    await open_a_vote(town, 3)
    reply = await anna.press("vote", "r1", **IN_TEAMS)
    assert (reply.view, reply.elsewhere) == (None, True)
    assert "You pressed a button in Råd, where others see it" in (await anna.received())[-1]


async def test_a_vote_from_where_others_read_is_counted_and_not_said_in_any_message(town: Town, anna: Person) -> None:
    post, *_others = await open_a_vote(town, 3)
    reply = await anna.press("cast", f"r1 {post}", **{**IN_TEAMS, "reference": ""})
    assert (reply.view, reply.elsewhere) == (None, True)
    assert not any("You have voted for this" in said for said in await anna.received())
    assert "You have voted for this" in text((await anna.click("Vote")).view)


async def test_there_it_is_voted_in_place(town: Town, anna: Person) -> None:
    await open_a_vote(town, 3)
    await anna.press("vote", "r1", **IN_TEAMS)
    ballot = (await anna.click("Vote")).view
    action = next(button.action for button in buttons(ballot) if button.action)
    reply = await anna.press(action.do, action.about)
    assert reply.replaces
    assert "You have voted for this." in text(reply.view)


async def test_a_short_word_is_said_where_the_button_is(town: Town, anna: Person) -> None:
    reply = await anna.press("vote", "no-such-round", **IN_TEAMS)
    assert "no vote here any more" in text(reply.view)
    assert not any("no vote here" in said for said in await anna.received())


@pytest.mark.parametrize(("where", "replaces"), [(IN_SLACK, False), (IN_TEAMS, False), (ON_WHISPER, True), ({}, True)])
async def test_nobodys_ballot_takes_the_place_of_what_others_see(
    where: Mapping[str, Any], replaces: bool, town: Town, anna: Person
) -> None:
    post, *_others = await open_a_vote(town, 3)
    reply = await anna.press("cast", f"r1 {post}", **where)
    assert reply.replaces is replaces


async def test_in_slack_the_ballot_is_shown_to_the_voter_alone(town: Town, anna: Person) -> None:
    await open_a_vote(town, 3)
    reply = await anna.press("vote", "r1", **IN_SLACK)
    assert isinstance(reply.view, Card)
    assert not reply.replaces
