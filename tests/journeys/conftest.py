"""The stage on which every journey is played, and the transcript that a failed one leaves behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path

import pytest

from bot.handlers.courier import Courier
from tests.journeys.stage import START, Stage

_STAGE = pytest.StashKey[Stage]()
MakeStage = Callable[..., Stage]


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
def start() -> str:
    """When the story begins; one that begins at another time overrides this."""
    return START


@pytest.fixture
def make_stage(
    request: pytest.FixtureRequest, database: str, start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MakeStage:
    """A stage of this story on the given platforms."""
    # A second between two messages is manners towards Slack; here it would only be waiting.
    monkeypatch.setattr(Courier.__init__, "__kwdefaults__", {"rates": {}})

    def make(*platforms: str) -> Stage:
        made = Stage(request.getfixturevalue(f"{database}_url"), tmp_path, platforms, start=start)
        request.node.stash[_STAGE] = made
        return made

    return make


@pytest.fixture
async def stage(make_stage: MakeStage, platform: str) -> AsyncIterator[Stage]:
    """The site on one platform."""
    async for opened in _play(make_stage(platform)):
        yield opened


@pytest.fixture
async def both(make_stage: MakeStage) -> AsyncIterator[Stage]:
    """One site on Slack and Teams at once."""
    async for opened in _play(make_stage("slack", "teams")):
        yield opened


@pytest.fixture
async def everywhere(make_stage: MakeStage) -> AsyncIterator[Stage]:
    """One site on all three platforms at once."""
    async for opened in _play(make_stage("slack", "teams", "sandbox")):
        yield opened


async def _play(stage: Stage) -> AsyncIterator[Stage]:
    await stage.open()
    yield stage
    await stage.close()
    assert stage.slack.problems == [], "Slack would have refused something"
