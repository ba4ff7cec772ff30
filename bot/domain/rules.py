"""When nudges of a programme are due and who gets them: the rules that every programme has, and what it may change."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from bot.domain.values import dataclass
from bot.domain.words import Localised

NOTHING = Localised({})


class Topic(StrEnum):
    """What a nudge is about, and so how it is put into words."""

    AGENDA = "agenda"
    PREPARATION = "preparation"
    DAY_BEFORE = "day_before"
    LINK = "link"
    AFTERWARDS = "afterwards"
    CATCH_UP = "catch_up"  # what was said at a meeting, for those who were not there
    LAST_CALL = "last_call"  # the last day to register
    BETWEEN = "between"  # the work at home between two meetings
    DATE = "date"  # one of the programme's own dates
    PLAN = "plan"  # what somebody has taken on before a meeting
    FEEDBACK = "feedback"  # once, of the round about a meeting that is over
    CHALLENGE = "challenge"  # a participant's own challenge, which they have not written yet
    ADDED = "added"  # a meeting that has come to an edition which people take part in already
    MESSAGE = "message"  # nothing but the rule's own text


class Anchor(StrEnum):
    """What the time of a nudge is counted from."""

    START = "start"  # of an occasion
    END = "end"  # of an occasion
    DEADLINE = "deadline"  # the last minute in which one can register for an occasion
    MIDWAY = "midway"  # half of the time between two occasions; belongs to the second one
    DATE = "date"  # one of the programme's own dates
    ADDED = "added"  # when an occasion was added
    DAY = "day"  # a day that the rule itself names


class Audience(StrEnum):
    """Who gets a nudge. Who exactly that is, is looked up when it is due."""

    PARTICIPANTS = "participants"  # those with a confirmed seat
    UNFINISHED = "unfinished"  # those who have begun to register and not finished
    CONTACTS = "contacts"  # those who registered for their organisation
    COORDINATORS = "coordinators"
    CHANNELS = "channels"  # the channels that a coordinator has bound to the programme
    OWNERS = "owners"  # those who have taken on a plan row that is not done
    NOTE_TAKERS = "note_takers"  # those who take notes in rounds that are open then
    UNWRITTEN = "unwritten"  # those with a confirmed seat who have not written their own challenge
    ROLES = "roles"  # those in a group of one of the rule's own roles; only of rules that are written in chat
    JOINED = "joined"  # those who took part in the edition when an occasion was added, unless they chose it since
    ABSENT = "absent"  # those who wanted to come to an occasion that is over, and were not there


@dataclass(frozen=True, slots=True)
class Rule:
    """When one kind of nudge is due: so many days from its anchor at a wall-clock time, or so many minutes from it.

    A negative number lies before the anchor. The wall clock is the programme's.
    """

    name: str  # unique within the programme
    topic: Topic
    anchor: Anchor
    to: tuple[Audience, ...] = (Audience.PARTICIPANTS,)
    days: int = 0
    at: time | None = None  # None: exactly `minutes` from the anchor
    minutes: int = 0
    only: tuple[str, ...] = ()  # ids of occasions or dates; empty is all of them
    roles: tuple[str, ...] = ()  # ids of role groups, where it goes to those
    text: Localised = NOTHING  # said first, in the programme's own words
    title: Localised = NOTHING  # of a reminder that says nothing but its text; empty: the programme's
    on: date | None = None  # the day of a rule that is anchored to none but this one
    off: bool = False

    @property
    def waits(self) -> bool:
        """Whether the nudge may wait for working hours and be put together with others of the same day."""
        return self.at is not None


_MORNING = time(9)

AGENDA = Rule("agenda", Topic.AGENDA, Anchor.START, days=-14, at=_MORNING)
PREPARATION = Rule("preparation", Topic.PREPARATION, Anchor.START, days=-7, at=_MORNING)
DAY_BEFORE = Rule(
    "day_before", Topic.DAY_BEFORE, Anchor.START, (Audience.PARTICIPANTS, Audience.CHANNELS), days=-1, at=_MORNING
)
LINK = Rule("link", Topic.LINK, Anchor.START, minutes=-15)
AFTERWARDS = Rule("afterwards", Topic.AFTERWARDS, Anchor.END, days=1, at=_MORNING)
FEEDBACK = Rule("feedback", Topic.FEEDBACK, Anchor.END, days=5, at=_MORNING)
CATCH_UP = Rule("catch_up", Topic.CATCH_UP, Anchor.END, (Audience.ABSENT,), days=1, at=_MORNING)
LAST_CALL = Rule(
    "last_call",
    Topic.LAST_CALL,
    Anchor.DEADLINE,
    (Audience.UNFINISHED, Audience.CONTACTS, Audience.CHANNELS),
    days=-3,
    at=_MORNING,
)
BETWEEN = Rule("between", Topic.BETWEEN, Anchor.MIDWAY, at=_MORNING)
DATE = Rule("date", Topic.DATE, Anchor.DATE, days=-7, at=_MORNING)
PLAN = Rule("plan", Topic.PLAN, Anchor.START, (Audience.OWNERS,), days=-14, at=_MORNING)
PLAN_SOON = Rule("plan_soon", Topic.PLAN, Anchor.START, (Audience.OWNERS,), days=-2, at=_MORNING)
PLAN_AFTER = Rule("plan_after", Topic.PLAN, Anchor.END, (Audience.OWNERS,), days=14, at=_MORNING)
CHALLENGE = Rule("challenge", Topic.CHALLENGE, Anchor.START, (Audience.UNWRITTEN,), days=-21, at=_MORNING)
CHALLENGE_AGAIN = Rule("challenge_again", Topic.CHALLENGE, Anchor.START, (Audience.UNWRITTEN,), days=-12, at=_MORNING)
CHALLENGE_LAST = Rule("challenge_last", Topic.CHALLENGE, Anchor.START, (Audience.UNWRITTEN,), days=-5, at=_MORNING)
ADDED = Rule("added", Topic.ADDED, Anchor.ADDED, (Audience.JOINED, Audience.CHANNELS), days=1, at=_MORNING)

WRITTEN = "own-"
"""How the name of a reminder begins that was written in chat; no file gives such names."""

DEFAULTS = (
    *(AGENDA, PREPARATION, DAY_BEFORE, LINK, AFTERWARDS, CATCH_UP, LAST_CALL, BETWEEN, DATE, PLAN, PLAN_SOON),
    PLAN_AFTER,
    ADDED,
    FEEDBACK,  # unless a programme does not ask for it
    *(CHALLENGE, CHALLENGE_AGAIN, CHALLENGE_LAST),  # only where a programme asks for a challenge
)
"""What every programme has without writing a rule (stories.md, part D)."""


def in_force(own: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules of a programme: its own ones instead of the defaults of the same names, without those turned off.

    Of two of its own with the same name the later one holds.
    """
    named = {rule.name: rule for rule in (*DEFAULTS, *own)}
    return tuple(rule for rule in named.values() if not rule.off)
