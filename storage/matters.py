"""Matters that a coordinator must look at, and who has been told of which in which message."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.domain.values import dataclass
from bot.messages import Card, from_json, to_json
from storage.prepared import Prepared
from storage.tables import matters, tellings
from storage.upsert import insert_or_ignore

REST = timedelta(hours=1)
"""For so long the same thing is not opened again: who has just pressed Done is about to mend it, or has just done so,
and whoever looks every minute may not have seen that yet."""

_OVER = matters.c.closed_at < bindparam("before")
_FORGET_TELLINGS = Prepared(delete(tellings).where(tellings.c.matter.in_(select(matters.c.id).where(_OVER))))
_FORGET = Prepared(delete(matters).where(_OVER))


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that a coordinator must look at. The view of a closed one says who closed it."""

    id: str
    programme: str  # or nothing: of no programme in particular
    kind: str
    view: Card
    opened_at: datetime
    escalated_at: datetime | None
    closed_at: datetime | None


class Matters:
    """The matters of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def open(self, *, key: str, programme: str, kind: str, view: Card, rest: timedelta = REST) -> bool:
        """Store a matter, unless one with this key is open or was closed just now; tells whether it is new."""
        self._retire(key, rest)
        return insert_or_ignore(
            self._connection,
            matters,
            id=uuid.uuid4().hex,
            key=key,
            programme=programme,
            kind=kind,
            view=to_json(view),
            opened_at=self._now,
        )

    def _retire(self, key: str, rest: timedelta) -> None:
        """Let the key of a matter that is over be used again: what comes back is a new matter."""
        over = (matters.c.key == key) & (matters.c.closed_at <= self._now - rest)
        self._connection.execute(update(matters).where(over).values(key=matters.c.key + "#" + matters.c.id))

    def renew(self, key: str, view: Card) -> None:
        """Let the open matter with this key say something else from now on."""
        here = (matters.c.key == key) & matters.c.closed_at.is_(None)
        self._connection.execute(update(matters).where(here).values(view=to_json(view)))

    def get(self, id: str) -> Matter | None:
        row = self._connection.execute(select(matters).where(matters.c.id == id)).one_or_none()
        return None if row is None else _matter(row)

    def open_with(self, key: str) -> Matter | None:
        """The open matter with this key."""
        row = self._connection.execute(
            select(matters).where(matters.c.key == key, matters.c.closed_at.is_(None))
        ).one_or_none()
        return None if row is None else _matter(row)

    def open_ones(self) -> tuple[Matter, ...]:
        """What nobody has closed, the oldest first."""
        rows = self._connection.execute(
            select(matters).where(matters.c.closed_at.is_(None)).order_by(matters.c.opened_at, matters.c.key)
        )
        return tuple(_matter(row) for row in rows)

    def open_keys(self, kind: str) -> tuple[str, ...]:
        """The keys of what nobody has closed, of this kind."""
        these = select(matters.c.key).where(matters.c.closed_at.is_(None), matters.c.kind == kind)
        return tuple(self._connection.execute(these).scalars())

    def any_passed_on(self) -> bool:
        """Whether anything open has gone on to deputies and administrators."""
        passed_on = select(matters.c.id).where(matters.c.closed_at.is_(None), matters.c.escalated_at.is_not(None))
        return self._connection.execute(passed_on.limit(1)).first() is not None

    def opened_and_closed(self, since: datetime) -> tuple[Matter, ...]:
        """What was opened since then and is closed, the oldest first."""
        rows = self._connection.execute(
            select(matters)
            .where(matters.c.opened_at >= since, matters.c.closed_at.is_not(None))
            .order_by(matters.c.opened_at, matters.c.key)
        )
        return tuple(_matter(row) for row in rows)

    def close(self, id: str, view: Card) -> bool:
        """Close a matter for everybody, with the view that says so; False when somebody else was first."""
        rows = self._connection.execute(
            update(matters)
            .where(matters.c.id == id, matters.c.closed_at.is_(None))
            .values(closed_at=self._now, view=to_json(view))
            .returning(matters.c.id)
        )
        return rows.one_or_none() is not None

    def hold(self) -> None:
        """Nobody else closes anything until the transaction ends, so that a message that is edited tells all of it."""
        self._connection.execute(
            select(matters.c.id)
            .where(matters.c.closed_at.is_(None))
            .order_by(matters.c.id)
            .with_for_update(key_share=True)  # FOR NO KEY UPDATE: who tells of matters need not wait
        ).all()

    def forget(self, before: datetime) -> None:
        """Delete what was closed before then, and who was told of it."""
        _FORGET_TELLINGS.run(self._connection, before=before)
        _FORGET.run(self._connection, before=before)

    def escalate(self, id: str) -> None:
        """Note that the matter has waited too long."""
        self._connection.execute(update(matters).where(matters.c.id == id).values(escalated_at=self._now))

    # Tellings

    def told(self, person: str) -> frozenset[str]:
        """The open and closed matters that the person has been told of."""
        return frozenset(
            self._connection.execute(select(tellings.c.matter).where(tellings.c.person == person)).scalars()
        )

    def tell(self, found: Iterable[Matter], person: str, message: str) -> tuple[Matter, ...]:
        """Note that a message tells the person of these; those among them that no other message tells them of."""
        return tuple(
            matter
            for matter in found
            if insert_or_ignore(
                self._connection, tellings, matter=matter.id, person=person, message=message, told_at=self._now
            )
        )

    def messages_about(self, matter: str) -> Sequence[tuple[str, str]]:
        """(person, message) of everybody who has been told of the matter."""
        rows = self._connection.execute(
            select(tellings.c.person, tellings.c.message).where(tellings.c.matter == matter).order_by(tellings.c.person)
        )
        return [(row.person, row.message) for row in rows]

    def in_message(self, message: str) -> tuple[Matter, ...]:
        """What a message tells of, the oldest first."""
        rows = self._connection.execute(
            select(matters)
            .join(tellings, tellings.c.matter == matters.c.id)
            .where(tellings.c.message == message)
            .order_by(matters.c.opened_at, matters.c.key)
        )
        return tuple(_matter(row) for row in rows)


def _matter(row: Row[Any]) -> Matter:
    view = from_json(row.view)
    assert isinstance(view, Card), "only cards are stored"
    return Matter(row.id, row.programme, row.kind, view, row.opened_at, row.escalated_at, row.closed_at)
