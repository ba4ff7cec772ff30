"""Urns: sealed answers of people who answer for themselves, until their round closes. Nothing here names anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.domain.rounds import State
from bot.domain.values import dataclass
from storage.tables import rounds, sealed, urns
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Urn:
    """The urn of one box of a round; the keys that open it lie outside the database, under its id."""

    id: str  # random
    round: str
    box: str  # role group, or empty for the box of everybody
    emptied_at: datetime | None = None  # UTC midnight of the day


class Urns:
    """The urns of all rounds. It knows neither the time nor the keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Urn) -> None:
        self._connection.execute(insert(urns), {"id": new.id, "round": new.round, "box": new.box})

    def of_round(self, round: str) -> tuple[Urn, ...]:
        """In the order of their boxes' ids."""
        rows = self._connection.execute(select(urns).where(urns.c.round == round).order_by(urns.c.box))
        return tuple(_urn(row) for row in rows)

    def all(self) -> tuple[Urn, ...]:
        rows = self._connection.execute(select(urns).order_by(urns.c.round, urns.c.box))
        return tuple(_urn(row) for row in rows)

    def left_over(self) -> tuple[Urn, ...]:
        """The urns that nobody has emptied although their round was taken back."""
        rows = self._connection.execute(
            select(urns)
            .join(rounds, rounds.c.id == urns.c.round)
            .where(urns.c.emptied_at.is_(None), rounds.c.state == State.WITHDRAWN.value)
            .order_by(urns.c.id)
        )
        return tuple(_urn(row) for row in rows)

    # Sealed boxes

    def put(self, urn: str, marker: bytes, box: bytes) -> None:
        """Put a box in, in place of the one with the same marker."""
        upsert(self._connection, sealed, urn=urn, marker=marker, box=box)

    def take_out(self, urn: str, marker: bytes) -> bool:
        """Take a box back; whether there was one."""
        here = (sealed.c.urn == urn) & (sealed.c.marker == marker)
        return self._connection.execute(delete(sealed).where(here)).rowcount > 0

    def box(self, urn: str, marker: bytes) -> bytes | None:
        """The box with this marker."""
        found = select(sealed.c.box).where(sealed.c.urn == urn, sealed.c.marker == marker)
        box: bytes | None = self._connection.execute(found).scalar_one_or_none()
        return box

    def boxes(self, urn: str) -> tuple[tuple[bytes, bytes], ...]:
        """Each marker with its box."""
        rows = self._connection.execute(select(sealed.c.marker, sealed.c.box).where(sealed.c.urn == urn))
        return tuple((row.marker, row.box) for row in rows)

    def counts(self) -> Mapping[str, int]:
        """Urn → how many boxes lie in it, where there are any."""
        rows = self._connection.execute(select(sealed.c.urn, func.count().label("n")).group_by(sealed.c.urn))
        return {row.urn: row.n for row in rows}

    def empty(self, urn: str, on: datetime) -> None:
        """Delete what lies in the urn and note the day; its keys are to be destroyed once this is committed."""
        self._connection.execute(delete(sealed).where(sealed.c.urn == urn))
        self._connection.execute(update(urns).where(urns.c.id == urn).values(emptied_at=on))


def _urn(row: Row[Any]) -> Urn:
    return Urn(row.id, row.round, row.box, row.emptied_at)
