"""Mappings that read the database only when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lazy(Mapping[K, V], Generic[K, V]):
    """A mapping that is read from the database only when a step looks at it."""

    def __init__(self, read: Callable[[], Mapping[K, V]]) -> None:
        self._read = read

    @cached_property
    def _items(self) -> Mapping[K, V]:
        return self._read()

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Each(Mapping[K, V], Generic[K, V]):
    """A mapping that has every key; each value is read from the database when a step looks at it."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read
        self._known: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    def __iter__(self) -> Iterator[K]:
        raise TypeError("only single keys can be looked at")

    def __len__(self) -> int:
        raise TypeError("only single keys can be looked at")
