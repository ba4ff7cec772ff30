"""What people put into names: shown as it is written, and never taken for anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys import ways
from tests.journeys.clients import OnSandbox
from tests.journeys.people import Participant
from tests.journeys.stage import Stage

NAMES = {
    "slack_marks": "Åsa <!channel> <@UERIK> @kanalen <https://evil.example.org|klicka här>",
    "markdown_and_markup": "Åsa [klicka här](https://evil.example.org) *f* `k` <a href='https://evil.example.org'>b</a>",
    "mention_emoji_right_to_left": "عائشة بنت أحمد Åsa <at>Erik Sundström</at> &lt;b&gt; 👩🏽‍🏫 🏳️‍🌈 :tada:",
    "formula": '=HYPERLINK("https://evil.example.org") {{DATE(2027-01-01)}} Åsa',
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_name_is_shown_and_does_nothing(stage: Stage, name: str) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await ways.introduce(anna, Namn=name)
    await ways.practical(anna)
    anna.sees("Stämmer det här?", "Åsa")
    await anna.submit("Bekräfta")
    anna.message("Du är anmäld:", "Deltagare", "Åsa")
    _has_nothing_alive(stage, anna)


async def test_a_name_of_4000_characters_is_asked_for_again_and_nothing_is_lost(stage: Stage) -> None:
    length = 2_900 if stage.platforms == ("slack",) else 4_000  # Slack itself takes no more than 3 000
    anna = await stage.person("anna")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await anna.fill({("Namn", 1): "Å" * length})
    await ways.introduce(anna, **{"Särskilda behov": "Hörslinga"})
    anna.sees(f"{length:,}".replace(",", " "), "120", "Hörslinga")
    await anna.answer({"Namn": "Anna Lindqvist"})
    anna.sees("Praktiskt")


def _has_nothing_alive(stage: Stage, person: Participant) -> None:
    """Nothing that the platform received would ring, lead away or be taken for markup."""
    for call in stage.slack.calls:
        written = [str(call.arguments.get("text", "")), *_texts(call.arguments, "mrkdwn")]
        assert not [text for text in written if any(alive in text for alive in ("<!", "<@", "<http"))], written
        assert not [e for e in _every(call.arguments) if e.get("type") in ("broadcast", "user", "link", "emoji")]
    for sent in stage.teams.calls:
        assert not sent.body.get("entities"), "a mention"
        assert "<at>" not in str(sent.body.get("summary", "")), "a mention, also where nothing else is interpreted"
        for text in (*_texts(sent.body, "TextBlock"), str(sent.body.get("text", ""))):
            assert not [alive for alive in ("](http", "<at>", "<a ") if alive in text], text
    if isinstance(person, OnSandbox):
        leading = [e.attributes.get("href", "") for e in person.person._page.every("a")]
        assert not [address for address in leading if "evil" in address]


def _texts(part: Any, kind: str) -> list[str]:
    return [str(element.get("text", "")) for element in _every(part) if element.get("type") == kind]


def _every(part: Any) -> Iterator[dict[str, Any]]:
    """Every object within, however deep."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from _every(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _every(inner)
