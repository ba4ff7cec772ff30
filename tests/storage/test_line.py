"""At the only writer, what somebody waits for goes first, and what can wait still gets its turn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from storage.line import Line
from storage.unit_of_work import _FEW, SqliteUnitOfWork, sqlite_engine


@dataclass(frozen=True)
class One:
    """Somebody in the line."""

    name: str
    patient: bool


def line_of(names: str) -> Line[One]:
    """Capitals hurry."""
    line: Line[One] = Line()
    for name in names:
        line.join(One(name, name.islower()))
    return line


def served(line: Line[One], most: int = 64) -> list[str]:
    turns = []
    while turn := line.next(most):
        turns.append("".join(one.name for one in turn))
    return turns


@pytest.mark.parametrize(("names", "turns"), [("ABC", ["ABC"]), ("abc", ["abc"]), ("aAbB", ["AB", "ab"]), ("", [])])
def test_who_hurries_goes_first_and_each_in_their_order(names: str, turns: list[str]) -> None:
    assert served(line_of(names)) == turns


def test_the_patient_are_not_passed_over_twice() -> None:
    assert served(line_of("abcABCD"), 2) == ["AB", "ab", "CD", "c"]


def test_who_is_put_back_is_the_next_of_the_patient() -> None:
    line = line_of("abcd")
    line.put_back(line.next(64)[1:])
    line.join(One("e", patient=True))
    assert served(line) == ["bcde"]


@pytest.fixture
async def work(sqlite_url: str) -> AsyncIterator[SqliteUnitOfWork]:
    work = SqliteUnitOfWork(sqlite_engine(sqlite_url))
    yield work
    await work.close()


class Busy:
    """A writer that is kept busy while others join the line, and the order in which they were served.

    What keeps it busy is patient, and so done in a thread: the event loop goes on.
    """

    def __init__(self, work: SqliteUnitOfWork) -> None:
        self.work = work
        self.begun, self.free = threading.Event(), threading.Event()
        self.order: list[str] = []

    def noting(self, name: str) -> Callable[[Connection], None]:
        return lambda _: self.order.append(name)

    def held(self, _: Connection) -> None:
        self.begun.set()
        assert self.free.wait(10)

    def calling(
        self, loop: asyncio.AbstractEventLoop, event: list[asyncio.Future[None]]
    ) -> Callable[[Connection], None]:
        """Patient work during which an event comes in."""

        def call(_: Connection) -> None:
            self.order.append("calls")
            coming = asyncio.run_coroutine_threadsafe(self._begun(event), loop)
            coming.result(10)

        return call

    async def _begun(self, event: list[asyncio.Future[None]]) -> None:
        event.append(asyncio.ensure_future(self.work.run(self.noting("event"))))
        await asyncio.sleep(0)


async def test_an_event_goes_before_what_nobody_waits_for(work: SqliteUnitOfWork) -> None:
    busy = Busy(work)
    first = asyncio.ensure_future(work.run_behind(busy.held))
    assert await asyncio.to_thread(busy.begun.wait, 10)
    others = [work.run_behind(busy.noting("patient")) for _ in range(3)]
    waiting = [asyncio.ensure_future(one) for one in (*others, work.run(busy.noting("event")))]
    await asyncio.sleep(0)
    busy.free.set()
    await asyncio.gather(first, *waiting)
    assert busy.order == ["event", "patient", "patient", "patient"]


async def interrupted(work: SqliteUnitOfWork) -> list[str]:
    """How ten of the patient are served when an event comes during the first."""
    busy, event = Busy(work), list[asyncio.Future[None]]()
    first = asyncio.ensure_future(work.run_behind(busy.held))
    assert await asyncio.to_thread(busy.begun.wait, 10)
    calls = work.run_behind(busy.calling(asyncio.get_running_loop(), event))
    waiting = [asyncio.ensure_future(one) for one in (calls, *(work.run_behind(busy.noting("p")) for _ in range(9)))]
    await asyncio.sleep(0)
    busy.free.set()
    await asyncio.gather(first, *waiting)
    await event[0]
    return busy.order


async def test_a_batch_of_the_patient_ends_when_an_event_comes_and_nobody_is_lost(work: SqliteUnitOfWork) -> None:
    assert await interrupted(work) == ["calls", *["p"] * (_FEW - 1), "event", *["p"] * (10 - _FEW)]


async def test_control_a_writer_that_does_not_look_up_lets_the_event_wait(
    work: SqliteUnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "somebody_hurries", lambda _: False)
    assert await interrupted(work) == ["calls", *["p"] * 9, "event"]
