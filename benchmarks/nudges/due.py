"""Goal 6: very many reminders due in the same second, beside as many jobs in APScheduler's own job store."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert

from benchmarks.inbound.bench import Line
from benchmarks.nudges import filling
from storage.nudges import Nudges
from storage.tables import nudges
from storage.unit_of_work import unit_of_work

_BATCH = 200  # as the tick takes them
_ran: list[float] = []


@dataclass
class Taken:
    """What it took until the last one was there."""

    late: float = 0.0  # seconds
    stall: float = 0.0  # seconds, the longest that the event loop did nothing else
    cpu: float = 0.0  # seconds, of this process
    there: set[str] = field(default_factory=set)


def job(number: int) -> None:
    """What APScheduler runs: as little as a claim does with a row."""
    _ran.append(time.perf_counter())


@asynccontextmanager
async def _watched(taken: Taken) -> AsyncIterator[None]:
    """Note the longest time in which the event loop did not come round."""
    running = True

    async def tick() -> None:
        while running:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            taken.stall = max(taken.stall, time.perf_counter() - begun - 0.001)

    ticking, cpu = asyncio.create_task(tick()), time.process_time()
    yield
    taken.cpu = time.process_time() - cpu
    running = False
    await ticking


async def apscheduler(url: str, number: int) -> Taken:
    """Date jobs in the SQLAlchemy job store, all at one instant."""
    _ran.clear()
    taken = Taken()
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url)}, timezone="UTC")
    scheduler.start(paused=True)
    due = filling.soon(0)
    for n in range(number):
        scheduler.add_job(job, "date", run_date=due, args=[n], misfire_grace_time=None)
    begun = time.perf_counter()
    async with _watched(taken):
        scheduler.resume()
        while len(_ran) < number:  # noqa: ASYNC110 - APScheduler tells nobody
            await asyncio.sleep(0.01)
    taken.late = _ran[-1] - begun
    scheduler.shutdown(wait=False)
    assert len(_ran) == number, "APScheduler ran some twice"
    return taken


async def ours(url: str, number: int) -> Taken:
    """Rows of the nudges table, all at one instant, claimed as the tick claims them."""
    filling.make(url)
    taken, now = Taken(), filling.soon(0)
    opened = filling.engine(url)
    with opened.begin() as connection:
        connection.execute(insert(nudges), [_row(n, now) for n in range(number)])
    filling.settle(opened)
    opened.dispose()
    work = unit_of_work(url)
    begun = time.perf_counter()
    async with _watched(taken):
        while claimed := await work.run_behind(
            lambda c: [nudge.id for nudge in Nudges(c, filling.soon(0)).claim(_BATCH)]
        ):
            assert not taken.there & set(claimed), "a nudge was claimed twice"
            taken.there.update(claimed)
            taken.late = time.perf_counter() - begun
    await work.close()
    assert len(taken.there) == number, "nudges were lost"
    return taken


def _row(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": uuid.uuid4().hex,
        "rule": "day-before",
        "programme": "p",
        "about": "o",
        "audience": "participants",
        "recipient": f"P{number}",
        "anchor": now + timedelta(days=1),
        "due_at": now - timedelta(seconds=1),
        "state": "planned",
    }


def compare(name: str, theirs: Taken, mine: Taken, number: int) -> list[Line]:
    their_cpu, my_cpu = theirs.cpu * 1e6 / number, mine.cpu * 1e6 / number
    them = f"APScheduler: {theirs.late:.1f} s, stalled {theirs.stall * 1000:.0f} ms, {their_cpu:.0f} µs"
    return [
        Line(f"{name}: last of {number:,} claimed after", mine.late, 1.0, unit="s", note=them),
        Line(f"{name}: longest stall of the event loop", mine.stall * 1000, 10.0, unit="ms"),
        Line(f"{name}: CPU to claim a row", my_cpu, 20.0, unit="µs"),
        Line(f"{name}: CPU / APScheduler", my_cpu / their_cpu),
    ]
