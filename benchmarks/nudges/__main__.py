"""`python -m benchmarks.nudges`: what reminders cost, beside APScheduler, the platforms' limits and fewer rows."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import postgresql
from benchmarks.inbound.bench import Line, table
from benchmarks.nudges import claiming, due, sending


@dataclass
class Bench:
    """The databases and how much of everything."""

    asked: argparse.Namespace
    folder: Path
    server: str  # of PostgreSQL, or nothing
    numbers: Iterator[int]

    def url(self, kind: str, name: str) -> str:
        """An empty database that nothing else uses."""
        unique = f"{name}_{next(self.numbers)}"
        if kind == "postgresql":
            return postgresql.create_database(self.server, unique)
        return f"sqlite:///{self.folder / unique}.db"

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("sqlite", "postgresql") if self.server else ("sqlite",)


async def _claim(bench: Bench) -> list[Line]:
    """Goal 7: a message is claimed as quickly among very many."""
    lines = []
    for kind in bench.kinds:
        urls = {size: bench.url(kind, "claim") for size in (claiming.SMALL, bench.asked.rows)}
        lines += claiming.compare(kind, urls, bench.asked.rounds)
    return lines


async def _due(bench: Bench) -> list[Line]:
    """Goal 6: very many reminders in the same second."""
    lines, number = [], bench.asked.due
    for kind in bench.kinds:
        theirs = await due.apscheduler(bench.url(kind, "jobs"), number)
        mine = await due.ours(bench.url(kind, "nudges"), number)
        lines += due.compare(kind, theirs, mine, number)
    return lines


async def _fan_out(bench: Bench) -> list[Line]:
    """Goal 8: as fast as the platform allows, and answers meanwhile."""
    lines, one, many = [], bench.asked.seconds, 3 * bench.asked.seconds
    for kind in bench.kinds:
        for platform, rate in (("slack", 525 / 60), ("teams", 50.0)):
            seen = await sending.remind(bench.url(kind, "one"), platform, int(rate * one))
            lines += sending.beside_limit(f"{kind}, {platform}", platform, seen, 0.97)
        seen = await sending.remind(bench.url(kind, "twenty"), "teams", int(50 * many) * 20, workspaces=20)
        lines += sending.beside_limit(f"{kind}, 20 tenants", "teams", seen, 0.95)
    return lines


async def _workers(bench: Bench) -> list[Line]:
    """Goal 9: several workers at one PostgreSQL, a platform without limits, 16 workspaces."""
    if not bench.server:
        return []
    seen: dict[int, list[sending.Seen]] = {1: [], 2: [], 4: []}
    for _ in range(bench.asked.rounds):
        for workers, found in seen.items():
            url = bench.url("postgresql", f"workers{workers}")
            found.append(await sending.remind(url, "sandbox", bench.asked.people, workspaces=16, workers=workers))
    return [
        *sending.beside_one("two workers", seen[1], seen[2], 1.8),
        *sending.beside_one("four workers", seen[1], seen[4], 3.0),
    ]


_PARTS: dict[str, Callable[[Bench], Awaitable[list[Line]]]] = {
    "claim": _claim,
    "due": _due,
    "fanout": _fan_out,
    "workers": _workers,
}


def main() -> None:
    """Measure and print; the exit status says whether every goal was met."""
    asked = _arguments()
    with TemporaryDirectory(prefix="lartraff-nudges-", dir=asked.folder) as folder:
        sys.exit(asyncio.run(_all(asked, Path(folder))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nudges", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="old messages beside 20,000 (1000000)")
    parser.add_argument("--due", type=int, default=10_000, help="reminders due in the same second (10000)")
    parser.add_argument(
        "--seconds", type=int, default=20, help="of a fan-out to one workspace; to 20, three times (20)"
    )
    parser.add_argument("--people", type=int, default=8_000, help="who are reminded by several workers (8000)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--only", default="", help=f"comma-separated parts of: {','.join(_PARTS)}")
    parser.add_argument("--without", default="", help="comma-separated, to leave out: postgresql")
    parser.add_argument("--quick", action="store_true", help="a short run: fewer rows, people, seconds and rounds")
    parser.add_argument("--folder", type=Path, default=None, help="where databases lie while it runs (a real disk)")
    asked = parser.parse_args()
    if asked.quick:
        asked.rows, asked.seconds, asked.people, asked.rounds = 200_000, 5, 2_000, 2
    return asked


async def _all(asked: argparse.Namespace, folder: Path) -> bool:
    """Measure part after part, each shown as soon as it is done; whether anything was missed."""
    with ExitStack() as stack:
        server = ""
        if "postgresql" not in asked.without:
            here = folder / "postgresql-server"
            here.mkdir()
            folder.chmod(0o755)  # noqa: ASYNC240 - nothing runs yet. PostgreSQL does not run as root, and has to reach its folder
            server = stack.enter_context(postgresql.server(here))
        bench, missed = Bench(asked, folder, server, count(1)), False
        for part in _PARTS:
            if not asked.only or part in asked.only.split(","):
                missed |= await _part(bench, part)
        return missed


async def _part(bench: Bench, part: str) -> bool:
    """Measure and show one part; whether it missed a goal or was not correct, which says more than any figure."""
    sys.stdout.write(f"\n{part}: {_PARTS[part].__doc__}\n")
    try:
        lines = await _PARTS[part](bench)
    except (AssertionError, TimeoutError) as wrong:
        sys.stdout.write(f"WRONG: {str(wrong) or type(wrong).__name__}\n")
        return True
    sys.stdout.write("\n".join([*table(lines), ""] if lines else ["nothing to measure", ""]))
    sys.stdout.flush()
    return any(line.missed for line in lines)


if __name__ == "__main__":
    main()
