"""Programme files: read into programmes, or refused with everything that is wrong in them at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.domain.programmes import Programme
from config import programme_schema
from config.problems import Notes, Problem, Severity
from config.yaml_sections import MAX_BYTES
from config.yaml_text import root

__all__ = ["SAMPLES", "Problem", "ProgrammeErrors", "Severity", "as_lines", "check", "read"]

SAMPLES = tuple(sorted(Path(__file__).with_name("programmes").glob("*.yaml")))
"""The five programme files that come with the product."""


class ProgrammeErrors(Exception):
    """The file cannot be used. `problems` has every mistake in it, in the order of its lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(as_lines(problems)))
        self.problems = problems


def read(path: Path) -> Programme:
    """The programme in a file; raises `ProgrammeErrors`."""
    programme, problems = _examine(path, None)
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors or programme is None:
        raise ProgrammeErrors(errors)
    return programme


def check(paths: Iterable[Path], today: date) -> list[Problem]:
    """Everything that is wrong in the files, or worth a second look, file by file and line by line."""
    problems: list[Problem] = []
    files: dict[str, Path] = {}  # programme id → the file it was seen in first
    for path in paths:
        programme, found = _examine(path, today)
        problems += found
        if programme and programme.id and files.setdefault(programme.id, path) != path:
            message = f"{files[programme.id]} has the same programme id, {programme.id}"
            problems.append(Problem(str(path), 1, 1, message))
    return problems


def as_lines(problems: Iterable[Problem]) -> list[str]:
    """The problems as a terminal and an editor can follow them."""
    return [str(problem) for problem in problems]


def _examine(path: Path, today: date | None) -> tuple[Programme | None, list[Problem]]:
    """The programme, with harmless values in place of mistakes, and what was noticed about it."""
    notes = Notes(str(path))
    text = _text(path, notes)
    section = root(text, notes) if text is not None else None
    programme = None
    if section:
        programme = programme_schema.programme(section, today)
        section.close()
    return programme, sorted(notes.problems, key=lambda problem: (problem.line, problem.column))


def _text(path: Path, notes: Notes) -> str | None:
    """What the file says; None, with a note, when it cannot be read."""
    try:
        written = path.read_bytes()
    except OSError as error:
        notes.problems.append(Problem(notes.file, 1, 1, f"cannot be opened: {error.strerror}"))
        return None
    if len(written) > MAX_BYTES:
        message = f"has {len(written)} bytes; a programme file may have {MAX_BYTES}"
        notes.problems.append(Problem(notes.file, 1, 1, message))
        return None
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = written[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        notes.problems.append(Problem(notes.file, line, column, "is not UTF-8 text: save it as UTF-8 in the editor"))
        return None
