"""The processes that are measured: started on one core, asked for their CPU time and memory, and ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket

_ROOT = Path(__file__).parents[2]
_AFTER_A_START = 6.0  # seconds; longer than a server waits with its own preparations
_NEARLY_STILL = 0.05  # seconds of CPU in a second


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server under measurement."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Seconds of CPU it has used so far, in all its threads."""
        clock = (~self.process.pid << 3) | 2  # as clock_getcpuclockid(3) makes it; /proc counts in hundredths only
        return time.clock_gettime(clock)

    def resident_mb(self) -> float:
        """Megabytes of memory it holds now."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError(f"{self.name} has ended:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    name: str, arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path, core: int | None
) -> Server:
    """Start `python <arguments>` on one core, listening on a port of its own."""
    port = free_port()
    log = folder / f"{name}.log"
    left_out = ("LARTRAFF_", "SLACK_", "TEAMS_", "PYTHONDONTWRITEBYTECODE")  # what is installed has its bytecode
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, *arguments],
            cwd=_ROOT,
            env={**inherited, "PORT": str(port), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if core is not None:
        os.sched_setaffinity(process.pid, {core})
    return Server(name, port, process, log)


def wait_until_quiet(server: Server, *, seconds: float = 120.0) -> None:
    """Return once the server has done what it does after a start, such as reading the questions of all programmes.

    It begins with that a few seconds after it listens, and is through when its CPU clock stands nearly still.
    """
    time.sleep(_AFTER_A_START)
    give_up = time.monotonic() + seconds
    used, before = server.cpu(), 0.0
    while used - before > _NEARLY_STILL:
        if time.monotonic() > give_up:
            raise RuntimeError(f"{server.name} does not come to rest")
        time.sleep(1.0)
        used, before = server.cpu(), used


def wait_until_listening(server: Server, *, seconds: float = 30.0) -> None:
    """Return once the port answers; raises `RuntimeError` with the log when it never does."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up and server.process.poll() is None:
        try:
            with closing(create_connection(("127.0.0.1", server.port), timeout=1)):
                return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"{server.name} did not start:\n{server.log.read_text()}")
