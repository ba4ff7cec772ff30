"""Changing a registration: other meetings, who comes to them, and what was written with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bot.conversation import Flow
from bot.domain.cancelling import fee
from bot.domain.programmes import Enrolment
from bot.domain.refusals import AlreadyRegistered, DeadlinePassed, FieldRefused, Overtaken
from bot.domain.registrations import Change, Participant, Seat, added, is_active, party
from bot.domain.words import Listed, Words, _
from bot.flows import occasions, receipts
from bot.flows.changing import Draft, Facts, fee_words, quotes, tell_those_who_sat
from bot.messages import ChoiceField, Fact, Field, Form, Notice, Option, TextField, Tone
from bot.ports import RegistrationDesk

change: Flow[Draft, Facts, RegistrationDesk] = Flow("change", Draft, version=1)


@change.ask("details")
def ask_details(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("Change registration"),
        tuple(_detail_fields(facts)),
        intro=(facts.programme.title,),
        values={} if draft.touched else _current(facts),
    )


def _detail_fields(facts: Facts) -> Iterator[Field]:
    programme = facts.programme
    if programme.enrolment is Enrolment.SINGLE:
        options = tuple(Option(id, occasions.label(programme, programme.occasion(id))) for id in _choosable(facts))
        yield ChoiceField("occasions", _("Meetings"), options, many=True)
    if programme.asks_lodging:
        stays = tuple(Option(id, occasions.label(programme, programme.occasion(id))) for id in _choosable(facts))
        yield ChoiceField("lodging", _("Lodging and meals"), stays, required=False, many=True)
    yield TextField("needs", _("Access needs"), required=False, long=True, max_chars=500)
    if not programme.prices.free:
        yield TextField("invoice", _("Invoice reference"), max_chars=60)
        yield occasions.gln_field()


def _held(facts: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(seat.occasion for seat in facts.active))


def _choosable(facts: Facts) -> tuple[str, ...]:
    """What is held already and what one can still register for, in the programme's order."""
    if facts.programme.enrolment is Enrolment.COHORT:
        return _held(facts)
    open_ids = {occasion.id for occasion in facts.programme.open_occasions(facts.now)} | set(_held(facts))
    return tuple(occasion.id for occasion in facts.programme.occasions if occasion.id in open_ids)


def _current(facts: Facts) -> Mapping[str, str | tuple[str, ...]]:
    registration = facts.booking.registration
    return {
        "occasions": _held(facts),
        "lodging": tuple(dict.fromkeys(seat.occasion for seat in facts.active if seat.lodging)),
        "needs": registration.needs,
        "invoice": registration.invoice_reference,
        "gln": registration.gln,
    }


@change.check("details")
def remember_details(draft: Draft, facts: Facts) -> Draft:
    if facts.programme.enrolment is Enrolment.COHORT:
        draft = replace(draft, occasions=_held(facts))
    if not draft.occasions:
        raise FieldRefused("occasions", _("Do you want to give up every meeting? Choose Cancel registration instead."))
    seen = facts.booking.registration.version
    return replace(draft, gln=occasions.read_gln(draft.gln), touched=True, seen=seen, people=())


@change.ask("people")
def ask_people(draft: Draft, facts: Facts) -> Form | None:
    """Where several come together: they need not all come to what is added."""
    together, new = _together(facts), _added(draft, facts)
    if not together or not new:
        return None
    titles = Listed(tuple(_occasion_label(facts, id) for id in new))
    return Form(
        _("Who takes part?"),
        (ChoiceField("people", _("Takes part"), tuple(_people(together)), many=True),),
        intro=(_("This is about: {titles}", titles=titles),),
        values={} if draft.people else {"people": tuple(seat.id for seat in together)},
    )


def _together(facts: Facts) -> tuple[Seat, ...]:
    """A seat of each of those who come together to what lies ahead."""
    return party(replace(facts.booking.registration, seats=facts.active))


def _people(together: tuple[Seat, ...]) -> Iterator[Option]:
    nameless = 0
    for seat in receipts.named_first(together):
        nameless += not seat.participant.name
        yield Option(seat.id, seat.participant.name or _("Seat {n}, name later", n=nameless), seat.participant.email)


def _added(draft: Draft, facts: Facts) -> tuple[str, ...]:
    return tuple(id for id in draft.occasions if id not in _held(facts))


def _chosen_people(draft: Draft, facts: Facts) -> tuple[Participant, ...]:
    """Nobody where it was not asked, because it goes without saying."""
    return tuple(seat.participant for seat in _together(facts) if seat.id in draft.people)


@change.ask("confirm")
def ask_change(draft: Draft, facts: Facts) -> Form:
    taking = {id: _take_part(draft, facts, id) for id in _added(draft, facts)}
    given_up = tuple(seat for seat in facts.active if seat.occasion not in draft.occasions)
    left = dict.fromkeys(seat.occasion for seat in given_up)
    cost = fee(facts.programme, given_up, facts.now)
    return Form(
        _("Is this right?"),
        intro=(facts.programme.title, *occasions.waiting_there(facts.programme, tuple(_full(draft, facts)))),
        facts=(
            *_added_facts(facts, taking),
            *(Fact(_("Given up"), _occasion_label(facts, id)) for id in left),
            *((Fact(_("Cost of cancelling"), fee_words(facts.programme, cost)),) if given_up else ()),
            *_new_price(facts, given_up, {id: len(people) for id, people in taking.items()}, draft.lodging, cost),
            *((Fact(_("Access needs"), draft.needs),) if draft.needs else ()),
            *((Fact(_("Invoice reference"), draft.invoice),) if draft.invoice else ()),
            *((Fact(_("GLN"), draft.gln),) if draft.gln else ()),
        ),
        submit=_("Confirm"),
    )


def _new_price(
    facts: Facts, given_up: tuple[Seat, ...], more: Mapping[str, int], lodging: Collection[str], cost: int
) -> Iterator[Fact]:
    """What the organisation pays before and after, and what this change is: a package may break, or become complete."""
    if facts.programme.prices.free:
        return
    before, after = quotes(facts, given_up, more, lodging)
    if before == after:
        yield Fact(_("Price for your organisation"), after.in_words())
    else:
        of_this = _("This change, with the cost of cancelling") if cost else _("This change")
        yield from occasions.price_facts(before, after, of_this=of_this, besides=cost)


def _added_facts(facts: Facts, taking: Mapping[str, tuple[Participant, ...]]) -> Iterator[Fact]:
    """What is added, and who takes part: it need not be the one who reads this."""
    told = {id: _names(people) for id, people in taking.items()}
    alike = len(set(told.values())) == 1
    for id, (names, later) in told.items():
        yield Fact(_("Added"), _occasion_label(facts, id))
        if not alike:
            yield Fact(_("Takes part"), receipts.people(names, later))
    if alike:
        yield Fact(_("Takes part"), receipts.people(*next(iter(told.values()))))


def _full(draft: Draft, facts: Facts) -> Iterator[Words]:
    """The titles of what is added and has no room; what comes back has been held all the time."""
    for id in _added(draft, facts):
        _back, new = added(facts.booking.registration, id, _chosen_people(draft, facts), facts.now)
        left = 0 if id in facts.awaited() else facts.left.get(id)
        if new and left is not None and left < len(new):
            yield facts.programme.occasion(id).title


def _names(people: tuple[Participant, ...]) -> tuple[tuple[str, ...], int]:
    """Those who have one, and how many have none yet."""
    named = sorted((one.name for one in people if one.name), key=str.casefold)
    return tuple(named), len(people) - len(named)


def _take_part(draft: Draft, facts: Facts, occasion: str) -> tuple[Participant, ...]:
    """Who sits at an occasion when it is added, one for each seat."""
    back, new = added(facts.booking.registration, occasion, _chosen_people(draft, facts), facts.now)
    return (*(seat.participant for seat in back), *new)


def _occasion_label(facts: Facts, id: str) -> Words:
    return occasions.label(facts.programme, facts.programme.occasion(id))


change.rescue(DeadlinePassed, back_to="details")
change.rescue(AlreadyRegistered, back_to="details")
change.rescue(Overtaken, back_to="details")


@change.on_done
def amend(draft: Draft, facts: Facts, desk: RegistrationDesk) -> Notice:
    gave_up = tuple(seat for seat in facts.active if seat.occasion not in draft.occasions)
    cost = fee(facts.programme, gave_up, facts.now)
    registration = desk.change(
        Change(
            registration=draft.registration,
            occasions=draft.occasions,
            lodging=frozenset(draft.lodging),
            people=_chosen_people(draft, facts),
            seen=draft.seen,
            invoice_reference=draft.invoice,
            gln=draft.gln,
            needs=draft.needs,
        )
    )
    receipt = receipts.registered(
        facts.programme,
        registration,
        total=desk.priced(facts.programme.id, registration.organisation_key),
        calendar=desk.calendar,
        now=facts.now,
        changed=True,
        gave_up=gave_up,
        fee=fee_words(facts.programme, cost) if cost else "",
    )
    desk.tell(facts.person.id, receipt, key=f"changed:{registration.id}:{registration.version}")
    tell_those_who_sat(gave_up, facts, desk)
    before = {seat.id for seat in facts.booking.registration.seats if is_active(seat)}
    given = tuple(seat for seat in registration.seats if is_active(seat) and seat.id not in before)
    receipts.tell_colleagues(facts.programme, replace(registration, seats=given), facts.person, desk, facts.now)
    return Notice(_("Changed. A new receipt is in your conversation with Lärträff."), Tone.GOOD, points=True)
