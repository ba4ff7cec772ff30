"""Everyone's places in flows, one open run for an actor, a flow and what it is about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, text, update

from bot.domain.people import Actor
from bot.domain.values import dataclass
from storage.prepared import Prepared
from storage.tables import registrations, runs
from storage.upsert import insert_or_ignore, insert_row


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it is kept; `state` is the flow's own JSON."""

    id: str
    actor: Actor
    flow: str
    version: int
    about: str
    step: str
    revision: int
    state: str
    done: bool
    updated_at: datetime
    overtaken: bool = False  # what it is about has changed since it was last answered


_NOT_DONE = text("NOT runs.done")
"""In the very words of the partial index: `done = 0` would read every run there is."""


@cache
def _forget(but: frozenset[str]) -> Prepared:
    left = or_(runs.c.done, and_(*(runs.c.flow != flow for flow in sorted(but))))
    old = (runs.c.created_at < bindparam("before"), runs.c.updated_at < bindparam("before"))  # the first has an index
    return Prepared(delete(runs).where(*old, left))


_BY_ID = Prepared(select(runs).where(runs.c.id == bindparam("id")).with_for_update())
_OPEN = Prepared(
    select(runs)
    .where(
        runs.c.platform == bindparam("platform"),
        runs.c.workspace == bindparam("workspace"),
        runs.c.user == bindparam("user"),
        runs.c.flow == bindparam("flow"),
        runs.c.about == bindparam("about"),
        _NOT_DONE,
    )
    .with_for_update()
)
_SAVE = Prepared(
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(
        step=bindparam("step"),
        revision=bindparam("revision"),
        state=bindparam("state"),
        done=bindparam("done"),
        updated_at=bindparam("updated_at"),
        overtaken=False,
    )
)
_ANSWERED = runs.c.revision > 1  # the first form, which was only opened, has revision 1
_DRAFTS = select(runs).where(runs.c.flow == bindparam("flow"), _NOT_DONE, _ANSWERED).order_by(runs.c.updated_at.desc())
_UNFINISHED = Prepared(_DRAFTS)
_UNFINISHED_OF = Prepared(
    _DRAFTS.where(
        runs.c.platform == bindparam("platform"),
        runs.c.workspace == bindparam("workspace"),
        runs.c.user == bindparam("user"),
    )
)


class Runs:
    """The runs of all actors. Reading one locks it until the transaction ends, and so does asking for it ahead."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.latest: StoredRun | None = None  # that was read by `get` or `open`

    def get(self, id: str) -> StoredRun | None:
        return self._one(_BY_ID, id=id)

    def get_ahead(self, id: str) -> None:
        """Say that `get` will be asked for this run."""
        _BY_ID.ask_ahead(self._connection, id=id)

    def open(self, actor: Actor, flow: str, about: str) -> StoredRun | None:
        """The unfinished run of this actor, if there is one."""
        return self._one(_OPEN, **_key(actor), flow=flow, about=about)

    def open_ahead(self, actor: Actor, flow: str, about: str) -> None:
        """Say that `open` will be asked for the same."""
        _OPEN.ask_ahead(self._connection, **_key(actor), flow=flow, about=about)

    def begin(self, run: StoredRun) -> None:
        """Keep a new run; raises `IntegrityError`, at the commit at the latest, if the actor has one open."""
        insert_row(self._connection, runs, **_columns(run))

    def add(self, run: StoredRun) -> bool:
        """Keep a new run; False when the actor has one open already."""
        return insert_or_ignore(self._connection, runs, **_columns(run))

    def save(self, id: str, *, step: str, revision: int, state: str, done: bool) -> None:
        """Keep where the run stands now. Of one that is done, what was written into it is not kept a second time."""
        kept = "" if done else state
        values = {"step": step, "revision": revision, "state": kept, "done": done, "updated_at": self._now}
        _SAVE.run(self._connection, run=id, **values)

    def close(self, id: str) -> None:
        """End a run that will not be finished."""
        self._connection.execute(update(runs).where(runs.c.id == id).values(done=True, state="", updated_at=self._now))

    def forget(self, before: datetime, *, but: Collection[str]) -> None:
        """Delete runs that nobody has touched since then: those that are done, and others unless of these flows."""
        _forget(frozenset(but)).run(self._connection, before=before)

    def overtake(self, programme: str) -> None:
        """Let nobody finish a registration for the programme, or a change of one, without having seen it as it is."""
        made = select(registrations.c.id).where(registrations.c.programme == programme)
        theirs = or_(
            (runs.c.flow == "registration") & (runs.c.about == programme),
            (runs.c.flow == "change") & runs.c.about.in_(made),
        )
        self._connection.execute(update(runs).where(theirs, _NOT_DONE).values(overtaken=True))

    def unfinished(self, flow: str, *, actor: Actor | None = None) -> tuple[StoredRun, ...]:
        """Drafts that were begun and not finished, newest first."""
        if actor is None:
            return tuple(map(_stored, _UNFINISHED.all(self._connection, flow=flow)))
        theirs = {"platform": actor.platform, "workspace": actor.workspace, "user": actor.user}
        return tuple(map(_stored, _UNFINISHED_OF.all(self._connection, flow=flow, **theirs)))

    def left_lying(self, flow: str, since: datetime) -> tuple[StoredRun, ...]:
        """Drafts untouched since then whose owners have not been reminded."""
        lying = (runs.c.flow == flow, _NOT_DONE, _ANSWERED, ~runs.c.reminded, runs.c.updated_at <= since)
        return tuple(_stored(row) for row in self._connection.execute(select(runs).where(*lying)))

    def remind(self, id: str) -> bool:
        """Let the owner of a draft count as reminded; False when another worker was first."""
        rows = self._connection.execute(
            update(runs).where(runs.c.id == id, ~runs.c.reminded).values(reminded=True).returning(runs.c.id)
        )
        return rows.one_or_none() is not None

    def _one(self, statement: Prepared, **key: str) -> StoredRun | None:
        row = statement.first(self._connection, **key)
        self.latest = None if row is None else _stored(row)
        return self.latest


def _key(actor: Actor) -> dict[str, str]:
    return {"platform": actor.platform, "workspace": actor.workspace, "user": actor.user}


def _columns(run: StoredRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "platform": run.actor.platform,
        "workspace": run.actor.workspace,
        "user": run.actor.user,
        "flow": run.flow,
        "version": run.version,
        "about": run.about,
        "step": run.step,
        "revision": run.revision,
        "state": "" if run.done else run.state,
        "done": run.done,
        "created_at": run.updated_at,
        "updated_at": run.updated_at,
    }


def _stored(row: Row[Any]) -> StoredRun:
    actor = Actor(row.platform, row.workspace, row.user)
    return StoredRun(
        id=row.id,
        actor=actor,
        flow=row.flow,
        version=row.version,
        about=row.about,
        step=row.step,
        revision=row.revision,
        state=row.state,
        done=row.done,
        updated_at=row.updated_at,
        overtaken=row.overtaken,
    )
