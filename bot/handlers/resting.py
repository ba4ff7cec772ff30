"""The small groups that a workshop made: in use until it is over, and again in the next one there that wants them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from bot.domain.workshops import State, Workshop
from bot.handlers import joining
from bot.handlers.visit import Visit
from storage.groups import Group, Groups
from storage.workshops import Workshops


def resting(visit: Visit, programme: str) -> frozenset[str]:
    """The ids of the groups that workshops made which are over: nobody is asked in them, or offered them, meanwhile."""
    held = Workshops(visit.connection, visit.now).of_programme(programme)
    going_on = [one for one in held if one.state is not State.ENDED]
    over = {(one.organisation, one.begun_at) for one in held if one.state is State.ENDED}
    if not over:
        return frozenset()
    made = _made(Groups(visit.connection, visit.now).of_programme(programme), over)
    return frozenset(group.id for group in made if not any(_wants(visit, one, group) for one in going_on))


def left_out(visit: Visit, workshop: Workshop, there: Iterable[Group]) -> frozenset[str]:
    """Of these groups the ids of those that other workshops made and this one does without, also when it is over."""
    own = (workshop.organisation, workshop.begun_at)
    others = Workshops(visit.connection, visit.now).beginnings(workshop.programme) - {own}
    return frozenset(group.id for group in _made(there, others) if not _wants(visit, workshop, group))


def coming_back(visit: Visit, new: Workshop) -> tuple[Group, ...]:
    """The groups that rest until a workshop begins."""
    there = resting(visit, new.programme)
    everything = Groups(visit.connection, visit.now).of_programme(new.programme)
    return tuple(group for group in everything if group.id in there and _wants(visit, new, group))


def _made(there: Iterable[Group], begun: Collection[tuple[str, datetime]]) -> Iterator[Group]:
    """The groups that workshops made which began for these organisations then.

    A group that a workshop made is as old as that workshop. One that was given a channel is there to stay.
    """
    for one in there:
        if not one.role and one.channel is None and (one.organisation_key, one.created_at) in begun:
            yield one


def _wants(visit: Visit, workshop: Workshop, group: Group) -> bool:
    """Whether a workshop uses a small group of an earlier one: all there are, or as many as it was begun with."""
    if workshop.organisation != group.organisation_key:
        return False
    number = workshop.script.small_groups
    return number is None or group.name in joining.small_names(visit, workshop.organisation, number)
