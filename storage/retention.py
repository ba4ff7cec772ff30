"""What a programme does not keep any longer: answers of rounds long closed, and who took part long ago."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select, true, update

from storage.tables import (
    answerers,
    answers,
    awaited,
    challenge_viewers,
    challenges,
    coaches,
    contacts,
    drafts,
    groups,
    held_replies,
    links,
    members,
    note_takers,
    plan_rows,
    reflections,
    registrations,
    replies,
    rounds,
    rulings,
    sealed,
    seats,
    sparring,
    tallies,
    urns,
    votes,
    workshop_rounds,
    workshops,
)

_CLOSED = ("closed", "withdrawn")
_OWN = (challenges, challenge_viewers, reflections, sparring)
"""What people have written of their own challenge, and for whom."""


class Retention:
    """Deletes what has been kept for as long as the programme said."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget_rounds(self, programme: str, before: datetime) -> tuple[str, ...]:
        """Delete the rounds that closed before then, with everything that was answered in them; their ids."""
        over = tuple(
            self._connection.execute(
                select(rounds.c.id).where(
                    rounds.c.programme == programme, rounds.c.state.in_(_CLOSED), rounds.c.closed_at < before
                )
            ).scalars()
        )
        for round in over:
            self._forget_round(round)
        return over

    def _forget_round(self, round: str) -> None:
        theirs = select(answers.c.id).where(answers.c.round == round)
        for table in (replies, held_replies):
            self._connection.execute(delete(table).where(table.c.answer.in_(theirs)))
        self._connection.execute(delete(rulings).where(rulings.c.answer.in_(theirs)))
        self._connection.execute(delete(votes).where(votes.c.round == round))
        self._connection.execute(delete(sealed).where(sealed.c.urn.in_(select(urns.c.id).where(urns.c.round == round))))
        for table in (answers, drafts, note_takers, tallies, urns, workshop_rounds):
            self._connection.execute(delete(table).where(table.c.round == round))
        about = or_(links.c.about == round, links.c.about.startswith(f"{round} ", autoescape=True))
        self._connection.execute(delete(links).where(about))
        self._connection.execute(delete(rounds).where(rounds.c.id == round))

    def forget_participants(self, programme: str, occasion: str) -> int:
        """Blank who sat at an occasion; how many seats those were. That there was a seat stays, for the sums."""
        known = or_(seats.c.name != "", seats.c.email != "", seats.c.person.is_not(None))
        blanked = self._connection.execute(
            update(seats)
            .where(seats.c.programme == programme, seats.c.occasion == occasion, known)
            .values(name="", email="", person=None)
            .returning(seats.c.registration)
        )
        of_them = set(blanked.scalars())
        for registration in of_them:
            self._connection.execute(
                update(registrations)
                .where(registrations.c.id == registration)
                .values(needs="", version=registrations.c.version + 1)
            )
        return len(of_them)

    def forget_note_takers(self, programme: str) -> None:
        """Delete who held the pen in the programme's rounds; what the groups have written stays."""
        held = select(rounds.c.id).where(rounds.c.programme == programme)
        self._connection.execute(delete(note_takers).where(note_takers.c.round.in_(held)))

    def names(self, programme: str) -> int:
        """How many seats name somebody."""
        return self._count(seats, or_(seats.c.name != "", seats.c.person.is_not(None)), programme)

    def members(self, programme: str) -> int:
        """How many places in groups are taken."""
        of_programme = select(groups.c.id).where(groups.c.programme == programme)
        counted = select(func.count()).select_from(members).where(members.c.group.in_(of_programme))
        return int(self._connection.execute(counted).scalar_one())

    def plan_rows(self, programme: str) -> int:
        return self._count(plan_rows, true(), programme)

    def challenges(self, programme: str) -> int:
        return self._count(challenges, true(), programme)

    def _count(self, table: Table, which: ColumnElement[bool], programme: str) -> int:
        counted = select(func.count()).select_from(table).where(table.c.programme == programme, which)
        return int(self._connection.execute(counted).scalar_one())

    def forget_programme(self, programme: str) -> None:
        """Delete who was in which group or post, plans, workshops, and people's own challenges.

        The groups themselves name nobody.
        """
        of_programme = select(groups.c.id).where(groups.c.programme == programme)
        self._connection.execute(delete(members).where(members.c.group.in_(of_programme)))
        held = select(workshops.c.id).where(workshops.c.programme == programme)
        self._connection.execute(delete(workshop_rounds).where(workshop_rounds.c.workshop.in_(held)))
        for table in (plan_rows, workshops, coaches, answerers, contacts, awaited, *_OWN):
            self._connection.execute(delete(table).where(table.c.programme == programme))
