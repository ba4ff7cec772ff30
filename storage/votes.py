"""Votes for posts. A voter is a marker that only the round's key can make, and that key goes when the round closes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, select

from bot.domain.rounds import LEAST_PEOPLE, Round
from storage.tables import votes
from storage.upsert import insert_or_ignore


class Votes:
    """The votes of all rounds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_voter(self, round: str, voter: bytes) -> frozenset[str]:
        """The answers that a voter has voted for."""
        found = select(votes.c.answer).where(votes.c.round == round, votes.c.voter == voter)
        return frozenset(self._connection.execute(found).scalars())

    def cast(self, round: str, answer: str, voter: bytes) -> None:
        """Vote for an answer; a second time is the same vote."""
        insert_or_ignore(self._connection, votes, answer=answer, voter=voter, round=round)

    def take_back(self, answer: str, voter: bytes) -> None:
        self._connection.execute(delete(votes).where(votes.c.answer == answer, votes.c.voter == voter))

    def take_all_back(self, round: str, voter: bytes) -> None:
        """Take back all votes of a voter in a round."""
        self._connection.execute(delete(votes).where(votes.c.round == round, votes.c.voter == voter))

    def voters(self, round: str) -> int:
        """How many have voted for anything."""
        counted = select(func.count(votes.c.voter.distinct())).where(votes.c.round == round)
        return self._connection.execute(counted).scalar_one()

    def shown(self, round: Round) -> Mapping[str, int] | None:
        """Answer → votes, once the vote is over; None when there is none, or so few have voted that it would tell who.

        While people vote a number that rises by one is what somebody has just voted for.
        """
        if not round.votes or round.is_open or self.voters(round.id) < max(round.threshold, LEAST_PEOPLE):
            return None
        counted = select(votes.c.answer, func.count().label("n")).where(votes.c.round == round.id)
        return {row.answer: row.n for row in self._connection.execute(counted.group_by(votes.c.answer))}
