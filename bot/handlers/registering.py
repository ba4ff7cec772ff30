"""Registering and what comes of it: what the buttons on programmes, registrations and seats do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.offers import has_lapsed
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.registrations import Seat, SeatState
from bot.domain.words import _
from bot.flows import (
    booking,
    buttons,
    changing,
    editions,
    mine,
    programmes,
    rebooking,
    receipts,
    registration,
    waiting,
    welcome,
    workshops,
)
from bot.flows import ending as closing
from bot.flows.occasions import too_late
from bot.handlers import beginning, newcomers, words
from bot.handlers.naming import meetings_said, programmes_named
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.scene import Scene
from bot.handlers.seats import accept_offer, come_after_all, decline_offer
from bot.messages import View


def register(scene: Scene, about: str) -> Outcome:
    """Register for the named programme, or choose among those that may be meant, or among all that are open."""
    found = meant(scene, about)
    if len(found) == 1:
        return _begin(scene, found[0])
    begun = {draft.programme.id for draft in scene.unfinished()}
    among = found or scene.programmes
    return Show(programmes.choose_to_register(among, scene.left, scene.visit.now, begun=begun))


def _begin(scene: Scene, programme: Programme) -> Start:
    if not programme.is_open(scene.visit.now):
        raise too_late(programme)
    return Start(registration.flow.name, programme.id, booking.Draft(programme.id))


def meant(scene: Scene, about: str) -> tuple[Programme, ...]:
    """The programme with this id, or those that typed words name: by their title, or else by a meeting of theirs."""
    if not about:
        return ()
    known = scene.visit.programmes.get(about)
    if known is not None:
        return (known,)
    return _titled(scene, about) or _with_meeting(scene, about)


def _titled(scene: Scene, about: str) -> tuple[Programme, ...]:
    typed, named = words.plain(about), programmes_named(about, {one.id: one for one in scene.programmes})
    whole = (p for p in scene.programmes if any(typed in words.plain(t) for t in p.title.wordings.values()))
    return tuple(whole) or tuple(p for p in scene.programmes if p.id in named)


def _with_meeting(scene: Scene, about: str) -> tuple[Programme, ...]:
    """Those with a meeting that is named, and that one can still register for."""
    now = scene.visit.now
    return tuple(
        one
        for one in scene.programmes
        if one.is_open(now) and meetings_said(about, one) & {meeting.id for meeting in one.open_occasions(now)}
    )


def change(scene: Scene, about: str) -> Outcome:
    scene.desk.may_change(about)
    return _about_registration(scene, rebooking.change.name, about)


def substitute(scene: Scene, about: str) -> Outcome:
    return _about_registration(scene, changing.substitute.name, about)


def cancel(scene: Scene, about: str) -> Outcome:
    return _about_registration(scene, changing.cancel.name, about)


def _about_registration(scene: Scene, flow: str, about: str) -> Start:
    scene.booking_facts(about)  # refuses what is not theirs, or no longer there
    return Start(flow, about, changing.Draft(about))


def cannot_come(scene: Scene, about: str) -> Outcome:
    """The reminder's own button: cancel, or hand over, just this seat."""
    seat = scene.seat(about)
    if scene.programme(seat.programme).occasion(seat.occasion).starts_at <= scene.visit.now:
        raise Gone(_("The meeting has begun or is over. Write “materials” to see what it was about."))
    if seat not in scene.booking_facts(seat.registration).active:
        raise Gone(_("This seat has changed meanwhile. Write “my registrations” to see how it stands."))
    return Start(
        changing.cancel.name, seat.registration, changing.Draft(seat.registration, seats=(seat.id,), preset=True)
    )


def undo(scene: Scene, about: str) -> Outcome:
    registration, _blank, action = about.partition(" ")
    restored, back = scene.desk.undo(registration, action)
    programme = scene.visit.programmes[restored.programme]
    for person in sorted({seat.participant.person for seat in back} - {"", scene.person.id}):
        theirs = tuple(seat for seat in back if seat.participant.person == person)
        view = receipts.restored(programme, theirs, calendar=scene.desk.calendar, reader=person)
        scene.visit.tell(person, view, key=f"restored:{theirs[0].id}:{theirs[0].sequence}")
    return Show(receipts.restored(programme, back, calendar=scene.desk.calendar, reader=scene.person.id), replaces=True)


def accept(scene: Scene, about: str) -> Outcome:
    seat = scene.seat(about)
    programme = scene.programme(seat.programme)
    seats = accept_offer(scene.visit, programme, seat)
    now_theirs = scene.seat(about)
    if not seats and now_theirs.state is SeatState.CONFIRMED:
        seats = (now_theirs,)  # pressed twice
    if not seats:
        return Show(_no_longer(scene, now_theirs), replaces=True)
    return _receipt(scene, seats)


def decline(scene: Scene, about: str) -> Outcome:
    """Whoever has confirmed meanwhile gives up a seat of theirs, which is asked about first."""
    seat = scene.seat(about)
    programme = scene.programme(seat.programme)
    if decline_offer(scene.visit, programme, seat):
        return Show(waiting.declined(programme), replaces=True)
    as_it_is = scene.seat(about)
    if as_it_is.state is SeatState.CONFIRMED:
        return cannot_come(scene, about)
    return Show(_no_longer(scene, as_it_is), replaces=True)


def _receipt(scene: Scene, seats: tuple[Seat, ...]) -> Outcome:
    programme, now, calendar = scene.visit.programme_of(seats[0]), scene.visit.now, scene.desk.calendar
    receipt = waiting.accepted(programme, seats, calendar=calendar, reader=scene.person.id, now=now)
    return Show(receipt, replaces=True)


def _no_longer(scene: Scene, seat: Seat) -> View:
    """The answer to the button of an offer that is none any more."""
    programme = scene.visit.programme_of(seat)
    return waiting.lapsed(programme, (seat,)) if has_lapsed(seat) else waiting.no_longer_offered()


def come(scene: Scene, about: str) -> Outcome:
    """Whoever did not answer an offer in time wants to come all the same."""
    seat = scene.seat(about)
    seats = come_after_all(scene.visit, scene.programme(seat.programme), seat)
    if not seats and has_lapsed(seat):
        raise Gone(_("It is too late: the meeting has begun, is over or is not held."))
    seats = seats or (scene.seat(about),)  # pressed twice
    if seats[0].state is SeatState.WAITING:
        return Show(waiting.in_line_again(scene.visit.programme_of(seat), seats), replaces=True)
    if seats[0].state is SeatState.OFFERED:
        return Show(waiting.offer(scene.visit.programme_of(seat), seats), replaces=True)
    if seats[0].state is not SeatState.CONFIRMED:
        return Show(waiting.no_longer_offered(), replaces=True)
    return _receipt(scene, seats)


def show_mine(scene: Scene, about: str) -> Outcome:
    return Show(mine.card(scene.bookings_to_see(), scene.unfinished(), scene.visit.now))


def show_programmes(scene: Scene, about: str) -> Outcome:
    return Show(programmes.overview(scene.programmes, scene.left, scene.visit.now))


def show_programme(scene: Scene, about: str) -> Outcome:
    programme = scene.programme(about)
    now = scene.visit.now
    own = (*editions.ways(programme, is_over=programme.is_over(now)), *closing.way(programme, now))
    ways = (*(own if scene.coordinates else ()), *newcomers.ways(scene, programme))
    if beginning.places(scene, programme):
        ways = (*ways, *workshops.way_to(programme))
    return Show(programmes.details(programme, scene.left(programme), scene.visit.now, ways=ways))


def discard(scene: Scene, about: str) -> Outcome:
    run = scene.visit.runs.get(about)
    if run is None or run.actor != scene.actor:
        raise NotAllowed(_("This form belongs to somebody else."))
    scene.visit.runs.close(run.id)
    return Show(welcome.discarded(), replaces=True)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.REGISTER: register,
    buttons.CHANGE: change,
    buttons.SUBSTITUTE: substitute,
    buttons.CANCEL: cancel,
    buttons.CANNOT_COME: cannot_come,
    buttons.UNDO: undo,
    buttons.ACCEPT: accept,
    buttons.DECLINE: decline,
    buttons.COME: come,
    buttons.MINE: show_mine,
    buttons.PROGRAMMES: show_programmes,
    buttons.PROGRAMME: show_programme,
    buttons.DISCARD: discard,
}
