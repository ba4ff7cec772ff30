"""Cards that Teams asks for again when they are looked at: always true, and never taken for a press."""

from __future__ import annotations

import pytest

from bot.adapters.teams import render
from bot.adapters.teams.app import TeamsApp
from bot.adapters.teams.wire import REFRESHABLE
from bot.domain.people import Language
from bot.handlers.events import Pressed, Said
from bot.messages import Action, Button, Card, Notice, View
from bot.ports import Address
from bot.texts import Translator
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import TENANT, Person
from tests.fixtures.teams_stand_in import TeamsStandIn
from tests.renderers.test_teams import check

pytestmark = pytest.mark.usefixtures("app")

MINE = Action("mine")


def seats(number: int) -> Card:
    return Card(f"{number} seats", buttons=(Button("Help", Action("help")),), refresh=MINE)


@pytest.fixture
async def anna(teams: TeamsStandIn, bot: Bot) -> Person:
    """Somebody with a card in front of them that says how it is drawn again."""
    anna = teams.person("aad-1", name="Anna")
    bot.shows(seats(3))
    await anna.say("my registrations")
    bot.inbound.clear()
    teams.calls.clear()
    return anna


def refreshing(data: object, trigger: str = "automatic") -> dict[str, object]:
    action = {"type": "Action.Execute", "verb": "refresh", "data": data}
    value = {"action": action, "trigger": trigger}
    return {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": "1"}


async def test_a_card_looked_at_again_shows_what_is_true_now(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    for number in (2, 1):
        bot.shows(seats(number))
        await anna.look()
        assert anna.screen().startswith(f"{number} seats")
    assert bot.events == [Pressed(MINE), Pressed(MINE)]
    assert teams.calls == []  # nothing is said, and nobody is looked up
    assert anna.toasts == []


async def test_its_buttons_still_work_and_its_own_change_is_seen(bot: Bot, anna: Person) -> None:
    bot.shows(seats(2))
    await anna.look()
    bot.shows(Card("Changed"), replaces=True)
    await anna.press("Help")
    assert anna.messages() == ["Changed"]


async def test_a_sent_card_is_refreshed_too(bot: Bot, anna: Person, app: TeamsApp, teams: TeamsStandIn) -> None:
    address = Address(
        "teams", TENANT, "aad-1", details={"service_url": teams.service_url, "conversation": anna.chat.id}
    )
    reference = await app.platform.send(address, seats(5), Language.ENGLISH, outbox="o")
    await app.platform.update(address, reference, seats(4), Language.ENGLISH)
    bot.shows(seats(1))
    await anna.look()
    assert anna.messages() == ["1 seats\n[Help]"] * 2


@pytest.mark.parametrize(
    "view",
    [
        None,
        Notice("Only coordinators can see this."),
        Card("That did not work"),
        Card("Of another programme", refresh=Action("programme", "p")),
        Card("Too long", body=("x" * 50_000,), refresh=MINE),
    ],
)
async def test_what_cannot_be_drawn_again_stays_as_it_is(view: View | None, bot: Bot, anna: Person) -> None:
    bot.shows(view)
    await anna.look()
    assert (anna.messages(), anna.toasts) == (["3 seats"], [])


@pytest.mark.parametrize(
    "data",
    [
        {"do": "cancel r1"},  # a press of ours, but nobody pressed
        {"form": "run.1", "one-name": "Anna"},
        {"back": "run.1"},
        {"refresh": "cancel r1"},
        {"refresh": "undo r1"},
        {"refresh": ""},
        {"refresh": ["mine"]},
        {},
        None,
    ],
)
async def test_looking_does_nothing_else(data: object, bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    assert await teams.post(anna.activity(**refreshing(data))) == (200, None)
    assert bot.events == []


async def test_the_same_words_pressed_are_heard(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    """The control of the test above: it is the trigger that decides."""
    await teams.post(anna.activity(**refreshing({"do": "cancel r1"}, trigger="manual")))
    assert bot.events == [Pressed(Action("cancel", "r1"), "a:aad-1|1")]


async def test_asked_for_in_the_menu_of_the_message_it_is_the_same(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    bot.shows(seats(2))
    status, answer = await teams.post(anna.activity(**refreshing({"refresh": "mine"}, trigger="manual")))
    assert (status, answer["type"]) == (200, render.CONTENT_TYPE)


async def test_looking_in_a_group_makes_nobody_known(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    anna.go_to(teams.conversation("19:g@thread.v2", "groupChat"))
    await anna.say("my registrations", mention=True)
    assert "refresh" not in anna.place.messages[0].activity["attachments"][0]["content"]
    assert await teams.post(anna.activity(**refreshing({"refresh": "mine"}))) == (200, None)
    assert bot.events == [Said("my registrations")]


def test_a_card_that_is_refreshed_is_one_that_teams_takes(translator: Translator) -> None:
    (message,) = render.activities(seats(3), translator, refreshes=True)
    drawn = message["attachments"][0]["content"]
    check(drawn)
    assert drawn["refresh"]["action"]["data"] == {"refresh": "mine"}  # without userIds: everybody, up to 60


def test_only_whole_cards_in_the_chat_are_refreshed(translator: Translator) -> None:
    long = Card("Board", body=tuple("note " * 100 for _ in range(100)), refresh=MINE)
    parts = render.activities(long, translator, refreshes=True)
    assert len(parts) > 1
    assert all("refresh" not in part["attachments"][0]["content"] for part in parts)
    assert "refresh" not in render.card(seats(1), translator, dialog=True, refreshes=True)
    assert "refresh" not in render.card(seats(1), translator, dialog=False)


def test_every_action_that_may_be_refreshed_is_a_route() -> None:
    from bot.handlers.routes import ROUTES  # only here are the handlers needed

    assert set(ROUTES) >= REFRESHABLE


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Translator:
    return Translator(Language.ENGLISH, tmp_path_factory.mktemp("no-catalogues"))
