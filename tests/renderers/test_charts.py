"""Charts: drawn where a platform can, within its limits, and said in words on the same card for everybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sandbox import render as sandbox
from bot.adapters.slack import render as slack
from bot.adapters.slack.charts import chart_block, without_charts
from bot.adapters.teams import render as teams
from bot.domain.people import Language
from bot.messages import Bars, Card, Chart, from_json, to_json
from bot.texts import Translator, bars_of, plain
from tests.fixtures.sandbox_client import parse
from tests.fixtures.slack_limits import problems_of_message, problems_of_view
from tests.flows.scenes import SCENES
from tests.renderers.test_teams import CHART, check, elements
from tests.texts.resolving import translators

ENGLISH = Translator(Language.ENGLISH, Path("no-catalogue-for-english"))
AREAS = Chart("Mean", ("Leading", "Technology"), (Bars("All", (34, 28)), Bars("Managers", (31, None))), 1, 5)
CARD = Card("Result", ("Leading 3.4", "Technology 2.8"), chart=AREAS)
CHARTED = {name: view for name, view in SCENES.items() if isinstance(view, Card) and view.chart is not None}


def slack_chart(card: Card) -> dict[str, Any]:
    (message,) = slack.messages(card, ENGLISH)
    assert problems_of_message(message) == []
    found: list[dict[str, Any]] = [block for block in message["blocks"] if block["type"] == "data_visualization"]
    assert len(found) == 1
    return found[0]


def test_slack_draws_what_has_a_value_everywhere() -> None:
    drawn = slack_chart(CARD)["chart"]
    (series,) = drawn["series"]
    assert (series["name"], [point["value"] for point in series["data"]]) == ("All", [3.4, 2.8])
    assert drawn["axis_config"]["categories"] == ["Leading", "Technology"]


def test_slack_has_room_for_charts_in_messages_only() -> None:
    for view in (slack.modal(CARD, ENGLISH), slack.home(CARD, ENGLISH)):
        assert problems_of_view(view) == []
        assert "data_visualization" not in json.dumps(view)


def test_a_message_without_its_charts_is_otherwise_the_same() -> None:
    (message,) = slack.messages(CARD, ENGLISH)
    plainer = without_charts(message)
    assert [block for block in message["blocks"] if block["type"] != "data_visualization"] == plainer["blocks"]
    assert without_charts(plainer) is plainer


NAMES = st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=25)


@given(NAMES, NAMES)
def test_whatever_labels_are_called_slack_takes_them_or_draws_nothing(labels: list[str], names: list[str]) -> None:
    bars = tuple(Bars(name, (30,) * len(labels)) for name in names)
    blocks = chart_block(Chart("Mean", tuple(labels), bars, 1, 5), ENGLISH.say)
    assert bool(blocks) == (len(labels) <= 20)
    assert not blocks or problems_of_message({"text": "x", "blocks": blocks}) == []


def test_teams_draws_every_value_there_is_and_drops_the_chart_where_it_is_not_known() -> None:
    drawn = teams.card(CARD, ENGLISH, dialog=False)
    check(drawn)
    (chart,) = [each for each in elements(drawn) if each["type"] == CHART]
    assert [len(group["values"]) for group in chart["data"]] == [2, 1]
    assert chart["data"][0]["values"][0] == {"x": "Leading", "y": 3.4}


def test_the_sandbox_draws_bars_as_long_as_their_values() -> None:
    page = parse(sandbox.html(CARD, ENGLISH))
    lengths = [bar.attributes["width"] for bar in page.every("rect") if bar.attributes["class"].startswith("kind")]
    assert lengths == ["68.0", "62.0", "56.0"]


@pytest.mark.parametrize(("least", "most", "tenths", "percent"), [(1, 5, 50, 100), (0, 10, 0, 0), (-2, 2, 0, 50)])
def test_a_bar_is_measured_from_nought_or_from_where_its_scale_begins(
    least: int, most: int, tenths: int, percent: float
) -> None:
    ((bar,),) = [group.bars for group in bars_of(Chart("x", ("y",), (Bars("z", (tenths,)),), least, most))]
    assert bar.percent == percent


def test_a_chart_waits_in_the_outbox_like_the_rest_of_its_card() -> None:
    assert from_json(to_json(CARD)) == CARD


def test_a_card_too_long_for_one_message_keeps_its_chart_once() -> None:
    long = Card("Result", tuple("word " * 800 for _ in range(20)), chart=AREAS)
    drawn = [activity["attachments"][0]["content"] for activity in teams.activities(long, ENGLISH)]
    assert len(drawn) > 1
    assert sum(each["type"] == CHART for one in drawn for each in elements(one)) == 1


def values(card: Card, translator: Translator) -> Iterator[str]:
    assert card.chart is not None
    for group in bars_of(card.chart):
        yield translator.say(group.label)
        yield from (translator.say(bar.value) for bar in group.bars)


@pytest.mark.parametrize("name", CHARTED)
def test_whatever_is_drawn_stands_on_the_same_card_in_words(name: str) -> None:
    swedish = translators(Language.SWEDISH)
    said = plain(CHARTED[name], swedish)
    assert [value for value in values(CHARTED[name], swedish) if value not in said] == []


def test_control_a_chart_that_nothing_is_said_of_is_found() -> None:
    said = plain(Card("Result", chart=AREAS), ENGLISH)
    assert [value for value in values(CARD, ENGLISH) if value not in said]
