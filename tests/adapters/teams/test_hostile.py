"""Ten thousand hostile requests: none is answered 5xx, and none without a genuine token has an effect."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.adapters.teams.inbound import Events
from bot.adapters.teams.tokens import Sender, Verifier
from tests.adapters.teams.conftest import Bot
from tests.adapters.teams.test_tokens import FORGED
from tests.fixtures.teams_person import Person
from tests.fixtures.teams_stand_in import TeamsStandIn

pytestmark = pytest.mark.usefixtures("app")

STRANGE: tuple[Any, ...] = (
    None, True, -1, 1e308, float("nan"), 2**70, "", "\x00", "\ud800", "<at>", "x" * 3_000, [], [[]], [None], {},
    {"id": {}}, {"do": 7}, {"do": "help"}, {"form": "t", "one-x": [1], "many-x": {}}, {"back": None},
    "../../", "{{DATE(1)}}",
)  # fmt: skip
KINDS = (
    "message",
    "invoke",
    "conversationUpdate",
    "installationUpdate",
    "messageReaction",
    "event",
    "unheard-of",
    None,
)
NAMES = ("adaptiveCard/action", "task/fetch", "task/submit", "signin/verifyState", "fileConsent/invoke", None, 5)


def strange(activity: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The activity with some parts, at any depth, replaced or removed."""
    changed: dict[str, Any] = json.loads(json.dumps(activity))
    changed |= {"type": chance.choice(KINDS), "name": chance.choice(NAMES), "value": chance.choice(STRANGE)}
    if chance.random() < 0.5:
        changed["value"] = {"data": chance.choice(STRANGE), "action": {"data": chance.choice(STRANGE)}}
    for _ in range(chance.randrange(4)):
        inside = chance.choice([changed, *(part for part in changed.values() if isinstance(part, dict) and part)])
        if inside and chance.random() < 0.3:
            del inside[chance.choice(list(inside))]
        elif inside:
            inside[chance.choice(list(inside))] = chance.choice(STRANGE)
    return changed


def requests(person: Person, teams: TeamsStandIn, number: int) -> Iterator[tuple[Any, str, bool]]:
    """Strange activities with their tokens; about half of the tokens prove nothing."""
    chance = random.Random(20_261_121)
    genuine, forged = teams.token(), [make(teams) for make in FORGED.values()]
    usual = person.activity(membersAdded=[{"id": "29:x"}], action="add", text="hello", replyToId="1:1")
    for _ in range(number):
        proven = chance.random() < 0.5
        token = genuine if proven else _noisy(chance.choice(forged), chance)
        yield strange(usual, chance), token, proven


def _noisy(token: str, chance: random.Random) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + chance.choice(("", ".", "A", "=", "é", " ")) + token[place:]


async def attack(bot: Bot, teams: TeamsStandIn, number: int) -> tuple[Counter[int], int]:
    """Statuses → how many, and how many requests had an effect although nothing proved who sent them."""
    statuses, wrongly_heard = Counter[int](), 0
    for activity, token, proven in requests(teams.person("aad-1"), teams, number):
        before = len(bot.inbound)
        data = json.dumps(activity).encode()
        status, _ = await teams.post(None, token=token, data=data, headers={"Content-Type": "application/json"})
        statuses[status] += 1
        wrongly_heard += not proven and len(bot.inbound) > before
    return statuses, wrongly_heard


async def test_ten_thousand_hostile_requests(bot: Bot, teams: TeamsStandIn, caplog: pytest.LogCaptureFixture) -> None:
    statuses, wrongly_heard = await attack(bot, teams, 10_000)
    assert [status for status in statuses if status >= 500] == []
    assert wrongly_heard == 0
    assert statuses[401] > 4_000
    assert statuses[200] > 1_000  # strange but genuine requests do come through
    assert bot.inbound
    assert "Traceback" not in caplog.text


async def test_control_a_check_that_lets_everyone_in_is_noticed(
    bot: Bot, teams: TeamsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = Sender(teams.service_url, frozenset({"msteams"}))
    monkeypatch.setattr(Verifier, "sender", AsyncMock(return_value=everyone))
    _, wrongly_heard = await attack(bot, teams, 200)
    assert wrongly_heard > 0


async def test_control_a_crash_is_noticed(bot: Bot, teams: TeamsStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Events, "message", AsyncMock(side_effect=RuntimeError))
    statuses, _ = await attack(bot, teams, 200)
    assert statuses[500] > 0
