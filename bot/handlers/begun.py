"""What is there already of messages that broke off halfway: held in memory, for the try that goes on after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.ports import Trouble, Undeliverable

_MOST = 1000
"""Messages of which something is held. Some are given up, or sent by another process, and nobody says so here: the one
that broke off first makes room, and would begin anew."""


class Begun:
    """The parts of each message that a platform has taken, by its outbox id. It is gone with the process."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[int, str]] = {}

    @contextmanager
    def going_on(self, outbox: str) -> Iterator[dict[int, str]]:
        """The references of the parts that are there, by their places: whoever sends another adds it.

        When that breaks off, by a cancelled try as well, what is there is held for the next one. If it may go on, the
        trouble is `UNKNOWN`: another process has to ask what is there. What is refused for good stays so.
        """
        there = self._parts.pop(outbox, {})
        try:
            yield there
        except Undeliverable as failed:
            self.hold(outbox, there)
            if there and failed.trouble is Trouble.LATER:
                raise Undeliverable(Trouble.UNKNOWN, failed.reason, retry_after=failed.retry_after) from failed
            raise
        except BaseException:
            self.hold(outbox, there)
            raise

    def hold(self, outbox: str, parts: dict[int, str]) -> None:
        """Hold what is there of a message. An answer without an id is sent once: nobody goes on with it."""
        if not outbox or not parts:
            return
        self._parts[outbox] = parts
        if len(self._parts) > _MOST:
            del self._parts[next(iter(self._parts))]
