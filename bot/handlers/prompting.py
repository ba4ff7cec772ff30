"""Whom a round concerns, and what they are sent: people in their role's wording, groups and channels in theirs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from bot.domain.nudges import Level
from bot.domain.programmes import Programme
from bot.domain.rounds import Box, Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.domain.workshops import Workshop
from bot.flows import prompts
from bot.flows.groups import FEW
from bot.flows.prompts import Part
from bot.flows.round_drafts import Reach
from bot.handlers.audiences import asked_of, asks_group, channels_of
from bot.handlers.group_names import called
from bot.handlers.joining import talked_in
from bot.handlers.resting import left_out, resting
from bot.handlers.visit import Visit
from bot.messages import Card, to_json
from bot.ports import Address
from storage.bindings import Bindings
from storage.groups import Group, Groups, whole
from storage.guests import Guests
from storage.outbox import FAILED, Post
from storage.people import Recipient
from storage.rounds import Rounds
from storage.wishes import WishList, applying
from storage.workshops import Workshops


def key(about: Round, *parts: str) -> str:
    """The outbox key of a message of this round; what is taken back is found by how it begins."""
    return ":".join(("round", about.id, *parts))


def channel_id(address: Address) -> str:
    return f"{address.platform}:{address.workspace}:{address.conversation}"


@dataclass(frozen=True, slots=True)
class Wanting:
    """Those who are written to, and those who are not."""

    recipients: Mapping[str, Recipient]  # with an address
    unreached: int
    silent: int  # want nothing of this programme, or nothing now


class Circle:
    """The people, discussion groups and channels that a round concerns, at this instant."""

    def __init__(self, visit: Visit, about: Round, workshop: Workshop | None = None) -> None:
        """`workshop`: the one that the round would be opened for, before either is stored."""
        self._visit = visit
        self.about = about
        self._planned_for = workshop
        self._store = Groups(visit.connection, visit.now)

    @property
    def programme(self) -> Programme:
        return self._visit.programmes[self.about.programme]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The discussion groups that one of the boxes belongs to; about a meeting nobody is asked as a group."""
        if self.about.occasion:
            return ()
        if self.about.together:
            everybody = self._store.get(whole(self.about.programme, self.about.organisation))
            return (everybody,) if everybody is not None else ()
        found = tuple(group for group in self._all_groups if self.box_of(group) and self._is_there(group))
        found = tuple(group for group in found if not self._is_left_behind(group))
        small = tuple(group for group in found if not group.role) if self.about.organisation else ()
        return small if small and self.about.mode is Mode.NOTES and not self.about.boxes[0].role else found

    @cached_property
    def counted(self) -> tuple[Group, ...]:
        """The groups that are looked at one by one: none that was made when the round was over.

        In a workshop with small groups the others are out of use, but for those that somebody has chosen in it.
        """
        over = self.about.closed_at
        there = tuple(group for group in self.groups if over is None or group.created_at <= over)
        is_divided = self.about.mode is Mode.NOTES and any(not group.role and not group.is_whole for group in there)
        if self._workshop is None or not is_divided:
            return there
        used = {*self._takers, *self._chosen.values()}
        return tuple(group for group in there if not group.role or group.id in used)

    @cached_property
    def _all_groups(self) -> tuple[Group, ...]:
        """Of the small groups that are out of use here, those that have taken notes."""
        found = self._store.of_programme(self.about.programme)
        if self._opened_for is not None:
            out_of_use = left_out(self._visit, self._opened_for, found)
        else:
            out_of_use = resting(self._visit, self.about.programme)
        return tuple(group for group in found if group.id not in out_of_use or group.id in self._takers)

    @cached_property
    def _takers(self) -> Mapping[str, str]:
        """Group → who takes its notes."""
        return Rounds(self._visit.connection, self._visit.now).note_takers(self.about.id)

    def _is_there(self, group: Group) -> bool:
        """Whether a group has to do with the round: one of the organisation's own, or with somebody of theirs in it."""
        return asks_group(self.about, group) or (self.about.mode is Mode.SEALED and bool(self.members(group)))

    def _is_left_behind(self, group: Group) -> bool:
        """Whether everybody in a group talks in another one of their own by now, and it has written nothing here."""
        if group.channel is not None or self.members(group) or group.id not in {id for id, _person in self._joined}:
            return False
        return group.id not in self._takers

    def box_of(self, group: Group) -> Box | None:
        try:
            return self.about.box(group.role)
        except KeyError:
            return None

    @cached_property
    def _joined(self) -> tuple[tuple[str, str], ...]:
        return self._store.memberships(self.about.programme)

    @cached_property
    def _memberships(self) -> tuple[tuple[str, str], ...]:
        """(group, person), whoever joined last first: of those groups that people talk in."""
        known = {group.id: group for group in self._all_groups}
        theirs: dict[str, list[Group]] = defaultdict(list)
        for id, person in self._joined:
            if id in known:
                theirs[person].append(known[id])
        talked = ((one.id, who) for who, all in theirs.items() for one in talked_in(self.programme, all))
        kept = {(group, who) for group, who in talked if self._chosen.get(who, group) == group}
        return tuple(one for one in self._joined if one in kept)

    @cached_property
    def _opened_for(self) -> Workshop | None:
        return self._planned_for or Workshops(self._visit.connection, self._visit.now).of_round(self.about.id)

    @property
    def _workshop(self) -> Workshop | None:
        """The workshop that the round was opened for, where all write into one box."""
        return None if self.about.is_by_role else self._opened_for

    @cached_property
    def _chosen(self) -> Mapping[str, str]:
        """Person → the group that they chose in this round's workshop, where all write into one box."""
        if self._workshop is None:
            return {}
        return self._store.chosen(self.about.programme, since=self._workshop.begun_at)

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for group, person in self._memberships:
            found[group].add(person)
        if self.about.organisation:
            return {group: frozenset(persons & self._everybody) for group, persons in found.items()}
        return {group: frozenset(persons) for group, persons in found.items()}

    @cached_property
    def _groups_of(self) -> Mapping[str, tuple[Group, ...]]:
        """Person → their groups in this round, the one they joined last first."""
        known = {group.id: group for group in self.groups}
        found: dict[str, list[Group]] = defaultdict(list)
        for id, person in self._memberships:
            if id in known:
                found[person].append(known[id])
        return {person: tuple(some) for person, some in found.items()}

    def members(self, group: Group) -> frozenset[str]:
        if group.is_whole:
            return self._everybody
        return self._members.get(group.id, frozenset())

    def is_few(self, group: Group, writer: str = "") -> bool:
        """Whether a group is so small that the others can tell who of them has written.

        Of a small group of a day nobody knows: those alone choose it who take its notes.
        """
        is_known = bool(group.role) or group.is_whole
        return is_known and len(self.members(group) | {writer} - {""}) < FEW

    @cached_property
    def small(self) -> tuple[tuple[Words, int], ...]:
        """The groups that write together and are so few that others can tell who of them has, with how many they are.

        Of an empty one nobody knows yet who comes.
        """
        if self.about.mode is Mode.SEALED:
            return ()
        sizes = ((called(self._visit, group), len(self.members(group))) for group in self.groups)
        return tuple((name, n) for name, n in sizes if 0 < n < FEW)

    @cached_property
    def guests(self) -> frozenset[str]:
        """Those in a group who have neither Slack nor Teams."""
        among = {person for _group, person in self._memberships}
        found = Guests(self._visit.connection, self._visit.now).among(among)
        return frozenset(one.id for one in found)

    @cached_property
    def _everybody(self) -> frozenset[str]:
        return asked_of(self._visit, self.about)

    @cached_property
    def ungrouped(self) -> frozenset[str]:
        """Those who take part and have chosen no group, where it takes one to know what they are asked."""
        if any(not box.role for box in self.about.boxes):
            return frozenset()
        chosen = (self.members(group) for group in self._all_groups if group.role and self._is_there(group))
        return self._everybody.difference(*chosen)

    def people_of(self, box: Box) -> frozenset[str]:
        """Those who are asked in a box."""
        if not box.role:
            return self._everybody
        return frozenset(person for group in self.groups if group.role == box.role for person in self.members(group))

    @cached_property
    def asked(self) -> frozenset[str]:
        """Everybody who is written to."""
        return frozenset().union(self.ungrouped, *(self.people_of(box) for box in self.about.boxes))

    def wanting(self, persons: Collection[str]) -> Wanting:
        """Which of these people are written to."""
        reached = self._visit.people.reached(persons)
        said = WishList(self._visit.connection, self._visit.now).of_many(persons)
        going: dict[str, Recipient] = {}
        silent = 0
        for person, recipient in reached.items():
            wishes = applying(said.get(person, {}), self.about.programme)
            paused = wishes.paused_until is not None and self._visit.now < wishes.paused_until
            if recipient.address is not None and (paused or wishes.level is Level.NONE):
                silent += 1
            elif recipient.address is not None:
                going[person] = recipient
        return Wanting(going, len(reached) - len(going) - silent, silent)

    # Everybody together

    @cached_property
    def writer(self) -> str:
        """Who writes for everybody in a round in which all agree on one thing."""
        return self._takers.get(whole(self.about.programme, self.about.organisation), "")

    @cached_property
    def name_of_writer(self) -> Words | None:
        """None when whoever wrote has been erased: then nobody does until somebody else takes the notes."""
        return (self._visit.people.person(self.writer).name or _("The leader")) if self.writer else None

    # Channels

    @cached_property
    def group_channels(self) -> Mapping[str, tuple[Address, Group]]:
        """Channel → how to reach it, and the discussion group that talks there."""
        talking = (group for group in self.groups if asks_group(self.about, group))
        found = ((group, self._store.channel_of(group)) for group in talking)
        return {channel_id(channel): (channel, group) for group, channel in found if channel is not None}

    @cached_property
    def channels(self) -> Mapping[str, Address]:
        """The channels that follow the programme, and in which no group of this round talks.

        What people think of a meeting is for coordinators alone, and one organisation's round for nobody else.
        """
        if self.about.occasion or self.about.organisation:
            return {}
        bound = {channel_id(one): one for one in channels_of(self._visit, self.about.programme)}
        return {id: one for id, one in bound.items() if id not in self.group_channels}

    # Words

    def parts(self, person: str, recipient: Recipient) -> tuple[Part, ...]:
        """What a person is asked: in each of their groups' boxes, what is for their organisation."""
        mine = self._groups_of.get(person, ())
        boxes = [box for box in self.about.boxes if not box.role]
        boxes = boxes or [self.about.box(role) for role in dict.fromkeys(group.role for group in mine)]
        if self.about.mode is Mode.SEALED:
            boxes = boxes[:1]  # everybody has one urn, of the group they joined last
        organisations = {recipient.person.organisation or "", *(group.organisation_key for group in mine)}
        return tuple(self._parts(boxes, organisations))

    def parts_of(self, group: Group) -> tuple[Part, ...]:
        box = self.box_of(group)
        return tuple(self._parts([box], [group.organisation_key])) if box is not None else ()

    def all_parts(self) -> tuple[Part, ...]:
        """Everything, for a channel that everybody reads."""
        return tuple(Part(box.name, box.questions) for box in self.about.boxes)

    def _parts(self, boxes: Iterable[Box], organisations: Iterable[str]) -> Iterator[Part]:
        marks = frozenset().union(*(self.programme.marks_of(one) for one in organisations))
        for box in boxes:
            questions = box.asked_of(marks)
            if questions:
                yield Part(box.name, questions)


# --- Sending ----------------------------------------------------------------------------------------------------------


def send(visit: Visit, about: Round) -> None:
    """Hand every prompt to the outbox, each once. What is asked about a meeting comes with the thanks for it."""
    if about.occasion:
        return
    circle = Circle(visit, about)
    visit.outbox.add_many((*_to_people(circle, circle.asked), *_to_channels(visit, circle)))


def catch_up(visit: Visit, programme: str, persons: Iterable[str]) -> None:
    """Send what is asked now to people who have come since it was; nobody is sent it twice."""
    for about in Rounds(visit.connection, visit.now).running():
        if about.is_open and about.programme == programme and not about.occasion:
            circle = Circle(visit, about)
            visit.outbox.add_many(tuple(_to_people(circle, circle.asked & frozenset(persons))))


def catch_up_in(visit: Visit, channel: Address) -> None:
    """Send a channel what is asked now, unless that has come there, and let it see the board.

    The bot may have been out of the channel, or have had nothing to say there.
    """
    store = Rounds(visit.connection, visit.now)
    for about in store.running():
        if about.is_open and not about.occasion and about.programme in visit.programmes:
            posts = _to_channels(visit, Circle(visit, about))
            mine = [one for one in posts if channel_id(one.address) == channel_id(channel)]
            visit.outbox.add_many(replace(one, key=_not_refused(visit, one.key)) for one in mine)
            if mine:
                store.touch(about.id)


def _not_refused(visit: Visit, key: str) -> str:
    """The key of a message that was sent under this one, or of the next try where that has been refused."""
    found = visit.outbox.states((key,)).get(key)
    return _not_refused(visit, f"{key}:again") if found is not None and found.state == FAILED else key


def _to_people(circle: Circle, persons: Collection[str]) -> Iterator[Post]:
    for person, recipient in circle.wanting(persons).recipients.items():
        view = _for_person(circle, person, recipient)
        if view is not None:
            yield post(circle.about, "prompt", person, recipient, view)


def _for_person(circle: Circle, person: str, recipient: Recipient) -> Card | None:
    if person in circle.ungrouped:
        return prompts.choose_group(circle.about, circle.programme)
    parts = circle.parts(person, recipient)
    if circle.about.together:
        writer = "" if person == circle.writer else circle.name_of_writer
        return prompts.agree(circle.about, circle.programme, parts, writer=writer)
    return prompts.prompt(circle.about, circle.programme, parts) if parts else None


def post(about: Round, kind: str, person: str, recipient: Recipient, view: Card) -> Post:
    """A message of this kind to a person, once."""
    assert recipient.address is not None, "only who is reached is written to"
    return Post(key(about, kind, person), recipient.address, person, recipient.person.language, to_json(view))


def _to_channels(visit: Visit, circle: Circle) -> Iterator[Post]:
    for id, (address, group) in circle.group_channels.items():
        parts = circle.parts_of(group)
        if parts:
            view = prompts.prompt(circle.about, circle.programme, parts, group=group.id)
            yield to_channel(visit, key(circle.about, "prompt", id), address, view)
    whole = prompts.prompt(circle.about, circle.programme, circle.all_parts())
    for id, address in circle.channels.items():
        yield to_channel(visit, key(circle.about, "prompt", id), address, whole)


def to_channel(visit: Visit, name: str, address: Address, view: Card) -> Post:
    """A message to a channel, once under this name."""
    return Post(name, address, "", visit.language_of(address), to_json(view))


# --- Counting ---------------------------------------------------------------------------------------------------------


def reach(visit: Visit, about: Round) -> Reach:
    """Who would get the questions of a round, in numbers."""
    circle = Circle(visit, about)
    wanting = circle.wanting(circle.asked - circle.guests)
    bound = Bindings(visit.connection, visit.now).of_programme(about.programme)
    names = {channel_id(one.address): one.name for one in bound}
    talking = (names.get(id) or called(visit, group) for id, (_address, group) in circle.group_channels.items())
    following = (names.get(id) or address.conversation for id, address in circle.channels.items())
    return Reach(
        people={box.role: len(circle.people_of(box)) for box in about.boxes},
        guests={box.role: len(circle.people_of(box) & circle.guests) for box in about.boxes},
        groups={box.role: sum(group.role == box.role for group in circle.groups) for box in about.boxes},
        ungrouped=len(circle.ungrouped),
        unreached=wanting.unreached,
        silent=wanting.silent,
        small=circle.small,
        channels=(*talking, *following),
        working_in=Counter(one.there(circle.programme.zone).country for one in wanting.recipients.values()),
    )


def without_notes(visit: Visit, circle: Circle, counts: Mapping[str, int]) -> Iterator[tuple[Group, Collection[str]]]:
    """The groups that have put nothing up, with whom to remind: the note-taker if they are here, else all members."""
    takers = Rounds(visit.connection, visit.now).note_takers(circle.about.id)
    for group in circle.groups:
        if not counts.get(group.id):
            taker = takers.get(group.id)
            is_here = taker is not None and visit.people.addressed(taker) is not None
            yield group, (taker,) if taker is not None and is_here else circle.members(group)
