"""Charts on their way to Slack: where a workspace does not take them yet, the message arrives without them."""

from __future__ import annotations

import json

import pytest

from bot.adapters.slack.app import Slack
from bot.domain.people import Language
from bot.messages import Card
from bot.ports import Address, Trouble, Undeliverable
from tests.fixtures.slack_stand_in import Fault, SlackStandIn
from tests.renderers.test_charts import CARD

ANNA = Address("slack", "T1", "U1")


@pytest.fixture(autouse=True)
def anna(slack: SlackStandIn) -> None:
    slack.person("U1", name="Anna")


async def send(bot: Slack, card: Card) -> None:
    await bot.platform.send(ANNA, card, Language.ENGLISH, outbox="n1")


def charts(slack: SlackStandIn) -> list[bool]:
    return ["data_visualization" in json.dumps(sent) for sent in slack.called("chat.postMessage")]


async def test_a_chart_is_sent_where_it_is_taken(bot: Slack, slack: SlackStandIn) -> None:
    await send(bot, CARD)
    assert charts(slack) == [True]


async def test_a_refused_chart_is_left_out_and_the_words_arrive_once(bot: Slack, slack: SlackStandIn) -> None:
    slack.inject("chat.postMessage", Fault(error="invalid_blocks"))
    await send(bot, CARD)
    assert charts(slack) == [True, False]
    (arrived,) = slack.channels["D1"]
    assert "Leading 3.4" in arrived["text"]


async def test_a_card_without_a_chart_that_is_refused_is_not_sent_again(bot: Slack, slack: SlackStandIn) -> None:
    slack.inject("chat.postMessage", Fault(error="invalid_blocks"))
    with pytest.raises(Undeliverable) as failed:
        await send(bot, Card("Result"))
    assert (failed.value.trouble, len(slack.called("chat.postMessage"))) == (Trouble.FAULT, 1)
