"""A unit of work that says when it has done something, for those who look anew then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from storage.unit_of_work import UnitOfWork

T = TypeVar("T")


class TellingUnitOfWork:
    """Works as the one within, which is also there for those who would only wake themselves."""

    def __init__(self, quiet: UnitOfWork) -> None:
        self.quiet = quiet
        self._listeners: list[Callable[[], None]] = []

    def listen(self, tell: Callable[[], None]) -> None:
        """Call this after every transaction that was committed. It must neither fail nor take long."""
        self._listeners.append(tell)

    async def run(self, work: Callable[[Connection], T]) -> T:
        return self._told(await self.quiet.run(work))

    async def run_behind(self, work: Callable[[Connection], T]) -> T:
        return self._told(await self.quiet.run_behind(work))

    def _told(self, result: T) -> T:
        for tell in self._listeners:
            tell()
        return result

    async def run_alone(self, work: Callable[[Connection], T]) -> T:
        """What wants to be alone is not told either: no board shows anything else after it."""
        return await self.quiet.run_alone(work)

    async def scrub(self, *tables: str) -> None:
        await self.quiet.scrub(*tables)

    async def close(self) -> None:
        await self.quiet.close()
