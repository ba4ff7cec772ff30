"""Registrations and the seats they hold."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    ScalarSelect,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.registrations import ACTIVE_STATES, Participant, Register, Registration, Seat, SeatState
from bot.domain.values import dataclass
from storage.people import REACHABLE
from storage.prepared import Prepared
from storage.tables import actors, occasions, registrations, seats
from storage.types import Instant
from storage.upsert import insert_row

ACTIVE = tuple(state.value for state in ACTIVE_STATES)
_HERE = (seats.c.programme == occasions.c.programme) & (seats.c.occasion == occasions.c.id)
_SITTING = or_(seats.c.state == SeatState.CONFIRMED.value, seats.c.state == SeatState.OFFERED.value)
_UNDOABLE = and_(  # a cancelled seat is held while it can be undone
    seats.c.state == SeatState.CANCELLED.value,
    seats.c.before_cancel != SeatState.WAITING.value,
    seats.c.undo_until > bindparam("now"),
)


def _count(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many seats of an occasion; two simple conditions are each counted in an index, one of both is not."""
    return select(func.count()).select_from(seats).where(_HERE, condition).correlate(occasions).scalar_subquery()


_LEFT = Prepared(
    select(
        occasions.c.id,
        # Without a limit nothing is counted.
        case((occasions.c.capacity.is_not(None), occasions.c.capacity - _count(_SITTING) - _count(_UNDOABLE))).label(
            "left"
        ),
    ).where(occasions.c.programme == bindparam("programme"))
)
_HELD = Prepared(
    select(seats.c.occasion, func.count().label("seats"), func.sum(cast(seats.c.lodging, Integer)).label("lodging"))
    .join(registrations, registrations.c.id == seats.c.registration)
    .where(
        registrations.c.programme == bindparam("programme"),
        registrations.c.organisation_key == bindparam("organisation"),
        seats.c.state == SeatState.CONFIRMED.value,
    )
    .group_by(seats.c.occasion)
)
_UNNAMED = Prepared(
    select(seats)
    .join(registrations, registrations.c.id == seats.c.registration)
    .where(
        registrations.c.programme == bindparam("programme"),
        registrations.c.organisation_key == bindparam("organisation"),
        seats.c.state == SeatState.CONFIRMED.value,
        seats.c.person.is_(None),
        seats.c.name == "",
    )
    .order_by(registrations.c.created_at, registrations.c.id, seats.c.id)
)
_LOCK = Prepared(
    select(occasions.c.id)
    .where(occasions.c.programme == bindparam("programme"))
    .order_by(occasions.c.id)
    .with_for_update()
)
_REGISTRATION = Prepared(select(registrations).where(registrations.c.id == bindparam("id")))
_SEAT = Prepared(select(seats).where(seats.c.id == bindparam("id")))
_ANEW = seats.alias("anew")
LAPSED = and_(seats.c.state == SeatState.RELEASED.value, seats.c.offered_until.is_not(None))
"""Seats that were offered to somebody who did not answer in time, and who may still come after all."""

STANDING = or_(seats.c.state != SeatState.RELEASED.value, LAPSED)
"""Seats that somebody has, waits for, or can still get back."""
MISSED = and_(
    LAPSED,
    ~select(_ANEW.c.id)
    .where(
        _ANEW.c.programme == seats.c.programme,
        _ANEW.c.occasion == seats.c.occasion,
        _ANEW.c.person == seats.c.person,
        or_(*(_ANEW.c.state == state for state in ACTIVE)),
    )
    .exists(),
)
"""Those of them whose person has not got, and does not wait for, a seat there in another way."""

_SITS_ON = select(seats.c.registration).where(
    seats.c.person == bindparam("person"), or_(*(seats.c.state == state for state in ACTIVE), LAPSED)
)
_OF_PERSON = Prepared(
    select(registrations)
    .where(or_(registrations.c.made_by == bindparam("person"), registrations.c.id.in_(_SITS_ON)))
    .order_by(registrations.c.created_at.desc())
)
_SEATS_OF = Prepared(
    select(seats).where(seats.c.registration == bindparam("registration")).order_by(seats.c.occasion, seats.c.id)
)
_RETURNED = Prepared(
    select(seats.c.left_by)
    .where(
        seats.c.left_by.is_not(None),
        select(actors.c.user).where(actors.c.person == seats.c.left_by, REACHABLE).exists(),
    )
    .group_by(seats.c.left_by)
    .order_by(seats.c.left_by)
)
_LEFT_BY = Prepared(select(seats).where(seats.c.left_by == bindparam("person")).order_by(seats.c.occasion, seats.c.id))
_BEFORE = Prepared(
    select(func.count().label("n"))
    .select_from(seats)
    .where(
        seats.c.programme == bindparam("programme"),
        seats.c.occasion == bindparam("occasion"),
        seats.c.state == SeatState.WAITING.value,
        tuple_(seats.c.queued_at, seats.c.id)
        < tuple_(bindparam("queued_at", type_=Instant()), bindparam("id", type_=String())),
    )
)
_IN_LINE = select(seats).where(seats.c.state == SeatState.WAITING.value)
_FIRST_IN_LINE = Prepared(
    _IN_LINE.where(seats.c.programme == bindparam("programme"), seats.c.occasion == bindparam("occasion"))
    .order_by(seats.c.queued_at, seats.c.id)
    .limit(1)
)
_QUEUES = Prepared(
    select(occasions.c.programme, occasions.c.id)
    .where(_IN_LINE.where(seats.c.programme == occasions.c.programme, seats.c.occasion == occasions.c.id).exists())
    .order_by(occasions.c.programme, occasions.c.id)
)
_OWN = Prepared(
    select(seats.c.programme, seats.c.occasion).where(
        seats.c.person == bindparam("person"), or_(*(seats.c.state == state for state in ACTIVE))
    )
)
_GONE = seats.c.state.in_((SeatState.CANCELLED.value, SeatState.RELEASED.value))
_STANDING = case(
    (_GONE & (seats.c.before_cancel == SeatState.CONFIRMED.value), literal_column(f"'{SeatState.CANCELLED.value}'")),
    (_GONE, literal_column(f"'{SeatState.RELEASED.value}'")),
    else_=seats.c.state,
).label("standing")


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat about to be stored."""

    occasion: str
    participant: Participant
    state: SeatState
    lodging: bool


Held = tuple[dict[str, int], dict[str, int]]
"""Occasion id → confirmed seats, and occasion id → of those with lodging."""


class Registrations:
    """All registrations; what becomes scarce is locked before it is counted."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # Counting

    def lock(self, programme: str) -> None:
        """Hold the programme's occasions, always in the same order, until the transaction ends."""
        _LOCK.all(self._connection, programme=programme)

    def left(self, programme: str) -> dict[str, int | None]:
        """Occasion id → free seats, never below 0; None where there is no limit."""
        return {
            row.id: None if row.left is None else max(0, row.left)
            for row in _LEFT.all(self._connection, programme=programme, now=self._now)
        }

    def held(self, programme: str, organisation_key: str) -> Held:
        """What an organisation holds of a programme."""
        rows = _HELD.all(self._connection, programme=programme, organisation=organisation_key)
        return {row.occasion: row.seats for row in rows}, {row.occasion: int(row.lodging or 0) for row in rows}

    def unnamed(self, programme: str, organisation_key: str) -> tuple[Seat, ...]:
        """The sure seats of an organisation that are nobody's yet, those that were booked first before the others."""
        rows = _UNNAMED.all(self._connection, programme=programme, organisation=organisation_key)
        return tuple(map(to_seat, rows))

    def held_ahead(self, programme: str, organisation_key: str) -> None:
        """Say that `held` will be asked for this organisation."""
        _HELD.ask_ahead(self._connection, programme=programme, organisation=organisation_key)

    def left_ahead(self, programme: str) -> None:
        """Say that `left` will be asked for this programme."""
        _LEFT.ask_ahead(self._connection, programme=programme, now=self._now)

    def own_ahead(self, person: str) -> None:
        """Say that `own` will be asked for this person."""
        _OWN.ask_ahead(self._connection, person=person)

    def own(self, person: str) -> frozenset[tuple[str, str]]:
        """The (programme, occasion) pairs where the person has, or waits for, a seat."""
        return frozenset((row.programme, row.occasion) for row in _OWN.all(self._connection, person=person))

    def held_by(self, person: str, programme: str) -> tuple[Seat, ...]:
        """What somebody has, waits for or is offered in a programme."""
        theirs = (seats.c.person == person, seats.c.programme == programme, seats.c.state.in_(ACTIVE))
        return tuple(map(self._positioned, self._connection.execute(select(seats).where(*theirs).order_by(seats.c.id))))

    def returned(self) -> tuple[str, ...]:
        """Who has left seats, and can be reached again."""
        return tuple(row.left_by for row in _RETURNED.all(self._connection))

    def left_by(self, person: str) -> tuple[Seat, ...]:
        """The seats that somebody has left, whoever has them now."""
        return tuple(map(self._positioned, _LEFT_BY.all(self._connection, person=person)))

    def let_go(self, person: str) -> None:
        """Keep no longer which seats somebody has left."""
        self._connection.execute(update(seats).where(seats.c.left_by == person).values(left_by=None))

    def first_in_line(self, programme: str, occasion: str) -> Seat | None:
        """Who has waited longest."""
        row = _FIRST_IN_LINE.first(self._connection, programme=programme, occasion=occasion)
        return None if row is None else to_seat(row, 1)

    def queues(self) -> tuple[tuple[str, str], ...]:
        """The (programme, occasion) pairs that somebody waits for, however many do."""
        return tuple((row.programme, row.id) for row in _QUEUES.all(self._connection))

    def awaited(self, programme: str) -> frozenset[str]:
        """The occasions of a programme that somebody waits for."""
        return frozenset(occasion for at, occasion in self.queues() if at == programme)

    # Reading

    def booked_at(self, registration: str, moments: Collection[datetime], *, but: Collection[str]) -> tuple[Seat, ...]:
        """The seats that were added to a registration at these instants, without some (ids)."""
        since = func.coalesce(seats.c.held_since, seats.c.queued_at)
        made = select(registrations.c.created_at).where(registrations.c.id == registration).scalar_subquery()
        here = (seats.c.registration == registration, seats.c.state.in_(ACTIVE), seats.c.id.not_in(but))
        found = select(seats).where(*here, since.in_(moments), since != made).order_by(seats.c.id)
        return tuple(map(to_seat, self._connection.execute(found)))

    def get(self, id: str) -> Registration | None:
        """The registration with all its seats."""
        row = _REGISTRATION.first(self._connection, id=id)
        return None if row is None else self._whole(row)

    def seat(self, id: str) -> Seat | None:
        row = _SEAT.first(self._connection, id=id)
        return None if row is None else self._positioned(row)

    def of_person(self, person: str) -> tuple[Registration, ...]:
        """What the person has made, and what they sit on, newest first."""
        return tuple(self._whole(row) for row in _OF_PERSON.all(self._connection, person=person))

    def counts(self) -> dict[tuple[str, str, SeatState], int]:
        """(programme, occasion, state) → seats, for the coordinator's view.

        Cancelled are those that somebody had for certain and gave up, for as long as that is known.
        """
        rows = self._connection.execute(
            select(seats.c.programme, seats.c.occasion, _STANDING, func.count().label("n")).group_by(
                seats.c.programme, seats.c.occasion, _STANDING
            )
        )
        return {(row.programme, row.occasion, SeatState(row.standing)): row.n for row in rows}

    def unanswered(self) -> dict[tuple[str, str], int]:
        """(programme, occasion) → seats that were offered to somebody who did not answer in time."""
        here = (seats.c.programme, seats.c.occasion)
        rows = self._connection.execute(select(*here, func.count().label("n")).where(MISSED).group_by(*here))
        return {(row.programme, row.occasion): row.n for row in rows}

    def lapsed_undo(self, programme: str = "") -> tuple[Seat, ...]:
        """Cancelled seats whose ten minutes have passed, in one programme or in all."""
        return self._due(SeatState.CANCELLED, seats.c.undo_until, programme)

    def lapsed_offers(self, programme: str = "") -> tuple[Seat, ...]:
        """Offered seats that nobody took in time, in one programme or in all."""
        return self._due(SeatState.OFFERED, seats.c.offered_until, programme)

    def _due(self, state: SeatState, column: Any, programme: str) -> tuple[Seat, ...]:
        within = (seats.c.programme == programme,) if programme else ()
        rows = self._connection.execute(
            select(seats).where(seats.c.state == state.value, column <= self._now, *within).order_by(column).limit(200)
        )
        return tuple(to_seat(row) for row in rows)

    # Writing

    def add(self, command: Register, made_by: str, booked: Iterable[NewSeat]) -> Registration:
        """Store a registration with its seats."""
        id = uuid.uuid4().hex
        insert_row(
            self._connection,
            registrations,
            id=id,
            programme=command.programme,
            organisation=command.organisation,
            organisation_key=command.organisation_key,
            made_by=made_by,
            invoice_reference=command.invoice_reference,
            gln=command.gln,
            needs=command.needs,
            prerequisite=command.prerequisite,
            created_at=self._now,
        )
        for seat in booked:
            self.add_seat(id, command.programme, seat)
        registration = self.get(id)
        assert registration is not None
        return registration

    def add_seat(self, registration: str, programme: str, seat: NewSeat) -> str:
        """Store one seat and return its id."""
        id = uuid.uuid4().hex
        insert_row(
            self._connection,
            seats,
            id=id,
            registration=registration,
            programme=programme,
            occasion=seat.occasion,
            person=seat.participant.person or None,
            name=seat.participant.name,
            email=seat.participant.email,
            state=seat.state.value,
            lodging=seat.lodging,
            queued_at=self._now if seat.state is SeatState.WAITING else None,
            changed_at=self._now,
            held_since=self._now if seat.state is SeatState.CONFIRMED else None,
        )
        return id

    def amend(self, id: str, **values: object) -> None:
        """Change a registration's own details, as a new version."""
        version = registrations.c.version + 1
        self._connection.execute(
            update(registrations).where(registrations.c.id == id).values(version=version, **values)
        )

    def change_seat(self, id: str, **values: object) -> None:
        """Change a seat; its calendar sequence rises, so that calendars take the change."""
        sequence = seats.c.sequence + 1
        if values.get("state") == SeatState.CONFIRMED.value or "person" in values:
            values["held_since"] = self._now
        self._connection.execute(
            update(seats).where(seats.c.id == id).values(sequence=sequence, changed_at=self._now, **values)
        )

    def rename(self, person: str, *, name: str, email: str) -> int:
        """Let the person's own seats say what they are called now; how many said something else.

        No calendar needs to hear of it.
        """
        other = (seats.c.name != name) | (seats.c.email != email)
        theirs = update(seats).where(seats.c.person == person, other)
        return self._connection.execute(theirs.values(name=name, email=email)).rowcount

    def cancel(self, seat: Seat, undo_until: datetime, *, fee: int = 0) -> None:
        """Give the seat up for so many kronor, holding it until the undo has lapsed."""
        self.change_seat(
            seat.id,
            state=SeatState.CANCELLED.value,
            before_cancel=seat.state.value,
            undo_until=undo_until,
            fee=fee,
        )

    def restore(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Bring back those of the seats that were cancelled and can still be undone; their ids."""
        rows = self._connection.execute(
            select(seats.c.id, seats.c.before_cancel).where(
                seats.c.id.in_(tuple(ids)),
                seats.c.state == SeatState.CANCELLED.value,
                seats.c.undo_until > self._now,
            )
        ).all()
        for row in rows:
            self.change_seat(row.id, state=row.before_cancel, undo_until=None, fee=0)
        return tuple(row.id for row in rows)

    def _whole(self, row: Row[Any]) -> Registration:
        found = _SEATS_OF.all(self._connection, registration=row.id)
        return to_registration(row, tuple(self._positioned(seat) for seat in found))

    def _positioned(self, row: Row[Any]) -> Seat:
        """The seat, with its place in line if it waits."""
        if row.state != SeatState.WAITING.value:
            return to_seat(row)
        key = {"programme": row.programme, "occasion": row.occasion, "queued_at": row.queued_at, "id": row.id}
        before: int = _BEFORE.first(self._connection, **key).n
        return to_seat(row, before + 1)


def to_registration(row: Row[Any], taken: tuple[Seat, ...]) -> Registration:
    return Registration(
        id=row.id,
        programme=row.programme,
        organisation=row.organisation,
        organisation_key=row.organisation_key,
        made_by=row.made_by,
        seats=taken,
        invoice_reference=row.invoice_reference,
        gln=row.gln,
        needs=row.needs,
        version=row.version,
    )


def to_seat(row: Row[Any], position: int = 0) -> Seat:
    return Seat(
        id=row.id,
        registration=row.registration,
        programme=row.programme,
        occasion=row.occasion,
        participant=Participant(row.name, row.email, row.person or ""),
        state=SeatState(row.state),
        lodging=row.lodging,
        position=position,
        offered_until=row.offered_until,
        undo_until=row.undo_until,
        sequence=row.sequence,
        fee=row.fee,
    )
