"""Who has come to take part for an organisation, whether it has been told, and who is not one of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, literal, select, union, update

from bot.domain.values import dataclass
from storage.belonging import claims
from storage.nobody import ERASED
from storage.portions import portions
from storage.tables import contacts, groups, members, newcomers, registrations, seats
from storage.upsert import insert_or_ignore, upsert


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who takes part for an organisation, or says so."""

    programme: str
    organisation_key: str
    person: str
    since: datetime
    told_at: datetime | None = None  # somebody of the organisation has been told
    denied_at: datetime | None = None
    denied_by: str = ""  # person id
    vouched_at: datetime | None = None  # a coordinator has said that they belong


class Newcomers:
    """Everybody who takes part for an organisation, as far as it has been noticed."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # Reading

    def get(self, programme: str, organisation_key: str, person: str) -> Newcomer | None:
        found = self._rows(programme, newcomers.c.organisation_key == organisation_key, newcomers.c.person == person)
        return found[0] if found else None

    def locked(self, programme: str, organisation_key: str, person: str) -> Newcomer | None:
        """As `get`; nobody else who locks it goes on before the transaction ends."""
        this = (newcomers.c.organisation_key == organisation_key, newcomers.c.person == person)
        here = select(newcomers.c.person).where(newcomers.c.programme == programme, *this)
        self._connection.execute(here.with_for_update()).all()
        return self.get(programme, organisation_key, person)

    def of_organisation(self, programme: str, organisation_key: str) -> tuple[Newcomer, ...]:
        """Everybody who has come to take part for it, the first one first; some may have left again."""
        return self._rows(programme, newcomers.c.organisation_key == organisation_key)

    def keys(self, programme: str) -> tuple[str, ...]:
        """Of every organisation that somebody has come to take part for."""
        found = select(newcomers.c.organisation_key).distinct().where(newcomers.c.programme == programme)
        return tuple(self._connection.execute(found).scalars())

    def untold(self, programme: str) -> tuple[Newcomer, ...]:
        """Of whom nobody has been told yet."""
        return self._rows(programme, newcomers.c.told_at.is_(None))

    def told_last(self, programme: str, organisation_key: str) -> datetime | None:
        """When the organisation was told of somebody last."""
        here = newcomers.c.programme == programme, newcomers.c.organisation_key == organisation_key
        found: datetime | None = self._connection.execute(select(func.max(newcomers.c.told_at)).where(*here)).scalar()
        return found

    def denied_people(self, programme: str, organisation_key: str) -> frozenset[str]:
        """Those who are not its own."""
        denied = newcomers.c.denied_at.is_not(None)
        found = self._rows(programme, newcomers.c.organisation_key == organisation_key, denied)
        return frozenset(one.person for one in found)

    def denied_by(self, programme: str, person: str) -> frozenset[str]:
        """The keys of the organisations that somebody is not one of."""
        found = self._rows(programme, newcomers.c.person == person, newcomers.c.denied_at.is_not(None))
        return frozenset(one.organisation_key for one in found)

    def _rows(self, programme: str, *where: Any) -> tuple[Newcomer, ...]:
        found = select(newcomers).where(newcomers.c.programme == programme, *where)
        in_order = found.order_by(newcomers.c.organisation_key, newcomers.c.since, newcomers.c.person)
        return tuple(_newcomer(row) for row in self._connection.execute(in_order))

    # Writing

    def note(self, programme: str) -> None:
        """Notice everybody who has come to take part for an organisation since this was done last."""
        claimed = claims(programme)
        since = func.min(claimed.c.since).label("since")
        there = select(claimed.c.person, claimed.c.key, since).where(claimed.c.key != "", claimed.c.person != ERASED)
        for some in portions(self._unnoticed(programme)):
            new = there.where(claimed.c.person.in_(some)).group_by(claimed.c.person, claimed.c.key)
            for row in self._connection.execute(new).all():
                place = {"programme": programme, "organisation_key": row.key, "person": row.person}
                insert_or_ignore(self._connection, newcomers, **place, since=row.since)

    def notice(self, programme: str, organisation_key: str, person: str) -> None:
        """Notice somebody who takes part, and only calls the organisation their own: without a seat for it."""
        place = {"programme": programme, "organisation_key": organisation_key, "person": person}
        insert_or_ignore(self._connection, newcomers, **place, since=self._now)

    def _unnoticed(self, programme: str) -> tuple[str, ...]:
        """The persons of whom there is something new: nearly always nobody, also among ten thousand."""

        def is_new(organisation_key: Any, person: Any) -> ColumnElement[bool]:
            here = (newcomers.c.programme == programme) & (newcomers.c.organisation_key == organisation_key)
            return ~select(newcomers.c.person).where(here, newcomers.c.person == person).exists()

        key, maker = registrations.c.organisation_key, registrations.c.made_by
        made = select(maker).where(registrations.c.programme == programme, is_new(key, maker))
        of_others = (
            select(seats.c.person)
            .join(registrations, registrations.c.id == seats.c.registration)
            .where(seats.c.programme == programme, seats.c.person != maker, is_new(key, seats.c.person))
        )
        appointed = select(contacts.c.person).where(
            contacts.c.programme == programme, is_new(contacts.c.organisation_key, contacts.c.person)
        )
        talking = (
            select(members.c.person)
            .join(groups, groups.c.id == members.c.group)
            .where(groups.c.programme == programme, is_new(groups.c.organisation_key, members.c.person))
            .where(groups.c.organisation_key != "")
        )
        return tuple(self._connection.execute(union(made, of_others, appointed, talking)).scalars())

    def told(self, told: Collection[Newcomer]) -> tuple[Newcomer, ...]:
        """Note that somebody is being told of these; those of whom nobody else tells at this moment."""
        return tuple(one for one in told if self._change(one, newcomers.c.told_at.is_(None), told_at=self._now))

    def deny(self, one: Newcomer, by: str) -> bool:
        """Let somebody not be one of the organisation's own; False when they are not already."""
        there = newcomers.c.denied_at.is_(None)
        changed = self._change(one, there, denied_at=self._now, denied_by=by, told_at=one.told_at or self._now)
        if changed:
            close_doors(self._connection, one.person)
        return changed

    def let_back(self, one: Newcomer, *, vouched: bool) -> bool:
        """Let somebody belong again; False when they do. `vouched` is the word of a coordinator."""
        at = self._now if vouched else one.vouched_at
        return self._change(one, newcomers.c.denied_at.is_not(None), denied_at=None, denied_by=None, vouched_at=at)

    def vouch(self, programme: str, organisation_key: str, person: str) -> None:
        """Let a coordinator have said that somebody belongs, whatever was said before."""
        known = self.get(programme, organisation_key, person)
        upsert(
            self._connection,
            newcomers,
            programme=programme,
            organisation_key=organisation_key,
            person=person,
            since=known.since if known is not None else self._now,
            told_at=self._now,
            denied_at=None,
            denied_by=None,
            vouched_at=self._now,
        )

    def _change(self, one: Newcomer, condition: Any, **values: object) -> bool:
        this = (
            newcomers.c.programme == one.programme,
            newcomers.c.organisation_key == one.organisation_key,
            newcomers.c.person == one.person,
        )
        changed = update(newcomers).where(*this, condition).values(**values).returning(newcomers.c.person)
        return self._connection.execute(changed).one_or_none() is not None


def close_doors(connection: Connection, person: str) -> None:
    """Take somebody out of the discussion groups of the organisations that they are not one of."""
    shut = (
        select(groups.c.id)
        .join(
            newcomers,
            (newcomers.c.programme == groups.c.programme) & (newcomers.c.organisation_key == groups.c.organisation_key),
        )
        .where(newcomers.c.person == person, newcomers.c.denied_at.is_not(None))
    )
    connection.execute(delete(members).where(members.c.person == person, members.c.group.in_(shut)))


# --- Persons who become one, and two again ----------------------------------------------------------------------------


def share_denials(connection: Connection, of: str, to: str) -> None:
    """Let one of two persons, who are one human, be denied wherever the other is."""
    columns = ("programme", "organisation_key", "since", "told_at", "denied_at", "denied_by", "vouched_at")
    theirs = select(*(newcomers.c[name] for name in columns), literal(to).label("person")).where(
        newcomers.c.person == of, newcomers.c.denied_at.is_not(None)
    )
    for row in connection.execute(theirs).mappings().all():
        upsert(connection, newcomers, **row)
    close_doors(connection, to)


def _newcomer(row: Row[Any]) -> Newcomer:
    return Newcomer(
        row.programme,
        row.organisation_key,
        row.person,
        row.since,
        row.told_at,
        row.denied_at,
        row.denied_by or "",
        row.vouched_at,
    )
