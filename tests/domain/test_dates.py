"""A day as people type it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import is_today, read_day, read_past_day

TODAY = date(2027, 6, 16)  # a Wednesday
AUGUST = date(2027, 8, 15)


@pytest.mark.parametrize(
    "typed",
    ["2027-08-15", "2027-8-15", "15/8", "15.8", "15.8.", "15.8.2027", "15/8-27", "15/8/2027", "15.08.27", "15 aug",
     "15 AUG.", "15. aug", "15 augusti", "15. august", "15:e augusti", "till 15 augusti", "til 15. august 2027",
     "until 15 August", "fram till den 15 aug", "till och med 15 augusti", "Aug 15", "August 15th, 2027",
     "the 15th of August", "på 15 aug"],
)  # fmt: skip
def test_the_fifteenth_of_august_in_every_way(typed: str) -> None:
    assert read_day(typed, TODAY) == AUGUST


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("imorgon", date(2027, 6, 17)),
        ("i morgon", date(2027, 6, 17)),
        ("imorrn", date(2027, 6, 17)),
        ("i morn", date(2027, 6, 17)),
        ("i morgen", date(2027, 6, 17)),
        ("tomorrow", date(2027, 6, 17)),
        ("i övermorgon", date(2027, 6, 18)),
        ("måndag", date(2027, 6, 21)),
        ("på måndag", date(2027, 6, 21)),
        ("mandag", date(2027, 6, 21)),
        ("Monday", date(2027, 6, 21)),
        ("mån", date(2027, 6, 21)),
        ("onsdag", date(2027, 6, 23)),  # today is one
        ("laurdag", date(2027, 6, 19)),
        ("lørdag", date(2027, 6, 19)),
        ("söndagen", date(2027, 6, 20)),
        ("nästa fredag", date(2027, 6, 25)),
        ("neste fredag", date(2027, 6, 25)),
        ("next week", date(2027, 6, 21)),
        ("nästa månad", date(2027, 7, 1)),
        ("om två veckor", date(2027, 6, 30)),
        ("2 veckor", date(2027, 6, 30)),
        ("to uker", date(2027, 6, 30)),
        ("om to veker", date(2027, 6, 30)),
        ("in two weeks", date(2027, 6, 30)),
        ("en vecka", date(2027, 6, 23)),
        ("10 dagar", date(2027, 6, 26)),
        ("om en månad", date(2027, 7, 16)),
        ("vecka 33", date(2027, 8, 16)),
        ("v33", date(2027, 8, 16)),
        ("uke 2", date(2028, 1, 10)),
        ("1 mars", date(2028, 3, 1)),  # this year's has gone by
        ("29 feb", date(2028, 2, 29)),
        ("1 maj", date(2028, 5, 1)),
        ("3 mai", date(2028, 5, 3)),
    ],
)
def test_other_ways_to_name_a_day(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed",
    ["", "aug", "15", "8/15", "32 aug", "31 juni", "2114-08-15", "15.8.2114", "15 aug 2114", "2027-06-16", "16 juni",
     "idag", "2026-08-15", "900 veckor", "0 dagar", "aldrig", "när jag vill", "vecka 77", "15 aug " * 20],
)  # fmt: skip
def test_what_is_no_day_ahead_is_none(typed: str) -> None:
    assert read_day(typed, TODAY) is None


def test_a_month_on_from_its_last_day() -> None:
    assert read_day("en månad", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.text(max_size=50), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_whatever_is_typed_the_day_lies_ahead_and_near(typed: str, today: date) -> None:
    day = read_day(typed, today)
    assert day is None or 0 < (day - today).days <= 731


@given(st.dates(date(2027, 6, 17), date(2029, 6, 1)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) == day
    assert read_day(f"{day.day}/{day.month} {day.year}", TODAY) == day


# --- A day that has been ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *((today, TODAY) for today in ("idag", "i dag", "I dag", "today")),
        *((day, date(2027, 6, 15)) for day in ("igår", "i går", "I GÅR", "yesterday")),
        *((day, date(2027, 6, 14)) for day in ("i förrgår", "i forgårs", "day before yesterday")),
        *((day, date(2027, 6, 14)) for day in ("måndag", "mandag", "Monday", "i måndags", "förra måndagen", "mån")),
        *((day, date(2027, 6, 11)) for day in ("fredag", "i fredags", "sist fredag", "førre fredag", "last Friday")),
        ("onsdag", TODAY),
        ("i onsdags", date(2027, 6, 9)),
        ("tre dagar sedan", date(2027, 6, 13)),
        ("for tre dager siden", date(2027, 6, 13)),
        ("for to veker sidan", date(2027, 6, 2)),
        ("a week ago", date(2027, 6, 9)),
        ("15/6", date(2027, 6, 15)),
        ("16 juni", TODAY),
        ("17 juni", date(2026, 6, 17)),
        ("15 augusti", date(2026, 8, 15)),
        ("15.8.2026", date(2026, 8, 15)),
    ],
)
def test_a_day_that_has_been(typed: str, day: date) -> None:
    assert read_past_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "imorgon", "17/6 2027", "nyss", "i fjol", "900 veckor sedan", "2019-01-01"])
def test_what_has_not_been_or_is_long_ago_is_none(typed: str) -> None:
    assert read_past_day(typed, TODAY) is None


@given(st.text(max_size=50), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_whatever_is_typed_the_day_has_been_and_is_near(typed: str, today: date) -> None:
    day = read_past_day(typed, today)
    assert day is None or 0 <= (today - day).days <= 731


def test_today_is_today_in_every_language() -> None:
    assert all(map(is_today, ("i dag", "idag", "Today", "I DAG")))
    assert not any(map(is_today, ("", "imorgon", "dagar", "onsdag")))
