"""The parts of the measurement, each for one or two of the project's goals."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median

import psycopg

from benchmarks.inbound import sites, slack
from benchmarks.inbound.bench import Bench, Line
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
)

STEPS = (PRESS, *slack.STEPS[:-1])
"""The events that goal 1 is about: the form is opened, and moves on. The last one is shown apart."""

Series = defaultdict[tuple[str, str], list[Measured]]
"""(contestant, kind of event) → what was measured in each round."""


# --- Goals 1 and 2: CPU for each event --------------------------------------------------------------------------------


async def _slack(bench: Bench) -> list[Line]:
    """Bare Bolt, the least there can be, SQLite and PostgreSQL, round by round."""
    series: Series = defaultdict(list)
    names = ["sqlite", *(["postgresql"] if bench.postgresql_url else [])]
    for _ in range(bench.asked.rounds):
        for name, peer in (("bare", "slack"), ("floor", "floor")):
            async with bench.peer(peer) as contestant:
                people = newcomers(bench.asked.people)
                await slack_presses(contestant, bench.workspace, people, bench.saturation)  # warm
                measured, _ = await slack_presses(contestant, bench.workspace, people, bench.saturation)
                series[name, PRESS].append(measured)
        for name in names:
            await _registrations(bench, name, series)
    lines = [Line("bare slack-bolt, CPU per event", _cpu(series, "bare", (PRESS,)), unit="ms")]
    lines.append(Line("the least there can be / bare slack-bolt", median(_ratios(series, "floor", (PRESS,)))))
    for name, goal in (("sqlite", 0.55), ("postgresql", 0.85)):
        if name in names:
            lines += _cpu_lines(series, name, "bare slack-bolt", goal, (*STEPS, slack.STEPS[-1]))
    return lines


async def _registrations(bench: Bench, name: str, series: Series) -> None:
    async with _fresh(bench, name) as site:
        await bench.settle(site)
        warm, people = newcomers(60), newcomers(bench.asked.people)
        await bench.acquaint(site, [*warm, *people])
        await slack_registrations(site, bench.workspace, warm, bench.saturation)
        for kind, measured in (await slack_registrations(site, bench.workspace, people, bench.saturation)).items():
            series[name, kind].append(measured)
        await check_database(site, greeted=len(warm) + len(people))


@asynccontextmanager
async def _fresh(bench: Bench, name: str) -> AsyncIterator[Contestant]:
    """A site whose earlier database, from the round before, is gone."""
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
            await bench.settle(site)
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
                await bench.settle(site)
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
            await bench.settle(site)
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
        await bench.settle(site)
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
            if with_teams:
                await bench.settle(site)
                what = "  the same, ready to compare questions by their meaning"
                lines.append(Line(what, site.server.resident_mb(), 185, unit="MB"))
    return lines


async def _growth(bench: Bench) -> list[Line]:
    """Memory after many events more than at first."""
    async with bench.site("growth") as site:
        await bench.settle(site)
        await _registering(bench, site, 400)
        before = site.server.resident_mb()
        while site.events < bench.asked.growth:
            await _registering(bench, site, 400)
        grown = site.server.resident_mb() - before
    note = f"from {before:.0f} MB, {site.events} events"
    goal = 8 if bench.asked.growth >= 50_000 else None  # a short run says little of the steady state
    return [Line("growth of memory", grown, goal, unit="MB", note=note)]


async def _registering(bench: Bench, site: Contestant, number: int) -> None:
    """Everybody begins; one in ten confirms, for Slack takes the receipts slowly."""
    people = newcomers(number)
    await bench.acquaint(site, people)
    confirming, leaving = people[: number // 10], people[number // 10 :]
    await slack_registrations(site, bench.workspace, confirming, bench.saturation)
    await slack_registrations(site, bench.workspace, leaving, bench.saturation, slack.STEPS[:-1])
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


PARTS = {
    "slack": _slack,
    "rate": _rate,
    "burst": _burst,
    "crowd": _crowd,
    "teams": _teams,
    "rest": _rest,
    "start": _start,
    "growth": _growth,
}
