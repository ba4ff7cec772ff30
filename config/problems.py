"""What is wrong in a file that an administrator wrote: where, what, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from rapidfuzz import fuzz, process
from ruamel.yaml.nodes import Node, ScalarNode

from bot.domain.values import dataclass


class Severity(StrEnum):
    """Whether a file can be used in spite of the problem."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right in a file; `line` and `column` are counted from 1."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str = ""  # what was probably meant
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """The form that editors and people can follow: `file:line:column: error: message (did you mean …?)`."""
        hint = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}{hint}"


class Notes:
    """What has been noticed in one file so far, and what is needed to judge the rest of it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.language = "sv"  # of texts that do not name theirs
        self.known: dict[str, dict[str, None]] = {}  # section → the keys that were asked for, in order
        self._ids: dict[str, dict[str, Node]] = {}  # section → id → where it was first

    def add(self, node: Node, message: str, suggestion: str = "", *, severity: Severity = Severity.ERROR) -> None:
        mark = node.start_mark
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, message, suggestion, severity))

    def claim_id(self, section: str, node: ScalarNode) -> None:
        """Note the id as taken, or that it was taken before."""
        first = self._ids.setdefault(section, {}).setdefault(node.value, node)
        if first is not node:
            self.add(node, f"id {shown(node.value)} is already used on line {first.start_mark.line + 1}")


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty when none is like it."""
    alike = 60 if len(word) > 3 else 50  # of 100: one letter in two may be wrong in a language code
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.lower, score_cutoff=alike)
    return found[0] if found else ""


def shown(written: str) -> str:
    """What someone wrote, quoted, on one line and of bearable length."""
    return repr(written if len(written) <= 60 else f"{written[:59]}…")
