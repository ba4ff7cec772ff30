"""What the document of somebody's red thread tells, and what it is called."""

from __future__ import annotations

from datetime import datetime

from bot.documents.dossier import Voice
from bot.documents.names import file_title
from bot.domain.challenges import Reflection, Thread, Version
from bot.domain.programmes import Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, _

TITLE = _("My thread through the programme")


@dataclass(frozen=True, slots=True)
class OwnPage:
    """All that the document is made of."""

    programme: Programme
    name: str  # untrusted
    written: Thread
    at: datetime  # UTC


def heading(page: OwnPage, entry: Version | Reflection) -> Text:
    """What an entry is, and when it was written."""
    day = Day(local_day(entry.written_at, page.programme.zone))
    if isinstance(entry, Version):
        return _("My challenge, version {n}, {day}", n=entry.number, day=day)
    titles = {one.id: one.title for one in page.programme.occasions}
    title = titles.get(entry.occasion)
    return _("After {title}, {day}", title=title, day=day) if title else _("After a meeting, {day}", day=day)


def file_name(page: OwnPage, say: Voice) -> str:
    """The document's name without its ending."""
    return file_title(say.line(TITLE), say.line(page.programme.title))
