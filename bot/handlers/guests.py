"""Links for people without Slack or Teams, as coordinators and note-takers give them out, and guests of a programme."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping

from bot.domain.people import Person
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Mode, Round
from bot.domain.words import Words, _
from bot.flows import guests as flow
from bot.handlers import by_link, groups, joining, my_data, note_forms
from bot.handlers.group_names import called
from bot.handlers.note_taking import round_of, rounds
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.resting import resting
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.groups import Group
from storage.guests import Guests
from storage.links import Kind, Link, Links

# --- The link to a group's form ---------------------------------------------------------------------------------------


def group_link(scene: Scene, about: str) -> Outcome:
    """`round group`: the link to the group's form on the web."""
    found, group = _place(scene, about)
    return Show(_link_card(scene, found, group))


def renew_group_link(scene: Scene, about: str) -> Outcome:
    """Close the link that was given out, and give out another."""
    found, group = _place(scene, about)
    Links(scene.visit.connection, scene.visit.now).revoke(Kind.NOTES, f"{found.id} {group.id}")
    return Show(_link_card(scene, found, group, renewed=True), replaces=True)


def _link_card(scene: Scene, found: Round, group: Group, *, renewed: bool = False) -> View:
    link = by_link.link_of(scene.visit, found.id, group.id)
    until = min(link.expires_at, found.closes_at or link.expires_at)
    address = scene.visit.surroundings.link_address(Kind.NOTES, link.id)
    name, zone = called(scene.visit, group), scene.programme(found.programme).zone
    return flow.group_link(flow.GroupLink(found, group.id, name, address, until, zone), renewed=renewed)


def _place(scene: Scene, about: str) -> tuple[Round, Group]:
    """An open round and a group that it asks, of which the person may give out the link."""
    id, _blank, group_id = about.partition(" ")
    found, group = round_of(scene, id), groups.known(scene, group_id)
    taker = rounds(scene.visit).note_takers(found.id).get(group.id)
    if not scene.coordinates and taker != scene.person.id:
        raise NotAllowed(flow.for_the_note_taker())
    if not found.is_open or found.mode is Mode.SEALED:
        raise Gone(flow.no_link(found))
    if group.programme != found.programme or not note_forms.asked_in(scene.programme(found.programme), found, group):
        raise NotAllowed(_("This round does not ask that group."))
    return found, group


def web_links(scene: Scene, about: str) -> Outcome:
    """`programme`, and perhaps a page."""
    id, page = _paged(about)
    programme = scene.programme(id)
    return Show(flow.links_of(programme, tuple(_writing(scene, programme)), page))


def _writing(scene: Scene, programme: Programme) -> Iterator[flow.Writes]:
    everybody = _in_use(scene.visit, programme.id)
    for found in rounds(scene.visit).of_programme(programme.id):
        if found.is_open and found.mode is Mode.NOTES:
            asked = (group for group in everybody if note_forms.asked_in(programme, found, group))
            yield from (flow.Writes(found, group.id, called(scene.visit, group)) for group in asked)


def _in_use(visit: Visit, programme: str) -> tuple[Group, ...]:
    out_of_use = resting(visit, programme)
    return tuple(group for group in joining.of(visit).of_programme(programme) if group.id not in out_of_use)


def _paged(about: str) -> tuple[str, int]:
    id, _blank, page = about.partition(" ")
    return id, int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 0


# --- Guests -----------------------------------------------------------------------------------------------------------


def guests(scene: Scene, about: str) -> Outcome:
    """`programme`, and perhaps a page."""
    id, page = _paged(about)
    programme = scene.programme(id)
    return Show(flow.guests(programme, tuple(_of_programme(scene.visit, programme.id)), page))


def _of_programme(visit: Visit, programme: str) -> Iterator[flow.Guest]:
    names = {group.id: called(visit, group) for group in joining.of(visit).of_programme(programme)}
    own = {person: names[group] for group, person in joining.of(visit).memberships(programme)}
    for one in Guests(visit.connection, visit.now).among(own):
        yield flow.Guest(one.id, one.name, one.email, own[one.id])


def guest(scene: Scene, about: str) -> Outcome:
    """A guest's own link."""
    return Show(own_link(scene.visit, *_known(scene, about)))


def renew_guest(scene: Scene, about: str) -> Outcome:
    """Close the link that was given out, and give out another."""
    programme, found = _known(scene, about)
    Links(scene.visit.connection, scene.visit.now).revoke(Kind.GUEST, found.id)
    return Show(own_link(scene.visit, programme, found, renewed=True), replaces=True)


def own_link(visit: Visit, programme: Programme, found: flow.Guest, *, renewed: bool = False) -> View:
    return flow.own_link(_link(visit, programme, found), renewed=renewed)


def _link(visit: Visit, programme: Programme, found: flow.Guest) -> flow.OwnLink:
    link = _given_out(visit, found.id)
    address = visit.surroundings.link_address(Kind.GUEST, link.id)
    return flow.OwnLink(found, programme.id, address, link.expires_at, programme.zone)


def _given_out(visit: Visit, person: str) -> Link:
    store = Links(visit.connection, visit.now)
    found = store.open(store.give_out(Kind.GUEST, person), Kind.GUEST)
    assert found is not None, "it has just been given out"
    return found


def _known(scene: Scene, id: str) -> tuple[Programme, flow.Guest]:
    """A guest: nobody is ever given the link of somebody who has an account. Raises `Gone`."""
    for programme in scene.programmes:
        for one in _of_programme(scene.visit, programme.id):
            if one.id == id:
                return programme, one
    raise Gone(_("That guest is no longer there."))


def ask_to_remove(scene: Scene, about: str) -> Outcome:
    programme, found = _known(scene, about)
    return Show(flow.ask_to_remove(found, programme.id))


def remove(scene: Scene, about: str) -> Outcome:
    """Erase the guest, as everybody may be erased."""
    _programme, found = _known(scene, about)
    my_data.erase(scene.visit, found.id)
    return Show(flow.removed(), replaces=True)


# --- A new guest ------------------------------------------------------------------------------------------------------

_GROUP, _ROLE = "group", "role"
"""What an option of the form begins with: a group, or a role group that has none yet."""


def new(scene: Scene, about: str) -> Outcome:
    programme = scene.programme(about)
    return Start(flow.NEW_GUEST, programme.id, flow.NewGuest(programme.id))


def new_facts(scene: Scene, about: str) -> flow.NewGuestFacts:
    programme = scene.programme(about)
    return flow.NewGuestFacts(programme, tuple(_choices(scene.visit, programme)))


def _choices(visit: Visit, programme: Programme) -> Iterator[tuple[str, Words]]:
    there = _in_use(visit, programme.id)
    yield from ((f"{_GROUP} {group.id}", called(visit, group)) for group in there)
    taken = {group.role for group in there}
    yield from ((f"{_ROLE} {role.id}", role.name) for role in programme.role_groups if role.id not in taken)
    if not there and not programme.role_groups:
        yield _ROLE, programme.title


def new_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    programme = scene.programme(about)
    return flow.guests(programme, tuple(_of_programme(scene.visit, programme.id)))


class GuestRoom:
    """Implements `bot.flows.guests.GuestDesk`."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._visit = scene.visit
        self._guests = Guests(scene.visit.connection, scene.visit.now)

    def admit(self, programme: str, group: str, *, name: str, email: str) -> flow.OwnLink | None:
        about = self._scene.programme(programme)
        own = self._group(about, group)
        if own is None:
            return None
        there = self._guests.among(joining.of(self._visit).members(own.id))
        found = next((one for one in there if (one.name, one.email) == (name, email)), None)
        guest = found or self._new(own, name, email)
        return _link(self._visit, about, flow.Guest(guest.id, guest.name, guest.email, called(self._visit, own)))

    def _group(self, programme: Programme, chosen: str) -> Group | None:
        """The chosen group, locked: two coordinators who write down the same guest agree on one."""
        kind, _blank, id = chosen.partition(" ")
        id = joining.named_after(self._visit, programme, id).id if kind == _ROLE else id
        found = joining.of(self._visit).locked(id)
        return found if found is not None and found.programme == programme.id else None

    def _new(self, group: Group, name: str, email: str) -> Person:
        made = Person(uuid.uuid4().hex, name, email, self._visit.surroundings.language)
        self._guests.add(made)
        joining.of(self._visit).join(group.id, made.id)
        return made


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    flow.GUEST_LINK: group_link,
    flow.NEW_GUEST_LINK: renew_group_link,
    flow.WEB_LINKS: web_links,
    flow.GUESTS: guests,
    flow.NEW_GUEST: new,
    flow.GUEST: guest,
    flow.RENEW_GUEST: renew_guest,
    flow.REMOVE_GUEST: ask_to_remove,
    flow.CONFIRM_REMOVE_GUEST: remove,
}
