"""A running sandbox with a bot that is made up, on a port of this computer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.sandbox.app import Sandbox, build
from bot.adapters.sandbox.clock import SandboxClock
from bot.adapters.sandbox.message_file import MessageFile
from bot.adapters.sandbox.people import PEOPLE, SandboxConfig
from bot.domain.people import Language
from bot.messages import View
from bot.ports import Address
from bot.texts import Translator, Translators, plain
from tests.adapters.sandbox.fake import FakeBot
from tests.fixtures.sandbox_client import SandboxClient

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MEETING = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)

CONFIG = SandboxConfig(
    people=tuple(replace(person, language=Language.ENGLISH) for person in PEOPLE), language=Language.ENGLISH
)


class StoppedClock:
    """The real time, for tests."""

    def now(self) -> datetime:
        return START


@dataclass
class Running:
    """A sandbox that answers at `url`."""

    url: str
    box: Sandbox
    bot: FakeBot
    messages: MessageFile
    clock: SandboxClock
    client: SandboxClient
    ticks: list[datetime]


def preview(view: View, translator: Translator) -> object:
    """What a platform's renderer would give."""
    if "unshowable" in plain(view, translator):
        raise ValueError("too much")
    return {"says": plain(view, translator)}


@asynccontextmanager
async def running(path: Path, bot: FakeBot | None = None) -> AsyncIterator[Running]:
    """Start a sandbox over the message file at `path`."""
    bot, messages, ticks = bot or FakeBot(), MessageFile(path), []
    clock = SandboxClock(StoppedClock(), messages)

    async def upcoming() -> list[tuple[str, datetime]]:
        return [("The meeting", MEETING)]

    async def moved() -> None:
        ticks.append(clock.now())

    box = build(
        CONFIG,
        bot,
        translators=Translators(path.parent),
        messages=messages,
        clock=clock,
        previews={"Slack": preview},
        upcoming=upcoming,
        on_clock_moved=moved,
    )

    async def send(address: Address, view: View, language: Language, outbox: str) -> object:
        return await box.platform.send(address, view, language, outbox=outbox)

    bot.send = send
    app = web.Application()
    box.routes(app)
    await box.start()
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with SandboxClient(url) as client:
        yield Running(url, box, bot, messages, clock, client, ticks)
    await box.stop()
    await runner.cleanup()
    messages.close()


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Running]:
    """A sandbox of its own for one test."""
    async with running(tmp_path / "sandbox.db") as started:
        yield started
