"""What people have asked, who waits for an answer, and what no entry answers yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, literal_column, select, update
from sqlalchemy import text as as_written

from bot.domain.faq import Asker, Inquiry, Miss, MissState, Outcome, Tally
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised
from storage.joins import Joins
from storage.prepared import Prepared
from storage.tables import askers, handovers, inquiries, misses

_ANSWER: TypeAdapter[Localised] = TypeAdapter(Localised)

_OPEN = as_written(f"misses.state = '{MissState.OPEN.value}'")
"""In the very words of the partial index: with a value in its place every miss there is would be read."""

_WAITING = select(inquiries.c.id).join(misses, misses.c.id == inquiries.c.miss).where(_OPEN)
_ASKED_LONG_AGO = Prepared(
    select(askers.c.inquiry, askers.c.person).where(
        askers.c.inquiry.not_in(_WAITING),
        select(inquiries.c.id)
        .where(inquiries.c.id == askers.c.inquiry, inquiries.c.asked_at < bindparam("before"))
        .exists(),
    )
)
"""From those who are known to have asked, who are few: the questions themselves are kept for years."""

_ONE: ColumnElement[int] = literal_column("1")
_OLD_INQUIRY = Prepared(
    select(_ONE.label("one"))
    .select_from(inquiries)
    .where(inquiries.c.programme == bindparam("programme"), inquiries.c.asked_at < bindparam("before"))
    .limit(_ONE)
)
_OLD_MISS = Prepared(
    select(_ONE.label("one"))
    .select_from(misses)
    .where(misses.c.programme == bindparam("programme"), misses.c.opened_at < bindparam("before"))
    .where(~select(inquiries.c.id).where(inquiries.c.miss == misses.c.id).exists())
    .limit(_ONE)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for an answer, and what they asked."""

    inquiry: Inquiry
    asker: Asker


class Inquiries:
    """What was asked, of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        text: str,
        *,
        person: str,
        programme: str,
        language: str,
        outcome: Outcome,
        entry: str = "",
        version: int = 0,
    ) -> Inquiry:
        """Store what was asked; `text` must not point at a person any more. Who asked is stored apart."""
        id = uuid.uuid4().hex
        self._connection.execute(
            insert(inquiries).values(
                id=id,
                programme=programme,
                language=language,
                text=text,
                outcome=outcome.value,
                entry=entry,
                version=version,
                asked_at=self._now,
            )
        )
        self._connection.execute(insert(askers).values(inquiry=id, person=person, named=False))
        return Inquiry(id, programme, language, text, outcome, entry, self._now)

    def get(self, id: str) -> Inquiry | None:
        row = self._connection.execute(select(inquiries).where(inquiries.c.id == id)).one_or_none()
        return None if row is None else _inquiry(row)

    def locked(self, id: str) -> Inquiry | None:
        """As it is now; nobody else changes it until the transaction ends."""
        row = self._connection.execute(select(inquiries).where(inquiries.c.id == id).with_for_update()).one_or_none()
        return None if row is None else _inquiry(row)

    def hold(self, *found: str) -> None:
        """Nobody else changes what belongs to these misses until the transaction ends."""
        belongs = inquiries.c.miss.in_(sorted(found))
        ours = select(inquiries.c.id).where(belongs).order_by(inquiries.c.id).with_for_update()
        self._connection.execute(ours).all()

    def remove(self, id: str) -> None:
        """Delete what was asked, and who asked it."""
        self._connection.execute(delete(askers).where(askers.c.inquiry == id))
        self._connection.execute(delete(inquiries).where(inquiries.c.id == id))

    def asker(self, inquiry: str) -> Asker | None:
        """Who asked; None once that is not kept any longer."""
        row = self._connection.execute(select(askers).where(askers.c.inquiry == inquiry)).one_or_none()
        return None if row is None else _asker(row)

    def give(self, id: str, *, entry: str, version: int, outcome: Outcome) -> None:
        """Note what the person got in the end, e.g. by choosing among several."""
        self._change(id, entry=entry, version=version, outcome=outcome.value, helped=None)

    def helped(self, id: str, *, yes: bool) -> None:
        self._change(id, helped=yes)

    def why(self, id: str, reason: str) -> None:
        """Note why an answer did not help."""
        self._change(id, reason=reason)

    def _change(self, id: str, **values: object) -> None:
        self._connection.execute(update(inquiries).where(inquiries.c.id == id).values(**values))

    def name(self, id: str, *, named: bool) -> None:
        """Let the coordinator see who asks, or not."""
        self._connection.execute(update(askers).where(askers.c.inquiry == id).values(named=named))

    def unhelped(self, entry: str, version: int) -> tuple[Inquiry, ...]:
        """Who was not helped by this version of an entry: the last time that each person said so."""
        rows = self._connection.execute(
            select(inquiries, askers.c.person)
            .outerjoin(askers, askers.c.inquiry == inquiries.c.id)
            .where(inquiries.c.entry == entry, inquiries.c.version == version, inquiries.c.helped.is_(False))
            .order_by(inquiries.c.asked_at, inquiries.c.id)
        )
        last = {row.person or row.id: _inquiry(row) for row in rows}
        return tuple(last.values())

    def of_person(self, person: str, since: datetime) -> tuple[Inquiry, ...]:
        """What somebody asked, the newest first."""
        rows = self._connection.execute(
            select(inquiries)
            .join(askers, askers.c.inquiry == inquiries.c.id)
            .where(askers.c.person == person, inquiries.c.asked_at >= since)
            .order_by(inquiries.c.asked_at.desc(), inquiries.c.id)
        )
        return tuple(_inquiry(row) for row in rows)

    def tally(self, since: datetime, programme: str | None = None) -> Tally:
        """How questions have gone since then: those of one programme, or all."""
        here = inquiries.c.asked_at >= since
        if programme is not None:
            here &= inquiries.c.programme == programme
        rows = self._connection.execute(
            select(inquiries.c.outcome, inquiries.c.helped, func.count().label("n"))
            .where(here)
            .group_by(inquiries.c.outcome, inquiries.c.helped)
        ).all()
        outcomes: dict[Outcome, int] = {}
        for row in rows:
            outcomes[Outcome(row.outcome)] = outcomes.get(Outcome(row.outcome), 0) + row.n
        return Tally(
            asked=sum(row.n for row in rows),
            outcomes=outcomes,
            helped=sum(row.n for row in rows if row.helped is True),
            not_helped=sum(row.n for row in rows if row.helped is False),
        )

    # Forgetting

    def asked_before(self, before: datetime) -> tuple[tuple[str, str], ...]:
        """(inquiry, person) of what was asked before then, unless they still wait for an answer."""
        rows = _ASKED_LONG_AGO.all(self._connection, before=before)
        return tuple((row.inquiry, row.person) for row in rows)

    def forget_asker(self, inquiry: str) -> None:
        """Delete who asked it, also where it is kept what an account had with it when it was joined."""
        self._connection.execute(delete(askers).where(askers.c.inquiry == inquiry))
        Joins(self._connection, self._now).forget(inquiry)

    def forget(self, programme: str, before: datetime) -> None:
        """Delete what was asked before then, and the misses that nobody else has asked for."""
        looks = (_OLD_INQUIRY, _OLD_MISS)  # every minute, when nearly always there is nothing to delete
        if all(look.first(self._connection, programme=programme, before=before) is None for look in looks):
            return
        old = (inquiries.c.programme == programme) & (inquiries.c.asked_at < before)
        self._connection.execute(delete(askers).where(askers.c.inquiry.in_(select(inquiries.c.id).where(old))))
        self._connection.execute(delete(inquiries).where(old))
        asked = select(inquiries.c.miss).where(inquiries.c.miss.is_not(None))
        gone = (misses.c.programme == programme) & (misses.c.opened_at < before) & misses.c.id.not_in(asked)
        _delete_misses(self._connection, gone)


def _delete_misses(connection: Connection, which: ColumnElement[bool]) -> None:
    """With to whom they were handed."""
    theirs = select(misses.c.id).where(which)
    connection.execute(delete(handovers).where(handovers.c.miss.in_(theirs)))
    connection.execute(delete(misses).where(which))


class Misses:
    """What no entry answers, of all programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def open(self, inquiry: Inquiry, *, contact: str = "", entry: str = "") -> Miss:
        """Begin a miss with what was asked first."""
        miss = Miss(
            uuid.uuid4().hex, inquiry.programme, inquiry.text, inquiry.language, self._now, contact=contact, entry=entry
        )
        self._connection.execute(
            insert(misses).values(
                id=miss.id,
                programme=miss.programme,
                text=miss.text,
                language=miss.language,
                state=miss.state.value,
                contact=contact,
                entry=entry,
                opened_at=self._now,
            )
        )
        self.join(miss.id, inquiry.id)
        return miss

    def join(self, miss: str, inquiry: str) -> None:
        """Let an inquiry be part of a miss, and of no other."""
        self._connection.execute(update(inquiries).where(inquiries.c.id == inquiry).values(miss=miss))

    def leave(self, inquiry: str) -> None:
        """Let an inquiry be part of no miss; one that nobody else asked for is gone with it."""
        miss = self._connection.execute(select(inquiries.c.miss).where(inquiries.c.id == inquiry)).scalar()
        self._connection.execute(update(inquiries).where(inquiries.c.id == inquiry).values(miss=None))
        asked = select(inquiries.c.miss).where(inquiries.c.miss == miss)
        empty = (misses.c.id == miss) & (misses.c.state == MissState.OPEN.value) & ~asked.exists()
        _delete_misses(self._connection, empty)

    def get(self, id: str) -> Miss | None:
        row = self._connection.execute(select(misses).where(misses.c.id == id)).one_or_none()
        return None if row is None else _miss(row)

    def locked(self, id: str) -> Miss | None:
        """The miss as it is now; nobody else answers it until the transaction ends."""
        row = self._connection.execute(select(misses).where(misses.c.id == id).with_for_update()).one_or_none()
        return None if row is None else _miss(row)

    def open_ones(self, programme: str | None = None) -> tuple[Miss, ...]:
        """What waits for an answer, the oldest first; of one programme, or of all."""
        here = select(misses).where(_OPEN)
        if programme is not None:
            here = here.where(misses.c.programme == programme)
        rows = self._connection.execute(here.order_by(misses.c.opened_at, misses.c.id))
        return tuple(_miss(row) for row in rows)

    def counts(self) -> Mapping[str, int]:
        """Programme → how many wait for an answer, where any do."""
        rows = self._connection.execute(
            select(misses.c.programme, func.count().label("n")).where(_OPEN).group_by(misses.c.programme)
        )
        return {row.programme: row.n for row in rows}

    def in_doubt(self, entry: str) -> Miss | None:
        """What waits because this entry did not help."""
        row = self._connection.execute(select(misses).where(_OPEN, misses.c.entry == entry)).one_or_none()
        return None if row is None else _miss(row)

    def on_agenda(self, programme: str, since: datetime | None) -> tuple[Miss, ...]:
        """What was answered since then, or ever, and is to be brought up at the next meeting, the newest first."""
        when = () if since is None else (misses.c.answered_at >= since,)
        rows = self._connection.execute(
            select(misses)
            .where(
                misses.c.state == MissState.ANSWERED.value,
                misses.c.programme == programme,
                misses.c.agenda != "",
                *when,
            )
            .order_by(misses.c.answered_at.desc(), misses.c.id)
        )
        return tuple(_miss(row) for row in rows)

    def answered(self, since: datetime | None = None, *, entry: str | None = None) -> tuple[Miss, ...]:
        """What a coordinator has answered, the newest first; since then, or with this entry."""
        which = [misses.c.entry == entry] if since is None else [misses.c.answered_at >= since]
        rows = self._connection.execute(
            select(misses)
            .where(misses.c.state == MissState.ANSWERED.value, *which)
            .order_by(misses.c.answered_at.desc(), misses.c.id)
        )
        return tuple(_miss(row) for row in rows)

    def waiting(self, found: Iterable[str]) -> Mapping[str, Sequence[Waiting]]:
        """Miss → who asked for it and what, the oldest first."""
        rows = self._connection.execute(
            select(inquiries, askers.c.person, askers.c.named, askers.c.told_at)
            .join(askers, askers.c.inquiry == inquiries.c.id)
            .where(inquiries.c.miss.in_(sorted(found)))
            .order_by(inquiries.c.asked_at, inquiries.c.id)
        )
        listed: dict[str, list[Waiting]] = {}
        for row in rows:
            asker = Asker(row.id, row.person, row.named, row.told_at is not None)
            listed.setdefault(row.miss, []).append(Waiting(_inquiry(row), asker))
        return listed

    def asked(self, found: Iterable[str]) -> Mapping[str, Sequence[Inquiry]]:
        """Miss → what was asked, the oldest first; also by those who are not kept any longer."""
        rows = self._connection.execute(
            select(inquiries).where(inquiries.c.miss.in_(sorted(found))).order_by(inquiries.c.asked_at, inquiries.c.id)
        )
        listed: dict[str, list[Inquiry]] = {}
        for row in rows:
            listed.setdefault(row.miss, []).append(_inquiry(row))
        return listed

    def take(self, id: str, person: str) -> None:
        """Let somebody see to it."""
        self._connection.execute(update(misses).where(misses.c.id == id).values(owner=person))

    def let_go(self, id: str) -> None:
        """Let it be nobody's."""
        self._connection.execute(update(misses).where(misses.c.id == id).values(owner=None))

    def answer(self, id: str, answer: Localised, *, by: str, entry: str = "", agenda: str = "") -> None:
        """Store an answer, or a corrected one."""
        document = _ANSWER.dump_json(answer).decode()
        given = {"answer": document, "entry": entry, "agenda": agenda}
        self._settle(id, MissState.ANSWERED, answered_by=by, answered_at=self._now, **given)

    def dismiss(self, id: str, *, by: str) -> None:
        """Note that there is nothing to answer."""
        self._settle(id, MissState.DISMISSED, answered_by=by, answered_at=self._now)

    def reopen(self, id: str) -> None:
        """Let it wait for an answer again, since when it was asked."""
        self._settle(id, MissState.OPEN, answered_by=None, answered_at=None)

    def take_back(self, id: str) -> None:
        """Let it wait again as if it had never been answered."""
        self._settle(id, MissState.OPEN, answered_by=None, answered_at=None, answer="", entry="", agenda="")
        asked = select(inquiries.c.id).where(inquiries.c.miss == id)
        self._connection.execute(update(askers).where(askers.c.inquiry.in_(asked)).values(told_at=None))

    def _settle(self, id: str, state: MissState, **values: object) -> None:
        self._connection.execute(update(misses).where(misses.c.id == id).values(state=state.value, **values))

    def told(self, inquiry: str) -> None:
        """Note that who asked has been given an answer."""
        self._connection.execute(update(askers).where(askers.c.inquiry == inquiry).values(told_at=self._now))


def _inquiry(row: Row[Any]) -> Inquiry:
    return Inquiry(
        row.id,
        row.programme,
        row.language,
        row.text,
        Outcome(row.outcome),
        row.entry,
        row.asked_at,
        row.helped,
        row.reason,
        row.miss or "",
    )


def _asker(row: Row[Any]) -> Asker:
    return Asker(row.inquiry, row.person, row.named, row.told_at is not None)


def _miss(row: Row[Any]) -> Miss:
    return Miss(
        row.id,
        row.programme,
        row.text,
        row.language,
        row.opened_at,
        MissState(row.state),
        row.contact,
        row.owner or "",
        _ANSWER.validate_json(row.answer) if row.answer else NOTHING,
        row.answered_by or "",
        row.answered_at,
        row.entry,
        row.agenda,
    )
