"""One workspace's messages on their way: each in its turn, tried again only when that is safe, and noted at once."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.domain.values import dataclass
from bot.handlers.pacing import Pace
from bot.ports import Clock, Platform, Surface, Trouble, Undeliverable
from storage.lanes import Lane, Lanes
from storage.outbox import Letter, Outbox
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)

T = TypeVar("T")

_LEASE = timedelta(seconds=90)
_PATIENCE = 60.0  # seconds for one message; with the waits before it, less than the lease
_LONGEST_WAIT = 5.0  # seconds that a claimed message waits for its conversation; it is put back when that takes longer
_HOLD = timedelta(seconds=60)  # a workspace is held; renewed at half-time
_LONGEST_PAUSE = 5.0  # seconds
_DATABASE_RESTS = 1.0  # seconds, when it did not take what was to be noted
_GATHER = 0.05  # seconds; outcomes that come so close together are noted together
_LONGEST_REST = {Trouble.LATER: 600.0, Trouble.UNKNOWN: 3600.0}
"""Seconds between two tries. What has certainly not arrived is tried often: it is there soon after an outage."""

_PATIENT_FOR = timedelta(days=1)
_FEWEST_ATTEMPTS = 10
"""A message is given up a day after it was written, but never for a few refusals: it may have waited behind another."""

_SETTLING = timedelta(seconds=5)
"""How long a lost message is given to show up in the platform's own history before we look for it."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Note = Callable[[Connection, datetime], None]
"""Writes down what became of a message."""

Refused = Callable[[Connection, datetime, Letter, Undeliverable], None]
"""Told of a message that its reader can no longer be sent, in the transaction that gives it up."""


class Background(Protocol):
    """A unit of work in which events go first: nobody waits for what is done here."""

    async def run_behind(self, work: Callable[[Connection], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Means:
    """What every workspace is served with."""

    unit_of_work: Background
    clock: Clock
    platforms: Mapping[str, Platform]
    refused: Refused | None
    holder: str  # the courier's name in the lanes


class Carrier:
    """Carries what is sent in one workspace."""

    def __init__(self, lane: Lane, pace: Pace, means: Means) -> None:
        self._lane = lane
        self._pace = pace
        self._means = means
        self._under_way: set[asyncio.Task[None]] = set()
        self._notes: list[Note] = []  # of what is done and not yet written down
        self._stirred = asyncio.Event()
        self._quiet_until = _LONG_AGO
        self._renew_at = _LONG_AGO
        self._more = False  # whether the last claim left something
        self._stopping = False

    def wake(self) -> None:
        """There is something to claim."""
        self._stirred.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._stirred.set()

    async def run(self) -> int:
        """Deliver until nothing is left that may be sent now; how many messages were claimed."""
        self._renew_at, self._more, claimed = _LONG_AGO, False, 0
        self._pace.begin()
        while True:
            claimed += await self._turn()
            if not self._under_way and not self._notes:
                break
            await self._pause()
        self._pace.forget()
        return claimed

    async def _turn(self) -> int:
        """In one transaction, note what is done and claim what can be sent soon; how much that is."""
        self._stirred.clear()
        room, last = self._room(), not self._under_way
        if not room and not last and not self._notes:
            return 0
        notes, self._notes = self._notes, []
        try:
            letters = await self._means.unit_of_work.run_behind(partial(self._write, notes=notes, room=room, last=last))
        except Exception:
            log.exception("what was delivered could not be noted", extra={"messages": len(notes)})
            await self._keep(notes)
            return 0
        if room:
            self._more = len(letters) == room
        for letter in letters:
            task = asyncio.create_task(self._carry(letter))
            self._under_way.add(task)
            task.add_done_callback(self._arrived)
        return len(letters)

    def _write(self, connection: Connection, *, notes: list[Note], room: int, last: bool) -> tuple[Letter, ...]:
        now = self._means.clock.now()
        for note in notes:
            note(connection, now)
        lanes = Lanes(connection, now)
        if room and now >= self._renew_at:
            if not lanes.take(self._lane, self._means.holder, now + _HOLD):
                return ()
            self._renew_at = now + _HOLD / 2
        letters = Outbox(connection, now).claim(self._lane, _LEASE, room) if room else ()
        if last and not letters:
            lanes.release(self._lane, self._means.holder, self._quiet_until if self._quiet_until > now else None)
        return letters

    async def _keep(self, notes: list[Note]) -> None:
        """Try again to note these, soon; at the end of the process the leases say the rest."""
        if not self._stopping:
            self._notes = notes + self._notes
            await asyncio.sleep(_DATABASE_RESTS)

    def _room(self) -> int:
        """How much to claim now: nothing, or so much that it is worth the while."""
        if self._stopping or self._quiet_until > self._means.clock.now():
            return 0
        room = self._pace.room(len(self._under_way))
        return room if not self._under_way or 2 * room >= self._pace.handful else 0

    async def _pause(self) -> None:
        """Sleep until there is something to note or to claim."""
        seconds = max(self._pace.until_room(), _GATHER) if self._more else _LONGEST_PAUSE
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return
        if self._under_way:
            await asyncio.sleep(_GATHER)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._stirred.set()

    async def _carry(self, letter: Letter) -> None:
        note = await self._outcome(letter)
        self._notes.append(note)  # looked up only now: the list of before has been written down meanwhile

    async def _outcome(self, letter: Letter) -> Note:
        """Deliver the message when its turn comes; what is to be noted of it."""
        platform = self._means.platforms.get(letter.address.platform)
        if platform is None:
            return _failed(letter, "platform not configured")
        edits = bool(letter.replaces)
        wait = self._pace.wait(letter.address, edits=edits)
        if wait > _LONGEST_WAIT:
            return _put_back(letter, self._means.clock.now() + timedelta(seconds=wait))
        await asyncio.sleep(max(wait, 0.0))
        await self._pace.turn()
        try:
            async with asyncio.timeout(_PATIENCE):
                reference, maybe_twice = await self._send(platform, letter)
        except _QuietError:
            return _put_back(letter, _LONG_AGO)
        except TimeoutError:
            return self._undelivered(letter, Undeliverable(Trouble.UNKNOWN, "no answer"))
        except Undeliverable as trouble:
            return self._undelivered(letter, trouble)
        except Exception:
            log.exception("a message could not be rendered or sent", extra={"outbox": letter.id})
            return _failed(letter, "fault")
        finally:
            self._pace.went(letter.address, edits=edits)
        return _sent(letter, reference, maybe_twice=maybe_twice)

    async def _send(self, platform: Platform, letter: Letter) -> tuple[str, bool]:
        """Send, edit, remove or find again; the platform's reference, and whether it may have arrived twice."""
        self._refuse_while_quiet()
        if letter.view is None:
            await platform.remove(letter.address, letter.replaces)
            return letter.replaces, False
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
            self._refuse_while_quiet()
        sent = await platform.send(letter.address, letter.view, letter.language, outbox=letter.id, thread=letter.thread)
        return sent, maybe_twice

    def _refuse_while_quiet(self) -> None:
        if self._quiet_until > self._means.clock.now():
            raise _QuietError

    def _undelivered(self, letter: Letter, trouble: Undeliverable) -> Note:
        """Later, never, or unknown until the platform's history has been asked."""
        log.warning(
            "a message was not delivered",
            extra={"outbox": letter.id, "trouble": trouble.trouble.value, "reason": trouble.reason},
        )
        now = self._means.clock.now()
        again = trouble.trouble in _LONGEST_REST
        if again and trouble.retry_after is not None:
            self._quiet_until = max(self._quiet_until, now + timedelta(seconds=trouble.retry_after))
        if not again or _is_hopeless(letter, now):
            return _failed(letter, f"{trouble.trouble}: {trouble.reason}", self._told(letter, trouble))
        due = now + _rest(letter.attempts, trouble)
        uncertain = trouble.trouble is Trouble.UNKNOWN or letter.resumed
        return lambda connection, now: Outbox(connection, now).later(letter, due, trouble.reason, uncertain=uncertain)

    def _told(self, letter: Letter, trouble: Undeliverable) -> Note | None:
        """What else happens when the reader can no longer be written to; an edit or a page is no message of theirs."""
        refused = self._means.refused
        lost = trouble.trouble in (Trouble.GONE, Trouble.FORBIDDEN)
        if refused is None or not lost or letter.replaces or letter.address.surface is Surface.HOME:
            return None
        return lambda connection, now: refused(connection, now, letter, trouble)


class _QuietError(Exception):
    """The platform asked for quiet while a message waited for its turn."""


def _rest(attempts: int, trouble: Undeliverable) -> timedelta:
    """How long to leave a message alone: exponential back-off with jitter, and no less than the platform says."""
    seconds = min(2.0**attempts, _LONGEST_REST[trouble.trouble]) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
    settling = _SETTLING if trouble.trouble is Trouble.UNKNOWN else timedelta(0)
    return max(timedelta(seconds=seconds), settling, timedelta(seconds=trouble.retry_after or 0))


def _is_hopeless(letter: Letter, now: datetime) -> bool:
    return letter.attempts >= _FEWEST_ATTEMPTS and now - letter.written_at >= _PATIENT_FOR


def _sent(letter: Letter, reference: str, *, maybe_twice: bool) -> Note:
    return lambda connection, now: Outbox(connection, now).sent(letter, reference, maybe_twice=maybe_twice)


def _put_back(letter: Letter, due: datetime) -> Note:
    return lambda connection, now: Outbox(connection, now).put_back(letter, max(due, now))


def _failed(letter: Letter, reason: str, told: Note | None = None) -> Note:
    """Give the message up and tell whom it concerns; when that breaks, the message is given up all the same.

    It is told first: that holds meetings, which everybody else holds before they touch a message.
    """

    def write(connection: Connection, now: datetime) -> None:
        if told is not None:
            try:
                with connection.begin_nested():
                    told(connection, now)
            except Exception as error:
                if is_of_the_database(error):
                    raise
                log.exception("a refused message had no consequences", extra={"outbox": letter.id})
        Outbox(connection, now).failed(letter, reason)

    return write
