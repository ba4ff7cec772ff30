"""Which messages that prepare for a meeting have nothing to say, as it looks today."""

from __future__ import annotations

from bot.domain.nudges import Planned
from bot.domain.programmes import Programme
from bot.domain.rules import Topic
from bot.flows import reminders
from bot.flows.reminders import Reminder
from bot.handlers.follow_up import FollowUp
from bot.handlers.visit import Visit


class Unprepared:
    """Looks at what is planned, and reads once for each meeting what people asked about it."""

    def __init__(self, visit: Visit) -> None:
        self._now = visit.now
        self._follow_up = FollowUp(visit)

    def says_nothing(self, programme: Programme, planned: Planned) -> bool:
        """Whether it would only repeat when and where the meeting is: such a message is not sent."""
        if planned.rule.topic not in (Topic.AGENDA, Topic.PREPARATION):  # others need not be put into words for this
            return False
        asked = self._follow_up.asked_for(programme, planned.about) if planned.rule.topic is Topic.AGENDA else None
        reminder = Reminder(planned, programme, self._now, asked_for=asked)
        return reminders.says_nothing(reminders.common(reminder), reminder)
