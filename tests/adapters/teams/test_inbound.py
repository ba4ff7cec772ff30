"""What people do in Teams, as the bot hears it, and its answers, as they see them."""

from __future__ import annotations

import pytest

from bot.adapters.teams.app import TeamsApp
from bot.domain.people import Actor, Language
from bot.domain.words import Text
from bot.handlers.events import (
    AddedToChannel,
    Inbound,
    Left,
    OpenedHome,
    Pressed,
    Reply,
    Said,
    Submitted,
    Untaken,
    WentBack,
)
from bot.messages import Action, Answer, Button, Card, ChoiceField, Form, Item, Notice, Option, TextField, View
from bot.ports import Surface
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import TENANT, Person
from tests.fixtures.teams_stand_in import TeamsStandIn

pytestmark = pytest.mark.usefixtures("app")

DAYS = (Option("o1", "15 March"), Option("o2", "16, 17 March"), Option("o3", "18 March"))
FORM = Form(
    title="Registration",
    fields=(TextField("name", Text("Name")), ChoiceField("days", Text("Meetings"), DAYS, many=True)),
    submit=Text("Confirm"),
    token="run.1",
    can_go_back=True,
)
MENU = Card(
    "Programmes",
    items=(
        Item("Masterclass", buttons=(Button(Text("Register"), Action("register", "m"), opens_form=True),)),
        Item("AI tour", buttons=(Button(Text("Register"), Action("register", "t"), opens_form=True),)),
    ),
    buttons=(Button(Text("Help"), Action("help")), Button(Text("Board"), url="https://board.example/1")),
)
DONE = Card("You are registered", body=("See you there.",))


@pytest.fixture
def anna(teams: TeamsStandIn) -> Person:
    return teams.person("aad-1", name="Anna Ek", email="anna@lund.se")


async def see(bot: Bot, person: Person, view: View) -> None:
    """Have a card in front of the person."""
    bot.shows(view)
    await person.say("hello")
    bot.inbound.clear()


async def test_words_reach_the_bot_with_who_and_where(bot: Bot, anna: Person) -> None:
    await anna.say("register")
    heard = bot.inbound[0]
    assert heard.event == Said("register")
    assert heard.actor == Actor("teams", TENANT, "aad-1")
    assert heard.came_from.conversation == "aad-1"
    assert heard.came_from.surface is Surface.PERSON
    assert (heard.opens_forms, heard.answers_inline) == (True, False)
    assert anna.status == 200


async def test_who_someone_is_is_asked_of_teams_until_it_is_known(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    await anna.say("hello")
    bot.known.add(bot.inbound[0].actor)
    await anna.say("hello again")
    profile, later = (inbound.profile for inbound in bot.inbound)
    assert profile is not None
    assert (profile.name, profile.email, profile.zone) == ("Anna Ek", "anna@lund.se", "Europe/Stockholm")
    assert profile.language is Language.ENGLISH
    assert later is None
    assert [call.operation for call in teams.calls] == ["member"]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("da-DK", Language.BOKMAL),
        ("fi_FI", Language.SWEDISH),
        ("no", Language.BOKMAL),
        ("nn-NO", Language.NYNORSK),
        ("de-DE", None),
    ],
)
async def test_danes_are_spoken_to_in_bokmal_and_finns_in_swedish(
    bot: Bot, anna: Person, locale: str, language: Language | None
) -> None:
    anna.locale = locale
    await anna.say("hello")
    profile = bot.inbound[0].profile
    assert profile is not None
    assert profile.language is language


async def test_where_the_event_has_no_language_its_client_has(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    anna.locale = "nn-NO"
    await teams.post(anna.activity(type="message", text="hello", locale=""))
    profile = bot.inbound[0].profile
    assert profile is not None
    assert profile.language is Language.NYNORSK


async def test_a_directory_that_fails_leaves_what_the_event_says(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    teams.answer_next("member", 500)
    await anna.say("hello")
    profile = bot.inbound[0].profile
    assert profile is not None
    assert (profile.name, profile.email) == ("Anna Ek", "")


async def test_a_button_that_opens_a_form_opens_a_dialog(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(FORM)
    await anna.press("Register", near="AI tour")
    menu = anna.chat.messages[0]
    assert bot.events == [Pressed(Action("register", "t"), reference=f"a:aad-1|{menu.id}")]
    assert anna.screen().startswith("Registration\n")
    assert "[Confirm]" in anna.screen()


async def test_a_dialog_is_filled_in_and_answered(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(FORM)
    await anna.press("Register", near="AI tour")
    await anna.fill({"Name": "Anna", "Meetings": ["15", "16, 17"]})
    bot.shows(DONE)
    await anna.submit("Confirm")
    assert bot.events[-1] == Submitted("run.1", {"name": "Anna", "days": ("o1", "o2")})
    assert "See you there." in anna.screen()
    await anna.press("Close")
    assert "[Help]" in anna.screen()


async def test_a_refused_form_comes_back_filled_in_with_its_reasons(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    values: dict[str, Answer] = {"name": "Ann%a, Bo", "days": ("o2",)}
    refused = Form(FORM.title, FORM.fields, values=values, errors={"name": "One name."}, refusal="Full.", token="run.1")
    bot.shows(refused)
    await anna.press("Register", near="Masterclass")
    assert anna.screen().splitlines()[:2] == ["Registration", "Full."]
    assert "Name: Ann%a, Bo\nOne name." in anna.screen()
    await anna.submit()
    assert bot.events[-1] == Submitted("run.1", values)


async def test_the_back_button_needs_no_answers(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(FORM)
    await anna.press("Register", near="Masterclass")
    await anna.back()
    assert bot.events[-1] == WentBack("run.1")


async def test_the_client_itself_asks_for_what_is_missing(bot: Bot, anna: Person) -> None:
    await see(bot, anna, FORM)
    await anna.submit("Confirm")
    assert bot.inbound == []
    assert "Please fill this in." in anna.screen()


async def test_a_typed_word_gets_its_form_in_the_chat(bot: Bot, anna: Person) -> None:
    await see(bot, anna, FORM)
    await anna.fill({"Name": "Anna", "Meetings": ["18 March"]})
    bot.shows(DONE)
    await anna.submit("Confirm")
    assert bot.events == [Submitted("run.1", {"name": "Anna", "days": ("o3",)})]
    assert anna.messages() == ["You are registered\nSee you there."]  # the form became its receipt, for good


@pytest.mark.parametrize("knows_execute", [True, False])
async def test_a_pressed_button_is_answered_below(bot: Bot, anna: Person, knows_execute: bool) -> None:
    anna.knows_execute = knows_execute
    await see(bot, anna, MENU)
    bot.shows(Card("Help"))
    await anna.press("Help")
    assert [type(event) for event in bot.events] == [Pressed]
    assert [text.splitlines()[0] for text in anna.messages()][:2] == ["Programmes", "Help"]


async def test_an_old_client_answers_a_form_too(bot: Bot, anna: Person) -> None:
    anna.knows_execute = False
    await see(bot, anna, FORM)
    await anna.fill({"Name": "Anna", "Meetings": ["15", "18"]})
    bot.shows(DONE)
    await anna.submit("Confirm")
    assert bot.events == [Submitted("run.1", {"name": "Anna", "days": ("o1", "o3")})]
    assert anna.messages() == ["You are registered\nSee you there."]


async def test_a_view_that_replaces_changes_the_message_for_everyone(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(DONE, replaces=True)
    await anna.press("Help")
    assert anna.messages() == ["You are registered\nSee you there."]


async def test_a_notice_answers_a_button_in_passing(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(Notice("Thank you."))
    await anna.press("Help")
    assert anna.toasts == ["Thank you."]
    assert len(anna.chat.messages) == 1


async def test_a_button_without_an_answer_says_that_one_comes(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    bot.shows(None)
    await anna.press("Help")
    assert anna.toasts == ["The answer comes as a message."]


async def test_a_link_leads_outside(bot: Bot, anna: Person) -> None:
    await see(bot, anna, MENU)
    assert await anna.press("Board") == "https://board.example/1"
    assert bot.inbound == []


async def test_installing_opens_the_conversation_and_removing_leaves_it(bot: Bot, anna: Person) -> None:
    await anna.open_home()
    await anna.uninstall()
    assert bot.events == [OpenedHome(), OpenedHome(), Left()]


async def test_what_could_not_be_noted_is_told_to_teams(bot: Bot, anna: Person) -> None:
    def breaks(_: Inbound) -> Reply:
        raise Untaken

    bot.answer = breaks
    await anna.uninstall_in_vain()
    assert anna.status == 503
    bot.shows(None)
    await anna.uninstall()
    assert anna.status == 200


async def test_in_a_channel_only_what_mentions_the_bot_is_heard(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    anna.go_to(teams.conversation("19:c@thread.tacv2;messageid=5", "channel"))
    bot.shows(Notice("Hello, all"))
    await anna.say("who is Lärträff?")
    await anna.say("who is Lärträff?", mention=True)
    (heard,) = bot.inbound
    assert heard.event == Said("who is Lärträff?")
    assert (heard.opens_forms, heard.came_from.surface) == (False, Surface.CHANNEL)
    assert heard.came_from.conversation == "19:c@thread.tacv2"
    assert heard.alone is not None  # where the person can be answered in private
    assert (heard.alone.conversation, heard.alone.details.get("conversation")) == ("aad-1", None)
    assert teams.calls[-1].conversation == "19:c@thread.tacv2;messageid=5"  # answered in its thread
    assert heard.message.startswith("19:c@thread.tacv2;messageid=5|")


async def test_a_form_in_a_channel_is_shown_to_the_person_alone(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    anna.go_to(teams.conversation("19:g@thread.v2", "groupChat"))
    bot.shows(MENU)
    await anna.say("programmes", mention=True)
    bot.shows(FORM)
    await anna.press("Help")
    await anna.fill({"Name": "Anna", "Meetings": ["15"]})
    bot.shows(DONE)
    await anna.submit("Confirm")
    assert "See you there." in anna.screen()
    assert [call.operation for call in teams.calls if call.operation != "member"] == ["send"]


async def test_the_bot_added_to_a_team_is_told_where(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    anna.go_to(teams.conversation("19:general@thread.tacv2", "channel"))
    await anna.open_home()
    assert bot.events == [AddedToChannel()]
    assert bot.inbound[0].came_from.details["channel"] == "19:general@thread.tacv2"


async def test_the_same_event_twice_has_the_same_delivery(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    activity = anna.activity(type="message", text="hello")
    nameless = {name: value for name, value in activity.items() if name != "id"}
    for each in (activity, activity, nameless, nameless, {**nameless, "text": "other"}):
        assert (await teams.post(each))[0] == 200
    first, again, digest, same, other = (inbound.delivery for inbound in bot.inbound)
    assert first == again
    assert digest == same != other


@pytest.mark.parametrize(
    "unknown",
    [
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "invoke", "name": "composeExtension/query", "value": {"data": {"do": "help"}}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"x": 1}}}},
        {"type": "invoke", "name": "task/fetch", "value": None},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:someone"}, 5]},
        {"type": "somethingNew"},
        {},
        {"type": ["message"], "text": 7},
    ],
)
async def test_what_is_not_known_is_acknowledged_and_left(
    unknown: dict[str, object], bot: Bot, anna: Person, teams: TeamsStandIn
) -> None:
    assert await teams.post(anna.activity(**unknown)) == (200, None)
    assert bot.events == []


async def test_an_answer_that_fails_is_no_fault_of_the_event(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    teams.answer_next("send", 403, code="ConversationBlockedByUser")
    bot.shows(DONE)
    await anna.say("hello")
    assert anna.status == 200


async def test_an_answer_waits_when_teams_asks_for_it(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    teams.answer_next("send", 429, retry_after="0")
    bot.shows(DONE)
    await anna.say("hello")
    assert len(anna.messages()) == 1


async def test_mentions_of_others_become_names_and_the_bots_own_goes(
    bot: Bot, teams: TeamsStandIn, anna: Person
) -> None:
    await anna.say('ask <at id="1">Robot Ek</at>, not Lärträff&nbsp;', mention=True)
    assert bot.events == [Said("ask Robot Ek, not Lärträff")]


async def test_start_fetches_keys_and_token_ahead(app: TeamsApp, teams: TeamsStandIn, anna: Person) -> None:
    await app.start()
    assert app._warming is not None
    await app._warming
    await anna.say("hello")
    await app.stop()
    assert (teams.key_requests, len(teams.token_requests)) == (1, 1)


async def test_the_library_is_loaded_once_whichever_comes_first(app: TeamsApp, anna: Person) -> None:
    assert app._turns is None
    await anna.say("hello")
    loaded = app._turns
    await app.start()
    assert app._warming is not None
    await app._warming
    await app.stop()
    assert app._turns is loaded is not None


async def test_a_group_chat_is_answered_where_it_asks(bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    """It has no threads, so the next line is the place; a personal chat is answered there anyway."""
    await anna.say("what does it cost?")
    anna.go_to(teams.conversation("19:g@thread.v2", "groupChat"))
    await anna.say("what does it cost?", mention=True)
    alone, among_others = bot.inbound
    assert alone.message == ""
    assert among_others.message.startswith("19:g@thread.v2|")


@pytest.mark.parametrize("sender", [{"id": "28:other", "aadObjectId": "aad-9"}, {"id": "29:x", "role": "bot"}])
async def test_other_bots_are_left_alone(sender: dict[str, str], bot: Bot, anna: Person, teams: TeamsStandIn) -> None:
    """Two bots that answer each other never stop."""
    assert await teams.post({**anna.activity(type="message", text="help"), "from": sender}) == (200, None)
    assert bot.events == []


@pytest.mark.parametrize(("status", "told"), [(403, 1), (404, 1), (429, 0), (201, 0)])
async def test_P9c_who_cannot_be_written_to_alone_is_told_in_the_thread(
    status: int, told: int, bot: Bot, anna: Person, teams: TeamsStandIn
) -> None:
    anna.go_to(teams.conversation("19:c@thread.tacv2;messageid=5", "channel"))
    bot.answer = lambda _: Reply(None, Language.ENGLISH, elsewhere=True)
    if status != 201:
        teams.answer_next("create", status)
    await anna.say("my registrations", mention=True)
    sent = [call for call in teams.calls if call.operation == "send"]
    assert [call.conversation for call in sent] == ["19:c@thread.tacv2;messageid=5"] * told
