"""A workshop that nobody has ended: whoever leads it is asked on the next working day, and then the coordinators."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain import times
from bot.domain.rounds import Mode
from bot.domain.workdays import Whereabouts, day_off, is_polite, working_days_later
from bot.domain.workshops import State, Workshop
from bot.flows import closing_steps
from bot.handlers import leaders, matters, workshops
from bot.handlers.visit import Visit
from storage.rounds import Rounds

_AT = time(10)
"""By the wall clock: a workshop of two days has begun anew by then, and its leader is not asked in vain."""

_LONG_PAUSE = timedelta(days=14)
"""A pause may last for weeks, but sealed answers should not wait for whoever has forgotten it."""

_WORKDAYS_LEFT_ALONE = 2
_NOT_AGAIN = timedelta(days=365)
"""What a coordinator has closed stays closed for as long as nothing happens in the workshop."""


def ask(visit: Visit) -> None:
    """Ask, once for each time that it was left alone."""
    for workshop, since in workshops.store(visit).left_alone(visit.now - timedelta(hours=12)):
        if workshop.programme in visit.programmes:
            _ask(visit, workshop, since)


def settle(visit: Visit, workshop: Workshop) -> None:
    """It goes on, or has ended: nobody has to look at it as it was left."""
    matters.settled(visit, key=_key(workshop))


def _ask(visit: Visit, workshop: Workshop, since: datetime) -> None:
    zone = visit.programmes[workshop.programme].zone
    there = Whereabouts.of(zone, workshop.organisation)
    due = _due(visit, workshop, since, there)
    if due is None or visit.now < due or not is_polite(visit.now, there):
        return
    _tell(visit, workshop, since)
    if working_days_later(due, _WORKDAYS_LEFT_ALONE, zone) <= visit.now:
        view = closing_steps.not_ended(workshops.standing(visit, workshop), since)
        matters.open_matter(
            visit, key=_key(workshop), programme=workshop.programme, kind="workshop", view=view, rest=_NOT_AGAIN
        )


def _due(visit: Visit, workshop: Workshop, since: datetime, there: Whereabouts) -> datetime | None:
    """When it is asked about; None for a pause in which nothing sealed waits."""
    if workshop.state is State.PAUSED:
        return since + _LONG_PAUSE if _is_sealed_open(visit, workshop) else None
    day = times.local(since, there.zone).date() + timedelta(days=1)
    while day_off(day, there.country):
        day += timedelta(days=1)
    return times.instant(day, _AT, there.zone)


def _is_sealed_open(visit: Visit, workshop: Workshop) -> bool:
    store = Rounds(visit.connection, visit.now)
    found = (store.get(id) for id in workshops.store(visit).rounds(workshop.id).values())
    return any(one is not None and one.is_open and one.mode is Mode.SEALED for one in found)


def _tell(visit: Visit, workshop: Workshop, since: datetime) -> None:
    keys = {f"{_key(workshop)}:{person}": person for person in leaders.told_of(visit, workshop)}
    known = visit.outbox.states(keys)
    new = [key for key in sorted(keys) if key not in known]
    if new:
        view = closing_steps.not_ended(workshops.standing(visit, workshop), since)
        for key in new:
            visit.tell(keys[key], view, key=key)


def _key(workshop: Workshop) -> str:
    """Of what is said of the workshop as it was left."""
    return f"workshop:{workshop.id}:unended:{workshop.version}"
