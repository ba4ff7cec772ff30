"""Long lists of keys, in portions that one statement takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_MOST = 500  # values in one statement; SQLite takes some thousand, older ones 999


def portions(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys, each once and in order, so that all who lock rows by them do it in the same order."""
    listed = sorted(set(keys))
    return (listed[start : start + _MOST] for start in range(0, len(listed), _MOST))
