"""A good programme file, and what is noticed when one place of it is changed."""

from datetime import date
from pathlib import Path

from config.problems import Problem
from config.programme_files import check

EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
TODAY = date(2026, 11, 21)


def problems(file: Path, old: str, new: str, today: date = TODAY) -> list[Problem]:
    """What is noticed when one place of a good file is changed; both lines of reasoning see the same file."""
    assert old in EVERY_KEY
    file.write_text(EVERY_KEY.replace(old, new, 1), "utf-8")
    return check([file], today)


def line_of(part: str) -> int:
    return EVERY_KEY[: EVERY_KEY.index(part)].count("\n") + 1
