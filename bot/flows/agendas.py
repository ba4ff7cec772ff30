"""A meeting's agenda as coordinators write it: a line for each thing, after the time at which it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time

from bot.domain import times
from bot.domain.people import Language
from bot.domain.programmes import AgendaItem, Occasion
from bot.domain.refusals import FieldRefused
from bot.domain.words import Localised, Words, _
from bot.messages import TextField

_LONGEST = 2900  # characters of one day's agenda, so that every platform's input has room for it
_LONGEST_LINE = 200  # as in a programme's file
_LINE = re.compile(r"(?:[-–•*]\s*)?(?:kl\.?\s*)?([01]?\d|2[0-3])[.:]([0-5]\d)\s*[-–:]?\s+(\S.*)", re.IGNORECASE)


# --- As it is written -------------------------------------------------------------------------------------------------


def fields(occasion: Occasion, day: int, language: Language) -> Iterator[TextField]:
    """The field for the agenda of a day, by number; none where what stands there is too long to be shown for change."""
    if len(written(occasion, day, language)) > _LONGEST:
        return
    label = _("Agenda, day {number}", number=day) if len(occasion.days) > 1 else _("Agenda")
    if day > len(occasion.days):
        label = _("Agenda, the new day")
    hint = _("A line for each thing, for example “09.30 Welcome”.")
    yield TextField(f"agenda.{day}", label, hint, required=False, long=True, max_chars=_LONGEST)


def written(occasion: Occasion, day: int, language: Language) -> str:
    """The agenda of a day as it is shown for change."""
    return "\n".join(f"{item.at:%H.%M} {_wording(item, language)}" for item in occasion.agenda if item.day == day)


def _wording(item: AgendaItem, language: Language) -> str:
    """In the coordinator's own language, or in the original."""
    wordings = item.what.wordings
    return wordings.get(language.value) or next(iter(wordings.values()), "")


# --- As it is read ----------------------------------------------------------------------------------------------------


def rewritten(occasion: Occasion, typed: Mapping[str, str], language: Language) -> tuple[AgendaItem, ...]:
    """The agenda with what was typed for each day, by number; a day for which there was no field keeps its own.

    What stands there in the same words keeps its other languages. Raises `FieldRefused` with the line that is none.
    """
    kept = tuple(item for item in occasion.agenda if str(item.day) not in typed)
    known = {_wording(item, language): item.what for item in occasion.agenda}
    read = (_item(line, int(day), known, language) for day, text in typed.items() for line in _lines(text))
    return tuple(sorted((*kept, *read), key=lambda item: (item.day, item.at)))


def _lines(text: str) -> Iterator[str]:
    return filter(None, (" ".join(line.split()) for line in text.splitlines()))


def _item(line: str, day: int, known: Mapping[str, Localised], language: Language) -> AgendaItem:
    match = _LINE.fullmatch(line)
    if match is None:
        reason = _(
            "Please begin each line with a time, for example “09.30 Welcome”. This one does not: {line}", line=line
        )
        raise FieldRefused(f"agenda.{day}", reason)
    hours, minutes, what = match.groups()
    if len(what) > _LONGEST_LINE:
        raise FieldRefused(f"agenda.{day}", _("Please shorten this line: {line}", line=line))
    return AgendaItem(time(int(hours), int(minutes)), known.get(what) or Localised({language.value: what}), day)


# --- What to look at twice --------------------------------------------------------------------------------------------


def doubts(before: Occasion, after: Occasion, zone: str) -> Iterator[Words]:
    """What of the agenda lies outside the hours, and a beginning that has not moved along with the meeting."""
    for item, line in zip(after.agenda, after.agenda_lines, strict=True):
        begins, ends = _hours(after, item.day, zone)
        if not begins <= item.at <= ends:
            yield _("Note: this line of the agenda lies outside the meeting’s hours: {line}", line=line)
        elif _is_left_behind(item, before, after, zone):
            yield _("Note: the meeting begins at {time}, and its agenda with this: {line}",
                    time=f"{begins:%H.%M}", line=line)  # fmt: skip


def _is_left_behind(item: AgendaItem, before: Occasion, after: Occasion, zone: str) -> bool:
    """Whether a day's agenda began with the day and does not any more."""
    first = next(one for one in after.agenda if one.day == item.day)
    began = item.day <= len(before.days) and item.at == _hours(before, item.day, zone)[0]
    return item is first and began and item.at != _hours(after, item.day, zone)[0]


def _hours(occasion: Occasion, day: int, zone: str) -> tuple[time, time]:
    span = occasion.days[day - 1]
    return times.local(span.starts_at, zone).time(), times.local(span.ends_at, zone).time()
