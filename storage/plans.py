"""Plan rows of all programmes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from bot.domain.plans import PlanRow, Progress
from storage.tables import plan_rows
from storage.upsert import upsert


class Plans:
    """What organisations have decided to do."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, row: PlanRow) -> PlanRow:
        """Store a new row, or what has become of one; the row as it is stored."""
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
        )
        return replace(row, changed_at=self._now)

    def _created(self, id: str) -> datetime:
        created: datetime = self._connection.execute(
            select(plan_rows.c.created_at).where(plan_rows.c.id == id)
        ).scalar_one()
        return created

    def get(self, id: str) -> PlanRow | None:
        row = self._connection.execute(select(plan_rows).where(plan_rows.c.id == id)).one_or_none()
        return None if row is None else _plan_row(row)

    def of_organisation(self, programme: str, organisation_key: str) -> tuple[PlanRow, ...]:
        """An organisation's plan, in the order in which it was written."""
        return self._rows(plan_rows.c.programme == programme, plan_rows.c.organisation_key == organisation_key)

    def of_programme(self, programme: str) -> tuple[PlanRow, ...]:
        """Every organisation's plan."""
        return self._rows(plan_rows.c.programme == programme)

    def of_owners(self, persons: Iterable[str]) -> tuple[PlanRow, ...]:
        """The rows that these persons have taken on."""
        return self._rows(plan_rows.c.owner.in_(sorted(persons)))

    def remove(self, id: str) -> None:
        self._connection.execute(delete(plan_rows).where(plan_rows.c.id == id))

    def _rows(self, *where: Any) -> tuple[PlanRow, ...]:
        rows = self._connection.execute(
            select(plan_rows).where(*where).order_by(plan_rows.c.organisation, plan_rows.c.created_at, plan_rows.c.id)
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
    )
