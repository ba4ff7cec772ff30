"""The stage on which every journey is played, and the transcript that a failed one leaves behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from bot.handlers.delivery import Courier
from tests.journeys.stage import Stage

_STAGE = pytest.StashKey[Stage]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put everything that was said and shown under the report of a journey that failed."""
    report = yield
    if report.failed and _STAGE in item.stash:
        report.sections.append(("what was said, done and shown", str(item.stash[_STAGE].transcript)))
    return report


@pytest.fixture(params=["sandbox", "slack", "teams"])
def platform(request: pytest.FixtureRequest) -> str:
    """The platform that the people of the story use."""
    name: str = request.param
    return name


@pytest.fixture
def database() -> str:
    """The kind of database; a story that should run on both parametrizes this."""
    return "sqlite"


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, platform: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The site on one platform."""
    async for made in _play(request, (platform,), database, tmp_path, monkeypatch):
        yield made


@pytest.fixture
async def both(
    request: pytest.FixtureRequest, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """One site on Slack and Teams at once."""
    async for made in _play(request, ("slack", "teams"), database, tmp_path, monkeypatch):
        yield made


async def _play(
    request: pytest.FixtureRequest,
    platforms: tuple[str, ...],
    database: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Stage]:
    # A second between two messages is manners towards Slack; here it would only be waiting.
    monkeypatch.setattr(Courier.__init__, "__kwdefaults__", {"rates": {}})
    stage = Stage(request.getfixturevalue(f"{database}_url"), folder, platforms)
    request.node.stash[_STAGE] = stage
    await stage.open()
    yield stage
    await stage.close()
    assert stage.slack.problems == [], "Slack would have refused something"
