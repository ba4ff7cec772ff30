"""Plan rows: what an organisation has decided to do between the meetings, by whom and by when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from bot.domain.values import dataclass


class Progress(StrEnum):
    """How far a plan row has come: plan, test on a small scale, done (or stuck)."""

    PLANNED = "planned"
    TESTING = "testing"
    DONE = "done"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One thing to do. All texts are what people wrote: untrusted."""

    id: str
    programme: str
    organisation_key: str
    organisation: str  # as people write it
    what: str
    who: str  # as it was written; `owner` is the person meant, if they are known
    before: str = ""  # id of the occasion it should be done before
    due: date | None = None  # a day of its own instead
    progress: Progress = Progress.PLANNED
    owner: str = ""  # person id
    deputy: str = ""  # who takes over, as it was written
    group: str = ""  # id of the discussion group that made it
    answer: str = ""  # id of the answer on a board that it came from
    remark: str = ""  # why it is stuck, or how it went
    changed_at: datetime | None = None  # UTC
    changer: str = ""  # how whoever changed it last, or wrote it, is called; empty: nobody did, or they are gone
    is_new: bool = False  # it stands as it was written

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.progress is not Progress.DONE

    @property
    def lacks_owner(self) -> bool:
        """Whether nobody has taken it on, or whoever had has left."""
        return self.is_open and not self.who and not self.owner


def before(rows: Iterable[PlanRow], meetings: Collection[str]) -> tuple[PlanRow, ...]:
    """The rows that should be done before one of these occasions; all of them where none is named."""
    return tuple(row for row in rows if not meetings or row.before in meetings)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a plan has come: numbers, so that it can be told to whoever does not see the rows."""

    counts: Mapping[Progress, int]
    without_owner: int = 0  # open rows that nobody has taken on

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts.get(Progress.DONE, 0)


def tally(rows: Iterable[PlanRow]) -> Tally:
    """The numbers of a plan."""
    listed = tuple(rows)
    counts = {one: sum(row.progress is one for row in listed) for one in Progress}
    return Tally(counts, sum(row.lacks_owner for row in listed))
