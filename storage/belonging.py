"""For which organisations people take part in a programme, and who takes part for one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, Select, Subquery, literal, select, union_all

from storage.portions import portions
from storage.registrations import ACTIVE
from storage.tables import contacts, groups, members, registrations, seats


def organisations_of(connection: Connection, programme: str, persons: Collection[str]) -> Mapping[str, dict[str, str]]:
    """Person → key → name of each organisation that they registered, sit, look after or talk for in the programme.

    The name is empty where only the key is known.
    """
    found: dict[str, dict[str, str]] = {}
    belonging = _belonging(programme)
    for some in portions(persons):
        for row in connection.execute(_ordered(belonging).where(belonging.c.person.in_(some))):
            theirs = found.setdefault(row.person, {})
            theirs[row.key] = theirs.get(row.key) or row.name
    return found


def people_of(connection: Connection, programme: str, organisation_key: str) -> tuple[str, ...]:
    """The persons who take part in the programme for an organisation."""
    belonging = _belonging(programme)
    rows = connection.execute(_ordered(belonging).where(belonging.c.key == organisation_key))
    return tuple(dict.fromkeys(row.person for row in rows))


def organisations_in(connection: Connection, programme: str) -> Mapping[str, str]:
    """Key → name of every organisation that takes part in the programme."""
    found: dict[str, str] = {}
    for row in connection.execute(_ordered(_belonging(programme))):
        found[row.key] = found.get(row.key) or row.name
    return found


def _ordered(belonging: Subquery) -> Select[tuple[str, str, str]]:
    return select(belonging.c.person, belonging.c.key, belonging.c.name).order_by(
        belonging.c.rank, belonging.c.name, belonging.c.key, belonging.c.person
    )


def _belonging(programme: str) -> Subquery:
    """Person, key and name: by a registration that holds a seat, by a seat, by appointment, by a discussion group."""
    key, name = registrations.c.organisation_key.label("key"), registrations.c.organisation.label("name")
    here = registrations.c.programme == programme
    held: ColumnElement[bool] = seats.c.state.in_(ACTIVE)
    of_registration = registrations.join(seats, (seats.c.registration == registrations.c.id) & held)
    registrants = (
        select(registrations.c.made_by.label("person"), key, name, literal(0).label("rank"))
        .distinct()
        .select_from(of_registration)
        .where(here)
    )
    seated = (
        select(seats.c.person, key, name, literal(0))
        .distinct()
        .select_from(of_registration)
        .where(here, seats.c.person.is_not(None))
    )
    appointed = select(contacts.c.person, contacts.c.organisation_key, literal(""), literal(1)).where(
        contacts.c.programme == programme
    )
    talking = (
        select(members.c.person, groups.c.organisation_key, literal(""), literal(2))
        .join(groups, groups.c.id == members.c.group)
        .where(groups.c.programme == programme, groups.c.organisation_key != "")
    )
    return union_all(registrants, seated, appointed, talking).subquery()
