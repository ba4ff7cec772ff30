"""Whether a nudge that is due goes to somebody at that moment, later, or not at all."""

# ruff: noqa: DTZ001 - hypothesis takes its bounds without a zone

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.nudges import Circumstances, Level, Planned, Reason, Wishes, judge, of_rule, overtakes, snooze_until
from bot.domain.programmes import Span
from bot.domain.rules import (
    AFTERWARDS,
    AGENDA,
    DAY_BEFORE,
    DEFAULTS,
    LAST_CALL,
    LINK,
    PREPARATION,
    Anchor,
    Audience,
    Rule,
    Topic,
)
from bot.domain.workdays import Whereabouts, is_polite, next_polite
from tests.flows.samples import SINGLE, at, held_on, occasion, words

SWEDEN, NORWAY = Whereabouts("Europe/Stockholm", "SE"), Whereabouts("Europe/Oslo", "NO")
TUESDAY = date(2027, 2, 9)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOM = Rule("boka-rum", Topic.MESSAGE, Anchor.START, days=-30, at=time(9), text=words("Boka rum."))


def plan(rule: Rule, day: date = TUESDAY) -> Planned:
    return next(of_rule(rule, held_on(day)))


def verdict(nudge: Planned, now: datetime, there: Whereabouts = SWEDEN, **seen: object) -> Reason | datetime | None:
    return judge(nudge, Circumstances(now, there, **seen))  # type: ignore[arg-type]


EVE = TUESDAY - DAY


def test_P4_what_is_due_in_working_hours_goes() -> None:
    assert verdict(plan(DAY_BEFORE), at(EVE, 9)) is None


@pytest.mark.parametrize(("day", "hour"), [(EVE, 10), (EVE, 16), (TUESDAY, 8), (TUESDAY, 9)])
def test_P4c_late_still_goes_while_it_is_of_use(day: date, hour: int) -> None:
    assert verdict(plan(DAY_BEFORE), at(day, hour, 20)) is None


@pytest.mark.parametrize("rule", [AGENDA, DAY_BEFORE, LINK])
def test_P4c_when_the_meeting_has_begun_a_reminder_of_it_is_too_late(rule: Rule) -> None:
    starts_at = at(TUESDAY, 9, 30)
    assert verdict(plan(rule), starts_at - timedelta(microseconds=1)) is None
    assert verdict(plan(rule), starts_at) is Reason.TOO_LATE


def test_material_is_news_for_two_weeks() -> None:
    afterwards = plan(AFTERWARDS)
    assert verdict(afterwards, at(TUESDAY + 14 * DAY, 9)) is None
    assert verdict(afterwards, at(TUESDAY + 16 * DAY, 9)) is Reason.TOO_LATE


def test_in_the_night_it_waits_for_the_morning() -> None:
    assert verdict(plan(AGENDA), at(date(2027, 1, 26), 23)) == at(date(2027, 1, 27), 9)
    assert verdict(plan(DAY_BEFORE), at(TUESDAY, 3)) == at(TUESDAY, 8)  # it speaks of today then


def test_it_waits_for_the_working_hours_of_the_person() -> None:
    early_in_london = at(date(2027, 1, 26), 8, 30)
    assert verdict(plan(AGENDA), early_in_london, Whereabouts("Europe/London")) == at(date(2027, 1, 26), 9)
    assert verdict(plan(AGENDA, date(2027, 5, 31)), at(date(2027, 5, 17), 9), NORWAY) == at(date(2027, 5, 18), 9)


def test_rather_than_disturb_somebody_the_day_before_waits_for_the_morning_of_the_day_itself() -> None:
    assert verdict(plan(DAY_BEFORE), at(EVE, 22)) == at(TUESDAY, 8)
    day = date(2027, 5, 18)  # a Norwegian in a Swedish programme is off on the 17th
    assert verdict(plan(DAY_BEFORE, day), at(day - DAY, 9), NORWAY) == at(day, 8)


def test_what_would_be_useless_in_the_morning_goes_in_the_night() -> None:
    early = replace(plan(AGENDA), useful_until=at(EVE, 8))
    assert verdict(early, at(EVE, 7, 59)) is None


def test_the_link_goes_at_any_hour() -> None:
    night = date(2027, 2, 13)
    meeting = replace(occasion("a", night), days=(Span(at(night, 6), at(night, 7)),))
    (one,) = of_rule(LINK, replace(SINGLE, occasions=(meeting,)))
    assert verdict(one, one.due_at) is None


@pytest.mark.parametrize("rule", DEFAULTS[:6])
def test_P9_who_has_stopped_reminders_gets_none(rule: Rule) -> None:
    nudge = plan(rule)
    assert verdict(nudge, nudge.due_at, wishes=Wishes(Level.NONE)) is Reason.STOPPED


@pytest.mark.parametrize("rule", DEFAULTS[:6])
def test_P9_who_wants_fewer_gets_the_day_before_and_the_link(rule: Rule) -> None:
    nudge = plan(rule)
    wanted = None if rule in (DAY_BEFORE, LINK) else Reason.FEWER
    assert verdict(nudge, nudge.due_at, wishes=Wishes(Level.FEW)) is wanted


def test_P9_a_pause_holds_until_its_end() -> None:
    wishes = Wishes(paused_until=at(EVE, 12))
    assert verdict(plan(DAY_BEFORE), at(EVE, 11, 59), wishes=wishes) == at(EVE, 12)
    assert verdict(plan(LINK), at(EVE, 11, 59), wishes=wishes) is Reason.PAUSED
    assert verdict(plan(DAY_BEFORE), at(EVE, 12), wishes=wishes) is None


def test_P9_what_a_pause_put_off_comes_in_the_first_working_hours_after_it() -> None:
    sunday = Wishes(paused_until=at(date(2027, 1, 31), 0))
    assert verdict(plan(AGENDA), at(date(2027, 1, 26), 9), wishes=sunday) == at(date(2027, 2, 1), 9)


def test_P9_what_is_of_no_use_when_a_pause_is_over_does_not_come_then() -> None:
    """A pause ends as its day begins: nobody hears on the day of a meeting what is tomorrow, or what to prepare."""
    midnight = Wishes(paused_until=at(EVE + timedelta(days=1), 0))
    assert verdict(plan(DAY_BEFORE), at(EVE, 9), wishes=midnight) is Reason.PAUSED
    assert verdict(plan(PREPARATION), at(EVE, 9), wishes=midnight) is Reason.PAUSED
    next_year = Wishes(paused_until=at(date(2028, 1, 1), 0))
    assert verdict(plan(AFTERWARDS), plan(AFTERWARDS).due_at, wishes=next_year) is Reason.PAUSED


def test_P4_what_can_wait_comes_once_a_day() -> None:
    now = at(date(2027, 1, 26), 11)
    assert verdict(plan(AGENDA), now, digest_at=now - HOUR) == at(date(2027, 1, 27), 9)
    assert verdict(plan(AGENDA), now, digest_at=now - DAY) is None


def test_once_a_day_counts_the_days_of_the_person() -> None:
    midnight = at(date(2027, 1, 26), 0)
    now = at(date(2027, 1, 26), 11)
    assert verdict(plan(AGENDA), now, digest_at=midnight - HOUR) is None
    assert verdict(plan(AGENDA), now, digest_at=midnight + HOUR) == at(date(2027, 1, 27), 9)


def test_a_second_message_on_a_day_is_better_than_none() -> None:
    assert verdict(plan(DAY_BEFORE), at(EVE, 11), digest_at=at(EVE, 9)) is None
    assert verdict(plan(LINK), at(TUESDAY, 9, 15), digest_at=at(TUESDAY, 8)) is None


def test_after_a_message_on_friday_the_next_one_is_on_monday() -> None:
    friday = date(2027, 1, 29)
    assert verdict(plan(AGENDA), at(friday, 11), digest_at=at(friday, 9)) == at(date(2027, 2, 1), 8)


# --- Several at once, and later ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "earlier", "says_all"),
    [
        (DAY_BEFORE, AGENDA, True),
        (LINK, DAY_BEFORE, True),
        (AGENDA, DAY_BEFORE, False),
        (AGENDA, AGENDA, False),
        (LAST_CALL, AGENDA, False),
        (AFTERWARDS, LINK, False),
        (LINK, ROOM, False),
    ],
)
def test_of_several_about_a_coming_meeting_only_the_last_one_goes(later: Rule, earlier: Rule, says_all: bool) -> None:
    assert overtakes(plan(later), plan(earlier)) is says_all


def test_nothing_is_overtaken_by_another_meeting_or_for_others() -> None:
    assert not overtakes(plan(DAY_BEFORE), replace(plan(AGENDA), about="b"))
    assert not overtakes(plan(DAY_BEFORE), replace(plan(AGENDA), audience=Audience.CHANNELS))


@pytest.mark.parametrize(
    ("rule", "now", "again"),
    [
        (AGENDA, at(date(2027, 1, 26), 9), at(date(2027, 1, 27), 9)),
        (AGENDA, at(date(2027, 1, 29), 9), at(date(2027, 2, 1), 8)),  # Friday: Monday
        (DAY_BEFORE, at(EVE, 9), at(TUESDAY, 9)),
        (DAY_BEFORE, at(TUESDAY, 7), at(TUESDAY, 9)),
        (LINK, at(TUESDAY, 9, 15), None),
    ],
)
def test_P4_snoozed_comes_again_the_next_working_morning_or_in_two_hours(
    rule: Rule, now: datetime, again: datetime | None
) -> None:
    assert snooze_until(plan(rule), now, SWEDEN) == again


# --- What holds for everybody at any time -----------------------------------------------------------------------------

people = st.sampled_from((SWEDEN, NORWAY, Whereabouts("Europe/Helsinki", "FI"), Whereabouts("Europe/London")))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))

Judge = Callable[[Planned, Circumstances], Reason | datetime | None]


def wrongs(decide: Judge, nudge: Planned, seen: Circumstances) -> list[str]:
    """What is wrong with a decision, whatever it is."""
    decided, found = decide(nudge, seen), []
    goes_at = seen.now if decided is None else decided
    if isinstance(goes_at, Reason):
        return []
    if goes_at >= nudge.useful_until:
        found.append("useless")
    if decided is not None and not is_polite(goes_at, seen.there):
        found.append("put off to an impolite hour")
    waited = next_polite(seen.now, seen.there)
    if decided is None and nudge.rule.waits and seen.now < waited < nudge.useful_until:
        found.append("impolite")
    return found


circumstances = st.builds(
    Circumstances,
    instants,
    people,
    st.builds(Wishes, st.sampled_from(Level), st.none() | instants),
    st.none() | instants,
)


@given(st.sampled_from(DEFAULTS[:6]), st.integers(-20 * 24 * 60, 20 * 24 * 60), circumstances)
@settings(max_examples=400, deadline=None)
def test_no_decision_is_useless_or_impolite(rule: Rule, minutes: int, seen: Circumstances) -> None:
    now = at(TUESDAY, 9, 30) + timedelta(minutes=minutes)
    digest_at = seen.digest_at and now - timedelta(minutes=minutes % 3000)
    assert wrongs(judge, plan(rule), replace(seen, now=now, digest_at=digest_at)) == []


def at_once(nudge: Planned, seen: Circumstances) -> None:
    """Sends whatever is due."""


def a_day_later(nudge: Planned, seen: Circumstances) -> datetime:
    """Puts everything off, whatever day it is then."""
    return seen.now + DAY


@pytest.mark.parametrize(
    ("broken", "wrong"),
    [(at_once, "useless"), (at_once, "impolite"), (a_day_later, "put off to an impolite hour")],
)
def test_the_check_catches_decisions_that_are(broken: Judge, wrong: str) -> None:
    moments = [at(TUESDAY, 9, 30) + timedelta(minutes=minutes) for minutes in range(-6000, 6000, 45)]
    assert any(wrong in wrongs(broken, plan(AGENDA), Circumstances(now, SWEDEN)) for now in moments)
