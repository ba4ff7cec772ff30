"""Plan rows of all programmes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.domain.plans import PlanRow, Progress, Tally, tally
from storage.belonging import denied
from storage.tables import people, plan_rows, registrations, seats
from storage.upsert import upsert

_OPEN = plan_rows.c.progress != Progress.DONE.value
_THEIRS = ~denied(plan_rows.c.programme, plan_rows.c.organisation_key, plan_rows.c.owner)
"""Nobody is told of a plan in which they have no part, for as long as that is so."""

_ROWS = select(plan_rows, func.coalesce(people.c.name, "").label("changer")).outerjoin(
    people, people.c.id == plan_rows.c.changed_by
)


class Plans:
    """What organisations have decided to do."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, row: PlanRow, *, by: str = "") -> PlanRow:
        """Store a new row, or what the person `by` has made of one; the row as it is stored."""
        before = self.get(row.id)
        upsert(
            self._connection,
            plan_rows,
            id=row.id,
            programme=row.programme,
            organisation_key=row.organisation_key,
            organisation=row.organisation,
            what=row.what,
            who=row.who,
            before=row.before,
            due=row.due,
            progress=row.progress.value,
            owner=row.owner or None,
            deputy=row.deputy,
            group=row.group,
            answer=row.answer,
            remark=row.remark,
            created_at=self._created(row.id) if before else self._now,
            changed_at=self._now,
            changed_by=by or None,
        )
        kept = self.get(row.id)
        assert kept is not None, "it has just been stored"
        return kept

    def _created(self, id: str) -> datetime:
        created: datetime = self._connection.execute(
            select(plan_rows.c.created_at).where(plan_rows.c.id == id)
        ).scalar_one()
        return created

    def get(self, id: str) -> PlanRow | None:
        row = self._connection.execute(_ROWS.where(plan_rows.c.id == id)).one_or_none()
        return None if row is None else _plan_row(row)

    def locked(self, id: str) -> PlanRow | None:
        """The row as it is now; nobody else changes it before the transaction ends."""
        self._connection.execute(select(plan_rows.c.id).where(plan_rows.c.id == id).with_for_update())
        return self.get(id)

    def of_organisation(self, programme: str, organisation_key: str) -> tuple[PlanRow, ...]:
        """An organisation's plan, in the order in which it was written."""
        return self._rows(plan_rows.c.programme == programme, plan_rows.c.organisation_key == organisation_key)

    def of_programme(self, programme: str) -> tuple[PlanRow, ...]:
        """Every organisation's plan."""
        return self._rows(plan_rows.c.programme == programme)

    def of_owners(self, persons: Iterable[str]) -> tuple[PlanRow, ...]:
        """The rows that these persons have taken on."""
        return self._rows(plan_rows.c.owner.in_(sorted(persons)), _THEIRS)

    def of_answer(self, answer: str) -> tuple[PlanRow, ...]:
        """What organisations have taken on because of an answer on a board."""
        return self._rows(plan_rows.c.answer == answer)

    def owned(self, programme: str) -> Mapping[str, tuple[PlanRow, ...]]:
        """Person → what they have taken on in the programme and not done."""
        found: dict[str, tuple[PlanRow, ...]] = {}
        for row in self._rows(plan_rows.c.programme == programme, plan_rows.c.owner.is_not(None), _OPEN, _THEIRS):
            found[row.owner] = (*found.get(row.owner, ()), row)
        return found

    def due_between(self, first: date, last: date) -> tuple[PlanRow, ...]:
        """What somebody has taken on and not done, with a day of its own among these."""
        return self._rows(plan_rows.c.due.between(first, last), plan_rows.c.owner.is_not(None), _OPEN, _THEIRS)

    def tallies(self, programme: str) -> Mapping[str, Tally]:
        """Organisation key → the numbers of its plan, for those that have one."""
        rows: dict[str, list[PlanRow]] = {}
        for row in self.of_programme(programme):
            rows.setdefault(row.organisation_key, []).append(row)
        return {key: tally(theirs) for key, theirs in rows.items()}

    def of_sitters(self, given_up: Collection[str]) -> tuple[PlanRow, ...]:
        """What those who sat on these seats (ids) have taken on for the organisation that had them, and not done.

        Also when they sit on others of its seats.
        """
        theirs = (
            select(seats.c.id)
            .join(registrations, registrations.c.id == seats.c.registration)
            .where(
                seats.c.id.in_(given_up),
                seats.c.person == plan_rows.c.owner,
                registrations.c.programme == plan_rows.c.programme,
                registrations.c.organisation_key == plan_rows.c.organisation_key,
            )
        )
        return self._rows(_OPEN, theirs.exists())

    def disown(self, person: str, place: tuple[str, str] | None = None) -> tuple[PlanRow, ...]:
        """Let nobody have what this person had taken on and not done; those rows as they were.

        With a programme and an organisation's key only those of its plan.
        """
        its = (plan_rows.c.programme == place[0], plan_rows.c.organisation_key == place[1]) if place else ()
        theirs = self._rows(plan_rows.c.owner == person, _OPEN, *its)
        self._connection.execute(
            update(plan_rows).where(plan_rows.c.id.in_([row.id for row in theirs])).values(
                owner=None, who="", changed_at=self._now, changed_by=None
            )
        )  # fmt: skip
        return theirs

    def remove(self, id: str) -> None:
        self._connection.execute(delete(plan_rows).where(plan_rows.c.id == id))

    def _rows(self, *where: Any) -> tuple[PlanRow, ...]:
        rows = self._connection.execute(
            _ROWS.where(*where).order_by(plan_rows.c.organisation, plan_rows.c.created_at, plan_rows.c.id)
        )
        return tuple(_plan_row(row) for row in rows)


def _plan_row(row: Row[Any]) -> PlanRow:
    return PlanRow(
        id=row.id,
        programme=row.programme,
        organisation_key=row.organisation_key,
        organisation=row.organisation,
        what=row.what,
        who=row.who,
        before=row.before,
        due=row.due,
        progress=Progress(row.progress),
        owner=row.owner or "",
        deputy=row.deputy,
        group=row.group,
        answer=row.answer,
        remark=row.remark,
        changed_at=row.changed_at,
        changer=row.changer,
        is_new=row.changed_at == row.created_at,
    )
