"""The small groups that a workshop made: in use until it is over, and again in the next one there."""

from __future__ import annotations

from bot.domain.workshops import State
from bot.handlers.visit import Visit
from storage.groups import Groups
from storage.workshops import Workshops


def resting(visit: Visit, programme: str) -> frozenset[str]:
    """The ids of the groups that workshops made which are over: nobody is asked in them, or offered them, meanwhile.

    A group that a workshop made is as old as that workshop. One that was given a channel is there to stay.
    """
    held = Workshops(visit.connection, visit.now).of_programme(programme)
    going_on = {one.organisation for one in held if one.state is not State.ENDED}
    over = {(one.organisation, one.begun_at) for one in held if one.organisation not in going_on}
    if not over:
        return frozenset()
    there = (one for one in Groups(visit.connection, visit.now).of_programme(programme) if not one.role)
    return frozenset(one.id for one in there if (one.organisation_key, one.created_at) in over and one.channel is None)
