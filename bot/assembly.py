"""Puts a site together from plain values: storage, conversation, clockwork and the platforms that are configured."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web
from sqlalchemy import Connection

from bot import __version__
from bot.domain.organisations import Directory
from bot.domain.people import Actor, Language
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.handlers import channels, leaving
from bot.handlers.channels import Preflight
from bot.handlers.clockwork import Clockwork
from bot.handlers.courier import Courier
from bot.handlers.ending import close_again
from bot.handlers.inbound import Reception
from bot.handlers.loading import load_files
from bot.handlers.mailing import Postman
from bot.handlers.my_data import erase_again
from bot.handlers.sweeping import Sweeper
from bot.handlers.tick import Tick
from bot.handlers.visit import Surroundings, Visit
from bot.keys import LINKS, FileKeys, FileUrnKeys, ForeignKeysError, feed_token, fingerprint, link_token, seat_token
from bot.ports import Clock, Mailer, Platform, Surface, Undeliverable
from bot.texts import Translators
from storage.journal import Journal
from storage.key_folders import KeyFolders
from storage.outbox import Letter
from storage.programmes import Catalogue, Loaded
from storage.telling import TellingUnitOfWork
from storage.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

_CALENDAR_KEY = "calendar"
URNS = "urns"
"""The folder of the urns' keys, within that of all keys."""
_VOTES = "votes"
_SETTLED_SECONDS = 5
_NEWCOMERS = 5_000
"""New objects before Python looks for rings among them that nobody holds. At its own 700 that took 3 % of an event."""


class SystemClock:
    """The real time. Implements `bot.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place where the real time comes in


Hears = Callable[[], Awaitable[bool]]


class Adapter(Protocol):
    """A platform's adapter, put together."""

    @property
    def platform(self) -> Platform: ...

    def routes(self, app: web.Application) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @property
    def hears(self) -> Hears | None:
        """Whether events reach it at this moment, where it fetches them itself; None where they are brought."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site is made of, as plain values."""

    database_url: str
    key_dir: Path
    public_url: str
    locales: Path
    directory: Directory
    language: Language = Language.SWEDISH
    administrators: frozenset[str] = frozenset()
    teams_secret_expires: date | None = None
    meaning: bool = False  # questions are compared by meaning, too: that takes 60 MB


@dataclass(slots=True)
class Site:
    """A site before it serves: hand `reception` to adapters and add them with `join`."""

    plan: Plan
    clock: Clock
    translators: Translators
    keys: FileKeys
    calendar_key: bytes
    link_key: bytes
    unit_of_work: TellingUnitOfWork
    catalogue: Catalogue
    surroundings: Surroundings
    reception: Reception
    tick: Tick
    courier: Courier
    preflight: Preflight
    postman: Postman
    clockwork: Clockwork
    platforms: dict[str, Platform]
    adapters: list[Adapter] = field(default_factory=list)

    def join(self, adapter: Adapter) -> None:
        """Let an adapter's platform deliver what stands in the outbox."""
        self.adapters.append(adapter)
        self.platforms[adapter.platform.name] = adapter.platform

    async def is_administrator(self, actor: Actor) -> bool:
        """Whether the setting LARTRAFF_ADMINS names this person."""
        return str(actor) in self.plan.administrators

    async def load(self, found: Sequence[Programme]) -> list[Loaded]:
        """Store what programme files say, as new versions of those that were there; what that changed."""

        def store(connection: Connection) -> list[Loaded]:
            return load_files(Visit(connection, self.clock.now(), self.surroundings), found)

        return await self.unit_of_work.run(store)


def assemble(plan: Plan, clock: Clock, mailer: Mailer | None = None) -> Site:
    """The site, with no platform yet; without a mail server, coordinators are told what would have been mailed."""
    keys = FileKeys(plan.key_dir)
    calendar_key, link_key = keys.key(_CALENDAR_KEY), keys.key(LINKS)
    catalogue = Catalogue()
    surroundings = Surroundings(
        catalogue=catalogue,
        directory=plan.directory,
        calendar_address=lambda seat: f"{plan.public_url}/calendar/{seat.id}-{seat_token(calendar_key, seat)}.ics",
        feed_address=lambda owner, generation: _feed_address(plan.public_url, calendar_key, owner, generation),
        link_address=lambda kind, link: f"{plan.public_url}/{kind}/{link}-{link_token(link_key, link)}",
        urn_keys=FileUrnKeys(plan.key_dir / URNS),
        vote_keys=FileUrnKeys(plan.key_dir / _VOTES),
        journal=Journal(plan.key_dir),
        language=plan.language,
        administrators=plan.administrators,
        teams_secret_expires=plan.teams_secret_expires,
    )
    work = TellingUnitOfWork(unit_of_work(plan.database_url))
    platforms: dict[str, Platform] = {}
    courier = Courier(work, clock, platforms, partial(_refused, surroundings))
    tick = Tick(work, clock, surroundings)
    preflight = Preflight(work, clock, platforms, surroundings)
    translators = Translators(plan.locales)
    sweeper = Sweeper(work, clock, surroundings.urn_keys, surroundings.journal)
    postman = Postman(work, clock, surroundings, translators, mailer)
    return Site(
        plan=plan,
        clock=clock,
        translators=translators,
        keys=keys,
        calendar_key=calendar_key,
        link_key=link_key,
        unit_of_work=work,
        catalogue=catalogue,
        surroundings=surroundings,
        reception=Reception(work, clock, surroundings, courier.wake, meaning=plan.meaning),
        tick=tick,
        courier=courier,
        preflight=preflight,
        postman=postman,
        clockwork=Clockwork(tick, courier, preflight, sweeper, postman),
        platforms=platforms,
    )


def _feed_address(public_url: str, key: bytes, owner: str, generation: int) -> str:
    kind, _colon, id = owner.partition(":")
    return f"{public_url}/calendar/{kind}/{id}-{feed_token(key, owner, generation)}.ics"


def _refused(
    surroundings: Surroundings, connection: Connection, now: datetime, letter: Letter, trouble: Undeliverable
) -> None:
    """What follows when a platform refuses a message for good."""
    visit = Visit(connection, now, surroundings)
    if letter.address.surface is Surface.PERSON:
        leaving.refused(visit, letter, trouble)
    else:
        channels.refused(visit, letter, trouble)


def shared_session(proxy: str) -> ClientSession:
    """One connection pool for every call to every platform; `proxy` is empty where they go straight out."""
    return ClientSession(timeout=ClientTimeout(total=20, connect=5), cookie_jar=DummyCookieJar(), proxy=proxy or None)


Stopped = Callable[[], Awaitable[None]]
"""Returns when it is time to stop."""


async def serve(site: Site, app: web.Application, *, host: str, port: int, ticks: bool, stopped: Stopped) -> None:
    """Serve until `stopped`; then take no more, finish what was begun and close.

    Raises `OSError` when the port is taken.
    """
    await check_keys(site)
    await _forget_again(site)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    for adapter in site.adapters:
        await adapter.start()
    await site.clockwork.start(ticks=ticks)
    log.info("started: answers on port %d", port, extra={"version": __version__})
    warming = asyncio.create_task(_warm(site), name="warming")
    gc.freeze()  # what is there now stays: looking through it again and again would cost every event
    gc.set_threshold(_NEWCOMERS)
    gc.enable()
    try:
        await stopped()
    finally:
        warming.cancel()
        for adapter in site.adapters:
            await adapter.stop()
        await runner.cleanup()
        await _close(site)
        log.info("stopped")


async def work(site: Site, *, stopped: Stopped) -> None:
    """Tick and deliver until `stopped`, without a web address."""
    await check_keys(site)
    await _forget_again(site)
    await site.clockwork.start(ticks=True)
    log.info("started: the worker ticks", extra={"version": __version__})
    try:
        await stopped()
    finally:
        await _close(site)
        log.info("stopped")


async def _warm(site: Site) -> None:
    """Make ready for questions once the first events, which come when a server is back, have been answered."""
    await asyncio.sleep(_SETTLED_SECONDS)
    await site.reception.warm()
    gc.collect()
    gc.freeze()  # the questions, and what the platforms have loaded since


async def check_keys(site: Site) -> None:
    """Raises `ForeignKeysError`: sealed answers whose keys are not there count as destroyed when their round closes."""
    mine = fingerprint(site.link_key)
    if await site.unit_of_work.run(lambda connection: KeyFolders(connection).learn(mine)) != mine:
        raise ForeignKeysError(f"the keys in {site.plan.key_dir} are not those that this database was used with")


async def _forget_again(site: Site) -> None:
    """Before anything is said: nobody who was erased, and no edition that was closed, has come back with a backup."""
    await erase_again(site.unit_of_work, site.clock, site.surroundings)
    await close_again(site.unit_of_work, site.clock, site.surroundings)


async def _close(site: Site) -> None:
    await site.clockwork.stop()
    await site.unit_of_work.close()
