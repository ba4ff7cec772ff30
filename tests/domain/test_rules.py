"""The reminders that every programme has, and what a programme may change about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.domain.rules import (
    AFTERWARDS,
    AGENDA,
    BETWEEN,
    DATE,
    DAY_BEFORE,
    DEFAULTS,
    LAST_CALL,
    LINK,
    PREPARATION,
    Anchor,
    Audience,
    Rule,
    Topic,
    in_force,
)
from tests.flows.samples import words


def test_the_defaults_are_the_ones_that_people_asked_for() -> None:
    days = {rule.name: rule.days for rule in DEFAULTS if rule is not LINK}
    assert days == {
        "agenda": -14,
        "preparation": -7,
        "day_before": -1,
        "afterwards": 1,
        "catch_up": 1,
        "feedback": 5,
        "last_call": -3,
        "between": 0,
        "added": 1,
        "date": -7,
        "plan": -14,
        "plan_soon": -2,
        "plan_after": 14,
        "challenge": -21,
        "challenge_again": -12,
        "challenge_last": -5,
    }
    assert (LINK.minutes, LINK.at) == (-15, None)


def test_all_but_the_link_come_at_nine_and_can_wait() -> None:
    assert {rule.at for rule in DEFAULTS if rule is not LINK} == {time(9)}
    assert [rule for rule in DEFAULTS if not rule.waits] == [LINK]


def test_participants_get_what_they_take_part_in_and_the_last_call_goes_to_those_who_do_not_yet() -> None:
    for rule in (AGENDA, PREPARATION, LINK, AFTERWARDS, BETWEEN, DATE):
        assert rule.to == (Audience.PARTICIPANTS,)
    assert DAY_BEFORE.to == (Audience.PARTICIPANTS, Audience.CHANNELS)
    assert Audience.PARTICIPANTS not in LAST_CALL.to


def test_without_a_word_all_defaults_are_in_force() -> None:
    assert in_force(()) == DEFAULTS
    assert len({rule.name for rule in DEFAULTS}) == len(DEFAULTS)


def test_a_rule_of_the_same_name_takes_the_place_of_the_default() -> None:
    earlier = replace(AGENDA, days=-21)
    assert in_force((earlier,)) == (earlier, *DEFAULTS[1:])


def test_a_rule_that_is_off_is_not_in_force() -> None:
    assert in_force((replace(BETWEEN, off=True),)) == tuple(rule for rule in DEFAULTS if rule is not BETWEEN)


def test_a_rule_of_another_name_comes_in_addition() -> None:
    own = Rule("boka-rum", Topic.MESSAGE, Anchor.START, days=-30, at=time(9), text=words("Boka rum."))
    assert in_force((own,)) == (*DEFAULTS, own)


def test_a_rule_of_its_own_can_be_off_too() -> None:
    own = Rule("boka-rum", Topic.MESSAGE, Anchor.START, days=-30, at=time(9), off=True)
    assert in_force((own,)) == DEFAULTS
