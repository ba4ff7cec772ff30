"""One person's event in its transaction: who they are, what they may see, and what the flows look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from bot.domain.people import Actor, Language, Person
from bot.domain.permissions import Standing
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.registrations import Registration, Seat, SeatState
from bot.domain.times import HOME_ZONE
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.flows import booking, changing, mine, registration
from bot.handlers.desk import Desk, visible_seats
from bot.handlers.events import Inbound
from bot.handlers.finding import Found
from bot.handlers.lazy import Each, Lazy
from bot.handlers.permissions import standing_of
from bot.handlers.visit import Visit
from storage.people import Acquaintance


@dataclass
class Scene:
    """An event, the person behind it and the transaction it happens in."""

    visit: Visit
    known: Acquaintance
    inbound: Inbound
    found: Found | None = None  # what a question that came with it may mean

    @property
    def actor(self) -> Actor:
        return self.inbound.actor

    @property
    def person(self) -> Person:
        return self.known.person

    @property
    def language(self) -> Language:
        return self.known.person.language

    @cached_property
    def zone(self) -> str:
        """The person's own time zone (IANA), as far as it is known."""
        reached = self.visit.people.reached((self.person.id,)).get(self.person.id)
        return (reached.zone if reached is not None else "") or HOME_ZONE

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.visit, self.actor, self.person)

    @cached_property
    def coordinates(self) -> bool:
        """Whether the person coordinates, for themselves or in somebody's place."""
        return Standing.COORDINATOR in standing_of(self.visit, self.actor, self.person)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes that the person may see: a draft only if they coordinate."""
        found = self.visit.programmes.values()
        return tuple(one for one in found if not one.draft or self.coordinates)

    def programme(self, id: str) -> Programme:
        """Raises `Gone` for a programme that is not there (any more), or not yet published."""
        found = self.visit.programmes.get(id)
        if found is None or (found.draft and not self.coordinates):
            raise Gone(_("That programme is no longer here. Write “programmes” to see those that are."))
        return found

    def choose_language(self, language: Language) -> None:
        """Speak this language from now on, beginning with the answer to this event."""
        self.visit.people.choose_language(self.person.id, language)
        self.known = replace(self.known, person=replace(self.person, language=language))

    def left(self, programme: Programme) -> Mapping[str, int | None]:
        """Occasion id → free seats; None where there is no limit."""
        return self.visit.registrations.left(programme.id)

    # What the flows look at

    def registration_facts(self, id: str) -> booking.Facts:
        """Raises `Gone` for an unknown programme."""
        programme = self.programme(id)
        self._ask_ahead(programme)
        return booking.Facts(
            programme=programme,
            now=self.visit.now,
            person=self.person,
            directory=self.visit.surroundings.directory,
            left=Lazy(lambda: self.visit.registrations.left(programme.id)),
            mine=frozenset(occasion for at, occasion in self._own if at == programme.id),
            busy=Lazy(lambda: self._busy(programme)),
            held=Each(lambda key: self.visit.registrations.held(programme.id, key)),
            unnamed=Each(lambda key: self._unnamed(programme, key)),
        )

    def _unnamed(self, programme: Programme, organisation_key: str) -> tuple[Seat, ...]:
        self.visit.registrations.held_ahead(programme.id, organisation_key)  # what it all costs is said next
        return self.desk.unnamed(programme.id, organisation_key)

    def _ask_ahead(self, programme: Programme) -> None:
        """What nearly every form of a registration needs, asked at once."""
        run = self.visit.runs.latest
        if run is None:  # it is begun or resumed by this very event, and looked for afterwards
            self.visit.runs.open_ahead(self.actor, registration.flow.name, programme.id)
        self.visit.registrations.own_ahead(self.person.id)
        if registration.tells_room(programme, run.step if run is not None else ""):
            self.visit.registrations.left_ahead(programme.id)

    @cached_property
    def _own(self) -> frozenset[tuple[str, str]]:
        """The (programme, occasion) pairs where the person had, or waited for, a seat when the event came."""
        return self.visit.registrations.own(self.person.id)

    def _busy(self, programme: Programme) -> Mapping[str, Words]:
        """Occasion id → the title of something else at the same time."""
        elsewhere = [
            occasion
            for other_programme in self.programmes
            for occasion in other_programme.occasions
            if other_programme is not programme
            and (other_programme.id, occasion.id) in self._own
            and not occasion.cancelled
        ]
        return {
            occasion.id: other.title
            for occasion in programme.occasions
            for other in elsewhere
            if occasion.starts_at < other.ends_at and other.starts_at < occasion.ends_at
        }

    def booking_facts(self, id: str) -> changing.Facts:
        """Raises `NotAllowed` for someone else's registration and `Gone` when nothing is left of it."""
        booking = self.booking(self.desk.may_touch(id))
        facts = changing.Facts(
            booking=booking,
            now=self.visit.now,
            person=self.person,
            awaited=lambda: self.visit.registrations.awaited(booking.programme.id),
            held=Each(lambda key: self.visit.registrations.held(booking.programme.id, key)),
            left=Lazy(lambda: self.visit.registrations.left(booking.programme.id)),
        )
        if not facts.active:
            raise Gone(_("There is nothing left to change in this registration."))
        return facts

    def booking(self, found: Registration) -> mine.Booking:
        programme = self.visit.programmes[found.programme].priced_for(found.organisation_key)
        there = {occasion.id for occasion in programme.occasions}  # one may be gone from the programme
        visible = (seat for seat in visible_seats(found, self.person.id) if seat.occasion in there)
        seats = tuple(seat for seat in visible if seat.state is not SeatState.RELEASED)
        return mine.Booking(programme, found, seats, self.person.id)

    def bookings(self) -> tuple[mine.Booking, ...]:
        """The person's own registrations that still hold something."""
        return tuple(one for one in self._own_bookings() if one.is_active)

    def bookings_to_see(self) -> tuple[mine.Booking, ...]:
        """The same, with what can still come back: given up a moment ago, or offered and not answered in time."""
        now = self.visit.now
        return tuple(one for one in self._own_bookings() if one.is_active or one.taken(now) or one.lapsed(now))

    def _own_bookings(self) -> Iterator[mine.Booking]:
        yield from map(self.booking, self.visit.registrations.of_person(self.person.id))

    def unfinished(self) -> tuple[mine.Unfinished, ...]:
        """Registrations that the person has begun and can still finish."""
        drafts = self.visit.runs.unfinished(registration.flow.name, actor=self.actor)
        open_ones = ((run, self.visit.programmes.get(run.about)) for run in drafts)
        return tuple(
            mine.Unfinished(run.id, programme)
            for run, programme in open_ones
            if programme is not None and programme.is_open(self.visit.now)
        )

    def seat(self, id: str) -> Seat:
        """A seat this person may touch. Raises `NotAllowed`."""
        seat = self.visit.registrations.seat(id)
        self.desk.may_touch(seat.registration if seat else "")
        assert seat is not None
        return seat
