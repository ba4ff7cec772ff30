"""A day full of meetings and the people who take part, written straight into a database: enough to race over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.domain.programmes import Programme, Span
from bot.domain.rules import DEFAULTS, LINK, Rule
from storage import programmes
from storage.tables import actors, addresses, metadata, people, registrations, seats
from tests.flows.samples import FREE, NOW, occasion, words

PROGRAMME = "trangsel"


@dataclass(frozen=True)
class Member:
    """Somebody who can be written to in one workspace."""

    id: str
    platform: str = "sandbox"

    @property
    def user(self) -> str:
        return f"U-{self.id}"


Seats = Sequence[tuple[Member, str]]
"""Who takes part in which meeting."""


def busy_programme(starts: Sequence[datetime], link: Rule = LINK) -> Programme:
    """A meeting at each of these instants, with no reminder but the link to it."""
    meetings = tuple(
        replace(
            occasion(f"m{number}"),
            title=words(f"m{number}"),
            days=(Span(start, start + timedelta(minutes=30)),),
            deadline=start,
        )
        for number, start in enumerate(starts)
    )
    others = tuple(replace(rule, off=True) for rule in DEFAULTS if rule.name != link.name)
    return replace(FREE, id=PROGRAMME, occasions=meetings, reminders=(*others, link))


def fill(engine: Engine, programme: Programme, taken: Seats, *, since: datetime = NOW) -> None:
    """Make the tables, the programme and everybody who takes part, and has done so since then."""
    metadata.create_all(engine)
    members = sorted({member for member, _meeting in taken}, key=lambda member: member.id)
    with engine.begin() as connection:
        programmes.load(connection, programme, since)
        for table, rows in (
            (people, _people(members, since)),
            (actors, _actors(members, since)),
            (addresses, _addresses(members, since)),
            (registrations, _registrations(members, since)),
            (seats, _seats(taken, since)),
        ):
            connection.execute(table.insert(), list(rows))


def _people(members: Iterable[Member], since: datetime) -> Iterable[dict[str, object]]:
    return ({"id": one.id, "name": one.id, "language": "en", "created_at": since} for one in members)


def _actors(members: Iterable[Member], since: datetime) -> Iterable[dict[str, object]]:
    where = {"workspace": "W1", "seen_at": since}
    return ({**where, "platform": one.platform, "user": one.user, "person": one.id} for one in members)


def _addresses(members: Iterable[Member], since: datetime) -> Iterable[dict[str, object]]:
    what = {"workspace": "W1", "surface": "person", "details": "{}", "updated_at": since}
    return ({**what, "platform": one.platform, "conversation": one.user} for one in members)


def _registrations(members: Iterable[Member], since: datetime) -> Iterable[dict[str, object]]:
    what = {"programme": PROGRAMME, "organisation": "Lunds kommun", "organisation_key": "SE-1281", "created_at": since}
    return ({**what, "id": f"r-{one.id}", "made_by": one.id} for one in members)


def _seats(taken: Seats, since: datetime) -> Iterable[dict[str, object]]:
    what = {"programme": PROGRAMME, "state": "confirmed", "changed_at": since, "held_since": since}
    for member, meeting in taken:
        yield {
            **what,
            "id": f"s-{meeting}-{member.id}",
            "registration": f"r-{member.id}",
            "occasion": meeting,
            "person": member.id,
            "name": member.id,
        }
