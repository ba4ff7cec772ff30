"""Links to pages for whoever holds them. The secret half of a link is not here: it follows from the id and a key."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.values import dataclass
from storage.prepared import Prepared
from storage.tables import links
from storage.upsert import insert_row

LASTS = timedelta(days=400)
"""Longer than a programme of a year."""


_FORGET = Prepared(
    delete(links).where((links.c.expires_at < bindparam("before")) | (links.c.revoked_at < bindparam("before")))
)


class Kind(StrEnum):
    """What a link opens, and nothing else."""

    BOARD = "board"  # about a round
    DOCUMENTS = "documents"  # about a round: what a coordinator may download
    MY_DATA = "mydata"  # about a person: everything stored of them
    NOTES = "notes"  # about a round and a group: the group's form, for those without Slack or Teams
    RESULTS = "results"  # about a round, perhaps as one role is shown it, or about two rounds beside each other
    CHALLENGE = "challenge"  # about a person: what they have written of their own challenges
    WORKSHOP = "workshop"  # about a workshop: where it is, and for its coach the script and what is counted
    PARTICIPANTS = "participants"  # about a programme, and the coordinator who may download who takes part
    GUEST = "guest"  # about a person without Slack or Teams: what they are asked


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is in force."""

    id: str
    kind: Kind
    about: str
    expires_at: datetime  # UTC


class Links:
    """The links that have been given out."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def give_out(self, kind: Kind, about: str, *, lasts: timedelta = LASTS) -> str:
        """The id of the link to this, the same one each time as long as it is in force."""
        found = self.given_out(kind, about)
        if found is not None:
            return found
        id = secrets.token_hex(16)
        insert_row(
            self._connection,
            links,
            id=id,
            kind=kind.value,
            about=about,
            created_at=self._now,
            expires_at=self._now + lasts,
        )
        return id

    def given_out(self, kind: Kind, about: str) -> str | None:
        """The id of the link to this that is in force; None when there is none."""
        found = self._connection.execute(
            select(links.c.id)
            .where(
                links.c.kind == kind.value,
                links.c.about == about,
                links.c.revoked_at.is_(None),
                links.c.expires_at > self._now,
            )
            .order_by(links.c.created_at.desc())
            .limit(1)
        ).scalar_one_or_none()
        return None if found is None else str(found)

    def open(self, id: str, kind: Kind) -> Link | None:
        """What a link opens; None when it is unknown, of another kind, over or revoked."""
        row = self._connection.execute(
            select(links).where(
                links.c.id == id,
                links.c.kind == kind.value,
                links.c.revoked_at.is_(None),
                links.c.expires_at > self._now,
            )
        ).one_or_none()
        return None if row is None else Link(row.id, Kind(row.kind), row.about, row.expires_at)

    def is_over(self, id: str, kind: Kind) -> bool:
        """Whether a link that was given out opens nothing any more: revoked, or its time has run out."""
        over = links.c.revoked_at.is_not(None) | (links.c.expires_at <= self._now)
        found = select(links.c.id).where(links.c.id == id, links.c.kind == kind.value, over)
        return self._connection.execute(found).one_or_none() is not None

    def in_force(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these links that still open something."""
        rows = self._connection.execute(
            select(links.c.id).where(
                links.c.id.in_(sorted(ids)), links.c.revoked_at.is_(None), links.c.expires_at > self._now
            )
        )
        return frozenset(rows.scalars())

    def forget(self, before: datetime) -> None:
        """Delete the links that ran out or were revoked before then."""
        _FORGET.run(self._connection, before=before)

    def revoke(self, kind: Kind, about: str) -> None:
        """Close every link to this; the next one given out is another one."""
        self._connection.execute(
            update(links)
            .where(links.c.kind == kind.value, links.c.about == about, links.c.revoked_at.is_(None))
            .values(revoked_at=self._now)
        )

    def revoke_ending(self, kind: Kind, ends: str) -> None:
        """Close every link of this kind whose "about" ends with these words, whatever stands before them."""
        last = links.c.about.endswith(f" {ends}", autoescape=True)
        self._connection.execute(
            update(links)
            .where(links.c.kind == kind.value, last, links.c.revoked_at.is_(None))
            .values(revoked_at=self._now)
        )
