"""A round about a meeting from its two ends: in which one somebody is asked, and what coordinators hear of it."""

from __future__ import annotations

from bot.domain.board import Answer, Standing
from bot.domain.nudges import Planned
from bot.domain.programmes import Programme
from bot.domain.rounds import THRESHOLD, Asked, Round
from bot.domain.rules import Topic
from bot.domain.themes import themes
from bot.flows import feedback
from bot.flows.feedback import Said
from bot.handlers.audiences import asked_of
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.answers import Answers
from storage.attendance import Attendance
from storage.rounds import Rounds


class FeedbackAsked:
    """Reads once for each meeting which round is open about it, and who is asked there."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: dict[tuple[str, str], tuple[Round | None, frozenset[str]]] = {}

    def of(self, person: str, programme: str, occasion: str) -> Round | None:
        """The open round in which this person may say what they think of the meeting."""
        key = (programme, occasion)
        if key not in self._known:
            found = next((one for one in self._open(programme) if one.occasion == occasion), None)
            self._known[key] = (found, asked_of(self._visit, found) if found is not None else frozenset())
        found, asked = self._known[key]
        return found if person in asked else None

    def _open(self, programme: str) -> list[Round]:
        running = Rounds(self._visit.connection, self._visit.now).running()
        return [one for one in running if one.programme == programme and one.is_open]


class FeedbackToCome:
    """Whether people will be asked what they think of a meeting, as it looks today."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._enough: dict[tuple[str, str], bool] = {}

    def is_asked(self, programme: Programme, planned: Planned) -> bool:
        """False for a reminder of feedback on a meeting at which too few take part for any of it to be shown."""
        if planned.rule.topic is not Topic.FEEDBACK:
            return True
        key = (programme.id, planned.about)
        if key not in self._enough:
            there = Attendance(self._visit.connection).participants(*key, self._visit.now)
            self._enough[key] = len(there) >= THRESHOLD
        return self._enough[key]


def result(visit: Visit, closed: Round, withheld: frozenset[str]) -> Card:
    """What coordinators hear of a round about a meeting; `withheld` are its boxes where too few answered."""
    programme = visit.programmes[closed.programme]
    if withheld:
        return feedback.too_few(closed, programme)
    written = Answers(visit.connection, visit.now).of_round(closed.id)
    shown = [one for one in written if one.standing is Standing.SHOWN]
    held = sum(one.standing is Standing.HELD for one in written)
    said = tuple(_said(asked, shown) for box in closed.boxes for asked in box.questions)
    return feedback.result(closed, programme, said, held=held)


def _said(asked: Asked, shown: list[Answer]) -> Said:
    texts = [(one.box, one.text) for one in shown if one.question == asked.id]
    return Said(asked.text, len(texts), themes(texts, besides=asked.text.wordings.values()))
