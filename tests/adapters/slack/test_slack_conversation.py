"""A person in Slack talks to the adapter; the handlers hear it in our words, and their replies appear on the screen."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from bot.adapters.slack import render
from bot.adapters.slack.answers import _same_form
from bot.adapters.slack.app import Slack
from bot.domain.people import Language, Profile
from bot.domain.words import _
from bot.handlers.events import (
    AddedToChannel,
    Left,
    OpenedHome,
    Said,
    Submitted,
    Untaken,
    WentBack,
    WorkspaceRemoved,
)
from bot.messages import Action, Answer, Button, Card, ChoiceField, Item
from bot.ports import Address, Surface
from bot.texts import Translators
from tests.adapters.slack.conftest import FakeHandlers
from tests.adapters.slack.shown import CARD, FORM, MEETINGS, form, offered, opened
from tests.fixtures.slack_stand_in import BOT, Fault, SlackStandIn

pytestmark = pytest.mark.usefixtures("bot")


# What comes in


async def test_a_direct_message_is_heard_as_it_was_typed(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await slack.person().say("anmäl <R&D> 1 > 0")
    assert handlers.event == Said("anmäl <R&D> 1 > 0")
    assert (str(handlers.last.actor), handlers.last.came_from.conversation) == ("slack:T1:U1", "U1")
    assert not handlers.last.opens_forms
    assert not handlers.last.answers_inline


async def test_addresses_lose_the_marks_that_slack_adds(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    text = "<mailto:a@b.se|a@b.se> &amp; <https://lund.se/x|lund.se/x> <#C1|allmänt>"
    await slack.send_event({"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text})
    assert handlers.event == Said("a@b.se & lund.se/x #allmänt")


async def test_a_mention_is_heard_without_the_bots_name(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await slack.person().mention("hjälp <@U2>", channel="C7")
    assert handlers.event != Said("<@UBOT> hjälp")
    assert handlers.last.came_from == Address("slack", "T1", "C7", Surface.CHANNEL)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"ts": "1700000000.000100"}, "C7:1700000000.000100"),
        ({"ts": "1700000009.000900", "thread_ts": "1700000000.000100"}, "C7:1700000000.000100"),
        ({"ts": "not a time <!channel>"}, ""),
        ({}, ""),
    ],
)
async def test_a_mention_tells_under_what_it_is_answered(
    slack: SlackStandIn, handlers: FakeHandlers, when: dict[str, str], message: str
) -> None:
    await slack.send_event({"type": "app_mention", "channel": "C7", "user": "U1", "text": "<@UBOT> när?", **when})
    assert handlers.last.message == message


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"bot_id": "B1"},
        {"channel_type": "channel"},
        {"type": "message", "user": None},
        {"type": "reaction_added"},
        {"type": "user_change", "user": {"id": "U1", "deleted": False}},
        {"type": "member_joined_channel", "user": "U5", "channel": "C1"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}},
    ],
)
async def test_what_is_not_for_us_is_acknowledged(slack: SlackStandIn, handlers: FakeHandlers, event: dict) -> None:  # type: ignore[type-arg]
    direct = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "x"}
    assert await slack.send_event({**direct, **event}) == 200
    assert handlers.received == []


async def test_what_could_not_be_noted_is_told_again_by_slack(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.breaks = Untaken()
    left = {"type": "user_change", "user": {"id": "U1", "deleted": True}}
    assert await slack.send_event(left) == 503
    handlers.breaks = None
    assert await slack.send_event(left) == 200


async def test_the_life_of_people_and_channels(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await slack.send_event({"type": "user_change", "user": {"id": "U1", "deleted": True}})
    await slack.send_event({"type": "member_joined_channel", "user": BOT, "channel": "C1", "inviter": "U2"})
    await slack.send_event({"type": "app_uninstalled"})
    await slack.send_event({"type": "tokens_revoked", "tokens": {"bot": [BOT]}})
    await slack.person().open_home()
    kinds = [type(inbound.event) for inbound in handlers.received]
    assert kinds == [Left, AddedToChannel, WorkspaceRemoved, WorkspaceRemoved, OpenedHome]
    assert [str(inbound.actor) for inbound in handlers.received[:2]] == ["slack:T1:U1", "slack:T1:U2"]
    assert handlers.received[1].came_from.conversation == "C1"
    assert handlers.last.came_from.surface is Surface.HOME


async def test_the_same_delivery_keeps_its_name_and_another_click_gets_its_own(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    await offered(bot, slack)
    for act in (slack.person().press("Register"), slack.person().say("hej"), slack.person().slash("hej")):
        await act
        await slack.deliver_again()
    await slack.person().press("Register")
    names = [inbound.delivery for inbound in handlers.received]
    assert [names[0], names[2], names[4]] == [names[1], names[3], names[5]]
    assert len(set(names)) == 4


async def test_a_guest_acts_as_of_their_own_workspace_and_is_reached_through_ours(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    guest = slack.person("U9", team="T9")
    await guest.say("hej")
    await bot.platform.send(Address("slack", "T1", "U9"), CARD, Language.ENGLISH, outbox="n1")
    await guest.press("Register")
    for inbound in handlers.received:
        assert str(inbound.actor) == "slack:T9:U9"
        assert (inbound.came_from.workspace, inbound.came_from.details["team"]) == ("T1", "T1")


async def test_an_installation_for_a_whole_organisation_has_one_name(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    authorization = {"enterprise_id": "E1", "team_id": None, "user_id": BOT, "is_enterprise_install": True}
    direct = {"type": "message", "channel_type": "im", "channel": "D1", "user": "W1", "text": "hej"}
    await slack.send_event(direct, authorizations=[authorization], enterprise_id="E1", is_enterprise_install=True)
    assert (str(handlers.last.actor), handlers.last.came_from.workspace) == ("slack:E1:W1", "E1")


async def test_the_profile_is_read_once(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.known = False
    await slack.person("U1", locale="nn-NO").say("hei")
    assert handlers.last.profile == Profile("Anna Andersson", "anna@lund.se", Language.NYNORSK, "Europe/Stockholm")
    handlers.known = True
    await slack.person().say("hei")
    assert len(slack.called("users.info")) == 1


async def test_without_a_profile_the_conversation_goes_on(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.known = False
    slack.inject("users.info", Fault(error="missing_scope"))
    await slack.person().say("hej")
    assert handlers.last.profile is None


# Forms


async def test_a_form_opens_filled_in_and_its_answers_come_back_by_name(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    await opened(slack, handlers)
    anna = slack.person()
    await anna.fill({"E-mail": "anna@lund.se", "Meetings": ["16 March", "18 March"]})
    await anna.submit("Continue")
    answers: dict[str, Answer] = {"name": "Anna", "email": "anna@lund.se", "occasions": ("o16", "o18"), "extra": ""}
    assert handlers.event == Submitted("r1.1", answers)
    assert anna.modal is None


async def test_a_refused_field_says_why_beside_it(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await opened(slack, handlers)
    handlers.will_show(form(errors={"email": _("Please fill this in.")}))
    await slack.person().fill({"E-mail": "anna@x", "Meetings": ["16"]})
    await slack.person().submit()
    assert "E-mail: anna@x\nPlease fill this in." in slack.person().screen()


@pytest.mark.parametrize(
    "change",
    [
        {"refusal": "The last seat has just been taken."},
        {"token": "r1.2"},
        {"fields": (*FORM.fields[:2], ChoiceField("occasions", _("Meetings"), MEETINGS[1:], many=True))},
    ],
)
async def test_a_form_that_has_changed_is_drawn_again_with_what_was_typed(
    slack: SlackStandIn, handlers: FakeHandlers, change: dict[str, object]
) -> None:
    await opened(slack, handlers)
    again = {"values": {"name": "Anna", "email": "anna@x"}, "errors": {"email": _("Please fill this in.")}, **change}
    handlers.will_show(form(**again))
    await slack.person().fill({"E-mail": "anna@x", "Meetings": ["16"]})
    await slack.person().submit()
    screen = slack.person().screen()
    assert "⚠️ Please fill this in." in screen
    assert "E-mail: anna@x" in screen
    assert str(change.get("refusal", "")) in screen


@pytest.mark.parametrize("options", [None, 5, "no list", {"value": "o16"}, [None], [["o16"]], [{}]])
def test_options_of_another_shape_are_those_of_another_form(options: object) -> None:
    shown = render.modal(FORM, Translators(Path("config/locales"))(Language.ENGLISH))
    strange = deepcopy(shown)
    assert _same_form(strange, shown)
    next(block for block in strange["blocks"] if block.get("block_id") == "occasions")["element"]["options"] = options
    assert not _same_form(strange, shown)


async def test_a_name_longer_than_an_input_is_refused_beside_it(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await opened(slack, handlers)
    too_long = {"name": "A" * 4000, "email": "anna@lund.se"}
    handlers.will_show(form(values=too_long, errors={"name": _("Please fill this in.")}))
    await slack.person().fill({"E-mail": "anna@lund.se", "Meetings": ["16"]})
    await slack.person().submit()
    assert "Please fill this in." in slack.person().screen()


async def test_the_next_form_does_not_inherit_what_was_typed_in_the_last(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    one = form(fields=FORM.fields[:1], token="r1.1", values={})
    await opened(slack, handlers, one)
    handlers.will_show(form(fields=FORM.fields[:1], token="r1.2", values={}))
    await slack.person().fill({"Name": "Anna"})
    await slack.person().submit()
    assert "Name: \n" in slack.person().screen()


async def test_the_back_button_leads_to_the_form_before(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await opened(slack, handlers, form(can_go_back=True))
    handlers.will_show(form(title="Before", token="r1.2"))
    await slack.person().back()
    assert handlers.event == WentBack("r1.1")
    assert slack.person().screen().startswith("Before")


async def test_a_receipt_takes_the_place_of_the_form(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await opened(slack, handlers, form(fields=FORM.fields[:1]))
    handlers.will_show(CARD)
    await slack.person().submit()
    assert slack.person().screen() == "Masterclass\nStarts soon.\n[Register]"


async def test_a_receipt_too_large_for_a_window_is_sent_as_messages(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    await opened(slack, handlers, form(fields=FORM.fields[:1]))
    button = (Button(_("Register"), Action("register")),)
    handlers.will_show(Card("All", items=tuple(Item(f"Row {n}", buttons=button) for n in range(60))))
    await slack.person().submit()
    assert "our conversation" in slack.person().screen()
    assert "Row 59" in slack.person().last_message()
