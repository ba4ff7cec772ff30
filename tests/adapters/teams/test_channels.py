"""Channels and group chats in Teams: threads, asking whether one may write, and being taken out."""

from __future__ import annotations

import pytest

from bot.adapters.teams.app import TeamsApp
from bot.adapters.teams.deliver import Teams
from bot.domain.people import Actor, Language
from bot.handlers.events import AddedToChannel, Left, Pressed, RemovedFromChannel, Said
from bot.messages import Action, Button, Card, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import TENANT, Person
from tests.fixtures.teams_places import Conversation
from tests.fixtures.teams_stand_in import TeamsStandIn

TEAM = "19:team@thread.tacv2"
BOARD = Card("Board", buttons=(Button("Status", Action("status")),))


@pytest.fixture
def platform(app: TeamsApp) -> Teams:
    return app.platform


@pytest.fixture
def anna(teams: TeamsStandIn) -> Person:
    return teams.person("aad-1", name="Anna")


@pytest.fixture
def channel(teams: TeamsStandIn, anna: Person) -> Conversation:
    made = teams.channel("19:ai@thread.tacv2", name="AI", team=TEAM, team_name="Lund")
    anna.go_to(made)
    return made


@pytest.fixture
def chat(teams: TeamsStandIn) -> Conversation:
    return teams.conversation("19:g@thread.v2", "groupChat")


@pytest.fixture
async def address(bot: Bot, channel: Conversation, anna: Person, platform: Teams) -> Address:
    """The address of the channel as the bot learns it when it is added."""
    await anna.add_bot()
    return bot.inbound.pop().came_from


def of_chat(teams: TeamsStandIn, chat: Conversation) -> Address:
    return Address("teams", TENANT, chat.id, Surface.CHANNEL, {"service_url": teams.service_url})


async def send(platform: Teams, address: Address, words: str, thread: str = "") -> str:
    return await platform.send(address, Notice(words), Language.ENGLISH, outbox="o", thread=thread)


async def trouble(platform: Teams, address: Address) -> Trouble:
    with pytest.raises(Undeliverable) as caught:
        await platform.check(address)
    return caught.value.trouble


# --- Threads ----------------------------------------------------------------------------------------------------------


async def test_an_answer_stands_in_the_thread_of_the_post(
    platform: Teams, address: Address, channel: Conversation
) -> None:
    post = await send(platform, address, "Agenda")
    await send(platform, address, "Another post")
    await send(platform, address, "Tomorrow", thread=post)
    assert channel.threads() == [["Agenda", "Tomorrow"], ["Another post"]]


async def test_an_answer_stands_under_what_a_person_wrote(
    platform: Teams, address: Address, channel: Conversation
) -> None:
    for written in (f"{address.conversation}|17", f"{address.conversation};messageid=17|18"):
        await send(platform, address, "Tomorrow", thread=written)
    assert [one.conversation for one in channel.messages] == [f"{address.conversation};messageid=17"] * 2


async def test_an_answer_to_an_answer_goes_to_the_first_post(
    platform: Teams, address: Address, channel: Conversation
) -> None:
    post = await send(platform, address, "Agenda")
    answer = await send(platform, address, "Tomorrow", thread=post)
    await send(platform, address, "In 15 minutes", thread=answer)
    assert channel.threads() == [["Agenda", "Tomorrow", "In 15 minutes"]]


async def test_a_message_without_a_thread_of_its_own_begins_one(
    platform: Teams, address: Address, channel: Conversation
) -> None:
    await send(platform, address, "Tomorrow", thread=f"{channel.id}|1577993797642")
    assert channel.messages[0].conversation == f"{channel.id};messageid=1577993797642"


async def test_an_answer_can_be_changed(platform: Teams, address: Address, channel: Conversation) -> None:
    answer = await send(platform, address, "Tomorrow", thread=await send(platform, address, "Agenda"))
    await platform.update(address, answer, Notice("Moved"), Language.ENGLISH)
    assert channel.threads() == [["Agenda", "Moved"]]


async def test_a_long_answer_stays_in_the_thread(platform: Teams, address: Address, channel: Conversation) -> None:
    post = await send(platform, address, "Agenda")
    long = Card("Board", body=tuple("note " * 100 for _ in range(100)))
    await platform.send(address, long, Language.ENGLISH, outbox="o", thread=post)
    assert len(channel.threads()) == 1
    assert len(channel.messages) > 2


async def test_chats_have_no_threads(
    platform: Teams, teams: TeamsStandIn, chat: Conversation, anna: Person, app: TeamsApp
) -> None:
    alone = Address("teams", TENANT, "aad-1", details={"service_url": teams.service_url, "conversation": anna.chat.id})
    for where, there in ((of_chat(teams, chat), chat), (alone, anna.chat)):
        await send(platform, where, "next", thread=await send(platform, where, "first"))
        assert [message.activity["text"] for message in there.messages] == ["first", "next"]


async def test_a_thread_that_is_gone_does_not_take_the_message_with_it(
    platform: Teams, address: Address, channel: Conversation, teams: TeamsStandIn
) -> None:
    post = await send(platform, address, "Agenda")
    teams.gone.add(post.partition("|")[0])
    await send(platform, address, "Tomorrow", thread=post)
    assert channel.threads() == [["Agenda"], ["Tomorrow"]]


async def test_a_thread_in_a_channel_without_the_bot_is_refused_at_once(
    platform: Teams, address: Address, teams: TeamsStandIn
) -> None:
    post = await send(platform, address, "Agenda")
    teams.shut_out.add(TEAM)
    teams.calls.clear()
    with pytest.raises(Undeliverable, match="forbidden: 403 BotNotInConversationRoster"):
        await send(platform, address, "Tomorrow", thread=post)
    assert [call.operation for call in teams.calls] == ["send"]


async def test_an_address_learnt_in_a_thread_is_that_of_the_channel(
    bot: Bot, platform: Teams, channel: Conversation, anna: Person, teams: TeamsStandIn
) -> None:
    anna.go_to(teams.thread(f"{channel.id};messageid=5"))
    await anna.say("remind us here", mention=True)
    await send(platform, bot.inbound[0].came_from, "Agenda")
    assert [call.operation for call in teams.calls][-1] == "create"


# --- In a channel -----------------------------------------------------------------------------------------------------


async def test_a_mention_in_a_channel_is_answered_under_it(
    bot: Bot, anna: Person, channel: Conversation, platform: Teams
) -> None:
    bot.shows(Notice("Hello, all"))
    for _ in range(2):
        await anna.say("status", mention=True)
    assert bot.events == [Said("status"), Said("status")]
    assert channel.threads() == [["Hello, all"], ["Hello, all"]]


async def test_a_button_in_a_channel_says_which_message_it_stands_in(
    bot: Bot, anna: Person, platform: Teams, address: Address, channel: Conversation
) -> None:
    reference = await platform.send(address, BOARD, Language.ENGLISH, outbox="o")
    bot.shows(Notice("Three are coming."))
    await anna.press("Status")
    assert bot.events == [Pressed(Action("status"), reference)]
    assert anna.toasts == ["Three are coming."]
    assert len(channel.messages) == 1  # nothing is said to everyone


async def test_a_pressed_button_can_change_the_message_for_everyone(
    bot: Bot, anna: Person, platform: Teams, address: Address, channel: Conversation
) -> None:
    await platform.send(address, BOARD, Language.ENGLISH, outbox="o")
    bot.shows(Card("Closed"), replaces=True)
    await anna.press("Status")
    assert channel.threads() == [["Closed"]]


# --- Asking beforehand ------------------------------------------------------------------------------------------------


async def test_asking_disturbs_nobody(
    platform: Teams, address: Address, chat: Conversation, channel: Conversation, teams: TeamsStandIn
) -> None:
    await platform.check(address)
    await platform.check(of_chat(teams, chat))
    assert [call.operation for call in teams.calls if call.operation != "member"] == ["channels", "roster"]
    assert channel.messages == chat.messages == []


async def test_a_bot_that_was_taken_out_learns_of_it(
    platform: Teams, address: Address, chat: Conversation, teams: TeamsStandIn
) -> None:
    teams.shut_out |= {TEAM, chat.id}
    assert await trouble(platform, address) is Trouble.FORBIDDEN
    assert await trouble(platform, of_chat(teams, chat)) is Trouble.FORBIDDEN


async def test_a_deleted_channel_is_noticed_although_the_team_is_there(
    platform: Teams, address: Address, channel: Conversation, teams: TeamsStandIn
) -> None:
    teams.shut_out.add(channel.id)
    assert await trouble(platform, address) is Trouble.FORBIDDEN
    teams.gone.add(channel.id)
    assert await trouble(platform, address) is Trouble.GONE


async def test_a_private_channel_that_is_not_in_the_list_is_asked_itself(
    platform: Teams, address: Address, channel: Conversation
) -> None:
    channel.team = "19:another@thread.tacv2"  # the stand-in lists it elsewhere
    await platform.check(address)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(429, Trouble.LATER), (503, Trouble.LATER), (500, Trouble.UNKNOWN), (400, Trouble.UNKNOWN), (404, Trouble.GONE)],
)
async def test_what_the_question_teaches(
    status: int, expected: Trouble, platform: Teams, chat: Conversation, teams: TeamsStandIn
) -> None:
    teams.answer_next("roster", status)
    assert await trouble(platform, of_chat(teams, chat)) is expected


async def test_of_somebody_who_never_wrote_nothing_is_learnt(platform: Teams, teams: TeamsStandIn) -> None:
    assert await trouble(platform, Address("teams", TENANT, "aad-1")) is Trouble.UNKNOWN
    assert teams.calls == []


async def test_teams_says_how_long_to_wait_before_asking_again(
    platform: Teams, chat: Conversation, teams: TeamsStandIn
) -> None:
    teams.answer_next("roster", 429, retry_after="9", times=2)
    with pytest.raises(Undeliverable) as caught:
        await platform.check(of_chat(teams, chat))
    assert caught.value.retry_after == 9


# --- What it is called ------------------------------------------------------------------------------------------------


async def test_the_name_comes_with_the_event(platform: Teams, address: Address, teams: TeamsStandIn) -> None:
    assert address.details["name"] == await platform.channel_name(address) == "Lund › AI"
    assert [call.operation for call in teams.calls if call.operation != "member"] == []


async def test_a_teams_first_channel_is_called_as_the_team(
    bot: Bot, anna: Person, teams: TeamsStandIn, platform: Teams
) -> None:
    anna.go_to(teams.channel(TEAM, team_name="Lund"))
    await anna.add_bot()
    assert bot.inbound[0].came_from.details["name"] == await platform.channel_name(bot.inbound[0].came_from) == "Lund"


async def test_a_name_that_the_event_does_not_say_is_asked_for(
    bot: Bot, anna: Person, teams: TeamsStandIn, channel: Conversation, platform: Teams
) -> None:
    await anna.say("hello", mention=True)
    anna.go_to(teams.channel(TEAM, team_name="Lund"))
    await anna.say("hello", mention=True)
    assert [await platform.channel_name(heard.came_from) for heard in bot.inbound] == ["Lund › AI", "Lund"]
    assert all("name" not in heard.came_from.details for heard in bot.inbound)


async def test_a_name_that_teams_does_not_say_is_empty(
    platform: Teams, address: Address, chat: Conversation, teams: TeamsStandIn
) -> None:
    nameless = {key: value for key, value in address.details.items() if key != "name"}
    teams.answer_next("team", 503)
    assert await platform.channel_name(Address("teams", TENANT, "c", Surface.CHANNEL, nameless)) == ""
    assert await platform.channel_name(of_chat(teams, chat)) == ""


# --- Being taken out --------------------------------------------------------------------------------------------------


async def test_the_bot_taken_out_of_a_team_is_out_of_all_its_channels(
    bot: Bot, anna: Person, address: Address, teams: TeamsStandIn
) -> None:
    await anna.remove_bot()
    assert bot.events == [RemovedFromChannel(), RemovedFromChannel()]  # Teams tells twice, in different words
    for heard in bot.inbound:
        gone = heard.came_from
        assert (gone.workspace, gone.conversation, gone.surface) == (TENANT, TEAM, Surface.CHANNEL)
        assert gone.details["team"] == address.details["team"]
        assert "channel" not in gone.details
        assert heard.actor == Actor("teams", TENANT, "")  # whoever did it has not turned to the bot
    assert [call.operation for call in teams.calls if call.operation == "send"] == []


async def test_the_bot_taken_out_of_a_group_chat(bot: Bot, anna: Person, chat: Conversation, app: TeamsApp) -> None:
    anna.go_to(chat)
    await anna.add_bot()
    await anna.remove_bot()
    assert bot.events == [AddedToChannel(), RemovedFromChannel(), RemovedFromChannel()]
    assert {heard.came_from.conversation for heard in bot.inbound} == {chat.id}


async def test_a_deleted_channel_is_named(bot: Bot, anna: Person, address: Address) -> None:
    await anna.delete_channel()
    (heard,) = bot.inbound
    assert heard.event == RemovedFromChannel()
    assert (heard.came_from.conversation, heard.came_from.details) == (address.conversation, address.details)


@pytest.mark.parametrize("event", ["teamArchived", "teamDeleted", "teamHardDeleted"])
async def test_a_closed_team_is_one_without_the_bot(event: str, bot: Bot, anna: Person, address: Address) -> None:
    await anna.archive_team(event)
    (heard,) = bot.inbound
    assert heard.event == RemovedFromChannel()
    assert heard.came_from.conversation == heard.came_from.details["team"] == address.details["team"]


@pytest.mark.parametrize(
    "change",
    [
        {"type": "conversationUpdate", "channelData": {"eventType": "channelRenamed", "tenant": {"id": TENANT}}},
        {"type": "conversationUpdate", "channelData": {"eventType": "teamUnarchived", "tenant": {"id": TENANT}}},
        {"type": "installationUpdate", "action": "remove-upgrade"},
        {"type": "installationUpdate", "action": "add"},
    ],
)
async def test_other_changes_of_a_team_take_the_bot_nowhere(
    change: dict[str, object], bot: Bot, anna: Person, address: Address, teams: TeamsStandIn
) -> None:
    assert (await teams.post(anna.activity(**change)))[0] == 200
    assert bot.events == []


async def test_somebody_else_taken_out_of_the_team_has_not_left(
    bot: Bot, anna: Person, address: Address, teams: TeamsStandIn
) -> None:
    await anna.remove_member(teams.person("aad-2"))
    assert bot.events == []


async def test_taken_out_of_ones_own_chat_is_leaving(bot: Bot, anna: Person, address: Address) -> None:
    anna.go_to()
    await anna.remove_bot()
    assert bot.events == [Left(), Left()]


async def test_the_last_event_of_a_team_needs_no_sender(
    bot: Bot, anna: Person, address: Address, teams: TeamsStandIn
) -> None:
    gone = anna.activity(type="conversationUpdate", **anna._of_team("teamDeleted"))
    del gone["from"]
    assert (await teams.post(gone))[0] == 200
    assert bot.events == [RemovedFromChannel()]


# --- Blocked ----------------------------------------------------------------------------------------------------------


async def test_somebody_who_blocks_the_bot_is_forbidden_until_they_open_up(
    platform: Teams, anna: Person, teams: TeamsStandIn
) -> None:
    alone = Address("teams", TENANT, "aad-1", details={"service_url": teams.service_url, "conversation": anna.chat.id})
    anna.block()
    with pytest.raises(Undeliverable, match="forbidden: 403 MessageWritesBlocked"):
        await send(platform, alone, "Hello")
    anna.unblock()
    await send(platform, alone, "Hello")
    assert anna.messages() == ["Hello"]
