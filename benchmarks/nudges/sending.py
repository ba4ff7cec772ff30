"""Goals 8 and 9: a reminder to many people, through a platform with a limit, and by several workers."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.inbound.bench import Line
from benchmarks.nudges import filling
from benchmarks.nudges.platform import Distant

_ROOT = Path(__file__).parents[2]
_LATENCY = 0.1  # seconds until the platform answers
_ALLOWED = {"slack": 525 / 60, "teams": 50.0, "sandbox": 0.0}  # messages a second and workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a reminder."""

    seconds: float  # from the first message to the last
    most: int  # messages in one workspace
    arrived: int
    limited: int
    cpu_ms: float  # of all workers, for each message
    idle: list[float]  # seconds that a transaction took before
    busy: list[float]  # and meanwhile
    answered: list[float]  # seconds until an answer was there, meanwhile


async def remind(url: str, platform: str, people: int, *, workspaces: int = 1, workers: int = 1) -> Seen:
    """Write to everybody and wait until it has arrived. Raises `AssertionError` when it did not arrive once."""
    filling.make(url)
    async with _started("platform", str(_ALLOWED[platform]), str(_LATENCY)) as stand_in:
        port = await _line(stand_in)
        watch = Distant(platform)
        await watch.connect(int(port))
        arguments = [url, port, platform]
        processes = [await _start("worker", *arguments, str(number)) for number in range(workers)]
        for process in processes:
            assert await _line(process) == "ready"
        await asyncio.sleep(1.0)  # the last of the answers arrive
        await watch.ask(report=True)
        opened = filling.engine(url)
        with opened.begin() as connection:
            filling.fan_out(connection, filling.soon(0), "nudge", people, platform=platform, workspaces=workspaces)
        for process in processes:
            _say(process, "go")
        while filling.count(opened, "outbox WHERE state IN ('waiting', 'sending') AND key LIKE 'nudge:%'"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        report = await watch.ask(report=True)
        saw = [await _end(process) for process in processes]
        sent = filling.count(opened, "outbox WHERE key LIKE 'nudge:%' AND state = 'sent' AND reason = ''")
        opened.dispose()
        await watch.close()
    assert sent == people, f"{people - sent} of {people} messages were lost"
    assert report["doubled"] == 0, f"{report['doubled']} messages came twice"
    return Seen(
        seconds=report["seconds"],
        most=report["most"],
        arrived=report["arrived"],
        limited=report["limited"],
        cpu_ms=sum(one["cpu"] for one in saw) * 1000 / people,
        idle=[seconds for one in saw for seconds in one["idle"]],
        busy=[seconds for one in saw for seconds in one["busy"]],
        answered=[seconds for one in saw for seconds in one["arrived"]],
    )


def beside_limit(name: str, platform: str, seen: Seen, share: float) -> list[Line]:
    """The figures of goal 8: time beside the least that the platform's rate allows."""
    least = (seen.most - 1) / _ALLOWED[platform]
    rate = f"{seen.arrived} messages in {seen.seconds:.1f} s, {least / seen.seconds:.1%} of the allowed rate"
    p99, idle = quantiles(seen.busy, n=100)[98] * 1000, quantiles(seen.idle, n=100)[98] * 1000
    slowest = f"slowest of {len(seen.answered)} answers there after {max(seen.answered):.2f} s"
    return [
        Line(f"{name}: time / least possible", seen.seconds / least, 1 / share, note=rate),
        Line(f"{name}: answered 429", seen.limited * 100 / seen.arrived, 0.1, unit="%"),
        Line(f"{name}: transaction of an event p99 / idle", p99 / idle, 2.0, note=f"{p99:.1f} ms; {slowest}"),
        Line(f"{name}: CPU", seen.cpu_ms, unit="ms", note="for each message, in the worker"),
    ]


def beside_one(name: str, one: list[Seen], several: list[Seen], least: float) -> list[Line]:
    """The figures of goal 9: time of several workers beside that of one, and what they use together."""
    ratio = median(s.seconds for s in several) / median(s.seconds for s in one)
    rates = [median(s.arrived / s.seconds for s in seen) for seen in (one, several)]
    cpu = [median(s.cpu_ms for s in seen) for seen in (one, several)]
    return [
        Line(f"{name}: time / that of one", ratio, 1 / least, note=f"{rates[0]:.0f} and {rates[1]:.0f} messages/s"),
        Line(f"{name}: CPU of all / that of one", cpu[1] / cpu[0], note=f"{cpu[0]:.2f} and {cpu[1]:.2f} ms a message"),
    ]


async def _start(module: str, *arguments: str) -> Process:
    program = sys.executable, "-m", f"benchmarks.nudges.{module}"
    return await asyncio.create_subprocess_exec(*program, *arguments, cwd=_ROOT, stdin=PIPE, stdout=PIPE)


@asynccontextmanager
async def _started(module: str, *arguments: str) -> AsyncIterator[Process]:
    process = await _start(module, *arguments)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(120):
        return (await process.stdout.readline()).decode().strip()


def _say(process: Process, what: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{what}\n".encode())


async def _end(process: Process) -> dict[str, Any]:
    _say(process, "end")
    saw: dict[str, Any] = json.loads(await _line(process))
    await process.wait()
    return saw
