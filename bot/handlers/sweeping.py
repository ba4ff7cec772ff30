"""What follows a commit: keys of emptied urns are destroyed, and what was erased is scrubbed off the disk."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import Connection

from bot.handlers.urns import midnight
from bot.ports import Clock, UrnKeys
from storage.erasure import PERSONAL, WRITTEN_IN_CHAT
from storage.journal import Journal
from storage.unit_of_work import UnitOfWork
from storage.urns import Urn, Urns

log = logging.getLogger(__name__)

_ABANDONED = timedelta(days=30)
"""Keys so old without an urn belong to a round whose opening was rolled back. They lock nothing, so there is no hurry,
and whoever starts the bot on a wrong database has time to notice."""


class Sweeper:
    """Several may sweep at once: what is gone is gone."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, keys: UrnKeys, journal: Journal) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._keys = keys
        self._journal = journal

    async def run(self) -> None:
        """Both, again and again until they are done."""
        await self._destroy_keys()
        await self._scrub_erased()

    async def _scrub_erased(self) -> None:
        """Noted as done before it is: whoever is erased meanwhile has it done once more."""
        if not self._journal.unscrubbed:
            return
        self._journal.scrubbed()
        try:
            await self._unit_of_work.scrub(*PERSONAL, *WRITTEN_IN_CHAT)
        except Exception:
            log.exception("what was erased still lingers on free pages; scrubbing is tried again")
            self._journal.unscrub()

    async def _destroy_keys(self) -> None:
        """Scrub what was deleted from the database, then destroy the keys that are not needed any more."""
        there, abandoned = self._keys.urns(), self._keys.urns(older_than=_ABANDONED)
        urns = await self._unit_of_work.run_behind(self._urns)
        emptied = there & {urn.id for urn in urns if urn.emptied_at is not None}
        if emptied:
            await self._scrub()
        for urn in sorted(emptied | abandoned - {urn.id for urn in urns}):
            self._keys.destroy(urn)

    def _urns(self, connection: Connection) -> tuple[Urn, ...]:
        """All urns, once those of rounds that were taken back are emptied."""
        store = Urns(connection)
        for urn in store.left_over():
            store.empty(urn.id, midnight(self._clock.now()))
        return store.all()

    async def _scrub(self) -> None:
        """When this fails the keys go all the same: without them, what lingers on a free page is noise."""
        try:
            await self._unit_of_work.scrub("sealed", "urns")
        except Exception:
            log.exception("the database could not be scrubbed; the keys are destroyed nevertheless")
