"""Answers on the boards, what has been said to them, and what coordinators have decided about them. No authors."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.domain.board import Answer, Reply, Standing
from bot.domain.values import dataclass
from storage.rounds import Rounds
from storage.tables import answers, held_replies, replies, rounds, rulings, votes
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer before it is stored."""

    box: str
    question: str
    text: str
    group: str = ""
    standing: Standing = Standing.SHOWN
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a coordinator decided about an answer."""

    answer: str
    verdict: str  # "published", "masked" or "hidden"
    reason: str
    person: str  # the coordinator's id
    ruled_at: datetime  # UTC


class Answers:
    """The answers of all rounds. Every change of what a board shows raises the round's version."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._rounds = Rounds(connection, now)

    def add(self, round: str, new: Sequence[NewAnswer], *, written_at: datetime | None = None) -> tuple[str, ...]:
        """Put answers at the end of a board, in this order; their ids. The round must be locked by the caller."""
        ids = tuple(uuid.uuid4().hex for _one in new)
        self._insert(round, tuple(zip(ids, new, strict=True)), written_at or self._now)
        return ids

    def pour(self, round: str, new: Sequence[NewAnswer], *, on: datetime) -> None:
        """Shuffle answers and put them on a board: neither their places nor the day tell who came when.

        They are stored in the order of their ids, which are random: no page of the database tells it either.
        """
        shuffled = SystemRandom().sample(new, len(new))
        ids = sorted(uuid.uuid4().hex for _one in new)
        self._insert(round, tuple(zip(ids, shuffled, strict=True)), on)

    def _insert(self, round: str, new: Sequence[tuple[str, NewAnswer]], written_at: datetime) -> None:
        if not new:
            return
        last = select(func.coalesce(func.max(answers.c.place), 0)).where(answers.c.round == round)
        first = self._connection.execute(last).scalar_one() + 1
        rows = [
            {
                "id": id,
                "round": round,
                "box": one.box,
                "question": one.question,
                "group": one.group,
                "text": one.text,
                "standing": one.standing.value,
                "reason": one.reason,
                "place": place,
                "written_at": written_at,
            }
            for place, (id, one) in enumerate(new, first)
        ]
        self._connection.execute(insert(answers), rows)
        self._rounds.touch(round)

    def get(self, id: str) -> Answer | None:
        row = self._connection.execute(select(answers).where(answers.c.id == id)).one_or_none()
        return None if row is None else _answer(row)

    def of_round(self, round: str) -> tuple[Answer, ...]:
        """Everything, also what is held or hidden, in the order of the board."""
        rows = self._connection.execute(
            select(answers).where(answers.c.round == round).order_by(answers.c.place, answers.c.id)
        )
        return tuple(_answer(row) for row in rows)

    def of_group(self, round: str, group: str) -> tuple[Answer, ...]:
        """What a group has written."""
        return tuple(answer for answer in self.of_round(round) if answer.group == group)

    def counts(self, round: str) -> Mapping[str, int]:
        """Group → how many posts it has put up."""
        rows = self._connection.execute(
            select(answers.c.group, func.count().label("n")).where(answers.c.round == round).group_by(answers.c.group)
        )
        return {row.group: row.n for row in rows}

    def held(self, rounds: Iterable[str]) -> tuple[Answer, ...]:
        """What waits for a coordinator in these rounds."""
        rows = self._connection.execute(
            select(answers)
            .where(answers.c.round.in_(sorted(rounds)), answers.c.standing == Standing.HELD.value)
            .order_by(answers.c.round, answers.c.place)
        )
        return tuple(_answer(row) for row in rows)

    def rewrite(self, answer: Answer, text: str, *, standing: Standing | None = None, reason: str = "") -> None:
        """Let the answer say something else, perhaps in another standing."""
        values = {"text": text, "standing": (standing or answer.standing).value, "reason": reason}
        self._change(answer, values)

    def stand(self, answer: Answer, standing: Standing, reason: str = "") -> None:
        """Show, hold or hide an answer."""
        self._change(answer, {"standing": standing.value, "reason": reason})

    def move(self, answer: Answer, *, box: str, question: str, group: str = "") -> None:
        """Put the answer into another box, perhaps as another group's; the board says that it was moved."""
        self._change(answer, {"box": box, "question": question, "group": group or answer.group, "moved": True})

    def _change(self, answer: Answer, values: Mapping[str, object]) -> None:
        self._connection.execute(update(answers).where(answers.c.id == answer.id).values(dict(values)))
        self._rounds.touch(answer.round)

    def remove(self, answer: Answer) -> None:
        """Delete the answer and what was said to it."""
        for table in (replies, held_replies, votes):
            self._connection.execute(delete(table).where(table.c.answer == answer.id))
        self._connection.execute(delete(answers).where(answers.c.id == answer.id))
        self._rounds.touch(answer.round)

    # Replies

    def reply(self, answer: Answer, *, box: str, accepted: bool = False, text: str = "") -> None:
        """Reply to an answer, in place of what the same role group (or the organiser) said before."""
        gone = delete(replies).where(replies.c.answer == answer.id, replies.c.box == box)
        self._connection.execute(gone)
        upsert(
            self._connection,
            replies,
            id=uuid.uuid4().hex,
            answer=answer.id,
            box=box,
            accepted=accepted,
            text=text,
            said_at=self._now,
        )
        self._rounds.touch(answer.round)

    def take_back(self, answer: Answer, *, box: str) -> None:
        """Let go of what a role group, or the organiser, has said to an answer."""
        self._connection.execute(delete(replies).where(replies.c.answer == answer.id, replies.c.box == box))
        self._rounds.touch(answer.round)

    def replies(self, round: str) -> tuple[Reply, ...]:
        """What was said to the answers of a round, as far as it is shown."""
        rows = self._connection.execute(
            select(replies).join(answers, answers.c.id == replies.c.answer).where(answers.c.round == round)
        )
        return tuple(Reply(row.answer, row.box, row.accepted, row.text, row.said_at) for row in rows)

    def answered(self, programme: str, since: datetime | None) -> tuple[tuple[Answer, Reply], ...]:
        """What the organiser has replied to in a programme since then, the newest reply first."""
        when = () if since is None else (replies.c.said_at >= since,)
        rows = self._connection.execute(
            select(answers, replies.c.accepted, replies.c.text.label("said"), replies.c.said_at)
            .join(replies, replies.c.answer == answers.c.id)
            .join(rounds, rounds.c.id == answers.c.round)
            .where(
                rounds.c.programme == programme,
                replies.c.box == "",
                answers.c.standing == Standing.SHOWN.value,
                *when,
            )
            .order_by(replies.c.said_at.desc(), answers.c.place, answers.c.id)
        )
        return tuple((_answer(row), Reply(row.id, "", row.accepted, row.said, row.said_at)) for row in rows)

    # Rulings

    def rule(self, answer: Answer, verdict: str, reason: str, person: str) -> None:
        """Note what a coordinator decided: about which answer, never about whose."""
        self._connection.execute(
            insert(rulings),
            {
                "id": uuid.uuid4().hex,
                "answer": answer.id,
                "verdict": verdict,
                "reason": reason,
                "person": person,
                "ruled_at": self._now,
            },
        )

    def rulings(self, answer: str) -> tuple[Ruling, ...]:
        """What was decided about an answer, the first decision first."""
        rows = self._connection.execute(
            select(rulings).where(rulings.c.answer == answer).order_by(rulings.c.ruled_at, rulings.c.id)
        )
        return tuple(Ruling(row.answer, row.verdict, row.reason, row.person, row.ruled_at) for row in rows)


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        id=row.id,
        round=row.round,
        box=row.box,
        question=row.question,
        group=row.group,
        text=row.text,
        standing=Standing(row.standing),
        place=row.place,
        written_at=row.written_at,
        reason=row.reason,
        moved=row.moved,
    )
