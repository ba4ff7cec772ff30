"""Goal 7: what it costs to claim a message and to note it, among few messages and among very many."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from sqlalchemy import Engine

from benchmarks.inbound.bench import Line
from benchmarks.nudges import filling
from storage.outbox import Outbox

SMALL = 20_000
_WAITING, _AT_ONCE, _BATCHES = 20_000, 100, 20
_LANE, _LEASE = ("slack", "T0"), timedelta(seconds=90)


@dataclass
class Crowd:
    """A database with so many old messages, and 20,000 that wait."""

    size: int
    opened: Engine
    claim: list[float] = field(default_factory=list)  # seconds for each message, a round after the other
    note: list[float] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def fill(self) -> None:
        filling.add_history(self.opened, self.size)
        with self.opened.begin() as connection:
            filling.fan_out(connection, filling.soon(0), "nudge", _WAITING)
        filling.settle(self.opened)

    def round(self) -> None:
        """Claim and note some batches, each as a worker does."""
        claimed, noted = [], []
        for _ in range(_BATCHES):
            with self.opened.begin() as connection:
                box = Outbox(connection, filling.soon(0))
                begun = time.perf_counter()
                letters = box.claim(_LANE, _LEASE, _AT_ONCE)
                claimed.append(time.perf_counter() - begun)
            assert len(letters) == _AT_ONCE, "messages were lost"
            assert not self.taken & {letter.id for letter in letters}, "messages were claimed twice"
            self.taken |= {letter.id for letter in letters}
            with self.opened.begin() as connection:
                box = Outbox(connection, filling.soon(0))
                begun = time.perf_counter()
                for letter in letters:
                    box.sent(letter, "ref")
                noted.append(time.perf_counter() - begun)
        self.claim.append(median(claimed) / _AT_ONCE)
        self.note.append(median(noted) / _AT_ONCE)


def compare(name: str, urls: Mapping[int, str], rounds: int) -> list[Line]:
    """Both sizes by turns, a round of one and a round of the other."""
    crowds = []
    for size, url in urls.items():
        filling.make(url)
        crowds.append(Crowd(size, filling.engine(url)))
    for crowd in crowds:
        crowd.fill()
        crowd.round()  # both begin warm
        crowd.claim.clear()
        crowd.note.clear()
    for _ in range(rounds):
        for crowd in crowds:
            crowd.round()
    for crowd in crowds:
        crowd.opened.dispose()
    small, big = urls
    return [
        _line(f"{name}: claim at {big:,} / {small:,}", crowds[0].claim, crowds[1].claim),
        _line(f"{name}: note at {big:,} / {small:,}", crowds[0].note, crowds[1].note),
    ]


def _line(what: str, few: list[float], many: list[float]) -> Line:
    ratios = [one / other for one, other in zip(many, few, strict=True)]
    note = f"{median(few) * 1e6:.0f} and {median(many) * 1e6:.0f} µs a message, {min(ratios):.2f}–{max(ratios):.2f}"
    return Line(what, median(ratios), 1.15, note=note)
