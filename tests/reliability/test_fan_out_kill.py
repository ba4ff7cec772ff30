"""Killed while reminders go out to many: nobody is left out, and who may have got one twice is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kill_fan_out import run

pytestmark = pytest.mark.alone


async def test_figure_1_no_reminder_is_lost_and_none_comes_twice_where_one_can_look_back(tmp_path: Path) -> None:
    outcome = await run(16, seed=1, folder=tmp_path)
    assert outcome.sound, outcome
    assert outcome.listed >= outcome.really_doubled > 0, outcome


@pytest.mark.parametrize("variant", ["resend", "forgetful"])
async def test_the_same_check_catches_a_broken_variant(tmp_path: Path, variant: str) -> None:
    outcome = await run(8, seed=2, folder=tmp_path, variant=variant)
    assert outcome.doubled if variant == "resend" else outcome.lost, outcome
