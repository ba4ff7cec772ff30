"""Lets synchronous work wait for a socket while the event loop goes on: each in a greenlet, all in the loop's thread.

The work is written as if it kept a thread for itself. Where it waits, the event loop goes on with others and comes back
to that very place; a thread would do the same, but costs two changes of thread each time somebody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from select import POLLIN, POLLOUT, poll
from typing import Any, Protocol, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


class _Suspended(greenlet):
    """Work that can be left where it waits, and entered again there."""

    def __init__(self, work: Callable[..., None], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(work)
        self.loop = loop

    def leave(self) -> None:
        """Let the event loop go on until somebody switches back."""
        assert self.parent is not None
        self.parent.switch()


def enter(work: Callable[..., None], *given: Any) -> None:
    """Begin work that must not raise, in the running event loop; returns when it waits for the first time, or ends."""
    _Suspended(work, asyncio.get_running_loop()).switch(*given)


def is_suspendable() -> bool:
    """Whether whoever asks was entered here; everybody else keeps the thread while waiting."""
    return isinstance(getcurrent(), _Suspended)


def aside(threads: Executor, work: Callable[[], T]) -> T:
    """Do in another thread what cannot wait by a socket, and wait for it; only for whoever was entered here."""
    here = _entered()
    doing = here.loop.run_in_executor(threads, work)
    doing.add_done_callback(here.switch)
    here.leave()
    return doing.result()


class Wait(Protocol):
    """Does what may take its time, and waits for it: `aside` with its threads, or `at_once`."""

    def __call__(self, work: Callable[[], T]) -> T: ...


def at_once(work: Callable[[], T]) -> T:
    """Do it here: for whoever keeps a thread already."""
    return work()


def breathe() -> None:
    """Let the event loop do first whatever is ready; only for whoever was entered here."""
    here = _entered()
    here.loop.call_soon(here.switch)
    here.leave()


def _entered() -> _Suspended:
    here = getcurrent()
    assert isinstance(here, _Suspended)
    return here


class Socket:
    """A socket that somebody else reads and writes, to be waited for by one at a time."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._listening: asyncio.AbstractEventLoop | None = None
        self._waiting: _Suspended | None = None

    def wait(self, *, to_write: bool = False) -> None:
        """Return when there may be something to read or, if that is wanted, room to write."""
        here = getcurrent()
        if isinstance(here, _Suspended):
            self._wait_suspended(here, to_write)
        else:
            self._wait_in_thread(to_write)

    def let_go(self) -> None:
        """Listen no longer: needed before the socket's number may be given to another, and harmless at any time."""
        if self._listening is not None and not self._listening.is_closed():
            self._listening.remove_reader(self._descriptor)
        self._listening = None

    def _wait_suspended(self, here: _Suspended, to_write: bool) -> None:
        self._listen(here.loop)
        self._waiting = here
        if not to_write:
            here.leave()
            return
        here.loop.add_writer(self._descriptor, self._go_on)
        try:
            here.leave()
        finally:
            here.loop.remove_writer(self._descriptor)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Once for all who will wait: to say so each time would cost as much as the waiting."""
        if self._listening is not loop:
            self.let_go()
            loop.add_reader(self._descriptor, self._go_on)
            self._listening = loop

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.switch()
        else:
            self.let_go()  # something unasked, perhaps a farewell, for whoever waits next; it must not be told for ever

    def _wait_in_thread(self, to_write: bool) -> None:
        ready = poll()
        ready.register(self._descriptor, POLLIN | POLLOUT if to_write else POLLIN)
        ready.poll()
