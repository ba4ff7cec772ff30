"""Who is next at the only writer of a database: those whom somebody waits for, then those who can wait."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class Waits(Protocol):
    """Somebody in the line."""

    @property
    def patient(self) -> bool: ...


W = TypeVar("W", bound=Waits)


class Line(Generic[W]):
    """Joined and closed from any thread, served by one. The patient go last, but are never passed over twice."""

    def __init__(self) -> None:
        self._inlet: queue.SimpleQueue[W | None] = queue.SimpleQueue()
        self._hurried: deque[W] = deque()
        self._patient: deque[W] = deque()
        self._patient_are_next = False
        self._closed = False

    def join(self, one: W) -> None:
        self._inlet.put(one)

    def close(self) -> None:
        """Whoever stands in the line is served first."""
        self._inlet.put(None)

    def next(self, most: int) -> list[W]:
        """Those who are next, waiting until there is somebody; nobody when the line is closed and empty."""
        self._let_in()
        if not (self._hurried or self._patient or self._closed):
            self._place(self._inlet.get())
            self._let_in()
        patient = bool(self._patient) and (self._patient_are_next or not self._hurried)
        self._patient_are_next = bool(self._patient) and not patient  # these are passed over now
        line = self._patient if patient else self._hurried
        return [line.popleft() for _ in range(min(most, len(line)))]

    def somebody_hurries(self) -> bool:
        self._let_in()
        return bool(self._hurried)

    def put_back(self, patient: Sequence[W]) -> None:
        """Let them stand at the head of the patient again, in their order."""
        self._patient.extendleft(reversed(patient))

    def _let_in(self) -> None:
        try:
            while True:
                self._place(self._inlet.get_nowait())
        except queue.Empty:
            return

    def _place(self, one: W | None) -> None:
        if one is None:
            self._closed = True
        else:
            (self._patient if one.patient else self._hurried).append(one)
