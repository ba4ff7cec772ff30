"""Replies that the board does not show: they wait for a coordinator, or one has put them aside."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.domain.board import Answer, Standing
from bot.domain.values import dataclass
from storage.tables import answers, held_replies
from storage.upsert import insert_row


@dataclass(frozen=True, slots=True)
class HeldReply:
    """What a role group would say to an answer."""

    id: str
    round: str
    answer: str
    post: str  # the answer's text: untrusted
    role: str
    text: str  # untrusted
    standing: Standing
    reason: str  # why it was put aside


class HeldReplies:
    """They lie beside the replies that are shown: what a role group has said stays while something new waits."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, answer: Answer, role: str, text: str) -> None:
        """Let a reply wait beside what the role has said before; the same words wait only once."""
        if any((one.answer, one.role, one.text) == (answer.id, role, text) for one in self.waiting([answer.round])):
            return
        insert_row(
            self._connection,
            held_replies,
            id=uuid.uuid4().hex,
            answer=answer.id,
            box=role,
            text=text,
            standing=Standing.HELD.value,
            said_at=self._now,
        )

    def of_round(self, round: str) -> tuple[HeldReply, ...]:
        """The oldest first."""
        return self._found(answers.c.round == round)

    def waiting(self, rounds: Iterable[str]) -> tuple[HeldReply, ...]:
        """Those that nobody has decided about."""
        return self._found(answers.c.round.in_(sorted(rounds)), held_replies.c.standing == Standing.HELD.value)

    def get(self, id: str) -> HeldReply | None:
        return next(iter(self._found(held_replies.c.id == id)), None)

    def stand(self, reply: HeldReply, standing: Standing, reason: str = "") -> None:
        """Put a reply aside for a reason, or let it wait again."""
        changed = update(held_replies).where(held_replies.c.id == reply.id)
        self._connection.execute(changed.values(standing=standing.value, reason=reason))

    def drop(self, reply: HeldReply) -> None:
        self._connection.execute(delete(held_replies).where(held_replies.c.id == reply.id))

    def _found(self, *where: Any) -> tuple[HeldReply, ...]:
        rows = self._connection.execute(
            select(held_replies, answers.c.round, answers.c.text.label("post"))
            .join(answers, answers.c.id == held_replies.c.answer)
            .where(*where)
            .order_by(held_replies.c.said_at, held_replies.c.id)
        )
        return tuple(map(_held, rows))


def _held(row: Row[Any]) -> HeldReply:
    return HeldReply(row.id, row.round, row.answer, row.post, row.box, row.text, Standing(row.standing), row.reason)
