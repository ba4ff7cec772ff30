"""`python -m benchmarks.inbound`: Lärträff beside the bare echoes, as ratios, with the goals of the project."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import postgresql
from benchmarks.inbound import servers, sites, slack, teams
from benchmarks.inbound.http import Load, stand_in
from benchmarks.inbound.rounds import (
    PRESS,
    Contestant,
    Measured,
    Pace,
    check_database,
    newcomers,
    slack_presses,
    slack_registrations,
    teams_echoes,
    teams_registrations,
    until,
)

SERVER_CORE, LOAD_CORE = 0, 1
STEPS = (PRESS, *slack.STEPS[:-1])
"""The events that goal 1 is about: the form is opened, and moves on. The last one is shown apart."""

Series = defaultdict[tuple[str, str], list[Measured]]
"""(contestant, kind of event) → what was measured in each round."""


def main() -> None:
    """Measure and print; the exit status says whether every goal was met."""
    asked = _arguments()
    if not asked.free:
        os.sched_setaffinity(0, {LOAD_CORE})
    with TemporaryDirectory(prefix="lartraff-inbound-", dir=asked.folder) as folder:
        sys.exit(asyncio.run(_all(asked, Path(folder))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbound", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--people", type=int, default=300, help="people in each round (300)")
    parser.add_argument("--at-once", type=int, default=32, help="requests under way at saturation (32)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long 200 events a second are sent (5)")
    parser.add_argument("--growth", type=int, default=50_000, help="events after which memory is looked at again")
    parser.add_argument("--only", default="", help=f"comma-separated parts of: {','.join(_PARTS)}")
    parser.add_argument("--without", default="", help="comma-separated contestants to leave out: postgresql")
    parser.add_argument("--quick", action="store_true", help="a short run: two rounds, few people, little growth")
    parser.add_argument("--free", action="store_true", help="do not pin the server and the load to a core each")
    parser.add_argument("--folder", type=Path, default=None, help="where databases lie while it runs (a real disk)")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds, asked.people, asked.seconds, asked.growth = 2, 100, 2.0, 5_000
    return asked


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


def _table(lines: Sequence[Line]) -> list[str]:
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
        """A bare echo: `slack` or `teams`."""
        environment = {**sites.slack_settings(self.slack_port), **self.tenant.settings}
        arguments = ["-m", "benchmarks.inbound.peers", name]
        server = servers.start(f"bare-{name}", arguments, environment=environment, folder=self.folder, core=self.core)
        async with self.running(server, environment) as contestant:
            yield contestant

    async def acquaint(self, contestant: Contestant, people: Sequence[str], *, in_teams: bool = False) -> None:
        """Let the server meet people, so that nobody's profile has to be read while it is measured."""
        crowd = teams.Crowd(self.tenant, contestant.server.port) if in_teams else slack.Crowd(contestant.server.port)
        await contestant.send([crowd.greeting(person) for person in people], Pace(at_once=16))
        if in_teams:
            arrived = [f"a:{person}" for person in people]
            await until(lambda: all(conversation in self.tenant.sent for conversation in arrived))
            self.tenant.sent.clear()


async def _all(asked: argparse.Namespace, folder: Path) -> bool:
    """Measure part after part, each shown as soon as it is done; whether anything was missed."""
    with ExitStack() as stack:
        bench = Bench(asked, folder)
        if "postgresql" not in asked.without and bench.wants("slack"):
            here = folder / "postgresql-server"
            here.mkdir()
            folder.chmod(0o755)  # noqa: ASYNC240 - nothing runs yet. PostgreSQL does not run as root, and has to reach its own folder
            bench.postgresql_url = stack.enter_context(postgresql.server(here, core=None if asked.free else LOAD_CORE))
        slack_server, bench.slack_port = await stand_in(bench.workspace.answer)
        teams_server, teams_port = await stand_in(bench.tenant.answer)
        bench.tenant.url = f"http://127.0.0.1:{teams_port}"
        missed = False
        for part in filter(bench.wants, _PARTS):
            missed |= await _part(bench, part)
        slack_server.close()
        teams_server.close()
        return missed


async def _part(bench: Bench, part: str) -> bool:
    """Measure and show one part; whether it missed a goal or was not correct, which says more than any figure."""
    sys.stdout.write(f"\n{part}: {_PARTS[part].__doc__}\n")
    try:
        lines = await _PARTS[part](bench)
    except (AssertionError, RuntimeError, TimeoutError) as wrong:
        sys.stdout.write(f"WRONG: {str(wrong) or type(wrong).__name__}\n")
        return True
    sys.stdout.write("\n".join([*_table(lines), ""]))
    sys.stdout.flush()
    return any(line.missed for line in lines)


# --- Goals 1 and 2: CPU for each event --------------------------------------------------------------------------------


async def _slack(bench: Bench) -> list[Line]:
    """Bare Bolt, SQLite and PostgreSQL, round by round."""
    series: Series = defaultdict(list)
    names = ["sqlite", *(["postgresql"] if bench.postgresql_url else [])]
    for _ in range(bench.asked.rounds):
        async with bench.peer("slack") as bare:
            people = newcomers(bench.asked.people)
            await slack_presses(bare, bench.workspace, people, bench.saturation)  # warm
            series["bare", PRESS].append((await slack_presses(bare, bench.workspace, people, bench.saturation))[0])
        for name in names:
            await _registrations(bench, name, series)
    lines = [Line("bare slack-bolt, CPU per event", _cpu(series, "bare", (PRESS,)), unit="ms")]
    for name, goal in (("sqlite", 0.55), ("postgresql", 0.85)):
        if name in names:
            lines += _cpu_lines(series, name, "bare slack-bolt", goal, (*STEPS, slack.STEPS[-1]))
    return lines


async def _registrations(bench: Bench, name: str, series: Series) -> None:
    async with _fresh(bench, name) as site:
        warm, people = newcomers(60), newcomers(bench.asked.people)
        await bench.acquaint(site, [*warm, *people])
        await slack_registrations(site, bench.workspace, warm, bench.saturation)
        for kind, measured in (await slack_registrations(site, bench.workspace, people, bench.saturation)).items():
            series[name, kind].append(measured)
        check_database(site, greeted=len(warm) + len(people))


@asynccontextmanager
async def _fresh(bench: Bench, name: str) -> AsyncIterator[Contestant]:
    """A site whose earlier database, from the round before, is gone."""
    import shutil

    import psycopg

    shutil.rmtree(bench.folder / name, ignore_errors=True)
    if name == "postgresql":
        with psycopg.connect(f"{bench.postgresql_url}/postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS postgresql WITH (FORCE)")
    async with bench.site(name) as site:
        yield site


def _cpu(series: Series, name: str, kinds: Sequence[str]) -> float:
    """Milliseconds of CPU for an event: the mean over kinds, the median over rounds."""
    return median(_cpu_by_round(series, name, kinds))


def _cpu_by_round(series: Series, name: str, kinds: Sequence[str]) -> list[float]:
    rounds = zip(*(series[name, kind] for kind in kinds), strict=True)
    return [sum(measured.cpu_ms for measured in one) / len(kinds) for one in rounds]


def _ratios(series: Series, name: str, kinds: Sequence[str]) -> list[float]:
    """The CPU against the bare echo's in the same round."""
    bare = _cpu_by_round(series, "bare", (PRESS,))
    return [own / other for own, other in zip(_cpu_by_round(series, name, kinds), bare, strict=True)]


def _cpu_lines(series: Series, name: str, peer: str, goal: float, kinds: Sequence[str]) -> list[Line]:
    ratios = _ratios(series, name, STEPS)
    spread = f"rounds {min(ratios):.2f}–{max(ratios):.2f}, {_cpu(series, name, STEPS):.2f} ms"
    lines = [Line(f"{name}: CPU per event / {peer}", median(ratios), goal, note=spread)]
    for kind in kinds:
        ratio = median(_ratios(series, name, (kind,)))
        lines.append(Line(f"  {name}: {kind}", ratio, note=f"{_cpu(series, name, (kind,)):.2f} ms"))
    return lines


async def _teams(bench: Bench) -> list[Line]:
    """Stock botbuilder and Lärträff with Teams, round by round."""
    series: Series = defaultdict(list)
    for number in range(bench.asked.rounds):
        async with bench.peer("teams") as bare:
            people = newcomers(max(30, bench.asked.people // 4))
            await teams_echoes(bare, bench.tenant, people[:20], bench.saturation)  # warm
            found = await teams_echoes(bare, bench.tenant, people, bench.saturation)
            series["bare", PRESS].append(found[PRESS])
        async with bench.site(f"teams{number}", with_slack=False, with_teams=True) as site:
            people = newcomers(bench.asked.people)
            await bench.acquaint(site, people, in_teams=True)
            await teams_registrations(site, bench.tenant, people[:60], bench.saturation)
            measured = await teams_registrations(site, bench.tenant, people[60:], bench.saturation)
            for kind, one in measured.items():
                series["teams", kind].append(one)
            there = sites.count(site.environment, "deliveries")
            assert there == site.events, f"{there} deliveries for {site.events} events"
    bare_line = Line("stock botbuilder, CPU per event", _cpu(series, "bare", (PRESS,)), unit="ms")
    return [bare_line, *_cpu_lines(series, "teams", "stock botbuilder", 0.12, STEPS)]


async def _crowd(bench: Bench) -> list[Line]:
    """A hundred more flows and actions, against none."""
    series: Series = defaultdict(list)
    for number in range(bench.asked.rounds):
        for name, module in (("bare", "bot"), ("crowded", "benchmarks.inbound.crowded")):
            async with bench.site(f"{name}{number}", module=module) as site:
                warm, people = newcomers(60), newcomers(bench.asked.people)
                await bench.acquaint(site, [*warm, *people])
                await slack_presses(site, bench.workspace, warm, bench.saturation)
                measured, _ = await slack_presses(site, bench.workspace, people, bench.saturation)
                series[name, PRESS].append(measured)
    ratios = _ratios(series, "crowded", (PRESS,))
    spread = f"rounds {min(ratios):.2f}–{max(ratios):.2f}"
    return [Line("100 more flows and actions: CPU per event", median(ratios), 1.03, note=spread)]


# --- Goal 3: how long people wait -------------------------------------------------------------------------------------


async def _rate(bench: Bench) -> list[Line]:
    """200 events a second to each, the same press."""
    pace, number = Pace(per_second=200.0), int(200 * bench.asked.seconds)
    bare_series, own_series = [], []
    for turn in range(bench.asked.rounds):
        async with bench.peer("slack") as bare:
            await slack_presses(bare, bench.workspace, newcomers(100), bench.saturation)
            bare_series.append((await slack_presses(bare, bench.workspace, newcomers(number), pace))[0])
        async with bench.site(f"rate{turn}") as site:
            people = newcomers(number)
            await bench.acquaint(site, people)
            await slack_presses(site, bench.workspace, people[:100], bench.saturation)
            own_series.append((await slack_presses(site, bench.workspace, people, pace))[0])
    pairs = list(zip(own_series, bare_series, strict=True))
    p50 = [own.p50_ms / bare.p50_ms for own, bare in pairs]
    p99 = [own.p99_ms / bare.p99_ms for own, bare in pairs]
    cpu = [own.cpu_ms / bare.cpu_ms for own, bare in pairs]
    own50, bare50 = median(own.p50_ms for own in own_series), median(bare.p50_ms for bare in bare_series)
    own99, bare99 = median(own.p99_ms for own in own_series), median(bare.p99_ms for bare in bare_series)
    return [
        Line("200/s: CPU per event / bare slack-bolt", median(cpu), 0.90, note=f"rounds {min(cpu):.2f}–{max(cpu):.2f}"),
        Line("200/s: p50 / bare slack-bolt", median(p50), 0.4, note=f"{own50:.1f} ms, bare {bare50:.1f} ms"),
        Line("200/s: p99 / bare slack-bolt", median(p99), 0.8, note=f"{own99:.1f} ms, bare {bare99:.1f} ms"),
    ]


async def _burst(bench: Bench) -> list[Line]:
    """900 clicks a second for four seconds."""
    async with bench.site("burst") as site:
        people = newcomers(3600)
        await bench.acquaint(site, people)
        crowd = slack.Crowd(site.server.port)
        bench.workspace.opened.clear()
        pressed = [crowd.press(person) for person in people]
        answers = await site.load.at_rate([written for _, written in pressed], per_second=900.0)
        there = sites.count(site.environment, "deliveries")
        unanswered = sum(answer.status != 200 for answer in answers)
        assert there == site.events + len(answers) - unanswered, f"{there} deliveries"
    late = sum(trigger not in bench.workspace.opened for trigger, _ in pressed)
    return [
        Line("900 clicks/s for 4 s: unanswered", unanswered, 0, unit=""),
        Line("900 clicks/s for 4 s: slowest", max(answer.seconds for answer in answers), 1.5, unit="s"),
        Line("  forms that Slack took too long to open", late, unit="", note="each person is offered it once more"),
    ]


# --- Goals 4 and 5: memory and start ----------------------------------------------------------------------------------


async def _rest(bench: Bench) -> list[Line]:
    """Memory once it has started and met a few people."""
    lines = []
    for name, goal, with_teams in (("Slack alone", 90, False), ("Slack and Teams", 110, True)):
        async with bench.site(f"rest-{len(name)}", with_teams=with_teams) as site:
            await bench.acquaint(site, newcomers(20))
            await asyncio.sleep(1)
            lines.append(Line(f"resident at rest, {name}", site.server.resident_mb(), goal, unit="MB"))
    return lines


async def _growth(bench: Bench) -> list[Line]:
    """Memory after many events more than at first."""
    async with bench.site("growth") as site:
        await _registering(bench, site, 400)
        before = site.server.resident_mb()
        while site.events < bench.asked.growth:
            await _registering(bench, site, 400)
        grown = site.server.resident_mb() - before
    note = f"from {before:.0f} MB, {site.events} events"
    goal = 8 if bench.asked.growth >= 50_000 else None  # a short run says little of the steady state
    return [Line("growth of memory", grown, goal, unit="MB", note=note)]


async def _registering(bench: Bench, site: Contestant, number: int) -> None:
    people = newcomers(number)
    await bench.acquaint(site, people)
    await slack_registrations(site, bench.workspace, people, bench.saturation)
    bench.workspace.messages.clear()


async def _start(bench: Bench) -> list[Line]:
    """From the start of the process to the first answered event, both platforms configured."""
    environment = bench.site_settings("start", with_teams=True)
    taken = []
    for _ in range(max(3, bench.asked.rounds)):
        begin = time.perf_counter()
        server = sites.start("start", environment, bench.folder, bench.core)
        async with bench.running(server, environment) as site:
            await bench.acquaint(site, newcomers(1))
            taken.append(time.perf_counter() - begin)
    spread = f"{min(taken):.2f}–{max(taken):.2f}"
    return [Line("start to first answered event, both platforms", median(taken), 1.0, unit="s", note=spread)]


_PARTS = {
    "slack": _slack,
    "rate": _rate,
    "burst": _burst,
    "crowd": _crowd,
    "teams": _teams,
    "rest": _rest,
    "start": _start,
    "growth": _growth,
}


if __name__ == "__main__":
    main()
