"""Posts: who coordinates, who stands in, who is an organisation's contact, and being away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Protocol

from bot.conversation import Flow
from bot.domain import times
from bot.domain.dates import read_day
from bot.domain.organisations import Directory
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _
from bot.flows import buttons, organisations
from bot.messages import Action, Button, Card, ChoiceField, Field, Form, Item, Notice, Option, TextField, Tone

POSTS = "posts"
APPOINT_COORDINATOR = "appoint_coordinator"
APPOINT_DEPUTY = "appoint_deputy"
APPOINT_CONTACT = "appoint_contact"
END_POST = "end_post"
CONFIRM_END_POST = "confirm_end_post"
LEAVE = "leave"
BACK = "back"

NOBODY = "nobody"

NEW_COORDINATOR = Button(_("Appoint coordinator"), Action(APPOINT_COORDINATOR))
NEW_DEPUTY = Button(_("Appoint deputy"), Action(APPOINT_DEPUTY))
NEW_CONTACT = Button(_("Appoint contact"), Action(APPOINT_CONTACT), opens_form=True)
WHO_DOES_WHAT = Button(_("Who does what"), Action(POSTS))
GOING_AWAY = Button(_("I will be away"), Action(LEAVE), opens_form=True)
BACK_AGAIN = Button(_("I am back"), Action(BACK), tone=Tone.PRIMARY)


def on_status(*, administrator: bool, appointed: bool, away: bool) -> tuple[Button, ...]:
    """What a coordinator's view offers to do about posts; only who is appointed has a place to be away from."""
    own = (BACK_AGAIN if away else GOING_AWAY,) if appointed else ()
    return (WHO_DOES_WHAT, *own, *((NEW_COORDINATOR,) if administrator else ()))


# --- Codes ------------------------------------------------------------------------------------------------------------


def code_for_coordinator(code: str) -> Card:
    asked = _("Ask the new coordinator to write to Lärträff: link {code}", code=code)
    return code_card(_("Appoint coordinator"), asked, _("A coordinator leads every programme here."))


def code_for_deputy(code: str) -> Card:
    return code_card(_("Appoint deputy"), _("Ask your deputy to write to Lärträff: link {code}", code=code))


def code_for_contact(code: str, organisation: str) -> Card:
    asked = _(
        "Ask the contact of {organisation} to write to Lärträff: link {code}", organisation=organisation, code=code
    )
    return code_card(_("Appoint contact"), asked)


def code_card(title: Text, asked: Text, *extent: Text) -> Card:
    """A code, with the words by which it is passed on, and how far the post reaches where that is not plain."""
    return Card(
        title,
        body=(
            asked,
            _("The code works once, for 14 days. Give it only to the one you appoint: whoever uses it gets the post."),
            *extent,
        ),
        buttons=(WHO_DOES_WHAT,),
    )


# --- What a code has led to -------------------------------------------------------------------------------------------


def now_coordinator(by: Words) -> Card:
    return Card(
        _("You are a coordinator now"),
        body=(
            _("{name} has appointed you.", name=by),
            _("Write “status” to see how the programmes stand. What needs you is sent to you in working hours."),
        ),
        buttons=(buttons.STATUS_OF_ALL, WHO_DOES_WHAT),
        tone=Tone.GOOD,
    )


def now_deputy(of: Words) -> Card:
    return Card(
        _("You stand in for {name} now", name=of),
        body=(
            _("While {name} is away, you get what {name} would have got and may do the same.", name=of),
            _("Otherwise you hear from me only when something has waited for two working days."),
        ),
        buttons=(buttons.STATUS_OF_ALL,),
        tone=Tone.GOOD,
    )


def now_contact(organisation: str, programme: Programme, by: Words, who: Button) -> Card:
    """To the new contact; `who` leads to those who take part already."""
    return Card(
        _("You are the contact of {organisation} now", organisation=organisation),
        body=(
            programme.title,
            _("{name} has appointed you. You are told what concerns your organisation’s seats.", name=by),
            _("Look at who takes part already, and say so if somebody is not one of you."),
            *(
                (_("You can lead a workshop at home too: write “workshop” when you want to begin."),)
                if programme.workshops
                else ()
            ),
        ),
        buttons=(who, buttons.MY_REGISTRATIONS),
        tone=Tone.GOOD,
    )


def is_coordinator(name: Words) -> Notice:
    return Notice(_("{name} is a coordinator now.", name=name), Tone.GOOD)


def is_deputy(name: Words) -> Notice:
    return Notice(_("{name} stands in for you now when you are away.", name=name), Tone.GOOD)


def is_contact(name: Words, organisation: str, programme: Programme) -> Notice:
    return Notice(
        _("{name} is the contact of {organisation} now: {programme}", name=name, organisation=organisation,
          programme=programme.title),
        Tone.GOOD,
    )  # fmt: skip


# --- Who does what ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a post. `post` names it to the button that ends it; empty when the reader may not."""

    name: Words
    title: Words
    lines: tuple[Words, ...] = ()
    post: str = ""


def posts(holders: Sequence[Holder], *more: Button, administrator: bool, has_deputy: bool) -> Card:
    """Everybody with a post, and what the reader can do about it; `more` are ways to appoint that stand elsewhere."""
    appoint = (NEW_COORDINATOR,) if administrator else ()
    deputy = (NEW_DEPUTY,) if has_deputy else ()
    return Card(
        _("Who does what"),
        body=() if holders else (_("Nobody has been appointed yet."),),
        items=tuple(_holder(one) for one in holders),
        buttons=(*appoint, *deputy, NEW_CONTACT, *more),
    )


def _holder(one: Holder) -> Item:
    end = (Button(_("End"), Action(END_POST, one.post)),) if one.post else ()
    return Item(one.name, (one.title, *one.lines), buttons=end)


def coordinator_title() -> Text:
    return _("Coordinator")


def administrator_title() -> Text:
    return _("Administrator, named where Lärträff is installed")


def deputy_title(of: Words) -> Text:
    return _("Stands in for {name}", name=of)


def contact_title(organisation: str, programme: Programme) -> Text:
    return _("Contact of {organisation}: {programme}", organisation=organisation, programme=programme.title)


def away_line(until: date) -> Text:
    return _("Away, back on {day}", day=Day(until))


def nameless() -> Text:
    """For somebody whose platform has not told their name."""
    return _("Somebody without a name")


def ask_to_end(one: Holder) -> Card:
    return Card(
        _("End this post?"),
        body=(_("{name}: {post}", name=one.name, post=one.title),),
        buttons=(
            Button(_("End it"), Action(CONFIRM_END_POST, one.post), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(POSTS)),
        ),
    )


def ended(one: Holder) -> Notice:
    return Notice(_("Ended. {name}: {post}", name=one.name, post=one.title), Tone.GOOD)


def your_post_ended(one: Holder) -> Notice:
    """To the one who had the post."""
    return Notice(_("This post of yours has ended: {post}", post=one.title))


# --- Going away -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leave:
    """What a coordinator has answered about being away."""

    until: str = ""
    deputy: str = NOBODY


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """What the form looks at."""

    now: datetime
    zone: str  # the coordinator's own
    colleagues: tuple[tuple[str, Words], ...]  # (person id, name) of those who can stand in


class LeaveDesk(Protocol):
    """What the flow acts through."""

    def leave(self, until: datetime, deputy: str) -> None:
        """The coordinator is away until then, and the deputy (person id, or nothing) stands in."""


away: Flow[Leave, LeaveFacts, LeaveDesk] = Flow("away", Leave, version=1)


@away.ask("leave")
def ask_leave(state: Leave, facts: LeaveFacts) -> Form:
    return Form(
        _("While you are away"),
        tuple(_leave_fields(facts)),
        submit=_("Save"),
        intro=(_("What comes up goes to the one who stands in for you. When you are back you get a short list."),),
    )


def _leave_fields(facts: LeaveFacts) -> tuple[Field, ...]:
    until = TextField("until", _("Back at work on"), hint=_("For example 15 August"), max_chars=40)
    if not facts.colleagues:
        return (until,)
    options = (*(Option(id, name) for id, name in facts.colleagues), Option(NOBODY, _("Nobody")))
    return (until, ChoiceField("deputy", _("Who stands in for you?"), options))


@away.check("leave")
def check_leave(state: Leave, facts: LeaveFacts) -> Leave:
    if read_day(state.until, local_day(facts.now, facts.zone)) is None:
        raise FieldRefused("until", _("Please write a day in the future, for example 15 August or 2027-08-15."))
    return state


@away.on_done
def done_leaving(state: Leave, facts: LeaveFacts, desk: LeaveDesk) -> Card:
    day = read_day(state.until, local_day(facts.now, facts.zone))
    assert day is not None, "checked when the form was answered"
    names = dict(facts.colleagues)
    desk.leave(times.instant(day, time(0), facts.zone), state.deputy if state.deputy in names else "")
    return leaving(day, names.get(state.deputy))


def leaving(until: date, deputy: Words | None) -> Card:
    """What holds while a coordinator is away."""
    who = (
        _("{name} stands in for you.", name=deputy)
        if deputy
        else _("Nobody stands in for you: what comes up goes to the other coordinators, or else to the administrators.")
    )
    return Card(
        _("You are away, back on {day}", day=Day(until)),
        body=(who, _("When you are back you get a short list of what has happened.")),
        buttons=(BACK_AGAIN,) if deputy else (NEW_DEPUTY, BACK_AGAIN),
        tone=Tone.GOOD,
    )


def going_away() -> Card:
    """Where no form can be opened at once: the button that opens it, and the words that need none."""
    return Card(
        _("While you are away"),
        body=(
            _("Write for example: away until 15 August. Or press the button to choose who stands in for you as well."),
        ),
        buttons=(GOING_AWAY,),
    )


def day_not_understood(typed: str) -> Notice:
    return Notice(
        _("I do not know which day “{typed}” is. Write for example: away until 15 August", typed=typed), Tone.WARNING
    )


def you_stand_in(name: Words, until: date) -> Card:
    """To the deputy, when the coordinator goes away."""
    return Card(
        _("You stand in for {name}", name=name),
        body=(
            _(
                "{name} is away until {day}. What needs a coordinator comes to you meanwhile.",
                name=name,
                day=Day(until),
            ),
        ),
        buttons=(buttons.STATUS_OF_ALL,),
    )


def is_back(name: Words) -> Notice:
    """To the deputy, when the coordinator is back."""
    return Notice(_("{name} is back. Thank you for standing in!", name=name), Tone.GOOD)


def back_again() -> Notice:
    return Notice(_("Good to have you back. What has happened comes in a message of its own."), Tone.GOOD)


def never_away() -> Notice:
    return Notice(_("You are not noted as away."))


# --- Contacts of organisations ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contact:
    """Which organisation gets a contact, in which programme."""

    programme: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What the form looks at."""

    programmes: tuple[Programme, ...]
    directory: Directory


class ContactDesk(Protocol):
    """What the flow acts through."""

    def contact_code(self, programme: str, organisation_key: str) -> str:
        """A one-time code that makes whoever uses it a contact of the organisation in the programme."""


contact: Flow[Contact, ContactFacts, ContactDesk] = Flow("contact", Contact, version=1)


@contact.ask("organisation")
def ask_organisation(state: Contact, facts: ContactFacts) -> Form:
    choice = tuple(Option(programme.id, programme.title) for programme in facts.programmes)
    which = (ChoiceField("programme", _("Programme"), choice),) if len(choice) > 1 else ()
    return Form(
        _("Appoint contact"),
        (*which, TextField("organisation", _("Organisation"), hint=_("For example Lunds kommun"), max_chars=100)),
        intro=(_("The contact is told what concerns the organisation’s seats."),),
    )


@contact.check("organisation")
def check_organisation(state: Contact, facts: ContactFacts) -> Contact:
    return replace(state, organisation=organisations.named(facts.directory, state.organisation).name)


@contact.on_done
def done_appointing(state: Contact, facts: ContactFacts, desk: ContactDesk) -> Card:
    organisation = organisations.named(facts.directory, state.organisation)
    programme = state.programme or facts.programmes[0].id
    return code_for_contact(desk.contact_code(programme, organisation.key), organisation.name)
