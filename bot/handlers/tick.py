"""The tick: what has come due is claimed, looked at again, put into words and handed to the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.nudges import schedule
from bot.domain.rules import Audience
from bot.flows import registration, reminders
from bot.flows.mine import Unfinished
from bot.handlers import (
    changes,
    counters,
    expiring,
    feedback,
    handing,
    lead_cards,
    materials,
    matters,
    newcomers,
    planning,
    postings,
    retention,
    returning,
    round_preflight,
    rounds,
    sparring,
    unended,
)
from bot.handlers.audiences import meant, off_then
from bot.handlers.courtesy import Courtesy
from bot.handlers.reminding import Batch
from bot.handlers.seats import release_and_offer
from bot.handlers.visit import Surroundings, Visit
from bot.ports import Clock
from storage.nudges import Nudge
from storage.unit_of_work import UnitOfWork

_BATCH = 200  # nudges in one transaction
_DRAFT_RESTS = timedelta(hours=20)
"""How long a draft lies still before its owner is reminded, once: the next working day, as a rule."""


class Tick:
    """Brings the schedule up to the present. Several workers may tick at once: rows are claimed, not shared."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings
        self._leaders = lead_cards.Looks()
        self._newcomers = newcomers.Lookout()

    async def run(self) -> None:
        """Do everything that is due now."""
        is_more = await self._unit_of_work.run_behind(self._prepare)
        while is_more:
            is_more = await self._unit_of_work.run_behind(lambda connection: changes.settle(self._visit(connection)))
        for id, version in (await self._unit_of_work.run_behind(self._post)).items():
            await self._show_leader(id, version)
        while await self._unit_of_work.run_behind(self._nudge):
            pass

    async def tidy(self) -> None:
        """What may wait a minute: drafts left lying, what coordinators have to look at, and what is too old to keep."""
        await self._unit_of_work.run_behind(self._tidy)

    def _visit(self, connection: Connection) -> Visit:
        return Visit(connection, self._clock.now(), self._surroundings)

    def _prepare(self, connection: Connection) -> bool:
        """Plan and tell what has changed, open and close rounds that are due, and pass on seats that became free.

        Whether there are more who are to be told.
        """
        visit = self._visit(connection)
        for id, since in visit.nudges.unplanned():
            visit.nudges.plan(id, schedule(visit.programmes[id]), since=since)
        is_more = changes.settle(visit)
        feedback.plan(visit)
        rounds.advance(visit)
        lead_cards.tell_time(visit)
        release_and_offer(visit)
        return is_more

    def _post(self, connection: Connection) -> Mapping[str, int]:
        """Let channels show what has changed; the workshops whose leaders may have something new to see."""
        visit = self._visit(connection)
        postings.post(visit)
        return self._leaders.due(visit)

    async def _show_leader(self, id: str, version: int) -> None:
        """In a transaction of its own: it keeps whoever leads the workshop waiting."""
        work = self._unit_of_work
        self._leaders.remember(id, await work.run(lambda c: lead_cards.follow(self._visit(c), id, version)))

    def _nudge(self, connection: Connection) -> int:
        """One batch of nudges; how many were claimed.

        What is due for a whole audience is looked up first, so that each of its members has all of theirs together.
        """
        visit = self._visit(connection)
        claimed = visit.nudges.claim(_BATCH)
        whole, personal = [one for one in claimed if not one.recipient], [one for one in claimed if one.recipient]
        if whole:
            self._look_up(visit, whole)
            visit.nudges.put_off((one.id, visit.now) for one in personal)
        else:
            Batch(visit).send(personal)
        return len(claimed)

    def _look_up(self, visit: Visit, audiences: Iterable[Nudge]) -> None:
        """Turn what is due for a whole audience into what is due for each of its members."""
        for whole in audiences:
            there = visit.programmes.get(whole.programme)
            planned = visit.surroundings.schedules.planned(there, whole) if there is not None else None
            found = meant(visit, planned, whole.programme, whole.due_at) if planned is not None else ()
            if planned is not None and planned.audience is not Audience.CHANNELS:
                found = visit.people.staying(found)  # a row for somebody who is being erased would outlast them
            if planned is not None and whole.due_at < planned.due_at:
                visit.nudges.fan_out(whole, off_then(visit, planned, whole.programme, found), rest_at=planned.due_at)
            else:
                visit.nudges.fan_out(whole, found)

    def _tidy(self, connection: Connection) -> None:
        visit = self._visit(connection)
        _remind_of_drafts(visit)
        rounds.remind(visit)
        round_preflight.look_ahead(visit)
        feedback.follow(visit)
        counters.refresh(visit)
        planning.remind_of_days(visit)
        materials.tell_waiting(visit)
        handing.bring_back(visit)
        expiring.warn(visit)
        self._newcomers.notice(visit)
        returning.notice(visit)
        sparring.let_go(visit)
        unended.ask(visit)
        matters.tell_new(visit)
        matters.escalate(visit)
        retention.let_go(visit)


def _remind_of_drafts(visit: Visit) -> None:
    """One reminder about each registration that was begun and left lying."""
    drafts = visit.runs.left_lying(registration.flow.name, visit.now - _DRAFT_RESTS)
    owners = {run.id: visit.people.present(run.actor) for run in drafts}
    courtesy = Courtesy(visit, {owner for owner in owners.values() if owner})
    for run in drafts:
        programme, owner = visit.programmes.get(run.about), owners[run.id]
        if programme is None or owner is None or not programme.is_open(visit.now):
            continue
        until = max(programme.deadline_of(one) for one in programme.open_occasions(visit.now))
        if courtesy.allows(owner, programme, until=until) and visit.runs.remind(run.id):
            visit.tell(owner, reminders.unfinished(Unfinished(run.id, programme)), key=f"draft:{run.id}")
            courtesy.told((owner,))
