"""Scheduled messages: a row for each rule, anchor and audience, and one for each recipient once it has come due."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, text, update

from bot.domain.nudges import Planned
from bot.domain.values import dataclass
from storage.prepared import Prepared
from storage.tables import nudges, programmes
from storage.upsert import spelled

PLANNED = "planned"
SENT = "sent"
DROPPED = "dropped"  # not sent, and nobody misses it: paused, moved, no longer registered
MISSED = "missed"  # not sent although it should have been
FANNED = "fanned"  # an audience that has been looked up: its rows follow

_SETTLED = text(f"nudges.state IN ('{SENT}', '{DROPPED}', '{MISSED}', '{FANNED}')")
_OF_ANY = nudges.c.programme.in_(select(programmes.c.id))  # for the index of a programme's nudges
_FORGET = Prepared(delete(nudges).where(_OF_ANY, _SETTLED, nudges.c.settled_at < bindparam("before")))


@dataclass(frozen=True, slots=True)
class Nudge:
    """A scheduled message. Without a `recipient` it stands for its whole audience, which is not yet looked up."""

    id: str
    rule: str
    programme: str
    about: str  # id of the occasion or the date
    audience: str
    recipient: str  # person id, or a channel
    anchor: datetime  # UTC
    due_at: datetime  # UTC
    state: str = PLANNED
    reason: str = ""
    message: str = ""  # outbox key of what carries it
    snoozed: int = 0  # times
    settled_at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class Tally:
    """How many nudges of one rule, about one thing, came to what."""

    rule: str
    about: str
    audience: str
    anchor: datetime  # UTC
    state: str
    reason: str
    count: int
    last_at: datetime  # UTC


_IS_DUE = (nudges.c.state == PLANNED, nudges.c.due_at <= bindparam("now"))
_DUE = (
    select(nudges.c.id)
    .where(*_IS_DUE)
    .order_by(nudges.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ALSO_DUE = (
    select(nudges.c.id)
    .where(*_IS_DUE, nudges.c.recipient.in_(bindparam("recipients", expanding=True)))
    .with_for_update(skip_locked=True)
)


def _claim(due: Any) -> Any:
    found = nudges.c.id.in_(due.scalar_subquery())
    return update(nudges).where(found).values(state=SENT, settled_at=bindparam("settled")).returning(nudges)


_CLAIM, _CLAIM_ALSO = Prepared(_claim(_DUE)), _claim(_ALSO_DUE)
_THIS = nudges.c.id == bindparam("nudge")
_SETTLE = update(nudges).where(_THIS).values(state=bindparam("into"), reason=bindparam("why"))
_CARRY = update(nudges).where(_THIS).values(message=bindparam("key"))
_PUT_OFF = update(nudges).where(_THIS).values(state=PLANNED, due_at=bindparam("later"), settled_at=None)


class Nudges:
    """The scheduled messages of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # Planning

    def plan(self, programme: str, planned: Sequence[Planned], *, since: datetime) -> None:
        """Let the programme's schedule be this one; what was due by `since` is not made up for.

        What has gone out already, and what was put off for somebody, stays as it is.
        """
        wanted = {
            (p.rule.name, p.about, p.audience.value, p.anchor): p.looked_up_at if p.looked_up_at > since else p.due_at
            for p in planned
            if p.due_at > since
        }
        there = {(n.rule, n.about, n.audience, n.anchor): n for n in self._audiences(programme)}
        outdated = [n.id for key, n in there.items() if wanted.get(key) != n.due_at and n.state == PLANNED]
        for id in outdated:
            self._connection.execute(delete(nudges).where(nudges.c.id == id))
        self._insert(
            _row(programme, key, "", due_at)
            for key, due_at in wanted.items()
            if key not in there or there[key].id in outdated
        )

    def unplanned(self) -> tuple[tuple[str, datetime], ...]:
        """Programmes that have changed since they were last planned, and since when; from now on they are planned."""
        rows = self._connection.execute(
            update(programmes).where(~programmes.c.planned).values(planned=True).returning(programmes)
        )
        return tuple((row.id, row.loaded_at) for row in rows)

    def _audiences(self, programme: str) -> Iterable[Nudge]:
        rows = self._connection.execute(
            select(nudges).where(nudges.c.programme == programme, nudges.c.recipient == "")
        ).all()
        return (_nudge(row) for row in rows)

    def fan_out(self, whole: Nudge, recipients: Iterable[str], *, rest_at: datetime | None = None) -> None:
        """Let the nudge be due for each of the recipients, who have it once; for the rest of its audience later."""
        key = (whole.rule, whole.about, whole.audience, whole.anchor)
        self._insert(_row(whole.programme, key, recipient, whole.due_at) for recipient in recipients)
        if rest_at is None:
            self.settle([whole.id], FANNED)
        else:
            self.put_off([(whole.id, rest_at)])

    def _insert(self, rows: Iterable[Mapping[str, object]]) -> None:
        listed = list(rows)
        if listed:
            insert = spelled(self._connection.dialect.name, nudges)
            self._connection.execute(insert.on_conflict_do_nothing(), listed)

    # Claiming

    def claim(self, most: int) -> tuple[Nudge, ...]:
        """Take nudges that are due; they count as sent unless told otherwise before the commit.

        At least `most` when there are so many: all that is due for a recipient is taken together.
        """
        key = {"now": self._now, "settled": self._now}
        rows = _CLAIM.all(self._connection, **key, most=most)
        recipients = {row.recipient for row in rows} - {""}
        if len(rows) == most and recipients:
            rows = [*rows, *self._connection.execute(_CLAIM_ALSO, {**key, "recipients": list(recipients)}).all()]
        return tuple(sorted((_nudge(row) for row in rows), key=lambda nudge: (nudge.due_at, nudge.id)))

    def count_as_sent(self, programme: str, planned: Planned, recipient: str) -> None:
        """Let a nudge be over for somebody who has just been told, in answer to a question, all that it says."""
        key = (planned.rule.name, planned.about, planned.audience.value, planned.anchor)
        self._insert([_row(programme, key, recipient, planned.due_at)])
        rule, about, audience, anchor = key
        self._connection.execute(
            update(nudges)
            .where(
                nudges.c.rule == rule,
                nudges.c.programme == programme,
                nudges.c.about == about,
                nudges.c.audience == audience,
                nudges.c.recipient == recipient,
                nudges.c.anchor == anchor,
                nudges.c.state == PLANNED,
            )
            .values(state=SENT, settled_at=self._now)
        )

    def settle(self, ids: Iterable[str], state: str, reason: str = "") -> None:
        """Note what claimed nudges came to."""
        self._each(_SETTLE, [{"nudge": id, "into": state, "why": reason} for id in ids])

    def carry(self, carried: Iterable[tuple[str, str]]) -> None:
        """Note which outbox key carries which nudge: (id, key)."""
        self._each(_CARRY, [{"nudge": id, "key": key} for id, key in carried])

    def put_off(self, later: Iterable[tuple[str, datetime]]) -> None:
        """Let claimed nudges be due later: (id, instant)."""
        self._each(_PUT_OFF, [{"nudge": id, "later": moment} for id, moment in later])

    def snooze(self, id: str, until: datetime) -> None:
        """Let a nudge that has gone out come again."""
        self._connection.execute(
            update(nudges)
            .where(nudges.c.id == id, nudges.c.state == SENT)
            .values(state=PLANNED, due_at=until, settled_at=None, snoozed=nudges.c.snoozed + 1)
        )

    def _each(self, statement: Any, values: list[dict[str, object]]) -> None:
        if values:
            self._connection.execute(statement, values)

    # Looking up

    def get(self, id: str) -> Nudge | None:
        found = self._found(nudges.c.id == id)
        return found[0] if found else None

    def by_message(self, key: str) -> tuple[Nudge, ...]:
        """What one message carried."""
        return self._found(nudges.c.message == key)

    def sent_to(self, recipient: str, programme: str, about: str) -> tuple[Nudge, ...]:
        """What has gone out about one thing to one recipient, oldest first."""
        return self._found(
            nudges.c.recipient == recipient,
            nudges.c.programme == programme,
            nudges.c.about == about,
            nudges.c.state == SENT,
            nudges.c.message != "",
        )

    def recipients(self, rule: str, programme: str, about: str) -> frozenset[str]:
        """Everybody whom a rule has something for, or had, about one thing."""
        rows = self._connection.execute(
            select(nudges.c.recipient).where(
                nudges.c.rule == rule, nudges.c.programme == programme, nudges.c.about == about
            )
        )
        return frozenset(rows.scalars()) - {""}

    def told(self, rule: str, programme: str, about: str, among: Sequence[str]) -> frozenset[str]:
        """Those who were sent what a rule has to say about one thing, for whichever time it was planned."""
        of_rule = (nudges.c.rule == rule, nudges.c.programme == programme, nudges.c.about == about)
        theirs = nudges.c.recipient.in_(among)
        sent = (nudges.c.state == SENT, nudges.c.message != "")  # one that is claimed has no message yet
        rows = self._connection.execute(select(nudges.c.recipient).where(theirs, *of_rule, *sent))
        return frozenset(rows.scalars())

    def sent_to_channels(self, since: datetime) -> tuple[Nudge, ...]:
        """What has gone out to channels since then."""
        sent = (nudges.c.state == SENT, nudges.c.message != "", nudges.c.settled_at >= since)
        return self._found(text("audience = 'channels'"), *sent)  # in the very words of the partial index

    def of(self, recipient: str, since: datetime) -> tuple[Nudge, ...]:
        """Everything for one recipient that was due since then, or still is to come, oldest first."""
        return self._found(nudges.c.recipient == recipient, nudges.c.due_at >= since)

    def missing(self, since: datetime, most: int) -> tuple[Nudge, ...]:
        """The latest nudges that somebody should have got and did not."""
        rows = self._connection.execute(
            select(nudges)
            .where(nudges.c.state == MISSED, nudges.c.settled_at >= since)
            .order_by(nudges.c.settled_at.desc(), nudges.c.id)
            .limit(most)
        )
        return tuple(_nudge(row) for row in rows)

    def tallies(self, programme: str, since: datetime) -> tuple[Tally, ...]:
        """What has become of the nudges of a programme, newest first; those that were due at different times apart."""
        last = func.max(nudges.c.settled_at)
        rows = self._connection.execute(
            select(
                nudges.c.rule,
                nudges.c.about,
                nudges.c.audience,
                nudges.c.anchor,
                nudges.c.state,
                nudges.c.reason,
                func.count().label("n"),
                last.label("last_at"),
            )
            .where(
                nudges.c.programme == programme,
                nudges.c.settled_at >= since,
                nudges.c.state.in_((SENT, DROPPED, MISSED)),
            )
            .group_by(*(nudges.c[one] for one in ("rule", "about", "audience", "anchor", "state", "reason", "due_at")))
            .order_by(last.desc(), nudges.c.rule, nudges.c.about)
        )
        return tuple(Tally(r.rule, r.about, r.audience, r.anchor, r.state, r.reason, r.n, r.last_at) for r in rows)

    def next_due(self) -> datetime | None:
        """When the earliest planned nudge is due."""
        due: datetime | None = self._connection.execute(
            select(func.min(nudges.c.due_at)).where(nudges.c.state == PLANNED)
        ).scalar()
        return due

    def missed(self) -> int:
        """How many nudges somebody should have got and did not."""
        return self._connection.execute(select(func.count()).where(nudges.c.state == MISSED)).scalar_one()

    def forget(self, before: datetime) -> None:
        """Delete what was settled long ago."""
        _FORGET.run(self._connection, before=before)

    def _found(self, *conditions: Any) -> tuple[Nudge, ...]:
        rows = self._connection.execute(select(nudges).where(*conditions).order_by(nudges.c.due_at, nudges.c.id))
        return tuple(_nudge(row) for row in rows)


def _row(programme: str, key: tuple[str, str, str, datetime], recipient: str, due_at: datetime) -> dict[str, object]:
    rule, about, audience, anchor = key
    return {
        "id": uuid.uuid4().hex,
        "rule": rule,
        "programme": programme,
        "about": about,
        "audience": audience,
        "recipient": recipient,
        "anchor": anchor,
        "due_at": due_at,
        "state": PLANNED,
    }


def _nudge(row: Row[Any]) -> Nudge:
    return Nudge(
        id=row.id,
        rule=row.rule,
        programme=row.programme,
        about=row.about,
        audience=row.audience,
        recipient=row.recipient,
        anchor=row.anchor,
        due_at=row.due_at,
        state=row.state,
        reason=row.reason,
        message=row.message,
        snoozed=row.snoozed,
        settled_at=row.settled_at,
    )
