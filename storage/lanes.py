"""The lanes of delivery: one for each workspace, held by one courier at a time, quiet when its platform asks for it.

A platform limits what it takes from us in a workspace, whatever number of processes we are. So one of them delivers
there at a time, with one pace and one memory of what the platform asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, select, tuple_, update

from bot.domain.values import dataclass
from storage.claiming import undecided
from storage.prepared import Prepared
from storage.tables import lanes, outbox
from storage.upsert import spelled

Lane = tuple[str, str]
"""Platform and workspace."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lane in which something is to be delivered."""

    lane: Lane
    due_at: datetime  # the earliest message
    quiet_until: datetime
    holder: str  # or nothing: nobody delivers here
    held_until: datetime


def _first(rows: Any) -> Any:
    return select(rows.c.id).where(undecided(rows)).order_by(*_sorted(rows)).limit(literal_column("1"))


def _sorted(rows: Any) -> tuple[Any, ...]:
    return rows.c.platform, rows.c.workspace, rows.c.bulk, rows.c.due_at


def _waiting() -> Any:
    """Leaps from lane to lane through the index, whatever number of messages waits in each."""
    here, there, start = outbox.alias("here"), outbox.alias("there"), outbox.alias("start")
    heads = select(_first(start).scalar_subquery().label("id")).cte("heads", recursive=True)
    beyond = tuple_(*_sorted(there)[:3]) > tuple_(*_sorted(here)[:3])
    following = _first(there).where(beyond).correlate(here).scalar_subquery()
    heads = heads.union_all(select(following).select_from(heads.join(here, here.c.id == heads.c.id)))
    same = (lanes.c.platform == outbox.c.platform) & (lanes.c.workspace == outbox.c.workspace)
    return (
        select(
            outbox.c.platform,
            outbox.c.workspace,
            func.min(outbox.c.due_at, type_=outbox.c.due_at.type).label("due_at"),
            lanes.c.quiet_until,
            lanes.c.holder,
            lanes.c.held_until,
        )
        .select_from(heads.join(outbox, outbox.c.id == heads.c.id).outerjoin(lanes, same))
        .group_by(outbox.c.platform, outbox.c.workspace, lanes.c.quiet_until, lanes.c.holder, lanes.c.held_until)
    )


def _take(dialect: str) -> Any:
    row: dict[str, Any] = {
        name: bindparam(name) for name in ("platform", "workspace", "holder", "held_until", "quiet_until")
    }
    statement = spelled(dialect, lanes).values(row)
    # What was let go is free whatever the time is: a clock that was ahead and has been put right stops nothing.
    free = (lanes.c.held_until <= bindparam("now", type_=lanes.c.held_until.type)) | lanes.c.holder.in_(
        ("", statement.excluded.holder)
    )
    quiet = lanes.c.quiet_until > bindparam("now", type_=lanes.c.quiet_until.type)
    return statement.on_conflict_do_update(
        index_elements=["platform", "workspace"],
        set_={"holder": statement.excluded.holder, "held_until": statement.excluded.held_until},
        where=free & ~quiet,
    ).returning(literal_column("1").label("taken"))


_WAITING = Prepared(_waiting())
_TAKE = Prepared(_take)
_RELEASE = Prepared(
    update(lanes)
    .where(
        lanes.c.platform == bindparam("of_platform"),
        lanes.c.workspace == bindparam("of_workspace"),
        lanes.c.holder == bindparam("by"),
    )
    .values(holder="", held_until=bindparam("now"), quiet_until=bindparam("quiet"))
)


class Lanes:
    """Who delivers where."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def waiting(self) -> tuple[Waiting, ...]:
        """The lanes in which something is to be delivered, now or later."""
        return tuple(
            Waiting(
                lane=(row.platform, row.workspace),
                due_at=row.due_at,
                quiet_until=row.quiet_until or _LONG_AGO,
                holder=row.holder or "",
                held_until=row.held_until or _LONG_AGO,
            )
            for row in _WAITING.all(self._connection)
        )

    def take(self, lane: Lane, holder: str, until: datetime) -> bool:
        """Hold the lane, or go on holding it; False when somebody else does or it has to be quiet."""
        values = {"platform": lane[0], "workspace": lane[1], "holder": holder, "held_until": until}
        return _TAKE.first(self._connection, **values, quiet_until=_LONG_AGO, now=self._now) is not None

    def release(self, lane: Lane, holder: str, quiet_until: datetime | None = None) -> None:
        """Let others have the lane, not before `quiet_until`."""
        quiet = quiet_until or _LONG_AGO
        place = {"of_platform": lane[0], "of_workspace": lane[1], "by": holder}
        _RELEASE.run(self._connection, **place, now=self._now, quiet=quiet)
