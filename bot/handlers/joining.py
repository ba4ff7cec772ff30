"""The discussion groups of a role group: looked up, founded when the first one comes, and joined."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.programmes import Programme
from bot.domain.rounds import Round
from bot.handlers.group_names import TOGETHER, numbered, written
from bot.handlers.visit import Visit
from storage.belonging import organisations_of
from storage.groups import Group, Groups
from storage.newcomers import Newcomers
from storage.rounds import Rounds


def of(visit: Visit) -> Groups:
    """All groups, in this transaction."""
    return Groups(visit.connection, visit.now)


def of_role(visit: Visit, programme: str, role: str, organisation: str = "") -> tuple[Group, ...]:
    """The groups of a role; with an organisation, only its own."""
    found = (group for group in of(visit).of_programme(programme) if group.role == role)
    return tuple(group for group in found if organisation in ("", group.organisation_key))


def named_after(visit: Visit, programme: Programme, role: str, organisation: str = "") -> Group:
    """The group that comes by itself when a role group, or a programme without any, has none, or an organisation."""
    found = programme.role_group(role)
    name = written(visit, found.name if found is not None else programme.title, organisation)
    return of(visit).found(programme.id, role, name, organisation_key=organisation)


def may_join(visit: Visit, group: Group, person: str) -> bool:
    """Whether somebody can choose a group: not one of another organisation than those they take part for."""
    key = group.organisation_key
    if not key or key in denied_by(visit, group.programme, person):
        return not key
    mine = organisations_of(visit.connection, group.programme, (person,)).get(person, {})
    return not mine or key in mine


def denied_by(visit: Visit, programme: str, person: str) -> frozenset[str]:
    """The keys of the organisations that somebody is not one of."""
    return Newcomers(visit.connection, visit.now).denied_by(programme, person)


def gather(visit: Visit, about: Round) -> Group:
    """The group of everybody whom a round asks to agree on one thing."""
    name = written(visit, TOGETHER, about.organisation)
    return of(visit).gather(about.programme, about.organisation, name)


def split(visit: Visit, programme: str, organisation: str, number: int) -> None:
    """So many small groups, whatever the roles of those who talk in them; the ones that are there stay as they are."""
    for name in small_names(visit, organisation, number):
        of(visit).found(programme, "", name, organisation_key=organisation)


def small_names(visit: Visit, organisation: str, number: int) -> tuple[str, ...]:
    """What so many small groups are called."""
    return tuple(written(visit, numbered(n), organisation) for n in range(1, number + 1))


def join_role(visit: Visit, programme: Programme, role: str, person: str) -> None:
    """Let somebody belong to the group of their role. Of several groups nobody but they can know which."""
    if programme.role_group(role) is None:
        return
    theirs = organisations_of(visit.connection, programme.id, (person,)).get(person, {})
    there = (group for group in of_role(visit, programme.id, role) if group.organisation_key in ("", *theirs))
    found = tuple(there) or (named_after(visit, programme, role),)
    if len(found) == 1:
        of(visit).join(found[0].id, person)


def is_for_all_of_a_role(programme: Programme, group: Group) -> bool:
    """Whether it is the group that comes by itself for a role: people talk in it until they choose one of their own."""
    role = programme.role_group(group.role)
    return role is not None and not group.organisation_key and group.name in role.name.wordings.values()


def talked_in(programme: Programme, theirs: Iterable[Group]) -> tuple[Group, ...]:
    """Of somebody's groups, the one they joined last first, those they talk in.

    The one for all of their role is left out once they have chosen another one of the same role after it.
    """
    kept: list[Group] = []
    for group in theirs:
        chosen = any(one.role == group.role and not is_for_all_of_a_role(programme, one) for one in kept)
        if not (chosen and is_for_all_of_a_role(programme, group)):
            kept.append(group)
    return tuple(kept)


def settle(visit: Visit, programme: Programme, group: Group, person: str) -> None:
    """Let somebody talk in the group that they chose. The one named after their role was theirs only until then."""
    store = of(visit)
    store.join(group.id, person)
    if not group.role or is_for_all_of_a_role(programme, group):
        return
    alike = (one for one in store.of_person(programme.id, person) if one.role == group.role)
    for other in alike:
        if is_for_all_of_a_role(programme, other) and not _writes_for(visit, other, person):
            store.leave(other.id, person)
            if other.channel is None:
                store.remove(other.id)  # unless somebody is left in it, or it has written something


def _writes_for(visit: Visit, group: Group, person: str) -> bool:
    """Whether somebody takes the notes of a group in a round that is open."""
    rounds = Rounds(visit.connection, visit.now)
    running = (one for one in rounds.running() if one.programme == group.programme and one.is_open)
    return any(rounds.note_takers(one.id).get(group.id) == person for one in running)
