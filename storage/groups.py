"""Discussion groups: people who talk together and write into the same box, on whichever platforms they are."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from bot.domain.registrations import SeatState
from bot.domain.values import dataclass
from bot.ports import Address, Surface
from storage.tables import addresses, answers, drafts, groups, members, note_takers, people, registrations, seats
from storage.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class Group:
    """A discussion group. `name` is what a person called it: untrusted."""

    id: str
    programme: str
    role: str  # id of its role group, which owns the box; empty for the box of everybody
    name: str
    created_at: datetime  # UTC
    organisation_key: str = ""
    channel: tuple[str, str, str] | None = None  # platform, workspace and conversation it talks in

    @property
    def is_whole(self) -> bool:
        """Everybody together, who agree on one thing: it has no members of its own, and nobody chooses it."""
        return self.id.startswith(_WHOLE)


_WHOLE = "all:"
"""What the id of a whole group begins with."""


def whole(programme: str, organisation_key: str) -> str:
    """The id of the group that everybody belongs to who takes part, or who does so for an organisation."""
    return f"{_WHOLE}{programme}:{organisation_key}"


class Groups:
    """The discussion groups of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def found(self, programme: str, role: str, name: str, *, organisation_key: str = "") -> Group:
        """The group of this name in a role group, made if it is not there yet."""
        insert_or_ignore(
            self._connection,
            groups,
            id=uuid.uuid4().hex,
            programme=programme,
            role=role,
            name=name,
            organisation_key=organisation_key,
            created_at=self._now,
        )
        row = self._connection.execute(
            select(groups).where(groups.c.programme == programme, groups.c.role == role, groups.c.name == name)
        ).one()
        return _group(row)

    def gather(self, programme: str, organisation_key: str, name: str) -> Group:
        """The whole group, made if it is not there yet; `name` with its id where another group is called that."""
        id = whole(programme, organisation_key)
        new = {"programme": programme, "role": "", "organisation_key": organisation_key, "created_at": self._now}
        for called in (name, f"{name} ({id})"):
            insert_or_ignore(self._connection, groups, id=id, name=called, **new)
        found = self.get(id)
        assert found is not None, "no other group has its id as a name"
        return found

    def get(self, id: str) -> Group | None:
        row = self._connection.execute(select(groups).where(groups.c.id == id)).one_or_none()
        return None if row is None else _group(row)

    def locked(self, id: str) -> Group | None:
        """The group; nobody else who locks it goes on before the transaction ends."""
        row = self._connection.execute(select(groups).where(groups.c.id == id).with_for_update()).one_or_none()
        return None if row is None else _group(row)

    def of_programme(self, programme: str) -> tuple[Group, ...]:
        """In the order in which they were made."""
        here = (groups.c.programme == programme) & groups.c.id.not_like(f"{_WHOLE}%")
        rows = self._connection.execute(select(groups).where(here).order_by(groups.c.created_at, groups.c.name))
        return tuple(_group(row) for row in rows)

    def of_organisation(self, programme: str, organisation_key: str) -> tuple[str, ...]:
        """The ids of an organisation's own groups, its whole group too."""
        its = (groups.c.programme == programme) & (groups.c.organisation_key == organisation_key)
        return tuple(self._connection.execute(select(groups.c.id).where(its)).scalars())

    def names(self, programme: str) -> Mapping[str, str]:
        """Group → what it is called, whole groups too."""
        rows = self._connection.execute(select(groups.c.id, groups.c.name).where(groups.c.programme == programme))
        return {row.id: row.name for row in rows}

    def of_person(self, programme: str, person: str) -> tuple[Group, ...]:
        """The groups that the person belongs to, the one they joined last first."""
        rows = self._connection.execute(
            select(groups)
            .join(members, members.c.group == groups.c.id)
            .where(groups.c.programme == programme, members.c.person == person)
            .order_by(members.c.joined_at.desc(), groups.c.name)
        )
        return tuple(_group(row) for row in rows)

    def of_channel(self, channel: Address) -> tuple[Group, ...]:
        """The groups that talk in a channel."""
        here = (
            (groups.c.platform == channel.platform)
            & (groups.c.workspace == channel.workspace)
            & (groups.c.conversation == channel.conversation)
        )
        return tuple(_group(row) for row in self._connection.execute(select(groups).where(here)))

    def channel_of(self, group: Group) -> Address | None:
        """How to write to the channel that a group talks in; None when it has none, or it is not reached any more."""
        if group.channel is None:
            return None
        platform, workspace, conversation = group.channel
        row = self._connection.execute(
            select(addresses).where(
                addresses.c.platform == platform,
                addresses.c.workspace == workspace,
                addresses.c.surface == Surface.CHANNEL.value,
                addresses.c.conversation == conversation,
            )
        ).one_or_none()
        if row is None:
            return None
        return Address(platform, workspace, conversation, Surface.CHANNEL, json.loads(row.details))

    def talk_in(self, group: str, channel: Address) -> None:
        """Let the group talk in a channel: whoever writes notes from there writes for this group."""
        self._connection.execute(
            update(groups)
            .where(groups.c.id == group)
            .values(platform=channel.platform, workspace=channel.workspace, conversation=channel.conversation)
        )

    def remove(self, group: str) -> bool:
        """Remove a group that nobody belongs to and that has never written anything; tells whether it was one."""
        used = (exists().where(table.c.group == group) for table in (members, note_takers, drafts, answers))
        gone = delete(groups).where(groups.c.id == group, *(~one for one in used)).returning(groups.c.id)
        return self._connection.execute(gone).one_or_none() is not None

    # Members

    def join(self, group: str, person: str) -> bool:
        """Let the person belong to a group; False when they do already."""
        return insert_or_ignore(self._connection, members, group=group, person=person, joined_at=self._now)

    def prefer(self, group: str, person: str) -> None:
        """Let it be the one of their groups that a member joined last."""
        mine = (members.c.group == group, members.c.person == person)
        self._connection.execute(update(members).where(*mine).values(joined_at=self._now))

    def joined(self, programme: str, person: str, *, since: datetime) -> tuple[str, ...]:
        """The groups that somebody joined, or preferred, after that moment, the last one first."""
        rows = self._connection.execute(
            select(members.c.group)
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme, members.c.person == person, members.c.joined_at > since)
            .order_by(members.c.joined_at.desc(), members.c.group)
        )
        return tuple(rows.scalars())

    def chosen(self, programme: str, *, since: datetime) -> Mapping[str, str]:
        """Person → the group that they joined, or preferred, last after that moment."""
        rows = self._connection.execute(
            select(members.c.person, members.c.group)
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme, members.c.joined_at > since)
            .order_by(members.c.joined_at, members.c.group.desc())
        )
        return {row.person: row.group for row in rows}

    def leave(self, group: str, person: str) -> None:
        self._connection.execute(delete(members).where(members.c.group == group, members.c.person == person))

    def members(self, group: str) -> tuple[str, ...]:
        """The persons who belong to a group."""
        rows = self._connection.execute(
            select(members.c.person).where(members.c.group == group).order_by(members.c.joined_at, members.c.person)
        )
        return tuple(rows.scalars())

    def memberships(self, programme: str) -> tuple[tuple[str, str], ...]:
        """(group, person) of everybody in the groups of a programme, whoever joined last first."""
        rows = self._connection.execute(
            select(members.c.group, members.c.person)
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme)
            .order_by(members.c.joined_at.desc(), groups.c.name, members.c.person)
        )
        return tuple((row.group, row.person) for row in rows)

    def sizes(self, programme: str) -> Mapping[str, int]:
        """Group → how many belong to it."""
        rows = self._connection.execute(
            select(members.c.group, func.count().label("n"))
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme)
            .group_by(members.c.group)
        )
        return {row.group: row.n for row in rows}

    def people_of_role(self, programme: str, role: str) -> tuple[str, ...]:
        """The persons in any discussion group of a role group."""
        rows = self._connection.execute(
            select(members.c.person)
            .distinct()
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme, groups.c.role == role)
            .order_by(members.c.person)
        )
        return tuple(rows.scalars())

    def people_of_programme(self, programme: str) -> tuple[str, ...]:
        """Everybody who takes part: with a seat at one of the occasions, or in one of the groups."""
        seated = select(seats.c.person.label("person")).where(
            seats.c.programme == programme, seats.c.state == SeatState.CONFIRMED.value, seats.c.person.is_not(None)
        )
        grouped = (
            select(members.c.person).join(groups, groups.c.id == members.c.group).where(groups.c.programme == programme)
        )
        return tuple(sorted(self._connection.execute(seated.union(grouped)).scalars()))

    def organisations(self, programme: str) -> Mapping[str, str]:
        """Key → name of the organisations with a seat at one of the occasions."""
        rows = self._connection.execute(
            select(registrations.c.organisation_key, func.max(registrations.c.organisation).label("name"))
            .join(seats, seats.c.registration == registrations.c.id)
            .where(seats.c.programme == programme, seats.c.state == SeatState.CONFIRMED.value)
            .group_by(registrations.c.organisation_key)
        )
        return {row.organisation_key: row.name for row in rows if row.organisation_key}

    def roster(self, programme: str) -> frozenset[str]:
        """The names of everybody who takes part, and of those named on seats: what the guard looks for."""
        named = select(people.c.name).where(people.c.id.in_(self.people_of_programme(programme)))
        on_seats = select(seats.c.name).where(seats.c.programme == programme)
        return frozenset(name for name in self._connection.execute(named.union(on_seats)).scalars() if name)


def _group(row: Row[Any]) -> Group:
    channel = (row.platform, row.workspace, row.conversation) if row.conversation else None
    return Group(row.id, row.programme, row.role, row.name, row.created_at, row.organisation_key, channel)
