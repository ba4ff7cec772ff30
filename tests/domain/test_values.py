"""What is frozen: hashed by its fields at run time, held by the type checker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.domain.words import Money

SAMPLE = """
from dataclasses import replace
from bot.domain.words import Money
from bot.domain.values import dataclass

@dataclass(slots=True)
class Open:
    amount: int

money, free = Money(1), Open(1)
free.amount = 2
"""


def checked(lines: str, folder: Path) -> str:
    """What mypy says of a few lines that are right, and of these."""
    file = folder / "sample.py"
    file.write_text(SAMPLE + lines)
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder), "--follow-imports=silent", str(file)]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def test_the_type_checker_refuses_what_would_change_a_value(tmp_path: Path) -> None:
    wrong = ("money.amount = 2", "money.name = 2", "replace(money, name=2)", "Money('1')")
    assert "Success" in checked("", tmp_path)
    assert f"Found {len(wrong)} errors" in checked("\n".join(wrong), tmp_path)


def test_values_with_the_same_fields_are_one() -> None:
    assert {Money(1), Money(1), Money(2)} == {Money(2), Money(1)}
    assert not hasattr(Money(1), "__dict__")
