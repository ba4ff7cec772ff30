"""From the outbox to the platforms: claimed once, paced for each conversation, tried again only when that is safe."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.ports import Address, Clock, Platform, Surface, Trouble, Undeliverable
from storage.outbox import Letter, Outbox
from storage.people import People
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_BATCH = 100
_AT_ONCE = 20  # conversations written to at the same time
_LEASE = timedelta(seconds=90)
_LONGEST_SLEEP = 5.0  # seconds; what another process has written is found at the latest then
_MOST_ATTEMPTS = 12  # with the back-off below, about a day
_SETTLING = timedelta(seconds=5)
"""How long a lost message is given to show up in the platform's own history before we look for it."""

_PACE = {"slack": 1.0, "teams": 0.15, "sandbox": 0.0}
"""Least seconds between two messages to one conversation. Slack: 1 a second and channel; Teams: 7 in a second."""


_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Note = Callable[[Outbox], None]
"""What to write down about a message."""


class Courier:
    """Delivers what stands in the outbox. Several may run at once, in one process or many."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._platforms = platforms
        self._awake = asyncio.Event()
        self._free_at: dict[tuple[str, str, str], float] = defaultdict(float)
        self._quiet_until: dict[tuple[str, str], datetime] = {}  # workspace → when it may be called again
        self._stopping = False

    def wake(self) -> None:
        """There may be something new in the outbox."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until `stop`; what has been claimed is finished first."""
        while not self._stopping:
            self._awake.clear()
            if not await self._round():
                await self._sleep()

    def stop(self) -> None:
        self._stopping = True
        self._awake.set()

    async def empty(self) -> None:
        """Deliver everything that is due now, then return."""
        while await self._round():
            pass

    async def _sleep(self) -> None:
        try:
            await asyncio.wait_for(self._awake.wait(), _LONGEST_SLEEP)
        except TimeoutError:
            return

    async def _round(self) -> int:
        """Claim a batch and deliver it, each conversation in order; how many were claimed."""
        letters = await self._unit_of_work.run(self._claim)
        by_conversation: dict[tuple[str, str, str], list[Letter]] = defaultdict(list)
        for letter in letters:
            by_conversation[_conversation(letter.address)].append(letter)
        limit = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._deliver_all(group, limit) for group in by_conversation.values()))
        return len(letters)

    def _claim(self, connection: Connection) -> tuple[Letter, ...]:
        now = self._clock.now()
        people = People(connection, now)
        claimed = Outbox(connection, now).claim(_LEASE, _BATCH)
        return tuple(replace(letter, address=people.detailed(letter.address)) for letter in claimed)

    async def _deliver_all(self, letters: Sequence[Letter], limit: asyncio.Semaphore) -> None:
        """Deliver one after the other; when one has to wait, so do those after it."""
        async with limit:
            for number, letter in enumerate(letters):
                await self._pace(letter.address)
                quiet_until = self._quiet_until.get(_workspace(letter.address), _LONG_AGO)
                if quiet_until > self._clock.now():
                    await self._put_back(letters[number:], quiet_until)
                    return
                due = await self._deliver(letter)
                if due is not None:
                    await self._put_back(letters[number + 1 :], due)
                    return

    async def _put_back(self, letters: Sequence[Letter], due: datetime) -> None:
        if letters:
            await self._note(lambda outbox: outbox.put_back(letters, due))

    async def _pace(self, address: Address) -> None:
        """Wait until the conversation may be written to again."""
        if address.surface is Surface.HOME:
            return
        loop = asyncio.get_running_loop()
        key = _conversation(address)
        wait = self._free_at[key] - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._free_at[key] = loop.time() + _PACE.get(address.platform, 1.0)

    async def _deliver(self, letter: Letter) -> datetime | None:
        """Deliver and note the outcome; when the message is to be tried again, if it is."""
        platform = self._platforms.get(letter.address.platform)
        if platform is None:
            await self._note(lambda outbox: outbox.failed(letter.id, "platform not configured"))
            return None
        try:
            reference, maybe_twice = await self._send(platform, letter)
        except Undeliverable as trouble:
            return await self._undelivered(letter, trouble)
        except Exception:
            log.exception("a message could not be rendered or sent", extra={"outbox": letter.id})
            await self._note(lambda outbox: outbox.failed(letter.id, "fault"))
        else:
            await self._note(lambda outbox: outbox.sent(letter.id, reference, maybe_twice=maybe_twice))
        return None

    async def _send(self, platform: Platform, letter: Letter) -> tuple[str, bool]:
        """Send, edit or find again; the platform's reference, and whether the message may have arrived twice."""
        if letter.replaces:
            await platform.update(letter.address, letter.replaces, letter.view, letter.language)
            return letter.replaces, False
        maybe_twice = False
        if letter.resumed and letter.address.surface is not Surface.HOME:
            try:
                found = await platform.find(letter.address, letter.id)
            except LookupError:
                maybe_twice = True
            else:
                if found is not None:
                    return found, False
        sent = await platform.send(letter.address, letter.view, letter.language, outbox=letter.id)
        return sent, maybe_twice

    async def _undelivered(self, letter: Letter, trouble: Undeliverable) -> datetime | None:
        """Note the outcome: later, never, or unknown until the platform's history has been asked."""
        log.warning(
            "a message was not delivered",
            extra={"outbox": letter.id, "trouble": trouble.trouble.value, "reason": trouble.reason},
        )
        again = trouble.trouble in (Trouble.LATER, Trouble.UNKNOWN) and letter.attempts < _MOST_ATTEMPTS
        if not again:
            await self._note(lambda outbox: outbox.failed(letter.id, f"{trouble.trouble}: {trouble.reason}"))
            return None
        uncertain = trouble.trouble is Trouble.UNKNOWN or letter.resumed
        due = self._next_try(letter.attempts, trouble)
        if trouble.retry_after is not None:
            self._quiet_until[_workspace(letter.address)] = due
        await self._note(lambda outbox: outbox.later(letter.id, due, trouble.reason, uncertain=uncertain))
        return due

    def _next_try(self, attempts: int, trouble: Undeliverable) -> datetime:
        """When to try again: as the platform says, else with exponential back-off and jitter."""
        now = self._clock.now()
        if trouble.retry_after is not None:
            return now + timedelta(seconds=trouble.retry_after)
        if trouble.trouble is Trouble.UNKNOWN and attempts == 1:
            return now + _SETTLING
        seconds = min(2.0**attempts, 3600) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret
        return now + timedelta(seconds=seconds)

    async def _note(self, write: Note) -> None:
        await self._unit_of_work.run(lambda connection: write(Outbox(connection, self._clock.now())))


def _workspace(address: Address) -> tuple[str, str]:
    return address.platform, address.workspace


def _conversation(address: Address) -> tuple[str, str, str]:
    return address.platform, address.workspace, address.conversation
