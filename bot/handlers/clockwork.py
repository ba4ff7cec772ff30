"""What runs by itself: the tick, the tidying and the courier, started and stopped together.

APScheduler only ticks. The schedule itself is in the nudges table, because a job store loses and doubles jobs when
processes die or two of them share it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.handlers.channels import Preflight
from bot.handlers.courier import Courier
from bot.handlers.mailing import Postman
from bot.handlers.sweeping import Sweeper
from bot.handlers.tick import Tick

log = logging.getLogger(__name__)

_TICK_SECONDS = 1
_TIDY_SECONDS = 60
_MAIL_SECONDS = 30
_SILENCE_SECONDS = 120
"""Without a tick for so long something is badly wrong; the process ends, and whoever runs it starts it anew."""


class Clockwork:
    """The moving parts of a worker."""

    def __init__(self, tick: Tick, courier: Courier, preflight: Preflight, sweeper: Sweeper, postman: Postman) -> None:
        self._tick = tick
        self._courier = courier
        self._preflight = preflight
        self._sweeper = sweeper
        self._postman = postman
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._delivering: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ticked_at = 0.0

    async def start(self, *, ticks: bool) -> None:
        """Begin to deliver, and with `ticks` also to look at the schedule."""
        self._delivering = asyncio.create_task(self._courier.run(), name="courier")
        if not ticks:
            return
        await self._sweep()
        self._ticked_at = asyncio.get_running_loop().time()
        self._every(_TICK_SECONDS, self._once)
        self._every(_TIDY_SECONDS, self._tidy)
        self._every(_MAIL_SECONDS, self._mail)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="watchdog")

    async def stop(self) -> None:
        """Finish what has been claimed, then stop."""
        if self._watching is not None:
            self._watching.cancel()
            self._scheduler.shutdown(wait=False)
        self._courier.stop()
        if self._delivering is not None:
            await self._delivering

    @property
    def ticks(self) -> bool:
        """Whether the last tick was recent."""
        return asyncio.get_running_loop().time() - self._ticked_at < _SILENCE_SECONDS

    def _every(self, seconds: int, job: Callable[[], Awaitable[None]]) -> None:
        self._scheduler.add_job(
            job, "interval", seconds=seconds, coalesce=True, misfire_grace_time=None, max_instances=1
        )

    async def _once(self) -> None:
        try:
            await self._tick.run()
        except Exception:
            log.exception("the tick failed and is tried again")
            return
        self._ticked_at = asyncio.get_running_loop().time()
        self._courier.wake()

    async def _tidy(self) -> None:
        try:
            await self._tick.tidy()
            await self._preflight.run()
        except Exception:
            log.exception("tidying failed and is tried again")
        await self._sweep()

    async def _mail(self) -> None:
        """Apart from the tidying, which no mail server is to hold up."""
        try:
            await self._postman.run()
        except Exception:
            log.exception("mail could not be sent and is tried again")

    async def _sweep(self) -> None:
        try:
            await self._sweeper.run()
        except Exception:
            log.exception("keys that are not needed any more are still there; sweeping is tried again")

    async def _watch(self) -> None:
        """End the process when the clockwork has stopped without saying so."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_SILENCE_SECONDS / 4)
            if loop.time() - self._ticked_at > _SILENCE_SECONDS:
                log.critical("no tick for %s seconds: ending the process", _SILENCE_SECONDS)
                os._exit(70)  # EX_SOFTWARE; nothing may be waited for, since something hangs
