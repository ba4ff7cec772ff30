"""The registration desk: what the registration flows ask for, done under lock in the event's own transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.domain.cancelling import shares
from bot.domain.people import Actor, Person
from bot.domain.prices import Quote, quote
from bot.domain.programmes import Enrolment, Programme
from bot.domain.refusals import Gone, NotAllowed, Overtaken, SeatTaken
from bot.domain.registrations import (
    UNDO,
    Change,
    Participant,
    Register,
    Registration,
    Seat,
    SeatState,
    Substitution,
    added,
    is_active,
    spare_seats,
    undone_at_once,
    undone_next,
)
from bot.domain.words import _
from bot.flows import receipts
from bot.flows.ending import is_erased
from bot.flows.occasions import too_late
from bot.handlers import prompting, seated
from bot.handlers.joining import join_role
from bot.handlers.visit import Visit
from bot.messages import View
from storage.newcomers import Newcomers
from storage.registrations import NewSeat


class Desk:
    """Implements `bot.ports.RegistrationDesk` for one person in one transaction.

    In every method all checks come before the first write, since a refusal does not roll the transaction back.
    """

    def __init__(self, visit: Visit, actor: Actor, person: Person) -> None:
        self._visit = visit
        self._actor = actor
        self._person = person

    # Booking

    def register(self, command: Register) -> Registration:
        programme = self._visit.programmes[command.programme]
        wanted = [occasion for occasion, _participant in command.seats]
        self._visit.registrations.lock(programme.id)
        self._check_open(programme, wanted)
        command = replace(command, seats=tuple((occasion, self._known(one)) for occasion, one in command.seats))
        seated.check(self._visit, programme, command.seats)
        spare = self._spare(programme, command)
        self._remember(command)
        join_role(self._visit, programme, command.role, self._person.id)
        new = tuple(one for one in command.seats if one[0] not in spare)
        booked = tuple(self._allot(programme, new, command.lodging)) if new else ()
        registration = self._visit.registrations.add(command, self._person.id, booked)
        return self._take(programme, registration, spare, command) if spare else registration

    def unnamed(self, programme: str, organisation_key: str) -> tuple[Seat, ...]:
        found = self._visit.registrations.unnamed(programme, organisation_key)
        denied = found and Newcomers(self._visit.connection, self._visit.now).denied_by(programme, self._person.id)
        return () if denied and organisation_key in denied else found

    def _spare(self, programme: Programme, command: Register) -> Mapping[str, Seat]:
        """The seats to be taken, under lock. Raises `SeatTaken` when there are fewer than was said."""
        if not command.spare:
            return {}
        together = programme.enrolment is Enrolment.COHORT
        found = spare_seats(self.unnamed(programme.id, command.organisation_key), command.spare, together=together)
        if set(found) != command.spare:
            raise SeatTaken(_("Somebody else has taken that seat meanwhile. Nothing has been booked yet."))
        return found

    def _take(
        self, programme: Programme, registration: Registration, spare: Mapping[str, Seat], command: Register
    ) -> Registration:
        """Move seats of the organisation to this registration; whoever booked them is told who has them now."""
        by_registration: dict[str, list[Seat]] = {}
        for occasion, participant in command.seats:
            if occasion in spare:
                seat = spare[occasion]
                by_registration.setdefault(seat.registration, []).append(seat)
                self._visit.registrations.change_seat(
                    seat.id, registration=registration.id, person=participant.person, name=participant.name,
                    email=participant.email, lodging=occasion in command.lodging,
                )  # fmt: skip
        for id, seats in by_registration.items():
            self._visit.registrations.amend(id)
            self._tell_booker(programme, self._fresh(id).made_by, tuple(seats), command.name)
        return self._fresh(registration.id)

    def _tell_booker(self, programme: Programme, booker: str, seats: tuple[Seat, ...], name: str) -> None:
        if booker != self._person.id:
            view = receipts.unnamed_taken(programme, seats, by=name)
            self._visit.tell(booker, view, key=f"taken:{seats[0].id}:{seats[0].sequence}")

    def _check_open(self, programme: Programme, wanted: Iterable[str]) -> None:
        if programme.enrolment is Enrolment.COHORT and not programme.is_open(self._visit.now):
            raise too_late(programme)
        open_ids = {occasion.id for occasion in programme.open_occasions(self._visit.now)}
        for occasion in map(programme.occasion, wanted):
            if occasion.id not in open_ids:
                raise too_late(programme, occasion)

    def _known(self, participant: Participant) -> Participant:
        """The participant with the person behind the e-mail address, if this workspace's own directory knows it."""
        if participant.person:
            return participant
        workspace = (self._actor.platform, self._actor.workspace)
        return replace(participant, person=self._visit.people.in_directory(workspace, participant.email) or "")

    def _remember(self, command: Register) -> None:
        """Keep what the person told about themselves, so that nobody types it twice."""
        known = self._visit.surroundings.directory.get(command.organisation_key)
        organisation = command.organisation_key if known else self._person.organisation
        self._person = replace(self._person, name=command.name, email=command.email, organisation=organisation)
        self._visit.people.remember(self._person)

    def _allot(
        self, programme: Programme, seats: tuple[tuple[str, Participant], ...], lodging: frozenset[str]
    ) -> Iterator[NewSeat]:
        """Each seat with its state: confirmed while there is room, then waiting; a cohort waits as a whole."""
        left = self._visit.registrations.left(programme.id)
        queues = self._has_queue(programme, {occasion for occasion, _participant in seats})
        room = {id: (0 if id in queues else free) for id, free in left.items()}
        if programme.enrolment is Enrolment.COHORT and self._lacks_room(seats, room):
            room = dict.fromkeys(room, 0)
        for occasion, participant in seats:
            free = room[occasion]
            state = SeatState.WAITING if free is not None and free <= 0 else SeatState.CONFIRMED
            room[occasion] = None if free is None else free - 1
            yield NewSeat(occasion, participant, state, occasion in lodging)

    def _has_queue(self, programme: Programme, occasions: set[str]) -> set[str]:
        """Where others wait already: nobody passes the line, even if a seat has just become free."""
        return occasions & self._visit.registrations.awaited(programme.id)

    @staticmethod
    def _lacks_room(seats: tuple[tuple[str, Participant], ...], room: dict[str, int | None]) -> bool:
        wanted: dict[str, int] = {}
        for occasion, _participant in seats:
            wanted[occasion] = wanted.get(occasion, 0) + 1
        return any((free := room[id]) is not None and free < n for id, n in wanted.items())

    def ask_along(self, registration: Registration) -> None:
        persons = {seat.participant.person for seat in registration.seats} - {""}
        prompting.catch_up(self._visit, registration.programme, persons)

    # Changing

    def change(self, command: Change) -> Registration:
        programme = self._visit.programmes[self.may_change(command.registration).programme]
        self._visit.registrations.lock(programme.id)
        registration = self._fresh(command.registration)
        if command.seen not in (None, registration.version):
            raise Overtaken(_("The registration has changed meanwhile. Please look through it again."))
        active = tuple(seat for seat in registration.seats if is_active(seat) and self._lies_ahead(programme, seat))
        held = {seat.occasion for seat in active}
        back, new = self._added(registration, [id for id in command.occasions if id not in held], command.people)
        self._check_addable(programme, back, new)
        self._give_up(registration, tuple(seat for seat in active if seat.occasion not in command.occasions))
        self._visit.registrations.restore(seat.id for seat in back)
        for one in self._allot(programme, new, command.lodging):
            self._visit.registrations.add_seat(registration.id, programme.id, one)
        self._change_lodging((*active, *back), command)
        self._visit.registrations.amend(
            registration.id, invoice_reference=command.invoice_reference, gln=command.gln, needs=command.needs
        )
        return self._fresh(registration.id)

    def _lies_ahead(self, programme: Programme, seat: Seat) -> bool:
        """Not at a meeting that has begun, nor at one that is gone from the programme while somebody took a seat."""
        ahead = (one for one in programme.occasions if one.starts_at > self._visit.now)
        return seat.occasion in {one.id for one in ahead}

    def _added(
        self, registration: Registration, occasions: list[str], people: tuple[Participant, ...]
    ) -> tuple[tuple[Seat, ...], tuple[tuple[str, Participant], ...]]:
        """What comes with the occasions: seats that were given up a moment ago, and new ones."""
        found = [(id, added(registration, id, people, self._visit.now)) for id in occasions]
        back = tuple(seat for _id, (coming_back, _new) in found for seat in coming_back)
        return back, tuple((id, one) for id, (_back, new) in found for one in new)

    def _check_addable(
        self, programme: Programme, back: tuple[Seat, ...], new: tuple[tuple[str, Participant], ...]
    ) -> None:
        """What comes back is held also when registration has closed, as it is for an undo."""
        if new:
            self._check_open(programme, [occasion for occasion, _participant in new])
        seated.check(self._visit, programme, (*new, *seated.sitting(back)))

    def _change_lodging(self, seats: Iterable[Seat], command: Change) -> None:
        for seat in seats:
            wanted = seat.occasion in command.lodging
            if seat.occasion in command.occasions and seat.lodging != wanted:
                self._visit.registrations.change_seat(seat.id, lodging=wanted)

    def cancel(self, seats: tuple[str, ...]) -> Registration:
        found = self._seats(seats)
        self._visit.registrations.lock(found[0].programme)
        registration = self._fresh(found[0].registration)
        self._give_up(registration, self._seats(seats))
        self._visit.registrations.amend(registration.id)
        return self._fresh(registration.id)

    def _give_up(self, registration: Registration, seats: tuple[Seat, ...]) -> None:
        """For what it costs now: the meeting may be moved before the invoice is written."""
        programme = self._visit.programmes[registration.programme].priced_for(registration.organisation_key)
        fees = shares(programme, seats, self._visit.now)
        for seat in seats:
            self._visit.registrations.cancel(seat, self._visit.now + UNDO, fee=fees.get(seat.id, 0))

    def undo(self, registration: str, action: str) -> tuple[Registration, tuple[Seat, ...]]:
        """Bring back what an action took within the last ten minutes; no action is the last one.

        What it booked instead is given back, and those who sat there are told. Raises `Gone`, `NotAllowed`.
        """
        found = self.may_touch(registration)
        programme = self._visit.programmes[found.programme]
        self._visit.registrations.lock(found.programme)
        me, now = self._person.id, self._visit.now
        visible = visible_seats(self._fresh(registration), me)
        cancelled = undone_at_once(visible, action, now) if action else undone_next(visible, me, now)
        seated.check(self._visit, programme, seated.sitting(cancelled))
        restored = self._visit.registrations.restore(seat.id for seat in cancelled)
        if not restored:
            raise Gone(_("There is nothing left to undo. Write “my registrations” to see how it stands."))
        self._give_back(programme, found, cancelled)
        self._visit.registrations.amend(registration)
        fresh = self._fresh(registration)
        return fresh, tuple(seat for seat in fresh.seats if seat.id in restored)

    def _give_back(self, programme: Programme, registration: Registration, taken: tuple[Seat, ...]) -> None:
        """Only whoever made the registration can have booked anything in the same moment."""
        moments = {seat.undo_until - UNDO for seat in taken if seat.undo_until is not None}
        for seat in self._visit.registrations.booked_at(registration.id, moments, but={one.id for one in taken}):
            self._visit.registrations.change_seat(seat.id, state=SeatState.RELEASED.value)
            if seat.participant.person not in ("", self._person.id):
                view = receipts.cancelled_for_you(programme, (seat,), by=self._person.name, calendar=self.calendar)
                self._visit.tell(seat.participant.person, view, key=f"cancelled:{seat.id}:{seat.sequence}:undone")

    # Handing over

    def substitute(self, seats: tuple[str, ...], participant: Participant) -> Substitution:
        found = self._seats(seats)
        programme = self._visit.programmes[found[0].programme]
        self._visit.registrations.lock(programme.id)
        found = self._seats(seats)
        newcomer = self._known(participant)
        person = newcomer.person
        waited = seated.check_given(self._visit, programme, found, newcomer)
        self._hand(found, newcomer, waited)
        self._visit.registrations.amend(found[0].registration)
        code = "" if person else self._issue(newcomer, seats)
        return Substitution(
            self._fresh(found[0].registration),
            tuple(self._seat(id) for id in seats),
            tuple(seat.participant for seat in found),
            code,
            waited=tuple(dict.fromkeys(self._fresh(seat.registration).made_by for seat in waited)),
        )

    def _hand(self, seats: tuple[Seat, ...], newcomer: Participant, waited: tuple[Seat, ...]) -> None:
        """Put the newcomer on the seats; where they waited, in their own registration, with what they wrote there."""
        places = {seat.occasion: seat for seat in waited}
        for waiting in waited:
            self._visit.registrations.change_seat(waiting.id, state=SeatState.RELEASED.value)
        for seat in seats:
            place = places.get(seat.occasion)
            who = place.participant if place is not None else newcomer
            moved = {"registration": place.registration, "lodging": place.lodging} if place is not None else {}
            self._visit.registrations.change_seat(
                seat.id, person=who.person or None, name=who.name, email=who.email, **moved
            )
        for registration in {waiting.registration: None for waiting in waited}:
            self._visit.registrations.amend(registration)

    def codes(self, seats: tuple[Seat, ...]) -> tuple[tuple[Participant, str], ...]:
        strangers = dict.fromkeys(seat.participant for seat in seats if seat.participant.name)
        return tuple(
            (one, self._issue(one, tuple(seat.id for seat in seats if seat.participant == one)))
            for one in strangers
            if not one.person
        )

    def _issue(self, participant: Participant, seats: tuple[str, ...]) -> str:
        return self._visit.codes.issue("seats", _claimable(participant, seats))

    def claim(self, code: str) -> tuple[Seat, ...]:
        """Take the seats that a one-time code stands for. Raises `Gone` for a wrong, used or expired code."""
        mine = self._meant_by(code)
        if not mine:
            raise Gone(_("That code is not valid. Codes work once, for 14 days. Ask for a new one."))
        programme = self._visit.programmes[mine[0].programme]
        self._visit.registrations.lock(programme.id)
        me = replace(mine[0].participant, person=self._person.id)
        waited = seated.check_given(self._visit, programme, mine, me)
        if self._visit.codes.redeem("seats", code) is None:
            raise Gone(_("That code is not valid. Codes work once, for 14 days. Ask for a new one."))
        self._hand(mine, me, waited)
        return tuple(self._seat(seat.id) for seat in mine)

    def _meant_by(self, code: str) -> tuple[Seat, ...]:
        """The seats that a code stands for and that have not gone on to somebody else since it was issued."""
        about = self._visit.codes.look_up("seats", code) or ""
        found = tuple(self._visit.registrations.seat(id) for id in about.split()[1:])
        return tuple(
            seat
            for seat in found
            if seat is not None and is_active(seat) and _claimable(seat.participant, (seat.id,)).split()[0] in about
        )

    # Looking up

    def priced(self, programme: str, organisation_key: str) -> Quote:
        seats, lodging = self._visit.registrations.held(programme, organisation_key)
        return quote(self._visit.programmes[programme].priced_for(organisation_key), seats, lodging)

    def calendar(self, seat: Seat) -> str:
        return self._visit.surroundings.calendar_address(seat)

    def tell(self, person: str, view: View, *, key: str) -> None:
        self._visit.tell(person, view, key=key)

    def _fresh(self, id: str) -> Registration:
        registration = self._visit.registrations.get(id)
        assert registration is not None, "a registration is never deleted within its own transaction"
        return registration

    def _seat(self, id: str) -> Seat:
        seat = self._visit.registrations.seat(id)
        assert seat is not None
        return seat

    def may_change(self, id: str) -> Registration:
        """The registration, if this person made it: its details are nobody else's to see. Raises `NotAllowed`."""
        registration = self.may_touch(id)
        if registration.made_by != self._person.id:
            raise NotAllowed(_("Only the one who made the registration can change it."))
        return registration

    def may_touch(self, id: str) -> Registration:
        """The registration, if this person made it or sits on one of its seats."""
        registration = self._visit.registrations.get(id)
        if registration is None or not visible_seats(registration, self._person.id):
            if registration is not None and self._visit.programmes[registration.programme].closed is not None:
                raise Gone(is_erased())
            raise NotAllowed(_("This registration is not yours. Write “my registrations” to see your own."))
        return registration

    def _seats(self, ids: tuple[str, ...]) -> tuple[Seat, ...]:
        """The seats, all of one registration, if they still are there to be given up or handed over."""
        first = self._visit.registrations.seat(ids[0]) if ids else None
        visible = visible_seats(self.may_touch(first.registration), self._person.id) if first else ()
        found = tuple(seat for seat in visible if seat.id in ids and is_active(seat))
        if not found or len(found) != len(ids):
            raise Gone(_("This seat has changed meanwhile. Write “my registrations” to see how it stands."))
        return found


def _claimable(newcomer: Participant, seats: tuple[str, ...]) -> str:
    """What a code is about: for whom, without saying who, and which seats."""
    whom = hashlib.sha256(f"{newcomer.name}\n{newcomer.email}\n{newcomer.person}".encode()).hexdigest()
    return " ".join((whom, *seats))


def visible_seats(registration: Registration, person: str) -> tuple[Seat, ...]:
    """All seats to the one who made the registration, otherwise only the person's own."""
    if registration.made_by == person:
        return registration.seats
    return tuple(seat for seat in registration.seats if seat.participant.person == person)
