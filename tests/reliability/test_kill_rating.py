"""Killed while people rate form after form: no rating is lost, and nobody counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kill_rating import run

pytestmark = pytest.mark.alone


async def test_figure_1_no_rating_is_lost_and_nobody_counts_twice(tmp_path: Path) -> None:
    outcome = await run(4, seed=3, folder=tmp_path)
    assert outcome.sound, outcome
    assert outcome.sealed >= 30, outcome
    assert outcome.torn >= 2, outcome


@pytest.mark.parametrize(("variant", "shows"), [("forgetful", "lost"), ("anew", "doubled")])
async def test_the_same_check_catches_a_broken_variant(tmp_path: Path, variant: str, shows: str) -> None:
    outcome = await run(2, seed=2, folder=tmp_path, variant=variant)
    assert getattr(outcome, shows), outcome
