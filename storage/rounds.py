"""Rounds of questions, and who takes the notes of which group in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, func, or_, select, text, update

from bot.domain.rounds import Round, State
from storage.tables import drafts, note_takers, rounds
from storage.upsert import insert_or_ignore, insert_row, upsert

_RUNNING = text("rounds.state IN ('planned', 'open')")
"""In the very words of the partial index: with values in their places every round there is would be read."""


class Rounds:
    """The rounds of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, new: Round) -> None:
        """Store a new round."""
        insert_row(
            self._connection,
            rounds,
            id=new.id,
            programme=new.programme,
            document=_as_stored().dump_json(new).decode(),
            state=new.state.value,
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            undo_until=new.undo_until,
        )

    def get(self, id: str) -> Round | None:
        row = self._connection.execute(select(rounds).where(rounds.c.id == id)).one_or_none()
        return None if row is None else _round(row)

    def locked(self, id: str) -> Round | None:
        """The round as it is now; nobody else changes it, or what depends on it, before the transaction ends."""
        row = self._connection.execute(select(rounds).where(rounds.c.id == id).with_for_update()).one_or_none()
        return None if row is None else _round(row)

    def of_programme(self, programme: str) -> tuple[Round, ...]:
        """All rounds of a programme, the newest first."""
        rows = self._connection.execute(
            select(rounds).where(rounds.c.programme == programme).order_by(rounds.c.opens_at.desc(), rounds.c.id)
        )
        return tuple(_round(row) for row in rows)

    def running(self) -> tuple[Round, ...]:
        """The rounds that are planned or open, the one that opened first first."""
        rows = self._connection.execute(select(rounds).where(_RUNNING).order_by(rounds.c.opens_at, rounds.c.id))
        return tuple(_round(row) for row in rows)

    def due(self) -> tuple[Round, ...]:
        """The rounds whose time to open or to close has come."""
        to_open = (rounds.c.state == State.PLANNED.value) & (rounds.c.opens_at <= self._now)
        to_close = (rounds.c.state == State.OPEN.value) & (rounds.c.closes_at <= self._now)
        rows = self._connection.execute(
            select(rounds).where(_RUNNING, or_(to_open, to_close)).order_by(rounds.c.opens_at)
        )
        return tuple(_round(row) for row in rows)

    def next_due(self) -> datetime | None:
        """When a round opens or closes next."""
        planned = select(func.min(rounds.c.opens_at)).where(rounds.c.state == State.PLANNED.value)
        ending = select(func.min(rounds.c.closes_at)).where(rounds.c.state == State.OPEN.value)
        moments = (self._connection.scalar(planned), self._connection.scalar(ending))
        return min((moment for moment in moments if moment is not None), default=None)

    def enter(self, id: str, state: State, *, from_states: Iterable[State]) -> bool:
        """Go on to another state; False when the round is in none of these any more, since somebody was first."""
        closes = {"closed_at": self._now} if state in (State.CLOSED, State.WITHDRAWN) else {}
        rows = self._connection.execute(
            update(rounds)
            .where(rounds.c.id == id, rounds.c.state.in_([one.value for one in from_states]))
            .values(state=state.value, version=rounds.c.version + 1, **closes)
            .returning(rounds.c.id)
        )
        return rows.one_or_none() is not None

    def change_closing(self, id: str, closes_at: datetime | None) -> None:
        """Close at another time than was meant."""
        self._connection.execute(update(rounds).where(rounds.c.id == id).values(closes_at=closes_at))

    def change_opening(self, id: str, opens_at: datetime) -> None:
        """Open at another time than was meant."""
        self._connection.execute(update(rounds).where(rounds.c.id == id).values(opens_at=opens_at))

    def begin_vote(self, about: Round) -> Round:
        """Let people vote from now on; the round must be locked. Gives it back as it is then."""
        begun = replace(about, voted_later=False, version=about.version + 1)
        document = _as_stored().dump_json(begun).decode()
        changed = update(rounds).where(rounds.c.id == about.id)
        self._connection.execute(changed.values(document=document, version=rounds.c.version + 1))
        return begun

    # What the board shows

    def touch(self, id: str) -> None:
        """Note that the board shows something else now."""
        self._connection.execute(update(rounds).where(rounds.c.id == id).values(version=rounds.c.version + 1))

    def versions(self, ids: Iterable[str]) -> Mapping[str, int]:
        """Round → version, for those who watch several boards."""
        rows = self._connection.execute(select(rounds.c.id, rounds.c.version).where(rounds.c.id.in_(sorted(ids))))
        return {row.id: row.version for row in rows}

    def unposted(self, rested: timedelta) -> tuple[Round, ...]:
        """Rounds whose board has changed since the channels were shown it, and that were not posted just now."""
        rows = self._connection.execute(
            select(rounds)
            .where(
                rounds.c.version > rounds.c.posted,
                rounds.c.state.in_((State.OPEN.value, State.CLOSED.value)),
                or_(rounds.c.posted_at.is_(None), rounds.c.posted_at <= self._now - rested),
            )
            .order_by(rounds.c.opens_at)
        )
        return tuple(_round(row) for row in rows)

    def posted(self, shown: Round) -> None:
        """Note that the channels show this version."""
        self._connection.execute(
            update(rounds).where(rounds.c.id == shown.id).values(posted=shown.version, posted_at=self._now)
        )

    def rest(self, id: str) -> None:
        """Leave the board for a while although the channels do not show it yet."""
        self._connection.execute(update(rounds).where(rounds.c.id == id).values(posted_at=self._now))

    # Note-takers

    def note_takers(self, round: str) -> Mapping[str, str]:
        """Discussion group → the person who takes its notes."""
        rows = self._connection.execute(select(note_takers).where(note_takers.c.round == round))
        return {row.group: row.person for row in rows}

    def taking_notes(self, programme: str) -> tuple[str, ...]:
        """Those who take notes in any round of the programme that is open, each once."""
        here = (rounds.c.programme == programme, rounds.c.state == State.OPEN.value)
        theirs = select(note_takers.c.person).join(rounds, rounds.c.id == note_takers.c.round).where(*here)
        return tuple(self._connection.execute(theirs.distinct().order_by(note_takers.c.person)).scalars())

    def take_notes(self, round: str, group: str, person: str) -> bool:
        """Become the note-taker of a group that has none; False when somebody was first."""
        return insert_or_ignore(
            self._connection, note_takers, round=round, group=group, person=person, taken_at=self._now
        )

    def hand_over(self, round: str, group: str, person: str) -> None:
        """Let this person take the notes from now on; the group's draft goes with it."""
        upsert(self._connection, note_takers, round=round, group=group, person=person, taken_at=self._now)

    # Drafts

    def draft(self, round: str, group: str) -> Mapping[str, str]:
        """Question → what the group has written and not yet put up."""
        found = self._connection.execute(
            select(drafts.c.texts).where(drafts.c.round == round, drafts.c.group == group)
        ).scalar_one_or_none()
        return json.loads(found) if found else {}

    def with_draft(self, round: str) -> frozenset[str]:
        """The groups that have written something and not yet put it up."""
        return frozenset(self._connection.execute(select(drafts.c.group).where(drafts.c.round == round)).scalars())

    def keep_draft(self, round: str, group: str, texts: Mapping[str, str]) -> None:
        """Keep what is written so far in place of what was kept before."""
        written = json.dumps(dict(texts), ensure_ascii=False)
        upsert(self._connection, drafts, round=round, group=group, texts=written, saved_at=self._now)

    def drop_draft(self, round: str, group: str) -> None:
        """Forget the draft: all of it is on the board."""
        self._connection.execute(delete(drafts).where(drafts.c.round == round, drafts.c.group == group))


@cache
def _as_stored() -> TypeAdapter[Round]:
    """Made when the first round comes: a start need not wait for it."""
    return TypeAdapter(Round)


def _round(row: Row[Any]) -> Round:
    """What was stored, with what has happened to it since."""
    return replace(
        _as_stored().validate_json(row.document),
        state=State(row.state),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        undo_until=row.undo_until,
        closed_at=row.closed_at,
        version=row.version,
    )
