"""A platform of few lines, in a process of its own: it lets so many messages through a second and workspace.

Lines of JSON both ways. `python -m benchmarks.nudges.platform <per second> <seconds until an answer>` says its port.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.domain.people import Actor, Language, Profile
from bot.messages import View
from bot.ports import Address, Trouble, Undeliverable

_BURST = 1.0  # seconds' worth of messages that may come at once
_RETRY_AFTER = 1.0  # seconds


@dataclass
class StandIn:
    """The platform's end."""

    per_second: float
    latency: float
    arrived: Counter[str] = field(default_factory=Counter)
    by_workspace: Counter[str] = field(default_factory=Counter)
    limited: int = 0
    first: float = 0.0
    last: float = 0.0
    _tokens: dict[str, tuple[float, float]] = field(default_factory=dict)  # workspace → how many, when

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while line := await reader.readline():
            asked = json.loads(line)
            loop.call_later(self.latency, self._write, writer, {"n": asked["n"], **self._answer(asked, loop.time())})

    @staticmethod
    def _write(writer: asyncio.StreamWriter, answer: dict[str, Any]) -> None:
        if not writer.is_closing():
            writer.write(json.dumps(answer).encode() + b"\n")

    def _answer(self, asked: dict[str, Any], now: float) -> dict[str, Any]:
        if "report" in asked:
            return self._report()
        if not self._takes(asked["workspace"], now):
            self.limited += 1
            return {"retry_after": _RETRY_AFTER}
        self.first, self.last = self.first or now, now
        self.arrived[asked["outbox"]] += 1
        self.by_workspace[asked["workspace"]] += 1
        return {"reference": "ref"}

    def _report(self) -> dict[str, Any]:
        """What came since the last report."""
        report = {
            "seconds": self.last - self.first,
            "arrived": len(self.arrived),
            "most": max(self.by_workspace.values(), default=0),  # in one workspace
            "doubled": sum(number > 1 for number in self.arrived.values()),
            "limited": self.limited,
        }
        self.arrived, self.by_workspace, self.limited, self.first = Counter(), Counter(), 0, 0.0
        return report

    def _takes(self, workspace: str, now: float) -> bool:
        if not self.per_second:
            return True
        most = max(1.0, self.per_second * _BURST)
        tokens, then = self._tokens.get(workspace, (most, now))
        tokens = min(most, tokens + (now - then) * self.per_second)
        self._tokens[workspace] = (tokens - (tokens >= 1), now)
        return tokens >= 1


class Distant:
    """Our end: a `Platform` over one connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.reached: dict[str, float] = {}  # conversation → when the newest message was there
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def connect(self, port: int) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        self._listening.cancel()
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(self, **what: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"n": number, **what}).encode() + b"\n")
        return await self._asked[number]

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:  # noqa: ARG002
        answer = await self.ask(workspace=address.workspace, outbox=outbox)
        if "retry_after" in answer:
            raise Undeliverable(Trouble.LATER, "ratelimited", retry_after=answer["retry_after"])
        self.reached[address.conversation] = asyncio.get_running_loop().time()
        return str(answer["reference"])

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:  # noqa: ARG002
        raise Undeliverable(Trouble.FAULT, "nothing is edited here")

    async def remove(self, address: Address, reference: str) -> None:  # noqa: ARG002
        raise Undeliverable(Trouble.FAULT, "nothing is removed here")

    async def find(self, address: Address, outbox: str) -> str | None:  # noqa: ARG002
        raise LookupError

    async def profile(self, actor: Actor) -> Profile:  # noqa: ARG002
        return Profile()

    async def check(self, address: Address) -> None:  # noqa: ARG002
        return None

    async def channel_name(self, address: Address) -> str:  # noqa: ARG002
        return ""

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            answer = json.loads(line)
            self._asked.pop(answer["n"]).set_result(answer)


async def _main(per_second: float, latency: float) -> None:
    server = await asyncio.start_server(StandIn(per_second, latency).listen, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1]), float(sys.argv[2])))
