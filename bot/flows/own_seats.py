"""What is answered to whoever asks whether they are registered: their seats, offers and places in line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.programmes import Occasion
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import Moment, Words, _
from bot.flows import buttons
from bot.flows.meetings_told import ahead, meeting_item
from bot.flows.telling import Known, Told, called, titled
from bot.messages import Item


def standing(known: Sequence[Known], now: datetime) -> Told:
    """Where the reader has a seat, is offered one or waits; nothing of that where everybody can read."""
    if any(one.aloud for one in known):
        return Told((_("I tell you that, and nobody else: write to me directly."),))
    there = [(meeting, one) for one in known for meeting in ahead(one, now)]
    held = [_Held(one, meeting, _seat_at(one, meeting, now)) for meeting, one in there]
    found = sorted((one for one in held if one.stands), key=lambda one: one.meeting.starts_at)
    if not found:
        return _nowhere(known)
    several = len({one.known.programme.id for one in found}) > 1
    items = tuple(titled(one.item(), called(one.known, known)) if several else one.item() for one in found)
    return Told((_as_a_whole(found),), items=items, buttons=(buttons.MY_REGISTRATIONS,))


@dataclass(frozen=True, slots=True)
class _Held:
    """How the reader stands at a meeting."""

    known: Known
    meeting: Occasion
    queued: Seat | None  # that they wait for or are offered there

    @property
    def stands(self) -> bool:
        return self.queued is not None or self.meeting.id in self.known.mine

    def item(self) -> Item:
        told = meeting_item(self.known, self.meeting)
        return replace(told, lines=(*told.lines, *self._lines()))

    def _lines(self) -> Iterator[Words]:
        if self.queued is None:
            return
        if self.queued.offered_until is None:
            yield _("You are number {position} on the waiting list.", position=self.queued.position)
        else:
            until = Moment(self.queued.offered_until, self.known.programme.zone)
            yield _("It is yours if you confirm by {until}. After that the next in line is asked.", until=until)
            yield _("You confirm in my message about the seat, or under “my registrations”.")


def _seat_at(known: Known, meeting: Occasion, now: datetime) -> Seat | None:
    """What the reader waits for or is offered at a meeting; an offer that has run out is none."""
    there = (one for one in known.queued if one.occasion == meeting.id)
    return next((one for one in there if one.offered_until is None or one.offered_until > now), None)


def _as_a_whole(found: Sequence[_Held]) -> Words:
    if any(one.queued is None for one in found):
        return _("Yes. Under “my registrations” you see everything that you have filled in.")
    if any(one.queued.offered_until is not None for one in found if one.queued is not None):
        return _("Not yet: a seat is kept for you, and you have to confirm it.")
    return _("Not yet: you are on the waiting list. I write to you when there is a seat for you.")


def _nowhere(known: Sequence[Known]) -> Told:
    no = (
        _("No, you have no seat there, and are not on the waiting list.")
        if len(known) == 1 or any(one.named for one in known)
        else _("No, you have no seat at any meeting that is coming, and are on no waiting list.")
    )
    where = _("If you have registered others, you see it under “my registrations”.")
    return Told((no, where), buttons=(buttons.MY_REGISTRATIONS, buttons.ALL_PROGRAMMES))
