"""Kill -9 while a workshop goes from one sealed step to the next: one round closes, another opens, everybody is told.

A step is taken whole or not at all, no key of what is still sealed goes, and nobody is told anything twice, although
whoever leads presses again. By hand: `python -m tests.reliability.kill_stepping --times 300 --seed 7`. Variants that
are wrong on purpose: `--variant torn` asks in a transaction of its own, `hasty` destroys keys before that is committed,
`resend` sends again whatever was being sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select

from bot.domain.people import Actor, Language
from bot.domain.rounds import Mode, Question, QuestionSet, Scale
from bot.domain.workshops import Script, Step, Workshop
from bot.flows import workshops as words_of
from bot.handlers import stepping, workshops
from bot.handlers.courier import Courier
from bot.handlers.events import Inbound, Pressed
from bot.handlers.inbound import Reception
from bot.handlers.sweeping import Sweeper
from bot.handlers.visit import Visit
from bot.keys import FileUrnKeys
from bot.messages import Action
from bot.ports import Address
from storage import programmes
from storage.people import People
from storage.tables import rounds, urns, workshop_rounds
from storage.unit_of_work import sqlite_engine, unit_of_work
from storage.workshops import Workshops
from tests.flows.samples import NOW, words
from tests.reliability.crowd import PROGRAMME, Member, busy_programme, fill
from tests.reliability.kill import Witness, settled
from tests.reliability.kill_answering import _destroy_at_once, surroundings_in
from tests.reliability.nursery import Nursery, rear
from tests.reliability.worker import DistantPlatform, LaterClock, Line

_PEOPLE = tuple(Member(f"p{n}") for n in range(5))
_RATED = QuestionSet(
    "skatta",
    words("Skattning"),
    (Question("mal", words("Vi har mål."), scale=Scale(low=words("Nej"), high=words("Ja"))),),
    mode=Mode.SEALED,
    by_role=False,
)
_ID, _THRESHOLD = "verkstad", 3
_ADMIN = Actor("sandbox", "W1", "U-admin")
_AT_MOST = 5.0  # seconds that a step takes; the first life shows how many it does
_BETWEEN = 0.1  # seconds between the two halves of a step that is torn
_SWEPT = 0.02  # seconds


# --- The process ------------------------------------------------------------------------------------------------------


async def live(url: str, port: int, life: int, variant: str, folder: str) -> None:
    """A worker: takes presses and delivers what follows from them, until it is killed."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    work, clock, around = unit_of_work(url), LaterClock(life), surroundings_in(Path(folder))
    if variant == "hasty":
        _destroy_at_once(around)
    enter = stepping.enter
    if variant == "torn":
        stepping.enter = lambda *_: None
    courier = Courier(work, clock, {"sandbox": DistantPlatform(line, blind=variant == "resend")})
    reception = Reception(work, clock, around, courier.wake)
    sweeper = Sweeper(work, clock, around.urn_keys, around.journal)
    jobs = [asyncio.create_task(one) for one in (line.listen(), courier.run(), _sweeping(sweeper))]

    def ask(connection: Connection) -> None:
        visit = Visit(connection, clock.now(), around)
        found = workshops.store(visit).locked(_ID)
        assert found is not None
        enter(visit, found, found.begun_by)

    async def press(version: int, *, delivery: str) -> None:
        event, where = Pressed(Action(words_of.NEXT_STEP, f"{_ID} {version}")), Address("sandbox", "W1", _ADMIN.user)
        await reception.receive(Inbound(delivery, _ADMIN, event, where))
        if variant == "torn":
            await asyncio.sleep(_BETWEEN)
            await work.run(ask)
        line.tell("gone", version=version)

    while (event := await line.events.get()) is not None:
        jobs.append(asyncio.create_task(press(event["version"], delivery=event["delivery"])))


async def _sweeping(sweeper: Sweeper) -> None:
    while True:
        await sweeper.run()
        await asyncio.sleep(_SWEPT)


# --- Whoever leads ----------------------------------------------------------------------------------------------------


@dataclass
class Leader(Witness):
    """What whoever leads has pressed, and what everybody has got."""

    gone: set[int] = field(default_factory=set)  # versions of which they were told that it goes on
    sent: Counter[str] = field(default_factory=Counter)  # message → how often it arrived

    def _hear(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if said["what"] == "gone":
            self.gone.add(said["version"])
            return
        if said["what"] == "message":
            self.sent[said["outbox"]] += 1
        super()._hear(said, writer)

    async def presses(self, version: int, patience: float) -> float:
        """Press, and wait for so many seconds at most until it goes on; how long that has taken."""
        loop = asyncio.get_running_loop()
        began, ends = loop.time(), loop.time() + patience
        self._press(version)
        while version not in self.gone and loop.time() < ends:
            await self.heard(1, within=ends - loop.time())
        return loop.time() - began if version in self.gone else patience

    async def presses_until(self, version: int, seen: Callable[[], bool]) -> None:
        """Press, and go on at the moment at which something is seen on the disk: no chance is in that."""
        self._press(version)
        await self.sees(seen, within=_AT_MOST)

    def _press(self, version: int) -> None:
        """Once more with a delivery of its own, too, as impatient people do."""
        assert self.writer is not None
        for delivery in (f"next {version}", f"next {version}", f"again {version}"):
            self.writer.write(json.dumps({"what": "next", "version": version, "delivery": delivery}).encode() + b"\n")


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    kills: int
    steps: int  # taken
    lost: tuple[int, ...]  # versions that were said to be left behind, and were not
    half_done: tuple[str, ...]
    locked_out: tuple[str, ...]  # urns that are not emptied, and whose keys are gone
    doubled: tuple[str, ...]  # messages

    @property
    def sound(self) -> bool:
        return not (self.lost or self.half_done or self.locked_out or self.doubled)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.steps} steps taken: {len(self.lost)} lost, {len(self.half_done)} half done, "
            f"{len(self.locked_out)} keys lost, {len(self.doubled)} messages doubled"
        )


async def run(times: int, seed: int, folder: Path, variant: str = "") -> Outcome:
    """Kill so many times, at moments drawn from the seed; look at the disk each time, at messages at the end."""
    url, chance, leader = f"sqlite:///{folder / 'kill.db'}", random.Random(seed), Leader()
    await _prepare(url, folder, times)
    takes = _AT_MOST
    half_done: list[str] = []
    locked_out: set[str] = set()
    server = await asyncio.start_server(leader.listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Nursery("tests.reliability.kill_stepping") as nursery:
        leader.is_silent = variant == "resend"
        for life in range(times):
            child = await leader.awaits(nursery.bear(url, port, life, variant, str(folder)))
            version = _Wreck(url, folder).workshop.version
            if variant in _ON_THE_DISK:
                await leader.presses_until(version, lambda: _ON_THE_DISK[variant](_Wreck(url, folder)))
            else:
                whole = life == 0 or variant == "resend"
                took = await leader.presses(version, _AT_MOST if whole else takes * chance.uniform(0.3, 1.5))
                takes = took if life == 0 else takes
                await leader.sees(lambda: bool(leader.sent) or not leader.is_silent)
                await leader.heard(1 + chance.randrange(5), within=_BETWEEN)  # others of the messages are on their way
            await nursery.end(child)
            half_done += _Wreck(url, folder).half_done()
            locked_out |= _Wreck(url, folder).locked_out()
        leader.is_silent = False
        if variant not in _ON_THE_DISK:
            await leader.awaits(nursery.bear(url, port, times, variant, str(folder)))
            await settled(leader, url)
    server.close()
    at = _Wreck(url, folder).workshop
    doubled = tuple(sorted(one for one, number in leader.sent.items() if number > 1))
    lost = tuple(sorted(version for version in leader.gone if version >= at.version))
    return Outcome(times, at.at, lost, tuple(half_done), tuple(sorted(locked_out)), doubled)


async def _prepare(url: str, folder: Path, times: int) -> None:
    """Everybody takes part, and a workshop with more steps than there will be lives is at its first."""
    steps = tuple(Step(f"s{number}", words(f"Steg {number}"), set=_RATED.id) for number in range(times + 2))
    there = replace(busy_programme([NOW + timedelta(days=300)]), question_sets=(_RATED,))
    engine = sqlite_engine(url)
    fill(engine, there, [(one, "m0") for one in _PEOPLE])
    engine.dispose()
    work = unit_of_work(url)

    def begin(connection: Connection) -> None:
        visit = Visit(connection, NOW, surroundings_in(folder))
        programmes.load(connection, there, NOW)
        known = People(connection, NOW).meet(_ADMIN, Address("sandbox", "W1", _ADMIN.user), None, Language.ENGLISH)
        script = Script("dagen", words("Dagen"), steps, threshold=_THRESHOLD)
        new = Workshop(_ID, PROGRAMME, script, known.person.id, NOW)
        Workshops(connection, NOW).add(new)
        stepping.enter(visit, new, known.person.id)

    await work.run(begin)
    await work.close()


class _Wreck:
    """What lies on the disk between two lives."""

    def __init__(self, url: str, folder: Path) -> None:
        engine = create_engine(url)
        with engine.connect() as connection:
            found = Workshops(connection, NOW).get(_ID)
            asked = select(workshop_rounds.c.step, rounds.c.state).join(rounds, rounds.c.id == workshop_rounds.c.round)
            self._asked = sorted((int(row.step[1:]), row.state) for row in connection.execute(asked))
            self._sealed = set(connection.execute(select(urns.c.id).where(urns.c.emptied_at.is_(None))).scalars())
        engine.dispose()
        assert found is not None
        self.workshop = found
        self._keys = FileUrnKeys(folder / "urns").urns()

    def half_done(self) -> list[str]:
        """Every step up to this one has asked once, and what was asked before is closed."""
        at = self.workshop.at
        whole = [(number, "closed" if number < at else "open") for number in range(at + 1)]
        return [] if self._asked == whole else [f"at {at}: {self._asked[-2:]}"]

    def locked_out(self) -> set[str]:
        return self._sealed - self._keys


_ON_THE_DISK: Mapping[str, Callable[[_Wreck], bool]] = {
    "torn": lambda wreck: bool(wreck.half_done()),
    "hasty": lambda wreck: bool(wreck.locked_out()),
}
"""What these variants do wrong can be seen there for a while: they are killed at that moment, and not by chance."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=("", "torn", "hasty", "resend"), default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(run(given.times, given.seed, Path(folder), given.variant))
    sys.stdout.write(f"seed {given.seed}: {outcome}\n")
    sys.exit(not outcome.sound)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        rear(live)
