"""A day that a question names as seen from today: “today”, “tomorrow”, “on Thursday”. It is no matter of its own."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WEEKDAYS = (
    "mån|man|mon",
    "tis|tirs|tys|tues",
    "ons|wednes",
    "tors|thurs",
    "fre|fri",
    "lör|lør|lau|laur|satur",
    "sön|søn|sun",
)
_PART = r"(?: (?:bitti|tidlig|förmiddag|formiddag|eftermiddag|ettermiddag|kväll|kveld|morning|afternoon|evening))?"
_ON = r"(?:(?:nu|nå|no) )?(?:på|pa|on|this|till?|inför|før|innan|by)"
_NEAR = re.compile(
    rf"\b(?:(?P<after>(?:i ?)?[öøo]verm[oå]r[grn]+[oe]?n?|(?:the )?day after tomorrow)|"
    rf"(?P<tomorrow>i ?m[oå]r(?:gon|gen|go|on|ron|rn|n|ra)|tomm?orr?ow|tmrw)|"
    rf"(?P<today>i ?dag|i ?kv[äa]ll|i ?kveld|today|tonight)|"
    rf"{_ON} (?P<weekday>{'|'.join(_WEEKDAYS)})(?:dag|day))\b{_PART}",
    re.IGNORECASE,
)


def day_named(text: str, today: date) -> date | None:
    """The day that a question names in this way, if it does."""
    found = _NEAR.search(text)
    if found is None:
        return None
    if (weekday := found["weekday"]) is not None:
        return today + timedelta((_number(weekday) - today.weekday()) % 7 or 7)  # of today, one says “today”
    return today + timedelta(2 if found["after"] else 1 if found["tomorrow"] else 0)


def _number(weekday: str) -> int:
    return next(at for at, names in enumerate(_WEEKDAYS) if weekday.casefold() in names.split("|"))


def without_near_days(text: str) -> str:
    """The question as it would be asked of any day."""
    return " ".join(_NEAR.sub(" ", text).split())
