"""Everything that was said, done and shown, in the order it happened, so that a failure reads like a chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/Stockholm")


class Transcript:
    """Lines with a time and a name."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lines: list[str] = []

    def did(self, name: str, what: str) -> None:
        """What a person did, or what was done to the site."""
        self._lines.append(f"\n{self._now().astimezone(_ZONE):%a %Y-%m-%d %H:%M:%S}  {name} {what}")

    def saw(self, name: str, text: str, where: str = "") -> None:
        """What came into a person's sight."""
        first, *others = text.split("\n")
        place = f" ({where})" if where else ""
        self._lines.append(f"    {name}{place} ← {first}")
        self._lines += [f"        {line}" for line in others]

    def __str__(self) -> str:
        return "\n".join(self._lines).strip("\n")
