"""Channels: what is written in threads, whether a message would get through, and how the bot learns that it is out."""

from __future__ import annotations

import pytest

from bot.adapters.slack.app import Slack
from bot.domain.people import Language
from bot.domain.words import _
from bot.handlers.events import AddedToChannel, Pressed, RemovedFromChannel, Said
from bot.messages import Action, Button, Card, Item, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.adapters.slack.conftest import FakeHandlers
from tests.fixtures.slack_channels import Channel
from tests.fixtures.slack_stand_in import Fault, SlackStandIn

CHANNEL = Address("slack", "T1", "C1", Surface.CHANNEL)
ANNA = Address("slack", "T1", "U1")
HELLO, LATER = Notice("Hello."), Notice("Once more.")
BUTTON = Button(_("Open"), Action("open"))
LONG = Card("All", items=tuple(Item(f"Row {n}", buttons=(BUTTON,)) for n in range(40)))


async def send(bot: Slack, view: Notice | Card, *, thread: str = "", to: Address = CHANNEL, outbox: str = "n1") -> str:
    return await bot.platform.send(to, view, Language.ENGLISH, outbox=outbox, thread=thread)


async def refusal(bot: Slack) -> tuple[Trouble, str]:
    with pytest.raises(Undeliverable) as refused:
        await bot.platform.check(CHANNEL)
    return refused.value.trouble, refused.value.reason


# Threads


async def test_P4_a_reminder_is_written_under_an_earlier_message(bot: Slack, slack: SlackStandIn) -> None:
    first = await send(bot, HELLO)
    await send(bot, LATER, thread=first)
    assert slack.person().replies("Hello.") == ["Once more."]
    assert "reply_broadcast" not in slack.called("chat.postMessage")[1]


async def test_several_messages_stand_under_the_first_of_several(bot: Slack, slack: SlackStandIn) -> None:
    first = await send(bot, LONG)
    under = await send(bot, LONG, thread=first)
    assert len(under.split()) > 1
    assert {asked.get("thread_ts") for asked in slack.called("chat.postMessage")} == {
        None,
        first.split()[0].partition(":")[2],
    }


@pytest.mark.parametrize(
    "error", ["thread_not_found", "restricted_action_thread_locked", "restricted_action_non_threadable_channel"]
)
async def test_where_no_thread_can_be_it_is_a_message_of_its_own(bot: Slack, slack: SlackStandIn, error: str) -> None:
    first = await send(bot, HELLO)
    slack.inject("chat.postMessage", Fault(error=error))
    await send(bot, LATER, thread=first)
    assert slack.person().channel_messages() == ["Hello.", "Once more."]
    assert slack.person().replies("Hello.") == []


async def test_another_failure_in_a_thread_is_not_tried_twice(bot: Slack, slack: SlackStandIn) -> None:
    first = await send(bot, HELLO)
    slack.inject("chat.postMessage", Fault(lost=True))
    with pytest.raises(Undeliverable) as failed:
        await send(bot, LATER, thread=first)
    assert failed.value.trouble is Trouble.UNKNOWN
    assert len(slack.channels["C1"]) == 2


async def test_a_direct_conversation_has_no_threads_since_find_could_not_read_them(
    bot: Slack, slack: SlackStandIn
) -> None:
    slack.person("U1")
    first = await send(bot, HELLO, to=ANNA)
    second = await send(bot, LATER, to=ANNA, thread=first, outbox="n2")
    assert await bot.platform.find(ANNA, "n2") == second
    assert "thread_ts" not in slack.called("chat.postMessage")[1]


async def test_a_message_in_a_thread_is_changed_like_any_other(bot: Slack, slack: SlackStandIn) -> None:
    under = await send(bot, LATER, thread=await send(bot, HELLO))
    await bot.platform.update(CHANNEL, under, Notice("Changed."), Language.ENGLISH)
    assert slack.person().replies("Hello.") == ["Changed."]


async def test_what_stands_in_a_channel_cannot_be_looked_up_and_is_not_asked_for(
    bot: Slack, slack: SlackStandIn
) -> None:
    await send(bot, HELLO)
    with pytest.raises(LookupError):
        await bot.platform.find(CHANNEL, "n1")
    assert slack.called("conversations.history") == []


# Would it get through?


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"has_bot": False}, (Trouble.FORBIDDEN, "not_in_channel")),
        ({"has_bot": False, "is_private": True}, (Trouble.GONE, "channel_not_found")),
        ({"is_archived": True}, (Trouble.GONE, "is_archived")),
        ({"is_deleted": True}, (Trouble.GONE, "channel_not_found")),
        ({"is_read_only": True}, (Trouble.FORBIDDEN, "restricted_action_read_only_channel")),
    ],
)
async def test_C_preflight_says_what_sending_would_say_and_sends_nothing(
    bot: Slack, slack: SlackStandIn, facts: dict[str, bool], expected: tuple[Trouble, str]
) -> None:
    slack.channel("C1", **facts)
    assert await refusal(bot) == expected
    assert slack.called("chat.postMessage") == []
    with pytest.raises(Undeliverable) as failed:
        await send(bot, HELLO)
    assert (failed.value.trouble, failed.value.reason) == expected


async def test_a_channel_with_the_bot_in_it_passes(bot: Slack, slack: SlackStandIn) -> None:
    slack.channel("C1", is_private=True)
    await bot.platform.check(CHANNEL)
    await bot.platform.check(ANNA)
    assert slack.called("conversations.info") == [{"channel": "C1"}]


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault(status=429, retry_after=7), Trouble.LATER),
        (Fault(status=503), Trouble.UNKNOWN),
        (Fault(error="missing_scope"), Trouble.UNKNOWN),
    ],
)
async def test_when_nothing_was_learnt_the_channel_is_not_given_up(
    bot: Slack, slack: SlackStandIn, fault: Fault, trouble: Trouble
) -> None:
    slack.inject("conversations.info", fault)
    assert (await refusal(bot))[0] is trouble


async def test_the_channels_name_is_told_where_slack_tells_it(bot: Slack, slack: SlackStandIn) -> None:
    slack.channel("C1", name="lärträff-maj", has_bot=False)
    assert await bot.platform.channel_name(CHANNEL) == "lärträff-maj"
    slack.channel("C1", is_private=True, has_bot=False)
    assert await bot.platform.channel_name(CHANNEL) == ""


# In and out


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("happens", [Channel.remove_bot, Channel.archive, Channel.delete])
async def test_the_bot_learns_that_it_cannot_write_in_a_channel_any_more(
    bot: Slack, slack: SlackStandIn, handlers: FakeHandlers, private: bool, happens: object
) -> None:
    await happens(slack.channel("C1", is_private=private))  # type: ignore[operator]
    assert [inbound.event for inbound in handlers.received] == [RemovedFromChannel()]
    assert handlers.last.came_from == CHANNEL
    assert str(handlers.last.actor) == "slack:T1:"


async def test_the_bot_is_invited_removed_and_invited_again(
    bot: Slack, slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    anna = slack.person()
    await anna.invite_bot()
    await anna.kick_bot()
    await anna.mention("hjälp")  # Slack keeps it: the bot is not there
    await anna.invite_bot()
    await anna.mention("hjälp")
    assert [type(inbound.event) for inbound in handlers.received] == [
        AddedToChannel,
        RemovedFromChannel,
        AddedToChannel,
        Said,
    ]


async def test_a_button_in_a_thread_of_a_channel_is_pressed(
    bot: Slack, slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    under = await send(bot, Card("Reminder", buttons=(BUTTON,)), thread=await send(bot, HELLO))
    await slack.person().press("Open", channel="C1")
    assert handlers.event == Pressed(Action("open"), under)
    assert handlers.last.came_from == CHANNEL


@pytest.mark.parametrize("error", ["cannot_dm_bot", "user_not_visible"])
async def test_a_person_who_takes_no_messages_is_told_apart_from_one_who_has_left(
    bot: Slack, slack: SlackStandIn, error: str
) -> None:
    slack.person("U1")
    slack.refusals["U1"] = error
    with pytest.raises(Undeliverable) as blocked:
        await send(bot, HELLO, to=ANNA)
    slack.refusals.clear()
    await slack.deactivate(slack.person("U1"))
    with pytest.raises(Undeliverable) as left:
        await send(bot, HELLO, to=ANNA)
    assert (blocked.value.trouble, left.value.trouble) == (Trouble.FORBIDDEN, Trouble.GONE)
