"""The participants' own challenges and reflections, who has seen them, and who spars with whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update

from bot.domain.challenges import Challenge, Reflection, Version, Viewer, Visibility
from bot.domain.registrations import SeatState
from bot.domain.values import dataclass
from storage.tables import challenge_viewers, challenges, people, reflections, seats, sparring
from storage.upsert import insert_or_ignore, insert_row, upsert


class Challenges:
    """Everybody's challenges and reflections."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, programme: str, person: str) -> Challenge | None:
        """The person's challenge as it stands."""
        found = self._newest(challenges.c.programme == programme, challenges.c.person == person)
        return found.get(person)

    def of_programme(self, programme: str) -> Mapping[str, Challenge]:
        """Person → challenge as it stands, of everybody in a programme. Who may see which, the caller knows."""
        return self._newest(challenges.c.programme == programme)

    def _newest(self, *where: ColumnElement[bool]) -> Mapping[str, Challenge]:
        last = (
            select(challenges.c.programme, challenges.c.person, func.max(challenges.c.version).label("version"))
            .where(*where)
            .group_by(challenges.c.programme, challenges.c.person)
            .subquery()
        )
        is_last = and_(*(challenges.c[key] == last.c[key] for key in ("programme", "person", "version")))
        rows = self._connection.execute(select(challenges).join(last, is_last))
        return {row.person: _challenge(row) for row in rows}

    def versions(self, programme: str, person: str) -> tuple[Version, ...]:
        """Everything the person has written, the oldest first."""
        rows = self._connection.execute(
            select(challenges).where(_theirs(challenges, programme, person)).order_by(challenges.c.version)
        )
        return tuple(map(_version, rows))

    def programmes_of(self, person: str) -> frozenset[str]:
        """The programmes in which the person has written a challenge."""
        rows = self._connection.execute(select(challenges.c.programme).distinct().where(challenges.c.person == person))
        return frozenset(rows.scalars())

    def keep(self, programme: str, person: str, text: str, visibility: Visibility) -> Challenge:
        """Let this be the person's challenge: a new version if the text is another one, and who may see it from now on.

        Of two new versions at once one comes second: its insert fails, and it is made anew.
        """
        before = self.of(programme, person)
        if before is not None and before.newest.text == text:
            number = before.newest.number
            self._connection.execute(
                update(challenges)
                .where(_theirs(challenges, programme, person), challenges.c.version == number)
                .values(visibility=visibility.value)
            )
            return Challenge(programme, person, before.newest, visibility)
        made = Version(before.newest.number + 1 if before else 1, text, self._now)
        insert_row(
            self._connection,
            challenges,
            programme=programme,
            person=person,
            version=made.number,
            text=text,
            visibility=visibility.value,
            written_at=self._now,
        )
        return Challenge(programme, person, made, visibility)

    # Who has seen it

    def saw(self, viewer: str, shown: Iterable[Challenge]) -> None:
        """Note that somebody sees these challenges of others now."""
        for one in shown:
            upsert(
                self._connection,
                challenge_viewers,
                programme=one.programme,
                person=one.person,
                viewer=viewer,
                version=one.newest.number,
                seen_at=self._now,
            )

    def viewers(self, programme: str, person: str) -> tuple[Viewer, ...]:
        """Who has seen the person's challenge, whoever may see it now; the last first."""
        rows = self._connection.execute(
            select(people.c.name, challenge_viewers.c.version, challenge_viewers.c.seen_at)
            .join(people, people.c.id == challenge_viewers.c.viewer)
            .where(_theirs(challenge_viewers, programme, person))
            .order_by(challenge_viewers.c.seen_at.desc(), people.c.name)
        )
        return tuple(Viewer(row.name, row.version, row.seen_at) for row in rows)

    # Reflections

    def reflect(self, programme: str, person: str, occasion: str, text: str) -> None:
        """Keep what the person took with them from an occasion, instead of what they wrote before."""
        upsert(
            self._connection,
            reflections,
            programme=programme,
            person=person,
            occasion=occasion,
            text=text,
            written_at=self._now,
        )

    def reflections(self, programme: str, person: str) -> tuple[Reflection, ...]:
        """What the person has written after occasions, the oldest first."""
        rows = self._connection.execute(
            select(reflections)
            .where(_theirs(reflections, programme, person))
            .order_by(reflections.c.written_at, reflections.c.occasion)
        )
        return tuple(Reflection(row.occasion, row.text, row.written_at) for row in rows)


def _theirs(table: Any, programme: str, person: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (table.c.programme == programme) & (table.c.person == person)
    return found


def _version(row: Row[Any]) -> Version:
    return Version(row.version, row.text, row.written_at)


def _challenge(row: Row[Any]) -> Challenge:
    return Challenge(row.programme, row.person, _version(row), Visibility(row.visibility))


# --- Sparring ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who would like to spar with somebody. `partner` is nobody's to see before both have agreed."""

    person: str  # id
    partner: str = ""  # id of who is proposed
    proposal: str = ""
    agreed: bool = False


class Sparring:
    """Who would like somebody to spar with, what was proposed to them, and who said yes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, programme: str, person: str) -> Wish | None:
        row = self._connection.execute(select(sparring).where(_theirs(sparring, programme, person))).one_or_none()
        return None if row is None else _wish(row)

    def of_programme(self, programme: str) -> tuple[Wish, ...]:
        """Everybody's wishes, those who asked first at the top."""
        rows = self._connection.execute(_ordered().where(sparring.c.programme == programme))
        return tuple(map(_wish, rows))

    def locked(self, programme: str) -> tuple[Wish, ...]:
        """The same; nobody else changes one of them before the transaction ends."""
        rows = self._connection.execute(_ordered().where(sparring.c.programme == programme).with_for_update())
        return tuple(map(_wish, rows))

    def without_seat(self) -> tuple[tuple[str, str], ...]:
        """(programme, person) of those who have wished, and neither take part any more nor can undo that."""
        undoable = (seats.c.state == SeatState.CANCELLED.value) & (seats.c.undo_until > self._now)
        held = (seats.c.state == SeatState.CONFIRMED.value) | undoable
        seat = select(seats.c.id).where(
            seats.c.programme == sparring.c.programme, seats.c.person == sparring.c.person, held
        )
        gone = select(sparring.c.programme, sparring.c.person).where(~seat.exists())
        rows = self._connection.execute(gone.order_by(sparring.c.programme, sparring.c.person))
        return tuple((row.programme, row.person) for row in rows)

    def ask(self, programme: str, person: str) -> None:
        """Let the person wait for somebody; a second time is the same wish."""
        insert_or_ignore(self._connection, sparring, programme=programme, person=person, wished_at=self._now)

    def propose(self, programme: str, pair: tuple[str, str], proposal: str) -> None:
        for person, partner in (pair, pair[::-1]):
            self._set(programme, person, partner=partner, proposal=proposal, agreed=False)

    def agree(self, programme: str, person: str) -> None:
        self._set(programme, person, agreed=True)

    def part(self, programme: str, persons: Collection[str]) -> None:
        """Let these be with nobody, and wait as before."""
        for person in persons:
            self._set(programme, person, partner=None, proposal="", agreed=False)

    def leave(self, programme: str, person: str) -> None:
        """Let the person wait for nobody any more."""
        self._connection.execute(delete(sparring).where(_theirs(sparring, programme, person)))

    def _set(self, programme: str, person: str, **values: object) -> None:
        self._connection.execute(update(sparring).where(_theirs(sparring, programme, person)).values(**values))


def _ordered() -> Any:
    return select(sparring).order_by(sparring.c.wished_at, sparring.c.person)


def _wish(row: Row[Any]) -> Wish:
    return Wish(row.person, row.partner or "", row.proposal, row.agreed)
