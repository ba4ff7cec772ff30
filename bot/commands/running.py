"""`lartraff sandbox`, `serve` and `worker`: what goes on until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.assembly import Plan, serve, shared_session, work
from bot.commands import needs
from bot.composition import building
from bot.keys import FileKeys
from bot.pages import application
from config import organisations
from config.settings import Settings

_LOOPBACK = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a server in a container or behind a proxy is reached on any of its addresses

commands = typer.Typer()


@commands.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is: http://localhost:PORT")] = 3978,
    folder: Annotated[Path, typer.Option(help="Where the sandbox keeps everything.")] = Path("data/sandbox"),
) -> None:
    """Try Lärträff in the browser: several people at once, a clock to move, five sample programmes."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        database_url=f"sqlite:///{folder.absolute() / 'lartraff.db'}",
        key_dir=folder.absolute() / "keys",
        public_url=f"http://localhost:{port}",
        locales=building.LOCALES,
        directory=organisations.load(),
        meaning=True,
    )
    needs.migrate(plan.database_url)
    logs.set_up(json=False)
    _run(lambda: _sandbox(plan, folder, port))


async def _sandbox(plan: Plan, folder: Path, port: int) -> None:
    from bot import playground
    from config import programme_files, sample_rounds

    found = [programme_files.read(path) for path in programme_files.SAMPLES]
    site = await playground.build(plan, found, folder=folder, finished=sample_rounds.finished)
    typer.echo(f"Lärträff's sandbox: http://localhost:{port}  (Ctrl+C ends it; nothing is lost)")
    await serve(site, application(site, ticks=True), host=_LOOPBACK, port=port, ticks=True, stopped=_told_to_stop())


@commands.command("serve")
def serve_command(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Also do the worker's part: small sites.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = _EVERYWHERE,
) -> None:
    """Answer Slack and Teams over HTTP (and Slack's Socket Mode)."""
    found = needs.read_settings()
    needs.platform(found)
    needs.schema(found)
    needs.writes(found)
    _log(found)
    _run(lambda: _serve(found, host, ticks=with_worker))


async def _serve(found: Settings, host: str, *, ticks: bool) -> None:
    gc.disable()  # until all is loaded: what a platform's library brings along stays, and is looked through once
    async with shared_session(building.proxy(found)) as session:
        site = building.site(found, session)
        app = application(site, ticks=ticks)
        await serve(site, app, host=host, port=found.port, ticks=ticks, stopped=_told_to_stop())


@commands.command()
def worker() -> None:
    """Send what is due: reminders, offers, and whatever waits in the outbox."""
    found = needs.read_settings()
    needs.platform(found)
    needs.schema(found)
    needs.writes(found)
    _log(found)
    _run(lambda: _work(found))


async def _work(found: Settings) -> None:
    async with shared_session(building.proxy(found)) as session:
        await work(building.site(found, session), stopped=_told_to_stop())


# --- The process ------------------------------------------------------------------------------------------------------


def _log(found: Settings) -> None:
    logs.set_up(json=found.log == "json", key=FileKeys(found.key_dir.absolute()).key("log"))


def _run(task: Callable[[], Coroutine[None, None, None]]) -> None:
    try:
        asyncio.run(task())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise needs.refuse(
            f"Could not start: {error}. End the program that has this port, or choose another."
        ) from None


def _told_to_stop() -> Callable[[], Awaitable[None]]:
    """Waits for Ctrl+C or the signal by which servers are stopped."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    async def stopped() -> None:
        await stop.wait()

    return stopped
