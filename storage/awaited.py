"""Who waits for a material, or for a link to work again: told once, and then the row is gone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select

from storage.prepared import Prepared
from storage.tables import awaited
from storage.upsert import insert_or_ignore

_FORGET = Prepared(delete(awaited).where(awaited.c.asked_at < bindparam("before")))


class Awaits(NamedTuple):
    """What somebody waits for in a programme; `what` is a word of ours."""

    programme: str
    what: str


class Awaited:
    """Everybody's wishes to be told of materials."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def ask(self, wish: Awaits, person: str) -> bool:
        """Let the person wait for it; False when they do already."""
        return insert_or_ignore(
            self._connection,
            awaited,
            programme=wish.programme,
            material=wish.what,
            person=person,
            asked_at=self._now,
        )

    def take(self, wish: Awaits, person: str) -> bool:
        """Let the person wait for it no longer. Of two who take it at once, one does: the other is told False."""
        row = self._connection.execute(
            delete(awaited).where(_is(wish), awaited.c.person == person).returning(awaited.c.person)
        )
        return row.one_or_none() is not None

    def of_person(self, person: str) -> frozenset[Awaits]:
        rows = self._connection.execute(select(awaited).where(awaited.c.person == person))
        return frozenset(Awaits(row.programme, row.material) for row in rows)

    def wishes(self) -> tuple[Awaits, ...]:
        """All that anybody waits for."""
        what = (awaited.c.programme, awaited.c.material)
        rows = self._connection.execute(select(*what).distinct().order_by(*what))
        return tuple(Awaits(row.programme, row.material) for row in rows)

    def waiting(self, wish: Awaits) -> tuple[str, ...]:
        """The persons who wait for it."""
        rows = self._connection.execute(select(awaited.c.person).where(_is(wish)).order_by(awaited.c.person))
        return tuple(rows.scalars())

    def forget(self, before: datetime) -> None:
        """Delete what has been waited for too long."""
        _FORGET.run(self._connection, before=before)


def _is(wish: Awaits) -> ColumnElement[bool]:
    return (awaited.c.programme == wish.programme) & (awaited.c.material == wish.what)
