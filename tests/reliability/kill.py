"""Figure 1: kill -9 in the middle of registrations, again and again; nothing acknowledged is lost, nothing comes twice.

By hand: `python -m tests.reliability.kill --times 1000 --seed 7`. Variants that are wrong on purpose: `--variant
resend` sends again whatever was being sent, `--variant forgetful` answers first and sends from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, select

from storage import programmes
from storage.tables import actors, metadata, outbox, seats
from tests.flows.samples import FREE, NOW
from tests.reliability.nursery import Nursery

_PATIENCE = 60  # seconds for what is bound to come
_TRANSIT = 0.01  # seconds until a platform's answer is back: where a kill hurts most
_SETTLED_WITHIN = 600  # seconds for what a thousand lives have left behind


@dataclass
class Witness:
    """The platform, and what people saw: it lives through every kill."""

    acknowledged: set[str] = field(default_factory=set)
    messages: Counter[str] = field(default_factory=Counter)  # person → receipts that arrived
    by_outbox: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False  # what arrives is never answered: whoever sent it dies without knowing
    lines: int = 0
    writer: asyncio.StreamWriter | None = None
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.connected.set()
        try:
            while line := await reader.readline():
                self.lines += 1
                self._hear(json.loads(line), writer)
                self.stirred.set()
        except (ConnectionError, json.JSONDecodeError):  # killed, perhaps in the middle of a line
            return
        finally:
            writer.close()

    def _hear(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        match said["what"]:
            case "acknowledged":
                self.acknowledged.add(said["person"])
            case "message":
                self.messages[said["to"]] += 1
                self.by_outbox.setdefault(said["outbox"], f"ref-{len(self.by_outbox)}")
                self._answer(writer, said["number"], self.by_outbox[said["outbox"]])
            case "find":
                self._answer(writer, said["number"], self.by_outbox.get(said["outbox"]))

    def _answer(self, writer: asyncio.StreamWriter, number: int, answer: str | None) -> None:
        line = json.dumps({"what": "answer", "number": number, "answer": answer}).encode() + b"\n"

        def arrive() -> None:
            if not (self.is_silent or writer.is_closing()):
                writer.write(line)

        asyncio.get_running_loop().call_later(_TRANSIT, arrive)

    async def heard(self, times: int, *, within: float = _PATIENCE) -> None:
        """Wait until so many things have come from the process, or until it says nothing for so many seconds.

        Where as many are bound to come no chance is in that, however slow the machine.
        """
        enough = self.lines + times
        while self.lines < enough:
            self.stirred.clear()
            try:
                await asyncio.wait_for(self.stirred.wait(), within)
            except TimeoutError:
                return

    async def sees(self, seen: Callable[[], bool], *, within: float = _PATIENCE) -> None:
        """Go on at the moment at which something is seen, or after so many seconds."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + within
        while not seen() and loop.time() < ends:  # noqa: ASYNC110 - a disk tells nobody
            await asyncio.sleep(_TRANSIT)

    async def awaits(self, birth: Coroutine[Any, Any, int]) -> int:
        """The process number of a life that has connected."""
        self.connected.clear()
        child = await birth
        await asyncio.wait_for(self.connected.wait(), 30)
        return child

    def ask(self, person: str) -> None:
        assert self.writer is not None
        self.writer.write(json.dumps({"what": "register", "person": person}).encode() + b"\n")


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    kills: int
    acknowledged: int
    lost_seats: tuple[str, ...]
    lost_receipts: tuple[str, ...]
    doubled: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.acknowledged} registrations acknowledged: {len(self.lost_seats)} seats and "
            f"{len(self.lost_receipts)} receipts lost, {len(self.doubled)} receipts doubled"
        )


_OPEN = ("planned", "waiting", "sending")


async def run(times: int, seed: int, folder: Path, variant: str = "", people_a_life: int = 10) -> Outcome:
    """Kill so many times, at moments drawn from the seed, then let the last life finish, and compare."""
    url = f"sqlite:///{folder / 'kill.db'}"
    _prepare(url)
    chance, witness = random.Random(seed), Witness()
    server = await asyncio.start_server(witness.listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Nursery("tests.reliability.worker") as nursery:
        witness.is_silent = variant == "resend"
        for life in range(times):
            child = await witness.awaits(nursery.bear(url, port, life, variant))
            for number in range(people_a_life):
                witness.ask(f"p{life}-{number}")
            some = chance.randrange(1, 2 * people_a_life)
            await witness.heard(people_a_life + 1 if witness.is_silent else some)
            await asyncio.sleep(chance.uniform(0, 2 * _TRANSIT))
            await nursery.end(child)
        witness.is_silent = False
        await witness.awaits(nursery.bear(url, port, times, variant))
        await settled(witness, url)
    server.close()
    return _compare(times, witness, url)


def _prepare(url: str) -> None:
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        programmes.load(connection, FREE, NOW)
    engine.dispose()


async def settled(witness: Witness, url: str, *also: Table) -> None:
    """Wait until nothing is left to deliver, and nothing in other tables to be done."""
    engine = create_engine(url)
    open_ones = [select(table.c.id).where(table.c.state.in_(_OPEN)).limit(1) for table in (*also, outbox)]
    async with asyncio.timeout(_SETTLED_WITHIN):
        while any(read(engine.connect(), statement) for statement in open_ones):
            witness.stirred.clear()
            try:
                await asyncio.wait_for(witness.stirred.wait(), 0.2)
            except TimeoutError:
                continue
    engine.dispose()


def read(connection: Connection, statement: Any) -> list[str]:
    with connection:
        return list(connection.execute(statement).scalars())


def _compare(times: int, witness: Witness, url: str) -> Outcome:
    engine = create_engine(url)
    seated = read(
        engine.connect(),
        select(actors.c.user).join(seats, seats.c.person == actors.c.person).where(seats.c.state == "confirmed"),
    )
    engine.dispose()
    return Outcome(
        kills=times,
        acknowledged=len(witness.acknowledged),
        lost_seats=tuple(sorted(witness.acknowledged - set(seated))),
        lost_receipts=tuple(sorted(person for person in seated if not witness.messages[person])),
        doubled=tuple(sorted(person for person, number in witness.messages.items() if number > 1)),
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
    sys.exit(bool(outcome.lost_seats or outcome.lost_receipts or outcome.doubled))


if __name__ == "__main__":
    main()
