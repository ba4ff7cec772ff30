"""Questions with their answers: what coordinators have written, when it holds, and what becomes of a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.programmes import FaqEntry, Programme
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised

COMMON = ""
"""In the place of a programme: an entry that holds for all of them."""

FOR_ALL = "common"
"""In the place of a programme, where people see it: in ids and files."""

REASONS_TO_LOOK = 3
"""So many people say that an answer did not help: then a coordinator looks at it again."""


class Standing(StrEnum):
    """Whether an entry is used."""

    LIVE = "live"
    RETIRED = "retired"  # kept, with its history, and never given as an answer


class Age(StrEnum):
    """How an entry stands to a day."""

    COMING = "coming"
    CURRENT = "current"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer as it stands now."""

    id: str
    programme: str  # id, or `COMMON`
    question: Localised
    answer: Localised
    alternates: tuple[str, ...] = ()  # other ways to ask for it, in whatever language: untrusted
    edition: str = ""  # which the answer holds for; empty where it does not depend on one
    valid_from: date | None = None  # the first day
    valid_until: date | None = None  # the last day
    standing: Standing = Standing.LIVE
    version: int = 1

    def age(self, today: date, edition: str | None) -> Age:
        """Whether it holds on a day on which this edition of its programme goes on; None when the programme is over."""
        if self.valid_from is not None and today < self.valid_from:
            return Age.COMING
        if self.valid_until is not None and today > self.valid_until:
            return Age.PAST
        return Age.CURRENT if not self.edition or self.edition == edition else Age.PAST

    @property
    def held_in(self) -> str:
        """When a past entry held: its edition, or else the year in which it ended."""
        return self.edition or (str(self.valid_until.year) if self.valid_until is not None else "")


def bare(question: str) -> str:
    """A question without capitals, odd blanks and the sign at its end: two that differ in nothing else are the same."""
    return " ".join(question.casefold().split()).rstrip("?!. ")


def entry_id(programme: str, id: str) -> str:
    """The id of an entry among those of all programmes, from its id within its own."""
    return f"{programme or FOR_ALL}.{id}"


def from_file(programme: Programme, written: FaqEntry) -> Entry:
    """The entry that a programme's file has under this id."""
    return Entry(
        id=entry_id(programme.id, written.id),
        programme=programme.id,
        question=written.question,
        answer=written.answer,
        alternates=written.alternates,
        edition=written.edition,
        valid_from=written.valid_from,
        valid_until=written.valid_until,
    )


class Change(StrEnum):
    """What was done to an entry."""

    ADDED = "added"
    EDITED = "edited"
    RETIRED = "retired"
    RESTORED = "restored"
    LEARNT = "learnt"  # a way to ask for it


@dataclass(frozen=True, slots=True)
class Past:
    """An entry as it stood after a change."""

    entry: Entry
    change: Change
    at: datetime
    by: str  # person id; empty for the programme's file


class PhrasingStanding(StrEnum):
    """What is thought of a way to ask for an entry."""

    PROPOSED = "proposed"  # somebody asked so and was helped; a coordinator decides
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # this is not what the entry answers


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A way in which somebody asked for an entry."""

    id: str
    entry: str  # id
    text: str  # untrusted, without what points at a person
    standing: PhrasingStanding
    times: int = 1


class Outcome(StrEnum):
    """What somebody got who asked."""

    ANSWERED = "answered"
    SUGGESTED = "suggested"  # several, to choose among
    UNKNOWN = "unknown"
    HUMAN = "human"  # passed on to somebody


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Something that was asked, without what points at a person. Who asked is kept apart, until it is answered."""

    id: str
    programme: str  # id, or `COMMON`
    language: str
    text: str  # untrusted
    outcome: Outcome
    entry: str  # id of what was given, or empty
    asked_at: datetime
    helped: bool | None = None
    reason: str = ""  # why it did not help: untrusted
    miss: str = ""  # id of the miss it belongs to, if it does


class MissState(StrEnum):
    """How far a miss has come."""

    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"  # nothing that can be answered


@dataclass(frozen=True, slots=True)
class Miss:
    """Questions of the same meaning that no entry answers."""

    id: str
    programme: str  # id, or `COMMON`
    text: str  # as it was asked first: untrusted
    language: str
    opened_at: datetime
    state: MissState = MissState.OPEN
    contact: str = ""  # name of the programme's contact whose field it is
    owner: str = ""  # person id of who has taken it on
    answer: Localised = NOTHING  # untrusted
    answered_by: str = ""  # person id
    answered_at: datetime | None = None
    entry: str = ""  # id of the entry that answers it, or that it puts in doubt
    agenda: str = ""  # the question as the next meeting's agenda has it, if it does


@dataclass(frozen=True, slots=True)
class Asker:
    """Who waits for the answer to an inquiry."""

    inquiry: str  # id
    person: str  # id
    named: bool  # the coordinator may see who asks
    told: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How a programme's questions have gone."""

    asked: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    helped: int = 0
    not_helped: int = 0
