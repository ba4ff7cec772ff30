"""The schedule of a programme: what is due when, until when it is of use, and whether it goes to somebody now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.domain import times
from bot.domain.programmes import Enrolment, Occasion, Programme, Span, local_day
from bot.domain.rules import Anchor, Audience, Rule, Topic, in_force
from bot.domain.values import dataclass
from bot.domain.workdays import KNOWN, OPENS, Whereabouts, is_polite, last_polite, next_polite

_DAY = timedelta(days=1)
_A_MOMENT = timedelta(microseconds=1)
_MORNING = time(9)
_LONG_BREAK = timedelta(days=42)
"""With less time between two meetings nobody needs to be asked halfway how the work goes."""

AFTERWARDS_HOLDS = timedelta(days=14)
"""How long what is said after a meeting is news, from the day on which it is due."""

DAY_HOLDS = timedelta(days=7)
"""How long a reminder of a day of its own is of use: it may wait for the working day after a long holiday."""

_PREPARING = timedelta(days=7)
"""So long before a meeting it is too late to ask halfway."""

_BEFORE_A_MEETING = frozenset({Topic.AGENDA, Topic.PREPARATION, Topic.DAY_BEFORE, Topic.LINK, Topic.PLAN})
_FEW = frozenset({Topic.DAY_BEFORE, Topic.LINK})
"""What somebody still gets who wants fewer reminders; of a meeting of several days, each day has its own."""


_WITH_DAYS_OFF = frozenset({Audience.PARTICIPANTS, Audience.OWNERS, Audience.CHANNELS})
"""Those who have to prepare for a meeting, or read of it, and may have a day off of their own before it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A rule at one anchor, for one audience."""

    rule: Rule
    audience: Audience
    about: str  # id of the occasion or the date
    anchor: datetime  # UTC; another one later means that the occasion has moved
    due_at: datetime  # UTC
    useful_until: datetime  # UTC, the first instant at which it is of no use

    @property
    def can_be_useful(self) -> bool:
        """Whether it is due while it is of use: before what it prepares for, and not before what it looks back on."""
        too_early = self.rule.anchor is Anchor.END and self.due_at < self.anchor
        return self.due_at < self.useful_until and not too_early

    @property
    def looked_up_at(self) -> datetime:
        """When the first of its audience get it: before it is due, where that is a day off of theirs."""
        if self.audience not in _WITH_DAYS_OFF:
            return self.due_at
        return min(due_there(self, there) for there in KNOWN)


def schedule(programme: Programme) -> tuple[Planned, ...]:
    """Everything that is ever due in the programme as it stands, in the order of time.

    A draft sends nothing, and so does a cancelled occasion, or an edition once it is closed.
    """
    found = _planned(in_force(programme.rules), programme)
    return tuple(sorted(found, key=lambda one: (one.due_at, one.rule.name, one.about, one.audience)))


def _planned(rules: Iterable[Rule], programme: Programme) -> Iterator[Planned]:
    if programme.draft:
        return
    end = programme.closed
    for rule in rules:
        for one in of_rule(rule, programme):
            if one.can_be_useful and (end is None or one.due_at <= end):
                yield one


def of_rule(rule: Rule, programme: Programme) -> Iterator[Planned]:
    """What one rule plans, also what can never be of use, e.g. at noon for a meeting that begins at nine."""
    for about, anchor, useful_until in _anchors(rule, programme):
        if not rule.only or about in rule.only:
            due_at = _due_at(rule, about, anchor, useful_until, programme)
            if not _is_said_already(rule, about, anchor, due_at, programme):
                for audience in rule.to:
                    yield Planned(rule, audience, about, anchor, due_at, useful_until)


def _anchors(rule: Rule, programme: Programme) -> Iterator[tuple[str, datetime, datetime]]:
    """What a rule counts from: id, the instant, and until when a nudge about it is of use."""
    if rule.anchor in _APART:
        yield from _APART[rule.anchor](rule, programme)
        return
    held = [occasion for occasion in programme.occasions if not occasion.cancelled]
    if rule.anchor is Anchor.DEADLINE and programme.enrolment is Enrolment.COHORT:
        yield from _one_deadline(held, programme)
        return
    for before, occasion, then in zip((None, *held), held, (*held[1:], None), strict=False):
        match rule.anchor:
            case Anchor.START if _is_about(rule, occasion, programme, first=before is None):
                yield from ((occasion.id, start, start) for start in _starts(rule, occasion, programme.zone))
            case Anchor.END if _looks_back(rule, occasion, then, programme):
                yield occasion.id, occasion.ends_at, occasion.ends_at + rule.days * _DAY + AFTERWARDS_HOLDS
            case Anchor.DEADLINE:
                deadline = programme.deadline_of(occasion)
                yield occasion.id, deadline, deadline
            case Anchor.MIDWAY if before is not None and before.homework:
                if occasion.starts_at - before.ends_at >= _LONG_BREAK:
                    middle = before.ends_at + (occasion.starts_at - before.ends_at) / 2
                    yield occasion.id, middle, occasion.starts_at - _PREPARING


def _dates(_rule: Rule, programme: Programme) -> Iterator[tuple[str, datetime, datetime]]:
    """The programme's own dates."""
    return ((date.id, date.at, date.at) for date in programme.dates)


def _added(_rule: Rule, programme: Programme) -> Iterator[tuple[str, datetime, datetime]]:
    """The occasions that were added: news until one can no longer register, in a cohort until they begin."""
    for one in programme.occasions:
        if one.added_at is not None and not one.cancelled:
            cohort = programme.enrolment is Enrolment.COHORT
            yield one.id, one.added_at, one.starts_at if cohort else programme.deadline_of(one)


def _its_own_day(rule: Rule, programme: Programme) -> Iterator[tuple[str, datetime, datetime]]:
    """It is about nothing but itself, and so goes to everybody in the programme."""
    if rule.on is not None and rule.at is not None:
        moment = times.instant(rule.on, rule.at, programme.zone)
        yield rule.name, moment, moment + DAY_HOLDS


_APART = {Anchor.DATE: _dates, Anchor.ADDED: _added, Anchor.DAY: _its_own_day}
"""What is not counted from how the meetings lie to each other."""


def _is_about(rule: Rule, occasion: Occasion, programme: Programme, *, first: bool) -> bool:
    """Whether a rule that looks ahead has something to say about an occasion."""
    match rule.topic:
        case Topic.LINK:
            return bool(occasion.link)
        case Topic.CHALLENGE:
            return programme.asks_challenge and first
        case _:
            return True


def _looks_back(rule: Rule, occasion: Occasion, then: Occasion | None, programme: Programme) -> bool:
    """Whether a rule has something to say when an occasion is over; `then` is the one that follows it."""
    match rule.topic:
        case Topic.FEEDBACK:
            return programme.asks_feedback
        case Topic.PLAN:  # where the next meeting is near, what leads up to it asks for what is still open
            return then is None or then.starts_at - occasion.ends_at >= _LONG_BREAK
        case _:
            return True


def _starts(rule: Rule, occasion: Occasion, zone: str) -> Iterator[datetime]:
    """What a rule looks ahead to: the meeting, or each of its days, where one has to find the way there anew."""
    yield occasion.starts_at
    if rule.topic in _FEW:
        for before, day in pairwise(occasion.days):
            if local_day(before.starts_at, zone) < local_day(day.starts_at, zone):
                yield day.starts_at


def _one_deadline(held: list[Occasion], programme: Programme) -> Iterator[tuple[str, datetime, datetime]]:
    """The deadline of a cohort, which one registers for as a whole: one, and it belongs to the first occasion."""
    if held:
        deadline = min(programme.deadline_of(occasion) for occasion in held)
        yield held[0].id, deadline, deadline


def _due_at(rule: Rule, about: str, anchor: datetime, useful_until: datetime, programme: Programme) -> datetime:
    """The instant at which the nudge is due, in working hours of the programme's own country where it may wait."""
    due_at = by_the_clock(rule, anchor, programme.zone)
    if not rule.waits:
        return due_at
    there = Whereabouts.of(programme.zone)
    if rule.anchor is not Anchor.START:
        return considerate(due_at, useful_until, there)
    if rule.topic is not Topic.DAY_BEFORE:
        return considerate(due_at, _midnight(anchor, there), there)
    moments = (due_at, *(day.ends_at for day in _days_before(anchor, about, programme)))  # when that day is over
    return max(considerate(moment, _midnight(anchor, there), there) for moment in moments)


def _days_before(anchor: datetime, about: str, programme: Programme) -> Iterator[Span]:
    """The earlier days of a meeting of several."""
    return (day for day in programme.occasion(about).days if day.ends_at <= anchor)


def _is_said_already(rule: Rule, about: str, anchor: datetime, due_at: datetime, programme: Programme) -> bool:
    """Whether a later day would be told of before the one that goes before it, as on a Friday of a whole weekend."""
    says_tomorrow = rule.topic is Topic.DAY_BEFORE and rule.waits
    return says_tomorrow and any(due_at < day.starts_at for day in _days_before(anchor, about, programme))


def _midnight(moment: datetime, there: Whereabouts) -> datetime:
    """When the day begins: from then on nobody is told what is tomorrow, and it is too late to prepare anything."""
    return times.instant(local_day(moment, there.zone), time(0), there.zone)


def due_there(nudge: Planned, there: Whereabouts) -> datetime:
    """When a nudge is due for somebody who works `there`: what prepares for a day comes before it.

    Where it would wait for that very day, because of a day off of their own, it comes before their day off.
    """
    if nudge.rule.anchor is not Anchor.START or not nudge.rule.waits:
        return nudge.due_at
    return min(nudge.due_at, considerate(nudge.due_at, _midnight(nudge.anchor, there), there))


def by_the_clock(rule: Rule, anchor: datetime, zone: str) -> datetime:
    """The instant that the rule itself names, whether or not anybody is at work then."""
    if rule.at is None:
        return anchor + timedelta(minutes=rule.minutes)
    last_instant = anchor - _A_MOMENT if rule.anchor is Anchor.DEADLINE else anchor  # midnight ends the last day
    return times.instant(local_day(last_instant, zone) + timedelta(days=rule.days), rule.at, zone)


def considerate(due_at: datetime, last: datetime, there: Whereabouts) -> datetime:
    """When something that is due at `due_at` goes to somebody who works `there`.

    Outside working hours it waits for the next ones; where that would not be before `last`, it comes in the last ones
    before it instead.
    """
    if is_polite(due_at, there):
        return due_at
    later = _waited(due_at, times.local(due_at, there.zone).time(), last, there)
    return later if later < last else last_polite(due_at, there)


def _waited(moment: datetime, wished: time, last: datetime, there: Whereabouts) -> datetime:
    """As soon as somebody is at work; on another day at the wished hour, so that a morning's reminders are one message.

    Not at the wished hour where that would not be before `last`, or no time to write to anybody.
    """
    first = next_polite(moment, there)
    day = local_day(first, there.zone)
    then = times.instant(day, wished, there.zone)
    fits = day != local_day(moment, there.zone) and first < then < last and is_polite(then, there)
    return then if fits else first


# --- When it is due: does it go? --------------------------------------------------------------------------------------


class Level(StrEnum):
    """How many reminders somebody wants of a programme."""

    ALL = "all"
    FEW = "few"  # the day before, and the link
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody has said about reminders, of one programme or of all."""

    level: Level = Level.ALL
    paused_until: datetime | None = None  # UTC


class Reason(StrEnum):
    """Why a nudge was not sent, or not to the person it was meant for."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    NOT_REGISTERED = "not_registered"
    REGISTERED = "registered"  # what was to be finished is finished
    TOO_LATE = "too_late"
    PAUSED = "paused"
    FEWER = "fewer"
    STOPPED = "stopped"
    OVERTAKEN = "overtaken"  # a later nudge about the same meeting goes at the same time
    LEFT = "left"
    UNREACHABLE = "unreachable"  # named in a registration and not yet met in any workspace
    UNPREPARED = "unprepared"  # it would only repeat when and where the meeting is
    EMPTY = "empty"  # there is nothing to say, e.g. no material
    FEW = "few"  # too few take part for an answer of theirs to be shown
    FAULT = "fault"


MISSED = frozenset({Reason.TOO_LATE, Reason.UNREACHABLE, Reason.FAULT})
"""What a coordinator has to know: somebody should have got a nudge and did not."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How somebody stands at the instant when a nudge is due."""

    now: datetime
    there: Whereabouts
    wishes: Wishes = Wishes()
    digest_at: datetime | None = None  # when they were last sent reminders that could wait


def judge(nudge: Planned, seen: Circumstances) -> Reason | datetime | None:
    """Whether a nudge that is due goes out: None for now, an instant for later, or the reason why not."""
    if seen.now >= nudge.useful_until:
        return Reason.TOO_LATE
    if seen.wishes.level is Level.NONE:
        return Reason.STOPPED
    if seen.wishes.paused_until is not None and seen.now < seen.wishes.paused_until:
        return _after_pause(nudge, seen, seen.wishes.paused_until)
    if seen.wishes.level is Level.FEW and nudge.rule.topic not in _FEW:
        return Reason.FEWER
    return _put_off(nudge, seen) if nudge.rule.waits else None


def _after_pause(nudge: Planned, seen: Circumstances, back: datetime) -> datetime | Reason:
    """When somebody who has paused is at work again, if the nudge is still of use then."""
    last = _last_good(nudge, seen)
    then = _waited(back, _MORNING, last, seen.there)
    return then if nudge.rule.waits and then < last else Reason.PAUSED


def _put_off(nudge: Planned, seen: Circumstances) -> datetime | None:
    """Until when the nudge waits: for working hours, and for the next day when something has come today already."""
    hour = OPENS if nudge.rule.topic is Topic.DAY_BEFORE else _MORNING  # on the day itself every hour counts
    polite = _waited(seen.now, hour, nudge.useful_until, seen.there)
    if polite > seen.now:
        return polite if polite < nudge.useful_until else None
    zone = seen.there.zone
    today = local_day(seen.now, zone)
    if seen.digest_at is None or local_day(seen.digest_at, zone) < today:
        return None
    tomorrow = next_polite(times.instant(today + _DAY, _MORNING, zone), seen.there)
    return tomorrow if tomorrow < _last_good(nudge, seen) else None


def _last_good(nudge: Planned, seen: Circumstances) -> datetime:
    """Until when the nudge may be put off: one that prepares for a day not into the day itself."""
    if nudge.rule.anchor is not Anchor.START:
        return nudge.useful_until
    start_of_day = _midnight(nudge.anchor, seen.there)
    return nudge.useful_until if seen.now >= start_of_day else min(start_of_day, nudge.useful_until)


def overtakes(later: Planned, earlier: Planned) -> bool:
    """Whether `later` says all that `earlier` does: of several about one coming meeting only the last one goes.

    One with words of the programme's own is not replaced by another.
    """
    both = later.about == earlier.about and later.audience == earlier.audience
    if both and (later.rule.topic, earlier.rule.topic) == (Topic.AFTERWARDS, Topic.FEEDBACK):
        return True  # whichever is due first: the thanks ask for feedback, too
    same_day = later.anchor == earlier.anchor
    coming = same_day and later.rule.topic in _BEFORE_A_MEETING and earlier.rule.topic in _BEFORE_A_MEETING
    asked_again = later.rule.topic is earlier.rule.topic is Topic.CHALLENGE
    return both and (coming or asked_again) and later.due_at > earlier.due_at and not earlier.rule.text


def snooze_until(nudge: Planned, now: datetime, there: Whereabouts) -> datetime | None:
    """When a put-off nudge comes again: the next working morning, else two hours on, in working hours; or None."""
    tomorrow = times.instant(local_day(now, there.zone) + _DAY, _MORNING, there.zone)
    for moment in (next_polite(tomorrow, there), next_polite(now + timedelta(hours=2), there)):
        if moment < nudge.useful_until:
            return moment
    return None


def has_gone(topic: Topic, about: str, programme: Programme, now: datetime) -> bool:
    """Whether what participants are told of this was sent before now: who comes later is told in the receipt."""
    rules = [rule for rule in in_force(programme.rules) if rule.topic is topic]
    told = (one for one in _planned(rules, programme) if one.audience is Audience.PARTICIPANTS)
    return any(one.about == about and one.due_at <= now for one in told)


def occasion_of(nudge: Planned, programme: Programme) -> Occasion | None:
    """The occasion that a nudge is about; None for one of the programme's own dates."""
    return next((occasion for occasion in programme.occasions if occasion.id == nudge.about), None)


# --- What is left of a plan -------------------------------------------------------------------------------------------


def plans_of(nudge: Planned, programme: Programme) -> tuple[str, ...]:
    """The meetings (ids) by which should have been done what a nudge asks the owners of plan rows about; none: any.

    What is still open when its meeting is over is asked about once more: two weeks after it, or before the next one.
    """
    if nudge.rule.topic is not Topic.PLAN:
        return programme.up_to(nudge.about)
    if nudge.rule.anchor is Anchor.END:
        return (nudge.about,)
    before = programme.up_to(nudge.about)[:-1]
    held = [id for id in before if not programme.occasion(id).cancelled]
    called_off = before[before.index(held[-1]) + 1 :] if held else before  # nobody was asked before those
    once_more = held[-1:] if held and _asks_once_more(nudge, held[-1], programme) else ()
    return (*once_more, *called_off, nudge.about)


def _asks_once_more(nudge: Planned, last: str, programme: Programme) -> bool:
    """Whether this is the first one since the last meeting that asks anything."""
    rules = [rule for rule in in_force(programme.rules) if rule.topic is Topic.PLAN]
    planned = [one for rule in rules for one in of_rule(rule, programme)]
    over = programme.occasion(last).ends_at
    if any(one.about == last and one.rule.anchor is Anchor.END for one in planned):
        return False
    first = min((one for one in planned if one.about == nudge.about and one.due_at > over), key=_due, default=None)
    return first is not None and first.rule.name == nudge.rule.name


def _due(nudge: Planned) -> datetime:
    return nudge.due_at
