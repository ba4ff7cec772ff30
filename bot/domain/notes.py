"""Notes: the lines that a note-taker writes, and what becomes of them when several write at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

Texts = Mapping[str, str]
"""Question → what is written under it, one line for each post."""

_BULLET = re.compile(r"[•·▪◦‣●○]\s*|[-–—*](\s+|$)|[-–—](?=[^\W\d_])")
_NUMBER = re.compile(r"(\d{1,2})[.)](?=\D|$)\s*")


def posts_in(text: str) -> tuple[str, ...]:
    """The posts that a text holds: one for each line that says something, without the sign that lists begin with."""
    bare = [_BULLET.sub("", line, count=1) if _BULLET.match(line) else line for line in _lines(text)]
    found = _without_numbers(bare) if _is_numbered(bare) else bare
    return tuple(line for one in found if (line := one.strip()))


def merged(kept: Texts, added: Texts) -> dict[str, str]:
    """What was kept, and after it the lines that only the other has."""
    missing = without(added, kept)
    both = {question: (kept.get(question, ""), missing.get(question, "")) for question in (*kept, *missing)}
    return {question: "\n".join(filter(None, texts)) for question, texts in both.items()}


def without(texts: Texts, gone: Texts) -> dict[str, str]:
    """The lines that the other does not have; no question without one."""
    left = {question: _lines_left(text, gone.get(question, "")) for question, text in texts.items()}
    return {question: text for question, text in left.items() if text}


def beginning(text: str, most: int) -> str:
    """As many whole lines from the beginning as there is room for, in characters."""
    kept: list[str] = []
    for line in text.split("\n"):
        if len("\n".join((*kept, line))) > most:
            break
        kept.append(line)
    return "\n".join(kept)


def _lines(text: str) -> Iterator[str]:
    return (line for one in text.splitlines() if (line := one.strip()))


def _lines_left(text: str, gone: str) -> str:
    there = set(_lines(gone))
    return "\n".join(line for line in _lines(text) if line not in there)


def _is_numbered(lines: Iterable[str]) -> bool:
    """Whether lines count up from 1: a single "17. mai" is a day, and "2.5 tjänst" an amount."""
    found = [int(match[1]) for line in lines if (match := _NUMBER.match(line))]
    return len(found) > 1 and found == list(range(1, len(found) + 1))


def _without_numbers(lines: Iterable[str]) -> list[str]:
    return [_NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line for line in lines]
