"""What is stored of a person: shown and handed to them, and erased.

Every table has to be named here, as one that holds rows of a person, one whose texts may name somebody, or one with
nothing personal in it. A test fails for a table that is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, delete, false, func, or_, select, update

from bot.domain.values import dataclass
from storage import programmes
from storage.joins import Joins
from storage.mending import mend_column
from storage.nobody import ERASED, be_nobody
from storage.tables import (
    actors,
    addresses,
    answerers,
    askers,
    awaited,
    bindings,
    challenge_viewers,
    challenges,
    coaches,
    codes,
    contacts,
    deliveries,
    faq_history,
    feeds,
    handovers,
    inquiries,
    installations,
    links,
    members,
    misses,
    newcomers,
    note_takers,
    nudges,
    outbox,
    people,
    plan_rows,
    reflections,
    registrations,
    rulings,
    runs,
    seats,
    sparring,
    tellings,
    wishes,
    workshops,
)
from storage.unnaming import NAMING, Unnaming
from storage.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a person is known in the database."""

    person: str
    accounts: tuple[tuple[str, str, str], ...]  # platform, workspace, user
    called: frozenset[str]  # names and e-mail addresses that they or others have typed
    addresses: frozenset[str]  # e-mail addresses that their workplaces' own directories list them under
    former: frozenset[str] = frozenset()  # the persons whom they were, too, before their accounts were joined

    def is_account(self, table: Table, user: str = "user") -> ColumnElement[bool]:
        """Whether a row is of one of the accounts."""
        columns = table.c.platform, table.c.workspace, table.c[user]
        rows = (and_(*(c == part for c, part in zip(columns, one, strict=True))) for one in self.accounts)
        return or_(false(), *rows)

    @property
    def persons(self) -> frozenset[str]:
        """Every id of a person by which they have been known."""
        return self.former | {self.person}

    @property
    def ids(self) -> frozenset[str]:
        """How keys name the person."""
        return self.persons | {":".join(account) for account in self.accounts}


Whose = Callable[[Identity], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Held:
    """A table that holds rows of a person, and what erasing makes of them."""

    table: Table
    whose: Whose
    becomes: Mapping[str, object] | None = None  # None: the row is deleted
    told: bool = True  # it is shown to the person and handed to them


def _by(column: Column[Any]) -> Whose:
    return lambda identity: column == identity.person


def _named_on(identity: Identity) -> ColumnElement[bool]:
    """A seat that the person sits on, or that was booked in their name before they were here.

    What somebody has typed is no proof that an address is theirs.
    """
    booked = seats.c.person.is_(None) & func.lower(seats.c.email).in_(identity.addresses)
    return (seats.c.person == identity.person) | booked


def _asked_by(identity: Identity) -> Select[Any]:
    return select(askers.c.inquiry).where(askers.c.person == identity.person)


def _opens_for(identity: Identity) -> ColumnElement[bool]:
    """A link that is about the person, or about something and the person."""
    return or_(*((links.c.about == id) | links.c.about.endswith(f" {id}") for id in identity.persons))


def _given_to(identity: Identity) -> ColumnElement[bool]:
    """A code that joins another account: it is about the account that asked for it, as JSON."""
    return codes.c.about.in_([json.dumps(account) for account in identity.accounts])


HELD: tuple[Held, ...] = (
    Held(people, _by(people.c.id)),
    Held(people, _by(people.c.deputy), {"deputy": ""}, told=False),
    Held(actors, lambda one: one.is_account(actors)),
    Held(addresses, lambda one: one.is_account(addresses, "conversation")),
    Held(seats, _named_on, {"person": None, "name": "", "email": ""}),
    Held(seats, _by(seats.c.left_by), {"left_by": None}, told=False),
    # Whose booking it is stays known as the organisation's, as bookkeeping asks; who made it does not.
    Held(registrations, _by(registrations.c.made_by), {"made_by": ERASED, "needs": ""}),
    Held(contacts, _by(contacts.c.person)),
    Held(newcomers, _by(newcomers.c.person)),
    Held(newcomers, _by(newcomers.c.denied_by), {"denied_by": ERASED}, told=False),
    Held(answerers, _by(answerers.c.person)),
    Held(coaches, _by(coaches.c.person)),
    Held(wishes, _by(wishes.c.person)),
    Held(members, _by(members.c.person)),
    Held(note_takers, _by(note_takers.c.person)),
    Held(plan_rows, _by(plan_rows.c.owner), {"owner": None}),
    Held(plan_rows, _by(plan_rows.c.changed_by), {"changed_by": None}, told=False),
    Held(workshops, _by(workshops.c.begun_by), {"begun_by": ERASED}),
    Held(askers, _by(askers.c.person)),
    Held(inquiries, lambda one: inquiries.c.id.in_(_asked_by(one)), {"reason": ""}),  # the questions are nobody's
    Held(challenges, _by(challenges.c.person)),
    Held(challenge_viewers, _by(challenge_viewers.c.person)),
    Held(challenge_viewers, _by(challenge_viewers.c.viewer), told=False),
    Held(reflections, _by(reflections.c.person)),
    Held(sparring, _by(sparring.c.person)),
    Held(sparring, _by(sparring.c.partner), {"partner": None, "proposal": "", "agreed": False}, told=False),
    Held(awaited, _by(awaited.c.person)),
    Held(handovers, _by(handovers.c.person)),
    Held(misses, _by(misses.c.owner), {"owner": None}),
    Held(misses, _by(misses.c.answered_by), {"answered_by": ERASED}),
    Held(faq_history, _by(faq_history.c.by), {"by": ERASED}),
    Held(nudges, _by(nudges.c.recipient)),
    Held(outbox, lambda one: (outbox.c.person == one.person) | one.is_account(outbox, "conversation")),
    Held(runs, lambda one: one.is_account(runs)),
    Held(tellings, _by(tellings.c.person), told=False),
    Held(rulings, _by(rulings.c.person), {"person": ERASED}),
    Held(bindings, _by(bindings.c.bound_by), {"bound_by": ERASED}),
    Held(feeds, lambda one: feeds.c.owner == f"person:{one.person}", told=False),
    Held(links, _opens_for, told=False),
    Held(codes, lambda one: codes.c.about.contains(one.person, autoescape=True) | _given_to(one), told=False),
    Held(
        installations,
        lambda one: or_(false(), *(installations.c.installed_by == user for _platform, _team, user in one.accounts)),
        {"installed_by": ""},
        told=False,
    ),
)

IMPERSONAL = frozenset(
    {
        *("occasions", "changes", "lanes", "install_states", "key_folders", "workshop_rounds"),
        *("urns", "sealed", "votes", "tallies"),  # nobody can tell whose they are, once the round has closed
        "faq_vectors",  # of texts; a text that is changed has another one, and the old one goes
        "mails",  # to the address that a programme file names
    }
)
"""Tables in which nobody is."""

WRITTEN_IN_CHAT = frozenset({"programmes"})
"""Tables of which only what coordinators have written in chat is unnamed: their files name who holds a talk, and say so
again whenever they are loaded."""

PERSONAL = tuple(sorted({held.table.name for held in HELD} | {column.table.name for column in NAMING}))
"""The tables that something may be erased from."""


class Eraser:
    """Finds and erases what is stored of persons."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def is_known(self, person: str) -> bool:
        """Whether there still is something to erase."""
        return self._connection.execute(select(people.c.id).where(people.c.id == person)).first() is not None

    def identity(self, person: str) -> Identity:
        """By what a person is known. Their name on a seat, or in an account that was joined, may be another one."""
        row = self._connection.execute(select(people).where(people.c.id == person)).one()
        accounts = self._connection.execute(select(actors).where(actors.c.person == person)).all()
        booked = self._connection.execute(select(seats.c.name, seats.c.email).where(seats.c.person == person)).all()
        former = Joins(self._connection, self._now).former(person)
        said = [(one.name, one.email) for one in (row, *booked)] + [(one.name, one.email) for one in former]
        return Identity(
            person,
            tuple((one.platform, one.workspace, one.user) for one in accounts),
            frozenset(word for one in said for word in one) - {""},
            frozenset(one.directory_email for one in accounts) - {""},
            frozenset(one.person for one in former) - {""},
        )

    def stored(self, person: str) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Table → the person's own rows, in words and numbers that JSON knows."""
        identity = self.identity(person)
        found: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for held in HELD:
            before = found.get(held.table.name, ())
            new = (row for row in self._rows(held, identity) if row not in before) if held.told else ()
            if rows := (*before, *new):
                found[held.table.name] = rows
        return found

    def _rows(self, held: Held, identity: Identity) -> Iterator[Mapping[str, Any]]:
        for row in self._connection.execute(select(held.table).where(held.whose(identity))).mappings():
            yield {name: _plain(value) for name, value in row.items()}

    def erase(self, identity: Identity) -> None:
        """Erase a person. What stays of theirs names nobody: bookings of the organisation, notes of a group.

        The caller holds the person (`Joins.hold`), so that whoever writes something for them at this moment is waited
        for, or waits and finds them gone; asks by what they are known and then gives back their seats, which have
        names on them; and frees the space on disk after the commit.
        """
        person = identity.person
        written = self._writings(person)
        be_nobody(self._connection, self._now)
        self._stay_seen(person)
        for held in reversed(HELD):  # the person's own row last, as all others refer to it
            self._let_go(held, identity)
        unnaming = Unnaming(ids=identity.ids, called=identity.called, certain=identity.addresses)
        for column, mend in NAMING.items():
            mend_column(self._connection, column, unnaming.may_stand(column), partial(mend, unnaming))
        programmes.unname(self._connection, unnaming.text)
        if written:
            own = Unnaming(certain=written)
            mend_column(self._connection, deliveries.c.reply, own.may_stand(deliveries.c.reply), own.reply)

    def _writings(self, person: str) -> frozenset[str]:
        """What somebody wrote for themselves, and was shown again in answers that are kept for some days."""
        said = (select(table.c.text).where(table.c.person == person) for table in (challenges, reflections))
        return frozenset(text for one in said for text in self._connection.execute(one).scalars()) - {""}

    def _stay_seen(self, person: str) -> None:
        """Whoever let them read a challenge goes on knowing that it was read. All who are erased are one there."""
        seen = self._connection.execute(select(challenge_viewers).where(challenge_viewers.c.viewer == person))
        for row in seen.mappings().all():
            insert_or_ignore(self._connection, challenge_viewers, **{**row, "viewer": ERASED})

    def _let_go(self, held: Held, identity: Identity) -> None:
        theirs = held.whose(identity)
        if held.becomes is None:
            self._connection.execute(delete(held.table).where(theirs))
        else:
            self._connection.execute(update(held.table).where(theirs).values(dict(held.becomes)))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
