"""A3: a worker that is told to stop amid its reminders finishes what it has begun, and the next one goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands import cli
from storage.tables import outbox
from storage.unit_of_work import sqlite_engine
from tests.fixtures.slack_stand_in import BOT_TOKEN, SECRET, SlackStandIn
from tests.reliability.crowd import Member, busy_programme, fill

pytestmark = pytest.mark.alone

PEOPLE = [Member(f"p{n}", "slack") for n in range(16)]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site whose one reminder to everybody is due since five minutes."""
    for name in os.environ:
        if name.startswith(("LARTRAFF_", "SLACK_", "TEAMS_")):
            monkeypatch.delenv(name)
    url = f"sqlite:///{tmp_path / 'data' / 'lartraff.db'}"
    monkeypatch.setenv("LARTRAFF_DATABASE_URL", url)
    monkeypatch.setenv("LARTRAFF_KEY_DIR", str(tmp_path / "keys"))
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    now = datetime.now(UTC)
    engine = sqlite_engine(url)
    programme = busy_programme([now + timedelta(minutes=10)])
    fill(engine, programme, [(member, "m0") for member in PEOPLE], since=now - timedelta(hours=1))
    engine.dispose()
    return url


async def worker(slack: SlackStandIn) -> asyncio.subprocess.Process:
    settings = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    command = sys.executable, "-m", "bot", "worker"
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, **settings}, stdout=quiet, stderr=quiet)


async def has_received(slack: SlackStandIn, messages: int) -> None:
    async with asyncio.timeout(30):
        while len(slack.called("chat.postMessage")) < messages:  # noqa: ASYNC110 - the stand-in raises no events
            await asyncio.sleep(0.02)


def states(url: str) -> Counter[str]:
    engine = sqlite_engine(url)
    with engine.connect() as connection:
        found = Counter(connection.execute(select(outbox.c.state)).scalars())
    engine.dispose()
    return found


async def test_A3_told_to_stop_the_worker_finishes_what_it_has_begun_and_the_next_one_goes_on(url: str) -> None:
    async with SlackStandIn(team="W1") as slack:
        for member in PEOPLE:
            slack.person(member.user)
        first = await worker(slack)
        await has_received(slack, 3)
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 10) == 0
        begun = len(slack.called("chat.postMessage"))
        assert 3 <= begun < len(PEOPLE)
        assert states(url) == {"sent": begun, "waiting": len(PEOPLE) - begun}
        second = await worker(slack)
        await has_received(slack, len(PEOPLE))
        second.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(second.wait(), 10) == 0
        assert Counter(asked["channel"] for asked in slack.called("chat.postMessage")) == {
            member.user: 1 for member in PEOPLE
        }
        assert states(url) == {"sent": len(PEOPLE)}
