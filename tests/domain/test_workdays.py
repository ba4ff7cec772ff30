"""Working hours and days off, in Sweden and Norway, and what to do with something that falls outside them."""

# ruff: noqa: DTZ001 - hypothesis takes its bounds without a zone

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import times
from bot.domain.workdays import Whereabouts, day_off, is_polite, last_polite, next_polite, working_days_later

SWEDEN, NORWAY = Whereabouts("Europe/Stockholm", "SE"), Whereabouts("Europe/Oslo", "NO")
NOWHERE = Whereabouts("Europe/London")

DAYS_OFF = [
    (date(2027, 2, 6), "a Saturday", "a Saturday"),
    (date(2027, 2, 8), "", ""),
    (date(2031, 6, 6), "National Day", ""),
    (date(2027, 5, 17), "", "Constitution Day; Pentecost Monday"),
    (date(2027, 6, 25), "Midsummer Eve", ""),
    (date(2027, 12, 24), "Christmas Eve", ""),
    (date(2027, 3, 25), "", "Maundy Thursday"),
    (date(2027, 3, 26), "Good Friday", "Good Friday"),
    (date(2027, 3, 29), "Easter Monday", "Easter Monday"),
    (date(2027, 5, 6), "Ascension Day", "Ascension Day"),
]
EASTER = [date(2027, 3, 25) + timedelta(days=n) for n in range(5)]  # Maundy Thursday to Easter Monday

moments = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))
places = st.sampled_from((SWEDEN, NORWAY, NOWHERE, Whereabouts("Europe/Helsinki", "FI"), Whereabouts("Asia/Tokyo")))


def at(there: Whereabouts, day: date, hour: int, minute: int = 0) -> datetime:
    return times.instant(day, time(hour, minute), there.zone)


@pytest.mark.parametrize(("day", "swedish", "norwegian"), DAYS_OFF)
def test_each_country_has_its_own_days_off(day: date, swedish: str, norwegian: str) -> None:
    assert (day_off(day, "SE"), day_off(day, "NO")) == (swedish, norwegian)


def test_where_no_country_is_known_only_weekends_are_off() -> None:
    assert [day for day in EASTER if day_off(day, "")] == [date(2027, 3, 27), date(2027, 3, 28)]


@pytest.mark.parametrize(
    ("zone", "organisation", "country"),
    [
        ("Europe/Stockholm", None, "SE"),
        ("Europe/Oslo", None, "NO"),
        ("Europe/Stockholm", "NO-4012", "NO"),  # the organisation knows better than the clock of a laptop
        ("Europe/London", "SE-1281", "SE"),
        ("Europe/Oslo", "X-1", "NO"),
        ("Europe/London", None, ""),
    ],
)
def test_the_country_comes_from_the_organisation_or_else_the_zone(
    zone: str, organisation: str | None, country: str
) -> None:
    assert Whereabouts.of(zone, organisation) == Whereabouts(zone, country)


def test_working_hours_begin_at_eight_and_are_over_at_five() -> None:
    day = date(2027, 2, 9)
    hours = [(7, 59), (8, 0), (16, 59), (17, 0)]
    assert [is_polite(at(SWEDEN, day, *hour), SWEDEN) for hour in hours] == [False, True, True, False]


def test_the_hours_are_those_of_the_person_not_of_the_programme() -> None:
    moment = at(SWEDEN, date(2027, 2, 9), 8, 30)
    assert is_polite(moment, SWEDEN)
    assert not is_polite(moment, NOWHERE)  # 07.30 in London


@pytest.mark.parametrize(
    ("there", "from_", "until"),
    [
        (SWEDEN, (date(2027, 2, 9), 6), (date(2027, 2, 9), 8)),
        (SWEDEN, (date(2027, 2, 9), 18), (date(2027, 2, 10), 8)),
        (SWEDEN, (date(2027, 2, 5), 18), (date(2027, 2, 8), 8)),
        (SWEDEN, (date(2027, 3, 25), 18), (date(2027, 3, 30), 8)),  # Easter, with the clocks going forward in it
        (NORWAY, (date(2027, 3, 25), 9), (date(2027, 3, 30), 8)),
        (SWEDEN, (date(2026, 12, 23), 18), (date(2026, 12, 28), 8)),
        (NORWAY, (date(2027, 5, 17), 9), (date(2027, 5, 18), 8)),
        (SWEDEN, (date(2027, 5, 17), 9), (date(2027, 5, 17), 9)),
    ],
)
def test_something_outside_working_hours_waits_for_the_next_ones(
    there: Whereabouts, from_: tuple[date, int], until: tuple[date, int]
) -> None:
    assert next_polite(at(there, *from_), there) == at(there, *until)


@pytest.mark.parametrize(
    ("there", "from_", "before"),
    [
        (SWEDEN, (date(2027, 2, 7), 9), (date(2027, 2, 5), 9)),  # Sunday: Friday at the same time
        (SWEDEN, (date(2027, 3, 29), 9), (date(2027, 3, 25), 9)),  # Easter Monday: Maundy Thursday
        (NORWAY, (date(2027, 3, 29), 9), (date(2027, 3, 24), 9)),  # where that is a holiday too
        (SWEDEN, (date(2027, 2, 9), 18), (date(2027, 2, 9), 16)),  # an evening: the same afternoon
        (SWEDEN, (date(2027, 2, 7), 18), (date(2027, 2, 5), 16)),
        (SWEDEN, (date(2027, 2, 9), 6), (date(2027, 2, 8), 8)),
    ],
)
def test_something_that_cannot_wait_comes_in_the_last_working_hours_before(
    there: Whereabouts, from_: tuple[date, int], before: tuple[date, int]
) -> None:
    assert last_polite(at(there, *from_), there) == at(there, *before)


@given(moments, places)
def test_waiting_ends_at_the_very_first_polite_moment(moment: datetime, there: Whereabouts) -> None:
    later = next_polite(moment, there)
    assert later >= moment
    assert is_polite(later, there)
    step = timedelta(minutes=15)
    assert later == moment or not any(is_polite(moment + n * step, there) for n in range((later - moment) // step))


@given(moments, places)
def test_coming_earlier_is_polite_too_and_really_earlier(moment: datetime, there: Whereabouts) -> None:
    earlier = last_polite(moment, there)
    assert earlier < moment
    assert is_polite(earlier, there)


@given(st.dates(date(2026, 1, 1), date(2036, 1, 1)), st.sampled_from(("SE", "NO", "DK", "FI", "")))
def test_nobody_rests_so_long_that_the_search_gives_up(day: date, country: str) -> None:
    """The longest are five days: Easter in Norway, Christmas in Sweden."""
    assert not all(day_off(day + timedelta(days=n), country) for n in range(6))


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        (datetime(2027, 1, 15, 13, tzinfo=UTC), 2, datetime(2027, 1, 19, 13, tzinfo=UTC)),  # over a weekend
        (datetime(2027, 1, 16, 13, tzinfo=UTC), 2, datetime(2027, 1, 20, 7, tzinfo=UTC)),  # from Monday at eight
        (datetime(2027, 3, 25, 13, tzinfo=UTC), 1, datetime(2027, 3, 30, 12, tzinfo=UTC)),  # over Easter, summer time
        (datetime(2027, 1, 15, 13, tzinfo=UTC), 0, datetime(2027, 1, 15, 13, tzinfo=UTC)),
    ],
)
def test_working_days_later_the_same_time_of_day(begins: datetime, days: int, ends: datetime) -> None:
    assert working_days_later(begins, days, "Europe/Stockholm") == ends
