"""How messages are taken from the outbox: one statement, as quick among a million messages as among a thousand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, any_, bindparam, func, literal_column, select, update

from storage.prepared import Prepared
from storage.tables import addresses, outbox


def undecided(rows: FromClause) -> ColumnElement[bool]:
    """What a partial index says of its rows: in these very words, or no database uses it."""
    return rows.c.state.in_((literal_column("'waiting'"), literal_column("'sending'")))


def settled(rows: FromClause) -> ColumnElement[bool]:
    return rows.c.state.in_((literal_column("'sent'"), literal_column("'failed'")))


def _in_one_conversation(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return (
        (one.c.platform == other.c.platform)
        & (one.c.workspace == other.c.workspace)
        & (one.c.surface == other.c.surface)
        & (one.c.conversation == other.c.conversation)
    )


_PLACE = ("platform", "workspace", "surface", "conversation")


def _claim(dialect: str) -> Any:
    """Take the first message of each conversation that has one due and none under way.

    The first, whatever made us look at the conversation: an answer takes along what was written before it.
    """
    due, held, head = outbox.alias("due"), outbox.alias("held"), outbox.alias("head")
    now = bindparam("now", type_=outbox.c.due_at.type)
    under_way = (  # as a value, not as EXISTS: PostgreSQL would make a join of that, and read every message of the lane
        select(held.c.id)
        .where(_in_one_conversation(held, due), held.c.sent_at.is_(None), held.c.claimed_until > now)
        .limit(literal_column("1"))
        .correlate(due)
        .scalar_subquery()
    )
    first = (
        select(head.c.id)
        .where(_in_one_conversation(head, due), head.c.sent_at.is_(None), ~settled(head), head.c.due_at <= now)
        .order_by(head.c.created_at, head.c.place)
        .limit(literal_column("1"))
        .correlate(due)
        .scalar_subquery()
    )
    heads = (
        select(first)
        .where(
            due.c.platform == bindparam("for_platform"),
            due.c.workspace == bindparam("for_workspace"),
            due.c.bulk == bindparam("one_of_many"),
            undecided(due),
            due.c.due_at <= now,
            under_way.is_(None),
        )
        .order_by(due.c.due_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=due)
    ).scalar_subquery()
    details = (
        select(addresses.c.details)
        .where(
            # Named with their table: RETURNING would leave it out, and the columns would be those of `addresses`.
            *(addresses.c[name] == literal_column(f"outbox.{name}") for name in _PLACE),
        )
        .scalar_subquery()
        .label("details")
    )
    # As an array, PostgreSQL looks each id up; joined, it may read the whole table when its statistics are old.
    mine = outbox.c.id == any_(func.array(heads)) if dialect == "postgresql" else outbox.c.id.in_(heads)
    return (
        update(outbox)
        .where(mine, ~settled(outbox), outbox.c.due_at <= now)
        .values(
            uncertain=outbox.c.state == literal_column("'sending'"),
            state=literal_column("'sending'"),
            claims=outbox.c.claims + literal_column("1"),
            attempts=outbox.c.attempts + literal_column("1"),
            due_at=bindparam("lease"),
            claimed_until=bindparam("lease"),
        )
        .returning(outbox, details)
    )


CLAIM = Prepared(_claim)
