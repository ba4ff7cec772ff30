"""What people answer without their name: in Teams only ever in a dialog, which leaves nothing in the conversation."""

from __future__ import annotations

import pytest

from bot.domain.words import Text
from bot.flows import sealing
from bot.messages import Action, Button, Card, Form, TextField
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import Person
from tests.fixtures.teams_stand_in import TeamsStandIn

pytestmark = pytest.mark.usefixtures("app")

ANSWER = Card("How is it going?", buttons=(Button(Text("Answer"), Action("seal", "r1"), opens_form=True),))
PLAIN = Card("How is it going?", buttons=(Button(Text("Answer"), Action("seal", "r1")),))
FORM = Form(
    "How is it going?",
    (TextField("q.one", Text("What hinders you?"), required=False, long=True, max_chars=1000),),
    submit=Text("Send"),
    values={"q.one": "SECRET"},
    token=sealing.token("r1"),
)


@pytest.fixture
async def anna(teams: TeamsStandIn, bot: Bot) -> Person:
    person = teams.person("aad-1", name="Anna Ek", email="anna@lund.se")
    await _see(bot, person, ANSWER)
    return person


async def _see(bot: Bot, person: Person, card: Card) -> None:
    bot.shows(card)
    await person.say("hello")
    bot.inbound.clear()


async def test_the_button_opens_a_dialog_and_nothing_of_it_stays_in_the_chat(bot: Bot, anna: Person) -> None:
    bot.shows(FORM)
    await anna.press("Answer")
    assert bot.inbound[-1].in_window
    assert "SECRET" in anna.screen()
    bot.shows(Card("Thank you"))
    await anna.submit("Send")
    assert bot.inbound[-1].in_window
    assert "SECRET" not in str([message.activity for message in anna.chat.messages])


@pytest.mark.parametrize("knows_execute", [True, False], ids=["new client", "old client"])
async def test_a_button_that_opens_no_dialog_is_known_as_such(bot: Bot, anna: Person, *, knows_execute: bool) -> None:
    """Where the form would be a card in the chat, and stay there."""
    anna.knows_execute = knows_execute
    await _see(bot, anna, PLAIN)
    await anna.press("Answer")
    assert not bot.inbound[-1].in_window
