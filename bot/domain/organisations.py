"""Municipalities and regions, found in spite of spelling mistakes and always confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Organisation:
    """A municipality, county or region; `key` is its country and official code, e.g. `SE-1281`."""

    key: str
    name: str  # as it calls itself, e.g. "Lunds kommun", "Region Skåne"
    short_name: str  # "Lund"
    country: str  # ISO 3166-1 alpha-2
    kind: str  # "municipality" or "county"


class Directory:
    """The known organisations, to look up and to search."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_key = {organisation.key: organisation for organisation in organisations}

    def get(self, key: str) -> Organisation | None:
        """The organisation with this key, if there is one."""
        return self._by_key.get(key)
