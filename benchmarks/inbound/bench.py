"""What every part of the measurement needs: stand-ins, servers on fresh databases, and figures beside their goals."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import postgresql
from benchmarks.inbound import servers, sites, slack, teams
from benchmarks.inbound.http import Load
from benchmarks.inbound.rounds import Contestant, Pace, until

SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its goal; `goal` None: only to be looked at."""

    what: str
    figure: float
    goal: float | None = None
    unit: str = "×"
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.goal is not None and self.figure > self.goal


def table(lines: Sequence[Line]) -> list[str]:
    """The figures in columns."""
    width = max(len(line.what) for line in lines)
    rows = [f"{'':{width}}  figure      goal"]
    for line in lines:
        goal = "" if line.goal is None else f"≤ {line.goal:g}"
        verdict = "" if line.goal is None else "MISS" if line.missed else "PASS"
        rows.append(f"{line.what:{width}}  {line.figure:6.2f} {line.unit:3} {goal:8} {verdict:4}  {line.note}".rstrip())
    return rows


@dataclass
class Bench:
    """The stand-ins, the servers and the options."""

    asked: argparse.Namespace
    folder: Path
    postgresql_url: str = ""
    workspace: slack.Workspace = field(default_factory=slack.Workspace)
    tenant: teams.Tenant = field(default_factory=teams.Tenant)
    slack_port: int = 0

    @property
    def core(self) -> int | None:
        return None if self.asked.free else SERVER_CORE

    @property
    def saturation(self) -> Pace:
        return Pace(at_once=self.asked.at_once)

    def wants(self, part: str) -> bool:
        return not self.asked.only or part in self.asked.only.split(",")

    def site_settings(self, name: str, *, with_slack: bool = True, with_teams: bool = False) -> dict[str, str]:
        """A fresh site's settings, its database ready."""
        here = self.folder / name
        url = postgresql.create_database(self.postgresql_url, name) if name == "postgresql" else ""
        environment = sites.settings(here, url)
        environment |= sites.slack_settings(self.slack_port) if with_slack else {}
        environment |= self.tenant.settings if with_teams else {}
        sites.prepare(environment, here, datetime.now(UTC).date())  # noqa: TID251 - the real day, for the programme
        return environment

    @asynccontextmanager
    async def running(self, server: servers.Server, environment: dict[str, str]) -> AsyncIterator[Contestant]:
        """A contestant while its server runs."""
        load = Load(server.port)
        try:
            await asyncio.to_thread(servers.wait_until_listening, server)
            yield Contestant(server, load, environment)
        finally:
            load.close()
            await asyncio.to_thread(server.stop)

    @asynccontextmanager
    async def site(
        self, name: str, *, with_slack: bool = True, with_teams: bool = False, module: str = "bot"
    ) -> AsyncIterator[Contestant]:
        """Lärträff, on a fresh database."""
        environment = self.site_settings(name, with_slack=with_slack, with_teams=with_teams)
        server = sites.start(name, environment, self.folder, self.core, module=module)
        async with self.running(server, environment) as contestant:
            yield contestant

    @asynccontextmanager
    async def peer(self, name: str) -> AsyncIterator[Contestant]:
        """A bare echo, `slack` or `teams`, or the `floor`."""
        environment = {**sites.slack_settings(self.slack_port), **self.tenant.settings}
        environment["FLOOR_DATABASE"] = str(self.folder / "floor.db")
        arguments = ["-m", "benchmarks.inbound.peers", name]
        server = servers.start(f"bare-{name}", arguments, environment=environment, folder=self.folder, core=self.core)
        async with self.running(server, environment) as contestant:
            yield contestant

    async def settle(self, contestant: Contestant) -> None:
        """Let the server make ready for questions first: it does so once for each new one, and no event costs that."""
        await asyncio.to_thread(servers.wait_until_quiet, contestant.server)

    async def acquaint(self, contestant: Contestant, people: Sequence[str], *, in_teams: bool = False) -> None:
        """Let the server meet people, so that nobody's profile has to be read while it is measured."""
        crowd = teams.Crowd(self.tenant, contestant.server.port) if in_teams else slack.Crowd(contestant.server.port)
        await contestant.send([crowd.greeting(person) for person in people], Pace(at_once=16))
        if in_teams:
            arrived = [f"a:{person}" for person in people]
            await until(lambda: all(conversation in self.tenant.sent for conversation in arrived))
            self.tenant.sent.clear()
