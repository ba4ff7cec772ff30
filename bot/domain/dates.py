"""A day as people type it, in any of our languages: one that lies ahead, or one that does not."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

_FURTHEST = timedelta(days=731)  # two years: whoever asks for more has mistyped
_LONGEST = 40  # letters; more is a sentence

_NORDIC = str.maketrans({"æ": "a", "ø": "o"})
_SKIPPED = frozenset(
    ["till", "til", "tills", "fram", "och", "og", "med", "until", "to", "the", "den", "det", "pa", "on", "of", "om",
     "in", "i"]
)  # fmt: skip
_MONTHS = (
    ("januari", "januar", "january"), ("februari", "februar", "february"), ("mars", "march"), ("april",),
    ("maj", "mai", "may"), ("juni", "june"), ("juli", "july"), ("augusti", "august"), ("september",),
    ("oktober", "october"), ("november",), ("december", "desember"),
)  # fmt: skip
_WEEKDAYS = (
    ("mandag", "monday"), ("tisdag", "tirsdag", "tysdag", "tuesday"), ("onsdag", "wednesday"),
    ("torsdag", "thursday"), ("fredag", "friday"), ("lordag", "laurdag", "saturday"), ("sondag", "sundag", "sunday"),
)  # fmt: skip
_SHORTEST = 3  # letters of a name that is cut short: mån, aug
_AHEAD = {
    **dict.fromkeys(("imorgon", "imorgen", "morgon", "morgen", "tomorrow"), 1),
    **dict.fromkeys(("imorn", "imorrn", "morn", "morrn", "imorra"), 1),  # as it is said
    **dict.fromkeys(("overmorgon", "iovermorgon", "overmorgen", "iovermorgen", "day after tomorrow"), 2),
}
_TODAY = frozenset(("idag", "dag", "today"))
_BEHIND = {
    **dict.fromkeys(_TODAY, 0),
    **dict.fromkeys(("igar", "gar", "igarkveld", "yesterday"), 1),
    **dict.fromkeys(("forrgar", "iforrgar", "forgars", "iforgars", "forgar", "iforgar", "day before yesterday"), 2),
}
_NEXT = frozenset(("nasta", "neste", "next"))
_LAST = frozenset(("forra", "forrige", "forre", "sista", "sist", "siste", "last"))
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("en ett ei ein et a one", "tva to two", "tre three", "fyra fire four", "fem five", "sex seks six",
         "sju syv seven", "atta atte eight", "nio ni nine", "tio ti ten"),
        1,
    )
    for word in words.split()
}  # fmt: skip
_DAYS = frozenset(["dag", "dagar", "dager", "day", "days"])
_WEEKS = frozenset(["vecka", "veckor", "uke", "uker", "veke", "veker", "week", "weeks"])
_MONTHS_LONG = frozenset(["manad", "manader", "maned", "maneder", "month", "months"])


def read_day(typed: str, today: date) -> date | None:
    """The day that is meant, after today and within two years; None when it is no such day.

    Without a year it is the next one. Numbers are day before month, as everybody here writes them.
    """
    plain = _plain(typed)
    if not plain or len(plain) > _LONGEST:
        return None
    for read in (_by_numbers, _by_month, _by_week_number, _by_word, _by_weekday, _by_count):
        day = read(plain, today)
        if day is not None:
            return day if today < day <= today + _FURTHEST else None
    return None


def read_past_day(typed: str, today: date) -> date | None:
    """The day that is meant, today or before, within two years; None when it is no such day.

    Without a year it is the last one: `15/8`, `måndag` and `i måndags` have been.
    """
    plain = _plain(typed)
    if not plain or len(plain) > _LONGEST:
        return None
    a_year_ago = _months_on(today, -12) + timedelta(days=1)
    for read, since in ((_by_numbers, a_year_ago), (_by_month, a_year_ago), (_behind, today), (_last_weekday, today)):
        day = read(plain, since)
        if day is not None:
            return day if today - _FURTHEST <= day <= today else None
    return None


def is_today(typed: str) -> bool:
    """Whether somebody has typed `i dag`."""
    return _plain(typed) in _TODAY


def _plain(typed: str) -> str:
    """Small letters without accents, and without the words around a date: `till den 15:e Augusti` → `15 augusti`."""
    decomposed = unicodedata.normalize("NFKD", typed.casefold().translate(_NORDIC))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = re.sub(r"(?<=\d)(?::?[ae]|st|nd|rd|th)\b", "", bare)
    words = re.sub(r"[,!?]|\.(?!\d)", " ", bare).split()
    while (
        len(words) > 1 and words[0] in _SKIPPED and (words[0] != "to" or words[1] not in _WEEKS | _DAYS | _MONTHS_LONG)
    ):
        words = words[1:]
    return " ".join(words)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _upcoming(month: int, day: int, year: str | None, today: date) -> date | None:
    """The day in the year that was typed; without one, in this year or the next."""
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _made(today.year, month, day)
    return this_year if this_year is not None and this_year >= today else _made(today.year + 1, month, day)


def _by_numbers(plain: str, today: date) -> date | None:
    """`2027-08-15`, `15/8`, `15.8.2027`, `15/8-27`."""
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain)
    if iso:
        return _made(*(int(part) for part in iso.groups()))
    nordic = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})(?:[-/. ]+(\d{4}|\d{2}))?", plain)
    return _upcoming(int(nordic[2]), int(nordic[1]), nordic[3], today) if nordic else None


def _by_month(plain: str, today: date) -> date | None:
    """`15 aug`, `15 augusti 2027`, `august 15`."""
    match = re.fullmatch(r"(\d{1,2}) (?:of )?([a-z]+)(?: (\d{4}))?", plain)
    if match:
        month = _place(match[2], _MONTHS)
        return _upcoming(month, int(match[1]), match[3], today) if month else None
    match = re.fullmatch(r"([a-z]+) (\d{1,2})(?: (\d{4}))?", plain)
    month = _place(match[1], _MONTHS) if match else 0
    return _upcoming(month, int(match[2]), match[3], today) if match and month else None


def _by_week_number(plain: str, today: date) -> date | None:
    """`vecka 33`, `v33`, `uke 33`: its Monday."""
    match = re.fullmatch(r"(?:v|vecka|uke|veke|week) ?(\d{1,2})", plain)
    if not match:
        return None
    for year in (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, int(match[1]), 1)
        except ValueError:
            continue
        if monday > today:
            return monday
    return None


def _by_word(plain: str, today: date) -> date | None:
    """`imorgon`, `nästa vecka`, `next month`."""
    first, _blank, unit = plain.partition(" ")
    if first in _NEXT and unit in _WEEKS:
        return _monday_after(today)
    if first in _NEXT and unit in _MONTHS_LONG:
        return _months_on(today.replace(day=1), 1)
    ahead = _AHEAD.get(plain)
    return today + timedelta(days=ahead) if ahead else None


def _by_weekday(plain: str, today: date) -> date | None:
    """`måndag`: the coming one. `nästa fredag`: that of next week."""
    first, _blank, rest = plain.partition(" ")
    name = rest if first in _NEXT else plain
    weekday = _place(name.removesuffix("en") if len(name) > 6 else name, _WEEKDAYS)
    if not weekday:
        return None
    if first in _NEXT:
        return _monday_after(today) + timedelta(days=weekday - 1)
    return today + timedelta(days=(weekday - 1 - today.weekday() - 1) % 7 + 1)


def _behind(plain: str, today: date) -> date | None:
    """`igår`, `tre dagar sedan`, `for to uker siden`, `a month ago`."""
    if plain in _BEHIND:
        return today - timedelta(days=_BEHIND[plain])
    match = re.fullmatch(r"(?:for )?(.+) (?:sedan|siden|sidan|ago)", plain)
    ahead = _by_count(match[1], today) if match else None
    return today - (ahead - today) if ahead is not None and ahead - today <= _FURTHEST else None


def _last_weekday(plain: str, today: date) -> date | None:
    """`måndag`: the last one, which may be today. `i måndags`, `förra måndagen`: one before today."""
    first, _blank, rest = plain.partition(" ")
    named = (rest if first in _LAST else plain).removesuffix("en")
    bare = named.removesuffix("s") if len(named) > 6 else named
    weekday = _place(bare, _WEEKDAYS)
    if not weekday:
        return None
    back = (today.weekday() - (weekday - 1)) % 7
    return today - timedelta(days=back or (7 if bare != plain else 0))


def _by_count(plain: str, today: date) -> date | None:
    """`två veckor`, `10 dagar`, `a month`."""
    number, _blank, unit = plain.partition(" ")
    count = int(number) if re.fullmatch(r"\d{1,3}", number) else _NUMBERS.get(number, 0)
    for units, later in _COUNTED.items():
        if unit in units:
            return later(today, count)
    return None


def _months_on(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_COUNTED: Mapping[frozenset[str], Callable[[date, int], date]] = {
    _DAYS: lambda day, count: day + timedelta(days=count),
    _WEEKS: lambda day, count: day + timedelta(weeks=count),
    _MONTHS_LONG: _months_on,
}


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _place(typed: str, names: tuple[tuple[str, ...], ...]) -> int:
    """Which of the names (from 1) was typed, whole or cut short; 0 for none."""
    if len(typed) < _SHORTEST:
        return 0
    return next((n for n, same in enumerate(names, 1) if any(name.startswith(typed) for name in same)), 0)
