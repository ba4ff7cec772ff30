"""Discussion groups: one's own, and the channels, names and members that coordinators look after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Round
from bot.domain.words import Words, _
from bot.flows import channels as channel_words
from bot.flows import groups as flow
from bot.handlers import joining, prompting
from bot.handlers.audiences import asks_group, belonging_to
from bot.handlers.group_names import called
from bot.handlers.joining import denied_by, named_after, of, of_role
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.resting import resting
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from bot.ports import Address, Surface
from storage.belonging import people_of
from storage.bindings import Bindings
from storage.groups import Group
from storage.guests import Guests
from storage.rounds import Rounds

# --- Who belongs where ------------------------------------------------------------------------------------------------


def takes_part(scene: Scene, programme: str) -> bool:
    """With a seat, in a group, as a coordinator, or in a channel that the programme has to do with."""
    return (
        comes_from_its_channel(scene, programme)
        or scene.coordinates
        or scene.person.id in of(scene.visit).people_of_programme(programme)
    )


def comes_from_its_channel(scene: Scene, programme: str) -> bool:
    """Whether the event came from a channel that follows the programme, or that a group of it talks in."""
    here = _channel(scene)
    if here is None:
        return False
    bound = Bindings(scene.visit.connection, scene.visit.now).of_channel(here)
    talking = of(scene.visit).of_channel(here)
    return programme in {*(one.programme for one in bound), *(group.programme for group in talking)}


def check_takes_part(scene: Scene, programme: Programme) -> None:
    """Raises `NotAllowed`."""
    if not takes_part(scene, programme.id):
        raise NotAllowed(
            _(
                "This is for those who take part in {title}. "
                "Register first, or press the button in your group’s channel.",
                title=programme.title,
            )
        )


def check_concerned(scene: Scene, found: Round) -> None:
    """Raises `NotAllowed` for those whom a round has nothing to do with."""
    if not concerned(scene, found):
        check_takes_part(scene, scene.programme(found.programme))
        raise NotAllowed(_("This is for another organisation. Write “answer” to see what is open to you."))


def concerned(scene: Scene, found: Round) -> bool:
    """Whether a round has to do with somebody: one organisation's with its own people, and with coordinators."""
    if not found.organisation:
        return takes_part(scene, found.programme)
    here = any(asks_group(found, group) for group in talking_here(scene, found.programme))
    return here or scene.coordinates or scene.person.id in belonging_to(scene.visit, found)


def talking_here(scene: Scene, programme: str) -> tuple[Group, ...]:
    """The groups of a programme that talk in the channel which the event came from, but for those closed to them."""
    here = _channel(scene)
    talking = of(scene.visit).of_channel(here) if here else ()
    shut = denied_by(scene.visit, programme, scene.person.id) if talking else frozenset()
    return tuple(one for one in talking if one.programme == programme and one.organisation_key not in shut)


def own_group(scene: Scene, id: str) -> Group:
    """A group that the person belongs to. Raises `Gone` or `NotAllowed`."""
    group = known(scene, id)
    if not _belongs(scene, group):
        name = called(scene.visit, group)
        raise NotAllowed(_("You do not belong to {group}. Write “group” to choose it.", group=name))
    return group


def _belongs(scene: Scene, group: Group) -> bool:
    """Whether the person is in the group. Raises `NotAllowed` for those who are not to learn its name."""
    if belongs(scene, group):
        return True
    check_takes_part(scene, scene.programme(group.programme))
    return False


def belongs(scene: Scene, group: Group) -> bool:
    """Whether the person is in the group: in the whole one are all whom it is about, and whoever leads them."""
    if not group.is_whole:
        return scene.person.id in of(scene.visit).members(group.id)
    if not group.organisation_key:
        return takes_part(scene, group.programme)
    theirs = people_of(scene.visit.connection, group.programme, group.organisation_key)
    return scene.coordinates or scene.person.id in theirs


def known(scene: Scene, id: str) -> Group:
    """Raises `Gone`."""
    group = of(scene.visit).get(id)
    if group is None:
        raise Gone(_("That group is no longer there. Write “group” to see those that are."))
    return group


def role_name(programme: Programme, group: Group) -> Words:
    role = programme.role_group(group.role)
    return role.name if role is not None else ""


def box_of(found: Round, group: Group) -> Words | None:
    """The name of the box that a group writes into; None when the round does not ask it."""
    if not asks_group(found, group):
        return None
    try:
        return found.box(group.role).name
    except KeyError:
        return None


def _channel(scene: Scene) -> Address | None:
    here = scene.inbound.came_from
    return here if here.surface is Surface.CHANNEL else None


# --- One's own --------------------------------------------------------------------------------------------------------


def my_group(scene: Scene, about: str) -> Outcome:
    """`group`: one's own groups; said by a coordinator in a channel, which group talks there."""
    if not about and _channel(scene) is not None and scene.coordinates:
        return here(scene, "")
    if about:
        programme = scene.programme(about)
        check_takes_part(scene, programme)
        return Show(_mine(scene, programme))
    taking_part = [one for one in scene.programmes if takes_part(scene, one.id)]
    if len(taking_part) == 1:
        return Show(_mine(scene, taking_part[0]))
    return Show(flow.which_programme(taking_part))


def _mine(scene: Scene, programme: Programme) -> View:
    own = of(scene.visit).of_person(programme.id, scene.person.id)
    if not own and not scene.coordinates:
        return choice(scene, programme)
    shown = [flow.Mine(group.id, called(scene.visit, group), role_name(programme, group)) for group in own]
    return flow.mine(programme, shown, coordinates=scene.coordinates)


def choice(scene: Scene, programme: Programme, *, then: str = "", organisation: str = "") -> View:
    """The card that asks which group somebody belongs to, of one organisation's perhaps; `then` is what follows."""
    out_of_use = resting(scene.visit, programme.id)
    offered = (one for one in of_role(scene.visit, programme.id, "", organisation) if one.id not in out_of_use)
    free = [(group.id, called(scene.visit, group)) for group in offered if may_join(scene, group)]
    if not free and not programme.role_groups:
        made = named_after(scene.visit, programme, "", organisation)
        free = [(made.id, called(scene.visit, made))]
    return flow.choose(programme, free, then=then)


def may_join(scene: Scene, group: Group) -> bool:
    """Whether somebody can choose a group: not one of another organisation than those they take part for."""
    return joining.may_join(scene.visit, group, scene.person.id)


def choose(scene: Scene, about: str) -> Outcome:
    id, _blank, then = about.partition(" ")
    programme = scene.programme(id)
    check_takes_part(scene, programme)
    return Show(choice(scene, programme, then=then))


def leave(scene: Scene, about: str) -> Outcome:
    group = known(scene, about)
    if _belongs(scene, group):
        of(scene.visit).leave(group.id, scene.person.id)
    return Show(flow.left(called(scene.visit, group), scene.programme(group.programme)))


# --- Coordinators -----------------------------------------------------------------------------------------------------


def overview(scene: Scene, about: str) -> Outcome:
    """All groups of a programme."""
    programme = scene.programme(about)
    return Show(flow.groups(programme, tuple(_listings(scene, programme))))


def _listings(scene: Scene, programme: Programme) -> Iterator[flow.Listing]:
    sizes, guests = of(scene.visit).sizes(programme.id), _guests(scene.visit, programme.id)
    rounds = Rounds(scene.visit.connection, scene.visit.now)
    running = [(one, rounds.note_takers(one.id)) for one in rounds.of_programme(programme.id) if one.is_open]
    order = [role.id for role in programme.role_groups]
    found = of(scene.visit).of_programme(programme.id)
    for group in sorted(found, key=lambda one: order.index(one.role) if one.role in order else -1):
        organisation = scene.visit.surroundings.directory.get(group.organisation_key)
        yield flow.Listing(
            group.id,
            called(scene.visit, group),
            role_name(programme, group),
            sizes.get(group.id, 0),
            channel_name(scene.visit, group),
            organisation.name if organisation is not None else "",
            tuple((one.title, scene.visit.name_of(takers[group.id])) for one, takers in running if group.id in takers),
            guests=guests[group.id],
        )


def _guests(visit: Visit, programme: str) -> Counter[str]:
    """Group → how many of its members are guests."""
    there = of(visit).memberships(programme)
    among = {one.id for one in Guests(visit.connection, visit.now).among([person for _group, person in there])}
    return Counter(group for group, person in there if person in among)


def channel_name(visit: Visit, group: Group) -> Words:
    """The channel that a group talks in, as people there call it; empty when it has none."""
    if group.channel is None:
        return ""
    platform, workspace, conversation = group.channel
    where = Address(platform, workspace, conversation, Surface.CHANNEL)
    names = [bound.name for bound in Bindings(visit.connection, visit.now).of_channel(where)]
    return channel_words.name(channel_words.Channel("", platform, names[0] if names else "", False, ""))


def here(scene: Scene, about: str) -> Outcome:
    """Which group talks in this channel: asked, or answered by a button that names the channel."""
    id, _blank, conversation = about.partition(" ")
    channel = _channel(scene)
    if id:
        return _talk(scene, known(scene, id), conversation)
    if channel is None:
        return Show(channel_words.only_in_a_channel())
    scene.visit.people.remember_channel(channel)
    found = [
        (group.id, called(scene.visit, group), programme.title)
        for programme in scene.programmes
        for group in of(scene.visit).of_programme(programme.id)
    ]
    return Show(flow.which_talks_here(found, channel.conversation))


def _talk(scene: Scene, group: Group, conversation: str) -> Outcome:
    where, channel = scene.inbound.came_from, _channel(scene)
    if channel is None:
        channel = Address(where.platform, where.workspace, conversation, Surface.CHANNEL)
    else:
        scene.visit.people.remember_channel(channel)
    of(scene.visit).talk_in(group.id, channel)
    reached = of(scene.visit).channel_of(known(scene, group.id))
    if reached is None:
        raise Gone(_("I do not know that channel. Mention me there and write “group”."))
    key = f"group:{group.id}:{channel.platform}:{channel.workspace}:{channel.conversation}"
    programme = scene.programme(group.programme)
    view = flow.talks_here(called(scene.visit, group), programme)
    scene.visit.outbox.add(key, reached, view, person="", language=scene.visit.language_of(reached))
    prompting.catch_up_in(scene.visit, reached)
    return Show(flow.talks_there(called(scene.visit, group)))


def new(scene: Scene, about: str) -> Outcome:
    programme = scene.programme(about)
    return Start(flow.founding.name, programme.id, flow.NewGroup(programme.id))


def new_facts(scene: Scene, about: str) -> flow.NewGroupFacts:
    return flow.NewGroupFacts(scene.programme(about), scene.visit.surroundings.directory)


def new_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    programme = scene.programme(about)
    return flow.groups(programme, tuple(_listings(scene, programme)))


class GroupRoom:
    """Implements `bot.flows.groups.GroupDesk`."""

    def __init__(self, scene: Scene) -> None:
        self._visit = scene.visit

    def found(self, programme: str, role: str, name: str, organisation_key: str) -> None:
        of(self._visit).found(programme, role, name, organisation_key=organisation_key)


def remove(scene: Scene, about: str) -> Outcome:
    group = known(scene, about)
    name = called(scene.visit, group)
    if not of(scene.visit).remove(group.id):
        reason = _("Somebody belongs to {group}, or it has written something: so it stays.", group=name)
        raise NotAllowed(reason)
    return Show(flow.removed(name), replaces=True)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    flow.MY_GROUP: my_group,
    flow.CHOOSE: choose,
    flow.LEAVE: leave,
    flow.GROUPS: overview,
    flow.HERE: here,
    flow.NEW: new,
    flow.REMOVE: remove,
}
