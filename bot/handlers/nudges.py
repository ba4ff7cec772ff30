"""The tick: what has come due is claimed, looked at again, put into words and handed to the outbox."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.nudges import RULES, is_useful
from bot.domain.registrations import Seat
from bot.flows import registration, reminders
from bot.flows.mine import Unfinished
from bot.handlers.seats import release_and_offer
from bot.handlers.visit import Surroundings, Visit
from bot.ports import Clock
from storage.deliveries import Deliveries
from storage.nudges import DROPPED, MISSED, Nudge
from storage.unit_of_work import UnitOfWork

_BATCH = 200
_DRAFT_RESTS = timedelta(hours=20)
"""How long a draft lies still before its owner is reminded, once: the next working day, about the same time."""

_DELIVERIES_KEPT = timedelta(days=3)
"""Longer than any platform sends an event again (Slack's delayed events: 24 hours)."""

log = logging.getLogger(__name__)


class Tick:
    """Brings the schedule up to the present. Several workers may tick at once: rows are claimed, not shared."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings

    async def run(self) -> None:
        """Do everything that is due now."""
        await self._unit_of_work.run(lambda connection: release_and_offer(self._visit(connection)))
        while await self._unit_of_work.run(self._nudge) == _BATCH:
            pass

    async def tidy(self) -> None:
        """What may wait a minute: drafts left lying, and deliveries too old to come again."""
        await self._unit_of_work.run(self._tidy)

    def _visit(self, connection: Connection) -> Visit:
        return Visit(connection, self._clock.now(), self._surroundings)

    def _nudge(self, connection: Connection) -> int:
        """One batch of nudges; how many were claimed."""
        visit = self._visit(connection)
        claimed = visit.nudges.claim(_BATCH)
        for nudge in claimed:
            _settle(visit, nudge)
        return len(claimed)

    def _tidy(self, connection: Connection) -> None:
        visit = self._visit(connection)
        _remind_of_drafts(visit)
        Deliveries(connection, visit.now).forget(visit.now - _DELIVERIES_KEPT)


def _settle(visit: Visit, nudge: Nudge) -> None:
    """Send the nudge, or note why not. One that breaks takes no other with it."""
    try:
        with visit.connection.begin_nested():
            reason = _send(visit, nudge)
    except Exception:
        log.exception("a nudge could not be composed", extra={"nudge": nudge.id, "rule": nudge.rule})
        visit.nudges.settle(nudge.id, MISSED, "fault")
        return
    if reason:
        visit.nudges.settle(nudge.id, MISSED if reason == "too late" else DROPPED, reason)


def _send(visit: Visit, nudge: Nudge) -> str:
    """Hand the nudge to the outbox; the reason why not, or nothing."""
    if not nudge.current:
        return "the meeting has moved"
    programme = visit.programmes.get(nudge.programme)
    seat = _seat_of(visit, nudge)
    if programme is None or seat is None:
        return "not registered any more"
    occasion = programme.occasion(nudge.occasion)
    if not is_useful(RULES[nudge.rule], programme, occasion, visit.now):
        return "too late"
    if visit.people.addressed(nudge.recipient) is None:
        return "has left"
    view = reminders.day_before(programme, occasion, seat, calendar=visit.surroundings.calendar_address(seat))
    visit.tell(nudge.recipient, view, key=f"nudge:{nudge.id}")
    return ""


def _seat_of(visit: Visit, nudge: Nudge) -> Seat | None:
    seats = visit.registrations.seats_at(nudge.programme, nudge.occasion)
    return next((seat for seat in seats if seat.participant.person == nudge.recipient), None)


def _remind_of_drafts(visit: Visit) -> None:
    """One reminder about each registration that was begun and left lying."""
    for run in visit.runs.left_lying(registration.flow.name, visit.now - _DRAFT_RESTS):
        programme = visit.programmes.get(run.about)
        person = visit.people.present(run.actor)
        if programme is not None and person is not None and programme.is_open(visit.now):
            visit.tell(person, reminders.unfinished(Unfinished(run.id, programme)), key=f"draft:{run.id}")
