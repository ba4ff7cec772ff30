"""Workshops that are under way or over, and the rounds that were opened for their steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select, update

from bot.domain.workshops import Script, State, Workshop
from storage.tables import rounds, workshop_rounds, workshops
from storage.upsert import insert_row

_SCRIPT: TypeAdapter[Script] = TypeAdapter(Script)


class Workshops:
    """The workshops of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, new: Workshop) -> None:
        insert_row(
            self._connection,
            workshops,
            id=new.id,
            programme=new.programme,
            organisation_key=new.organisation,
            script=_SCRIPT.dump_json(new.script).decode(),
            begun_by=new.begun_by,
            begun_at=new.begun_at,
            changed_at=self._now,
            **_standing(new),
        )

    def get(self, id: str) -> Workshop | None:
        return self._one(select(workshops).where(workshops.c.id == id))

    def locked(self, id: str) -> Workshop | None:
        """The workshop as it is now; nobody else changes it before the transaction ends."""
        return self._one(select(workshops).where(workshops.c.id == id).with_for_update())

    def of_programme(self, programme: str) -> tuple[Workshop, ...]:
        """All workshops of a programme, the newest first."""
        there = select(workshops).where(workshops.c.programme == programme)
        rows = self._connection.execute(there.order_by(workshops.c.begun_at.desc(), workshops.c.id))
        return tuple(_workshop(row) for row in rows)

    def beginnings(self, programme: str) -> frozenset[tuple[str, datetime]]:
        """(organisation, when) of every workshop of a programme; light, however many there are."""
        when = select(workshops.c.organisation_key, workshops.c.begun_at).where(workshops.c.programme == programme)
        return frozenset((row.organisation_key, row.begun_at) for row in self._connection.execute(when))

    def of_round(self, round: str) -> Workshop | None:
        """The workshop that a round was opened for."""
        here = workshop_rounds.c.workshop == workshops.c.id
        return self._one(select(workshops).join(workshop_rounds, here).where(workshop_rounds.c.round == round))

    def overdue(self) -> tuple[Workshop, ...]:
        """Those whose time box is over without the leader having been told."""
        over = (
            (workshops.c.state == State.RUNNING.value)
            & (workshops.c.ends_at <= self._now)
            & workshops.c.told.is_(False)
        )
        rows = self._connection.execute(select(workshops).where(over).order_by(workshops.c.ends_at, workshops.c.id))
        return tuple(_workshop(row) for row in rows)

    def left_alone(self, since: datetime) -> tuple[tuple[Workshop, datetime], ...]:
        """Those that have not ended and that nobody has led on since then, each with when somebody did last."""
        quiet = (workshops.c.state != State.ENDED.value) & (workshops.c.changed_at <= since)
        rows = self._connection.execute(select(workshops).where(quiet).order_by(workshops.c.changed_at, workshops.c.id))
        return tuple((_workshop(row), row.changed_at) for row in rows)

    def next_due(self) -> datetime | None:
        """When a time box is over next."""
        running = (workshops.c.state == State.RUNNING.value) & workshops.c.told.is_(False)
        over: datetime | None = self._connection.scalar(select(func.min(workshops.c.ends_at)).where(running))
        return over

    def save(self, changed: Workshop, *, was: Workshop) -> bool:
        """Store how far it has come; False when somebody else has changed it since."""
        rows = self._connection.execute(
            update(workshops)
            .where(workshops.c.id == changed.id, workshops.c.version == was.version)
            .values(**_standing(changed), changed_at=self._now)
            .returning(workshops.c.id)
        )
        return rows.one_or_none() is not None

    def tell(self, id: str, version: int) -> bool:
        """Note that the leader is told that the time is over; False when it has been noted, or it goes on elsewhere."""
        rows = self._connection.execute(
            update(workshops)
            .where(workshops.c.id == id, workshops.c.version == version, workshops.c.told.is_(False))
            .values(told=True)
            .returning(workshops.c.id)
        )
        return rows.one_or_none() is not None

    # Rounds

    def add_round(self, workshop: str, step: str, round: str) -> None:
        insert_row(
            self._connection, workshop_rounds, workshop=workshop, step=step, round=round, opened_at=self._now
        )  # fmt: skip

    def rounds(self, workshop: str) -> Mapping[str, str]:
        """Step → the round that was opened for it last."""
        return dict(self.all_rounds(workshop))

    def all_rounds(self, workshop: str) -> tuple[tuple[str, str], ...]:
        """(step, round), also of steps that were asked again, the oldest first."""
        rows = self._connection.execute(
            select(workshop_rounds.c.step, workshop_rounds.c.round)
            .where(workshop_rounds.c.workshop == workshop)
            .order_by(workshop_rounds.c.opened_at, workshop_rounds.c.round)
        )
        return tuple((row.step, row.round) for row in rows)

    def versions(self, ids: Iterable[str]) -> Mapping[str, int]:
        """Workshop → a number that rises with every change of it, and of what is written in it."""
        return self._versions(workshops.c.id.in_(sorted(ids)), workshops.c.version)

    def running(self) -> Mapping[str, int]:
        """The workshops under way → a number that rises also when the leader is told that time is up."""
        told = case((workshops.c.told, 1), else_=0)
        return self._versions(workshops.c.state == State.RUNNING.value, workshops.c.version * 2 + told)

    def _versions(self, wanted: ColumnElement[bool], own: ColumnElement[int]) -> Mapping[str, int]:
        written = func.coalesce(func.sum(rounds.c.version), 0)
        rows = self._connection.execute(
            select(workshops.c.id, (own + written).label("version"))
            .outerjoin(workshop_rounds, workshop_rounds.c.workshop == workshops.c.id)
            .outerjoin(rounds, rounds.c.id == workshop_rounds.c.round)
            .where(wanted)
            .group_by(workshops.c.id)
        )
        return {row.id: int(row.version) for row in rows}

    def _one(self, wanted: Select[Any]) -> Workshop | None:
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else _workshop(row)


def _standing(workshop: Workshop) -> dict[str, Any]:
    return {
        "state": workshop.state.value,
        "at": workshop.at,
        "ends_at": workshop.ends_at,
        "left": None if workshop.left is None else int(workshop.left.total_seconds()),
        "told": workshop.told,
        "version": workshop.version,
    }


def _workshop(row: Row[Any]) -> Workshop:
    return Workshop(
        id=row.id,
        programme=row.programme,
        script=_SCRIPT.validate_json(row.script),
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        organisation=row.organisation_key,
        state=State(row.state),
        at=row.at,
        ends_at=row.ends_at,
        left=None if row.left is None else timedelta(seconds=row.left),
        told=row.told,
        version=row.version,
    )
