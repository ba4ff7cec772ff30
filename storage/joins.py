"""Two persons who are one human become one, and can become two again.

What came with an account when it was joined is kept as an open run of that account, so that it goes back with it when
the two are parted. In each person exactly one account has no such run: the one that all others were joined to.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, delete, func, insert, select, update

from bot.domain.nudges import Level, Wishes
from bot.domain.people import Actor, Role
from bot.domain.registrations import Seat, SeatState
from bot.domain.rules import Audience
from bot.domain.values import dataclass
from storage.newcomers import close_doors, share_denials
from storage.nudges import PLANNED
from storage.registrations import ACTIVE
from storage.runs import Runs, StoredRun
from storage.tables import (
    actors,
    answerers,
    askers,
    challenge_viewers,
    challenges,
    coaches,
    codes,
    contacts,
    feeds,
    members,
    metadata,
    newcomers,
    nudges,
    outbox,
    people,
    reflections,
    registrations,
    runs,
    seats,
    wishes,
)
from storage.wishes import WishList

FLOW = "joined"  # no flow of the conversation: the name under which the runs are kept
_FEED = "person:{}"

_TOLD = (people.c.name, people.c.email, people.c.organisation, people.c.zone, people.c.platform)
"""What a person has told or chosen; where one of the two has said nothing, the other's word holds."""

_OWN = (challenges, challenge_viewers, reflections, members, askers)
"""What people write for themselves, ask, and belong to: whose account it came with takes it along again."""

_SURENESS = (SeatState.CONFIRMED.value, SeatState.OFFERED.value, SeatState.WAITING.value)
_RANK = tuple(Role)
_QUIETNESS = (Level.ALL, Level.FEW, Level.NONE)


Keys = tuple[tuple[str | int, ...], ...]
"""What tells rows apart, besides whose they are."""


@dataclass(frozen=True, slots=True)
class Vacated:
    """A seat that one of the two was taken off when they were joined, for they had another at the same meeting."""

    seat: str
    came: bool  # with the account that was joined
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Parted:
    """Two persons that were one."""

    new: str
    former: str
    vacated: tuple[Vacated, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """Who an account that was joined belonged to until then."""

    person: str  # the id; empty for joins of before it was kept
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What an account, and the person it had been until then, brought along when it was joined."""

    told: tuple[str, ...]  # the values of `_TOLD`
    language: str
    language_chosen: bool
    role: str
    accounts: tuple[tuple[str, str, str], ...]  # platform, workspace, user
    seats: tuple[str, ...]
    registrations: tuple[str, ...]
    contact_of: tuple[tuple[str, str], ...]  # programme, organisation key
    coach_of: tuple[tuple[str, str], ...] = ()  # programme, organisation key; joins of before there were coaches: none
    answers_as: tuple[tuple[str, str], ...] = ()  # programme, the contact's name
    own: Mapping[str, Keys] = field(default_factory=dict)  # table of `_OWN` → keys
    rest: Mapping[str, Keys] = field(default_factory=dict)  # column that says whose a row is (`_rest`) → keys
    vacated: tuple[Vacated, ...] = ()
    person: str = ""  # the id it had; joins of before this was kept: none


_BROUGHT = TypeAdapter(Brought)


class Joins:
    """Joins and parts persons. The caller holds the programmes and, with `hold`, the persons."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._wishes = WishList(connection, now)

    def hold(self, *persons: str) -> None:
        """Let nothing new come to belong to these persons until the transaction ends, and no message go to them.

        Their reminders first, as the tick does: it passes over those that are held.
        """
        theirs = select(nudges.c.id).where(nudges.c.recipient.in_(persons)).order_by(nudges.c.id)
        self._connection.execute(theirs.with_for_update()).all()
        them = select(people.c.id).where(people.c.id.in_(persons)).order_by(people.c.id)
        self._connection.execute(them.with_for_update()).all()

    # Joining

    def doubles(self, into: str, other: str) -> tuple[str, ...]:
        """The seats that are too many when the two are one: a sure seat stays, then the one that was booked first."""
        rows = self._connection.execute(
            select(seats.c.id, seats.c.programme, seats.c.occasion, seats.c.state)
            .join(registrations, registrations.c.id == seats.c.registration)
            .where(seats.c.person.in_((into, other)), seats.c.state.in_(ACTIVE))
            .order_by(registrations.c.created_at, seats.c.id)
        ).all()
        best_first = sorted(rows, key=lambda row: _SURENESS.index(row.state))
        kept = {(row.programme, row.occasion): row.id for row in reversed(best_first)}
        return tuple(row.id for row in rows if kept[row.programme, row.occasion] != row.id)

    def merge(self, into: str, other: str, vacated: Iterable[Seat] = ()) -> None:
        """Give everything of `other` to `into`; nobody called `other` is left behind. No seat may be there twice.

        `vacated`: the seats that one of them has just been taken off, as they were before.
        """
        self._keep_what_is_brought(other, into, vacated)
        self._merge_nudges(into, other)
        self._merge_wishes(into, other)
        self._merge_deputies(into, other)
        self._merge_persons(self._row(into), self._row(other))
        share_denials(self._connection, other, into)
        for column in (*_referring(), outbox.c.person):
            self._hand_on(column, into, other)
        given = codes.c.about == other  # codes of posts name who gave them
        self._connection.execute(update(codes).where(given).values(about=into))
        self._connection.execute(delete(feeds).where(feeds.c.owner == _FEED.format(other)))
        self._connection.execute(delete(people).where(people.c.id == other))
        close_doors(self._connection, into)

    def _keep_what_is_brought(self, other: str, into: str, vacated: Iterable[Seat]) -> None:
        row = self._row(other)
        brought = Brought(
            told=tuple(getattr(row, column.name) for column in _TOLD),
            language=row.language,
            language_chosen=row.language_chosen,
            role=row.role,
            accounts=tuple((a.platform, a.workspace, a.user) for a in self._accounts(other)),
            seats=self._ids(seats.c.id, seats.c.person == other),
            registrations=self._ids(registrations.c.id, registrations.c.made_by == other),
            contact_of=self._posts(contacts.c.programme, contacts.c.organisation_key, other),
            coach_of=self._posts(coaches.c.programme, coaches.c.organisation_key, other),
            answers_as=self._posts(answerers.c.programme, answerers.c.contact, other),
            own={table.name: self._own(table, other, into) for table in _OWN},
            rest={str(column): self._keys(column, other, into) for column in _rest()},
            vacated=tuple(_vacated(seat, other) for seat in vacated),
            person=other,
        )
        document = _BROUGHT.dump_json(brought).decode()
        run = StoredRun(
            id=uuid.uuid4().hex,
            actor=self._first_account(other),
            flow=FLOW,
            version=1,
            about="",
            step="",
            revision=0,
            state=document,
            done=False,
            updated_at=self._now,
        )
        Runs(self._connection, self._now).add(run)

    def _hand_on(self, column: Column[Any], into: str, other: str) -> None:
        """Give the rows to `into`, but for those that `into` has already."""
        table = column.table
        if column.primary_key:
            twin = table.alias("twin")
            rest = [table.c[key.name] == twin.c[key.name] for key in table.primary_key if key.name != column.name]
            theirs = select(twin.c[column.name]).where(*rest, twin.c[column.name] == into).exists()
            self._connection.execute(delete(table).where(column == other, theirs))
        self._connection.execute(update(table).where(column == other).values({column.name: into}))

    def _merge_nudges(self, into: str, other: str) -> None:
        """Both may have been sent, or have before them, the same one: it is for them once."""
        twin = nudges.alias("twin")
        same = [nudges.c[name] == twin.c[name] for name in ("rule", "programme", "about", "audience", "anchor")]
        planned = nudges.c.state == PLANNED

        def twice(one: str, another: str, *which: Any) -> Any:
            theirs = select(twin.c.id).where(*same, twin.c.recipient == another, *which).exists()
            return nudges.c.recipient == one, theirs

        settled = twin.c.state != PLANNED
        self._connection.execute(delete(nudges).where(planned, *twice(into, other, settled)))
        self._connection.execute(delete(nudges).where(*twice(other, into)))
        self._connection.execute(update(nudges).where(nudges.c.recipient == other).values(recipient=into))

    def _merge_wishes(self, into: str, other: str) -> None:
        """Where both have said something, the quieter holds: nobody is written to more because of this."""
        mine, theirs = self._wishes.of(into), self._wishes.of(other)
        for programme, said in theirs.items():
            self._wishes.wish(into, programme, _quieter(mine.get(programme, Wishes()), said))
            self._wishes.wish(other, programme, Wishes())

    def _merge_deputies(self, into: str, other: str) -> None:
        self._connection.execute(update(people).where(people.c.deputy == other).values(deputy=into))
        for_themselves = (people.c.id == into) & (people.c.deputy == into)
        self._connection.execute(update(people).where(for_themselves).values(deputy=""))

    def _merge_persons(self, into: Row[Any], other: Row[Any]) -> None:
        """Fill in what `into` has not told; a role never comes along by a code alone."""
        values: dict[str, Any] = {c.name: getattr(into, c.name) or getattr(other, c.name) for c in _TOLD}
        if other.language_chosen and not into.language_chosen:
            values |= {"language": other.language, "language_chosen": True}
        values["digest_at"] = max((at for at in (into.digest_at, other.digest_at) if at is not None), default=None)
        self._connection.execute(update(people).where(people.c.id == into.id).values(values))

    # Parting

    def joined(self, person: str) -> tuple[Actor, ...]:
        """The person's accounts that were joined to another one, and can be parted from it."""
        rows = self._connection.execute(_with_their_join().where(actors.c.person == person, runs.c.id.is_not(None)))
        return tuple(Actor(row.platform, row.workspace, row.user) for row in rows)

    def former(self, person: str) -> tuple[Former, ...]:
        """Who the person was in the accounts that were joined, as long as these are."""
        joined = _with_their_join().add_columns(runs.c.state)
        rows = self._connection.execute(joined.where(actors.c.person == person, runs.c.id.is_not(None)))
        return tuple(_former(_BROUGHT.validate_json(row.state)) for row in rows)

    def split(self, actor: Actor) -> Parted:
        """Give a joined account a person of its own again, with all that it brought and still has."""
        run = Runs(self._connection, self._now).open(actor, FLOW, "")
        assert run is not None, "only a joined account is parted"
        brought = _BROUGHT.validate_json(run.state)
        former: str = self._connection.execute(select(actors.c.person).where(_is(actor))).scalar_one()
        new = self._person_again(brought, Role(self._row(former).role))
        for account in brought.accounts:
            self._take_back_account(Actor(*account), former, new)
        self._take_back(registrations.c.id, brought.registrations, registrations.c.made_by, former, new)
        self._take_back(seats.c.id, brought.seats, seats.c.person, former, new)
        self._take_back_posts(contacts.c.organisation_key, brought.contact_of, former, new)
        self._take_back_posts(coaches.c.organisation_key, brought.coach_of, former, new)
        self._take_back_posts(answerers.c.contact, brought.answers_as, former, new)
        for table in _OWN:
            self._take_back_own(table, brought.own.get(table.name, ()), former, new)
        for column in _rest():
            for key in brought.rest.get(str(column), ()):
                this = (part == value for part, value in zip(_besides(column), key, strict=True))
                mine = update(column.table).where(*this, column == former)
                self._connection.execute(mine.values({column.name: new}))
        share_denials(self._connection, former, new)
        self._take_back_nudges(former, new)
        for programme, said in self._wishes.of(former).items():
            self._wishes.wish(new, programme, said)
        Runs(self._connection, self._now).close(run.id)
        return Parted(new, former, brought.vacated)

    def _person_again(self, brought: Brought, role: Role) -> str:
        """The person, with no more rights than `role`: what was taken from the two of them is not given back to one."""
        told = _told(brought)
        rest = {
            "language": brought.language,
            "language_chosen": brought.language_chosen,
            "role": min(role, Role(brought.role), key=_RANK.index).value,
        }
        id = uuid.uuid4().hex  # not the one it had: a calendar link that was closed stays closed
        self._connection.execute(insert(people), {"id": id, **told, **rest, "created_at": self._now})
        return id

    def _take_back_account(self, account: Actor, former: str, new: str) -> None:
        """The account, and what was sent to it."""
        self._connection.execute(update(actors).where(_is(account), actors.c.person == former).values(person=new))
        sent_there = (
            (outbox.c.person == former)
            & (outbox.c.platform == account.platform)
            & (outbox.c.workspace == account.workspace)
            & (outbox.c.conversation == account.user)
        )
        self._connection.execute(update(outbox).where(sent_there).values(person=new))

    def _take_back(self, key: Any, ids: tuple[str, ...], owner: Any, former: str, new: str) -> None:
        """What was brought and has not gone on to anybody else meanwhile."""
        still_there = (key.in_(ids), owner == former)
        self._connection.execute(update(owner.table).where(*still_there).values({owner.name: new}))

    def _take_back_posts(self, what: Any, posts: tuple[tuple[str, str], ...], former: str, new: str) -> None:
        """The posts that were brought and have not been ended meanwhile."""
        table = what.table
        for programme, name in posts:
            this = (table.c.programme == programme, what == name, table.c.person == former)
            self._connection.execute(update(table).where(*this).values(person=new))

    def _take_back_own(self, table: Table, keys: tuple[tuple[str | int, ...], ...], former: str, new: str) -> None:
        for key in keys:
            this = (column == part for column, part in zip(_besides_person(table), key, strict=True))
            self._connection.execute(update(table).where(*this, table.c.person == former).values(person=new))

    def _take_back_nudges(self, former: str, new: str) -> None:
        """Reminders of a meeting belong to whoever sits there."""
        sits = select(seats.c.id).where(
            seats.c.person == new,
            seats.c.state.in_(ACTIVE),
            seats.c.programme == nudges.c.programme,
            seats.c.occasion == nudges.c.about,
        )
        theirs = (nudges.c.recipient == former, nudges.c.audience == Audience.PARTICIPANTS.value, sits.exists())
        self._connection.execute(update(nudges).where(*theirs).values(recipient=new))

    # Forgetting

    def forget(self, id: str) -> None:
        """Let nothing lead from a joined account to this row: another id, which is nothing's, stands there instead."""
        told = (runs.c.flow == FLOW, runs.c.state.contains(id, autoescape=True))
        other = func.replace(runs.c.state, id, uuid.uuid4().hex)
        self._connection.execute(update(runs).where(*told).values(state=other))

    # Looking up

    def _row(self, person: str) -> Row[Any]:
        return self._connection.execute(select(people).where(people.c.id == person)).one()

    def _accounts(self, person: str) -> tuple[Actor, ...]:
        rows = self._connection.execute(select(actors).where(actors.c.person == person))
        return tuple(Actor(row.platform, row.workspace, row.user) for row in rows)

    def _first_account(self, person: str) -> Actor:
        """The account that the person's other accounts, if any, were joined to."""
        row = self._connection.execute(_with_their_join().where(actors.c.person == person, runs.c.id.is_(None))).one()
        return Actor(row.platform, row.workspace, row.user)

    def _posts(self, programme: Any, what: Any, person: str) -> tuple[tuple[str, str], ...]:
        held = self._connection.execute(select(programme, what).where(what.table.c.person == person).order_by(what))
        return tuple((row[0], row[1]) for row in held)

    def _own(self, table: Table, person: str, into: str) -> tuple[tuple[str | int, ...], ...]:
        """The keys of the person's rows, but for those of which `into` has one of its own that stays."""
        rows = select(*_besides_person(table))
        there = {tuple(row) for row in self._connection.execute(rows.where(table.c.person == into))}
        mine = self._connection.execute(rows.where(table.c.person == person))
        return tuple(sorted(tuple(row) for row in mine if tuple(row) not in there))

    def _keys(self, column: Column[Any], person: str, into: str) -> Keys:
        """The keys of the rows that are the person's by this column, but for those that `into` has as well."""
        rows = select(*_besides(column))
        mine = self._connection.execute(rows.where(column == person))
        there = self._connection.execute(rows.where(column == into)) if column.primary_key else ()
        taken = {tuple(row) for row in there}
        return tuple(sorted(tuple(row) for row in mine if tuple(row) not in taken))

    def _ids(self, key: Any, condition: Any) -> tuple[str, ...]:
        return tuple(self._connection.execute(select(key).where(condition)).scalars())


def _referring() -> Iterator[Column[Any]]:
    """Every column of every table that refers to a person."""
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if column.references(people.c.id))


def _rest() -> Iterator[Column[Any]]:
    """What says whose a row is and has no rule of its own: what was brought by it goes back by it."""
    ruled = {actors, seats, registrations, contacts, coaches, answerers, wishes, *_OWN}
    columns = (*_referring(), nudges.c.recipient)
    yield from (one for one in columns if one.table not in ruled and one is not newcomers.c.person)
    yield challenge_viewers.c.viewer


def _told(brought: Brought) -> dict[str, str]:
    """What the person had told, by the columns of `people`."""
    return dict(zip((column.name for column in _TOLD), brought.told, strict=True))


def _former(brought: Brought) -> Former:
    told = _told(brought)
    return Former(brought.person, told["name"], told["email"])


def _vacated(seat: Seat, other: str) -> Vacated:
    who = seat.participant
    return Vacated(seat.id, who.person == other, who.name, who.email)


def _besides(column: Column[Any]) -> tuple[Column[Any], ...]:
    return tuple(one for one in column.table.primary_key if one is not column)


def _besides_person(table: Table) -> tuple[Column[Any], ...]:
    """What tells the rows of one person apart."""
    return tuple(column for column in table.primary_key if column.name != "person")


def _is(actor: Actor) -> ColumnElement[bool]:
    return (
        (actors.c.platform == actor.platform) & (actors.c.workspace == actor.workspace) & (actors.c.user == actor.user)
    )


def _with_their_join() -> Select[Any]:
    """The actors, each with the run that tells of its having been joined, if it was."""
    of_actor = (
        (runs.c.platform == actors.c.platform)
        & (runs.c.workspace == actors.c.workspace)
        & (runs.c.user == actors.c.user)
        & (runs.c.flow == FLOW)
        & ~runs.c.done
    )
    return select(actors.c.platform, actors.c.workspace, actors.c.user).outerjoin(runs, of_actor)


def _quieter(one: Wishes, other: Wishes) -> Wishes:
    pauses = [until for until in (one.paused_until, other.paused_until) if until is not None]
    return Wishes(max(one.level, other.level, key=_QUIETNESS.index), max(pauses, default=None))
