"""The stage of the journeys: the real site with its real adapters, the platforms' stand-ins, and a clock to move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from sqlalchemy import Connection

from bot.adapters.sandbox import app as sandbox
from bot.adapters.sandbox.clock import SandboxClock
from bot.adapters.sandbox.message_file import MessageFile
from bot.adapters.sandbox.people import SandboxConfig, SandboxPerson
from bot.adapters.slack import app as slack
from bot.adapters.teams import app as teams
from bot.assembly import Adapter, Plan, Site, assemble
from bot.domain.changes import SETTLES
from bot.domain.programmes import Occasion, Programme, Span
from bot.pages import application
from bot.texts import Translators
from config import organisations
from storage.nudges import Nudges
from tests.fixtures.sample_programmes import samples
from tests.fixtures.sandbox_client import SandboxClient
from tests.fixtures.slack_stand_in import BOT_TOKEN, SECRET, TEAM, SlackStandIn
from tests.fixtures.teams_person import CLIENT_ID, TENANT
from tests.fixtures.teams_stand_in import ISSUER, TeamsStandIn
from tests.journeys.cast import CAST, Role
from tests.journeys.clients import OnSandbox, OnSlack, OnTeams
from tests.journeys.people import Participant
from tests.journeys.transcript import Transcript

T = TypeVar("T")
LOCALES = Path(organisations.__file__).parent / "locales"
START = "2026-11-24 09:00"
_ZONE = ZoneInfo("Europe/Stockholm")
_CHANNEL = "19:channel@thread.tacv2"
_AHEAD = timedelta(hours=20)  # before something is due there is time to see that it can come
_BETWEEN_ACTS = timedelta(seconds=3)
_DIRECTORY = organisations.load()
_TRANSLATORS = Translators(LOCALES)  # read once for all journeys


def moment(written: str) -> datetime:
    """An instant by the clock on the wall in Stockholm."""
    return datetime.fromisoformat(written).replace(tzinfo=_ZONE).astimezone(UTC)


class StageClock:
    """A clock that moves when the story says so."""

    def __init__(self, start: str) -> None:
        self.at = moment(start)

    def now(self) -> datetime:
        return self.at


class Stage:
    """One site and the people who use it. Everything that happens is written into `transcript`."""

    def __init__(self, database_url: str, folder: Path, platforms: Sequence[str], *, start: str = START) -> None:
        self.clock = StageClock(start)
        self.transcript = Transcript(self.clock.now)
        self.platforms = platforms
        self._database_url = database_url
        self._folder = folder
        self._people: dict[tuple[str, str, int], Participant] = {}
        self._until_the_end = AsyncExitStack()
        self._while_up = AsyncExitStack()
        self._port = 0
        self._site: Site | None = None

    # From beginning to end

    async def open(self) -> None:
        """Put the platforms in place and start the site with the five programmes."""
        end = self._until_the_end
        self.slack = SlackStandIn(clock=lambda: self.clock.now().timestamp())
        self.teams = TeamsStandIn()
        if "slack" in self.platforms:
            await end.enter_async_context(self.slack)
        if "teams" in self.platforms:
            await end.enter_async_context(self.teams)
        self._session = await end.enter_async_context(aiohttp.ClientSession())
        await self.start()
        assert self._site is not None
        await self._site.load(list(samples().values()))

    async def close(self) -> None:
        """Stop everything."""
        await self.stop()
        await self._until_the_end.aclose()

    async def start(self) -> None:
        """Start the site on the same database and at the same address as before."""
        site = assemble(self._plan(), self.clock)
        site.translators = _TRANSLATORS
        for platform in self.platforms:
            site.join(self._adapters[platform](site))
        runner = web.AppRunner(application(site, ticks=False), access_log=None)
        self._while_up.push_async_callback(site.unit_of_work.close)
        await runner.setup()
        self._while_up.push_async_callback(runner.cleanup)
        listening = web.TCPSite(runner, "127.0.0.1", self._port)
        await listening.start()
        self._port = runner.addresses[0][1]
        self.url = self.slack.bot_at = self.teams.bot = f"http://127.0.0.1:{self._port}"
        self.slack.bot_at += "/slack/events"
        for adapter in site.adapters:
            await adapter.start()
            self._while_up.push_async_callback(adapter.stop)
        self._site = site
        await self.settle()

    async def stop(self) -> None:
        """Stop the site; what people do meanwhile reaches nobody."""
        self.transcript.did("—", "the site stops")
        self._site = None
        await self._while_up.aclose()

    async def restart(self) -> None:
        """Stop the site, and start it anew."""
        await self.stop()
        await self.start()

    def _plan(self) -> Plan:
        administrators = [role for role in CAST.values() if role.administrator]
        return Plan(
            database_url=self._database_url,
            key_dir=self._folder / "keys",
            public_url="https://lartraff.example.org",
            locales=LOCALES,
            directory=_DIRECTORY,
            administrators=frozenset(
                written
                for role in administrators
                for written in (f"slack:{TEAM}:{role.slack_user}", f"teams:{TENANT}:{role.id}", _actor(role))
            ),
        )

    @property
    def _adapters(self) -> dict[str, Callable[[Site], Adapter]]:
        return {"slack": self._slack_adapter, "teams": self._teams_adapter, "sandbox": self._sandbox_adapter}

    def _slack_adapter(self, site: Site) -> Adapter:
        config = slack.SlackConfig(signing_secrets=(SECRET,), bot_token=BOT_TOKEN, api_url=self.slack.api_url)
        return slack.build(
            config, receives=site.reception, translators=site.translators, clock=self.clock, session=self._session
        )

    def _teams_adapter(self, site: Site) -> Adapter:
        settings = self.teams.settings
        config = teams.TeamsConfig(
            client_id=CLIENT_ID,
            client_secret=settings["TEAMS_CLIENT_SECRET"],
            tenant_id=TENANT,
            allowed_tenants=(TENANT,),
            openid_metadata_url=settings["TEAMS_OPENID_METADATA_URL"],
            token_issuer=ISSUER,
            token_url=settings["TEAMS_TOKEN_URL"],
            service_hosts=(settings["TEAMS_SERVICE_HOSTS"],),
        )
        return teams.build(config, site.reception, site.translators, self._session)

    def _sandbox_adapter(self, site: Site) -> Adapter:
        messages = MessageFile(self._folder / "messages.db")
        self._while_up.callback(messages.close)
        return sandbox.build(
            SandboxConfig(people=tuple(map(_sandbox_person, CAST.values())), shown_first=("anna",)),
            site.reception,
            translators=site.translators,
            messages=messages,
            clock=SandboxClock(self.clock, messages),
            previews={},
        )

    # People

    async def person(self, id: str, on: str = "", *, window: int = 1) -> Participant:
        """Somebody of the cast, on one of the platforms; another `window` is the same person at another device."""
        platform = on or self.platforms[0]
        key = (id, platform, window)
        if key not in self._people:
            self._people[key] = await self._arrive(CAST[id], platform, first=window == 1)
            await self._people[key].look()
            self._people[key].forget_news()
        return self._people[key]

    async def _arrive(self, role: Role, platform: str, *, first: bool) -> Participant:
        if platform == "slack":
            locale = "sv-SE" if role.zone == "Europe/Stockholm" else "en-GB"
            person = self.slack.person(role.slack_user, name=role.name, email=role.email, locale=locale, tz=role.zone)
            return OnSlack(role, self, person if first else replace(person, modal=None, ephemerals=[]))
        if platform == "teams":
            self.teams.channel(_CHANNEL, name="Lärträffar", team="19:team@thread.tacv2", team_name="Jämställdhet")
            thread = self.teams.thread(f"{_CHANNEL};messageid=1")
            at_teams = self.teams.person(role.id, name=role.name, email=role.email)
            if not first:
                at_teams = type(at_teams)(self.teams, role.id, name=role.name, email=role.email, tenant=TENANT)
            at_teams.locale = "sv-SE" if role.zone == "Europe/Stockholm" else "nb-NO"
            return OnTeams(role, self, at_teams, thread)
        browser = await self._until_the_end.enter_async_context(SandboxClient(self.url, settle=self.settle))
        return OnSandbox(role, self, browser.person(role.id))

    # Time

    async def at(self, written: str) -> None:
        """It is so late now; what is due happens."""
        self.transcript.did("—", f"the clock moves to {written}")
        assert moment(written) >= self.clock.at, "time does not run backwards"
        self.clock.at = moment(written)
        for person in self._people.values():
            person.forget_news()
        await self.tick()

    async def until(self, written: str) -> None:
        """Time passes until then; what is due on the way happens when it is due."""
        self.transcript.did("—", f"time passes until {written}")
        end = moment(written)
        await self.tick()
        while (due := await self._next_due()) is not None and due < end:
            for stop in (due - _AHEAD, due):
                if stop > self.clock.at:
                    self.clock.at = stop
                    await self.tick()
        await self.at(written)

    async def _next_due(self) -> datetime | None:
        assert self._site is not None, "nothing happens by itself while the site is down"
        due = await self._site.unit_of_work.run(lambda connection: Nudges(connection, self.clock.at).next_due())
        assert due is None or due > self.clock.at, "something is due and was not done"
        return due

    def wall(self) -> str:
        """What the clock on the wall in Stockholm shows."""
        return f"{self.clock.at.astimezone(_ZONE):%Y-%m-%d %H:%M}"

    async def tick(self) -> None:
        """What the clockwork does by itself, if the site is up."""
        if self._site is None:
            return
        await self._site.tick.run()
        await self._site.tick.tidy()
        await self._site.preflight.run()
        await self.settle()
        await self.look_around()

    async def settle(self) -> None:
        """Let everything arrive that is on its way."""
        if self._site is not None:
            await self._site.courier.empty()

    async def look_around(self) -> None:
        """Let everybody see what has come."""
        for person in self._people.values():
            await person.look()

    def pass_time(self) -> None:
        self.clock.at += _BETWEEN_ACTS

    async def pass_seconds(self, seconds: float) -> None:
        """A little later; what is due happens."""
        self.clock.at += timedelta(seconds=seconds)
        await self.tick()

    # The programmes

    async def change(self, programme: str, **occasions: Mapping[str, object]) -> None:
        """Load a programme anew, with other values in some of its occasions (`-` in an id is written `_`)."""
        before = samples()[programme]
        named = {id.replace("_", "-"): values for id, values in occasions.items()}
        changed = replace(before, occasions=tuple(_changed(o, named.get(o.id, {})) for o in before.occasions))
        await self.load(changed)

    async def move(self, programme: str, occasion: str, day: str) -> None:
        """Hold an occasion on another day, at the same hours; people are told when that has lain still for a while."""
        (span,) = next(one.days for one in samples()[programme].occasions if one.id == occasion)
        hours = (f"{day}T{at.astimezone(_ZONE):%H:%M}" for at in (span.starts_at, span.ends_at))
        await self.change(programme, **{occasion.replace("-", "_"): {"days": (Span(*map(moment, hours)),)}})
        self.clock.at += SETTLES
        await self.tick()

    async def load(self, programme: Programme) -> None:
        """Load a programme anew."""
        assert self._site is not None
        await self._site.load([programme])

    async def have(self, work: Callable[[Connection], T]) -> T:
        """Let something stand in the database that the story begins with."""
        assert self._site is not None
        return await self._site.unit_of_work.run(work)

    async def fetch(self, address: str) -> str:
        """What a web address of ours holds."""
        path = address.removeprefix("https://lartraff.example.org")
        async with self._session.get(self.url + path) as answer:
            assert answer.status == 200, f"{path} answered {answer.status}"
            return await answer.text()

    def wire(self) -> str:
        """Everything that the platforms have received, as it was written."""
        return repr([call.arguments for call in self.slack.calls] + [call.body for call in self.teams.calls])


def programme(id: str) -> Programme:
    """One of the five, as its file says."""
    return samples()[id]


def _changed(occasion: Occasion, values: Mapping[str, object]) -> Occasion:
    return replace(occasion, **values)  # type: ignore[arg-type]


def _actor(role: Role) -> str:
    return str(_sandbox_person(role).actor)


def _sandbox_person(role: Role) -> SandboxPerson:
    return SandboxPerson(
        role.id,
        role.name,
        role.organisation,
        role.organisation,
        role.email,
        language=role.language,
        zone=role.zone,
        administrator=role.administrator,
    )
