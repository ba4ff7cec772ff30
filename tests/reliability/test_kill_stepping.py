"""Killed while a workshop goes on: a step is taken whole or not at all, no key is lost, and nobody is told twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kill_stepping import run

pytestmark = pytest.mark.alone


async def test_a_step_is_taken_whole_or_not_at_all_and_told_once(tmp_path: Path) -> None:
    outcome = await run(5, seed=3, folder=tmp_path)
    assert outcome.sound, outcome
    assert outcome.steps >= 1, outcome


@pytest.mark.parametrize(("variant", "shows"), [("torn", "half_done"), ("hasty", "locked_out"), ("resend", "doubled")])
async def test_the_same_check_catches_a_broken_variant(tmp_path: Path, variant: str, shows: str) -> None:
    outcome = await run(4, seed=5, folder=tmp_path, variant=variant)
    assert getattr(outcome, shows), outcome
