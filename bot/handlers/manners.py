"""Putting reminders off, pausing them and having them back: what the buttons and words do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta

from bot.domain import times
from bot.domain.dates import read_day
from bot.domain.nudges import Level, Wishes, snooze_until
from bot.domain.programmes import local_day
from bot.domain.registrations import SeatState
from bot.domain.workdays import Whereabouts
from bot.flows import buttons
from bot.flows import manners as wishes
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.reminding import Batch
from bot.handlers.scene import Scene
from bot.messages import View
from storage.wishes import WishList

_LONGEST_PAUSE = timedelta(days=370)


class WishRoom:
    """Implements `bot.flows.manners.WishDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._person = scene.person.id
        self._wishes = WishList(scene.visit.connection, scene.visit.now)

    def wish(self, programme: str, wanted: Wishes) -> None:
        self._wishes.wish(self._person, programme, wanted)


def facts(scene: Scene, about: str) -> wishes.Facts:
    """What the form about reminders looks at; it is about one programme, or about all of them."""
    mine = {programme for programme, _occasion in scene.visit.registrations.own(scene.person.id)}
    said = WishList(scene.visit.connection, scene.visit.now).of(scene.person.id)
    return wishes.Facts(
        now=scene.visit.now,
        zone=scene.zone,
        programmes=tuple(one for one in scene.programmes if one.id in mine),
        said=lambda programme: said.get(programme, Wishes()),
        meetings=lambda: _own_meetings(scene),
    )


def is_silent(scene: Scene) -> bool:
    """Whether somebody gets no reminders at the moment, of one programme or of all."""
    said = WishList(scene.visit.connection, scene.visit.now).of(scene.person.id).values()
    paused = (one.paused_until is not None and one.paused_until > scene.visit.now for one in said)
    return any(paused) or any(one.level is Level.NONE for one in said)


def _own_meetings(scene: Scene) -> wishes.Meetings:
    """Those ahead that somebody has a seat at, the soonest first."""
    seats = (
        (one.programme, one.programme.occasion(seat.occasion))
        for one in scene.bookings()
        for seat in one.seats
        if seat.state is SeatState.CONFIRMED and seat.participant.person == scene.person.id
    )
    ahead = [one for one in seats if one[1].starts_at > scene.visit.now and not one[1].cancelled]
    return tuple(sorted(ahead, key=lambda one: one[1].starts_at))


def invitation(scene: Scene, about: str) -> View:
    """How things stand, with the button that opens the form."""
    seen = facts(scene, about)
    apart = () if about else tuple((one.title, seen.said(one.id)) for one in seen.programmes)
    return wishes.invitation(seen.said(about), scene.zone, about, apart=apart)


def pause(scene: Scene, about: str) -> Outcome:
    """`pause`, `pause 15 aug` and the button: the form, or the pause itself when a day was written."""
    if about and about not in scene.visit.programmes:
        return _pause_until(scene, about)
    said, today = facts(scene, about).said(about), local_day(scene.visit.now, scene.zone)
    return Start(wishes.flow.name, about, wishes.draft(about, said, today=today, zone=scene.zone))


def _pause_until(scene: Scene, typed: str) -> Outcome:
    today = local_day(scene.visit.now, scene.zone)
    day = read_day(typed, today)
    if day is None or not today < day <= today + _LONGEST_PAUSE:
        return Show(wishes.day_not_understood())
    seen = facts(scene, "")
    wanted = Wishes(seen.said("").level, times.instant(day, time(0), scene.zone))
    WishRoom(scene).wish("", wanted)
    return Show(wishes.saved(wanted, scene.zone, wishes.meanwhile(seen.meetings(), "", wanted)))


def wake(scene: Scene, about: str) -> Outcome:
    """All reminders again."""
    book = WishList(scene.visit.connection, scene.visit.now)
    for programme in book.of(scene.person.id):
        book.wish(scene.person.id, programme, Wishes())
    return Show(wishes.saved(Wishes(), scene.zone), replaces=True)


def snooze(scene: Scene, about: str) -> Outcome:
    """Let the message that this nudge came in come again, the next working morning or as long as it is of use."""
    visit = scene.visit
    asked = visit.nudges.get(about)
    if asked is None or asked.recipient != scene.person.id or not asked.message:
        return Show(wishes.nothing_more())
    there = Whereabouts.of(scene.zone, scene.person.organisation)
    again, batch = [], Batch(visit)
    for nudge in visit.nudges.by_message(asked.message):
        programme = visit.programmes.get(nudge.programme)
        planned = visit.surroundings.schedules.planned(programme, nudge) if programme is not None else None
        until = snooze_until(planned, visit.now, there) if planned is not None else None
        if until is not None and batch.will_still_go(nudge, until):
            visit.nudges.snooze(nudge.id, until)
            again.append(until)
    return Show(wishes.snoozed(min(again), scene.zone) if again else wishes.cannot_wait())


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.PAUSE: pause,
    buttons.WAKE: wake,
    buttons.SNOOZE: snooze,
}
