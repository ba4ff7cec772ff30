"""A fault of ours is told to the person it happened to, counted for those who watch, and logged by a reference."""

from __future__ import annotations

import logging

import pytest

from tests.handlers.town import Town, text


async def test_a_fault_is_told_counted_and_logged(
    small_town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    anna = small_town.person("anna")
    await anna.say("help")
    assert small_town.reception.failed == 0
    monkeypatch.setattr("bot.flows.welcome.help_card", None)
    with caplog.at_level(logging.ERROR):
        said = text((await anna.say("help")).view)
    [record] = [one for one in caplog.records if one.name.startswith("bot.")]
    assert small_town.reception.failed == 1
    assert record.reference in said  # type: ignore[attr-defined]
