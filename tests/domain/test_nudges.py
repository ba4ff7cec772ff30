"""What is due when in a programme, until when it is of use, and whether it goes to somebody at that moment."""

# ruff: noqa: DTZ001 - wall-clock times, and the bounds that hypothesis takes

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import times
from bot.domain.nudges import (
    Planned,
    considerate,
    has_gone,
    occasion_of,
    of_rule,
    schedule,
)
from bot.domain.programmes import Enrolment, OwnDate, Programme, Span
from bot.domain.rules import (
    AFTERWARDS,
    AGENDA,
    BETWEEN,
    DAY_BEFORE,
    LAST_CALL,
    LINK,
    Anchor,
    Audience,
    Rule,
    Topic,
)
from bot.domain.workdays import Whereabouts, is_polite
from tests.flows.samples import COHORT, SINGLE, ZONE, at, held_on, occasion, with_occasion, words

SWEDEN, NORWAY = Whereabouts("Europe/Stockholm", "SE"), Whereabouts("Europe/Oslo", "NO")
TUESDAY = date(2027, 2, 9)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOMEWORK = (words("Prova hemma"),)


def walls(programme: Programme, about: str = "") -> list[tuple[str, str]]:
    """What is due for one thing as the clock on the wall shows it: [("agenda", "2027-01-26 09:00"), …]."""
    found = [one for one in schedule(programme) if one.about == about or not about]
    shown = [(one.rule.name, f"{times.local(one.due_at, programme.zone):%Y-%m-%d %H:%M}") for one in found]
    return list(dict.fromkeys(shown))


def due(programme: Programme, rule: Rule, about: str = "a") -> str:
    return dict(walls(programme, about))[rule.name]


def plan(rule: Rule, day: date = TUESDAY, zone: str = ZONE) -> Planned:
    return next(of_rule(rule, held_on(day, zone=zone)))


def test_what_has_gone_is_told_by_topic_and_by_meeting() -> None:
    a, b = SINGLE.occasions[0].starts_at, SINGLE.occasions[1].starts_at
    assert a + 14 * DAY < b
    between = a + DAY
    assert has_gone(Topic.PREPARATION, "a", SINGLE, between)
    assert not has_gone(Topic.PREPARATION, "b", SINGLE, between)
    assert has_gone(Topic.AGENDA, "a", SINGLE, a - 10 * DAY)
    assert not has_gone(Topic.PREPARATION, "a", SINGLE, a - 10 * DAY)


# --- The rules that every programme has -------------------------------------------------------------------------------


def test_P4_a_meeting_is_reminded_of_14_and_7_days_and_a_day_and_15_minutes_before_and_looked_back_on() -> None:
    assert walls(SINGLE, "a") == [
        ("agenda", "2027-01-26 09:00"),
        ("last_call", "2027-01-26 09:00"),
        ("plan", "2027-01-26 09:00"),
        ("preparation", "2027-02-02 09:00"),
        ("day_before", "2027-02-08 09:00"),
        ("plan_soon", "2027-02-08 09:00"),  # the 7th is a Sunday: it waits, and joins what comes on Monday anyway
        ("link", "2027-02-09 09:15"),
        ("afterwards", "2027-02-10 09:00"),
        ("catch_up", "2027-02-10 09:00"),
        ("feedback", "2027-02-15 09:00"),
    ]


def test_a_cohort_has_one_last_call_and_looks_back_after_the_last_of_several_days() -> None:
    assert [due(COHORT, AFTERWARDS, id) for id in ("ett", "två")] == ["2027-03-15 09:00", "2027-04-19 09:00"]
    calls = [one for one in schedule(COHORT) if one.rule is LAST_CALL]
    assert {one.about for one in calls} == {"ett"}
    assert due(COHORT, LAST_CALL, "ett") == "2027-01-28 09:00"  # the last day is Sunday the 31st


def test_everybody_of_a_rule_is_planned_for_at_the_same_time() -> None:
    calls = [one for one in schedule(held_on(TUESDAY)) if one.rule is LAST_CALL]
    assert {one.audience for one in calls} == {Audience.UNFINISHED, Audience.CONTACTS, Audience.CHANNELS}
    assert len({one.due_at for one in calls}) == 1


def test_without_a_link_there_is_no_reminder_of_the_link() -> None:
    assert "link" not in dict(walls(with_occasion(SINGLE, "a", link=""), "a"))
    assert "link" in dict(walls(with_occasion(SINGLE, "a", link=""), "b"))


@pytest.mark.parametrize(
    ("deadline", "called"),
    [
        (at(date(2027, 1, 30), 0), "2027-01-26 09:00"),  # all of the 29th counts
        (at(date(2027, 1, 29), 12), "2027-01-26 09:00"),
    ],
)
def test_the_last_call_counts_from_the_last_day_on_which_one_can_register(deadline: datetime, called: str) -> None:
    assert due(with_occasion(SINGLE, "a", deadline=deadline), LAST_CALL) == called


def test_own_dates_are_reminded_of_a_week_before() -> None:
    plan = OwnDate("plan", words("Skicka in planen"), at(date(2027, 2, 16), 23, 59))
    (one,) = [one for one in schedule(held_on(TUESDAY, dates=(plan,))) if one.about == "plan"]
    assert (one.due_at, one.useful_until) == (at(TUESDAY, 9), plan.at)


def test_the_schedule_stands_in_the_order_of_time() -> None:
    moments = [one.due_at for one in schedule(SINGLE)]
    assert moments == sorted(moments)


def test_a_closed_edition_plans_nothing_that_would_be_due_after_its_closing() -> None:
    due = [one.due_at for one in schedule(SINGLE)]
    closed = due[len(due) // 2]
    assert [one.due_at for one in schedule(replace(SINGLE, closed=closed))] == [one for one in due if one <= closed]
    assert closed < due[-1]


def test_a_draft_and_a_cancelled_meeting_plan_nothing() -> None:
    assert schedule(replace(SINGLE, draft=True)) == ()
    assert {one.about for one in schedule(with_occasion(SINGLE, "a", cancelled=True))} == {"b", "c"}


def test_C4_a_moved_meeting_leaves_no_old_time_behind() -> None:
    before, after = schedule(held_on(TUESDAY)), schedule(held_on(TUESDAY + 7 * DAY))
    assert {one.anchor for one in before}.isdisjoint(one.anchor for one in after)


# --- Halfway ----------------------------------------------------------------------------------------------------------


def halfway(first: date, second: date, **changes: object) -> Programme:
    return with_occasion(held_on(first, second), "a", **{"homework": HOMEWORK, **changes})


def test_halfway_between_two_meetings_the_homework_is_asked_after() -> None:
    programme = halfway(TUESDAY, TUESDAY + 56 * DAY)
    assert due(programme, BETWEEN, "b") == "2027-03-09 09:00"
    assert "between" not in dict(walls(programme, "a"))


@pytest.mark.parametrize(("days", "asked"), [(28, False), (42, False), (43, True), (56, True)])
def test_only_a_long_break_has_a_halfway(days: int, asked: bool) -> None:
    assert ("between" in dict(walls(halfway(TUESDAY, TUESDAY + days * DAY)))) is asked


def test_without_homework_nobody_is_asked_how_it_goes() -> None:
    assert "between" not in dict(walls(held_on(TUESDAY, TUESDAY + 56 * DAY)))


def test_a_cancelled_meeting_between_two_is_no_end_of_the_break() -> None:
    programme = with_occasion(held_on(TUESDAY, TUESDAY + 7 * DAY, TUESDAY + 56 * DAY), "a", homework=HOMEWORK)
    assert due(with_occasion(programme, "b", cancelled=True), BETWEEN, "c") == "2027-03-09 09:00"
    assert "between" not in dict(walls(programme))


def test_halfway_is_of_use_until_it_is_time_to_prepare() -> None:
    (one,) = of_rule(BETWEEN, halfway(TUESDAY, TUESDAY + 43 * DAY))
    assert one.useful_until == at(TUESDAY + 36 * DAY, 9, 30)


# --- Rules of a programme ---------------------------------------------------------------------------------------------

ROOM = Rule("boka-rum", Topic.MESSAGE, Anchor.START, days=-30, at=time(9), text=words("Boka rum."))


def test_a_programme_moves_turns_off_and_adds_reminders() -> None:
    own = (replace(AGENDA, days=-21, at=time(8, 30)), replace(LAST_CALL, off=True), replace(ROOM, only=("b",)))
    programme = replace(SINGLE, reminders=own)
    assert due(programme, AGENDA) == "2027-01-19 08:30"
    assert "last_call" not in dict(walls(programme))
    assert [one.about for one in schedule(programme) if one.rule.name == "boka-rum"] == ["b"]


def test_long_after_a_meeting_a_reminder_is_still_of_use() -> None:
    (one,) = of_rule(replace(ROOM, anchor=Anchor.END, days=60), held_on(TUESDAY))
    assert one.can_be_useful
    assert one.useful_until == at(TUESDAY, 15) + (60 + 14) * DAY


@pytest.mark.parametrize(
    "useless",
    [
        replace(ROOM, days=0, at=time(13)),  # the meeting begins 09.30
        replace(ROOM, anchor=Anchor.END, days=0),  # and is not over at nine
        replace(LINK, minutes=0),
    ],
)
def test_what_could_never_be_of_use_is_not_planned(useless: Rule) -> None:
    programme = held_on(TUESDAY, reminders=(useless,))
    assert list(of_rule(useless, programme))
    assert useless.name not in dict(walls(programme))


def test_a_nudge_knows_its_meeting_and_a_date_has_none() -> None:
    assert occasion_of(plan(AGENDA), SINGLE) == SINGLE.occasions[0]
    assert occasion_of(replace(plan(AGENDA), about="plan"), SINGLE) is None


# --- Nights when the clocks change ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rule", "utc"),
    [
        (date(2026, 3, 31), AGENDA, datetime(2026, 3, 17, 8, tzinfo=UTC)),  # forward on the 29th
        (date(2026, 3, 31), DAY_BEFORE, datetime(2026, 3, 30, 7, tzinfo=UTC)),
        (date(2026, 3, 30), DAY_BEFORE, datetime(2026, 3, 27, 8, tzinfo=UTC)),  # not on the Sunday
        (date(2026, 10, 27), AGENDA, datetime(2026, 10, 13, 7, tzinfo=UTC)),  # back on the 25th
        (date(2026, 10, 27), DAY_BEFORE, datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (date(2026, 10, 27), LINK, datetime(2026, 10, 27, 8, 15, tzinfo=UTC)),
    ],
)
def test_P4c_nine_is_nine_by_the_clock_on_the_wall_on_both_sides_of_a_change(
    day: date, rule: Rule, utc: datetime
) -> None:
    assert plan(rule, day).due_at == utc


@pytest.mark.parametrize(("night", "shown"), [(date(2027, 3, 28), "01:50"), (date(2027, 10, 31), "02:50")])
def test_fifteen_minutes_are_fifteen_minutes_also_while_the_clocks_change(night: date, shown: str) -> None:
    start = at(night, 3, 5)
    meeting = replace(occasion("a", night), days=(Span(start, start + HOUR),))
    (one,) = of_rule(LINK, replace(SINGLE, occasions=(meeting,)))
    assert start - one.due_at == timedelta(minutes=15)
    assert f"{times.local(one.due_at, ZONE):%H:%M}" == shown


# --- Weekends and public holidays -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "swedish", "norwegian"),
    [
        (date(2027, 2, 8), "2027-02-05 09:00", "2027-02-05 09:00"),  # Monday: on Friday
        (date(2030, 6, 7), "2030-06-05 09:00", "2030-06-06 09:00"),  # 6 June
        (date(2027, 5, 18), "2027-05-17 09:00", "2027-05-14 09:00"),  # 17 May, a Monday
        (date(2027, 6, 28), "2027-06-24 09:00", "2027-06-25 09:00"),  # the Monday after Midsummer
        (date(2026, 12, 28), "2026-12-23 09:00", "2026-12-24 09:00"),  # the Monday after Christmas
        (date(2027, 3, 30), "2027-03-25 09:00", "2027-03-24 09:00"),  # the Tuesday after Easter
        (date(2027, 3, 26), "2027-03-25 09:00", "2027-03-24 09:00"),  # Good Friday
    ],
)
def test_the_day_before_comes_earlier_rather_than_on_a_day_off(day: date, swedish: str, norwegian: str) -> None:
    assert due(held_on(day), DAY_BEFORE) == swedish
    assert due(held_on(day, zone="Europe/Oslo"), DAY_BEFORE) == norwegian


@pytest.mark.parametrize(
    ("day", "rule", "swedish", "norwegian"),
    [
        (date(2027, 2, 20), AGENDA, "2027-02-08 09:00", "2027-02-08 09:00"),  # a Saturday
        (date(2030, 6, 5), AFTERWARDS, "2030-06-07 09:00", "2030-06-06 09:00"),  # 6 June
        (date(2027, 5, 31), AGENDA, "2027-05-17 09:00", "2027-05-18 09:00"),  # 17 May
        (date(2027, 7, 9), AGENDA, "2027-06-28 09:00", "2027-06-25 09:00"),  # Midsummer Eve
        (date(2027, 1, 7), AGENDA, "2026-12-28 09:00", "2026-12-24 09:00"),  # Christmas Eve
        (date(2027, 4, 8), AGENDA, "2027-03-25 09:00", "2027-03-30 09:00"),  # Maundy Thursday
        (date(2027, 4, 12), AGENDA, "2027-03-30 09:00", "2027-03-30 09:00"),  # Easter Monday
    ],
)
def test_everything_else_waits_for_the_next_working_day(day: date, rule: Rule, swedish: str, norwegian: str) -> None:
    assert due(held_on(day), rule) == swedish
    assert due(held_on(day, zone="Europe/Oslo"), rule) == norwegian


@pytest.mark.parametrize(
    ("due_at", "last", "goes"),
    [
        (at(TUESDAY, 9), at(TUESDAY, 12), at(TUESDAY, 9)),
        (at(TUESDAY, 7), at(TUESDAY, 12), at(TUESDAY, 8)),
        (at(TUESDAY, 7), at(TUESDAY, 8), at(date(2027, 2, 8), 8)),  # at eight it is too late
        (at(TUESDAY, 18), at(date(2027, 2, 10), 0), at(TUESDAY, 16)),
        (at(date(2027, 2, 6), 9), at(date(2027, 2, 6), 12), at(date(2027, 2, 5), 9)),
    ],
)
def test_what_cannot_wait_for_working_hours_comes_in_those_before(
    due_at: datetime, last: datetime, goes: datetime
) -> None:
    assert considerate(due_at, last, SWEDEN) == goes


# --- What holds for every programme and every person ------------------------------------------------------------------

zones = st.sampled_from(("Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/London"))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))
lengths = st.integers(30, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
own_rules = st.builds(
    lambda days, at, anchor: replace(ROOM, days=days, at=at, anchor=anchor),
    st.integers(-60, 60),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from((Anchor.START, Anchor.END, Anchor.DEADLINE)),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    starts = sorted(draw(st.lists(instants, min_size=1, max_size=4)))
    meetings = tuple(
        replace(occasion(id), days=(Span(start, start + draw(lengths)),), deadline=start - 10 * DAY, homework=HOMEWORK)
        for id, start in zip("abcd", starts, strict=False)
    )
    enrolment = draw(st.sampled_from((Enrolment.SINGLE, Enrolment.COHORT)))
    return replace(SINGLE, occasions=meetings, zone=draw(zones), enrolment=enrolment, reminders=(draw(own_rules),))


def impolite(planned: tuple[Planned, ...], zone: str) -> list[Planned]:
    """Those that would be sent outside working hours, though they could wait or come earlier."""
    return [one for one in planned if one.rule.waits and not is_polite(one.due_at, Whereabouts.of(zone))]


@given(programmes())
@settings(max_examples=150, deadline=None)
def test_nothing_is_planned_outside_working_hours_or_when_it_is_of_no_use(programme: Programme) -> None:
    planned = schedule(programme)
    assert impolite(planned, programme.zone) == []
    assert all(one.due_at < one.useful_until for one in planned)
    assert schedule(programme) == planned


def test_the_check_catches_a_schedule_that_knows_no_days_off() -> None:
    easter_tuesday = plan(DAY_BEFORE, date(2027, 3, 30))
    assert impolite((easter_tuesday,), ZONE) == []
    assert impolite((replace(easter_tuesday, due_at=at(date(2027, 3, 29), 9)),), ZONE)
