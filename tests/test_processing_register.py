"""The register of processing: complete, and true to what the settings and the programmes say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import cli
from bot.flows.processing_register import PROCESSINGS, Facts, page
from bot.messages import Notice
from storage.erasure import PERSONAL
from tests.flows.samples import FREE, SINGLE
from tests.handlers.town import text

FACTS = Facts(
    date(2027, 1, 12),
    (replace(SINGLE, edition="2027"), replace(FREE, keep_names=90)),
    ("slack",),
    False,
    True,
    400,
    30,
    3,
    31,
    401,
)


def printed(facts: Facts = FACTS) -> str:
    return "\n".join(begins + text(Notice(words)) for begins, words in page(facts))


def test_A2_every_table_that_holds_something_of_a_person_stands_in_one_processing() -> None:
    """A new table fails here until somebody has said what it is for."""
    named = [table for one in PROCESSINGS for table in one.tables]
    assert sorted(named) == sorted(PERSONAL)


def test_A2_each_programmes_own_rules_are_printed() -> None:
    shown = printed()
    assert "- Kept in Dialog (2027): names 730 days after each meeting." in shown
    assert "names 90 days after each meeting" in shown
    assert "Kept: messages 400 days, forms 30 days, events from the platforms 3 days." in shown
    assert "has not been seen for 401 days, is erased" in shown


def test_A2_what_outlives_other_forms_is_said() -> None:
    shown = printed()
    assert "- Registrations that were begun and not sent, and links to pages that are over, go with the mess" in shown
    assert "- What an account had with it when it was linked to another is kept as long as they are linked" in shown


def test_A2_who_gets_the_data_follows_from_the_settings() -> None:
    assert "Messages go through Slack, under" in printed()
    assert "Slack and Teams" in printed(replace(FACTS, platforms=("slack", "teams")))
    assert "by mail" in printed()
    assert "by mail" not in printed(replace(FACTS, mails=False))
    assert "PostgreSQL" in printed(replace(FACTS, on_postgresql=True))
    assert "PostgreSQL" not in printed()


def test_the_command_prints_it_as_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARTRAFF_DATABASE_URL", f"sqlite:///{tmp_path}/data/lartraff.db")
    monkeypatch.setenv("LARTRAFF_KEY_DIR", f"{tmp_path}/keys")
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    found = CliRunner().invoke(cli, ["processing-register"])
    assert found.exit_code == 0, found.output
    assert found.output.startswith("# Registerförteckning: Lärträff\n")
    assert "\n## Konton\n" in found.output
