"""Processes to be killed: forked from one that has everything imported, so that a life begins within milliseconds."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self

_ROOT = Path(__file__).parents[2]
_GONE_WITHIN = 10.0  # seconds

Life = Callable[..., Coroutine[Any, Any, None]]


class Nursery:
    """Starts a module that ends in `rear`, and has children of it by their numbers."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._alive: set[int] = set()

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        program = sys.executable, "-m", self._module
        self._mother = await asyncio.create_subprocess_exec(*program, cwd=_ROOT, stdin=pipe, stdout=pipe)
        return self

    async def __aexit__(self, *_: object) -> None:
        for child in tuple(self._alive):
            await self.end(child)
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        await self._mother.wait()

    async def bear(self, *arguments: str | int) -> int:
        """Begin a life with these arguments; its process number."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps(arguments).encode() + b"\n")
        child = int(await asyncio.wait_for(self._mother.stdout.readline(), 60))
        self._alive.add(child)
        return child

    async def end(self, child: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill a child, or end it in another way, and wait until it is gone."""
        self._alive.discard(child)
        async with asyncio.timeout(_GONE_WITHIN):
            while _told(child, how):
                await asyncio.sleep(0.001)
                how = signal.Signals(0) if how is not signal.SIGKILL else how


def _told(child: int, how: signal.Signals) -> bool:
    """Send a signal; whether anybody was there to get it."""
    try:
        os.kill(child, how)
    except ProcessLookupError:
        return False
    return True


def rear(live: Life) -> None:
    """Fork a child that lives for every line of arguments that comes in."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    gc.freeze()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            _live(live, json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(live: Life, arguments: list[Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        asyncio.run(live(*arguments))
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of it may reach the mother's loop
        traceback.print_exc()
    finally:
        os._exit(code)
