"""Sample programmes stay in the future, on the same weekdays and at the same time of day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import times
from bot.domain.calendar_shift import shifted
from bot.domain.programmes import Enrolment, Occasion, Programme, Span
from bot.domain.words import Localised

ZONE = "Europe/Stockholm"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return times.instant(day, time(hour, minute), ZONE)


def programme(*days: date, enrolment: Enrolment = Enrolment.SINGLE) -> Programme:
    words = Localised({"sv": "x"})
    occasions = tuple(
        Occasion(
            id=f"o{number}",
            title=words,
            days=(Span(at(day, 9, 30), at(day, 15)),),
            deadline=at(day - timedelta(days=10), 0),
            free_until=at(day - timedelta(days=14), 0),
        )
        for number, day in enumerate(days)
    )
    return Programme("p", "1", words, words, "SKR", ZONE, enrolment, occasions)


def wall(moment: datetime) -> datetime:
    return times.local(moment, ZONE)


def test_a_programme_far_enough_ahead_is_left_alone() -> None:
    coming = programme(date(2027, 2, 9))
    assert shifted(coming, date(2026, 11, 21)) is coming


def test_a_deadline_exactly_a_week_ahead_is_far_enough() -> None:
    coming = programme(date(2027, 2, 9))  # registration closes as 30 January begins
    assert shifted(coming, date(2027, 1, 23)) is coming
    assert shifted(coming, date(2027, 1, 24)) is not coming


def test_everything_moves_by_whole_weeks_and_keeps_its_wall_clock() -> None:
    moved = shifted(programme(date(2027, 2, 9), date(2027, 5, 4)), date(2027, 6, 1))
    assert [o.starts_at for o in moved.occasions] == [at(date(2028, 2, 8), 9, 30), at(date(2028, 5, 2), 9, 30)]
    assert moved.occasions[0].deadline == at(date(2028, 1, 29), 0)
    assert moved.occasions[0].free_until == at(date(2028, 1, 25), 0)


def test_the_programme_deadline_moves_and_decides() -> None:
    cohort = replace(programme(date(2027, 2, 18)), deadline=at(date(2026, 12, 14), 0), enrolment=Enrolment.COHORT)
    moved = shifted(cohort, date(2026, 12, 10))
    assert moved.deadline == at(date(2027, 12, 13), 0)


def test_the_wall_clock_is_kept_where_summer_time_has_become_winter_time() -> None:
    summer = programme(date(2023, 3, 27)).occasions[0]  # the day after the clocks went forward
    winter = shifted(programme(date(2023, 3, 27)), date(2023, 4, 1)).occasions[0]  # 52 weeks on they have not yet
    assert summer.starts_at == datetime(2023, 3, 27, 7, 30, tzinfo=UTC)
    assert winter.starts_at == datetime(2024, 3, 25, 8, 30, tzinfo=UTC)


def test_a_closed_programme_keeps_its_dates() -> None:
    archive = programme(date(2022, 3, 22), enrolment=Enrolment.CLOSED)
    assert shifted(archive, date(2026, 11, 21)) is archive


def test_a_cancelled_occasion_does_not_hold_the_others_back() -> None:
    first, second = programme(date(2026, 11, 24), date(2027, 3, 16)).occasions
    both = replace(programme(), occasions=(replace(first, cancelled=True), second))
    assert shifted(both, date(2026, 11, 21)) is both


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.dates(date(2015, 1, 1), date(2045, 1, 1)))
def test_the_first_deadline_always_lies_a_week_ahead_and_never_further_than_needed(today: date, day: date) -> None:
    moved = shifted(programme(day), today).occasions[0]
    ahead = times.local(moved.deadline, ZONE).date() - today
    assert ahead >= timedelta(days=7)
    assert wall(moved.starts_at).weekday() == day.weekday()
    assert wall(moved.starts_at).time() == time(9, 30)
    assert wall(moved.starts_at).date() == day or ahead < timedelta(days=7 + 364)
