"""What the database itself says about answers that people gave each for themselves: its shape, and what lies in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import Connection, func, inspect, select, text

from bot.domain.board import Answer
from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from storage.answers import Answers
from storage.programmes import Catalogue
from storage.rounds import Rounds
from storage.tables import answers, sealed, tallies, urns
from storage.urns import Urn, Urns

_TABLES = (answers, sealed, tallies, urns)


@dataclass(frozen=True, slots=True)
class RoundEvidence:
    """What is there of a round."""

    round: Round
    urns: tuple[Urn, ...]
    lengths: frozenset[int] = frozenset()  # of its sealed boxes, in bytes
    forgotten: int = 0  # boxes in urns that were emptied
    answers: int = 0
    with_group: int = 0  # answers that say which group wrote them
    with_time: int = 0  # answers that say more than the day
    out_of_order: int = 0  # answers whose place does not follow from their random ids


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the database says."""

    unknown_columns: tuple[str, ...]  # as table.column, beyond those that belong there
    triggers: tuple[str, ...]  # programs in the database that note what happens in it
    rounds: tuple[RoundEvidence, ...]


def read(connection: Connection, now: datetime) -> Evidence:
    """Everything there is to say, the newest rounds first."""
    rounds = (one for id in Catalogue().read(connection) for one in Rounds(connection, now).of_programme(id))
    found = (_of_round(connection, now, one) for one in rounds if one.mode is Mode.SEALED)
    return Evidence(tuple(_unknown(connection)), tuple(_triggers(connection)), tuple(found))


def _unknown(connection: Connection) -> Iterator[str]:
    for table in _TABLES:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        yield from (f"{table.name}.{name}" for name in sorted(there - set(table.c.keys())))


def _triggers(connection: Connection) -> Sequence[str]:
    if connection.dialect.name == "postgresql":
        found = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
    else:
        found = text("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1")
    return connection.execute(found).scalars().all()


def _of_round(connection: Connection, now: datetime, round: Round) -> RoundEvidence:
    its = Urns(connection).of_round(round.id)
    counts = Urns(connection).counts()
    written = Answers(connection, now).of_round(round.id)
    return RoundEvidence(
        round,
        its,
        lengths=_lengths(connection, its),
        forgotten=sum(counts.get(urn.id, 0) for urn in its if urn.emptied_at is not None),
        answers=len(written),
        with_group=sum(bool(one.group) for one in written),
        with_time=sum(one.written_at.astimezone(UTC).time() != time(0) for one in written),
        out_of_order=_out_of_order(written),
    )


def _lengths(connection: Connection, its: tuple[Urn, ...]) -> frozenset[int]:
    here = sealed.c.urn.in_([urn.id for urn in its])
    return frozenset(connection.execute(select(func.length(sealed.c.box)).where(here).distinct()).scalars())


def _out_of_order(written: tuple[Answer, ...]) -> int:
    ids = [one.id for one in written]
    return sum(mine != sorted_one for mine, sorted_one in zip(ids, sorted(ids), strict=True))
