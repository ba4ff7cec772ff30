"""When the reminder of the day before is due, and until when it says something true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.nudges import DAY_BEFORE, due_at, is_useful
from bot.domain.programmes import Occasion
from tests.flows.samples import SINGLE, at, occasion


def of(day: date) -> Occasion:
    return occasion("x", day)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 2, 9), datetime(2027, 2, 8, 8, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 27, 8, tzinfo=UTC)),  # the clocks go forward in the night between
        (date(2027, 3, 29), datetime(2027, 3, 28, 7, tzinfo=UTC)),  # they went forward that morning
        (date(2027, 10, 31), datetime(2027, 10, 30, 7, tzinfo=UTC)),  # the clocks go back in the night between
        (date(2027, 11, 1), datetime(2027, 10, 31, 8, tzinfo=UTC)),  # they went back that morning
    ],
)
def test_it_is_due_at_nine_by_the_wall_clock_on_the_day_before(day: date, utc: datetime) -> None:
    assert due_at(DAY_BEFORE, SINGLE, of(day)) == utc


@pytest.mark.parametrize("day", [date(2027, 2, 9), date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31)])
def test_P4c_late_is_useful_all_of_the_day_before_and_not_on_the_day_itself(day: date) -> None:
    meeting, eve = of(day), day - timedelta(days=1)
    useful = [is_useful(DAY_BEFORE, SINGLE, meeting, at(eve, hour)) for hour in (0, 8, 9, 10, 23)]
    assert useful == [True] * 5
    assert is_useful(DAY_BEFORE, SINGLE, meeting, at(day, 0) - timedelta(microseconds=1))
    assert not is_useful(DAY_BEFORE, SINGLE, meeting, at(day, 0))
    assert not is_useful(DAY_BEFORE, SINGLE, meeting, at(day, 9))


def test_it_is_of_no_use_for_a_cancelled_meeting_or_one_that_has_begun() -> None:
    meeting = of(date(2027, 2, 9))
    assert not is_useful(DAY_BEFORE, SINGLE, replace(meeting, cancelled=True), at(date(2027, 2, 8), 9))
    assert not is_useful(DAY_BEFORE, SINGLE, meeting, meeting.starts_at)


def test_a_meeting_that_begins_just_after_midnight_is_reminded_of_on_the_day_before() -> None:
    day = date(2027, 2, 9)
    meeting = of(day)
    early = replace(meeting, days=(replace(meeting.days[0], starts_at=at(day, 0, 30)),))
    assert due_at(DAY_BEFORE, SINGLE, early) == at(date(2027, 2, 8), 9)
