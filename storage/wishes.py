"""What people have said about reminders: how many, and from when on again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.domain.nudges import Level, Wishes
from storage.portions import portions
from storage.tables import people, wishes
from storage.upsert import upsert

_EVERY = ""


class WishList:
    """Everybody's wishes, of single programmes and of all."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def hold(self, persons: Collection[str]) -> None:
        """Nobody else weighs what these people are sent until the transaction ends."""
        for some in portions(persons):
            statement = select(people.c.id).where(people.c.id.in_(some)).order_by(people.c.id)
            self._connection.execute(statement.with_for_update(key_share=True)).all()

    def of(self, person: str) -> Mapping[str, Wishes]:
        """Programme id → wishes; those for all programmes under an empty id. Nothing where nothing was said."""
        return self.of_many((person,)).get(person, {})

    def of_many(self, persons: Collection[str]) -> Mapping[str, Mapping[str, Wishes]]:
        """Person → programme id → wishes."""
        found: dict[str, dict[str, Wishes]] = {}
        for some in portions(persons):
            for row in self._connection.execute(select(wishes).where(wishes.c.person.in_(some))):
                found.setdefault(row.person, {})[row.programme] = Wishes(Level(row.level), row.paused_until)
        return found

    def everybody(self) -> Mapping[str, Mapping[str, Wishes]]:
        """Person → programme id → wishes, of all who have said anything; few have."""
        found: dict[str, dict[str, Wishes]] = {}
        for row in self._connection.execute(select(wishes)):
            found.setdefault(row.person, {})[row.programme] = Wishes(Level(row.level), row.paused_until)
        return found

    def wish(self, person: str, programme: str, wanted: Wishes) -> None:
        """Keep what somebody wants of a programme, or of all of them when `programme` is empty."""
        if wanted == Wishes():
            self._forget(person, programme)
            return
        upsert(
            self._connection,
            wishes,
            person=person,
            programme=programme,
            level=wanted.level.value,
            paused_until=wanted.paused_until,
            changed_at=self._now,
        )

    def _forget(self, person: str, programme: str) -> None:
        this = (wishes.c.person == person) & (wishes.c.programme == programme)
        self._connection.execute(delete(wishes).where(this))


def applying(said: Mapping[str, Wishes], programme: str) -> Wishes:
    """The wishes that hold for one programme: its own level if one was chosen, and the longer of both pauses."""
    every, own = said.get(_EVERY, Wishes()), said.get(programme, Wishes())
    level = own.level if own.level is not Level.ALL else every.level
    pauses = [until for until in (every.paused_until, own.paused_until) if until is not None]
    return Wishes(level, max(pauses, default=None))
