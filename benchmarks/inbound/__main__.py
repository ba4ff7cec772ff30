"""`python -m benchmarks.inbound`: Lärträff beside the bare echoes, as ratios, with the goals of the project."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import postgresql
from benchmarks.inbound.bench import LOAD_CORE, Bench, table
from benchmarks.inbound.http import stand_in
from benchmarks.inbound.parts import PARTS


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
    parser.add_argument("--only", default="", help=f"comma-separated parts of: {','.join(PARTS)}")
    parser.add_argument("--without", default="", help="comma-separated contestants to leave out: postgresql")
    parser.add_argument("--quick", action="store_true", help="a short run: two rounds, few people, little growth")
    parser.add_argument("--free", action="store_true", help="do not pin the server and the load to a core each")
    parser.add_argument("--folder", type=Path, default=None, help="where databases lie while it runs (a real disk)")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds, asked.people, asked.seconds, asked.growth = 2, 100, 2.0, 5_000
    return asked


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
        for part in filter(bench.wants, PARTS):
            missed |= await _part(bench, part)
        slack_server.close()
        teams_server.close()
        return missed


async def _part(bench: Bench, part: str) -> bool:
    """Measure and show one part; whether it missed a goal or was not correct, which says more than any figure."""
    sys.stdout.write(f"\n{part}: {PARTS[part].__doc__}\n")
    try:
        lines = await PARTS[part](bench)
    except (AssertionError, RuntimeError, TimeoutError) as wrong:
        sys.stdout.write(f"WRONG: {str(wrong) or type(wrong).__name__}\n")
        return True
    sys.stdout.write("\n".join([*table(lines), ""]))
    sys.stdout.flush()
    return any(line.missed for line in lines)


if __name__ == "__main__":
    main()
