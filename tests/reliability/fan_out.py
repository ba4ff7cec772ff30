"""Figure 7: a reminder to 2,000 people through a platform at its worst; none lost, none doubled, no call in quiet.

By hand: `python -m tests.reliability.fan_out --people 2000`. Variants that are wrong on purpose: `--variant deaf` does
not hear a Retry-After, `--variant resend` sends again what may have arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from bot.domain.people import Actor, Language, Profile
from bot.handlers.courier import Courier
from bot.messages import Notice, View, to_json
from bot.ports import Address, Trouble, Undeliverable
from storage.claiming import undecided
from storage.outbox import Outbox, Post
from storage.tables import metadata, outbox
from storage.unit_of_work import sqlite_engine
from tests.reliability.virtual import AtOnce, VirtualClock, run

_INSTANT = 1e-6  # seconds; stored times have whole microseconds
_POLL = 0.05  # seconds
_VISIBLE_AFTER = 4.0  # seconds until a message shows in the platform's own history
_WORKSPACE = "W1"


@dataclass
class StandIn:
    """A platform that takes one message a second and conversation, and fails in every way that it can."""

    name: str
    finds: bool
    seed: int
    trouble: float = 0.06  # of all calls
    arrived: Counter[str] = field(default_factory=Counter)
    at: dict[str, float] = field(default_factory=dict)  # person → when the newest message came
    calls: int = 0
    limited: int = 0  # calls answered 429
    in_quiet: int = 0
    too_close: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._quiet_until = 0.0
        self._history: dict[str, float] = {}  # outbox id → when it came

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        now = await self._call()
        if now - self.at.get(address.conversation, 0.0) < 1.0:
            self.too_close += 1
        kind = self._chance.random() / self.trouble if self.trouble else 1.0
        if kind < 0.1:
            self._limit()
        if kind < 0.3:
            raise Undeliverable(Trouble.LATER, "http_503")
        if kind < 0.6:
            raise Undeliverable(Trouble.UNKNOWN, "timeout")
        self.arrived[address.conversation] += 1
        self.at[address.conversation] = now
        self._history.setdefault(outbox, now)
        if kind < 1.0:
            raise Undeliverable(Trouble.UNKNOWN, "connection reset")
        return f"ref-{outbox}"

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        await self._call()

    async def remove(self, address: Address, reference: str) -> None:
        await self._call()

    async def find(self, address: Address, outbox: str) -> str | None:
        if not self.finds:
            raise LookupError
        now = await self._call()
        if self._chance.random() < self.trouble / 10:
            self._limit()
        return f"ref-{outbox}" if self._history.get(outbox, now) + _VISIBLE_AFTER <= now else None

    async def profile(self, actor: Actor) -> Profile:
        return Profile()

    async def check(self, address: Address) -> None:
        return None

    async def channel_name(self, address: Address) -> str:
        return ""

    async def _call(self) -> float:
        """A call begins; the time at which it is answered."""
        loop = asyncio.get_running_loop()
        self.calls += 1
        self.in_quiet += loop.time() < self._quiet_until - _INSTANT
        await asyncio.sleep(self._chance.uniform(0.05, 0.4))
        return loop.time()

    def _limit(self) -> None:
        """From the moment of this answer nothing may be called."""
        self.limited += 1
        seconds = self._chance.randrange(2, 20)
        self._quiet_until = max(self._quiet_until, asyncio.get_running_loop().time() + seconds)
        raise Undeliverable(Trouble.LATER, "ratelimited", retry_after=seconds)


class Deaf(StandIn):
    """As a courier hears it that takes no notice of a Retry-After."""

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        try:
            return await super().send(address, view, language, outbox=outbox, thread=thread)
        except Undeliverable as trouble:
            raise Undeliverable(trouble.trouble, trouble.reason) from trouble


class Resend(StandIn):
    """As a courier sees it that does not look for what may have arrived."""

    async def find(self, address: Address, outbox: str) -> str | None:
        return None


VARIANTS = {"": StandIn, "deaf": Deaf, "resend": Resend}


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    people: int
    seconds: float
    calls: int
    limited: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    uncounted: tuple[str, ...]  # of these, those whom nobody is told of
    in_quiet: int
    too_close: int
    slowest_answer: float

    @property
    def sound(self) -> bool:
        return not (self.lost or self.uncounted or self.in_quiet or self.too_close)

    def __str__(self) -> str:
        return (
            f"{self.people} people in {self.seconds:.0f} s, {self.calls} calls, {self.limited} answered 429: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.uncounted)} of them uncounted, "
            f"{self.in_quiet} calls during a Retry-After, {self.too_close} too close to each other; "
            f"slowest answer to a person {self.slowest_answer:.1f} s"
        )


async def fan_out(
    people: int, seed: int, *, platform: str = "slack", trouble: float = 0.06, variant: str = ""
) -> Outcome:
    """Send to everybody, and meanwhile answer some newcomers; then compare."""
    random.seed(seed)  # the courier's own jitter
    engine = sqlite_engine("sqlite:///:memory:")
    metadata.create_all(engine)
    work, clock = AtOnce(engine), VirtualClock()
    post = VARIANTS[variant](platform, platform == "slack", seed, trouble)
    courier, loop = Courier(work, clock, {platform: post}), asyncio.get_running_loop()
    await work.run(lambda c: Outbox(c, clock.now()).add_many(_posts(platform, people)))
    begun, running = loop.time(), asyncio.create_task(courier.run())
    answers = [await _answer(work, clock, courier, Address(platform, _WORKSPACE, f"new{n}"), post) for n in range(5)]
    while await work.run(_left):  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(_POLL)
    seconds = loop.time() - begun
    courier.stop()
    await running
    maybe = set(await work.run(_maybe_twice))
    await work.close()
    wanted = [f"p{n}" for n in range(people)] + [f"new{n}" for n in range(5)]
    doubled = tuple(sorted(person for person, number in post.arrived.items() if number > 1))
    return Outcome(
        people=people,
        seconds=seconds,
        calls=post.calls,
        limited=post.limited,
        lost=tuple(person for person in wanted if not post.arrived[person]),
        doubled=doubled,
        uncounted=tuple(person for person in doubled if person not in maybe),
        in_quiet=post.in_quiet,
        too_close=post.too_close,
        slowest_answer=max(answers),
    )


def _posts(platform: str, people: int) -> list[Post]:
    view = to_json(Notice("Tomorrow at 9"))
    return [
        Post(f"nudge:{n}", Address(platform, _WORKSPACE, f"p{n}"), "", Language.SWEDISH, view) for n in range(people)
    ]


async def _answer(work: AtOnce, clock: VirtualClock, courier: Courier, address: Address, post: StandIn) -> float:
    """Write to somebody in the middle of it all; the seconds until they have it."""
    await asyncio.sleep(2.3)
    begun = asyncio.get_running_loop().time()
    key = f"receipt:{address.conversation}"
    await work.run(
        lambda c: Outbox(c, clock.now()).add(
            key, address, Notice("You are registered"), person="", language=Language.SWEDISH
        )
    )
    courier.wake()
    while address.conversation not in post.at:  # noqa: ASYNC110 - nor do people
        await asyncio.sleep(_POLL)
    return post.at[address.conversation] - begun


def _left(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(outbox).where(undecided(outbox))).scalar_one()


def _maybe_twice(connection: Connection) -> list[str]:
    return list(connection.execute(select(outbox.c.conversation).where(outbox.c.reason == "maybe twice")).scalars())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--platform", choices=("slack", "teams"), default="slack")
    parser.add_argument("--trouble", type=float, default=0.06, help="the share of calls that fail in some way")
    parser.add_argument("--variant", choices=tuple(VARIANTS), default="")
    given = parser.parse_args()
    outcome = run(
        fan_out(given.people, given.seed, platform=given.platform, trouble=given.trouble, variant=given.variant)
    )
    sys.stdout.write(f"seed {given.seed}, {given.platform}: {outcome}\n")
    sys.exit(not outcome.sound)


if __name__ == "__main__":
    main()
