"""Workshops: a script that a local leader follows step by step, and how far a group has come with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.rounds import THRESHOLD
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the script. At most one of `set`, `goes_on` and `plan_of` is given; with none of them people talk."""

    id: str  # unique within the script
    title: Localised
    minutes: int = 0  # the time box; 0: as long as it takes
    say: Localised = NOTHING  # what the leader does or says
    set: str = ""  # id of the question set that is asked when the step begins
    goes_on: str = ""  # id of an earlier step whose questions stay open: then people vote, or write on
    plan_of: str = ""  # id of an earlier step whose most wanted proposals become plan rows


@dataclass(frozen=True, slots=True)
class Script:
    """What a workshop goes through, as a programme file has it."""

    id: str  # unique within the programme
    title: Localised
    steps: tuple[Step, ...]  # at least one, with ids of their own
    intro: Localised = NOTHING
    threshold: int = THRESHOLD  # people; of what each person answers for themselves, decided before it begins
    small_groups: int | None = None  # so many, decided when it begins; None: those of the last workshop there, if any

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)


class State(StrEnum):
    """Where a workshop stands."""

    RUNNING = "running"
    PAUSED = "paused"  # may last for weeks: what is open stays open, and nobody's time runs
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Workshop:
    """One time that a group goes through a script. The script is frozen: a changed programme leaves it alone."""

    id: str
    programme: str
    script: Script
    begun_by: str  # person id; the leader
    begun_at: datetime  # UTC
    organisation: str = ""  # key of the only organisation that takes part; empty: the whole programme
    state: State = State.RUNNING
    at: int = 0  # index of the step
    ends_at: datetime | None = None  # UTC; when the time box of the step is over; None while nothing runs
    left: timedelta | None = None  # of the time box, while paused
    told: bool = False  # the leader has been told that the time is over
    version: int = 0  # rises with every change, so that an outdated button changes nothing

    @property
    def step(self) -> Step:
        return self.script.steps[self.at]

    @property
    def is_last(self) -> bool:
        return self.at == len(self.script.steps) - 1

    def moved(self, by: int, now: datetime) -> Workshop:
        """At another step, whose time box begins now. Raises `IndexError` when the script has none there."""
        at = self.at + by
        if not 0 <= at < len(self.script.steps):
            raise IndexError(at)
        there = replace(self, at=at, state=State.RUNNING, left=None, told=False, version=self.version + 1)
        return replace(there, ends_at=_over(there.step, now))

    def paused(self, now: datetime) -> Workshop:
        """The clock stands still, with what is left of the time box."""
        left = max(self.ends_at - now, timedelta(0)) if self.ends_at is not None else None
        return replace(self, state=State.PAUSED, ends_at=None, left=left, version=self.version + 1)

    def resumed(self, now: datetime) -> Workshop:
        """The clock goes on where it stood."""
        ends_at = now + self.left if self.left is not None else None
        return replace(self, state=State.RUNNING, ends_at=ends_at, left=None, version=self.version + 1)

    def longer(self, by: timedelta, now: datetime) -> Workshop:
        """With more time for the step: from its end, or from now when that has passed."""
        ends_at = max(self.ends_at or now, now) + by
        return replace(self, ends_at=ends_at, told=False, version=self.version + 1)

    def ended(self) -> Workshop:
        return replace(self, state=State.ENDED, ends_at=None, left=None, version=self.version + 1)


def asks(script: Script, at: int) -> str:
    """The step whose questions are open during this one: itself or an earlier one; empty while people only talk."""
    step = script.steps[at]
    return step.id if step.set else step.goes_on


def is_needed(script: Script, asked: str, at: int) -> bool:
    """Whether what was asked in a step stays open at this one, since this one or a later one goes on with it."""
    return any(asks(script, later) == asked for later in range(at, len(script.steps)))


def begun(workshop: Workshop, now: datetime) -> Workshop:
    """A new workshop at its first step, whose time box begins now."""
    return replace(workshop, ends_at=_over(workshop.step, now))


def _over(step: Step, now: datetime) -> datetime | None:
    return now + timedelta(minutes=step.minutes) if step.minutes else None
