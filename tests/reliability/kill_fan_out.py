"""Figure 1 in fan-out: kill -9 while reminders go out; none is lost, none comes twice where one can look back.

Half of the people sit where the platform can be asked what has arrived (as in Slack), half where it cannot (as in
Teams): there a message may come twice, and each that may have is listed. By hand: `python -m
tests.reliability.kill_fan_out --times 1000 --seed 7`; variants that are wrong on purpose as in `kill`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from bot.domain.rules import LINK
from bot.handlers.courier import Courier
from bot.handlers.tick import Tick
from storage.outbox import MAYBE_TWICE
from storage.tables import nudges, outbox
from storage.unit_of_work import UnitOfWork, sqlite_engine, unit_of_work
from tests.flows.samples import NOW
from tests.handlers.town import surroundings
from tests.reliability.crowd import Member, Seats, busy_programme, fill
from tests.reliability.kill import Witness, read, settled
from tests.reliability.nursery import Nursery, rear
from tests.reliability.worker import DistantPlatform, ForgetfulCourier, LaterClock, Line

_LIVES_A_MEETING = 1  # so many processes it takes, about, until everybody has been told of one meeting
_A_LIFE = timedelta(minutes=3)  # by the clock of `LaterClock`
_EARLY = replace(LINK, minutes=-3000)  # so that nothing is ever too late, however often everything dies
_ANSWERS_LOST = 0.3  # of the lives: what is on its way when they end has arrived, on however fast a machine
_NOTED = 0.08  # seconds in which the answers come and are noted
_NOTHING_LEFT = 0.5  # seconds without a word: the reminders of a meeting may all be out
_TICK = 0.05  # seconds in which a life is still busy with the schedule


# --- The process ------------------------------------------------------------------------------------------------------


async def live(url: str, port: int, life: int, variant: str) -> None:
    """A worker: ticks and delivers until it is killed or told to stop."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    work, clock = unit_of_work(url), LaterClock(life)
    blind = variant == "resend"
    slack = DistantPlatform(line, "slack", blind=blind)
    teams = DistantPlatform(line, "teams", looks_back=False, blind=blind)
    listening = asyncio.create_task(line.listen())
    courier = _courier(work, clock, variant, slack, teams)
    ticking = asyncio.create_task(_ticking(Tick(work, clock, surroundings()), courier))
    await asyncio.gather(listening, ticking, courier.run())


def _courier(work: UnitOfWork, clock: LaterClock, variant: str, *platforms: DistantPlatform) -> Courier:
    if variant == "forgetful":
        return ForgetfulCourier(work, clock, *platforms)
    return Courier(work, clock, {platform.name: platform for platform in platforms}, rates={})


async def _ticking(tick: Tick, courier: Courier) -> None:
    while True:
        await tick.run()
        courier.wake()
        await asyncio.sleep(0.2)


# --- Those who watch --------------------------------------------------------------------------------------------------


@dataclass
class Audience(Witness):
    """What people got: (person, meeting) → the outbox ids of all that came. When mute, it says nothing of it."""

    is_mute: bool = False
    got: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def _hear(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if said["what"] == "message":
            self.by_outbox.setdefault(said["outbox"], said["outbox"])
            what = said["to"], said["title"].split()[0]
            self.got.setdefault(what, []).append(said["outbox"])
        super()._hear({**said, "what": "lost"} if self.is_mute and said["what"] == "message" else said, writer)


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    kills: int
    expected: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]  # where one can look back, or not listed
    listed: int  # as possibly doubled
    really_doubled: int  # of those

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.expected} reminders: {len(self.lost)} lost, {len(self.doubled)} doubled; where "
            f"one cannot look back {self.listed} are listed as possible doubles and {self.really_doubled} are doubled"
        )


async def run(times: int, seed: int, folder: Path, variant: str = "", people: int = 20) -> Outcome:
    """Kill so many times, at moments drawn from the seed, then let the last life finish, and compare."""
    url, chance, audience = f"sqlite:///{folder / 'kill.db'}", random.Random(seed), Audience()
    taken = _prepare(url, people, meetings=max(1, times // _LIVES_A_MEETING))
    server = await asyncio.start_server(audience.listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Nursery("tests.reliability.kill_fan_out") as nursery:
        for life in range(times):
            audience.is_mute = chance.random() < _ANSWERS_LOST
            child = await audience.awaits(nursery.bear(url, port, life, variant))
            if audience.is_mute:
                await audience.heard(chance.randrange(1, people // 2), within=5)
            elif chance.random() < 0.6:
                await audience.heard(chance.randrange(1, people), within=_NOTHING_LEFT)
                await asyncio.sleep(chance.uniform(0, _NOTED))
            else:
                await asyncio.sleep(chance.uniform(0, _TICK))
            await nursery.end(child)
        audience.is_mute = False
        await audience.awaits(nursery.bear(url, port, times + _LIVES_A_MEETING, variant))
        await settled(audience, url, nudges)
    server.close()
    return _compare(times, audience, taken, url)


def _prepare(url: str, people: int, meetings: int) -> Seats:
    members = [Member(f"{platform}{n}", platform) for platform in ("slack", "teams") for n in range(people // 2)]
    taken = [(member, f"m{n}") for n in range(meetings) for member in members]
    due = [NOW + timedelta(seconds=1) + n * _LIVES_A_MEETING * _A_LIFE for n in range(meetings)]
    engine = sqlite_engine(url)
    fill(engine, busy_programme([moment - timedelta(minutes=_EARLY.minutes) for moment in due], _EARLY), taken)
    engine.dispose()
    return taken


def _compare(times: int, audience: Audience, taken: Seats, url: str) -> Outcome:
    engine = create_engine(url)
    listed = read(engine.connect(), select(outbox.c.id).where(outbox.c.reason == MAYBE_TWICE))
    engine.dispose()
    expected = {(member.user, meeting): member.platform for member, meeting in taken}
    twice = {what: ids for what, ids in audience.got.items() if len(ids) > 1}
    known = {what for what, ids in twice.items() if expected.get(what) == "teams" and set(ids) <= set(listed)}
    return Outcome(
        kills=times,
        expected=len(expected),
        lost=tuple(sorted(map(str, set(expected) - set(audience.got)))),
        doubled=tuple(sorted(map(str, set(twice) - known))),
        listed=len(listed),
        really_doubled=len(known),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=("", "resend", "forgetful"), default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(run(given.times, given.seed, Path(folder), given.variant))
    sys.stdout.write(f"seed {given.seed}: {outcome}\n")
    sys.exit(not outcome.sound)


if __name__ == "__main__":
    if sys.argv[1:]:
        main()
    else:
        rear(live)
