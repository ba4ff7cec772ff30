"""What the rounds of a programme will send, and what they have sent, for the coordinators' view of all messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round, State
from bot.flows import round_truth
from bot.flows.round_truth import Kind, OfRound
from bot.handlers.prompting import Circle, key
from bot.handlers.rounds import reminded_at
from bot.handlers.visit import Visit
from storage.rounds import Rounds
from storage.told import Outcome, outcomes

_BEFORE, _AFTER = timedelta(days=1), timedelta(days=60)
"""Around a round: its messages are written then, also a result that is shared later."""

_KINDS = frozenset(Kind)


def coming(visit: Visit, programme: Programme) -> Iterator[OfRound]:
    """The messages of the rounds that are planned or open, as far as it is known today whom they go to."""
    for one in Rounds(visit.connection, visit.now).running():
        if one.programme == programme.id:
            found = _coming(Circle(visit, one), programme)
            yield from (message for message in found if message.at > visit.now)


def _coming(circle: Circle, programme: Programme) -> Iterator[OfRound]:
    about = circle.about
    reminded, wanting = reminded_at(about, programme), circle.wanting(circle.asked)
    count, held = len(wanting.recipients), wanting.silent
    if about.state is State.PLANNED:
        channels = len(circle.channels) + len(circle.group_channels)
        whom = round_truth.people(count, channels, held)
        yield OfRound(about.opens_at, programme.zone, about.title, Kind.PROMPT, whom)
    if reminded is not None:
        idle = about.mode is Mode.NOTES
        whom = round_truth.idle_groups() if idle else round_truth.people(count, 0, held)
        yield OfRound(reminded, programme.zone, about.title, Kind.REMINDER, whom)
    if about.closes_at is not None:
        yield OfRound(about.closes_at, programme.zone, about.title, Kind.CLOSED, round_truth.at_its_end(about))


def past(visit: Visit, programme: Programme, since: datetime) -> Iterator[OfRound]:
    """What has gone to how many, and what could not."""
    for one in Rounds(visit.connection, visit.now).of_programme(programme.id):
        if one.opens_at >= since:
            until = min((one.closed_at or visit.now) + _AFTER, visit.now)
            for found in outcomes(visit.connection, key(one, ""), one.opens_at - _BEFORE, until):
                if found.kind in _KINDS:
                    yield _told(one, programme, found)


def _told(about: Round, programme: Programme, found: Outcome) -> OfRound:
    whom = round_truth.people(found.people, found.channels)
    return OfRound(found.last_at, programme.zone, about.title, Kind(found.kind), whom, found.reason)
