"""Meetings of several days, and readers who have a day off of their own: when the day before and the link come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain import times
from bot.domain.nudges import Circumstances, Planned, due_there, judge, overtakes, plans_of, schedule
from bot.domain.programmes import Programme, Span
from bot.domain.rules import AFTERWARDS, AGENDA, DAY_BEFORE, LINK, PLAN_AFTER, PLAN_SOON, Audience, Rule
from bot.domain.workdays import KNOWN, Whereabouts, is_polite
from tests.flows.samples import FREE, SINGLE, ZONE, at, held_on, occasion, with_occasion

SWEDEN, NORWAY = KNOWN
MONDAY, DAY = date(2027, 2, 8), timedelta(days=1)
OWN_DAY = date(2027, 5, 18)  # a Tuesday: the day before it is Norway's own


def over(*days: date, hours: tuple[int, int] = (9, 15)) -> Programme:
    """One meeting on these days."""
    first, last = hours
    spans = tuple(Span(at(day, first), at(day, last)) for day in days)
    return replace(FREE, occasions=(replace(occasion("a", days[0]), days=spans),))


def due(programme: Programme, rule: Rule) -> list[str]:
    found = (one for one in schedule(programme) if one.rule is rule and one.audience == rule.to[0])
    return [f"{times.local(one.due_at, ZONE):%m-%d %H:%M}" for one in found]


def test_P4_each_day_of_a_meeting_has_its_link_and_its_day_before() -> None:
    programme = over(MONDAY + DAY, MONDAY + 2 * DAY)
    assert due(programme, LINK) == ["02-09 08:45", "02-10 08:45"]
    assert due(programme, DAY_BEFORE) == ["02-08 09:00", "02-09 15:00"]  # when the first day is over
    assert [len(due(programme, rule)) for rule in (AGENDA, AFTERWARDS)] == [1, 1]


@pytest.mark.parametrize(("ends", "told"), [(15, "02-09 15:00"), (17, "02-09 16:00"), (21, "02-09 16:00")])
def test_a_first_day_that_goes_on_into_the_evening_lets_the_next_be_told_before_work_ends(ends: int, told: str) -> None:
    assert due(over(MONDAY + DAY, MONDAY + 2 * DAY, hours=(9, ends)), DAY_BEFORE)[1] == told


def test_days_apart_are_each_told_the_day_before_as_if_they_were_meetings() -> None:
    programme = over(MONDAY, MONDAY + 22 * DAY)
    assert due(programme, DAY_BEFORE) == ["02-05 09:00", "03-01 09:00"]


def test_before_a_weekend_between_the_days_the_second_one_is_told_of_when_the_first_is_over() -> None:
    friday = MONDAY + 4 * DAY
    assert due(over(friday, friday + 3 * DAY), DAY_BEFORE) == ["02-11 09:00", "02-12 15:00"]


def test_a_meeting_over_a_weekend_is_told_of_once_on_friday() -> None:
    programme = over(MONDAY + 5 * DAY, MONDAY + 6 * DAY)
    assert (due(programme, DAY_BEFORE), due(programme, LINK)) == (["02-12 09:00"], ["02-13 08:45", "02-14 08:45"])


def test_two_halves_of_one_day_have_one_day_before_and_one_link() -> None:
    halves = (Span(at(MONDAY, 9), at(MONDAY, 11)), Span(at(MONDAY, 13), at(MONDAY, 15)))
    programme = replace(FREE, occasions=(replace(occasion("a", MONDAY), days=halves),))
    assert (due(programme, LINK), due(programme, DAY_BEFORE)) == (["02-08 08:45"], ["02-05 09:00"])


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_P4c_the_clocks_change_between_the_two_days(night: date) -> None:
    assert due(over(night - DAY, night), LINK) == [f"{night - DAY:%m-%d} 08:45", f"{night:%m-%d} 08:45"]


def test_what_is_said_of_the_second_day_leaves_what_the_first_one_missed_alone() -> None:
    first, second = [one for one in schedule(over(MONDAY, MONDAY + DAY)) if one.rule is LINK]
    assert not overtakes(second, first)
    assert overtakes(second, replace(second, rule=DAY_BEFORE, due_at=second.due_at - DAY))  # a positive control


# --- Days off of one's own --------------------------------------------------------------------------------------------


def day_before(day: date, zone: str = ZONE) -> Planned:
    found = (one for one in schedule(held_on(day, zone=zone)) if one.rule is DAY_BEFORE)
    return next(one for one in found if one.audience is Audience.PARTICIPANTS)


def wall(moment: datetime) -> str:
    return f"{times.local(moment, ZONE):%m-%d %H:%M}"


def test_the_day_before_comes_before_a_day_off_of_the_readers_own() -> None:
    nudge = day_before(OWN_DAY)
    assert [wall(due_there(nudge, there)) for there in (SWEDEN, NORWAY)] == ["05-17 09:00", "05-14 09:00"]
    assert wall(nudge.looked_up_at) == "05-14 09:00"


def test_everybody_else_and_every_other_reminder_stands_as_it_was() -> None:
    ordinary = day_before(date(2027, 2, 9))
    assert {due_there(ordinary, there) for there in KNOWN} == {ordinary.looked_up_at} == {ordinary.due_at}
    agenda = next(one for one in schedule(held_on(OWN_DAY + 14 * DAY)) if one.rule is AGENDA)  # due on 17 or 18 May
    assert due_there(agenda, NORWAY) == agenda.looked_up_at == agenda.due_at


def test_a_reader_whose_morning_has_not_come_is_not_told_a_day_early() -> None:
    nudge = day_before(OWN_DAY)
    assert due_there(nudge, Whereabouts("America/New_York")) == nudge.due_at


def comes(nudge: Planned, reader: Whereabouts, at: datetime) -> datetime:
    """When a nudge that is due at that instant for somebody goes to them."""
    verdict = judge(nudge, Circumstances(at, reader))
    return verdict if isinstance(verdict, datetime) else at


def test_in_ten_years_nobody_who_has_a_working_day_before_hears_of_a_meeting_on_the_day_itself() -> None:
    days = [date(2027, 1, 1) + n * DAY for n in range(3650)]
    found = [(day_before(day, there.zone), reader) for day in days for there in KNOWN for reader in KNOWN]
    told = [(nudge, reader, comes(nudge, reader, due_there(nudge, reader))) for nudge, reader in found]
    assert all(is_polite(at, reader) and at.date() < nudge.anchor.date() for nudge, reader, at in told)
    late = [comes(nudge, reader, nudge.due_at).date() == nudge.anchor.date() for nudge, reader in found]
    assert any(late)  # a positive control: so it was before


# --- What prepares for a meeting --------------------------------------------------------------------------------------


def plan_soon(day: date, zone: str = ZONE) -> Planned:
    return next(one for one in schedule(held_on(day, zone=zone)) if one.rule is PLAN_SOON)


@pytest.mark.parametrize(
    ("meeting", "asked"),
    [
        (date(2027, 6, 28), "06-24 09:00"),  # a Monday, two days after Midsummer Day
        (date(2027, 3, 30), "03-25 09:00"),  # the Tuesday after Easter
        (date(2027, 2, 9), "02-08 09:00"),  # a Tuesday: what is due on Sunday waits for Monday
        (date(2027, 2, 8), "02-05 09:00"),  # a Monday: it cannot wait
    ],
)
def test_P5_what_is_to_be_done_before_a_meeting_is_asked_about_before_its_day(meeting: date, asked: str) -> None:
    assert wall(plan_soon(meeting).due_at) == asked


def test_P5_in_ten_years_nobody_is_asked_on_the_day_of_the_meeting_what_is_to_be_done_before_it() -> None:
    days = [date(2027, 1, 1) + n * DAY for n in range(3650)]
    found = [(plan_soon(day, there.zone), reader) for day in days for there in KNOWN for reader in KNOWN]
    told = [(nudge, comes(nudge, reader, due_there(nudge, reader))) for nudge, reader in found]
    assert all(at.date() < nudge.anchor.date() for nudge, at in told)
    assert any(comes(nudge, reader, nudge.due_at).date() == nudge.anchor.date() for nudge, reader in found)  # a control


# --- What is left of a plan -------------------------------------------------------------------------------------------


def test_G2c_what_is_left_of_a_plan_is_asked_for_a_fortnight_after_unless_the_next_meeting_does() -> None:
    assert due(SINGLE, PLAN_AFTER) == ["03-30 09:00", "05-18 09:00"]  # five, then seven weeks, then nothing follows


def asked_about(programme: Programme, meeting: str) -> list[str]:
    """The reminders that ask about rows which should be done by a meeting, in the order of time."""
    plan = (one for one in schedule(programme) if one.rule.topic is PLAN_SOON.topic)
    return [f"{one.rule.name} {one.about}" for one in plan if meeting in plans_of(one, programme)]


def test_G2c_a_row_that_is_left_open_is_asked_about_once_more_and_no_further() -> None:
    assert asked_about(SINGLE, "a") == ["plan a", "plan_soon a", "plan b"]  # five weeks lie between a and b
    assert asked_about(SINGLE, "b") == ["plan b", "plan_soon b", "plan_after b"]  # seven between b and c
    assert asked_about(SINGLE, "c") == ["plan c", "plan_soon c", "plan_after c"]


def test_G2c_where_meetings_lie_close_what_is_left_is_asked_about_when_the_first_one_is_over() -> None:
    close = replace(FREE, occasions=(occasion("a", MONDAY), occasion("b", MONDAY + 8 * DAY)))
    assert asked_about(close, "a") == ["plan a", "plan_soon a", "plan_soon b"]


def test_G2c_what_was_to_be_done_by_a_meeting_that_is_called_off_is_asked_about_before_the_next() -> None:
    off = with_occasion(SINGLE, "b", cancelled=True)
    assert asked_about(off, "b") == ["plan c", "plan_soon c"]


def test_G2c_of_one_plan_row_nobody_hears_more_often_than_every_eleventh_day() -> None:
    asked = sorted(one.due_at for one in schedule(SINGLE) if one.rule.topic == PLAN_SOON.topic)
    assert min(after - before for before, after in pairwise(asked)) >= 11 * DAY
