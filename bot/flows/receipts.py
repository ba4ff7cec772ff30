"""What a person is told after a registration: receipts, and word of every later change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.nudges import has_gone
from bot.domain.people import Person
from bot.domain.prices import Quote
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Participant, Registration, Seat, SeatState, is_active
from bot.domain.rules import Topic
from bot.domain.words import Listed, Moment, Text, Words, _, n_
from bot.flows import buttons, occasions
from bot.messages import Button, Card, Fact, Item, Notice, Tone
from bot.ports import RegistrationDesk

CalendarAddress = Callable[[Seat], str]

WHEN_THERE_IS_ROOM = _("When a seat becomes free I offer it to you here, and say until when you can take it.")


def done(registration: Registration) -> Notice:
    """The short answer in the form itself; the receipt is in the person's own conversation."""
    states = {seat.state for seat in registration.seats}
    if states == {SeatState.CONFIRMED} and _is_for_others(registration):
        said, tone = _("The registration is done. Your receipt is in your conversation with Lärträff."), Tone.GOOD
    elif states == {SeatState.CONFIRMED}:
        said, tone = _("You are registered. Your receipt is in your conversation with Lärträff."), Tone.GOOD
    elif states == {SeatState.WAITING}:
        said, tone = _("It is full, so you are on the waiting list. See your conversation with Lärträff."), Tone.WARNING
    else:
        said = _("You are registered for some and on the waiting list for others. See your conversation with Lärträff.")
        tone = Tone.WARNING
    return Notice(said, tone, points=True)


def registered(
    programme: Programme,
    registration: Registration,
    *,
    total: Quote,
    calendar: CalendarAddress,
    now: datetime,
    unprepared: bool = False,
    guide: bool = False,
    changed: bool = False,
    gave_up: tuple[Seat, ...] = (),
    fee: Words = "",
) -> Card:
    """The receipt: everything one needs to know until the day, and how to change one's mind."""
    seats = tuple(seat for seat in registration.seats if is_active(seat))
    waiting_only = all(seat.state is SeatState.WAITING for seat in seats)
    return Card(
        _headline(programme, registration, waiting_only=waiting_only, changed=changed),
        body=tuple(_still_to_do(programme, registration)),
        facts=(
            *((Fact(_("Cost of cancelling"), fee),) if fee else ()),
            *_booking_facts(programme, registration, total),
            *_dates_told(programme, now),
        ),
        items=(
            *occasion_items(programme, seats, calendar, reader=registration.made_by, now=now),
            *_withdrawals(programme, gave_up, calendar, registration.made_by),
        ),
        buttons=(
            *((buttons.undo(registration, gave_up),) if gave_up else ()),
            *_links(programme, unprepared, guide),
            *buttons.for_registration(registration),
        ),
        tone=Tone.WARNING if waiting_only else Tone.GOOD,
        footnote=_about_declining(registration),
    )


def _headline(programme: Programme, registration: Registration, *, waiting_only: bool, changed: bool) -> Text:
    if waiting_only:
        return _("On the waiting list: {title}", title=programme.title)
    if changed:
        return _("Your registration has changed: {title}", title=programme.title)
    if _is_for_others(registration):
        return _("Registration done: {title}", title=programme.title)
    return _("You are registered: {title}", title=programme.title)


def _is_for_others(registration: Registration) -> bool:
    """Whether whoever registered takes part in nothing of it."""
    return all(seat.participant.person != registration.made_by for seat in registration.seats)


def _about_declining(registration: Registration) -> Words:
    """To those who have a seat: a calendar's own answer is not heard here."""
    if not any(seat.state is SeatState.CONFIRMED for seat in registration.seats):
        return ""
    return _(
        "If you decline in your calendar you still have your seat. To give it up, choose Cancel registration here."
    )


def _still_to_do(programme: Programme, registration: Registration) -> Iterator[Words]:
    if any(not seat.participant.name for seat in registration.seats if is_active(seat)):
        yield _("Some seats have no name yet. Choose Change person when you know who is coming.")
    if any(seat.state is SeatState.WAITING for seat in registration.seats):
        yield WHEN_THERE_IS_ROOM
        if not programme.prices.free:
            yield _("Waiting costs nothing.")


def _booking_facts(programme: Programme, registration: Registration, total: Quote) -> Iterator[Fact]:
    yield Fact(_("Organisation"), registration.organisation)
    yield Fact(_("Price for your organisation"), total.in_words())
    if registration.invoice_reference:
        yield Fact(_("Invoice reference"), registration.invoice_reference)
    if registration.gln:
        yield Fact(_("GLN"), registration.gln)
    if registration.needs:
        yield Fact(_("Access needs"), registration.needs)
    if programme.asks_lodging:
        stays = {seat.occasion for seat in registration.seats if seat.lodging and is_active(seat)}
        yield occasions.lodging(tuple(one for one in programme.occasions if one.id in stays))
    if programme.cancellation:
        yield Fact(_("Cancelling"), programme.cancellation)
    yield Fact(_("Contact"), occasions.contact(programme))


def _dates_told(programme: Programme, now: datetime) -> Iterator[Fact]:
    """The programme's own dates that lie ahead and that the others have been reminded of already."""
    for one in programme.dates:
        if now < one.at and has_gone(Topic.DATE, one.id, programme, now):
            yield Fact(one.title, Moment(one.at, programme.zone))


def by_occasion(programme: Programme, seats: tuple[Seat, ...]) -> Iterator[tuple[Occasion, tuple[Seat, ...]]]:
    """The seats at each occasion, in the order the occasions take place."""
    for occasion in programme.occasions:
        there = tuple(seat for seat in seats if seat.occasion == occasion.id)
        if there:
            yield occasion, there


def own_of(seats: tuple[Seat, ...], reader: str) -> tuple[Seat, ...]:
    """The confirmed seats that the reader sits on: only these show a link or a calendar file."""
    confirmed = (seat for seat in seats if seat.state is SeatState.CONFIRMED)
    return tuple(seat for seat in confirmed if reader and seat.participant.person == reader)


def occasion_items(
    programme: Programme,
    seats: tuple[Seat, ...],
    calendar: CalendarAddress,
    *,
    reader: str,
    now: datetime | None = None,
) -> Iterator[Item]:
    """An entry for each occasion, with who takes part and how it stands, as `reader` (a person id) may see it.

    With `now`, for a reader who is new there: also what the others have been asked to prepare by then.
    """
    for occasion, there in by_occasion(programme, seats):
        item = _occasion_item(programme, occasion, there, calendar, reader)
        if now is not None and own_of(there, reader):
            item = replace(item, lines=(*item.lines, *_asked_already(programme, occasion, now)))
        yield item


def _asked_already(programme: Programme, occasion: Occasion, now: datetime) -> tuple[Words, ...]:
    """What the others have been asked to prepare."""
    if occasion.preparation and has_gone(Topic.PREPARATION, occasion.id, programme, now):
        return occasions.to_prepare(occasion)
    return ()


def _occasion_item(
    programme: Programme, occasion: Occasion, seats: tuple[Seat, ...], calendar: CalendarAddress, reader: str
) -> Item:
    own = () if occasion.cancelled else own_of(seats, reader)
    return Item(
        occasions.name(occasion),
        lines=occasion.agenda_lines,
        facts=(
            *occasions.facts(programme, occasion, member=bool(own)),
            Fact(_("Takes part"), who(seats)),
            Fact(_("Register by"), occasions.deadline(programme, occasion)),
        ),
        buttons=(*buttons.join(occasion), buttons.add_to_calendar(calendar(own[0]))) if own else (),
    )


def who(seats: tuple[Seat, ...]) -> Words:
    """The participants, each with where their seat stands unless it is simply theirs; those without a name counted."""
    unnamed = [one for one in seats if one.state is SeatState.CONFIRMED and not one.participant.name]
    if len(unnamed) < 2:
        return Listed(tuple(_standing(seat) for seat in named_first(seats)))
    others = named_first(tuple(one for one in seats if one not in unnamed))
    return Listed((*map(_standing, others), people((), len(unnamed))))


def named_first(seats: tuple[Seat, ...]) -> list[Seat]:
    """The seats as people look for them: by name, and those without one last."""
    return sorted(seats, key=lambda seat: (not seat.participant.name, seat.participant.name.casefold()))


def people(names: Sequence[str], later: int) -> Words:
    """Who takes part: some by name, and so many whose names come later."""
    unnamed = (n_("{n} seat, name later", "{n} seats, names later", later),) if later else ()
    return Listed((*names, *unnamed))


def _standing(seat: Seat) -> Words:
    name: Words = seat.participant.name or _("name later")
    match seat.state:
        case SeatState.WAITING:
            return _("{name} (waiting list, number {position})", name=name, position=seat.position)
        case SeatState.OFFERED:
            return _("{name} (offered a seat)", name=name)
        case SeatState.CANCELLED | SeatState.RELEASED:
            return _("{name} (cancelled)", name=name)
        case _:
            return name


def _links(programme: Programme, unprepared: bool, guide: bool) -> Iterator[Button]:
    if guide and programme.joining_guide is not None:
        yield Button(_("Guide to joining online"), url=programme.joining_guide.url)
    if unprepared and programme.prerequisite is not None:
        for link in programme.prerequisite.links:
            yield Button(link.title, url=link.url)


def tell_colleagues(
    programme: Programme, registration: Registration, by: Person, desk: RegistrationDesk, now: datetime
) -> None:
    """Tell those who were given the registration's seats; who cannot be reached yet gets a code through `by`."""
    for person, word, once in _to_colleagues(programme, registration, by, desk.calendar, now):
        desk.tell(person, word, key=once)
    codes = desk.codes(registration.seats)
    if codes:
        key = f"codes:{registration.id}:{registration.version}"
        desk.tell(by.id, claim_codes(programme, codes), key=key)


def _to_colleagues(
    programme: Programme, registration: Registration, by: Person, calendar: CalendarAddress, now: datetime
) -> Iterator[tuple[str, Card, str]]:
    """Person, card and key for each colleague who was given a seat; who waits hears when there is one."""
    confirmed = [seat for seat in registration.seats if seat.state is SeatState.CONFIRMED]
    for person in sorted({seat.participant.person for seat in confirmed} - {"", by.id}):
        theirs = tuple(seat for seat in confirmed if seat.participant.person == person)
        card = you_have_a_seat(programme, registration, theirs, by=by.name, calendar=calendar, now=now)
        yield person, card, f"seated:{theirs[0].id}:{theirs[0].sequence}"


def you_have_a_seat(
    programme: Programme,
    registration: Registration,
    seats: tuple[Seat, ...],
    *,
    by: Words,
    calendar: CalendarAddress,
    now: datetime,
    waited: bool = False,
) -> Card:
    """To someone who was given a seat by a colleague, or a place in line; perhaps one who `waited` for it."""
    waits = all(seat.state is SeatState.WAITING for seat in seats)
    return Card(
        _("On the waiting list: {title}", title=programme.title)
        if waits
        else _("You have a seat: {title}", title=programme.title),
        body=(
            *_given(by, registration.organisation, waits=waits),
            *((_("You no longer need to wait: your place on the waiting list is given up."),) if waited else ()),
        ),
        facts=(Fact(_("Contact"), occasions.contact(programme)), *_dates_told(programme, now)),
        items=tuple(occasion_items(programme, seats, calendar, reader=seats[0].participant.person, now=now)),
        buttons=(buttons.MY_REGISTRATIONS, buttons.cannot_come(seats[0])),
        tone=Tone.WARNING if waits else Tone.GOOD,
    )


def _given(by: Words, organisation: str, *, waits: bool) -> Iterator[Words]:
    if not waits:
        yield _("{name} has given you a seat for {organisation}.", name=by, organisation=organisation)
        return
    yield _("{name} has put you on the waiting list for {organisation}.", name=by, organisation=organisation)
    yield WHEN_THERE_IS_ROOM


def _titles(programme: Programme, seats: tuple[Seat, ...]) -> Listed:
    """The meetings of the seats, each once, in the programme's order."""
    ids = {seat.occasion for seat in seats}
    return Listed(tuple(occasion.title for occasion in programme.occasions if occasion.id in ids))


def waits_no_longer(programme: Programme, seats: tuple[Seat, ...], *, by: str) -> Card:
    """To whoever had put somebody on the waiting list, to whom a colleague has given a seat."""
    name = seats[0].participant.name
    return Card(
        _("{name} has a seat now: {title}", name=name, title=programme.title),
        body=(_("{giver} has given {name} a seat, and {name} no longer waits for one.", giver=by, name=name),),
        facts=(Fact(_("Meetings"), _titles(programme, seats)),),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def unnamed_taken(programme: Programme, seats: tuple[Seat, ...], *, by: str) -> Card:
    """To whoever booked seats without a name: a colleague has registered and taken one at each of these meetings."""
    return Card(
        _("{name} has taken a seat that you booked: {title}", name=by, title=programme.title),
        body=(_("It had no name yet. {name} looks after it from now on.", name=by),),
        facts=(Fact(_("Meetings"), _titles(programme, seats)),),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def your_seat_went_on(programme: Programme, seats: tuple[Seat, ...], *, to: str) -> Card:
    """To someone whose seat a colleague has taken over."""
    titles = _titles(programme, seats)
    name: Words = to or _("a colleague")
    return Card(
        _("Your seat has gone to a colleague"),
        body=(
            _("Your seat at {titles} goes to {name}.", name=name, titles=titles),
            _("Reminders and links no longer come to you. Please remove the meeting from your calendar."),
        ),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def cancelled(
    programme: Programme,
    registration: Registration,
    seats: tuple[Seat, ...],
    *,
    total: Quote,
    fee: Text,
    calendar: CalendarAddress,
    reader: str,
) -> Card:
    """The receipt of a cancellation, with ten minutes to change one's mind."""
    titles = _titles(programme, seats)
    return Card(
        _("Cancelled: {title}", title=programme.title),
        body=(
            _("The seat at {titles} is cancelled.", titles=titles),
            _("Changed your mind? You can undo this within ten minutes; the seat is kept meanwhile."),
        ),
        facts=(
            Fact(_("Cost of cancelling"), fee),
            Fact(_("Price for your organisation"), total.in_words()),
        ),
        items=tuple(_withdrawals(programme, seats, calendar, reader)),
        buttons=(buttons.undo(registration, seats), buttons.MY_REGISTRATIONS),
    )


def _withdrawals(
    programme: Programme, seats: tuple[Seat, ...], calendar: CalendarAddress, reader: str
) -> Iterator[Item]:
    """The way out of the calendar for each meeting whose entry the reader may have taken there."""
    for occasion, there in by_occasion(programme, tuple(one for one in seats if one.state is not SeatState.WAITING)):
        own = [seat for seat in there if reader and seat.participant.person == reader]
        if own:
            yield Item(occasions.name(occasion), buttons=(buttons.remove_from_calendar(calendar(own[0])),))


def colleague_gave_up(programme: Programme, seats: tuple[Seat, ...], *, by: str, fee: Text) -> Card:
    """To the one who made the registration, when a colleague has given up their seat."""
    return Card(
        _("{name} has given up a seat: {title}", name=by, title=programme.title),
        body=(_("The seat at {titles} is cancelled.", titles=_titles(programme, seats)),),
        facts=(Fact(_("Cost of cancelling"), fee),),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def cancelled_for_you(programme: Programme, seats: tuple[Seat, ...], *, by: str, calendar: CalendarAddress) -> Card:
    """To someone whose seat was cancelled by the colleague who had booked it."""
    titles = _titles(programme, seats)
    return Card(
        _("Your seat is cancelled: {title}", title=programme.title),
        body=(_("{name} has cancelled your seat at {titles}.", name=by, titles=titles),),
        facts=(Fact(_("Contact"), occasions.contact(programme)),),
        items=tuple(_withdrawals(programme, seats, calendar, seats[0].participant.person)),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def claim_codes(programme: Programme, codes: tuple[tuple[Participant, str], ...]) -> Card:
    """To the one who gave seats to people we cannot reach yet: the code with which each of them claims theirs."""
    return Card(
        n_("Pass this code on: {title}", "Pass these codes on: {title}", len(codes), title=programme.title),
        body=(
            _("Ask each one to write to Lärträff, in Slack or Teams, what it says after their name."),
            _("Reminders and links then go to the right person. Each code works once, for 14 days."),
        ),
        facts=tuple(Fact(participant.name, _("link {code}", code=code)) for participant, code in codes),
    )


def restored(programme: Programme, seats: tuple[Seat, ...], *, calendar: CalendarAddress, reader: str) -> Card:
    """After an undo: the seats are there as before."""
    return Card(
        _("Undone: the registration holds as before"),
        body=(programme.title,),
        items=tuple(occasion_items(programme, seats, calendar, reader=reader)),
        buttons=(buttons.MY_REGISTRATIONS,),
        tone=Tone.GOOD,
    )
