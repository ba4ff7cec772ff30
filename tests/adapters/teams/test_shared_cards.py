"""Buttons under a card that a whole channel sees: the card stays, whatever answers the one who pressed."""

from __future__ import annotations

import pytest

from bot.domain.people import Language
from bot.domain.words import Text
from bot.handlers.events import Reply
from bot.messages import Action, Button, Card, Form, Notice, TextField
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import Person
from tests.fixtures.teams_stand_in import TeamsStandIn

pytestmark = pytest.mark.usefixtures("app")

ROUND = Card(
    "How was it?",
    buttons=(
        Button(Text("Vote"), Action("vote", "r1")),
        Button(Text("Take notes"), Action("note", "r1"), opens_form=True),
    ),
)
ELSEWHERE = Reply(None, Language.ENGLISH, elsewhere=True)


@pytest.fixture
async def anna(teams: TeamsStandIn, bot: Bot) -> Person:
    """Somebody in a channel, with a card that others see as well."""
    anna = teams.person("aad-1", name="Anna Ek")
    anna.go_to(teams.conversation("19:c@thread.tacv2;messageid=5", "channel"))
    bot.shows(ROUND)
    await anna.say("questions", mention=True)
    bot.inbound.clear()
    teams.calls.clear()
    return anna


@pytest.mark.parametrize("knows_execute", [True, False])
async def test_an_answer_is_asked_to_come_elsewhere(bot: Bot, anna: Person, knows_execute: bool) -> None:
    anna.knows_execute = knows_execute
    bot.answer = lambda _: ELSEWHERE
    await anna.press("Vote")
    (heard,) = bot.inbound
    assert not heard.opens_forms
    assert not heard.can_show(Card("Your ballot"))
    assert heard.can_show(Notice("Thank you.")) is knows_execute


async def test_the_card_stays_and_a_line_says_where_the_answer_comes(bot: Bot, anna: Person) -> None:
    bot.answer = lambda _: ELSEWHERE
    await anna.press("Vote")
    assert anna.toasts == ["The answer comes as a message."]
    assert anna.screen().startswith("How was it?")


async def test_who_cannot_be_written_to_alone_is_told_so(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    bot.answer = lambda _: ELSEWHERE
    teams.answer_next("create", 403)
    await anna.press("Vote")
    assert anna.toasts[0].startswith("I cannot write to you directly yet.")


async def test_a_short_word_is_said_at_the_card(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    bot.shows(Notice("That post is no longer on the board."))
    await anna.press("Vote")
    assert anna.toasts == ["That post is no longer on the board."]
    assert anna.screen().startswith("How was it?")
    assert not [call for call in teams.calls if call.operation != "member"]


async def test_a_form_still_opens_as_a_dialog(bot: Bot, anna: Person) -> None:
    bot.shows(Form("Notes", (TextField("note", Text("Answer")),), token="run.1", submit=Text("Send")))
    await anna.press("Take notes")
    assert bot.inbound[0].opens_forms
    assert anna.screen().startswith("Notes\n")
    bot.shows(Card("Thank you"))
    await anna.fill({"Answer": "more time"})
    await anna.submit("Send")
    await anna.close()
    assert anna.screen().startswith("How was it?")


async def test_in_ones_own_chat_answers_are_shown_at_once(bot: Bot, anna: Person) -> None:
    """The control of the first test: it is the channel that decides."""
    anna.go_to()
    bot.shows(ROUND)
    await anna.say("questions")
    await anna.press("Vote")
    assert bot.inbound[-1].can_show(Card("Your ballot"))
    assert bot.inbound[-1].opens_forms
