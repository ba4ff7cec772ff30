"""From the outbox to the platforms: each workspace is served by itself, and by one courier at a time."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.handlers.carrier import Background, Carrier, Means, Refused
from bot.handlers.pacing import RATES, Pace, Rates
from bot.ports import Clock, Platform
from storage.lanes import Lane, Lanes, Waiting

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 5.0  # seconds; what another process has written is found at the latest then
_POLL = 1.0  # seconds; the same for a workspace where another courier is at work, or where nothing could be claimed
_BEGUN_AT_ONCE = 4  # workspaces; then the couriers of other processes get a chance
_CHANCE = 0.01  # seconds


class Courier:
    """Delivers what stands in the outbox. Several may run at once, in one process or many.

    Each workspace is served by itself, and by one courier at a time: what one of them is slow at or has to wait for
    delays no other.
    """

    def __init__(
        self,
        unit_of_work: Background,
        clock: Clock,
        platforms: Mapping[str, Platform],
        refused: Refused | None = None,
        *,
        rates: Mapping[str, Rates] = RATES,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._platforms = platforms
        self._rates = rates
        self._means = Means(unit_of_work, clock, platforms, refused, holder=uuid.uuid4().hex)
        self._carriers: dict[Lane, Carrier] = {}  # kept, for they remember the pace
        self._serving: dict[Lane, asyncio.Task[None]] = {}
        self._resting: dict[Lane, float] = {}  # where nothing could be claimed → when to try again
        self._awake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There may be something new in the outbox."""
        self._resting.clear()
        self._awake.set()

    async def run(self) -> None:
        """Deliver until `stop`; what has been claimed is finished first."""
        while not self._stopping:
            self._awake.clear()
            try:
                seconds = await self._serve()
            except Exception:
                log.exception("the outbox could not be read and is tried again")
                seconds = _LONGEST_SLEEP
            await self._sleep(seconds)
        await self._all_served()

    def stop(self) -> None:
        self._stopping = True
        self._awake.set()
        for carrier in self._carriers.values():
            carrier.stop()

    async def empty(self) -> None:
        """Deliver everything that is due now, then return."""
        self._resting.clear()
        while True:
            await self._serve()
            if not self._serving:
                return
            await self._all_served()

    async def _all_served(self) -> None:
        if self._serving:
            await asyncio.wait(list(self._serving.values()))

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._awake.wait(), seconds)
        except TimeoutError:
            return

    async def _serve(self) -> float:
        """Begin where something is due and nobody is at it; the seconds until something else may be."""
        waiting = list(await self._unit_of_work.run_behind(self._waiting))
        random.shuffle(waiting)
        now, begun, seconds = self._clock.now(), 0, _LONGEST_SLEEP
        for one in waiting:
            rest = self._rest(one, now)
            if rest is not None:
                seconds = min(seconds, rest)
            elif begun < _BEGUN_AT_ONCE:
                begun += 1
                self._begin(one.lane)
            else:
                seconds = min(seconds, _CHANCE)
        return seconds

    def _waiting(self, connection: Connection) -> tuple[Waiting, ...]:
        return Lanes(connection, self._clock.now()).waiting()

    def _rest(self, one: Waiting, now: datetime) -> float | None:
        """The seconds for which there is nothing to be begun with in a lane; None when there is."""
        ready = max(one.due_at, one.quiet_until)
        if ready > now:
            return (ready - now).total_seconds()
        if one.lane in self._serving:
            self._carriers[one.lane].wake()
            return _LONGEST_SLEEP
        if one.holder not in ("", self._means.holder) and one.held_until > now:
            return _POLL
        rest = self._resting.get(one.lane, 0.0) - asyncio.get_running_loop().time()
        return rest if rest > 0 else None

    def _begin(self, lane: Lane) -> None:
        if self._stopping:
            return
        if lane not in self._carriers:
            self._carriers[lane] = Carrier(lane, Pace(self._rates.get(lane[0], Rates())), self._means)
        task = self._serving[lane] = asyncio.create_task(self._carry(lane), name=f"courier {lane[0]}")
        task.add_done_callback(lambda _: self._served(lane))

    async def _carry(self, lane: Lane) -> None:
        if not await self._carriers[lane].run():
            self._resting[lane] = asyncio.get_running_loop().time() + _POLL

    def _served(self, lane: Lane) -> None:
        del self._serving[lane]
        self._awake.set()
