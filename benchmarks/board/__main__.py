"""`python -m benchmarks.board`: a board with very many viewers, beside aiohttp-sse, and a large one in Chromium."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.board import page
from benchmarks.board.crowd import Crowd
from benchmarks.inbound import servers
from benchmarks.inbound.bench import LOAD_CORE, SERVER_CORE, Line, table

_MOST_MB = 30.0  # what the system may keep for a connection, and more
_numbers = count(1)


@dataclass
class Bench:
    """The options, and a place for databases."""

    asked: argparse.Namespace
    folder: Path

    @asynccontextmanager
    async def site(self, kind: str, posts: int = 50) -> AsyncIterator[tuple[servers.Server, Crowd]]:
        """A server while it runs, on one core, and the crowd that will look at it from the other."""
        database = f"sqlite:///{self.folder / f'{next(_numbers)}.db'}"
        arguments = ["-m", "benchmarks.board.sites", kind, database, str(posts)]
        path = os.pathsep.join(filter(None, [str(Path.cwd()), str(self.asked.peer or "")]))
        core = None if self.asked.free else SERVER_CORE
        server = servers.start(kind, arguments, environment={"PYTHONPATH": path}, folder=self.folder, core=core)
        try:
            await asyncio.to_thread(servers.wait_until_listening, server)
            crowd = Crowd(server.port)
            yield server, crowd
            crowd.leave()
        finally:
            await asyncio.to_thread(server.stop)

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("ours", "peer") if self.asked.peer else ("ours",)


def _percentile(seconds: list[float], share: float) -> float:
    return seconds[min(int(len(seconds) * share), len(seconds) - 1)]


async def _viewers(bench: Bench) -> list[Line]:
    """Goal 10: a post is seen by everybody; beside aiohttp-sse, by turns."""
    seen: dict[str, list[tuple[float, float, float, float]]] = {kind: [] for kind in bench.kinds}
    for _ in range(bench.asked.rounds):
        for kind, found in seen.items():
            found.append(await _told(bench, kind))
    lines = []
    for kind, found in seen.items():
        name = "ours" if kind == "ours" else "aiohttp-sse"
        p50, p99, cpu, size = (median(one[place] for one in found) for place in range(4))
        spread = f"{min(one[1] for one in found):.0f}–{max(one[1] for one in found):.0f}"
        goals = (100.0, 11.0) if kind == "ours" else (None, None)
        lines += [
            Line(f"{name}: seen, p50", p50, unit="ms"),
            Line(f"{name}: seen, p99", p99, goals[0], "ms", f"rounds {spread}"),
            Line(f"{name}: CPU for each viewer and post", cpu, unit="µs"),
            Line(f"{name}: memory for each viewer", size, goals[1], "KiB"),
        ]
    if len(seen) == 2:
        ratios = [mine[1] / theirs[1] for mine, theirs in zip(seen["ours"], seen["peer"], strict=True)]
        lines.append(Line("p99, ours / aiohttp-sse", median(ratios)))
    return lines


async def _told(bench: Bench, kind: str) -> tuple[float, float, float, float]:
    """p50 and p99 in ms, CPU in µs and memory in KiB."""
    number, posts = bench.asked.viewers, bench.asked.posts
    async with bench.site(kind) as (server, crowd):
        await crowd.come(20)
        await crowd.put("warm")
        before = server.resident_mb()
        await crowd.come(number)
        size = (server.resident_mb() - before) * 1e6 / 1024 / number
        cpu, took = server.cpu(), []
        for post in range(posts):
            took += await crowd.put(f"{kind}-{post}-" + "ett inlägg av vanlig längd på en tavla " * 3)
            await asyncio.sleep(0.3)
        cpu = (server.cpu() - cpu) * 1e6 / number / posts
        took.sort()
        return _percentile(took, 0.5) * 1000, _percentile(took, 0.99) * 1000, cpu, size


async def _slow(bench: Bench) -> list[Line]:
    """Goal 10: somebody who stops reading delays nobody, and is let go."""
    async with bench.site("ours") as (server, crowd):
        await crowd.come(bench.asked.viewers // 5)
        without = [await _p99(crowd, f"without-{n}") for n in range(bench.asked.posts)]
        beside: list[float] = []
        before, sent = server.resident_mb(), 0.0
        with await crowd.come_and_never_read():
            beside += [await _p99(crowd, f"beside-{n}") for n in range(bench.asked.posts)]
            while int(await crowd.ask("/viewers")) > len(crowd.viewers) and sent < _MOST_MB:
                await crowd.ask("/put?text=0123456789&times=50000", "POST")
                sent += 0.5
                await asyncio.sleep(0.25)
        assert sent < _MOST_MB, "the slow viewer was never let go"
        return [
            Line("p99 with a slow viewer / without", median(beside) / median(without), 1.3),
            Line("memory grown until it was let go", server.resident_mb() - before, unit="MB", note=f"{sent} MB sent"),
        ]


async def _p99(crowd: Crowd, text: str) -> float:
    took = await crowd.put(text)
    await asyncio.sleep(0.25)
    return _percentile(took, 0.99)


async def _reconnect(bench: Bench) -> list[Line]:
    """Goal 10: whoever was away has everything afterwards."""
    async with bench.site("ours") as (_server, crowd):
        first = await crowd.come(200, keeps=True)
        await crowd.put("before")
        for viewer in first[:100]:
            assert viewer.transport is not None
            viewer.transport.abort()
        await asyncio.sleep(0.1)
        known = str(first[-1].events[-1]["version"])
        for number in range(20):
            await crowd.put(f"meanwhile-{number}")
        again = await crowd.come(100, known=known, keeps=True)
        await crowd.put("afterwards")
        texts = {tuple(sorted(_board(viewer.events))) for viewer in again}
        assert len(texts) == 1, "they see different boards"
        (board,) = texts
        lost = [n for n in range(20) if f"meanwhile-{n}" not in board]
        assert len(board) == 72, f"{len(board)} of 72 posts"
        return [Line("posts lost by 100 that reconnected", len(lost), 0, "")]


def _board(events: list[dict[str, dict[str, dict[str, str]]]]) -> list[str]:
    return [post["text"] for event in events for post in event["posts"].values()]


async def _page(bench: Bench) -> list[Line]:
    """Goal 11: what a browser has to do."""
    lines = []
    for posts, goal in ((50, None), (1000, 300.0)):
        async with bench.site("ours", posts) as (server, crowd):
            path = (await crowd.ask("/link")).partition("/changes")[0]
            url = f"http://127.0.0.1:{server.port}{path}"
            seconds = await page.working(url, posts, rounds=bench.asked.rounds + 2)
            size = await asyncio.to_thread(page.weight, url)
            spread = f"{min(seconds) * 1000:.0f}–{max(seconds) * 1000:.0f}"
            lines += [
                Line(f"{posts} posts: script, style, layout", median(seconds) * 1000, goal, "ms", f"rounds {spread}"),
                Line(f"{posts} posts: weight", size / 1000, None if goal else 60.0, "kB", "uncompressed, all files"),
            ]
    return lines


_PARTS: dict[str, Callable[[Bench], Awaitable[list[Line]]]] = {
    "viewers": _viewers,
    "slow": _slow,
    "reconnect": _reconnect,
    "page": _page,
}


def main() -> None:
    """Measure and print; the exit status says whether every goal was met."""
    asked = _arguments()
    if not asked.free:
        os.sched_setaffinity(0, {LOAD_CORE})
    with TemporaryDirectory(prefix="lartraff-board-", dir=asked.folder) as folder:
        sys.exit(asyncio.run(_all(Bench(asked, Path(folder)))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board", description=__doc__)
    parser.add_argument("--viewers", type=int, default=5_000, help="who look at one board (5000)")
    parser.add_argument("--posts", type=int, default=10, help="that they are told of in each round (10)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--peer", type=Path, default=None, help="the folder into which aiohttp-sse was installed")
    parser.add_argument("--only", default="", help=f"comma-separated parts of: {','.join(_PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a short run: fewer viewers, posts and rounds")
    parser.add_argument("--free", action="store_true", help="do not pin the server and the load to a core each")
    parser.add_argument("--folder", type=Path, default=None, help="where databases lie while it runs (a real disk)")
    asked = parser.parse_args()
    if asked.quick:
        asked.viewers, asked.posts, asked.rounds = 1_000, 5, 2
    return asked


async def _all(bench: Bench) -> bool:
    """Measure part after part, each shown as soon as it is done; whether anything was missed."""
    missed = False
    for part, measure in _PARTS.items():
        if bench.asked.only and part not in bench.asked.only.split(","):
            continue
        sys.stdout.write(f"\n{part}: {measure.__doc__}\n")
        try:
            lines = await measure(bench)
        except (AssertionError, TimeoutError) as wrong:
            sys.stdout.write(f"WRONG: {str(wrong) or type(wrong).__name__}\n")
            missed = True
            continue
        sys.stdout.write("\n".join([*table(lines), ""]))
        sys.stdout.flush()
        missed |= any(line.missed for line in lines)
    return missed


if __name__ == "__main__":
    main()
