"""Whatever people have written, in whatever is shown: on no platform does it ring, lead away or count as markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.adapters.slack import render as slack
from bot.adapters.teams import render as teams
from bot.domain.people import Language
from bot.messages import Card, Form, Notice, View
from bot.texts import Translator
from tests.flows.scenes import SCENES
from tests.journeys.test_hostile_words import _every, _texts
from tests.texts.resolving import translators

FAMILIES = frozenset({"rounds", "notes", "sealing", "board", "moderation", "plans", "posts", "results"})
HOSTILE = {
    name: view for name, view in SCENES.items() if name.partition(":")[0] in FAMILIES and "evil.example" in repr(view)
}


def drawn_for_slack(view: View, translator: Translator) -> Iterator[dict[str, Any]]:
    if isinstance(view, Form | Notice):
        yield slack.modal(view, translator)
    if isinstance(view, Card | Notice):
        yield from slack.messages(view, translator)


def drawn_for_teams(view: View, translator: Translator) -> Iterator[dict[str, Any]]:
    if isinstance(view, Form | Notice):
        yield teams.card(view, translator, dialog=True)
    if isinstance(view, Card | Notice):
        yield from teams.activities(view, translator)


def alive_in_slack(drawn: Any) -> list[str]:
    """What Slack would make into a mention, a link, an emoji or a face."""
    read_for_marks = [str(drawn.get("text", "")) if "blocks" in drawn else "", *_texts(drawn, "mrkdwn")]
    marks = [text for text in read_for_marks if any(mark in text for mark in ("<!", "<@", "<http", "<#"))]
    kinds = ("broadcast", "user", "usergroup", "channel", "link", "emoji", "date")
    return marks + [str(one) for one in _every(drawn) if one.get("type") in kinds] + _evil_addresses(drawn)


def alive_in_teams(drawn: Any) -> list[str]:
    """What Teams would make into a mention, a link, a date or markup."""
    plain = [str(drawn.get(name, "")) for name in ("text", "summary")]
    mentions = [text for text in plain if "<at>" in text] + list(drawn.get("entities", ()))
    marks = ("](http", "<at>", "<a ", "{{DATE", "**")
    texts = [text for text in _texts(drawn, "TextBlock") if any(mark in text for mark in marks)]
    runs = [text for text in _texts(drawn, "TextRun") if "<at>" in text or "{{DATE" in text]
    return [*map(str, mentions), *texts, *runs, *_evil_addresses(drawn)]


def _evil_addresses(drawn: Any) -> list[str]:
    addresses = [str(one["url"]) for one in _every(drawn) if "url" in one]
    return [address for address in addresses if "evil" in (urlsplit(address).hostname or "")]


def test_hostile_words_stand_in_every_part_of_rounds_boards_and_plans() -> None:
    assert {name.partition(":")[0] for name in HOSTILE} == FAMILIES


@pytest.mark.parametrize("name", HOSTILE)
def test_figure_10_nothing_that_was_written_is_alive_in_slack_or_teams(name: str) -> None:
    swedish = translators(Language.SWEDISH)
    assert [found for drawn in drawn_for_slack(HOSTILE[name], swedish) for found in alive_in_slack(drawn)] == []
    assert [found for drawn in drawn_for_teams(HOSTILE[name], swedish) for found in alive_in_teams(drawn)] == []


CARELESS = {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}}


@pytest.mark.parametrize(
    "drawn", [{"text": "<!channel>", "blocks": []}, {"blocks": [CARELESS]}, {"url": "https://evil.example"}]
)
def test_control_a_careless_slack_message_is_seen(drawn: Any) -> None:
    assert alive_in_slack(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        {"type": "message", "summary": "<at>alla</at>"},
        {"body": [{"type": "TextBlock", "text": "[x](https://evil.example)"}]},
        {"body": [{"type": "TextRun", "text": "{{DATE(2027-01-01T00:00:00Z)}}"}]},
    ],
)
def test_control_a_careless_teams_card_is_seen(drawn: Any) -> None:
    assert alive_in_teams(drawn)
