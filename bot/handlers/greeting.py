"""Courtesies are answered; what matters to the person who says hello is looked up as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import SeatState
from bot.flows import greeting
from bot.flows.greeting import Concerns
from bot.handlers import matters, note_taking, passing_on
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import Notice


def hello(scene: Scene, about: str) -> Outcome:
    return Show(greeting.hello(_concerns(scene)))


def _concerns(scene: Scene) -> Concerns:
    visit, coordinates = scene.visit, scene.coordinates
    return Concerns(
        name=scene.person.name,
        next=min(_ahead(scene), key=lambda one: one[1].starts_at, default=None),
        unfinished=scene.unfinished(),
        rounds=note_taking.open_rounds(scene),
        waiting=passing_on.still_waiting(scene),
        coordinates=coordinates,
        matters=len(matters.open_matters(visit, set(visit.programmes))) if coordinates else 0,
        open=tuple(one for one in scene.programmes if one.is_open(visit.now)),
    )


def _ahead(scene: Scene) -> Iterator[tuple[Programme, Occasion]]:
    """The meetings ahead at which the person has a seat."""
    for booking in scene.bookings():
        for seat in booking.seats:
            occasion = booking.programme.occasion(seat.occasion)
            mine = seat.participant.person == scene.person.id and seat.state is SeatState.CONFIRMED
            if mine and not occasion.cancelled and occasion.ends_at > scene.visit.now:
                yield booking.programme, occasion


def _saying(view: Callable[[], Notice]) -> Callable[[Scene, str], Outcome]:
    return lambda _scene, _about: Show(view())


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    greeting.GREET: hello,
    greeting.THANKS: _saying(greeting.you_are_welcome),
    greeting.GOODBYE: _saying(greeting.goodbye),
    greeting.SAME_TO_YOU: _saying(greeting.same_to_you),
    greeting.WELL: _saying(greeting.well),
    greeting.NEVER_MIND: _saying(greeting.never_mind),
    greeting.ASK_AWAY: _saying(greeting.ask_away),
}
