"""Questions with their answers, how they came to be so, and the other ways in which people ask for them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from bot.domain.faq import Change, Entry, Past, Phrasing, PhrasingStanding, Standing, from_file
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from storage.portions import portions
from storage.prepared import Prepared
from storage.tables import faq_entries, faq_history, faq_phrasings, faq_vectors
from storage.upsert import insert_or_ignore

_DOCUMENT: TypeAdapter[Entry] = TypeAdapter(Entry)
_STATE = Prepared(
    select(
        func.count().label("entries"),
        func.coalesce(func.sum(faq_entries.c.version), 0).label("versions"),
        select(func.count())
        .select_from(faq_phrasings)
        .where(faq_phrasings.c.standing == PhrasingStanding.REJECTED.value)
        .scalar_subquery()
        .label("rejected"),
    ).select_from(faq_entries)
)

_FORGET_PHRASINGS = Prepared(delete(faq_phrasings).where(faq_phrasings.c.asked_at < bindparam("before")))

_GONE = "gone"
"""The origin of an entry that its programme's file had, and has no more."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a programme's file changed."""

    added: int = 0
    edited: int = 0
    retired: int = 0


class Entries:
    """The entries of all programmes. Every change raises the entry's version and is kept."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def state(self) -> str:
        """Another one after every change."""
        row = _STATE.first(self._connection)
        return f"{row.entries}.{row.versions}.{row.rejected}"

    def all(self) -> Mapping[str, Entry]:
        """Id → entry, also what is retired."""
        rows = self._connection.execute(select(faq_entries).order_by(faq_entries.c.programme, faq_entries.c.id))
        return {row.id: _entry(row) for row in rows}

    def get(self, id: str) -> Entry | None:
        row = self._connection.execute(select(faq_entries).where(faq_entries.c.id == id)).one_or_none()
        return None if row is None else _entry(row)

    def locked(self, id: str) -> Entry | None:
        """The entry as it is now; nobody else changes it until the transaction ends."""
        here = select(faq_entries).where(faq_entries.c.id == id).with_for_update()
        row = self._connection.execute(here).one_or_none()
        return None if row is None else _entry(row)

    # Changing

    def add(self, entry: Entry, *, by: str | None = None, origin: str = "") -> Entry:
        """Store a new entry; raises `sqlalchemy.exc.IntegrityError` when there is one with this id."""
        first = replace(entry, version=1)
        self._connection.execute(
            insert(faq_entries).values(id=entry.id, programme=entry.programme, origin=origin, **self._columns(first))
        )
        self._remember(first, Change.ADDED, by)
        return first

    def edit(
        self, entry: Entry, *, by: str | None = None, origin: str | None = None, change: Change = Change.EDITED
    ) -> Entry:
        """Store an entry that is there as it shall be from now on. It must be locked by the caller."""
        next_one = replace(entry, version=entry.version + 1)
        values = {"programme": entry.programme, **self._columns(next_one)}
        values |= {} if origin is None else {"origin": origin}
        self._connection.execute(update(faq_entries).where(faq_entries.c.id == entry.id).values(values))
        self._remember(next_one, change, by)
        return next_one

    def retire(self, id: str, *, by: str | None = None) -> None:
        """Give it as an answer no more; nothing happens when it is retired, or not there."""
        self._stand(id, Standing.RETIRED, Change.RETIRED, by)

    def restore(self, id: str, *, by: str | None = None) -> None:
        self._stand(id, Standing.LIVE, Change.RESTORED, by)

    def _stand(self, id: str, standing: Standing, change: Change, by: str | None) -> None:
        entry = self.locked(id)
        if entry is not None and entry.standing is not standing:
            self.edit(replace(entry, standing=standing), by=by, change=change)

    def _columns(self, entry: Entry) -> dict[str, object]:
        return {
            "document": _DOCUMENT.dump_json(entry).decode(),
            "standing": entry.standing.value,
            "version": entry.version,
            "changed_at": self._now,
        }

    def _remember(self, entry: Entry, change: Change, by: str | None) -> None:
        columns = self._columns(entry)
        columns["at"] = columns.pop("changed_at")
        self._connection.execute(insert(faq_history).values(entry=entry.id, change=change.value, by=by, **columns))

    def history(self, id: str) -> tuple[Past, ...]:
        """How the entry stood after each change, the newest first."""
        rows = self._connection.execute(
            select(faq_history).where(faq_history.c.entry == id).order_by(faq_history.c.version.desc())
        )
        return tuple(
            Past(_DOCUMENT.validate_json(row.document), Change(row.change), row.at, row.by or "") for row in rows
        )

    # A programme's file

    def follow(self, programme: Programme) -> Loaded:
        """Take over what a programme's file says by now.

        What was changed in chat stays until the file says something else of that very entry; what is gone from the
        file is retired. Entries that were written in chat are not the file's to change.
        """
        written = {entry.id: entry for entry in (from_file(programme, one) for one in programme.faq)}
        # The file may name one from elsewhere, and a coordinator may have moved one of its own to another programme.
        from_here = faq_entries.c.id.startswith(f"{programme.id}.", autoescape=True)
        ours = (from_here & (faq_entries.c.origin != "")) | faq_entries.c.id.in_(written)
        known = {
            row.id: row
            for row in self._connection.execute(
                select(faq_entries).where(ours).order_by(faq_entries.c.id).with_for_update()
            )
        }
        added = [self.add(one, origin=_digest(one)) for id, one in written.items() if id not in known]
        edited = [self._renew(_entry(known[id]), one) for id, one in written.items() if _differs(known.get(id), one)]
        gone = [id for id, row in known.items() if id not in written and row.origin != _GONE]
        for id in gone:
            self._let_go(id)
        return Loaded(len(added), len(edited), len(gone))

    def _let_go(self, id: str) -> None:
        """Once: a coordinator may use again what the file no longer has, and the file may have it back as it was."""
        self.retire(id)
        self._connection.execute(update(faq_entries).where(faq_entries.c.id == id).values(origin=_GONE))

    def _renew(self, known: Entry, written: Entry) -> Entry:
        """The entry as the file has it, with what people were heard to ask besides."""
        alternates = tuple(dict.fromkeys((*written.alternates, *known.alternates)))
        renewed = replace(written, alternates=alternates, version=known.version)
        return self.edit(renewed, origin=_digest(written))

    # Ways to ask

    def propose(self, entry: str, text: str) -> None:
        """Note that somebody asked so and was helped by the entry; it counts when it is proposed again."""
        new = insert_or_ignore(
            self._connection,
            faq_phrasings,
            id=uuid.uuid4().hex,
            entry=entry,
            text=text,
            standing=PhrasingStanding.PROPOSED.value,
            times=1,
            asked_at=self._now,
        )
        if not new:
            self._connection.execute(
                update(faq_phrasings)
                .where(faq_phrasings.c.entry == entry, faq_phrasings.c.text == text)
                .values(times=faq_phrasings.c.times + 1, asked_at=self._now)
            )

    def forget_phrasings(self, before: datetime) -> None:
        """Delete other ways to ask that nobody has used since then: what was learnt of them is in the entries."""
        _FORGET_PHRASINGS.run(self._connection, before=before)

    def phrasing(self, id: str) -> Phrasing | None:
        row = self._connection.execute(select(faq_phrasings).where(faq_phrasings.c.id == id)).one_or_none()
        return None if row is None else _phrasing(row)

    def phrasings(self, standing: PhrasingStanding) -> tuple[Phrasing, ...]:
        """All of this standing, those that were asked most often first."""
        rows = self._connection.execute(
            select(faq_phrasings)
            .where(faq_phrasings.c.standing == standing.value)
            .order_by(faq_phrasings.c.times.desc(), faq_phrasings.c.asked_at, faq_phrasings.c.id)
        )
        return tuple(_phrasing(row) for row in rows)

    def accept(self, id: str, *, by: str | None = None) -> Entry | None:
        """Learn a way to ask; None when it was decided before, or its entry is not there."""
        phrasing = self._decide(id, PhrasingStanding.ACCEPTED)
        return None if phrasing is None else self.learn(phrasing.entry, phrasing.text, by=by)

    def reject(self, id: str) -> Phrasing | None:
        """Note that the entry is no answer to this; None when it was decided before."""
        return self._decide(id, PhrasingStanding.REJECTED)

    def learn(self, id: str, text: str, *, by: str | None = None) -> Entry | None:
        """Find the entry by this way to ask, too; None when it is not there."""
        entry = self.locked(id)
        if entry is None or text in entry.alternates or text in entry.question.wordings.values():
            return entry
        return self.edit(replace(entry, alternates=(*entry.alternates, text)), by=by, change=Change.LEARNT)

    def _decide(self, id: str, standing: PhrasingStanding) -> Phrasing | None:
        row = self._connection.execute(
            update(faq_phrasings)
            .where(faq_phrasings.c.id == id, faq_phrasings.c.standing == PhrasingStanding.PROPOSED.value)
            .values(standing=standing.value)
            .returning(*faq_phrasings.c)
        ).one_or_none()
        return None if row is None else _phrasing(row)


class StoredVectors:
    """The vectors of texts, made once and kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, bytes]:
        """Key → vector."""
        return {row.key: row.vector for row in self._connection.execute(select(faq_vectors))}

    def put(self, vectors: Mapping[str, bytes]) -> None:
        for key, vector in sorted(vectors.items()):
            insert_or_ignore(self._connection, faq_vectors, key=key, vector=vector)

    def forget(self, keys: Collection[str]) -> None:
        for some in portions(keys):
            self._connection.execute(delete(faq_vectors).where(faq_vectors.c.key.in_(some)))


def _entry(row: Row[Any]) -> Entry:
    return _DOCUMENT.validate_json(row.document)


def _phrasing(row: Row[Any]) -> Phrasing:
    return Phrasing(row.id, row.entry, row.text, PhrasingStanding(row.standing), row.times)


def _digest(entry: Entry) -> str:
    """What a file says of an entry, in short."""
    return hashlib.sha256(_DOCUMENT.dump_json(entry)).hexdigest()


def _differs(known: Row[Any] | None, written: Entry) -> bool:
    """Whether the file says something else than when it was loaded last."""
    return known is not None and known.origin != _digest(written)
