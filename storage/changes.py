"""Changes of occasions that people have not been told of yet, and who is to hear of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, cast, delete, func, or_, select, true, update

from bot.domain.changes import SETTLES, Change, Kind, concerns, concerns_registrant, told_at
from bot.domain.people import Language
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat, SeatState
from bot.domain.values import dataclass
from bot.messages import View, from_json
from bot.ports import Address
from storage import noted
from storage.outbox import FAILED, address_of
from storage.portions import portions
from storage.prepared import Prepared
from storage.registrations import ACTIVE, to_seat
from storage.tables import changes, outbox, programmes, registrations, seats
from storage.upsert import insert_or_ignore

_DUE = Prepared(
    select(changes.c.programme).where(changes.c.settles_at <= bindparam("now")).order_by(changes.c.settles_at)
)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A change that people are told of at `settles_at`; `before` is what they were told last."""

    occasion: str
    before: Occasion
    settles_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who hears of a changed occasion: on `seat`, or for having booked it for others."""

    person: str
    occasion: str
    seat: Seat | None
    organisation: str
    organisation_key: str
    registrant: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that somebody has got, or is about to get, and that can be edited."""

    key: str
    address: Address
    person: str
    language: Language
    view: View


class Changes:
    """The unsettled changes of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # Noting

    def note(self, programme: str, before: Occasion) -> None:
        """Remember what people know of an occasion that has changed, unless an earlier change waits already."""
        key = {"programme": programme, "occasion": before.id}
        values = {"before": noted.written(before), "settles_at": self._now + SETTLES}
        insert_or_ignore(self._connection, changes, **key, **values)

    def postpone(self, programme: str, until: datetime) -> None:
        """Let everything unsettled of the programme be told of at that instant, together."""
        waiting = tuple(one.occasion for one in self.of(programme))
        here = (changes.c.programme == programme, changes.c.occasion.in_(waiting))
        self._connection.execute(update(changes).where(*here).values(settles_at=until))

    def put_off(self, programme: str, until: datetime) -> None:
        """Let it rest until then, also what is being told."""
        self._connection.execute(update(changes).where(changes.c.programme == programme).values(settles_at=until))

    def drop(self, programme: str, occasions: Collection[str]) -> None:
        """Forget changes that have been told of, or of what is no longer there."""
        here = (changes.c.programme == programme, changes.c.occasion.in_(occasions))
        self._connection.execute(delete(changes).where(*here))

    # Looking up

    def due(self) -> tuple[str, ...]:
        """The programmes of which people are to be told something now."""
        return tuple(dict.fromkeys(row.programme for row in _DUE.all(self._connection, now=self._now)))

    def next_due(self) -> datetime | None:
        """When people are told of a change next."""
        due: datetime | None = self._connection.scalar(select(func.min(changes.c.settles_at)))
        return due

    def of(self, programme: str) -> tuple[Unsettled, ...]:
        """What is unsettled of a programme, and not being told yet."""
        rows = self._connection.execute(select(changes).where(changes.c.programme == programme)).all()
        found = ((row, noted.read(row.before)) for row in rows)
        return tuple(Unsettled(row.occasion, one, row.settles_at) for row, one in found if isinstance(one, Occasion))

    def told_at(self, programme: Programme, *more: Change) -> datetime:
        """When people hear of what is unsettled, with more to it, if the programme is as it is given here."""
        known = {one.id: one for one in programme.occasions}
        unsettled = [Change(one.before, known[one.occasion]) for one in self.of(programme.id) if one.occasion in known]
        return told_at((*unsettled, *more), programme.zone, self._now)

    def is_held(self, programme: str, occasion: str) -> bool:
        """Whether anybody has, waits for or could still get back a seat at the occasion."""
        there = seats.c.programme == programme, seats.c.occasion == occasion
        found = select(seats.c.id).where(*there, seats.c.state != SeatState.RELEASED.value).limit(1)
        return self._connection.execute(found).first() is not None

    def hearers(
        self,
        programme: str,
        told: Mapping[str, frozenset[Kind]],
        among: Collection[str] | None = None,
        *,
        knew_before: bool = False,
    ) -> tuple[Hearer, ...]:
        """Who hears of changed occasions, given as id → what is told; each once for an occasion and a registration.

        With `among`, only those of these persons; with `knew_before`, without those who registered after the last
        change, and know no other state.
        """
        theirs = true() if among is None else or_(seats.c.person.in_(among), registrations.c.made_by.in_(among))
        undoable = and_(seats.c.state == SeatState.CANCELLED.value, seats.c.undo_until > self._now)
        rows = self._connection.execute(
            select(seats, registrations.c.made_by, registrations.c.organisation, registrations.c.organisation_key)
            .join(registrations, registrations.c.id == seats.c.registration)
            .join(programmes, programmes.c.id == seats.c.programme)
            .where(
                seats.c.programme == programme,
                registrations.c.created_at <= programmes.c.loaded_at if knew_before else true(),
                seats.c.occasion.in_(tuple(told)),
                or_(seats.c.state.in_(ACTIVE), undoable),
                theirs,
            )
            .order_by(seats.c.occasion, seats.c.id)
        )
        found = (
            one for row in rows for one in _hearers(row, told[row.occasion]) if among is None or one.person in among
        )
        # Who sits there comes before who booked it: of one person who is both, the seat counts.
        by_weight = sorted(found, key=lambda one: one.seat is None)
        once: dict[tuple[str, str, str], Hearer] = {}
        for one in by_weight:
            once.setdefault((one.person, one.occasion, one.organisation_key), one)
        return tuple(once.values())

    def delivered(self, keys: Collection[str]) -> tuple[Delivered, ...]:
        """The messages with these outbox keys, but for those that never arrived."""
        return tuple(one for some in portions(keys) for one in self._delivered(some))

    def _delivered(self, keys: list[str]) -> Iterator[Delivered]:
        rows = self._connection.execute(select(outbox).where(outbox.c.key.in_(keys), outbox.c.state != FAILED))
        for row in rows.all():
            yield Delivered(row.key, address_of(row), row.person, Language(row.language), from_json(row.view))

    def holdings(self, programme: str) -> Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]:
        """Organisation key → confirmed seats by occasion, and of those with lodging."""
        rows = self._connection.execute(
            select(
                registrations.c.organisation_key.label("organisation"),
                seats.c.occasion,
                func.count().label("n"),
                func.sum(cast(seats.c.lodging, Integer)).label("lodging"),
            )
            .join(registrations, registrations.c.id == seats.c.registration)
            .where(seats.c.programme == programme, seats.c.state == SeatState.CONFIRMED.value)
            .group_by(registrations.c.organisation_key, seats.c.occasion)
        )
        found: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
        for row in rows:
            held, lodging = found.setdefault(row.organisation, ({}, {}))
            held[row.occasion], lodging[row.occasion] = row.n, int(row.lodging or 0)
        return found


def _hearers(row: Row[Any], kinds: frozenset[Kind]) -> Iterator[Hearer]:
    """Who sits on a seat, or for want of a person there the one who booked it; and where it weighs, both."""
    if not concerns(kinds, SeatState(row.state)):
        return
    about = {"occasion": row.occasion, "organisation": row.organisation, "organisation_key": row.organisation_key}
    if row.person:
        yield Hearer(row.person, seat=to_seat(row), registrant=row.person == row.made_by, **about)
    unreached = not row.person and kinds != {Kind.LINK}  # the link is for those who take part, and for nobody else
    if unreached or (row.person != row.made_by and concerns_registrant(kinds)):
        yield Hearer(row.made_by, seat=None, registrant=True, **about)
