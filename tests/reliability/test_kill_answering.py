"""Killed while people answer: no post is lost or doubled, and keys go when what they locked is safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.kill_answering import Outcome, run

pytestmark = pytest.mark.alone


async def test_figure_1_no_answer_is_lost_or_doubled_and_no_key_goes_too_early_or_stays(tmp_path: Path) -> None:
    outcome = await run(10, seed=3, folder=tmp_path)
    assert outcome.sound, outcome
    assert outcome.notes >= 30, outcome
    assert outcome.answers >= 6, outcome
    assert set(outcome.killed_in) >= {"open", "closed"}, outcome


@pytest.mark.parametrize("variant", ["forgetful", "anew", "hasty"])
async def test_the_same_check_catches_a_broken_variant(tmp_path: Path, variant: str) -> None:
    outcome = await run(8, seed=2, folder=tmp_path, variant=variant)
    assert _what_is_wrong(outcome)[variant], outcome


def _what_is_wrong(outcome: Outcome) -> dict[str, bool]:
    """Variant → whether the run shows what is wrong with it."""
    return {
        "forgetful": bool(outcome.lost),
        "anew": bool(outcome.doubled),
        "hasty": bool(outcome.locked_out),
    }
