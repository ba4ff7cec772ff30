"""Messages that must reach someone: written with the change they speak of, delivered afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select, tuple_, update

from bot.domain.people import Language
from bot.messages import View, from_json, to_json
from bot.ports import Address, Surface
from storage.tables import outbox
from storage.upsert import insert_or_ignore

WAITING = "waiting"
SENDING = "sending"
SENT = "sent"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message. `resumed` means that an earlier try ended without word of its outcome."""

    id: str
    address: Address  # without details: those are looked up fresh
    person: str
    language: Language
    view: View
    replaces: str  # the platform's reference of the message to edit, or ""
    attempts: int
    resumed: bool


_UNDECIDED = outbox.c.state.in_((WAITING, SENDING))
_CONVERSATION = (outbox.c.platform, outbox.c.workspace, outbox.c.surface, outbox.c.conversation)
_HELD_UP = select(*_CONVERSATION).where(
    _UNDECIDED, or_(outbox.c.due_at > bindparam("now"), outbox.c.claimed_until > bindparam("now"))
)
"""Conversations where a message is on its way or has to be tried again: nothing written later may overtake it."""

_DUE = (
    select(outbox.c.id)
    .where(
        _UNDECIDED,
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= bindparam("now")),
        tuple_(*_CONVERSATION).not_in(_HELD_UP),
    )
    .order_by(outbox.c.created_at, outbox.c.place)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_DUE.scalar_subquery()))
    .values(
        uncertain=outbox.c.state == SENDING,
        state=SENDING,
        attempts=outbox.c.attempts + 1,
        claimed_until=bindparam("lease"),
    )
    .returning(outbox)
)
_FINISH = update(outbox).where(outbox.c.id == bindparam("letter"))


def _order(row: Row[Any]) -> tuple[datetime, int]:
    return row.created_at, row.place


class Outbox:
    """The messages of all workspaces."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._written = 0

    @property
    def wrote(self) -> bool:
        """Whether anything was put in here in this transaction."""
        return self._written > 0

    def add(self, key: str, address: Address, person: str, language: Language, view: View, *, edits: str = "") -> bool:
        """Put a message into the outbox, once for each key; tells whether it is new.

        `edits` is the key of an earlier message that this one replaces in place.
        """
        self._written += 1
        return insert_or_ignore(
            self._connection,
            outbox,
            id=uuid.uuid4().hex,
            key=key,
            platform=address.platform,
            workspace=address.workspace,
            surface=address.surface.value,
            conversation=address.conversation,
            person=person,
            language=language.value,
            view=to_json(view),
            replaces=edits,
            state=WAITING,
            due_at=self._now,
            place=self._written,
            created_at=self._now,
        )

    def claim(self, lease: timedelta, most: int) -> tuple[Letter, ...]:
        """Take due messages for ourselves alone until the lease ends, oldest first."""
        key = {"now": self._now, "most": most, "lease": self._now + lease}
        rows = self._connection.execute(_CLAIM, key).all()
        return tuple(self._letter(row) for row in sorted(rows, key=_order))

    def sent(self, id: str, reference: str, *, maybe_twice: bool = False) -> None:
        """The platform has the message."""
        self._finish(
            id, state=SENT, reference=reference, reason="maybe twice" if maybe_twice else "", sent_at=self._now
        )

    def failed(self, id: str, reason: str) -> None:
        """The message cannot be delivered; nobody tries again."""
        self._finish(id, state=FAILED, reason=reason)

    def later(self, id: str, due_at: datetime, reason: str, *, uncertain: bool) -> None:
        """Try again at `due_at`. `uncertain` keeps the mark that the message may have arrived."""
        self._finish(id, state=SENDING if uncertain else WAITING, due_at=due_at, reason=reason)

    def put_back(self, letters: Iterable[Letter], due_at: datetime) -> None:
        """Claimed messages whose turn has not come: as they were, but not before `due_at`."""
        for letter in letters:
            state = SENDING if letter.resumed else WAITING
            self._finish(letter.id, state=state, due_at=due_at, attempts=outbox.c.attempts - 1)

    def next_due(self) -> datetime | None:
        """When the earliest undecided message is due."""
        due: datetime | None = self._connection.execute(select(func.min(outbox.c.due_at)).where(_UNDECIDED)).scalar()
        return due

    def undelivered(self) -> Sequence[tuple[str, str, int]]:
        """(platform, reason, number) of the messages that could not be delivered."""
        rows = self._connection.execute(
            select(outbox.c.platform, outbox.c.reason, func.count())
            .where(outbox.c.state == FAILED)
            .group_by(outbox.c.platform, outbox.c.reason)
            .order_by(outbox.c.platform, outbox.c.reason)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def maybe_twice(self) -> int:
        """How many messages may have reached someone twice, on platforms that cannot tell."""
        return self._connection.execute(
            select(func.count()).where(outbox.c.state == SENT, outbox.c.reason == "maybe twice")
        ).scalar_one()

    def _finish(self, id: str, **values: object) -> None:
        self._connection.execute(_FINISH.values(claimed_until=None, **values), {"letter": id})

    def _letter(self, row: Row[Any]) -> Letter:
        return Letter(
            id=row.id,
            address=Address(row.platform, row.workspace, row.conversation, Surface(row.surface)),
            person=row.person,
            language=Language(row.language),
            view=from_json(row.view),
            replaces=self._reference(row.replaces) if row.replaces else "",
            attempts=row.attempts,
            resumed=row.uncertain,
        )

    def _reference(self, key: str) -> str:
        return self._connection.execute(select(outbox.c.reference).where(outbox.c.key == key)).scalar() or ""
