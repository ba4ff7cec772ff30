"""For which organisations people take part in a programme, and who takes part for one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from storage.portions import portions
from storage.registrations import ACTIVE
from storage.tables import actors, contacts, groups, members, newcomers, registrations, seats

_Belonging = Select[tuple[str, str, str]]
"""Person, key and name of organisations, the most certain first."""

_Met = Select[tuple[str, str, str]]
"""Platform, workspace and the key of an organisation."""

_PROGRAMME: BindParameter[str] = bindparam("programme")


def organisations_of(connection: Connection, programme: str, persons: Collection[str]) -> Mapping[str, dict[str, str]]:
    """Person → key → name of each organisation that they registered, sit, look after or talk for in the programme.

    The name is empty where only the key is known.
    """
    found: dict[str, dict[str, str]] = {}
    for some in portions(persons):
        for row in connection.execute(_of_persons(), {"programme": programme, "persons": some}):
            theirs = found.setdefault(row.person, {})
            theirs[row.key] = theirs.get(row.key) or row.name
    return found


def people_of(connection: Connection, programme: str, organisation_key: str) -> tuple[str, ...]:
    """The persons who take part in the programme for an organisation."""
    rows = connection.execute(_of_organisation(), {"programme": programme, "organisation": organisation_key})
    return tuple(dict.fromkeys(row.person for row in rows))


def organisations_in(connection: Connection, programme: str) -> Mapping[str, str]:
    """Key → name of every organisation that takes part in the programme."""
    return _names(connection, _of_programme(), programme)


def organisations_claimed(connection: Connection, programme: str) -> Mapping[str, str]:
    """As `organisations_in`, with those too for which there is only somebody who is not one of their own."""
    return _names(connection, _claimed(), programme)


def organisations_met(connection: Connection, programme: str) -> Mapping[tuple[str, str], frozenset[str]]:
    """Platform and workspace → keys of the organisations for which somebody takes part who is met there."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in connection.execute(_of_workspaces(), {"programme": programme}):
        found[row.platform, row.workspace].add(row.key)
    return {workspace: frozenset(keys) for workspace, keys in found.items()}


def _names(connection: Connection, people: _Belonging, programme: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in connection.execute(people, {"programme": programme}):
        found[row.key] = found.get(row.key) or row.name
    return found


# To put one of these together takes longer than the database takes to answer it.


@cache
def _of_persons() -> _Belonging:
    belonging = _belonging(_PROGRAMME)
    return _ordered(belonging).where(belonging.c.person.in_(bindparam("persons", expanding=True)))


@cache
def _of_organisation() -> _Belonging:
    belonging = _belonging(_PROGRAMME)
    return _ordered(belonging).where(belonging.c.key == bindparam("organisation"))


@cache
def _of_programme() -> _Belonging:
    return _ordered(_belonging(_PROGRAMME))


@cache
def _of_workspaces() -> _Met:
    belonging = _belonging(_PROGRAMME)
    is_met = and_(actors.c.person == belonging.c.person, actors.c.left_at.is_(None))
    return select(actors.c.platform, actors.c.workspace, belonging.c.key).join(belonging, is_met).distinct()


@cache
def _claimed() -> _Belonging:
    return _ordered(claims(_PROGRAMME))


def _ordered(belonging: Subquery) -> _Belonging:
    return select(belonging.c.person, belonging.c.key, belonging.c.name).order_by(
        belonging.c.rank, belonging.c.name, belonging.c.key, belonging.c.person
    )


def _belonging(programme: Any) -> Subquery:
    """Person, key, name and since when, without those who are not the organisation's own (`storage.newcomers`)."""
    claimed = claims(programme)
    return select(claimed).where(~denied(programme, claimed.c.key, claimed.c.person)).subquery()


def denied(programme: Any, organisation_key: Any, person: Any) -> ColumnElement[bool]:
    """Whether somebody has been said not to be one of an organisation's own; of columns or values."""
    row = select(newcomers.c.person).where(
        newcomers.c.programme == programme,
        newcomers.c.organisation_key == organisation_key,
        newcomers.c.person == person,
        newcomers.c.denied_at.is_not(None),
    )
    return row.exists()


def claims(programme: Any) -> Subquery:
    """Who says so: by a registration that holds a seat, by a seat, by appointment, by a discussion group."""
    registrants = _registered(programme, registrations.c.made_by, registrations.c.created_at)
    seated = _registered(programme, seats.c.person, func.coalesce(seats.c.held_since, seats.c.changed_at))
    appointed = select(
        contacts.c.person, contacts.c.organisation_key, literal(""), literal(1), contacts.c.appointed_at
    ).where(contacts.c.programme == programme)
    talking = (
        select(members.c.person, groups.c.organisation_key, literal(""), literal(2), members.c.joined_at)
        .join(groups, groups.c.id == members.c.group)
        .where(groups.c.programme == programme, groups.c.organisation_key != "")
    )
    return union_all(registrants, seated.where(seats.c.person.is_not(None)), appointed, talking).subquery()


def _registered(programme: Any, person: ColumnElement[Any], since: ColumnElement[Any]) -> Select[Any]:
    """These persons of the registrations that hold a seat; what the columns are called here, holds for all claims."""
    key, name = registrations.c.organisation_key.label("key"), registrations.c.organisation.label("name")
    held = and_(seats.c.registration == registrations.c.id, seats.c.state.in_(ACTIVE))
    return (
        select(person.label("person"), key, name, literal(0).label("rank"), since.label("since"))
        .distinct()
        .select_from(registrations.join(seats, held))
        .where(registrations.c.programme == programme)
    )
