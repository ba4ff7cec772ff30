"""Killed in the middle of registrations: nothing acknowledged is lost and nobody gets two receipts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kill import run

pytestmark = pytest.mark.alone


async def test_figure_1_nothing_acknowledged_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    outcome = await run(12, seed=1, folder=tmp_path)
    assert outcome.acknowledged > 5, outcome
    assert (outcome.lost_seats, outcome.lost_receipts, outcome.doubled) == ((), (), ()), outcome


@pytest.mark.parametrize("variant", ["resend", "forgetful"])
async def test_the_same_check_catches_a_broken_variant(tmp_path: Path, variant: str) -> None:
    outcome = await run(6, seed=2, folder=tmp_path, variant=variant)
    assert outcome.doubled if variant == "resend" else outcome.lost_receipts, outcome
