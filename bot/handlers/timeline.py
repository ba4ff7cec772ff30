"""Gathers what will be sent and what was, for a person and for a programme's coordinator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.nudges import Circumstances, Planned, Reason, Wishes, due_there, judge, plans_of, schedule
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import NotAllowed
from bot.domain.rules import Audience
from bot.domain.times import HOME_ZONE
from bot.domain.words import _
from bot.domain.workdays import Whereabouts
from bot.flows import buttons, truth
from bot.flows.round_truth import OfRound
from bot.flows.truth import Coming, News, Past, Unreached
from bot.handlers import round_timeline, words
from bot.handlers.audiences import expected, off_then
from bot.handlers.feedback_asked import FeedbackToCome
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.reminding import NUDGE
from bot.handlers.scene import Scene
from bot.handlers.unprepared import Unprepared
from bot.handlers.visit import Visit
from bot.messages import Notice
from storage.attendance import Attendance
from storage.nudges import PLANNED, Nudge
from storage.outbox import FAILED
from storage.people import Recipient
from storage.plans import Plans
from storage.wishes import WishList, applying

_LOOKED_BACK = timedelta(days=400)
_WISHED = (Reason.PAUSED, Reason.FEWER, Reason.STOPPED)
_KNOWN = (Audience.PARTICIPANTS, Audience.OWNERS, Audience.CHANNELS)  # who they are shows without asking for a list
_NO_NEWS = (Reason.OVERTAKEN, Reason.EMPTY, Reason.UNPREPARED)  # nothing that anybody has missed
_ASKED = (Audience.PARTICIPANTS, Audience.CHANNELS)  # of others only those with something to hear are expected


def timeline(scene: Scene, about: str) -> Outcome:
    """A programme's messages for its coordinators; without a programme, one's own."""
    id, start = truth.page_of(about)
    if not id:
        return Show(truth.own(*_of_person(scene.visit, scene.person.id), start))
    if not scene.coordinates:
        raise NotAllowed(_("Only coordinators can see this. Write “my registrations” to see your own."))
    programme = scene.programme(id)
    return Show(
        truth.of_programme(
            programme,
            tuple(_all_coming(scene.visit, programme)),
            tuple(_all_past(scene.visit, programme)),
            tuple(_unreached(scene.visit, programme)),
            scene.visit.now,
            start=start,
        )
    )


def of_somebody(scene: Scene, typed: str) -> Outcome:
    """`status anna`: what goes to the participant with this name; a choice where several have it."""
    known = Attendance(scene.visit.connection).people()
    whose, start = truth.page_of(typed)
    if whose in known:  # a button: names of people are no ids
        return Show(truth.of_person(whose, known[whose], *_of_person(scene.visit, whose), start))
    found = {id: name for id, name in known.items() if words.plain(typed) in words.plain(name)}
    if len(found) == 1:
        ((id, name),) = found.items()
        return Show(truth.of_person(id, name, *_of_person(scene.visit, id)))
    return Show(truth.which_person(typed, tuple(sorted(found.items(), key=lambda one: one[1]))))


# --- A person ---------------------------------------------------------------------------------------------------------


def _of_person(visit: Visit, person: str) -> tuple[list[Coming], list[Past | News]]:
    """What will go to somebody, the next first, and what went, the last first."""
    coming = sorted(_coming_to(visit, person), key=lambda one: one.at)
    past: list[Past | News] = [*_sent_to(visit, person), *_told_to(visit, person)]
    return coming, sorted(past, key=lambda one: one.at, reverse=True)


def _coming_to(visit: Visit, person: str) -> Iterator[Coming]:
    said = WishList(visit.connection, visit.now).of(person)
    recipient = visit.people.reached((person,))[person]
    there = recipient.there
    put_off = {(n.programme, n.rule, n.about, n.audience, n.anchor): n for n in visit.nudges.of(person, visit.now)}
    feedback, unprepared = FeedbackToCome(visit), Unprepared(visit)
    seats = {(s.programme, s.occasion) for r in visit.registrations.of_person(person) for s in r.seats
             if s.participant.person == person and s.state == "confirmed"}  # fmt: skip
    owned = Plans(visit.connection, visit.now).of_owners((person,))
    rows = {(row.programme, row.before) for row in owned if row.is_open}
    for programme in visit.programmes.values():
        for planned in schedule(programme):
            about = (planned.rule.name, planned.about, planned.audience.value, planned.anchor)
            row = put_off.get((programme.id, *about))
            is_planned = row is not None and row.state == PLANNED
            due_at = row.due_at if row is not None and is_planned else due_there(planned, there(programme.zone))
            if due_at <= visit.now or not feedback.is_asked(programme, planned):
                continue
            if unprepared.says_nothing(programme, planned):
                continue
            listed = planned.audience not in _KNOWN and person in expected(visit, planned, programme.id)
            if listed or _concerns(planned, programme, seats, rows):
                yield _foreseen(programme, replace(planned, due_at=due_at), recipient, said)


def _concerns(planned: Planned, programme: Programme, seats: set[tuple[str, str]], rows: set[tuple[str, str]]) -> bool:
    """Whether it is for somebody with seats and plan rows at these (programme, occasion)."""
    if planned.audience is Audience.OWNERS:
        return any((programme.id, before) in rows for before in plans_of(planned, programme))
    if planned.audience is not Audience.PARTICIPANTS:
        return False
    meetings = {occasion.id for occasion in programme.occasions}
    wanted = {planned.about} if planned.about in meetings else meetings
    return any((programme.id, occasion) in seats for occasion in wanted)


def _foreseen(programme: Programme, planned: Planned, recipient: Recipient, said: Mapping[str, Wishes]) -> Coming:
    """What will become of a nudge when it is due, as far as it is known today."""
    there = recipient.there(programme.zone)
    if recipient.address is None:
        return Coming(planned.due_at, programme, planned, reason=_why_not(recipient))
    verdict = judge(planned, Circumstances(planned.due_at, there, applying(said, programme.id)))
    if isinstance(verdict, Reason):
        return Coming(planned.due_at, programme, planned, reason=verdict)
    return Coming(verdict or planned.due_at, programme, planned)


def _sent_to(visit: Visit, person: str) -> Iterator[Past]:
    rows = [row for row in visit.nudges.of(person, visit.now - _LOOKED_BACK) if row.settled_at or row.message]
    sent = visit.outbox.states(row.message for row in rows if row.message)
    elsewhere = visit.outbox.states(f"{one.id}:fallback" for one in sent.values() if one.state == FAILED)
    for row in rows:
        programme, carried = visit.programmes.get(row.programme), sent.get(row.message)
        at = row.settled_at or (carried.sent_at if carried is not None else None)  # a snoozed one is to come again
        if programme is not None and at is not None and row.reason not in _NO_NEWS:
            instead = elsewhere.get(f"{carried.id}:fallback") if carried is not None else None
            failed = carried is not None and carried.state == FAILED
            yield _past_of(
                row,
                programme,
                at,
                reason=carried.reason if carried is not None and failed else row.reason,
                platform=carried.platform if carried is not None and not failed else "",
                fallback=instead.platform if instead is not None and instead.state != FAILED else "",
            )


def _told_to(visit: Visit, person: str) -> Iterator[News]:
    """What went to everybody whom it concerned, whether they have answered or not: it tells nothing of anybody."""
    zone = visit.people.reached((person,))[person].zone or HOME_ZONE
    told = [one for one in visit.outbox.told(person, visit.now - _LOOKED_BACK) if not one.key.startswith(NUDGE)]
    elsewhere = visit.outbox.states(f"{one.sent.id}:fallback" for one in told if one.sent.state == FAILED)
    for one in told:
        title = one.view.text if isinstance(one.view, Notice) else one.view.title
        if one.sent.state == FAILED:
            instead = elsewhere.get(f"{one.sent.id}:fallback")
            there = instead.platform if instead is not None and instead.state != FAILED else ""
            yield News(one.at, zone, title, reason=one.sent.reason, fallback=there)
        else:
            yield News(one.at, zone, title, platform=one.sent.platform)


def _past_of(row: Nudge, programme: Programme, at: datetime, *, reason: str, platform: str, fallback: str) -> Past:
    return Past(
        at,
        programme,
        row.rule,
        row.about,
        Audience(row.audience),
        reason=reason,
        platform=platform,
        fallback=fallback,
        anchor=row.anchor,
    )


class Quiet:
    """Those who have asked to be left alone, by a programme or by all of them."""

    def __init__(self, visit: Visit, programme: Programme) -> None:
        self._there = Whereabouts.of(programme.zone)
        every = WishList(visit.connection, visit.now).everybody()
        self._wishes = {person: applying(said, programme.id) for person, said in every.items()}

    def held(self, planned: Planned, meant: Collection[str]) -> int:
        """How many of those whom it is for will not be sent it, as they wish it today."""
        said = (self._wishes[person] for person in meant if person in self._wishes)
        verdicts = (judge(planned, Circumstances(planned.due_at, self._there, wishes)) for wishes in said)
        return sum(verdict in _WISHED for verdict in verdicts)


# --- A programme ------------------------------------------------------------------------------------------------------


def _all_coming(visit: Visit, programme: Programme) -> list[Coming | OfRound]:
    """The dry run, the next message first."""
    found: list[Coming | OfRound] = [*_coming(visit, programme), *round_timeline.coming(visit, programme)]
    return sorted(found, key=lambda one: one.at)


def _coming(visit: Visit, programme: Programme) -> Iterator[Coming]:
    """What the rules will send; of a draft too, as if it were published."""
    quiet, feedback, unprepared = Quiet(visit, programme), FeedbackToCome(visit), Unprepared(visit)
    for planned in schedule(replace(programme, draft=False)):
        if planned.due_at > visit.now:
            everybody = expected(visit, planned, programme.id)
            why_not = Reason.UNPREPARED if unprepared.says_nothing(programme, planned) else None
            if not programme.draft and not feedback.is_asked(programme, planned):
                why_not = Reason.FEW
            for due_at, found in _when(visit, planned, programme, everybody):
                if found or (programme.draft and planned.audience is not Audience.OWNERS):
                    held = quiet.held(planned, found)
                    yield Coming(due_at, programme, planned, len(found) - held, why_not, held)


def _when(
    visit: Visit, planned: Planned, programme: Programme, everybody: Collection[str]
) -> Iterator[tuple[datetime, Collection[str]]]:
    """When it goes to whom: before a day off of theirs to those who have one, unless that time has passed."""
    early = off_then(visit, planned, programme.id, everybody) if planned.looked_up_at < planned.due_at else ()
    if early and planned.looked_up_at > visit.now:
        yield planned.looked_up_at, early
    rest = set(everybody).difference(early)
    if rest or not early:
        yield planned.due_at, rest


def _all_past(visit: Visit, programme: Programme) -> list[Past | OfRound]:
    """What was sent, and what was not, the last first."""
    since = visit.now - _LOOKED_BACK
    found: list[Past | OfRound] = [*_past(visit, programme), *round_timeline.past(visit, programme, since)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _past(visit: Visit, programme: Programme) -> Iterator[Past]:
    found: dict[tuple[object, ...], Past] = {}
    for one in visit.nudges.tallies(programme.id, visit.now - _LOOKED_BACK):
        audience, day = Audience(one.audience), local_day(one.last_at, programme.zone)
        if one.reason == Reason.EMPTY and audience not in _ASKED:
            continue
        key = (one.rule, one.about, audience, one.anchor, one.reason, day)  # one that came earlier stands apart
        count = one.count + (found[key].count if key in found else 0)
        last = max(one.last_at, found[key].at) if key in found else one.last_at
        found[key] = Past(last, programme, one.rule, one.about, audience, count, one.reason, anchor=one.anchor)
    yield from found.values()


def _unreached(visit: Visit, programme: Programme) -> Iterator[Unreached]:
    """Participants of coming meetings whom nothing reaches, by name: somebody has to call them."""
    attendance = Attendance(visit.connection)
    for occasion in programme.occasions:
        if occasion.ends_at <= visit.now or occasion.cancelled:
            continue
        for name in attendance.unclaimed(programme.id, occasion.id):
            yield Unreached(name, occasion.title, Reason.UNREACHABLE)
        persons = attendance.participants(programme.id, occasion.id, visit.now)
        for recipient in visit.people.reached(persons).values():
            if recipient.address is None:
                yield Unreached(recipient.person.name, occasion.title, _why_not(recipient))


def _why_not(recipient: Recipient) -> Reason:
    """Why somebody without an address is sent nothing."""
    return Reason.LEFT if recipient.gone == "left" else Reason.UNREACHABLE


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.TIMELINE: timeline,
}
