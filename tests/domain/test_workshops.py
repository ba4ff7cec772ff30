"""A workshop's way through its script: every transition, and what holds after any row of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.domain.words import Localised
from bot.domain.workshops import Script, State, Step, Workshop, asks, begun, is_needed

NOW = datetime(2027, 2, 3, 8, 30, tzinfo=UTC)
STEPS = (
    Step("start", Localised({}), 20),
    Step("ask", Localised({}), 45, set="a"),
    Step("rest", Localised({})),
    Step("vote", Localised({}), 10, goes_on="ask"),
    Step("plan", Localised({}), 30, plan_of="ask"),
)
SCRIPT = Script("s", Localised({}), STEPS)


def new() -> Workshop:
    return begun(Workshop("w", "p", SCRIPT, "ann", NOW), NOW)


def test_a_script_is_as_long_as_its_steps() -> None:
    assert SCRIPT.minutes == 105


def test_it_begins_with_the_time_of_its_first_step() -> None:
    assert (new().step.id, new().ends_at, new().version) == ("start", NOW + timedelta(minutes=20), 0)


def test_a_step_without_a_time_never_ends_by_itself() -> None:
    assert new().moved(2, NOW).ends_at is None


@pytest.mark.parametrize("by", [-1, 5])
def test_there_is_no_step_before_the_first_or_after_the_last(by: int) -> None:
    with pytest.raises(IndexError):
        new().moved(by, NOW)


def test_a_pause_keeps_what_is_left_for_three_weeks() -> None:
    paused = new().paused(NOW + timedelta(minutes=5))
    later = NOW + timedelta(days=21)
    assert (paused.state, paused.ends_at, paused.left) == (State.PAUSED, None, timedelta(minutes=15))
    assert paused.resumed(later).ends_at == later + timedelta(minutes=15)


def test_a_pause_after_the_time_has_nothing_left() -> None:
    assert new().paused(NOW + timedelta(hours=1)).left == timedelta(0)


@pytest.mark.parametrize(("late", "ends"), [(0, 30), (60, 70)], ids=["from its end", "from now, when that has passed"])
def test_more_time_counts(late: int, ends: int) -> None:
    told = replace(new(), told=True)
    longer = told.longer(timedelta(minutes=10), NOW + timedelta(minutes=late))
    assert (longer.ends_at, longer.told) == (NOW + timedelta(minutes=ends), False)


def test_what_is_asked_stays_as_long_as_a_later_step_goes_on_with_it() -> None:
    assert [asks(SCRIPT, at) for at in range(5)] == ["", "ask", "", "ask", ""]
    assert [is_needed(SCRIPT, "ask", at) for at in range(5)] == [True, True, True, True, False]


@pytest.mark.parametrize("seed", range(50))
def test_after_any_row_of_changes_the_version_has_risen_with_each_and_time_runs_only_while_it_does(seed: int) -> None:
    random, workshop, now = Random(seed), new(), NOW
    for changes in range(1, 40):
        now += timedelta(minutes=random.randrange(30))
        workshop = _changed(workshop, random, now)
        assert workshop.version == changes
        assert 0 <= workshop.at < len(STEPS)
        assert (workshop.ends_at is None) or workshop.state is State.RUNNING
        assert (workshop.left is None) or (workshop.state is State.PAUSED and workshop.left >= timedelta(0))
        assert workshop.script is SCRIPT


def _changed(workshop: Workshop, random: Random, now: datetime) -> Workshop:
    if workshop.state is State.PAUSED:
        return workshop.resumed(now)
    by = random.choice([by for by in (-1, 1) if 0 <= workshop.at + by < len(STEPS)])
    ways = (workshop.paused(now), workshop.longer(timedelta(minutes=10), now), workshop.moved(by, now))
    return random.choice(ways)
