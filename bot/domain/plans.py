"""Plan rows: what an organisation has decided to do between the meetings, by whom and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
