"""Nudges that are due: weighed for each recipient, put into words and handed to the outbox, many at a time."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.domain.nudges import MISSED as MISSED_REASONS
from bot.domain.nudges import Circumstances, Planned, Reason, Wishes, judge, overtakes
from bot.domain.people import Language
from bot.domain.plans import PlanRow
from bot.domain.programmes import Enrolment, FactSheet, Occasion, Programme
from bot.domain.registrations import Seat
from bot.domain.rounds import Round
from bot.domain.rules import CATCH_UP, CHALLENGE, CHALLENGE_AGAIN, CHALLENGE_LAST, Audience, Topic
from bot.domain.values import dataclass
from bot.flows import catching_up, reminders, truth
from bot.flows.asked_for import AskedFor
from bot.flows.materials import Reader
from bot.flows.reminders import Reminder
from bot.handlers import materials, matters
from bot.handlers.audiences import of_roles
from bot.handlers.feedback_asked import FeedbackAsked
from bot.handlers.follow_up import FollowUp
from bot.handlers.visit import Visit
from bot.handlers.whose_channels import WhoseChannels
from bot.messages import Card, to_json
from bot.ports import Address
from storage.attendance import Attendance
from storage.bindings import Binding, Bindings
from storage.nudges import DROPPED, MISSED, Nudge
from storage.outbox import Post
from storage.people import Recipient
from storage.wishes import WishList, applying

log = logging.getLogger(__name__)

_LOOKS_BACK = (Topic.AFTERWARDS, Topic.FEEDBACK)
"""What is for those who were there."""

_SEATED = (Audience.PARTICIPANTS, Audience.JOINED)
"""Those whose own seat belongs to what they are told."""

NUDGE = "nudge:"
"""How the keys of the messages begin that carry nudges."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A claimed nudge that still stands."""

    row: Nudge
    planned: Planned
    programme: Programme


class Batch:
    """Claimed nudges on their way. Reads what all of them need together, and writes what they came to together."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._attendance = Attendance(visit.connection)
        self._outcomes: dict[Reason, list[Nudge]] = defaultdict(list)
        self._later: list[tuple[str, datetime]] = []
        self._posts: list[Post] = []
        self._carried: list[tuple[str, str]] = []
        self._digested: list[str] = []
        self._seats: dict[tuple[str, str], Mapping[str, Seat]] = {}
        self._common: dict[tuple[str | datetime, ...], Card] = {}
        self._nameless: dict[tuple[str, str], Mapping[str, int]] = {}
        self._in_roles: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}
        self._holding: dict[tuple[str, str], frozenset[str]] = {}
        self._caught_up: dict[tuple[str, str], frozenset[str]] = {}
        self._persons: list[str] = []
        self._sent: dict[tuple[str, str, str], frozenset[str]] = {}
        self._follow_up = FollowUp(visit)
        self._feedback_asked = FeedbackAsked(visit)

    def send(self, claimed: Sequence[Nudge]) -> None:
        """Send each of them, put it off, or note why not."""
        if not claimed:
            return
        by_recipient: dict[str, list[_Due]] = defaultdict(list)
        for nudge in claimed:
            due = self._standing(nudge)
            if due is not None:
                by_recipient[nudge.recipient].append(due)
        to_channels = {r: due for r, due in by_recipient.items() if due[0].planned.audience is Audience.CHANNELS}
        self._to_people({r: due for r, due in by_recipient.items() if r not in to_channels})
        self._to_channels(to_channels)
        self._write()

    def will_still_go(self, nudge: Nudge, at: datetime) -> bool:
        """Whether a nudge that has been sent to somebody would be sent to them again at a later instant."""
        due, person = self._standing(nudge), nudge.recipient
        if due is None:
            return False
        self._read_seats({person: [due]})
        if self._unconcerned(due, person) is not None:
            return False
        asked = self._feedback(due, person) if due.planned.rule.topic is Topic.FEEDBACK else None
        return asked is None or asked.closes_at is None or at < asked.closes_at

    def _standing(self, nudge: Nudge) -> _Due | None:
        programme = self._visit.programmes.get(nudge.programme)
        planned = self._visit.surroundings.schedules.planned(programme, nudge) if programme is not None else None
        if programme is None or planned is None:
            occasion = next((o for o in programme.occasions if o.id == nudge.about), None) if programme else None
            gone = Reason.CANCELLED if occasion is not None and occasion.cancelled else Reason.MOVED
            self._outcomes[gone].append(nudge)
            return None
        return _Due(nudge, planned, programme)

    # People

    def _to_people(self, by_person: Mapping[str, list[_Due]]) -> None:
        self._persons = persons = sorted(by_person)
        wishes = WishList(self._visit.connection, self._visit.now)
        wishes.hold(persons)
        said = wishes.of_many(persons)
        reached = self._visit.people.reached(persons)
        self._read_seats(by_person)
        self._follow_up.read(_with_agenda(by_person))
        for person, due in by_person.items():
            recipient = reached.get(person)
            if recipient is None or recipient.address is None:
                left = recipient is not None and recipient.gone == "left"
                self._outcomes[Reason.LEFT if left else Reason.UNREACHABLE].extend(one.row for one in due)
                continue
            latest = self._without_overtaken(due)
            going = [one for one in latest if self._goes(one, recipient, said.get(person, {}))]
            self._say(recipient, recipient.address, going)

    def _read_seats(self, by_person: Mapping[str, list[_Due]]) -> None:
        """The seats of all participants, an occasion at a time."""
        persons: dict[tuple[str, str], set[str]] = defaultdict(set)
        for person, due in by_person.items():
            for one in due:
                if one.planned.audience in _SEATED:
                    for occasion in _meetings(one):
                        persons[one.programme.id, occasion].add(person)
        for (programme, occasion), there in persons.items():
            self._seats[programme, occasion] = self._attendance.seats_of(programme, occasion, there)

    def _goes(self, due: _Due, recipient: Recipient, said: Mapping[str, Wishes]) -> bool:
        """Whether the nudge goes to this person now; if not, it is noted why or put off."""
        reason = self._unconcerned(due, recipient.person.id)
        return self._passes(due, reason or judge(due.planned, self._circumstances(due, recipient, said)))

    def _passes(self, due: _Due, verdict: Reason | datetime | None) -> bool:
        if isinstance(verdict, Reason):
            self._outcomes[verdict].append(due.row)
        elif verdict is not None:
            self._later.append((due.row.id, verdict))
        return verdict is None

    def _unconcerned(self, due: _Due, person: str) -> Reason | None:
        """Why the nudge is no longer for this person, if it is not."""
        match due.planned.audience:
            case Audience.PARTICIPANTS:
                return self._not_for_participant(due, person)
            case Audience.JOINED:
                return self._not_news(due, person)
            case Audience.UNFINISHED if self._visit.registrations.own(person) & {
                (due.programme.id, one) for one in _meetings(due)
            }:
                return Reason.REGISTERED
            case Audience.CONTACTS if due.planned.rule.topic is Topic.LAST_CALL and not self._unnamed(due).get(person):
                return Reason.EMPTY
            case Audience.UNWRITTEN if not self._follow_up.lacks_challenge(person, due.programme, due.planned.due_at):
                return Reason.EMPTY
            case Audience.ROLES if person not in self._of_roles(due):
                return Reason.EMPTY
            case Audience.OWNERS if not self._follow_up.rows(person, due.programme, due.planned):
                return Reason.EMPTY
        return None

    def _not_for_participant(self, due: _Due, person: str) -> Reason | None:
        topic = due.planned.rule.topic
        if self._seat(due, person) is None:
            return Reason.NOT_REGISTERED
        if topic in _LOOKS_BACK and person in self._absent(due):
            return Reason.OVERTAKEN
        if topic is Topic.FEEDBACK and not self._feedback(due, person):
            return Reason.EMPTY
        return Reason.OVERTAKEN if topic is Topic.BETWEEN and person in self._told(due.planned.rule.name, due) else None

    def _not_news(self, due: _Due, person: str) -> Reason | None:
        """Of an added meeting: who has chosen it meanwhile knows of it, and who has left the cohort need not."""
        is_there = person in self._holders(due.programme, due.row.about)
        if due.programme.enrolment is Enrolment.COHORT:
            return None if is_there else Reason.NOT_REGISTERED
        return Reason.REGISTERED if is_there else None

    def _of_roles(self, due: _Due) -> frozenset[str]:
        """Those in a group of the rule's roles, as it is now."""
        key = (due.programme.id, due.planned.rule.roles)
        if key not in self._in_roles:
            self._in_roles[key] = frozenset(of_roles(self._visit, *key))
        return self._in_roles[key]

    def _seat(self, due: _Due, person: str) -> Seat | None:
        """The person's seat at what the nudge is about; at any meeting for the programme's own dates."""
        found = (self._seats.get((due.programme.id, one), {}).get(person) for one in _meetings(due))
        return next((seat for seat in found if seat is not None), None)

    def _holders(self, programme: Programme, occasion: str) -> frozenset[str]:
        """Those who have, or wait for, a seat there."""
        key = (programme.id, occasion)
        if key not in self._holding:
            self._holding[key] = self._attendance.holders(*key)
        return self._holding[key]

    def _absent(self, due: _Due) -> frozenset[str]:
        """Those who have said that they were not there, or of whom it is known, and who are told what they missed."""
        key = (due.programme.id, due.row.about)
        if key not in self._caught_up:
            self._caught_up[key] = self._visit.nudges.recipients(CATCH_UP.name, *key)
        return self._caught_up[key]

    def _told(self, rule: str, due: _Due) -> frozenset[str]:
        """Those whom a rule has told what it has to say about this: a meeting that moves is no reason to ask again."""
        key = (rule, due.programme.id, due.row.about)
        if key not in self._sent:
            self._sent[key] = self._visit.nudges.told(*key, self._persons)
        return self._sent[key]

    def _circumstances(self, due: _Due, recipient: Recipient, said: Mapping[str, Wishes]) -> Circumstances:
        return Circumstances(
            now=self._visit.now,
            there=recipient.there(due.programme.zone),
            wishes=applying(said, due.programme.id),
            digest_at=None if due.row.snoozed else recipient.digest_at,
        )

    def _without_overtaken(self, due: list[_Due]) -> list[_Due]:
        """Of several about one coming meeting only the last one that is of use, of the same for two reasons one."""
        useful = [one for one in due if self._visit.now < one.planned.useful_until]
        kept: list[_Due] = []
        for one in due:
            same = [other for other in useful if other is not one and other.programme.id == one.programme.id]
            twice = any(_is_twin(other, one) for other in kept)
            if twice or any(overtakes(other.planned, one.planned) for other in same):
                self._outcomes[Reason.OVERTAKEN].append(one.row)
            else:
                kept.append(one)
        return kept

    def _say(self, recipient: Recipient, address: Address, due: list[_Due]) -> None:
        """One message with all that goes to this person now, and one for each that cannot wait."""
        waiting = sorted((one for one in due if one.planned.rule.waits), key=_pressing)
        for together in (waiting, *([one] for one in due if not one.planned.rule.waits)):
            said = [(one, card) for one in together if (card := self._compose(one, recipient)) is not None]
            if said:
                self._post(said, address, recipient)
                if said[0][0].planned.rule.waits:
                    self._digested.append(recipient.person.id)

    def _compose(self, due: _Due, recipient: Recipient) -> Card | None:
        person = recipient.person.id
        seat = self._seat(due, person) if due.planned.audience in _SEATED else None
        calendar = self._visit.surroundings.calendar_address
        return self._worded(
            due,
            lambda: Reminder(
                due.planned,
                due.programme,
                self._visit.now,
                seat=seat,
                calendar=calendar(seat) if seat is not None else "",
                zone=recipient.zone,
                nameless=self._unnamed(due).get(person, 0),
                rows=self._rows(due, person),
                plan=self._follow_up.plan(person, due.programme.id),
                asked_for=self._asked_for(due),
                reader=self._reader(due, person),
                challenge=self._follow_up.challenge(person, due.programme),
                facts=self._facts(due, person),
                was_asked=self._was_asked(due, person),
                feedback=self._feedback(due, person),
                own_next=self._own_next(due, person),
            ),
        )

    def _feedback(self, due: _Due, person: str) -> Round | None:
        if due.planned.rule.topic not in _LOOKS_BACK:
            return None
        return self._feedback_asked.of(person, due.programme.id, due.row.about)

    def _own_next(self, due: _Due, person: str) -> Occasion | None:
        if due.planned.rule.topic is not Topic.AFTERWARDS:
            return None
        following = catching_up.later(due.programme, due.programme.occasion(due.row.about))
        return next((one for one in following if person in self._holders(due.programme, one.id)), None)

    def _reader(self, due: _Due, person: str) -> Reader:
        return materials.reader(self._visit, person) if due.planned.rule.topic is Topic.CATCH_UP else Reader()

    def _facts(self, due: _Due, person: str) -> FactSheet | None:
        return self._follow_up.facts(person, due.programme) if due.planned.rule.topic is Topic.CHALLENGE else None

    def _was_asked(self, due: _Due, person: str) -> bool:
        """Whether the person has been asked for their challenge; who registers late has not, whichever rule is due."""
        return due.planned.rule.topic is Topic.CHALLENGE and any(
            person in self._told(rule.name, due) for rule in (CHALLENGE, CHALLENGE_AGAIN, CHALLENGE_LAST)
        )

    def _rows(self, due: _Due, person: str) -> tuple[PlanRow, ...]:
        if due.planned.audience is not Audience.OWNERS:
            return ()
        return self._follow_up.rows(person, due.programme, due.planned)

    def _asked_for(self, due: _Due) -> AskedFor | None:
        if due.planned.rule.topic is not Topic.AGENDA:
            return None
        return self._follow_up.asked_for(due.programme, due.row.about)

    def _worded(self, due: _Due, reminder: Callable[[], Reminder]) -> Card | None:
        """The card, if it says anything; one that cannot be composed takes no other with it."""
        try:
            made = reminder()
            common = self._common_part(made)
            if not reminders.says_nothing(common, made):
                return reminders.personal(common, made)
            self._outcomes[Reason.UNPREPARED].append(due.row)
        except Exception:
            log.exception("a nudge could not be composed", extra={"nudge": due.row.id, "rule": due.row.rule})
            self._outcomes[Reason.FAULT].append(due.row)
        return None

    def _common_part(self, reminder: Reminder) -> Card:
        """What everybody with a seat reads alike, composed once for all of them."""
        nudge = reminder.nudge
        if nudge.audience not in _SEATED:
            return reminders.common(reminder)
        asked = reminder.feedback.id if reminder.feedback is not None else ""
        then = reminder.own_next.id if reminder.own_next is not None else ""
        key = (reminder.programme.id, nudge.rule.name, nudge.about, nudge.anchor, reminder.zone, asked, then)
        if key not in self._common:
            self._common[key] = reminders.common(reminder)
        return self._common[key]

    def _unnamed(self, due: _Due) -> Mapping[str, int]:
        if due.planned.audience is not Audience.CONTACTS:
            return {}
        key = (due.programme.id, due.row.about)
        if key not in self._nameless:
            self._nameless[key] = self._attendance.nameless(*key)
        return self._nameless[key]

    def _post(self, said: list[tuple[_Due, Card]], address: Address, recipient: Recipient) -> None:
        first = said[0][0]
        programmes = {one.programme.id for one, _card in said}
        card = reminders.with_manners(
            reminders.digest([card for _one, card in said]),
            first.row.id,
            programmes.pop() if len(programmes) == 1 else "",
            can_wait=first.planned.rule.waits,
        )
        self._hand_over([one.row for one, _card in said], address, recipient.person.id, recipient.person.language, card)

    # Channels

    def _to_channels(self, by_channel: Mapping[str, list[_Due]]) -> None:
        bound = {one.recipient: one for one in Bindings(self._visit.connection, self._visit.now).all()}
        whose = WhoseChannels(self._visit)
        for recipient, due in by_channel.items():
            channel = bound.get(recipient)
            if channel is None:
                self._outcomes[Reason.LEFT].extend(one.row for one in due)
                continue
            for one in due:
                seen = Circumstances(self._visit.now, whose.there(channel.address, one.programme))
                if self._passes(one, judge(one.planned, seen)):
                    self._tell_channel(one, channel)

    def _tell_channel(self, due: _Due, bound: Binding) -> None:
        registered = self._attendance.confirmed(due.programme.id, due.row.about)
        asked_for, now = self._asked_for(due), self._visit.now
        card = self._worded(
            due, lambda: Reminder(due.planned, due.programme, now, registered=registered, asked_for=asked_for)
        )
        if card is not None:
            earlier = self._visit.nudges.sent_to(due.row.recipient, due.programme.id, due.row.about)
            thread = earlier[0].message if bound.threads and earlier else ""
            language = self._visit.language_of(bound.address)
            self._hand_over([due.row], bound.address, "", language, card, thread=thread)

    # Writing

    def _hand_over(
        self,
        rows: Sequence[Nudge],
        address: Address,
        person: str,
        language: Language,
        card: Card,
        *,
        thread: str = "",
    ) -> None:
        key = f"{NUDGE}{rows[0].id}" + (f":{rows[0].snoozed}" if rows[0].snoozed else "")
        self._posts.append(Post(key, address, person, language, to_json(card), thread=thread))
        self._carried += [(row.id, key) for row in rows]

    def _write(self) -> None:
        for reason, rows in self._outcomes.items():
            missed = reason in MISSED_REASONS
            self._visit.nudges.settle([row.id for row in rows], MISSED if missed else DROPPED, reason.value)
            if missed:
                self._report(reason, rows)
        self._visit.nudges.put_off(self._later)
        self._visit.outbox.add_many(self._posts)
        self._visit.nudges.carry(self._carried)
        self._visit.people.digested(self._digested)

    def _report(self, reason: Reason, rows: Sequence[Nudge]) -> None:
        """Tell the coordinators what nobody got, once for each rule and meeting; whom nothing reaches, by meeting."""
        groups: dict[tuple[str, str, str, datetime], list[Nudge]] = defaultdict(list)
        for row in rows:
            groups[row.programme, row.rule, row.about, row.anchor].append(row)
        for (id, rule, about, anchor), missed in groups.items():
            programme = self._visit.programmes.get(id)
            if programme is not None:
                whom = Counter(Audience(row.audience) for row in missed)
                view = truth.missed(programme, rule, about, reason, whom=whom, anchor=anchor)
                which = about if reason is Reason.UNREACHABLE else f"{rule}:{about}:{anchor.isoformat()}"
                key = f"missed:{id}:{which}:{reason.value}"
                matters.open_matter(self._visit, key=key, programme=id, kind="missed", view=view)


def _with_agenda(by_person: Mapping[str, list[_Due]]) -> Mapping[str, set[str]]:
    """Programme → who gets the agenda of one of its meetings now."""
    found: dict[str, set[str]] = defaultdict(set)
    for person, due in by_person.items():
        for one in due:
            if one.planned.rule.topic is Topic.AGENDA and one.planned.audience is Audience.PARTICIPANTS:
                found[one.programme.id].add(person)
    return found


def _pressing(due: _Due) -> tuple[datetime, int]:
    """What is of no use soonest comes first."""
    return due.planned.useful_until, list(Topic).index(due.planned.rule.topic)


def _is_twin(one: _Due, other: _Due) -> bool:
    """Whether both say the same, to somebody who gets it for two reasons."""
    said, too = ((due.programme.id, due.row.rule, due.row.about, due.row.anchor) for due in (one, other))
    return said == too and one is not other


def _meetings(due: _Due) -> tuple[str, ...]:
    """The occasion that a nudge is about; all of them for one of the programme's own dates."""
    ids = tuple(occasion.id for occasion in due.programme.occasions)
    return (due.row.about,) if due.row.about in ids else ids
