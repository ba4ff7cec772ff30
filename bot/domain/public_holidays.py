"""The public holidays of Sweden and Norway, by the rules of their laws.

Sweden: lagen (1989:253) om allmänna helgdagar, with the eves that everybody takes as holidays. Norway: lov om
helligdager og helligdagsfred (1995) and the two days of May. The package `holidays` knows them too, and 150 other
countries, in 16 MB of every process: it judges these rules in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

_SATURDAY = 5


def of(country: str, year: int) -> dict[date, str]:
    """The holidays of a year with their English names; nothing for a country (ISO 3166-1 alpha-2) unknown here."""
    own = {"SE": _swedish, "NO": _norwegian}.get(country)
    found: dict[date, str] = {}
    for day, name in (*_common(year), *own(year)) if own else ():
        found[day] = f"{found[day]}; {name}" if day in found else name
    return found


def _common(year: int) -> Iterator[tuple[date, str]]:
    easter = _easter_sunday(year)
    yield date(year, 1, 1), "New Year's Day"
    yield easter - timedelta(days=2), "Good Friday"
    yield easter, "Easter Sunday"
    yield easter + timedelta(days=1), "Easter Monday"
    yield date(year, 5, 1), "May Day"
    yield easter + timedelta(days=39), "Ascension Day"
    yield easter + timedelta(days=49), "Pentecost"
    yield date(year, 12, 25), "Christmas Day"
    yield date(year, 12, 26), "Second Day of Christmas"


def _swedish(year: int) -> Iterator[tuple[date, str]]:
    midsummer = _first_saturday_from(date(year, 6, 20))
    yield date(year, 1, 6), "Epiphany"
    yield date(year, 6, 6), "National Day"
    yield midsummer - timedelta(days=1), "Midsummer Eve"
    yield midsummer, "Midsummer Day"
    yield _first_saturday_from(date(year, 10, 31)), "All Saints' Day"
    yield date(year, 12, 24), "Christmas Eve"
    yield date(year, 12, 31), "New Year's Eve"


def _norwegian(year: int) -> Iterator[tuple[date, str]]:
    easter = _easter_sunday(year)
    yield easter - timedelta(days=3), "Maundy Thursday"
    yield date(year, 5, 17), "Constitution Day"
    yield easter + timedelta(days=50), "Pentecost Monday"


def _first_saturday_from(day: date) -> date:
    return day + timedelta(days=(_SATURDAY - day.weekday()) % 7)


def _easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by the algorithm of Butcher (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
