"""What reminders tell of plans and of needs that were answered, read for many people at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain import plans
from bot.domain.challenges import Challenge
from bot.domain.nudges import Planned, plans_of
from bot.domain.plans import PlanRow, Tally
from bot.domain.programmes import FactSheet, Programme
from bot.flows.asked_for import Answered, AskedFor
from bot.handlers import boards
from bot.handlers.audiences import unwritten
from bot.handlers.visit import Visit
from storage import belonging
from storage.answers import Answers
from storage.challenges import Challenges
from storage.inquiries import Misses
from storage.plans import Plans


class FollowUp:
    """Reads each programme once for a batch of reminders."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._plans = Plans(visit.connection, visit.now)
        self._owned: dict[str, Mapping[str, tuple[PlanRow, ...]]] = {}
        self._meetings: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._standing: dict[tuple[str, str], Tally] = {}
        self._asked_for: dict[tuple[str, str], AskedFor] = {}
        self._challenges: dict[str, Mapping[str, Challenge]] = {}
        self._unwritten: dict[tuple[str, datetime], frozenset[str]] = {}

    def read(self, readers: Mapping[str, set[str]]) -> None:
        """Look up the plans of these people's organisations: programme → persons."""
        for programme, persons in readers.items():
            tallies = self._plans.tallies(programme)
            if not tallies:
                continue
            theirs = belonging.organisations_of(self._visit.connection, programme, persons)
            for person, keys in theirs.items():
                found = [tallies[key] for key in keys if key in tallies]
                if len(keys) == 1 and found:  # who takes part for several sees each plan where it stands
                    self._standing[programme, person] = found[0]

    def plan(self, person: str, programme: str) -> Tally | None:
        """How the plan of the person's organisation stands; None when it has none."""
        return self._standing.get((programme, person))

    def rows(self, person: str, programme: Programme, asked: Planned) -> tuple[PlanRow, ...]:
        """What the person has taken on and not done, of what a reminder asks about."""
        if programme.id not in self._owned:
            self._owned[programme.id] = self._plans.owned(programme.id)
        key = (programme.id, asked.rule.name, asked.about)
        if key not in self._meetings:
            self._meetings[key] = plans_of(asked, programme)
        return plans.before(self._owned[programme.id].get(person, ()), self._meetings[key])

    def challenge(self, person: str, programme: Programme) -> Challenge | None:
        """The person's own challenge, to be said to them alone."""
        if not programme.asks_challenge:
            return None
        if programme.id not in self._challenges:
            found = Challenges(self._visit.connection, self._visit.now).of_programme(programme.id)
            self._challenges[programme.id] = found
        return self._challenges[programme.id].get(person)

    def lacks_challenge(self, person: str, programme: Programme, by: datetime) -> bool:
        """Whether the person has taken part since then, and has not written their challenge."""
        key = (programme.id, by)
        if key not in self._unwritten:
            self._unwritten[key] = frozenset(unwritten(self._visit, programme, by))
        return person in self._unwritten[key]

    def facts(self, person: str, programme: Programme) -> FactSheet | None:
        """What is known about the person's organisation, if the programme says."""
        if not programme.facts:
            return None
        theirs = belonging.organisations_of(self._visit.connection, programme.id, (person,)).get(person, {})
        return next((found for key in theirs if (found := programme.facts_about(key)) is not None), None)

    def asked_for(self, programme: Programme, occasion: str) -> AskedFor:
        """The needs and the questions that were answered since the meeting before this one."""
        key = (programme.id, occasion)
        if key not in self._asked_for:
            since = _meeting_before(programme, occasion)
            found = Answers(self._visit.connection, self._visit.now).answered(programme.id, since)
            brought_up = Misses(self._visit.connection, self._visit.now).on_agenda(programme.id, since)
            questions = tuple(Answered(one.agenda, one.answer) for one in brought_up)
            answered = tuple(Answered(need.text, reply.text) for need, reply in found)
            board = boards.address(self._visit, found[0][0].round) if found else ""
            self._asked_for[key] = AskedFor(answered, board, questions)
        return self._asked_for[key]


def _meeting_before(programme: Programme, occasion: str) -> datetime | None:
    """When the meeting before this one began; None for the first one."""
    held = [one for one in programme.occasions if not one.cancelled]
    this = programme.occasion(occasion)
    return max((one.starts_at for one in held if one.starts_at < this.starts_at), default=None)
