"""Puts the proof together: what the database says, and which keys are still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.values import dataclass
from bot.domain.words import Words
from bot.flows import proof
from bot.flows.proof import Found, Statement
from bot.ports import UrnKeys
from storage import evidence
from storage.evidence import RoundEvidence


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences about one thing; the first section is about all rounds and has no heading."""

    heading: Words
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that can be said of a round, or of every round there is."""

    sections: tuple[Section, ...]

    def lines(self, say: Callable[[Words], str]) -> Iterator[str]:
        """As it is printed: what does not hold leaps to the eye."""
        for section in self.sections:
            yield from ("", say(section.heading)) if section.heading else ()
            yield from (f"{'ok' if one.holds else '!!':4}{say(one.words)}" for one in section.statements)
        yield from ("", say(proof.verdict(holds=self.holds)))

    @property
    def holds(self) -> bool:
        return all(one.holds for section in self.sections for one in section.statements)


def prove(connection: Connection, now: datetime, keys: UrnKeys, round: str = "") -> Proof:
    """The proof for a round, or for all. Raises `LookupError` for a round that is not there, `OSError` without keys."""
    found = evidence.read(connection, now)
    chosen = [one for one in found.rounds if round in ("", one.round.id)]
    if round and not chosen:
        raise LookupError(f"no round {round} in which people answer for themselves")
    schema = Section("", tuple(proof.of_schema(found.unknown_columns, found.triggers)))
    return Proof((schema, *_sections(chosen, keys.urns())))


def _sections(rounds: list[RoundEvidence], keys: frozenset[str]) -> Iterator[Section]:
    for one in rounds:
        yield Section(proof.heading(one.round), tuple(proof.of_round(_found(one, keys))))


def _found(one: RoundEvidence, keys: frozenset[str]) -> Found:
    emptied = [urn for urn in one.urns if urn.emptied_at is not None]
    return Found(
        one.round,
        urns=len(one.urns),
        emptied=len(emptied),
        emptied_at=max((urn.emptied_at for urn in emptied if urn.emptied_at), default=None),
        keys=sum(urn.id in keys for urn in one.urns),
        keys_left=sum(urn.id in keys for urn in emptied),
        lengths=len(one.lengths),
        forgotten=one.forgotten,
        answers=one.answers,
        with_group=one.with_group,
        with_time=one.with_time,
        out_of_order=one.out_of_order,
    )
