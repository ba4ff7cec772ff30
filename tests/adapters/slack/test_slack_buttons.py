"""What a person presses, commands or mentions in Slack, and where the answer appears, also when it cannot be shown."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.slack.app import Slack
from bot.domain.people import Language
from bot.domain.words import _
from bot.handlers.events import (
    Pressed,
    Reply,
    Said,
)
from bot.messages import Action, Card, ChoiceField, Notice
from bot.ports import Address, Surface
from tests.adapters.slack.conftest import FakeHandlers
from tests.adapters.slack.shown import CARD, FORM, form, offered, opened
from tests.fixtures.slack_stand_in import BOT_TOKEN, Fault, SlackStandIn

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_button_carries_its_action_and_its_message(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    await offered(bot, slack)
    handlers.will_show(FORM)
    await slack.person().press("Register", near="Masterclass")
    ts = slack.channels["D1"][0]["ts"]
    assert handlers.event == Pressed(Action("register", "p1"), f"D1:{ts}")
    assert slack.person().screen().startswith("Registration")


async def test_a_pressed_message_can_become_something_else(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    await offered(bot, slack)
    handlers.will_show(Notice("Done."), replaces=True)
    await slack.person().press("Register")
    assert slack.person().messages() == ["Done."]


async def test_an_answer_for_one_pair_of_eyes_is_replaced_through_its_own_address(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    handlers.will_show(CARD, Notice("Done."), Notice("And this."))
    anna = slack.person()
    await anna.slash("program")
    handlers.replies[0] = Reply(Notice("Done."), Language.ENGLISH, replaces=True)
    await anna.press("Register")
    assert anna.messages() == ["Done."]
    assert slack.called("chat.update") == []


async def test_a_press_on_the_home_tab_answers_in_a_window(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    anna = slack.person()
    await anna.open_home()
    await bot.platform.send(Address("slack", "T1", "U1", Surface.HOME), CARD, Language.ENGLISH, outbox="n1")
    handlers.will_show(Notice("Saved."))
    await anna.press("Register")
    assert anna.screen() == "Lärträff\nSaved."


async def test_a_press_in_a_window_changes_the_window(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    await opened(slack, handlers, form(fields=FORM.fields[:1]))
    handlers.will_show(CARD, Notice("Saved."))
    await slack.person().submit()
    await slack.person().press("Register")
    assert slack.person().screen() == "Lärträff\nSaved."


async def test_a_command_is_answered_for_one_pair_of_eyes(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    long = Card("All", tuple(f"{n} " + "word " * 500 for n in range(4)))
    handlers.will_show(long)
    await slack.person().slash("hjälp", channel="C1")
    assert handlers.event == Said("hjälp")
    assert "3 word" in slack.person().ephemeral() + "".join(slack.person().messages())
    assert slack.called("chat.postMessage") == []


async def test_a_mention_is_answered_for_one_pair_of_eyes(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.will_show(Notice("Write to me."))
    await slack.person().mention("hjälp")
    assert slack.person().ephemeral() == "Write to me."


async def test_a_form_that_opens_too_late_is_offered_again(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    await offered(bot, slack)
    handlers.will_show(FORM, FORM)
    slack.inject("views.open", Fault(error="expired_trigger_id"))
    await slack.person().press("Register")
    assert "Nothing is lost." in slack.person().last_message()
    await slack.person().press("Open the form")
    assert handlers.event == Pressed(Action("register", "p1"), f"D1:{slack.channels['D1'][1]['ts']}")
    assert slack.person().screen().startswith("Registration")


async def test_nothing_is_posted_to_an_address_from_elsewhere(
    slack: SlackStandIn, handlers: FakeHandlers, bot: Slack
) -> None:
    await offered(bot, slack)
    slack.response_url = lambda *_: "https://hooks.slack.com.evil.se/x"  # type: ignore[method-assign]
    handlers.will_show(Notice("Saved."))
    await slack.person().press("Register")
    assert slack.person().ephemeral() == "Saved."
    assert slack.called("chat.postEphemeral")[0]["user"] == "U1"


async def test_a_fault_in_the_handlers_is_not_an_error_to_slack(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.breaks = RuntimeError("the calendar is on fire")
    await slack.person().say("hej")
    assert len(handlers.received) == 1


async def test_a_reply_that_has_no_shape_is_excused_where_the_person_looks(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    await opened(slack, handlers, form(fields=FORM.fields[:1]))
    handlers.will_show(form(fields=(ChoiceField("none", _("Meetings"), ()),)))
    await slack.person().submit()
    assert "What you did is saved." in slack.person().screen()


async def test_of_a_refused_form_that_has_no_shape_it_is_not_said_that_something_is_saved(
    slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    await opened(slack, handlers, form(fields=FORM.fields[:1]))
    handlers.will_show(form(fields=(ChoiceField("none", _("Meetings"), ()),), refusal="Full."))
    await slack.person().submit()
    assert "nothing was saved" in slack.person().screen()


async def test_an_event_is_acknowledged_only_once_it_is_stored(slack: SlackStandIn, handlers: FakeHandlers) -> None:
    handlers.stored.clear()
    saying = asyncio.create_task(slack.person().say("hej"))
    await handlers.arrived.wait()
    done, _ = await asyncio.wait({saying}, timeout=0.05)
    assert not done
    handlers.stored.set()
    await saying


async def test_every_call_carries_the_bots_token(slack: SlackStandIn, bot: Slack) -> None:
    await offered(bot, slack)
    assert {call.token for call in slack.calls} == {BOT_TOKEN}
    assert (await bot.identity())["team_id"] == "T1"
