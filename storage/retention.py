"""What a programme does not keep any longer: answers of rounds long closed, and who took part long ago."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)

from storage.links import Kind
from storage.nobody import ERASED, be_nobody
from storage.prepared import Prepared
from storage.tables import (
    answerers,
    answers,
    awaited,
    challenge_viewers,
    challenges,
    coaches,
    contacts,
    drafts,
    groups,
    held_replies,
    links,
    members,
    newcomers,
    note_takers,
    plan_rows,
    reflections,
    registrations,
    replies,
    rounds,
    rulings,
    sealed,
    seats,
    sparring,
    tallies,
    urns,
    votes,
    workshop_rounds,
    workshops,
)

_CLOSED = ("closed", "withdrawn")
_OWN = (challenges, challenge_viewers, reflections, sparring)
"""What people have written of their own challenge, and for whom."""

_OF_PEOPLE = (plan_rows, workshops, coaches, answerers, contacts, newcomers, awaited, *_OWN)
"""What is of a programme's people, besides who was in which group."""

_HERE: BindParameter[str] = bindparam("programme")


_NOBODYS = {"name": "", "email": "", "person": None, "left_by": None}
"""A seat that does not tell whose it was."""


def _is_known() -> ColumnElement[bool]:
    """Whether a seat tells whose it was."""
    return or_(seats.c.name != "", seats.c.email != "", seats.c.person.is_not(None), seats.c.left_by.is_not(None))


def _one(table: FromClause, *which: ColumnElement[bool]) -> Select[Any]:
    """Whether there is such a row, found without reading the others."""
    return select(literal_column("1").label("one")).select_from(table).where(*which).limit(literal_column("1"))


def _is_booked_by_somebody() -> ColumnElement[bool]:
    """Whether a registration tells who made it, or what somebody needs."""
    return or_(registrations.c.made_by != ERASED, registrations.c.needs != "")


# Looked at every minute, when nearly always there is nothing to delete.
_LONG_CLOSED = Prepared(
    select(rounds.c.id).where(
        rounds.c.programme == _HERE,
        or_(*(rounds.c.state == state for state in _CLOSED)),
        rounds.c.closed_at < bindparam("before"),
    )
)
_KNOWN = Prepared(_one(seats, seats.c.programme == _HERE, seats.c.occasion == bindparam("occasion"), _is_known()))
_NAMED = Prepared(_one(seats, seats.c.programme == _HERE, _is_known()))
_BOOKED = Prepared(_one(registrations, registrations.c.programme == _HERE, _is_booked_by_somebody()))
_IN_GROUPS = Prepared(_one(members.join(groups, groups.c.id == members.c.group), groups.c.programme == _HERE))
_OTHERS = tuple(Prepared(_one(table, table.c.programme == _HERE)) for table in _OF_PEOPLE)
_LOOKS = (_NAMED, _BOOKED, _IN_GROUPS, *_OTHERS)

_FORGET_GROUPS = Prepared(
    delete(groups).where(
        groups.c.programme == _HERE,
        ~select(rounds.c.id).where(rounds.c.programme == groups.c.programme).exists(),
        ~select(members.c.person).where(members.c.group == groups.c.id).exists(),
    )
)
_FORGET_REFERENCES = Prepared(
    update(registrations)
    .where(registrations.c.programme == _HERE, registrations.c.invoice_reference != literal_column("''"))
    .values(invoice_reference=literal_column("''"), version=registrations.c.version + literal_column("1"))
    .returning(literal_column("1").label("forgotten"))
)


_HAPPENED = (
    *(registrations.c.created_at, groups.c.created_at, plan_rows.c.changed_at, challenges.c.written_at),
    *(workshops.c.begun_at, rounds.c.opens_at, rounds.c.closes_at, rounds.c.closed_at),
)


def _latest() -> Select[Any]:
    """The latest of when people did something; who joined a group names the programme through the group."""
    joined = select(members.c.joined_at.label("at")).join(groups, groups.c.id == members.c.group)
    each = [select(one.label("at")).where(one.table.c.programme == _HERE) for one in _HAPPENED]
    found = union_all(joined.where(groups.c.programme == _HERE), *each).subquery()
    return select(func.max(found.c.at).label("at"))


_LAST_HEARD_OF = Prepared(_latest())


class Retention:
    """Deletes what has been kept for as long as the programme said."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def forget_rounds(self, programme: str, before: datetime) -> tuple[str, ...]:
        """Delete the rounds that closed before then, with everything that was answered in them; their ids."""
        over = tuple(row.id for row in _LONG_CLOSED.all(self._connection, programme=programme, before=before))
        for round in over:
            self._forget_round(round)
        return over

    def _forget_round(self, round: str) -> None:
        theirs = select(answers.c.id).where(answers.c.round == round)
        for table in (replies, held_replies):
            self._connection.execute(delete(table).where(table.c.answer.in_(theirs)))
        self._connection.execute(delete(rulings).where(rulings.c.answer.in_(theirs)))
        self._connection.execute(delete(votes).where(votes.c.round == round))
        self._connection.execute(delete(sealed).where(sealed.c.urn.in_(select(urns.c.id).where(urns.c.round == round))))
        for table in (answers, drafts, note_takers, tallies, urns, workshop_rounds):
            self._connection.execute(delete(table).where(table.c.round == round))
        about = or_(links.c.about == round, links.c.about.startswith(f"{round} ", autoescape=True))
        self._connection.execute(delete(links).where(about))
        self._connection.execute(delete(rounds).where(rounds.c.id == round))

    def forget_participants(self, programme: str, occasion: str) -> int:
        """Blank who sat at an occasion; how many seats those were. That there was a seat stays, for the sums."""
        if _KNOWN.first(self._connection, programme=programme, occasion=occasion) is None:
            return 0
        blanked = self._connection.execute(
            update(seats)
            .where(seats.c.programme == programme, seats.c.occasion == occasion, _is_known())
            .values(_NOBODYS)
            .returning(seats.c.registration)
        )
        of_them = set(blanked.scalars())
        for registration in of_them:
            self._connection.execute(
                update(registrations)
                .where(registrations.c.id == registration)
                .values(needs="", version=registrations.c.version + 1)
            )
        return len(of_them)

    def forget_note_takers(self, programme: str) -> None:
        """Delete who held the pen in the programme's rounds; what the groups have written stays."""
        held = select(rounds.c.id).where(rounds.c.programme == programme)
        self._connection.execute(delete(note_takers).where(note_takers.c.round.in_(held)))

    def names(self, programme: str) -> int:
        """How many seats name somebody."""
        return self._count(seats, or_(seats.c.name != "", seats.c.person.is_not(None)), programme)

    def members(self, programme: str) -> int:
        """How many places in groups are taken."""
        of_programme = select(groups.c.id).where(groups.c.programme == programme)
        counted = select(func.count()).select_from(members).where(members.c.group.in_(of_programme))
        return int(self._connection.execute(counted).scalar_one())

    def plan_rows(self, programme: str) -> int:
        return self._count(plan_rows, true(), programme)

    def challenges(self, programme: str) -> int:
        return self._count(challenges, true(), programme)

    def _count(self, table: Table, which: ColumnElement[bool], programme: str) -> int:
        counted = select(func.count()).select_from(table).where(table.c.programme == programme, which)
        return int(self._connection.execute(counted).scalar_one())

    def knows_people(self, programme: str) -> bool:
        """Whether `forget_programme` has anything to delete."""
        return any(look.first(self._connection, programme=programme) is not None for look in _LOOKS)

    def last_heard_of(self, programme: str) -> datetime | None:
        """When something last happened in the programme, or will by what is planned; None where nothing ever has.

        For a programme without meetings, which ends with this.
        """
        at: datetime | None = _LAST_HEARD_OF.all(self._connection, programme=programme)[0].at
        return at

    def forget_programme(self, programme: str) -> None:
        """Delete who was in which group or post, plans, workshops, people's own challenges, and who booked for others.

        The groups stay as long as something that they have written does.
        """
        self._forget_bookings(programme)
        of_programme = select(groups.c.id).where(groups.c.programme == programme)
        self._connection.execute(delete(members).where(members.c.group.in_(of_programme)))
        held = select(workshops.c.id).where(workshops.c.programme == programme)
        self._forget_screens(held)
        self._connection.execute(delete(workshop_rounds).where(workshop_rounds.c.workshop.in_(held)))
        for table in _OF_PEOPLE:
            self._connection.execute(delete(table).where(table.c.programme == programme))

    def _forget_bookings(self, programme: str) -> None:
        """Also of meetings that the programme has no more. The organisation's booking stays."""
        sat = (seats.c.programme == programme, _is_known())
        self._connection.execute(update(seats).where(*sat).values(_NOBODYS))
        booked = (registrations.c.programme == programme, _is_booked_by_somebody())
        version = registrations.c.version + 1
        let_go = update(registrations).where(*booked).values(made_by=ERASED, needs="", version=version)
        if _BOOKED.first(self._connection, programme=programme) is not None:
            be_nobody(self._connection, self._now)
            self._connection.execute(let_go)

    def forget_references(self, programme: str) -> None:
        """Delete what the invoices were to refer to: often somebody's name, or a code of theirs."""
        _FORGET_REFERENCES.all(self._connection, programme=programme)

    def _forget_screens(self, held: Select[Any]) -> None:
        """The links to the pages of workshops; a coach's names the coach."""
        about = held.subquery().c.id
        is_theirs = or_(links.c.about == about, links.c.about.startswith("coach " + about + " "))
        screens = select(links.c.id).where(links.c.kind == Kind.WORKSHOP.value, is_theirs)
        self._connection.execute(delete(links).where(links.c.id.in_(screens)))

    def forget_groups(self, programme: str) -> None:
        """Delete the groups of a programme in which nobody is and whose answers are gone, too: people named them."""
        _FORGET_GROUPS.run(self._connection, programme=programme)
