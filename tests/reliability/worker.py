"""The process that is killed: it receives registrations and delivers their receipts, over one connection to a witness.

Lines of JSON both ways. From the witness: an event. To the witness: `acknowledged` for an event whose effects are
durable; `message` for one that is posted; `find` for a look-up, and the witness answers both as a platform would.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.domain.people import Actor, Language, Profile
from bot.handlers.courier import Courier
from bot.handlers.events import Event, Inbound, Pressed, Submitted
from bot.handlers.inbound import Reception
from bot.messages import Action, Card, Form, View
from bot.ports import Address, Clock, Trouble, Undeliverable
from storage.outbox import Letter, Outbox
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.flows.samples import FREE, NOW
from tests.handlers.town import ENGLISH, surroundings
from tests.reliability.nursery import rear

ANSWERS: dict[str, dict[str, Any]] = {
    "occasions": {"occasions": ["fika"]},
    "person": {"name": "Anna", "email": "anna@lund.se", "organisation": "Lund", "takes_part": "me"},
}


_FOR_EVER = timedelta(days=999)


class LaterClock:
    """The real time, moved: each life begins after the leases of the one before have ended."""

    def __init__(self, life: int) -> None:
        self._begun = datetime.now(UTC)
        self._life = NOW + timedelta(minutes=3 * life)

    def now(self) -> datetime:
        return self._life + (datetime.now(UTC) - self._begun)


class Line:
    """The connection: requests with numbers, and events as they come."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self.events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(self, what: str, **rest: object) -> None:
        self._writer.write(json.dumps({"what": what, **rest}).encode() + b"\n")

    async def ask(self, what: str, **rest: object) -> Any:
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        self.tell(what, number=number, **rest)
        return await self._asked[number]

    async def listen(self) -> None:
        while line := await self._reader.readline():
            said = json.loads(line)
            if said["what"] == "answer":
                self._asked.pop(said["number"]).set_result(said["answer"])
            else:
                await self.events.put(said)
        await self.events.put(None)


class DistantPlatform:
    """A platform at the other end of the line. One that cannot look back says so; one that is blind finds nothing."""

    def __init__(self, line: Line, name: str = "sandbox", *, looks_back: bool = True, blind: bool = False) -> None:
        self.name = name
        self._line, self._looks_back, self._blind = line, looks_back, blind

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        title = ENGLISH.say(view.title) if isinstance(view, Card) else ""
        return str(await self._line.ask("message", to=address.conversation, outbox=outbox, title=title))

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        raise Undeliverable(Trouble.FAULT, "nothing is edited here")

    async def remove(self, address: Address, reference: str) -> None:
        raise Undeliverable(Trouble.FAULT, "nothing is removed here")

    async def find(self, address: Address, outbox: str) -> str | None:
        if self._blind:
            return None  # the variant that sends again whatever was being sent
        if not self._looks_back:
            raise LookupError
        found = await self._line.ask("find", outbox=outbox)
        return None if found is None else str(found)

    async def profile(self, actor: Actor) -> Profile:
        return Profile()

    async def check(self, address: Address) -> None:
        return None

    async def channel_name(self, address: Address) -> str:
        return ""


class ForgetfulCourier(Courier):
    """The variant that keeps what is to be sent in memory, as programs do that answer first and send afterwards."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, *platforms: DistantPlatform) -> None:
        super().__init__(unit_of_work, clock, {platform.name: platform for platform in platforms})
        self._memory: list[Letter] = []

    async def run(self) -> None:
        def take(connection: Any) -> tuple[Letter, ...]:
            box = Outbox(connection, self._clock.now())
            letters = [letter for name in self._platforms for letter in box.claim((name, "W1"), _FOR_EVER, 100)]
            for letter in letters:
                box.sent(letter, "")
            return tuple(letters)

        while True:
            self._memory.extend(await self._unit_of_work.run_behind(take))
            while self._memory:
                letter = self._memory.pop(0)
                platform = self._platforms[letter.address.platform]
                assert letter.view is not None, "nobody takes anything back here"
                await platform.send(letter.address, letter.view, letter.language, outbox=letter.id)
            await asyncio.sleep(0.002)


async def register(reception: Reception, line: Line, person: str) -> None:
    """All of one person's registration, each event a delivery of its own; said to be done once it is durable."""
    actor, where = Actor("sandbox", "W1", person), Address("sandbox", "W1", person)
    numbers = count()

    async def send(event: Event) -> Any:
        return (await reception.receive(Inbound(f"{person}-{next(numbers)}", actor, event, where))).view

    view = await send(Pressed(Action("register", FREE.id)))
    while isinstance(view, Form):
        names = {field.name for field in view.fields}
        answers = next((a for a in ANSWERS.values() if names & set(a)), {})
        typed = {name: tuple(value) if isinstance(value, list) else value for name, value in answers.items()}
        view = await send(Submitted(view.token, typed))
    line.tell("acknowledged", person=person)


async def main(url: str, port: int, life: int, variant: str) -> None:
    """Receive and deliver until the line ends."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    work, clock = unit_of_work(url), LaterClock(life)
    platform = DistantPlatform(line, blind=variant == "resend")
    courier = Courier(work, clock, {platform.name: platform})
    if variant == "forgetful":
        courier = ForgetfulCourier(work, clock, platform)
    reception = Reception(work, clock, surroundings(), courier.wake)
    jobs = [asyncio.create_task(line.listen()), asyncio.create_task(courier.run())]
    while (event := await line.events.get()) is not None:
        jobs.append(asyncio.create_task(register(reception, line, event["person"])))
        jobs = [job for job in jobs if not job.done()]


if __name__ == "__main__":
    rear(main)
