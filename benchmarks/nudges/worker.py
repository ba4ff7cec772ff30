"""A worker under measurement: one courier at a database and a platform, and somebody who is answered now and then.

`python -m benchmarks.nudges.worker <database> <port> <name of the platform> <number>`. It says that it is ready, sends
what it finds from the first line on, ends at the next one, and tells what it saw.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from benchmarks.nudges.platform import Distant
from bot.domain.people import Language
from bot.handlers.courier import Courier
from bot.messages import Notice
from bot.ports import Address
from storage.outbox import Outbox
from storage.unit_of_work import UnitOfWork, unit_of_work

_BETWEEN_ANSWERS = 0.25  # seconds; few beside what the platform takes, since they overtake everything else
_IDLE = 4.0  # seconds


class RealClock:
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - a measurement happens in real time


class Answering:
    """Somebody who is answered: a message in the outbox, as at the end of an event."""

    def __init__(self, name: str, platform: Distant, work: UnitOfWork, courier: Courier) -> None:
        self._name, self._platform, self._work, self._courier = name, platform, work, courier
        self._begun: dict[str, float] = {}

    async def go_on(self, until: asyncio.Task[object]) -> list[float]:
        """Answer again and again; the seconds that each transaction took."""
        taken = []
        while not until.done():
            person = f"{self._name}-{len(self._begun)}"
            begun = self._begun[person] = asyncio.get_running_loop().time()
            address = Address(self._platform.name, "T0", person)
            await self._work.run(partial(_answer, address))
            taken.append(asyncio.get_running_loop().time() - begun)
            self._courier.wake()
            await asyncio.wait([until], timeout=_BETWEEN_ANSWERS)
        return taken

    def arrived(self) -> list[float]:
        """The seconds until each answer was there."""
        reached = self._platform.reached
        return [reached[person] - begun for person, begun in self._begun.items() if person in reached]


def _answer(address: Address, connection: Connection) -> None:
    key = f"answer:{address.conversation}"
    Outbox(connection, RealClock().now()).add(key, address, Notice("Thank you!"), person="", language=Language.SWEDISH)


async def main(url: str, port: int, name: str, number: str) -> None:
    platform, work = Distant(name), unit_of_work(url)
    await platform.connect(port)
    courier = Courier(work, RealClock(), {name: platform})
    running = asyncio.create_task(courier.run())
    answering = Answering(number, platform, work, courier)
    idle = await answering.go_on(asyncio.create_task(asyncio.sleep(_IDLE)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    cpu = time.process_time()
    courier.wake()
    busy = await answering.go_on(asyncio.create_task(asyncio.to_thread(sys.stdin.readline)))
    cpu = time.process_time() - cpu
    courier.stop()
    await running
    await work.close()
    await platform.close()
    saw = {"cpu": cpu, "idle": idle, "busy": busy, "arrived": answering.arrived()[len(idle) :]}
    sys.stdout.write(json.dumps(saw) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
