"""Discussion groups: choosing one's own, and what coordinators do with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.conversation import Flow
from bot.domain.organisations import Directory
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Localised, Text, Words, _, n_
from bot.flows import buttons, occasions, organisations
from bot.flows.guests import counted, guests_of_programme, web_links
from bot.messages import Action, Button, Card, ChoiceField, Fact, Field, Form, Item, Notice, Option, TextField, Tone

MY_GROUP = "my_group"  # about a programme or nothing
CHOOSE = "choose_group"  # about a programme, and what to go on to
JOIN_ROLE = "join_role"  # about a programme, a role group, and what to go on to
JOIN = "join_group"  # about a group, and what to go on to
LEAVE = "leave_group"  # about a group
GROUPS = "groups"  # about a programme, for coordinators
HERE = "group_here"  # which group talks in this channel, for coordinators: nothing, or a group and the channel
NEW = "new_group"  # about a programme, for coordinators
REMOVE = "remove_group"  # about a group, for coordinators

FEW = 3
"""In a group of fewer everybody knows who has said what."""


# --- Choosing ---------------------------------------------------------------------------------------------------------


def choose(programme: Programme, groups: Sequence[tuple[str, Words]] = (), *, then: str = "") -> Card:
    """Which group the person belongs to.

    Parameters
    ----------
    groups
        (id, name) of discussion groups that belong to no role group.
    then
        The action to go on to once it is chosen, e.g. `note R1`.
    """
    return Card(
        _("Which group do you belong to?"),
        body=(programme.title, _("Then you get the questions for your group. You can change it at any time.")),
        buttons=choices(programme, groups, then=then),
    )


def choices(programme: Programme, groups: Sequence[tuple[str, Words]] = (), *, then: str = "") -> tuple[Button, ...]:
    """One button for each role group, and for each discussion group that belongs to none."""
    roles = tuple(
        Button(role.name, _on(JOIN_ROLE, f"{programme.id} {role.id}", then), opens_form=bool(then))
        for role in programme.role_groups
    )
    return (*roles, *joins(groups, then=then))


def joins(groups: Iterable[tuple[str, Words]], *, then: str) -> tuple[Button, ...]:
    """One button for each discussion group, to join it and go on."""
    return tuple(_join(id, name, then) for id, name in groups)


def _join(id: str, name: Words, then: str) -> Button:
    return Button(name, _on(JOIN, id, then), opens_form=bool(then))


def _on(do: str, about: str, then: str) -> Action:
    return Action(do, f"{about} {then}".rstrip())


def choose_among(role: Words, groups: Sequence[tuple[str, Words]], *, then: str = "") -> Card:
    """Which of several discussion groups of the same role group."""
    return Card(
        _("Which of these groups do you talk in?"),
        body=(role,) if role else (),
        buttons=joins(groups, then=then),
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """A group that the person belongs to."""

    id: str
    name: Words
    role: Words


def mine(programme: Programme, groups: Sequence[Mine], *, coordinates: bool = False) -> Card:
    """The person's groups in a programme."""
    own = (all_groups(programme.id),) if coordinates else ()
    return Card(
        _("Your groups"),
        body=(programme.title,) if groups else (programme.title, _("You have not chosen a group yet.")),
        items=tuple(
            Item(
                one.name,
                (one.role,) if one.role and not called_after(one.name, one.role) else (),
                buttons=(Button(_("Leave the group"), Action(LEAVE, one.id)),),
            )
            for one in groups
        ),
        buttons=(Button(_("Choose a group"), Action(CHOOSE, programme.id)), *own),
    )


def called_after(name: Words, role: Words) -> bool:
    """Whether a group is called as its role is, in any language: then the role need not be said as well."""
    return name == role or (isinstance(role, Localised) and name in role.wordings.values())


def which_programme(programmes: Collection[Programme]) -> Card:
    ways = [Button(occasions.programme_name(one, programmes), Action(MY_GROUP, one.id)) for one in programmes]
    items, short = buttons.to_choose(ways)
    nothing = _("You do not take part in any programme yet. Register first, then choose your group.")
    if not (items or short):
        return Card(_("Your groups"), body=(nothing,), buttons=(buttons.ALL_PROGRAMMES,))
    return Card(_("Your groups"), items=items, buttons=short)


def joined(name: Words, programme: Programme, others: Sequence[tuple[str, Words]] = ()) -> Card:
    """Of `others`, groups of another role as (id, name), the person is a member still: few have two roles."""
    return Card(
        _("You belong to {group} now", group=name),
        body=(programme.title, _("I write to you when there is a question for your group.")),
        items=tuple(
            Item(
                _("You still belong to {group}, too", group=other),
                (_("If that is no longer right, leave it here."),),
                buttons=(Button(_("Leave the group"), Action(LEAVE, id)),),
            )
            for id, other in others
        ),
        buttons=(Button(_("Your groups"), Action(MY_GROUP, programme.id)),),
        tone=Tone.GOOD,
    )


def left(name: Words, programme: Programme) -> Card:
    return Card(
        _("You have left {group}", group=name),
        body=(_("What the group has written stays."),),
        buttons=(Button(_("Choose a group"), Action(CHOOSE, programme.id)),),
    )


# --- Coordinators -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """A discussion group as coordinators see it."""

    id: str
    name: Words
    role: Words
    size: int
    channel: Words = ""  # where it talks
    organisation: str = ""
    takers: tuple[tuple[Words, Words], ...] = ()  # open round and who takes the notes in it
    guests: int = 0  # among the members


def all_groups(programme: str) -> Button:
    return Button(_("All groups"), Action(GROUPS, programme))


def new_group(programme: str) -> Button:
    return Button(_("New group"), Action(NEW, programme), opens_form=True)


def groups(programme: Programme, found: Sequence[Listing]) -> Card:
    """All discussion groups of a programme."""
    nothing = (
        _("No group yet. The first one of a role comes by itself when somebody chooses it."),
        _("If several groups of the same role talk at the same time, make one for each."),
    )
    return Card(
        _("Groups: {title}", title=programme.title),
        body=(_("To say which group talks in a channel, mention me there and write “group”."),) if found else nothing,
        items=tuple(_listing(one) for one in found),
        buttons=(new_group(programme.id), web_links(programme.id), guests_of_programme(programme.id)),
    )


def _listing(one: Listing) -> Item:
    few = (_("Only {n} of them: the talk is better, and less easy to trace, with three.", n=one.size),)
    return Item(
        one.name,
        tuple(words for words in ("" if called_after(one.name, one.role) else one.role, one.organisation) if words)
        + (few if 0 < one.size < FEW else ()),
        facts=(
            Fact(_("Members"), counted(one.size, one.guests)),
            *((Fact(_("Channel"), one.channel),) if one.channel else ()),
            *(Fact(title, _("{name} takes notes", name=name)) for title, name in one.takers),
        ),
        buttons=() if one.size else (Button(_("Remove"), Action(REMOVE, one.id), tone=Tone.DANGER),),
    )


def too_few(name: Words, members: int) -> Text:
    """Of a group with fewer than `FEW`: its notes have no name on them, and tell all the same whose they are."""
    return n_(
        "{group}: {n} person. The others can tell who has answered.",
        "{group}: {n} people. The others can tell who has answered.",
        members,
        group=name,
    )


def if_few() -> Text:
    """Where nobody knows how many sit around the table."""
    return _("If there are fewer than three of you in the group, the others can tell who has answered.")


def removed(name: Words) -> Notice:
    return Notice(_("The group is removed: {name}", name=name), Tone.GOOD)


def which_talks_here(found: Sequence[tuple[str, Words, Words]], channel: str) -> Card:
    """Which group talks in a channel; `found` are (id, name, programme). The buttons name the channel."""
    nothing = _("There are no groups yet. Make one first: write “group” to me directly.")
    return Card(
        _("Which group talks in this channel?"),
        body=(_("Whoever presses “Take notes” here then writes for that group."),) if found else (nothing,),
        items=tuple(
            Item(name, (programme,), buttons=(Button(_("This one"), Action(HERE, f"{id} {channel}")),))
            for id, name, programme in found
        ),
    )


def talks_here(name: Words, programme: Programme) -> Card:
    """Said in the channel for everybody to see."""
    return Card(
        _("{group} talks here", group=name),
        body=(programme.title, _("When there is a question it comes here. Whoever presses “Take notes” writes.")),
        tone=Tone.GOOD,
    )


def talks_there(name: Words) -> Notice:
    """To the coordinator."""
    return Notice(_("{group} talks in the channel now.", group=name), Tone.GOOD)


# --- A new group ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What a coordinator has said about a new group."""

    programme: str
    name: str = ""
    role: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class NewGroupFacts:
    """What the form looks at."""

    programme: Programme
    directory: Directory


class GroupDesk(Protocol):
    """What the form acts through."""

    def found(self, programme: str, role: str, name: str, organisation_key: str) -> None:
        """Make the group, unless one of this name is there."""


founding: Flow[NewGroup, NewGroupFacts, GroupDesk] = Flow(NEW, NewGroup, version=1)


@founding.ask("group")
def ask_group(state: NewGroup, facts: NewGroupFacts) -> Form:
    roles = tuple(Option(role.id, role.name) for role in facts.programme.role_groups)
    which: tuple[Field, ...] = (ChoiceField("role", _("Role"), roles),) if roles else ()
    hint = _("Only if all in the group come from the same one.")
    return Form(
        _("New group"),
        (
            TextField("name", _("Name"), hint=_("For example Strategists, group 2"), max_chars=60),
            *which,
            TextField("organisation", _("Organisation"), hint=hint, required=False, max_chars=100),
        ),
        submit=_("Save"),
    )


@founding.check("group")
def check_group(state: NewGroup, facts: NewGroupFacts) -> NewGroup:
    if not state.organisation:
        return state
    return replace(state, organisation=organisations.named(facts.directory, state.organisation).name)


@founding.on_done
def done_founding(state: NewGroup, facts: NewGroupFacts, desk: GroupDesk) -> Card:
    key = organisations.named(facts.directory, state.organisation).key if state.organisation else ""
    desk.found(state.programme, state.role, state.name, key)
    return Card(
        _("The group is there: {name}", name=state.name),
        body=(
            _("Those who choose the role are asked whether they talk in it."),
            _("To say which group talks in a channel, mention me there and write “group”."),
        ),
        buttons=(all_groups(state.programme), new_group(state.programme)),
        tone=Tone.GOOD,
    )
