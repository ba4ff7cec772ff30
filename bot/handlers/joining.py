"""The discussion groups of a role group: looked up, founded when the first one comes, and joined."""

from __future__ import annotations

from bot.domain.programmes import Programme
from bot.handlers.visit import Visit
from storage.groups import Group, Groups


def of(visit: Visit) -> Groups:
    """All groups, in this transaction."""
    return Groups(visit.connection, visit.now)


def of_role(visit: Visit, programme: str, role: str) -> tuple[Group, ...]:
    return tuple(group for group in of(visit).of_programme(programme) if group.role == role)


def named_after(visit: Visit, programme: Programme, role: str) -> Group:
    """The group that comes by itself when a role group, or a programme without any, has none."""
    found = programme.role_group(role)
    wordings = (found.name if found is not None else programme.title).wordings
    name = wordings.get(visit.surroundings.language.value) or next(iter(wordings.values()))
    return of(visit).found(programme.id, role, name)


def join_role(visit: Visit, programme: Programme, role: str, person: str) -> None:
    """Let somebody belong to the group of their role. Of several groups nobody but they can know which."""
    if programme.role_group(role) is None:
        return
    found = of_role(visit, programme.id, role) or (named_after(visit, programme, role),)
    if len(found) == 1:
        of(visit).join(found[0].id, person)
