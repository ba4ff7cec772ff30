"""People without Slack or Teams: the links by which their groups write, and the guests who have a link of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.conversation import Flow
from bot.domain.programmes import Programme
from bot.domain.refusals import Refusal
from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Listed, Moment, Text, Words, _, n_
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Notice, Option, TextField, Tone

GUEST_LINK = "guest_link"  # about a round and a group
NEW_GUEST_LINK = "new_guest_link"  # about a round and a group
WEB_LINKS = "web_links"  # about a programme and perhaps a page, for coordinators
GUESTS = "guests"  # about a programme and perhaps a page, for coordinators
NEW_GUEST = "new_guest"  # about a programme, for coordinators
GUEST = "guest"  # a guest's own link: about the person, for coordinators
RENEW_GUEST = "renew_guest"
REMOVE_GUEST = "remove_guest"
CONFIRM_REMOVE_GUEST = "confirm_remove_guest"

T = TypeVar("T")

ON_A_PAGE = 10
"""Entries of a list. With a button or two each that is about half of what the tightest platform takes."""


# --- A group's link ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupLink:
    """The way to a group's form on the web."""

    round: Round
    group: str  # id
    name: Words  # of the group; untrusted
    address: str
    until: datetime  # UTC
    zone: str  # IANA name


def group_link(one: GroupLink, *, renewed: bool = False) -> Card:
    """The link to pass on to those who have neither Slack nor Teams."""
    return Card(
        _("Web link: {group}", group=one.name),
        body=(
            *((_("The old link opens nothing any more."),) if renewed else ()),
            one.round.title,
            _("For those in the group who have neither Slack nor Teams. They get the same form, as a page on the web."),
            one.address,
            _("Whoever has the link can write for the group without signing in. Give it only to those in the group."),
        ),
        facts=(Fact(_("Valid until"), Moment(one.until, one.zone)),),
        buttons=(
            Button(_("Open the page"), url=one.address),
            Button(_("New link"), Action(NEW_GUEST_LINK, f"{one.round.id} {one.group}")),
        ),
        tone=Tone.GOOD if renewed else Tone.PLAIN,
    )


def link_button(round: str, group: str) -> Button:
    return Button(_("Web link"), Action(GUEST_LINK, f"{round} {group}"))


def web_links(programme: str) -> Button:
    return Button(_("Web links"), Action(WEB_LINKS, programme))


@dataclass(frozen=True, slots=True)
class Writes:
    """A group that is asked in an open round."""

    round: Round
    group: str  # id
    name: Words  # untrusted


def links_of(programme: Programme, found: Sequence[Writes], page: int) -> Card:
    """Every open round and each group that it asks, to choose whose link to see."""
    nothing = _("No group is asked to take notes right now. Links are there when a round is open.")
    return Card(
        _("Web links: {title}", title=programme.title),
        body=() if found else (nothing,),
        items=tuple(
            Item(one.name, (one.round.title,), buttons=(link_button(one.round.id, one.group),))
            for one in _part(found, page)
        ),
        buttons=(*_ways(found, page, Action(WEB_LINKS, programme.id)), guests_of_programme(programme.id)),
    )


def no_link(round: Round) -> Text:
    """Why there is no link to a group's form."""
    if round.mode is Mode.SEALED:
        return _("In this round each person answers alone. Somebody without Slack or Teams gets a link of their own.")
    return _("The round is not open, so there is nothing to write.")


def for_the_note_taker() -> Text:
    return _("The link is given out by whoever takes the group’s notes, and by coordinators.")


# --- Guests -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account, as coordinators see them. Name and e-mail address are untrusted."""

    id: str
    name: str
    email: str
    group: Words  # its name


def counted(members: int, guests: int) -> Words:
    """How many belong to something, the guests apart."""
    return Listed(kinds(members, guests))


def kinds(members: int, guests: int) -> tuple[Words, ...]:
    """As `counted`, to stand in a list with more."""
    people, others = n_("{n} person", "{n} people", members - guests), n_("{n} guest", "{n} guests", guests)
    if not guests:
        return (people,)
    return (people, others) if members > guests else (others,)


def guests_of_programme(programme: str) -> Button:
    return Button(_("Guests"), Action(GUESTS, programme))


def _new_guest(programme: str) -> Button:
    return Button(_("New guest"), Action(NEW_GUEST, programme), opens_form=True)


def guests(programme: Programme, found: Sequence[Guest], page: int = 0) -> Card:
    """Everybody in the programme who has neither Slack nor Teams."""
    what = _("A guest has neither Slack nor Teams, and answers by a link of their own. They are asked like all others.")
    return Card(
        _("Guests: {title}", title=programme.title),
        body=(what,),
        items=tuple(_listed(one) for one in _part(found, page)),
        buttons=(_new_guest(programme.id), *_ways(found, page, Action(GUESTS, programme.id))),
    )


def _listed(one: Guest) -> Item:
    return Item(
        one.name,
        tuple(words for words in (one.group, one.email) if words),
        buttons=(
            Button(_("Link"), Action(GUEST, one.id)),
            Button(_("Remove the guest"), Action(REMOVE_GUEST, one.id), tone=Tone.DANGER),
        ),
    )


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A guest's own link."""

    guest: Guest
    programme: str
    address: str
    until: datetime  # UTC
    zone: str  # IANA name


def own_link(one: OwnLink, *, renewed: bool = False) -> Card:
    """To pass on to the guest, and to nobody else."""
    return Card(
        _("Link for {name}", name=one.guest.name),
        body=(
            *((_("The old link opens nothing any more."),) if renewed else ()),
            _("It leads to everything that {name} is asked in the programme, now and later.", name=one.guest.name),
            one.address,
            _("Whoever has the link answers as {name}. Send it to {name} alone.", name=one.guest.name),
            _("What {name} has answered alone is never shown by way of it, not to you either.", name=one.guest.name),
        ),
        facts=(
            *((Fact(_("E-mail"), one.guest.email),) if one.guest.email else ()),
            Fact(_("Valid until"), Moment(one.until, one.zone)),
        ),
        buttons=(
            Button(_("New link"), Action(RENEW_GUEST, one.guest.id)),
            guests_of_programme(one.programme),
        ),
        tone=Tone.GOOD,
    )


def ask_to_remove(one: Guest, programme: str) -> Card:
    return Card(
        _("Remove {name}?", name=one.name),
        body=(
            _("Name, e-mail address and link are erased, and so is what lies sealed from {name}.", name=one.name),
            _("What the group has written stays. This cannot be undone."),
        ),
        buttons=(
            Button(_("Remove the guest"), Action(CONFIRM_REMOVE_GUEST, one.id), tone=Tone.DANGER),
            guests_of_programme(programme),
        ),
        tone=Tone.WARNING,
    )


def removed() -> Notice:
    return Notice(_("The guest is removed, and the link opens nothing any more."), Tone.GOOD)


def _part(found: Sequence[T], page: int) -> Sequence[T]:
    """What stands on a page; of the last one that there is, for a page that is no more."""
    first = min(max(page, 0), max(len(found) - 1, 0) // ON_A_PAGE) * ON_A_PAGE
    return found[first : first + ON_A_PAGE]


def _ways(found: Sequence[object], page: int, action: Action) -> tuple[Button, ...]:
    """The way to the other pages."""
    last = max(len(found) - 1, 0) // ON_A_PAGE
    here = min(max(page, 0), last)
    before = (Button(_("Earlier"), Action(action.do, f"{action.about} {here - 1}")),) if here else ()
    after = (Button(_("More"), Action(action.do, f"{action.about} {here + 1}")),) if here < last else ()
    return (*before, *after)


# --- A new guest ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewGuest:
    """What a coordinator has said about a guest."""

    programme: str
    name: str = ""
    email: str = ""
    group: str = ""  # an option's value


@dataclass(frozen=True, slots=True)
class NewGuestFacts:
    """What the form looks at: the groups, and the role groups without one, as (value, name)."""

    programme: Programme
    groups: tuple[tuple[str, Words], ...]


class GuestDesk(Protocol):
    """What the form acts through."""

    def admit(self, programme: str, group: str, *, name: str, email: str) -> OwnLink | None:
        """Let a guest belong to a group, once; None when the group is no longer there."""


inviting: Flow[NewGuest, NewGuestFacts, GuestDesk] = Flow(NEW_GUEST, NewGuest, version=1)


@inviting.ask("guest")
def ask_guest(state: NewGuest, facts: NewGuestFacts) -> Form:
    return Form(
        _("New guest"),
        (
            TextField("name", _("Name"), max_chars=100),
            TextField(
                "email",
                _("E-mail"),
                hint=_("Only so that you remember where to send the link. I send nothing to it."),
                required=False,
                email=True,
            ),
            ChoiceField("group", _("Group"), tuple(Option(value, name) for value, name in facts.groups)),
        ),
        submit=_("Save"),
        intro=(_("For somebody who has neither Slack nor Teams. Ask them first: their name is stored."),),
    )


@inviting.on_done
def done_inviting(state: NewGuest, facts: NewGuestFacts, desk: GuestDesk) -> Card:
    link = desk.admit(state.programme, state.group, name=state.name, email=state.email)
    if link is None:
        raise Refusal(_("That group is no longer there. Write “group” to see those that are."))
    return own_link(link)


inviting.rescue(Refusal, back_to="guest")
