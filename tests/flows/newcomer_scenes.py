"""Every view of who takes part for an organisation, from small and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Programme
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Words
from bot.flows import newcomers
from bot.flows.newcomers import One, Place
from bot.messages import View


def scenes(size: str, programme: Programme, name: str, role: Words) -> Iterator[tuple[str, View]]:
    """The views of one programme; `name` is what a person and an organisation are called."""
    place = Place(programme, "SE-1281", name)
    about = place.about("p" * 32)
    one = One(about, name, role, "teams", "kommun.example.org", may=True)
    kinds = (one, One(about, name, may=True, coordinator=True), One(about, name, role, "slack", denied=True))
    ruled = One(about, name, role, "web", "", denied=True, coordinator=True)
    people = [*kinds, ruled] * 9
    seats = tuple(
        Seat(f"s{n}", "r1", programme.id, meeting.id, Participant(name), SeatState.CANCELLED)
        for n, meeting in enumerate(programme.occasions)
    )
    yield f"{size}: newcomers, one", newcomers.told(place, [one])
    yield f"{size}: newcomers, many", newcomers.told(place, [one] * 30)
    for start in (0, 8):
        yield f"{size}: who takes part, from {start}", newcomers.everybody(place, people, start)
        listed = [("SE-1281", name, n) for n in range(20)]
        yield f"{size}: organisations, from {start}", newcomers.organisations(programme, listed, start)
    yield f"{size}: which list, of programmes", newcomers.choose([Place(programme, "", "")] * 3)
    yield f"{size}: which list, of organisations", newcomers.choose([place] * 3)
    for who in (one, ruled):
        yield f"{size}: not one of us, {who.coordinator}", newcomers.denied(place, who)
    yield f"{size}: to decide", newcomers.to_decide(place, one, name)
    yield f"{size}: nobody knows", newcomers.nobody_knows(place, people)
    yield f"{size}: belongs", newcomers.back(place, ruled)
    for there in (seats, ()):
        yield f"{size}: removed, {len(there)}", newcomers.removed(place, ruled, there)
    yield f"{size}: put back", newcomers.put_back(place, ruled, seats)
    yield f"{size}: closed to you", newcomers.closed_to_you(place)
    yield f"{size}: open to you", newcomers.open_to_you(place)
    yield f"{size}: yours is removed", newcomers.your_registration_is_removed(place, seats)
    yield f"{size}: yours is back", newcomers.your_registration_is_back(place, seats)
    yield f"{size}: nothing to undo", newcomers.nothing_to_undo()
