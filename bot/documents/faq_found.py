"""What is found in a text that has questions with their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from bot.documents.faq_cells import Column
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its answer as somebody wrote them: untrusted, and of any length."""

    question: str
    answer: str
    line: int  # counted from 1
    cells: Mapping[Column, str] = field(default_factory=dict)  # what is said of it besides


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a text that did not become part of a question or an answer."""

    line: int
    message: str
    severe: bool = False  # words would be lost in the middle of an answer


@dataclass(frozen=True, slots=True)
class Page:
    """What a text has of questions with answers, in the order in which they stand there."""

    pairs: tuple[Pair, ...] = ()
    remarks: tuple[Remark, ...] = ()
    columns: frozenset[Column] = frozenset()  # what it tells of each pair, perhaps that there is nothing to tell


class UnreadableError(ValueError):
    """A text whose questions and answers cannot be told apart. `line` is where."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.line = remark.line
