"""Who takes part for an organisation: told to whoever knows them, and what is said when somebody is not one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.programmes import Programme
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.flows import buttons, occasions, plan_cards, receipts
from bot.flows.appointing import APPOINT_CONTACT
from bot.flows.linking import platform_name
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone

WHO = "who_takes_part"  # about a programme, perhaps from which line on and for which organisation
NOT_OURS = "not_one_of_us"  # about a programme, an organisation and a person; so are those that follow
BELONGS = "belongs_here"
REMOVE = "remove_registration"
UNDO_REMOVE = "undo_remove_registration"

MOST = 8
"""People in one message: each has a button or two."""


@dataclass(frozen=True, slots=True)
class One:
    """Somebody who takes part for an organisation, as one reader sees them. `name` is what they call themselves."""

    about: str  # what a button about them says
    name: Words
    role: Words = ""
    platform: str = ""
    domain: str = ""  # of the e-mail address that the platform's own directory has
    denied: bool = False
    may: bool = False  # the reader may say that they are not one of them
    coordinator: bool = False  # the reader decides
    guest: bool = False  # has neither Slack nor Teams, and gets no messages
    may_let_back: bool = False  # the reader may take back that they are not one of them


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation in a programme."""

    programme: Programme
    key: str
    name: str  # untrusted

    def about(self, person: str) -> str:
        """What a button about somebody there says."""
        return f"{self.programme.id} {plan_cards.signed(self.key)} {person}"


def way(programme: str, key: str = "", start: int = 0) -> Button:
    """The way to the list of those who take part: for all organisations, or for one."""
    return Button(_("Who takes part"), Action(WHO, plan_cards.about(programme, key, start)))


# --- The list ---------------------------------------------------------------------------------------------------------


def told(place: Place, people: Sequence[One]) -> Card:
    """The day's news to whoever knows the organisation: who is new."""
    more = len(people) - MOST
    return Card(
        n_("{n} new person for {organisation}", "{n} new people for {organisation}", len(people),
           organisation=place.name),
        body=(
            place.programme.title,
            n_("A new person takes part for {organisation}, and sees its plan, boards and workshops. "
               "If you know them, there is nothing to do.",
               "They take part for {organisation} now, and see its plan, boards and workshops. "
               "If you know them, there is nothing to do.", len(people), organisation=place.name),
            *((n_("and {n} more: press “Who takes part”", "and {n} more: press “Who takes part”", more),)
              if more > 0 else ()),
        ),
        items=tuple(map(_entry, people[:MOST])),
        buttons=(way(place.programme.id, place.key),),
    )  # fmt: skip


def everybody(place: Place, people: Sequence[One], start: int = 0) -> Card:
    """All who take part for an organisation, those first who are not one of it."""
    ordered = sorted(people, key=lambda one: not one.denied)
    belong = sum(not one.denied for one in people)
    start = start if start < len(ordered) else 0
    following = start + MOST
    return Card(
        _("Who takes part for {organisation}", organisation=place.name),
        body=(place.programme.title, n_("{n} person", "{n} people", belong)),
        items=tuple(map(_entry, ordered[start:following])),
        buttons=_more(following < len(ordered), place.programme.id, place.key, following),
        refresh=Action(WHO, plan_cards.about(place.programme.id, place.key, start)),
    )


def organisations(programme: Programme, places: Sequence[tuple[str, str, int]], start: int = 0) -> Card:
    """Every organisation with how many take part for it; each is (key, name, number)."""
    start = start if start < len(places) else 0
    following = start + MOST
    shown = places[start:following]
    return Card(
        _("Who takes part: {title}", title=programme.title),
        body=(n_("{n} organisation takes part.", "{n} organisations take part.", len(places)),),
        items=tuple(
            Item(name, (n_("{n} person", "{n} people", number),), buttons=(way(programme.id, key),))
            for key, name, number in shown
        ),
        buttons=_more(following < len(places), programme.id, "", following),
    )


def choose(places: Sequence[Place]) -> Card:
    """Several lists: of programmes for coordinators, whose places have no name, of organisations for contacts."""
    ways = [replace(way(one.programme.id, one.key), label=_choice(one)) for one in places]
    items, short = buttons.to_choose(ways)
    return Card(_("Who takes part"), items=items, buttons=short)


def _choice(place: Place) -> Words:
    title = place.programme.title
    return _("{organisation}: {programme}", organisation=place.name, programme=title) if place.name else title


def _more(is_more: bool, programme: str, key: str, start: int) -> tuple[Button, ...]:
    return (Button(_("Show more"), Action(WHO, plan_cards.about(programme, key, start))),) if is_more else ()


def _entry(one: One) -> Item:
    return Item(one.name, tuple(_lines(one)), buttons=tuple(_ways(one)))


def _lines(one: One) -> Iterator[Words]:
    if one.role:
        yield one.role
    yield from writes_from(one)
    if one.denied:
        yield _(
            "Somebody has said that this person does not belong to the organisation. Its plan, boards and workshops "
            "are closed to them."
        )


def writes_from(one: One) -> Iterator[Words]:
    """Where somebody writes from, in words that the platform vouches for."""
    if one.platform and one.domain:
        yield _("Writes from {platform}, {domain}", platform=platform_name(one.platform), domain=one.domain)
    elif one.platform:
        yield _("Writes from {platform}", platform=platform_name(one.platform))
    elif one.guest:
        yield _("Guest, writes by a link of their own")
    else:
        yield _("Has not written to Lärträff yet")


def _ways(one: One) -> Iterator[Button]:
    if one.denied and one.coordinator:
        yield Button(_("Belongs here"), Action(BELONGS, one.about))
        yield Button(_("Remove the registration"), Action(REMOVE, one.about), tone=Tone.DANGER)
    elif one.denied and one.may_let_back:
        yield Button(_("Undo"), Action(BELONGS, one.about))
    elif one.may and not one.denied:
        label = _("Does not belong here") if one.coordinator else _("Not from our organisation")
        yield Button(label, Action(NOT_OURS, one.about))


# --- Somebody is not one of them --------------------------------------------------------------------------------------


def denied(place: Place, one: One) -> Card:
    """To whoever has said so, with the way back."""
    decide = (
        _("Remove the registration as well, or let them back if it was wrong.")
        if one.coordinator
        else _("The coordinators have been told, and decide about the registration.")
    )
    told = (
        _(
            "{name} is a guest and gets no messages from me, so tell them yourself if it may be a mistake.",
            name=one.name,
        )
        if one.guest
        else _("{name} has been told who to talk to.", name=one.name)
    )
    remove = Button(_("Remove the registration"), Action(REMOVE, one.about), tone=Tone.DANGER)
    return Card(
        _("Closed to {name} now: what is {organisation}’s own", name=one.name, organisation=place.name),
        body=(told, decide),
        buttons=(Button(_("Undo"), Action(BELONGS, one.about), tone=Tone.PRIMARY),
                 *((remove,) if one.coordinator else ())),
    )  # fmt: skip


def to_decide(place: Place, one: One, by: Words) -> Card:
    """The coordinators' matter: somebody of the organisation does not know somebody who has registered for it."""
    return Card(
        _("{name} may not be one of {organisation}", name=one.name, organisation=place.name),
        body=(
            _("{by} has said so. Until you decide, the organisation’s plan, boards and workshops are closed to {name}.",
              by=by, name=one.name),
        ),
        facts=(Fact(_("Programme"), place.programme.title), *(Fact(_("Account"), line) for line in writes_from(one))),
        buttons=(
            Button(_("Belongs here"), Action(BELONGS, one.about), tone=Tone.PRIMARY),
            Button(_("Remove the registration"), Action(REMOVE, one.about), tone=Tone.DANGER),
        ),
        tone=Tone.WARNING,
    )  # fmt: skip


def nobody_knows(place: Place, people: Sequence[One]) -> Card:
    """The coordinators' matter: the first ones of an organisation, with nobody there who could say who they are."""
    return Card(
        _("{organisation} takes part now, and has no contact", organisation=place.name),
        body=(
            _("Nobody there can tell me whether these belong to it. Please look, and appoint a contact: "
              "a contact is told of everybody who comes later."),
        ),
        facts=(
            Fact(_("Programme"), place.programme.title),
            *(Fact(one.name, next(writes_from(one))) for one in people[:MOST]),
        ),
        buttons=(way(place.programme.id, place.key), Button(_("Appoint contact"), Action(APPOINT_CONTACT))),
    )  # fmt: skip


def closed_to_you(place: Place) -> Card:
    """To the person: one sentence, and whom to talk to."""
    return Card(
        _("Your registration for {organisation}", organisation=place.name),
        body=(
            place.programme.title,
            _("Somebody there does not know you yet, so {organisation}’s plan, boards and workshops are closed to you "
              "for now; talk to {contact} if you belong there, and they open again.",
              organisation=place.name, contact=occasions.contact(place.programme)),
        ),
        tone=Tone.WARNING,
    )  # fmt: skip


def open_to_you(place: Place) -> Card:
    """To the person, when they belong after all."""
    return Card(
        _("All is well with your registration for {organisation}", organisation=place.name),
        body=(place.programme.title, _("Everything is open to you again. Write “group” to choose your group.")),
        tone=Tone.GOOD,
    )


def open_when_registered(place: Place) -> Card:
    """To the person, when they belong after all and their registration is gone."""
    return Card(
        _("You belong to {organisation} after all", organisation=place.name),
        body=(
            place.programme.title,
            _("Your registration is no longer there. Register again, and everything is open."),
        ),
        buttons=(buttons.ALL_PROGRAMMES,),
    )


def back_unregistered(place: Place, one: One) -> Card:
    """To whoever has let back somebody who is registered no more."""
    return Card(
        _("{name} belongs to {organisation}", name=one.name, organisation=place.name),
        body=(_("Their registration is no longer there. They have been asked to register again."),),
        buttons=(way(place.programme.id, place.key),),
    )


def back(place: Place, one: One) -> Card:
    """To whoever has let them back."""
    return Card(
        _("{name} belongs to {organisation}", name=one.name, organisation=place.name),
        body=(_("Everything is open to them again, and they have been told."),),
        buttons=(way(place.programme.id, place.key),),
        tone=Tone.GOOD,
    )


# --- The registration goes --------------------------------------------------------------------------------------------


def removed(place: Place, one: One, seats: tuple[Seat, ...]) -> Card:
    """To the coordinator who has removed a registration."""
    undo = Button(_("Undo"), Action(UNDO_REMOVE, one.about), tone=Tone.PRIMARY)
    if not seats:
        return Card(
            _("{name} has no registration for {organisation}", name=one.name, organisation=place.name),
            body=(_("Nothing had to be removed. What is the organisation’s own stays closed to them."),),
        )
    return Card(
        _("The registration is removed: {name}", name=one.name),
        body=(_("You can undo this for ten minutes. {name} has been told.", name=one.name),),
        facts=tuple(_meetings(place.programme, seats)),
        buttons=(undo,),
    )


def put_back(place: Place, one: One, seats: tuple[Seat, ...]) -> Card:
    return Card(
        _("The registration is back: {name}", name=one.name),
        body=(_("What is {organisation}’s own stays closed until you press “Belongs here”.", organisation=place.name),),
        facts=tuple(_meetings(place.programme, seats)),
        buttons=(Button(_("Belongs here"), Action(BELONGS, one.about)),),
    )


def your_registration_is_removed(place: Place, seats: tuple[Seat, ...]) -> Card:
    """To the person."""
    return Card(
        _("Your registration for {organisation} has been removed", organisation=place.name),
        body=(
            place.programme.title,
            _("If you come from another organisation, register for that one. Otherwise talk to {contact}.",
              contact=occasions.contact(place.programme)),
        ),
        facts=tuple(_meetings(place.programme, seats)),
        buttons=(buttons.ALL_PROGRAMMES,),
        tone=Tone.WARNING,
    )  # fmt: skip


def your_registration_is_back(place: Place, seats: tuple[Seat, ...]) -> Card:
    return Card(
        _("Your registration for {organisation} is back", organisation=place.name),
        body=(place.programme.title,),
        facts=tuple(_meetings(place.programme, seats)),
        tone=Tone.GOOD,
    )


def _meetings(programme: Programme, seats: tuple[Seat, ...]) -> Iterator[Fact]:
    for occasion, _there in receipts.by_occasion(programme, seats):
        yield Fact(_("Meeting"), occasions.label(programme, occasion))


# --- What cannot be done ----------------------------------------------------------------------------------------------


def not_yours() -> Text:
    return _("Only coordinators and the organisation’s contact can say that; where there is no contact, "
             "whoever was there first.")  # fmt: skip


def is_contact(name: Words) -> Text:
    return _("{name} is the organisation’s contact. A coordinator ends that first, under “who does what”.", name=name)


def is_vouched_for(name: Words) -> Text:
    return _("A coordinator has said that {name} belongs. Talk to them if that is wrong.", name=name)


def only_for_those_who_know() -> Text:
    return _("Who takes part for an organisation is shown to its contact and to coordinators.")


def belongs_after_all() -> Text:
    return _("They belong to the organisation. Press “Does not belong here” first if that is wrong.")


def gone() -> Text:
    return _("They no longer take part for the organisation. Nothing has changed.")


def nothing_to_undo() -> Notice:
    return Notice(_("There is nothing left to undo."))
