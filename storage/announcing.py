"""How far the telling of changed occasions has come, and who is next: many people are told piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, and_, delete, literal, select, union, update

from bot.domain.changes import SETTLES, Change, differences
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from storage import noted
from storage.noted import Begun, Noted
from storage.nudges import SENT
from storage.tables import changes, nudges, registrations, seats

_RECEIPT = "receipt:"
"""How the outbox key of a receipt begins; its registration follows."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The changes of a programme that are being told together, and how far that has come."""

    programme: str
    changes: Mapping[str, Change] = field(default_factory=dict)  # occasion id → what is told of it
    person: str = ""  # everybody up to this id has been told
    letter: str = ""  # every message up to this outbox key has been corrected
    heard: bool = False  # everybody has been told: what is left are corrections

    @property
    def occasions(self) -> tuple[str, ...]:
        return tuple(self.changes)


class Announcing:
    """The tellings that have begun. Whoever goes on with one has locked its programme."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, programme: str) -> Telling | None:
        """The telling of the programme that has begun, if one has."""
        rows = self._connection.execute(select(changes).where(changes.c.programme == programme)).all()
        found = {row.occasion: noted.read(row.before) for row in rows}
        begun = {id: one for id, one in found.items() if isinstance(one, Begun)}
        if not begun:
            return None
        first = next(iter(begun.values()))
        told = sorted(begun.items(), key=lambda one: one[1].after.starts_at)
        both = {id: Change(one.before, one.after) for id, one in told}
        return Telling(programme, both, first.person, first.letter, first.heard)

    def keep(self, telling: Telling) -> None:
        """Note how far it has come; from the first time on, what is told of stands fast."""
        for id, change in telling.changes.items():
            begun = Begun(change.before, change.after, telling.person, telling.letter, telling.heard)
            self._write(telling.programme, id, begun)

    def _write(self, programme: str, occasion: str, one: Noted) -> None:
        this = and_(changes.c.programme == programme, changes.c.occasion == occasion)
        self._connection.execute(update(changes).where(this).values(before=noted.written(one)))

    def finish(self, telling: Telling, programme: Programme) -> None:
        """Everything is told. What has changed once more meanwhile is told when it has lain still, too."""
        current = {one.id: one for one in programme.occasions}
        for id, change in telling.changes.items():
            this = and_(changes.c.programme == telling.programme, changes.c.occasion == id)
            if id in current and differences(change.after, current[id]):
                self._write(telling.programme, id, change.after)
                self._connection.execute(update(changes).where(this).values(settles_at=self._now + SETTLES))
            else:
                self._connection.execute(delete(changes).where(this))

    # Who is next

    def next_persons(self, telling: Telling, most: int) -> Sequence[str]:
        """The next of those who sit at one of the occasions, or booked a seat there, in the order of their ids."""
        here = (seats.c.programme == telling.programme, seats.c.occasion.in_(telling.occasions))
        booked = select(registrations.c.made_by).join(seats, seats.c.registration == registrations.c.id)
        both = union(
            select(seats.c.person.label("person")).where(*here, seats.c.person > telling.person),
            booked.where(*here, registrations.c.made_by > telling.person),
        ).subquery()
        return self._connection.execute(select(both.c.person).order_by(both.c.person).limit(most)).scalars().all()

    def next_letters(self, telling: Telling, most: int) -> Sequence[str]:
        """The next outbox keys of what has gone out about the occasions: reminders, and receipts."""
        receipt = literal(_RECEIPT).concat(seats.c.registration)
        both = union(
            select(nudges.c.message.label("key")).where(
                nudges.c.programme == telling.programme,
                nudges.c.state == SENT,
                nudges.c.about.in_(telling.occasions),
                nudges.c.recipient != "",
                nudges.c.message > telling.letter,
            ),
            select(receipt).where(
                seats.c.programme == telling.programme,
                seats.c.occasion.in_(telling.occasions),
                receipt > telling.letter,
            ),
        ).subquery()
        return self._connection.execute(select(both.c.key).order_by(both.c.key).limit(most)).scalars().all()

    def spoken_of(self, telling: Telling, letters: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Occasion → which of these messages speak of it."""
        booked = [key.removeprefix(_RECEIPT) for key in letters if key.startswith(_RECEIPT)]
        nudged = select(nudges.c.about, nudges.c.message).where(
            nudges.c.programme == telling.programme, nudges.c.message.in_(letters), nudges.c.state == SENT
        )
        receipts = select(seats.c.occasion, seats.c.registration).where(seats.c.registration.in_(booked))
        pairs = {
            *((row.about, row.message) for row in self._connection.execute(nudged)),
            *((row.occasion, _RECEIPT + row.registration) for row in self._connection.execute(receipts)),
        }
        return {id: frozenset(key for about, key in pairs if about == id) for id in telling.occasions}
