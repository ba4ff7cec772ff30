"""What is planned in each programme, worked out once for each of its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.nudges import Planned, schedule
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from storage.nudges import Nudge

Key = tuple[str, str, str, datetime]
"""Rule, what it is about, audience, and anchor."""


@dataclass(frozen=True, slots=True)
class _Known:
    programme: Programme
    planned: Mapping[Key, Planned]


class Schedules:
    """What is planned in each programme, worked out once for each of its versions."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def planned(self, programme: Programme, nudge: Nudge) -> Planned | None:
        """The nudge as the programme plans it now; None when it is planned no more, or for another time."""
        known = self._known.get(programme.id)
        if known is None or known.programme is not programme:
            found = {(one.rule.name, one.about, one.audience.value, one.anchor): one for one in schedule(programme)}
            known = self._known[programme.id] = _Known(programme, found)
        return known.planned.get((nudge.rule, nudge.about, nudge.audience, nudge.anchor))
