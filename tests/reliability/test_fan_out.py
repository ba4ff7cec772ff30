"""A reminder to many people through a platform at its worst, in virtual time."""

from __future__ import annotations

import logging

import pytest

from tests.reliability.fan_out import fan_out
from tests.reliability.virtual import run


@pytest.fixture(autouse=True)
def quietly() -> None:
    logging.getLogger("bot.handlers.carrier").setLevel(logging.ERROR)  # hundreds of troubles, all of them meant


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figure_7_nothing_is_lost_doubled_or_called_during_a_retry_after(seed: int) -> None:
    outcome = run(fan_out(200, seed, trouble=0.3))
    assert outcome.limited > 2, outcome
    assert outcome.sound, outcome
    assert outcome.doubled == (), outcome


@pytest.mark.parametrize("seed", [1, 2])
def test_figure_7_where_nothing_can_be_looked_up_every_double_is_counted(seed: int) -> None:
    outcome = run(fan_out(300, seed, platform="teams", trouble=0.3))
    assert outcome.doubled, outcome
    assert outcome.sound, outcome


@pytest.mark.parametrize(("variant", "broken"), [("deaf", "in_quiet"), ("resend", "uncounted")])
def test_the_same_check_catches_a_broken_variant(variant: str, broken: str) -> None:
    outcome = run(fan_out(150, 1, trouble=0.3, variant=variant))
    assert getattr(outcome, broken), outcome


def test_A3b_a_fan_out_keeps_close_to_the_allowed_rate_and_answers_overtake_it() -> None:
    slack = run(fan_out(400, 1, trouble=0.0))
    assert slack.seconds < (405 / (525 / 60)) / 0.97 + 1, slack
    assert slack.slowest_answer < 2, slack
    assert slack.sound, slack
