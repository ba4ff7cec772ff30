"""How many gave each rating in a round that has closed: numbers, and nobody behind any of them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from storage.tables import tallies
from storage.upsert import upsert


class Tallies:
    """The ratings of all sealed rounds. What too few have rated is not here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, round: str, box: str, question: str, counts: Mapping[int, int]) -> None:
        """Store how many gave each value; written once, when the round closes."""
        for value, count in sorted(counts.items()):
            upsert(self._connection, tallies, round=round, box=box, question=question, value=value, count=count)

    def of_round(self, round: str) -> Mapping[tuple[str, str], Mapping[int, int]]:
        """(box, question) → value → how many people chose it; a value that nobody chose is not there."""
        columns = (tallies.c.box, tallies.c.question, tallies.c.value, tallies.c.count.label("people"))
        rows = self._connection.execute(select(*columns).where(tallies.c.round == round).order_by(*columns[:3]))
        found: dict[tuple[str, str], dict[int, int]] = {}
        for row in rows:
            found.setdefault((row.box, row.question), {})[row.value] = row.people
        return found
