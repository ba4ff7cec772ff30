"""The manifest is one that Slack accepts, and asks for what the code uses and nothing more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.adapters.slack import inbound
from bot.adapters.slack.manifest import BOT_SCOPES, EVENTS, OPTIONAL_SCOPES, manifest

# github.com/slackapi/manifest-schema, MIT licence, commit c50cfa8
SCHEMA = Path(__file__).parents[2] / "fixtures" / "slack_manifest.schema.2.0.0.json"
GUIDE = Path(__file__).parents[3] / "docs" / "slack.md"


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text())
    return loaded


@pytest.mark.parametrize(("url", "socket_mode"), [("https://l.se", False), (None, True), ("https://l.se", True)])
def test_slack_accepts_it(url: str | None, socket_mode: bool) -> None:
    jsonschema.Draft7Validator(schema()).validate(manifest(url, socket_mode=socket_mode))


def test_a_manifest_that_slack_refuses_is_noticed() -> None:
    broken = manifest("https://l.se", socket_mode=False)
    broken["features"]["slash_commands"][0]["command"] = "x" * 50
    assert list(jsonschema.Draft7Validator(schema()).iter_errors(broken))


def test_over_http_all_three_lead_to_the_same_address() -> None:
    made = manifest("https://l.se", socket_mode=False)
    settings, command = made["settings"], made["features"]["slash_commands"][0]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        command["url"],
    }
    assert addresses == {"https://l.se/slack/events"}


def test_socket_mode_names_no_address() -> None:
    assert "https://" not in json.dumps(manifest(None, socket_mode=True))


def test_without_an_address_or_socket_mode_it_could_not_work() -> None:
    with pytest.raises(ValueError, match="LARTRAFF_PUBLIC_URL"):
        manifest(None, socket_mode=False)


def test_every_event_has_a_listener_and_every_listener_its_event() -> None:
    assert {event.partition(".")[0] for event in EVENTS} == set(inbound._EVENTS)


def test_the_guide_explains_every_right_and_event() -> None:
    guide = GUIDE.read_text()
    assert [name for name in (*BOT_SCOPES, *EVENTS) if f"`{name}`" not in guide] == []
    assert set(OPTIONAL_SCOPES) <= set(BOT_SCOPES)
