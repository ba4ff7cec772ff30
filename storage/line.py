"""Who is next at a database, or at its only writer: those whom somebody waits for, then those who can wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class Waits(Protocol):
    """Somebody in the line."""

    @property
    def patient(self) -> bool: ...


W = TypeVar("W", bound=Waits)


class Line(Generic[W]):
    """The patient go last, but are never passed over twice. Any thread may join or look while another one serves."""

    def __init__(self) -> None:
        self._hurried: deque[W] = deque()
        self._patient: deque[W] = deque()
        self._patient_are_next = False

    def join(self, one: W) -> None:
        (self._patient if one.patient else self._hurried).append(one)

    def next(self, most: int) -> list[W]:
        """Those who are next; nobody when the line is empty."""
        patient = bool(self._patient) and (self._patient_are_next or not self._hurried)
        self._patient_are_next = bool(self._patient) and not patient  # these are passed over now
        line = self._patient if patient else self._hurried
        return [line.popleft() for _ in range(min(most, len(line)))]

    def somebody_hurries(self) -> bool:
        return bool(self._hurried)

    def put_back(self, patient: Sequence[W]) -> None:
        """Let them stand at the head of the patient again, in their order."""
        self._patient.extendleft(reversed(patient))
