"""What the outbox asks of Slack: every message once, whatever is lost on the way, and every failure by its kind."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.slack.app import Slack
from bot.domain.people import Actor, Language, Profile
from bot.domain.words import _
from bot.messages import Action, Button, Card, Form, Item, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.fixtures.slack_stand_in import Fault, SlackStandIn

ANNA = Address("slack", "T1", "U1")
HOME = Address("slack", "T1", "U1", Surface.HOME)
HELLO = Notice("Hello.")
BUTTON = (Button(_("Open"), Action("open")),)
LONG = Card("All", items=tuple(Item(f"Row {n}", buttons=BUTTON) for n in range(40)))


@pytest.fixture(autouse=True)
def anna(slack: SlackStandIn) -> None:
    slack.person("U1", name="Anna", locale="sv-SE")


async def send(bot: Slack, view: Notice | Card | Form = HELLO, *, to: Address = ANNA, outbox: str = "n1") -> str:
    return await bot.platform.send(to, view, Language.ENGLISH, outbox=outbox)


async def trouble(bot: Slack, view: Notice | Card | Form = HELLO, *, to: Address = ANNA) -> Undeliverable:
    with pytest.raises(Undeliverable) as failed:
        await send(bot, view, to=to)
    return failed.value


async def test_a_message_carries_its_outbox_id_and_nothing_personal(bot: Slack, slack: SlackStandIn) -> None:
    reference = await send(bot)
    sent = slack.called("chat.postMessage")[0]
    assert sent["metadata"] == {"event_type": "lartraff", "event_payload": {"outbox": "n1"}}
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert reference == f"D1:{slack.channels['D1'][0]['ts']}"


async def test_a_message_whose_answer_was_lost_is_found_again(bot: Slack, slack: SlackStandIn) -> None:
    slack.inject("chat.postMessage", Fault(lost=True))
    assert (await trouble(bot)).trouble is Trouble.UNKNOWN
    assert await bot.platform.find(ANNA, "n1") == f"D1:{slack.channels['D1'][0]['ts']}"
    assert await bot.platform.find(ANNA, "n2") is None
    assert len(slack.channels["D1"]) == 1


async def test_it_is_found_among_many(bot: Slack, slack: SlackStandIn) -> None:
    first = await send(bot, outbox="first")
    for number in range(150):
        await send(bot, outbox=f"n{number}")
    assert await bot.platform.find(ANNA, "first") == first
    assert len(slack.called("conversations.history")) == 2


async def test_a_long_view_is_several_messages_and_one_reference(bot: Slack, slack: SlackStandIn) -> None:
    reference = await send(bot, LONG)
    assert reference.split() == [f"D1:{message['ts']}" for message in slack.channels["D1"]]
    assert await bot.platform.find(ANNA, "n1") == reference


@pytest.mark.parametrize("fault", [Fault(lost=True), Fault(status=429, retry_after=0), Fault(status=503)])
async def test_an_interrupted_long_view_goes_on_where_it_stopped(bot: Slack, slack: SlackStandIn, fault: Fault) -> None:
    slack.inject("chat.postMessage", Fault(), fault)
    assert (await trouble(bot, LONG)).trouble is Trouble.UNKNOWN
    assert await bot.platform.find(ANNA, "n1") is None
    reference = await send(bot, LONG)
    assert reference == await bot.platform.find(ANNA, "n1")
    assert len(slack.channels["D1"]) == len(reference.split()) == 3


async def test_a_long_view_whose_later_message_is_refused_for_good_is_not_tried_again(
    bot: Slack, slack: SlackStandIn
) -> None:
    slack.inject("chat.postMessage", Fault(), Fault(error="msg_blocks_too_long"))
    assert (await trouble(bot, LONG)).trouble is Trouble.FAULT


async def test_an_answer_that_broke_off_takes_nothing_from_the_next_one(bot: Slack, slack: SlackStandIn) -> None:
    slack.person("U2", name="Bo", locale="sv-SE")
    slack.inject("chat.postMessage", Fault(), Fault(status=503))
    with pytest.raises(Undeliverable):
        await send(bot, LONG, outbox="")
    await send(bot, to=Address("slack", "T1", "U2"), outbox="")
    assert slack.person("U2").messages() == ["Hello."]


async def test_a_sent_view_is_replaced_and_loses_what_it_no_longer_needs(bot: Slack, slack: SlackStandIn) -> None:
    reference = await send(bot, LONG)
    await bot.platform.update(ANNA, reference, HELLO, Language.ENGLISH)
    assert slack.person("U1").messages() == ["Hello."]


async def test_a_view_that_outgrew_its_message_is_not_cut(bot: Slack) -> None:
    reference = await send(bot)
    with pytest.raises(Undeliverable, match="outgrew"):
        await bot.platform.update(ANNA, reference, LONG, Language.ENGLISH)


async def test_the_home_tab_is_published_and_published_again(bot: Slack, slack: SlackStandIn) -> None:
    reference = await send(bot, LONG, to=HOME)
    await bot.platform.update(HOME, reference, HELLO, Language.ENGLISH)
    assert slack.person("U1").home_text() == "Hello."
    assert await bot.platform.find(HOME, "n1") is None


async def test_no_call_is_made_while_slack_asks_us_to_wait(bot: Slack, slack: SlackStandIn) -> None:
    slack.inject("chat.postMessage", Fault(status=429, retry_after=30))
    assert (await trouble(bot)).retry_after == 30
    again = await trouble(bot)
    assert again.trouble is Trouble.LATER
    assert again.retry_after is not None
    assert 29 < again.retry_after <= 30
    assert len(slack.called("chat.postMessage")) == 1


async def test_the_wait_is_for_that_method_and_workspace_alone(bot: Slack, slack: SlackStandIn) -> None:
    slack.inject("chat.postMessage", Fault(status=429, retry_after=30))
    await trouble(bot)
    await send(bot, to=HOME)
    await send(bot, to=Address("slack", "T2", "U1"))


async def test_after_the_wait_calls_go_out_again(
    bot: Slack, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.inject("chat.postMessage", Fault(status=429, retry_after=30))
    await trouble(bot)
    loop, now = asyncio.get_running_loop(), asyncio.get_running_loop().time
    monkeypatch.setattr(loop, "time", lambda: now() + 31)
    await send(bot)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(error="ratelimited"), Trouble.LATER),
        (Fault(error="internal_error"), Trouble.UNKNOWN),
        (Fault(status=500), Trouble.UNKNOWN),
        (Fault(error="user_disabled"), Trouble.GONE),
        (Fault(error="token_revoked"), Trouble.LATER),  # the one of the settings, which somebody mends
        (Fault(error="not_in_channel"), Trouble.FORBIDDEN),
        (Fault(error="restricted_action_read_only_channel"), Trouble.FORBIDDEN),
        (Fault(error="invalid_blocks"), Trouble.FAULT),
        (Fault(error="something_new"), Trouble.FAULT),
    ],
)
async def test_each_failure_has_its_kind(bot: Slack, slack: SlackStandIn, fault: Fault, kind: Trouble) -> None:
    slack.inject("chat.postMessage", fault)
    assert (await trouble(bot)).trouble is kind


async def test_a_refused_connection_means_that_nothing_was_sent(bot: Slack, slack: SlackStandIn) -> None:
    await slack._server.close()
    assert (await trouble(bot)).trouble is Trouble.LATER


async def test_a_form_is_no_message(bot: Slack) -> None:
    assert (await trouble(bot, Form("Registration"))).trouble is Trouble.FAULT
    assert (await trouble(bot, Form("Registration"), to=HOME)).trouble is Trouble.FAULT


async def test_the_directory_tells_the_profile_and_may_be_silent(bot: Slack, slack: SlackStandIn) -> None:
    known = await bot.platform.profile(Actor("slack", "T1", "U1"))
    assert known == Profile("Anna", "anna@lund.se", Language.SWEDISH, "Europe/Stockholm")
    assert await bot.platform.profile(Actor("slack", "T1", "U404")) == Profile()


@pytest.mark.parametrize(
    ("locale", "tz", "language"),
    [
        ("sv-SE", "Europe/Oslo", Language.SWEDISH),
        ("nn-NO", "", Language.NYNORSK),
        ("en-US", "Europe/Oslo", Language.BOKMAL),
        ("en-US", "Europe/Stockholm", None),
        ("en-GB", "America/New_York", Language.ENGLISH),
        ("de-DE", "Europe/Berlin", None),
        ("da-DK", "Europe/Copenhagen", Language.BOKMAL),
        ("fi-FI", "Europe/Helsinki", Language.SWEDISH),
    ],
)
async def test_the_language_of_whoever_never_chose_one_is_left_open(
    bot: Slack, slack: SlackStandIn, locale: str, tz: str, language: Language | None
) -> None:
    slack.person("U2", locale=locale, tz=tz)
    assert (await bot.platform.profile(Actor("slack", "T1", "U2"))).language is language


# Taking messages back


async def test_a_sent_view_is_removed_with_all_its_messages(bot: Slack, slack: SlackStandIn) -> None:
    reference = await send(bot, LONG)
    await send(bot, outbox="other")
    assert len(slack.channels["D1"]) > 2
    await bot.platform.remove(ANNA, reference)
    assert [message["text"] for message in slack.channels["D1"]] == ["Hello."]


async def test_what_is_gone_already_is_as_good_as_removed(bot: Slack, slack: SlackStandIn) -> None:
    """As after a try of which the answer was lost in the middle."""
    reference = await send(bot, LONG)
    slack.inject("chat.delete", Fault(), Fault(lost=True))
    with pytest.raises(Undeliverable) as failed:
        await bot.platform.remove(ANNA, reference)
    assert failed.value.trouble is Trouble.UNKNOWN
    await bot.platform.remove(ANNA, reference)
    assert slack.channels["D1"] == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("cant_delete_message", Trouble.FORBIDDEN),
        ("compliance_exports_prevent_deletion", Trouble.FORBIDDEN),
        ("channel_not_found", Trouble.GONE),
    ],
)
async def test_what_slack_does_not_remove_is_said(bot: Slack, slack: SlackStandIn, error: str, kind: Trouble) -> None:
    reference = await send(bot)
    slack.inject("chat.delete", Fault(error))
    with pytest.raises(Undeliverable) as failed:
        await bot.platform.remove(ANNA, reference)
    assert failed.value.trouble is kind
