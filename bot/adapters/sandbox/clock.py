"""A clock that people can move forward, so that a reminder of next week can be seen today."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.sandbox.ports import Messages
from bot.ports import Clock


class SandboxClock:
    """The real time plus an offset, which is kept in the sandbox's memory. Implements `bot.ports.Clock`."""

    def __init__(self, real: Clock, memory: Messages) -> None:
        self._real = real
        self._memory = memory
        self._offset = timedelta(0)
        self._held: datetime | None = None

    async def load(self) -> None:
        """Go on where the clock stood before a restart."""
        self._offset = await self._memory.offset()

    def now(self) -> datetime:
        return self._held or self._real.now() + self._offset

    def hold(self, instant: datetime | None) -> None:
        """Stand still at an instant that lies behind, so that what happened then can be made up for; None: go on."""
        self._held = instant

    @property
    def offset(self) -> timedelta:
        """How far ahead of the real time it is."""
        return self._offset

    async def move_to(self, instant: datetime) -> None:
        """Move forward to an instant. Raises `ValueError` for one that has gone by: time does not run backwards."""
        ahead = instant - self._real.now()
        if ahead < self._offset:
            raise ValueError(f"{instant} has gone by")
        await self._set(ahead)

    async def advance(self, by: timedelta, *, seen: timedelta) -> None:
        """Move forward from the offset that stood on the page: a second click on the same page adds nothing."""
        await self._set(max(self._offset, seen + by))

    async def reset(self) -> None:
        """Show the real time again."""
        await self._set(timedelta(0))

    async def _set(self, offset: timedelta) -> None:
        await self._memory.keep_offset(offset)
        self._offset = offset
