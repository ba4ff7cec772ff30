"""What one can do with seats that are registered: hand them over, or give them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.conversation import Flow
from bot.domain.cancelling import fee
from bot.domain.people import Person
from bot.domain.prices import Quote, quote
from bot.domain.programmes import Programme
from bot.domain.refusals import AlreadyRegistered
from bot.domain.registrations import (
    Participant,
    Registration,
    Seat,
    SeatState,
    Substitution,
    is_active,
    is_same_person,
)
from bot.domain.values import dataclass
from bot.domain.words import Listed, Money, Text, Words, _
from bot.flows import occasions, receipts, waiting
from bot.flows.mine import Booking
from bot.messages import Card, ChoiceField, Fact, Field, Form, Notice, Option, TextField, Tone, View
from bot.ports import RegistrationDesk


@dataclass(frozen=True, slots=True)
class Facts:
    """The registration that a flow is about, as the person may see and change it."""

    booking: Booking
    now: datetime
    person: Person
    awaited: Callable[[], frozenset[str]]  # ids of the occasions that somebody waits for
    held: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]  # organisation key → seats, lodging
    left: Mapping[str, int | None]  # occasion id → free seats; None is no limit

    @property
    def programme(self) -> Programme:
        return self.booking.programme

    @property
    def active(self) -> tuple[Seat, ...]:
        """The seats that can still be given up or handed over, in the programme's order."""
        return tuple(
            seat
            for occasion, there in receipts.by_occasion(self.programme, self.booking.seats)
            for seat in receipts.named_first(there)
            if occasion.starts_at > self.now and is_active(seat)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered in any of the flows about one registration."""

    registration: str
    seats: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    instead: str = ""
    occasions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # who takes part in what is added: a seat (an id) of each
    lodging: tuple[str, ...] = ()
    invoice: str = ""
    gln: str = ""
    needs: str = ""
    preset: bool = False  # the seats were given by the button, not chosen here
    touched: bool = False  # the details have been answered once
    seen: int | None = None  # the version of the registration when they were


def _seat_options(facts: Facts) -> tuple[Option, ...]:
    return tuple(Option(seat.id, _seat_label(facts, seat), receipts.who((seat,))) for seat in facts.active)


def _seat_label(facts: Facts, seat: Seat) -> Words:
    return occasions.label(facts.programme, facts.programme.occasion(seat.occasion))


def chosen(draft: Draft, facts: Facts) -> tuple[Seat, ...]:
    """The seats that the flow is about: those chosen, or the only one; what was chosen is never swapped for another."""
    if len(facts.active) == 1 and not draft.seats:
        return facts.active
    return tuple(seat for seat in facts.active if seat.id in draft.seats)


def _ask_seats(draft: Draft, facts: Facts, title: Text) -> Form | None:
    if len(facts.active) == 1 or draft.preset:
        return None
    return Form(
        title,
        (ChoiceField("seats", _("Meetings"), _seat_options(facts), many=True),),
        intro=(facts.programme.title,),
    )


def _new_person_fields() -> tuple[Field, ...]:
    return (
        TextField("name", _("Name"), max_chars=120),
        TextField("email", _("E-mail"), email=True, max_chars=254),
    )


# --- Hand over a seat ------------------------------------------------------------------------------------------------

substitute: Flow[Draft, Facts, RegistrationDesk] = Flow("substitute", Draft, version=1)


@substitute.ask("seats")
def ask_seats_to_hand_over(draft: Draft, facts: Facts) -> Form | None:
    return _ask_seats(draft, facts, _("Change person"))


@substitute.ask("person")
def ask_new_person(draft: Draft, facts: Facts) -> Form:
    titles = Listed(tuple(_seat_label(facts, seat) for seat in chosen(draft, facts)))
    return Form(
        _("Who comes instead?"),
        _new_person_fields(),
        intro=(_("This is about: {titles}", titles=titles), _("Changing person costs nothing.")),
        submit=_("Confirm"),
    )


substitute.rescue(AlreadyRegistered, back_to="person")


@substitute.on_done
def hand_over(draft: Draft, facts: Facts, desk: RegistrationDesk) -> Notice:
    seats = chosen(draft, facts)
    done = desk.substitute(tuple(seat.id for seat in seats), _newcomer(draft, facts.person))
    _tell_about_substitution(done, facts, desk)
    if done.seats[0].participant.person == facts.person.id:
        return receipts.done(replace(done.registration, seats=done.seats))
    if not done.code:
        return Notice(_("Done. {name} has the seat now and has been told.", name=draft.name), Tone.GOOD)
    return Notice(
        _(
            "Done. {name} has the seat now. Ask {name} to write this to Lärträff: link {code}. "
            "Reminders and links then go to the right person.",
            name=draft.name,
            code=done.code,
        ),
        Tone.GOOD,
    )


def _newcomer(draft: Draft, person: Person) -> Participant:
    """Whoever is typed; one's own name and address are oneself, whatever a directory knows."""
    typed, oneself = Participant(draft.name, draft.email), Participant(person.name, person.email, person.id)
    return oneself if is_same_person(typed, oneself) else typed


def _tell_about_substitution(done: Substitution, facts: Facts, desk: RegistrationDesk) -> None:
    newcomer = done.seats[0].participant
    version = done.seats[0].sequence
    if newcomer.person:
        desk.tell(newcomer.person, _receipt_of_newcomer(done, facts, desk), key=f"seated:{done.seats[0].id}:{version}")
    for keeper in sorted({*done.waited} - {newcomer.person, facts.person.id}):
        view = receipts.waits_no_longer(facts.programme, done.seats, by=facts.person.name)
        desk.tell(keeper, view, key=f"seated:{done.seats[0].id}:{version}:{keeper}")
    for former in {participant.person: participant for participant in done.replaced if participant.person}.values():
        if former.person != newcomer.person:
            view = receipts.your_seat_went_on(facts.programme, done.seats, to=newcomer.name)
            desk.tell(former.person, view, key=f"unseated:{done.seats[0].id}:{version}:{former.person}")
    if done.code:
        desk.tell(facts.person.id, receipts.claim_codes(facts.programme, ((newcomer, done.code),)),
                  key=f"code:{done.seats[0].id}:{version}")  # fmt: skip


def _receipt_of_newcomer(done: Substitution, facts: Facts, desk: RegistrationDesk) -> Card:
    """Nobody is told that they have given themself a seat."""
    programme, now, calendar = facts.programme, facts.now, desk.calendar
    if done.seats[0].participant.person == facts.person.id:
        return waiting.accepted(programme, done.seats, calendar=calendar, reader=facts.person.id, now=now)
    by = facts.person.name
    return receipts.you_have_a_seat(
        programme, done.registration, done.seats, by=by, calendar=calendar, now=now, waited=bool(done.waited)
    )


# --- Cancel ----------------------------------------------------------------------------------------------------------

cancel: Flow[Draft, Facts, RegistrationDesk] = Flow("cancel", Draft, version=1)

_HAND_OVER = "hand_over"
_CANCEL = "cancel"


@cancel.ask("seats")
def ask_seats_to_cancel(draft: Draft, facts: Facts) -> Form | None:
    return _ask_seats(draft, facts, _("Cancel registration"))


@cancel.ask("confirm")
def ask_cancel(draft: Draft, facts: Facts) -> Form:
    seats = chosen(draft, facts)
    cost = fee(facts.programme, seats, facts.now)
    return Form(
        _("Cancel registration"),
        _instead(cost),
        intro=tuple(_consequence(facts, seats, cost)),
        facts=(
            *(Fact(_("Meeting"), _seat_label(facts, seat)) for seat in seats),
            Fact(_("Takes part"), receipts.who(_each_once(seats))),
            Fact(_("Cost of cancelling"), fee_words(facts.programme, cost)),
            *_new_total(facts, seats),
        ),
        submit=_("Confirm"),
    )


def _each_once(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    """One seat for each name, and for each way in which that person's seats stand."""
    return tuple({(seat.participant.name, seat.state, seat.position): seat for seat in seats}.values())


def _new_total(facts: Facts, given_up: tuple[Seat, ...]) -> Iterator[Fact]:
    """What the organisation pays afterwards: a package may break."""
    if not facts.programme.prices.free:
        _before, after = quotes(facts, given_up, {}, None)
        yield Fact(_("New total for your organisation"), after.in_words())


def quotes(
    facts: Facts, given_up: tuple[Seat, ...], more: Mapping[str, int], lodging: Collection[str] | None
) -> tuple[Quote, Quote]:
    """Before and after `more` (occasion → new seats); `lodging` are the occasions with lodging then, if it changes."""
    held, stays = facts.held.get(facts.booking.registration.organisation_key, ({}, {}))
    seats, nights = Counter(held), Counter(stays)
    for seat in (seat for seat in facts.active if seat.state is SeatState.CONFIRMED):
        stays_on = seat.lodging if lodging is None else seat.occasion in lodging
        seats[seat.occasion] -= seat in given_up
        nights[seat.occasion] += (stays_on and seat not in given_up) - seat.lodging
    for occasion, number in more.items():
        seats[occasion] += number
        nights[occasion] += number * (occasion in (lodging or ()))
    return quote(facts.programme, held, stays), quote(facts.programme, seats, nights)


def _instead(cost: int) -> tuple[Field, ...]:
    """Where cancelling costs something, a colleague who comes instead is offered first."""
    if not cost:
        return ()
    options = (
        Option(_HAND_OVER, _("A colleague comes instead"), _("costs nothing")),
        Option(_CANCEL, _("Cancel anyway")),
    )
    return (ChoiceField("instead", _("What would you like to do?"), options),)


def _consequence(facts: Facts, seats: tuple[Seat, ...], cost: int) -> Iterator[Words]:
    if all(seat.state is SeatState.WAITING for seat in seats):
        yield _("You leave the waiting list. You can undo this within ten minutes.")
        return
    if any(seat.occasion in facts.awaited() for seat in seats if seat.state is not SeatState.WAITING):
        yield _("The seat is offered to the next in the waiting list, and the calendar entry is withdrawn.")
    else:
        yield _("The calendar entry is withdrawn.")
    if not cost:
        yield _("You can undo this within ten minutes.")


def fee_words(programme: Programme, cost: int) -> Text:
    """The cost of cancelling, in words."""
    if not cost:
        return _("No cost")
    return _("{price} excluding VAT", price=Money(cost, programme.prices.currency))


@cancel.ask("person")
def ask_who_comes_instead(draft: Draft, facts: Facts) -> Form | None:
    return ask_new_person(draft, facts) if draft.instead == _HAND_OVER else None


cancel.rescue(AlreadyRegistered, back_to="person")


@cancel.on_done
def give_up(draft: Draft, facts: Facts, desk: RegistrationDesk) -> View:
    if draft.instead == _HAND_OVER:
        return hand_over(draft, facts, desk)
    seats = chosen(draft, facts)
    cost = fee(facts.programme, seats, facts.now)
    registration = desk.cancel(tuple(seat.id for seat in seats))
    _tell_about_cancelling(registration, seats, cost, facts, desk)
    said = _("Cancelled. You can undo it within ten minutes, in your conversation with Lärträff.")
    return Notice(said, points=True)


def _tell_about_cancelling(
    registration: Registration, seats: tuple[Seat, ...], cost: int, facts: Facts, desk: RegistrationDesk
) -> None:
    version = f"{seats[0].id}:{seats[0].sequence}"
    total = desk.priced(facts.programme.id, registration.organisation_key)
    view = receipts.cancelled(
        facts.programme,
        registration,
        seats,
        total=total,
        fee=fee_words(facts.programme, cost),
        calendar=desk.calendar,
        reader=facts.person.id,
    )
    desk.tell(facts.person.id, view, key=f"cancelled:{version}")
    if registration.made_by != facts.person.id:
        word = receipts.colleague_gave_up(
            facts.programme, seats, by=facts.person.name, fee=fee_words(facts.programme, cost)
        )
        desk.tell(registration.made_by, word, key=f"cancelled:{version}:booker")
    tell_those_who_sat(seats, facts, desk)


def tell_those_who_sat(seats: tuple[Seat, ...], facts: Facts, desk: RegistrationDesk) -> None:
    """Whoever else loses a seat hears of it, whatever else has happened to the registration."""
    others = {seat.participant.person for seat in seats} - {"", facts.person.id}
    for person in sorted(others):
        theirs = tuple(seat for seat in seats if seat.participant.person == person)
        view = receipts.cancelled_for_you(facts.programme, theirs, by=facts.person.name, calendar=desk.calendar)
        desk.tell(person, view, key=f"cancelled:{theirs[0].id}:{theirs[0].sequence}:{person}")
