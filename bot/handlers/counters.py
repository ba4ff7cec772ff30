"""The number of those registered in a channel's "register by" message, kept true by editing it in place."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.nudges import Planned
from bot.domain.programmes import Programme
from bot.domain.rules import Topic
from bot.flows import reminders
from bot.flows.reminders import Reminder
from bot.handlers.visit import Visit
from storage.attendance import Attendance
from storage.bindings import Bindings
from storage.nudges import Nudge

_SPAN = timedelta(minutes=10)
"""A message is edited at most once for each number in so long, and whatever changed in the last two spans is shown."""

_OLDEST = timedelta(days=60)  # the longest time before a deadline at which anybody is asked to register


def refresh(visit: Visit) -> None:
    """Bring the messages up to date in which the number has changed."""
    for nudge in visit.nudges.sent_to_channels(visit.now - _OLDEST):
        programme = visit.programmes.get(nudge.programme)
        planned = visit.surroundings.schedules.planned(programme, nudge) if programme is not None else None
        if programme is None or planned is None or visit.now >= planned.useful_until:
            continue
        if planned.rule.topic is Topic.LAST_CALL and _has_changed(visit, nudge):
            _edit(visit, nudge, planned, programme)


def _has_changed(visit: Visit, nudge: Nudge) -> bool:
    changed_at = Attendance(visit.connection).changed_at(nudge.programme, nudge.about)
    return changed_at is not None and changed_at > visit.now - 2 * _SPAN


def _edit(visit: Visit, nudge: Nudge, planned: Planned, programme: Programme) -> None:
    registered = Attendance(visit.connection).confirmed(programme.id, nudge.about)
    card = reminders.compose(Reminder(planned, programme, visit.now, registered=registered))
    span = int(visit.now.timestamp() // _SPAN.total_seconds())
    for bound in Bindings(visit.connection, visit.now).of_programme(programme.id):
        if bound.recipient == nudge.recipient:
            key = f"count:{nudge.message}:{registered}:{span}"
            language = visit.language_of(bound.address)
            visit.outbox.add(key, bound.address, card, person="", language=language, edits=nudge.message)
