"""Reminders that no rule plans, of drafts, plans and rounds: they come as politely as all others, and as seldom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from bot.domain import times
from bot.domain.nudges import Circumstances, Planned, judge
from bot.domain.programmes import Programme, local_day
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.handlers.visit import Visit
from storage.people import Recipient
from storage.wishes import WishList, applying

_TEN = time(10)
"""Reader's clock: what rules plan for nine has come by then, and is not kept waiting for another day by this."""

_RULE = Rule("", Topic.MESSAGE, Anchor.DAY, at=_TEN)


class Courtesy:
    """Knows of these people whether they are to be reminded of something now."""

    def __init__(self, visit: Visit, persons: Collection[str]) -> None:
        self._visit = visit
        self._reached = visit.people.reached(persons)
        self._said = WishList(visit.connection, visit.now).of_many(persons)
        self._told: set[str] = set()

    def allows(self, person: str, programme: Programme, *, until: datetime) -> bool:
        """Whether somebody is reminded now of what is of use until then, or not today, or at no time."""
        recipient = self._reached.get(person)
        if recipient is None or recipient.address is None or self._comes_later(recipient, programme, until):
            return False
        wishes = applying(self._said.get(person, {}), programme.id)
        digest_at = self._visit.now if person in self._told else recipient.digest_at
        seen = Circumstances(self._visit.now, recipient.there(programme.zone), wishes, digest_at)
        return judge(Planned(_RULE, Audience.PARTICIPANTS, "", until, until, until), seen) is None

    def told(self, persons: Collection[str]) -> None:
        """Note who has been reminded now: that was their message of the day."""
        self._visit.people.digested(persons)
        self._told.update(persons)

    def _comes_later(self, recipient: Recipient, programme: Programme, until: datetime) -> bool:
        zone = recipient.there(programme.zone).zone
        ten = times.instant(local_day(self._visit.now, zone), _TEN, zone)
        return self._visit.now < ten < until
