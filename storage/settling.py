"""What becomes of a claimed message: it is settled, or left for later, by whoever has claimed it last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from bot.domain.values import dataclass
from storage.prepared import Prepared
from storage.tables import outbox

_CLAIMED = (
    outbox.c.id == bindparam("letter"),
    outbox.c.claims == bindparam("claim"),
    outbox.c.claimed_until.is_not(None),
)
"""By this claim, and by nobody since."""

_FINISH = Prepared(
    update(outbox)
    .where(*_CLAIMED)
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        reference=bindparam("reference"),
        sent_at=bindparam("sent_at"),
        claimed_until=None,
    )
)
_POSTPONE = Prepared(
    update(outbox)
    .where(*_CLAIMED)
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        due_at=bindparam("until"),
        claimed_until=bindparam("held_until"),
        attempts=bindparam("attempts"),
    )
)


@dataclass(frozen=True, slots=True)
class Later:
    """How a claimed message is left until it is tried again."""

    state: str
    until: datetime  # UTC
    reason: str
    attempts: int
    holds: bool = True  # until then it holds up its conversation, so that none overtakes it


def finish(
    connection: Connection,
    id: str,
    claim: int,
    state: str,
    reason: str,
    *,
    reference: str = "",
    sent_at: datetime | None = None,
) -> None:
    """Settle what was claimed, unless the lease has ended and somebody else has claimed it since."""
    values = {"state": state, "reason": reason, "reference": reference, "sent_at": sent_at}
    _FINISH.run(connection, letter=id, claim=claim, **values)


def postpone(connection: Connection, id: str, claim: int, later: Later) -> None:
    """Leave a claimed message for later, unless somebody else has claimed it since."""
    values = {"state": later.state, "reason": later.reason, "until": later.until, "attempts": later.attempts}
    held_until = later.until if later.holds else None
    _POSTPONE.run(connection, letter=id, claim=claim, held_until=held_until, **values)
