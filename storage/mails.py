"""Mails to be sent: written with what they follow from, sent afterwards, each tried until it is sent or given up."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.domain.people import Language
from bot.domain.values import dataclass
from storage.prepared import Prepared
from storage.tables import mails
from storage.upsert import insert_or_ignore

WAITING = "waiting"
SENT = "sent"
FAILED = "failed"

_FORGET = Prepared(delete(mails).where(mails.c.state != WAITING, mails.c.created_at < bindparam("before")))


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A mail as it stands. What it says is written when it is sent."""

    id: str
    programme: str
    recipient: str  # e-mail address
    language: Language
    kind: str  # what it carries
    about: str
    state: str
    attempts: int
    reason: str  # why the last attempt failed
    sent_at: datetime | None
    written_at: datetime


class Mails:
    """The mails of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, key: str, *, programme: str, recipient: str, language: Language, kind: str, about: str) -> bool:
        """Have a mail sent, once for each key; tells whether it is new."""
        return insert_or_ignore(
            self._connection,
            mails,
            id=uuid.uuid4().hex,
            key=key,
            programme=programme,
            recipient=recipient,
            language=language.value,
            kind=kind,
            about=about,
            state=WAITING,
            due_at=self._now,
            created_at=self._now,
        )

    def claim(self, lease: timedelta) -> Dispatch | None:
        """Take the mail that has been due longest for ourselves alone until the lease ends."""
        due = (
            select(mails.c.id)
            .where(mails.c.state == WAITING, mails.c.due_at <= self._now)
            .order_by(mails.c.due_at, mails.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        row = self._connection.execute(
            update(mails)
            .where(mails.c.id == due, mails.c.state == WAITING, mails.c.due_at <= self._now)
            .values(due_at=self._now + lease, attempts=mails.c.attempts + 1)
            .returning(mails)
        ).one_or_none()
        return None if row is None else _dispatch(row)

    def sent(self, mail: Dispatch) -> None:
        """The mail server has taken it."""
        self._settle(mail, state=SENT, reason="", sent_at=self._now)

    def failed(self, mail: Dispatch, reason: str) -> bool:
        """Give the mail up; False when somebody else has claimed it since."""
        return self._settle(mail, state=FAILED, reason=reason)

    def later(self, mail: Dispatch, due_at: datetime, reason: str) -> bool:
        """Try again at `due_at`; False when somebody else has claimed it since."""
        return self._settle(mail, due_at=due_at, reason=reason)

    def forget(self, before: datetime) -> None:
        """Delete what was settled and written before then."""
        _FORGET.run(self._connection, before=before)

    def of(self, key: str) -> Dispatch | None:
        """The mail with this key."""
        row = self._connection.execute(select(mails).where(mails.c.key == key)).one_or_none()
        return None if row is None else _dispatch(row)

    def _settle(self, mail: Dispatch, **values: object) -> bool:
        """Change what we have claimed, unless the lease has ended and somebody else has claimed it since."""
        ours = (mails.c.id == mail.id) & (mails.c.attempts == mail.attempts) & (mails.c.state == WAITING)
        rows = self._connection.execute(update(mails).where(ours).values(values).returning(mails.c.id))
        return rows.one_or_none() is not None


def _dispatch(row: Row[Any]) -> Dispatch:
    return Dispatch(
        id=row.id,
        programme=row.programme,
        recipient=row.recipient,
        language=Language(row.language),
        kind=row.kind,
        about=row.about,
        state=row.state,
        attempts=row.attempts,
        reason=row.reason,
        sent_at=row.sent_at,
        written_at=row.created_at,
    )
