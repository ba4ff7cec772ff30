"""Registering: which meetings, who takes part, for which organisation, and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.conversation import Flow
from bot.domain.organisations import Organisation
from bot.domain.programmes import Enrolment, Format, Occasion, Programme
from bot.domain.refusals import AlreadyRegistered, DeadlinePassed, FieldRefused, SeatTaken
from bot.domain.registrations import Register
from bot.domain.words import Day, Listed, Text, Words, _
from bot.flows import occasions, receipts
from bot.flows.booking import (
    ALL,
    MOST_IN_ALL,
    MOST_NAMED,
    MOST_SEATS,
    MYSELF,
    NO,
    OTHER,
    OTHERS,
    YES,
    Draft,
    Facts,
    booked,
    organisation_of,
    own_occasions,
    own_place,
    places,
    quotes,
    seat_key,
    seats_of,
    spare_for,
    takes_spare,
)
from bot.messages import ChoiceField, Fact, Field, Form, Notice, NumberField, Option, TextField
from bot.ports import RegistrationDesk

flow: Flow[Draft, Facts, RegistrationDesk] = Flow("registration", Draft, version=1, keeps_refused=True)


def tells_room(programme: Programme, step: str) -> bool:
    """Whether the form at a step, or the one that follows it, says where there is room; no step is the beginning."""
    return step == "practical" or (step in ("", "occasions") and programme.enrolment is not Enrolment.COHORT)


# --- Which meetings -------------------------------------------------------------------------------------------------


@flow.ask("occasions")
def ask_occasions(draft: Draft, facts: Facts) -> Form | None:
    fields = tuple(_occasion_fields(facts))
    if not facts.open or not fields:
        return None
    return Form(
        _("Registration"),
        fields,
        intro=_introduction(facts),
        facts=cohort_facts(facts.programme) if facts.cohort else (),
    )


def _introduction(facts: Facts) -> tuple[Words, ...]:
    return (facts.programme.title, *occasions.price_words(facts.programme))


def _occasion_fields(facts: Facts) -> Iterator[Field]:
    if not facts.cohort:
        yield ChoiceField("occasions", _("Meetings"), facts.choices, many=True)
    prerequisite = facts.programme.prerequisite
    if prerequisite is not None:
        known = (Option(YES, _("Yes")), Option(NO, _("Not yet")))
        yield ChoiceField("prerequisite", _("{question}", question=prerequisite.question), known)


def cohort_facts(programme: Programme) -> tuple[Fact, ...]:
    """The meetings that belong to the whole, and the last day to register."""
    meetings = tuple(
        Fact(_("Meeting {n}", n=n), occasions.titled(programme, o)) for n, o in enumerate(programme.occasions, 1)
    )
    if programme.deadline is None:
        return meetings
    return (*meetings, Fact(_("Register by"), occasions.deadline(programme, programme.occasions[0])))


@flow.check("occasions")
def tidy_occasions(draft: Draft, facts: Facts) -> Draft:
    if facts.cohort or ALL not in draft.occasions:
        return draft
    return replace(draft, occasions=tuple(option.value for option in facts.choices if option.value != ALL))


@flow.ask("prior_knowledge")
def ask_prior_knowledge(draft: Draft, facts: Facts) -> Form | None:
    prerequisite = facts.programme.prerequisite
    if prerequisite is None or draft.prerequisite != NO:
        return None
    return Form(
        _("Get ready first"),
        intro=(prerequisite.help, _("You are welcome all the same. The links come with your receipt.")),
        facts=tuple(
            Fact(_("To read"), _("{title}: {url}", title=link.title, url=link.url)) for link in prerequisite.links
        ),
        submit=_("Continue"),
    )


# --- Who, and for whom ----------------------------------------------------------------------------------------------


_WHO = (
    TextField("name", _("Name"), max_chars=120),
    TextField("email", _("E-mail"), email=True, max_chars=254),
    TextField("organisation", _("Organisation"), hint=_("Municipality, region or other"), max_chars=120),
)
_TAKES_PART = ChoiceField(
    "takes_part",
    _("Who takes part?"),
    (Option(MYSELF, _("Only me")), Option(OTHERS, _("Colleagues, or several of us"))),
)
_NEEDS = TextField(
    "needs",
    _("Access needs"),
    hint=_("For example hearing loop, step-free access or food. Only the organiser sees this."),
    required=False,
    long=True,
    max_chars=500,
)


@flow.ask("person")
def ask_person(draft: Draft, facts: Facts) -> Form | None:
    opening = facts.cohort and facts.programme.prerequisite is None  # the first form: say here what it is about
    return Form(
        _("About you"),
        (*_WHO, *_role_field(facts.programme), _TAKES_PART, _NEEDS),
        intro=_introduction(facts) if opening else (facts.programme.title,),
        facts=cohort_facts(facts.programme) if opening else (),
        values=_known(draft, facts),
    )


def _role_field(programme: Programme) -> tuple[Field, ...]:
    """In a programme with role groups: so that the questions somebody gets are those of their role."""
    if not programme.role_groups:
        return ()
    roles = tuple(Option(group.id, group.name) for group in programme.role_groups)
    hint = _("So that you get the questions for your role. You can change it later.")
    return (ChoiceField("role", _("Your role"), roles, hint=hint, required=False),)


def _known(draft: Draft, facts: Facts) -> Mapping[str, str]:
    """What we know already, so that nobody types it again."""
    organisation = facts.directory.get(facts.person.organisation or "")
    return {
        "name": draft.name or facts.person.name,
        "email": draft.email or facts.person.email,
        "organisation": draft.organisation or (organisation.name if organisation else ""),
    }


@flow.check("person")
def check_person(draft: Draft, facts: Facts) -> Draft:
    taken = [occasion for occasion in booked(draft, facts) if occasion.id in facts.mine]
    if draft.takes_part == MYSELF and taken:
        raise FieldRefused("takes_part", _has_seat(taken[0]))
    return replace(draft, chosen="", spare=(), takes_spare="")


def _has_seat(occasion: Occasion) -> Words:
    return _("You are already registered for {title}. Choose colleagues, or another meeting.", title=occasion.title)


@flow.ask("organisation")
def ask_organisation(draft: Draft, facts: Facts) -> Form | None:
    matches = facts.directory.search(draft.organisation)
    if matches.exact is not None:
        return None
    found = tuple(Option(match.key, match.name, _country(match)) for match in matches.suggestions)
    as_typed = Option(OTHER, _("Another organisation: {name}", name=draft.organisation))
    return Form(
        _("Your organisation"),
        (ChoiceField("chosen", _("Organisation"), (*found, as_typed)),),
        intro=(_("You wrote “{typed}”. Which one do you mean?", typed=draft.organisation),),
    )


def _country(organisation: Organisation) -> Words:
    return _("Sweden") if organisation.country == "SE" else _("Norway")


@flow.ask("places")
def askplaces(draft: Draft, facts: Facts) -> Form | None:
    if draft.takes_part != OTHERS:
        return None
    hint = _("You can fill in the names now or later.")
    meetings = len(booked(draft, facts))
    most = min(MOST_SEATS, MOST_IN_ALL // meetings)
    seats = NumberField("places", _("Seats at each meeting"), hint=hint, least=1, most=most)
    if meetings == 1:
        return Form(_("Seats"), (seats,))
    return Form(_("Seats"), (seats, _SAME), values={"same": draft.same or YES})


_SAME = ChoiceField(
    "same",
    _("Do the same people come to all the meetings?"),
    (Option(YES, _("Yes, the same")), Option(NO, _("No, different ones"))),
)


@flow.ask("colleagues")
def ask_colleagues(draft: Draft, facts: Facts) -> Form | None:
    if draft.takes_part != OTHERS:
        return None
    same = draft.same == YES
    fields = tuple(_fields_for_all(draft) if same else _colleague_fields(draft, facts))
    if len(fields) > 2 * MOST_NAMED:
        return None
    differ = () if same else (_("Different colleagues may come to different meetings."),)
    return Form(_("Who is coming?"), fields, intro=(_("Leave a name empty to fill it in later."), *differ))


def _fields_for_all(draft: Draft) -> Iterator[Field]:
    for number in range(1, draft.places + 1):
        labels = (_("Name {n}", n=number), _("E-mail {n}", n=number))
        name, email = (_("Name"), _("E-mail")) if draft.places == 1 else labels
        yield from _named(seat_key(draft, "", number), name, email, hint="")


def _named(key: str, name: Text, email: Text, *, hint: Words) -> Iterator[Field]:
    yield TextField(f"colleague.{key}", name, hint=hint, required=False, max_chars=120)
    yield TextField(f"colleague_email.{key}", email, hint=hint, required=False, email=True, max_chars=254)


def _colleague_fields(draft: Draft, facts: Facts) -> Iterator[Field]:
    meetings = booked(draft, facts)
    for occasion in meetings:
        meeting = occasions.label(facts.programme, occasion)
        day = occasions.short_day(occasion.starts_at, facts.programme.zone)
        for number in range(1, draft.places + 1):
            name, email = _colleague_labels(day, number, alone=draft.places == 1, one_meeting=len(meetings) == 1)
            yield from _named(seat_key(draft, occasion.id, number), name, email, hint=meeting)


@flow.check("colleagues")
def check_colleagues(draft: Draft, facts: Facts) -> Draft:
    for occasion in booked(draft, facts):
        number = own_place(draft, occasion.id)
        if number and occasion.id in facts.mine:
            raise FieldRefused(f"colleague.{seat_key(draft, occasion.id, number)}", _has_seat(occasion))
    return draft


def _colleague_labels(day: Day, number: int, *, alone: bool, one_meeting: bool) -> tuple[Text, Text]:
    """Labels that tell the fields apart, also when they are read aloud one by one."""
    if alone and one_meeting:
        return _("Name"), _("E-mail")
    if alone:
        return _("Name, {day}", day=day), _("E-mail, {day}", day=day)
    return _("Name {n}, {day}", n=number, day=day), _("E-mail {n}, {day}", n=number, day=day)


# --- Practical matters ----------------------------------------------------------------------------------------------


_GUIDE = ChoiceField(
    "guide",
    _("Would you like a simple guide to joining online?"),
    (Option(YES, _("Yes, please")), Option(NO, _("No, thank you"))),
)
_INVOICE = TextField("invoice", _("Invoice reference"), hint=_("As your finance office wants it"), max_chars=60)


@flow.ask("practical")
def ask_practical(draft: Draft, facts: Facts) -> Form | None:
    fields = tuple(_practical_fields(draft, facts))
    if not fields:
        return None
    # Lodging and meals belong to the programme, so everything is chosen until someone says otherwise.
    untold = facts.programme.asks_lodging and draft.lodging is None
    values = {"lodging": tuple(occasion.id for occasion in booked(draft, facts))} if untold else {}
    return Form(_("Practical matters"), fields, values=values)


def _practical_fields(draft: Draft, facts: Facts) -> Iterator[Field]:
    programme = facts.programme
    if programme.asks_lodging:
        nights = tuple(Option(o.id, occasions.label(programme, o)) for o in booked(draft, facts))
        hint = _("Untick the meetings where you do not need them.")
        yield ChoiceField("lodging", _("Lodging and meals"), nights, hint=hint, required=False, many=True)
    if programme.joining_guide is not None and any(o.format is not Format.ON_SITE for o in booked(draft, facts)):
        yield _GUIDE
    if not programme.priced_for(organisation_of(draft, facts)[0]).prices.free:
        yield _INVOICE
        yield occasions.gln_field()


@flow.check("practical")
def check_practical(draft: Draft, facts: Facts) -> Draft:
    return replace(draft, gln=occasions.read_gln(draft.gln)) if draft.gln else draft


# --- A seat that is booked already -----------------------------------------------------------------------------------


@flow.ask("spare")
def ask_spare(draft: Draft, facts: Facts) -> Form | None:
    """A manager books, and each colleague registers: nobody should take, and pay for, a second seat."""
    spare = spare_for(draft, facts) if draft.takes_part == MYSELF else {}
    if not spare:
        return None
    organisation = organisation_of(draft, facts)[1]
    there = (one for one in booked(draft, facts) if one.id in spare)
    return Form(
        _("Is there a seat for you already?"),
        (ChoiceField("takes_spare", _("Which seat do you want?"), tuple(_spare_options(facts))),),
        intro=(
            _("{organisation} has booked seats without a name here.", organisation=organisation),
            _("One of them may be meant for you."),
        ),
        facts=tuple(Fact(_("Meeting"), occasions.label(facts.programme, one)) for one in there),
    )


def _spare_options(facts: Facts) -> Iterator[Option]:
    free = facts.programme.prices.free
    yield Option(YES, _("One that is booked already"), "" if free else _("costs nothing more"))
    yield Option(NO, _("A new one"))


@flow.check("spare")
def note_spare(draft: Draft, facts: Facts) -> Draft:
    """What was said has to hold when it is confirmed."""
    return replace(draft, spare=tuple(spare_for(draft, facts)))


# --- Confirm --------------------------------------------------------------------------------------------------------


@flow.ask("confirm", only_shown=True)
def ask_confirm(draft: Draft, facts: Facts) -> Form | None:
    meetings = booked(draft, facts)
    return Form(
        _("Is this right?"),
        intro=tuple(_warnings(draft, facts, meetings)),
        facts=tuple(_summary(draft, facts, meetings)),
        submit=_("Confirm"),
    )


def _warnings(draft: Draft, facts: Facts, meetings: tuple[Occasion, ...]) -> Iterator[Words]:
    own = own_occasions(draft, facts)
    for occasion in meetings:
        if occasion.id in own and occasion.id in facts.busy:
            other = facts.busy[occasion.id]
            yield _("Note: {other}, which you are registered for, is at the same time as {title}.",
                    title=occasion.title, other=other)  # fmt: skip
    full = tuple(o.title for o in meetings if _lacks_room(draft, facts, o))
    programme, (organisation_key, organisation) = facts.programme, organisation_of(draft, facts)
    yield from occasions.waiting_there(programme.priced_for(organisation_key), full)
    if organisation_key in programme.agreed:
        yield _("The prices have changed since {organisation} first registered. The earlier ones still hold for you.",
                organisation=organisation)  # fmt: skip


def _lacks_room(draft: Draft, facts: Facts, occasion: Occasion) -> bool:
    left = facts.left[occasion.id]
    return left is not None and left < places(draft) and occasion.id not in takes_spare(draft)


def _summary(draft: Draft, facts: Facts, meetings: tuple[Occasion, ...]) -> Iterator[Fact]:
    programme = facts.programme
    organisation_key, organisation = organisation_of(draft, facts)
    yield Fact(_("Programme"), programme.title)
    for occasion in meetings:
        yield Fact(_("Meeting"), occasions.titled(programme, occasion))
    yield Fact(_("Name"), draft.name)
    yield Fact(_("E-mail"), draft.email)
    yield Fact(_("Organisation"), organisation)
    if draft.takes_part == OTHERS:
        yield Fact(_("Takes part"), _who_takes_part(draft, facts))
    if spare := tuple(one.title for one in meetings if one.id in takes_spare(draft)):
        yield Fact(_("Seats booked already"), Listed(spare))
    if role := programme.role_group(_own_role(draft, facts)):
        yield Fact(_("Your role"), role.name)
    if draft.needs:
        yield Fact(_("Access needs"), draft.needs)
    if programme.asks_lodging:
        yield occasions.lodging(tuple(o for o in meetings if o.id in (draft.lodging or ())))
    yield from occasions.price_facts(*quotes(draft, facts, organisation_key), of_this=_("This registration"))
    if draft.invoice:
        yield Fact(_("Invoice reference"), draft.invoice)
    if draft.gln:
        yield Fact(_("GLN"), draft.gln)
    if programme.cancellation:
        yield Fact(_("Cancelling"), programme.cancellation)


def _own_role(draft: Draft, facts: Facts) -> str:
    """The role of whoever registers, as far as they take part themself."""
    return draft.role if own_occasions(draft, facts) else ""


def _who_takes_part(draft: Draft, facts: Facts) -> Words:
    seats = seats_of(draft, facts)
    named = [p.name for _id, p in seats if p.name]
    later = len(seats) - len(named)
    if facts.cohort:  # nobody books a part of it: its seats are as many as the people
        later //= max(1, len(booked(draft, facts)))
    return receipts.people(list(dict.fromkeys(named)), later)


@flow.on_done
def register(draft: Draft, facts: Facts, desk: RegistrationDesk) -> Notice:
    key, name = organisation_of(draft, facts)
    registration = desk.register(
        Register(
            programme=facts.programme.id,
            organisation=name,
            organisation_key=key,
            name=draft.name,
            email=draft.email,
            seats=seats_of(draft, facts),
            lodging=frozenset(draft.lodging or ()),
            invoice_reference=draft.invoice,
            gln=draft.gln,
            needs=draft.needs,
            prerequisite=draft.prerequisite,
            role=_own_role(draft, facts),
            spare=takes_spare(draft),
        )
    )
    receipt = receipts.registered(
        facts.programme,
        registration,
        total=desk.priced(facts.programme.id, key),
        calendar=desk.calendar,
        now=facts.now,
        unprepared=draft.prerequisite == NO,
        guide=draft.guide == YES,
    )
    desk.tell(facts.person.id, receipt, key=f"receipt:{registration.id}")
    receipts.tell_colleagues(facts.programme, registration, facts.person, desk, facts.now)
    desk.ask_along(registration)  # last: what waits for an answer must not lie above a long receipt
    return receipts.done(registration)


flow.rescue(DeadlinePassed, back_to="occasions")
flow.rescue(AlreadyRegistered, back_to="person")
flow.rescue(SeatTaken, back_to="person")
