"""Four boxes on the board and what the organiser supplies, in programme files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.rounds import Layout
from bot.domain.words import Localised
from config.programme_files import read
from tests.config.test_question_sets import EVERY_KEY, LANGUAGES, noticed, sample

ONE = "supplied: [Se https://example.org/trender]"
FOUR = "\n".join(f"      - {{id: q{n}, text: Fråga {n}?}}" for n in range(4))
SWOT = f"  - id: swot\n    title: SWOT\n    layout: four\n    questions:\n{FOUR}\n"

MISTAKES = [
    (ONE, f"supplied: [{'x' * 301}]", "supplied has 301 characters and may have 300"),
    (ONE, f"supplied: [{', '.join('x' * 16)}]", "supplied has 16 entries together and may have 15"),
    (ONE, f"supplied: [{', '.join(['x' * 300] * 6)}]", "supplied has 1800 characters together and may have 1500"),
    (ONE, "suplied: [a]", "(did you mean supplied?)"),
    ("was: [mal]", "supplied: [a]", "what is rated has nothing supplied"),
    ("layout: list", "layout: fyra", "'fyra' is not one of list, four"),
    ("layout: list", "layout: four", "exactly four questions that are answered in words"),
    ("layout: list", "layout: four", "questions that everybody is asked"),
    ("  - id: skattning\n", f"{SWOT.replace('Fråga 3?', 'Fråga 3?, scale: {low: A, high: B}')}  - id: skattning\n",
     "exactly four questions that are answered in words"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert [one for one in noticed(tmp_path, old, new) if says in one]


def test_control_four_questions_and_fifteen_short_texts_are_fine(tmp_path: Path) -> None:
    assert noticed(tmp_path, "  - id: skattning\n", f"{SWOT}  - id: skattning\n") == []
    assert noticed(tmp_path, ONE, f"supplied: [{', '.join('x' * 15)}]") == []


def test_the_keys_become_what_they_mean(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY.replace("  - id: skattning\n", f"{SWOT}  - id: skattning\n", 1), "utf-8")
    first, swot, _rated = read(file).question_sets
    assert (first.layout, swot.layout) == (Layout.LIST, Layout.FOUR)
    assert first.questions[0].supplied == (Localised({"sv": "Se https://example.org/trender"}),)


def test_the_samples_swot_stands_in_four_boxes_and_its_horizon_scan_has_trends() -> None:
    programme = sample("digibarometer")
    swot, scan = programme.question_set("swot"), programme.question_set("omvarld")
    assert swot is not None
    assert scan is not None
    assert swot.layout is Layout.FOUR
    supplied = [one for question in scan.questions for one in question.supplied]
    assert len(supplied) >= 3
    assert all(set(one.wordings) >= LANGUAGES for one in supplied)
