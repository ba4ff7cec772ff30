"""Figure 5: two workers over a day, one of them killed at every step; each nudge is claimed once and sent once.

By hand: `python -m tests.reliability.two_workers --nudges 20000`, with `--postgresql` on that instead of SQLite. The
variant that is wrong on purpose: `--careless` looks for what is due first and takes it in a transaction of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, create_engine, event, select, update

from bot.domain.rules import LINK
from bot.handlers.tick import Tick
from bot.handlers.visit import Visit
from bot.messages import Card, from_json
from storage.nudges import PLANNED, SENT, Nudge, Nudges, _nudge
from storage.tables import nudges, outbox
from storage.unit_of_work import UnitOfWork, sqlite_engine, unit_of_work
from tests.handlers.town import ENGLISH, MovableClock, surroundings
from tests.reliability.crowd import Member, Seats, busy_programme, fill
from tests.reliability.nursery import Nursery, rear
from tests.reliability.worker import Line

DAY = datetime(2027, 2, 7, 23, tzinfo=UTC)  # midnight in Stockholm, well after everybody has registered
_A_DAY = timedelta(days=1)
_LONGEST_LIFE = 0.06  # seconds after which a worker that has something to do is killed at the latest
_STATEMENTS = 8  # so many has every tick, also one that finds nothing left

claims = Table("claims_witnessed", MetaData(), Column("nudge", String))
"""What every claim took, in the same transaction: what a killed worker had claimed is not there."""


# --- Workers ----------------------------------------------------------------------------------------------------------


class WitnessedNudges(Nudges):
    """Notes what is claimed."""

    def claim(self, most: int) -> tuple[Nudge, ...]:
        return _noted(self._connection, super().claim(most))


class GivenNudges(Nudges):
    """Claims what was found in an earlier transaction, whatever has become of it since."""

    def __init__(self, connection: Connection, now: datetime, found: tuple[Nudge, ...]) -> None:
        super().__init__(connection, now)
        self._given = found

    def claim(self, most: int) -> tuple[Nudge, ...]:
        taken = nudges.c.id.in_([one.id for one in self._given])
        self._connection.execute(update(nudges).where(taken).values(state=SENT, settled_at=self._now))
        return _noted(self._connection, self._given)


def _noted(connection: Connection, claimed: tuple[Nudge, ...]) -> tuple[Nudge, ...]:
    if claimed:
        connection.execute(claims.insert(), [{"nudge": one.id} for one in claimed])
    return claimed


class WitnessedTick(Tick):
    """The tick, with its claims noted."""

    def _visit(self, connection: Connection) -> Visit:
        visit = super()._visit(connection)
        visit.nudges = WitnessedNudges(connection, visit.now)
        return visit


class CarelessTick(Tick):
    """Looks for what is due first and then takes it, as programs do that select before they update."""

    _found: tuple[Nudge, ...] = ()

    async def run(self) -> None:
        await self._unit_of_work.run(self._prepare)
        while found := await self._unit_of_work.run(self._look):
            self._found = found
            await self._unit_of_work.run(self._nudge)

    def _look(self, connection: Connection) -> tuple[Nudge, ...]:
        due = select(nudges).where(nudges.c.state == PLANNED, nudges.c.due_at <= self._clock.now()).limit(200)
        return tuple(_nudge(row) for row in connection.execute(due))

    def _visit(self, connection: Connection) -> Visit:
        visit = super()._visit(connection)
        visit.nudges = GivenNudges(connection, visit.now, self._found)
        return visit


def _tick(work: UnitOfWork, clock: MovableClock, *, careless: bool) -> Tick:
    return (CarelessTick if careless else WitnessedTick)(work, clock, surroundings())


async def live(url: str, port: int, careless: int) -> None:
    """A worker's process: ticks at every instant that it is told."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    work, clock = unit_of_work(url), MovableClock()
    tick = _tick(work, clock, careless=bool(careless))
    listening = asyncio.create_task(line.listen())
    while (told := await line.events.get()) is not None:
        clock.at = datetime.fromisoformat(told["now"])
        await tick.run()
        line.tell("done")
    await listening


# --- The day ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """So many nudges, evenly over a day with so many steps of the clock."""

    nudges: int
    steps: int

    @property
    def moments(self) -> list[datetime]:
        return [DAY + _A_DAY * step / self.steps for step in range(self.steps)]

    def prepare(self, url: str) -> Seats:
        """Fill the database; who has to be reminded of what."""
        members = [Member(f"p{n}") for n in range(max(50, 2 * self.nudges // self.steps))]
        meetings = [f"m{n}" for n in range(self.steps)]
        taken = [
            (members[(n // self.steps + n % self.steps) % len(members)], meetings[n % self.steps])
            for n in range(self.nudges)
        ]
        engine = sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)
        fill(engine, busy_programme([moment - timedelta(minutes=LINK.minutes) for moment in self.moments]), taken)
        claims.drop(engine, checkfirst=True)  # of an earlier try
        claims.create(engine)
        engine.dispose()
        return taken


@dataclass(frozen=True)
class Outcome:
    """What the day shows."""

    kills: int
    expected: int
    sent: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    claimed_twice: int
    latest: timedelta

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.claimed_twice) and self.sent == self.expected

    def __str__(self) -> str:
        return (
            f"{self.expected} nudges, {self.kills} workers killed: {self.sent} sent, {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {self.claimed_twice} claimed twice, the latest after {self.latest}"
        )


def judge(url: str, taken: Seats, kills: int) -> Outcome:
    """Compare what stands in the outbox with who takes part in what."""
    expected = {f"{member.id} {meeting}" for member, meeting in taken}
    engine = create_engine(url)
    with engine.connect() as connection:
        letters = connection.execute(select(outbox.c.person, outbox.c.view, outbox.c.created_at)).all()
        claimed = Counter(connection.execute(select(claims.c.nudge)).scalars())
        due_at = {row.id: row.due_at for row in connection.execute(select(nudges))}
        lateness = [row.settled_at - due_at[row.id] for row in connection.execute(select(nudges)) if row.settled_at]
    engine.dispose()
    sent = Counter(f"{row.person} {_meeting(row.view)}" for row in letters)
    return Outcome(
        kills=kills,
        expected=len(expected),
        sent=sent.total(),
        lost=tuple(sorted(expected - set(sent))),
        doubled=tuple(sorted(what for what, times in sent.items() if times > 1 or what not in expected)),
        claimed_twice=sum(times > 1 for times in claimed.values()),
        latest=max(lateness, default=timedelta()),
    )


def _meeting(view: str) -> str:
    card = from_json(view)
    assert isinstance(card, Card)
    return ENGLISH.say(card.title).split()[0]


# --- Torn in the middle, within one process ---------------------------------------------------------------------------


async def tear(url: str, plan: Plan, seed: int, *, careless: bool = False, statements: int = _STATEMENTS) -> Outcome:
    """A day with two workers; at each step the connection of one of them breaks at one of its first statements."""
    taken, chance, clock, kills = plan.prepare(url), random.Random(seed), MovableClock(), 0
    survivor = unit_of_work(url)
    steady = _tick(survivor, clock, careless=careless)
    for moment in plan.moments:
        clock.at = moment
        with _mortal(url, chance.randrange(1, statements)) as (work, is_dead):
            doomed = _tick(work, clock, careless=careless)
            await asyncio.gather(steady.run(), _until_death(doomed, is_dead))
            await work.close()
            kills += is_dead()
        clock.at += timedelta(seconds=1)
        await steady.run()  # what the other one held when it died
    await survivor.close()
    return judge(url, taken, kills)


async def _until_death(tick: Tick, is_dead: Callable[[], bool]) -> None:
    try:
        await tick.run()
    except Exception:
        if not is_dead():
            raise


@contextlib.contextmanager
def _mortal(url: str, statements: int) -> Iterator[tuple[UnitOfWork, Callable[[], bool]]]:
    """A unit of work whose connection is gone after so many statements, and whether it is."""
    work, left = unit_of_work(url), iter(range(statements, -1, -1))
    dead: list[bool] = []
    engine: Engine = work._engine  # type: ignore[attr-defined]

    def count(connection: Connection, *_: object) -> None:
        if next(left, 0) == 0:
            dead.append(True)
            with contextlib.suppress(Exception):
                connection.connection.driver_connection.close()  # type: ignore[union-attr]
            raise ConnectionError("killed")

    event.listen(engine, "before_cursor_execute", count)
    yield work, lambda: bool(dead)


# --- Killed, as processes ---------------------------------------------------------------------------------------------


@dataclass
class _Worker:
    child: int
    line: Line
    listening: asyncio.Task[None]

    async def tick(self, moment: datetime) -> None:
        self.line.tell("tick", now=moment.isoformat())
        assert await self.line.events.get() is not None, "the other worker died as well"


class _Yard:
    """Brings up workers that have connected."""

    def __init__(self, nursery: Nursery, url: str, *, careless: bool) -> None:
        self._nursery, self._url, self._careless = nursery, url, careless
        self._came: asyncio.Queue[Line] = asyncio.Queue()

    async def open(self) -> None:
        self._server = await asyncio.start_server(lambda *ends: self._came.put_nowait(Line(*ends)), "127.0.0.1", 0)

    async def worker(self) -> _Worker:
        port = self._server.sockets[0].getsockname()[1]
        child = await self._nursery.bear(self._url, port, int(self._careless))
        line = await asyncio.wait_for(self._came.get(), 30)
        return _Worker(child, line, asyncio.create_task(line.listen()))

    async def kill(self, worker: _Worker) -> None:
        await self._nursery.end(worker.child)
        worker.listening.cancel()


async def kill(url: str, plan: Plan, seed: int, *, careless: bool = False) -> Outcome:
    """A day with two processes, of which one is killed at each step, in the middle of whatever it does."""
    taken, chance = plan.prepare(url), random.Random(seed)
    async with Nursery("tests.reliability.two_workers") as nursery:
        yard = _Yard(nursery, url, careless=careless)
        await yard.open()
        pair = [await yard.worker(), await yard.worker()]
        for moment in plan.moments:
            doomed = pair.pop(chance.randrange(2))
            doomed.line.tell("tick", now=moment.isoformat())
            await asyncio.gather(pair[0].tick(moment), asyncio.sleep(chance.uniform(0, _LONGEST_LIFE)))
            await yard.kill(doomed)
            pair.append(await yard.worker())
        await pair[0].tick(plan.moments[-1] + timedelta(minutes=1))
    return judge(url, taken, plan.steps)


@contextlib.contextmanager
def _database(folder: Path, *, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        yield f"sqlite:///{folder / 'two.db'}"
        return
    from benchmarks.postgresql import create_database, server  # not there in an installed copy of the tests

    with server(folder) as url:
        yield create_database(url, "two")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--nudges", type=int, default=20_000)
    parser.add_argument("--minutes", type=int, default=24 * 60, help="steps of the clock over the day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--careless", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder), postgresql=given.postgresql) as url:
        outcome = asyncio.run(kill(url, Plan(given.nudges, given.minutes), given.seed, careless=given.careless))
    sys.stdout.write(f"seed {given.seed}: {outcome}\n")
    sys.exit(not outcome.sound)


if __name__ == "__main__":
    if sys.argv[1:]:
        main()
    else:
        rear(live)
