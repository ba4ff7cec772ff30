"""A moment as coordinators write it: a day, a time of day, or both; what is left out is what they would expect."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.domain import times
from bot.domain.programmes import local_day
from bot.domain.refusals import FieldRefused, both
from bot.domain.values import dataclass
from bot.domain.words import Text, _
from bot.flows.amending import clock, day_of
from bot.messages import Field, TextField

_TODAY = frozenset(("idag", "i dag", "today"))
_MORNING = time(9)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed into the two fields, with the names of those fields."""

    day: str
    at: str
    day_field: str
    at_field: str

    def __bool__(self) -> bool:
        return bool(self.day or self.at)


def fields(name: str, day: Text, at: Text, *, hint: Text) -> tuple[Field, ...]:
    """The two fields, `<name>_day` and `<name>_at`; both may be left empty."""
    return (
        TextField(f"{name}_day", day, hint, required=False, max_chars=40),
        TextField(f"{name}_at", at, _("For example 09.00"), required=False, max_chars=20),
    )


def begins(written: Written, now: datetime, zone: str) -> datetime | None:
    """When something begins: a day alone means nine in the morning. None when nothing was written."""
    if not written:
        return None
    return _instant(written, now, zone, or_at=_MORNING)


def ends(written: Written, now: datetime, zone: str) -> datetime | None:
    """When something ends: a day alone counts to its end. None when nothing was written."""
    if not written:
        return None
    return _instant(written, now, zone, or_at=_LAST_MINUTE)


def _instant(written: Written, now: datetime, zone: str, *, or_at: time) -> datetime:
    day, at = both(lambda: _day(written, local_day(now, zone)), lambda: _clock(written))
    return times.instant(day, at or or_at, zone)


def check_ahead(moment: datetime | None, written: Written, now: datetime) -> None:
    """Raises `FieldRefused` when the moment has passed."""
    if moment is not None and moment <= now:
        at_fault = written.at_field if written.at else written.day_field
        raise FieldRefused(at_fault, _("That time has passed. Please write a later one."))


def pinned(written: Written, now: datetime, zone: str) -> str:
    """The day in digits, so that it means the same tomorrow; empty when nothing was written."""
    return _day(written, local_day(now, zone)).isoformat() if written else ""


def _clock(written: Written) -> time | None:
    return clock(written.at, written.at_field) if written.at else None


def _day(written: Written, today: date) -> date:
    """Today where no day was written."""
    if not written.day or written.day.casefold() in _TODAY:
        return today
    return day_of(written.day, written.day_field, today)
