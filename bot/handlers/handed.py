"""A question on a colleague's desk: how it gets there, since when it lies there, and what ends that."""

from __future__ import annotations

from datetime import datetime

from bot.domain.faq import Miss
from bot.domain.times import HOME_ZONE
from bot.domain.words import Words
from bot.domain.workdays import working_days_later
from bot.flows import handing
from bot.handlers import matters
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.handovers import Handover, Handovers
from storage.inquiries import Misses

_WORKING_DAYS = 2
"""So long somebody has for an answer before the question goes back."""


def held(visit: Visit, miss: Miss) -> Handover | None:
    """How it lies with its owner, if it was handed to them; None where they took it on themselves, or nobody has it."""
    found = _all(visit).last(miss.id, miss.owner) if miss.owner else None
    return found if found is not None and not found.over else None


def answer_by(visit: Visit, miss: Miss, since: datetime) -> datetime:
    """The instant at which it goes back if nobody has answered."""
    programme = visit.programmes.get(miss.programme)
    return working_days_later(since, _WORKING_DAYS, programme.zone if programme is not None else HOME_ZONE)


def give(visit: Visit, miss: Miss, person: str, view: Card, *, key: str) -> None:
    """Let it lie with somebody, and put it to them; once for each key."""
    Misses(visit.connection, visit.now).take(miss.id, person)
    message = f"handed:{miss.id}:{key}"
    visit.tell(person, view, key=message)
    _all(visit).add(miss.id, person, message)


def end(visit: Visit, miss: Miss, what: Words) -> None:
    """It moves on, whoever had it: they can see so in place of the question."""
    matters.settled(visit, key=back(miss))
    found = held(visit, miss)
    if found is not None:
        Misses(visit.connection, visit.now).let_go(miss.id)
        _all(visit).end(miss.id, miss.owner)
        visit.tell(miss.owner, handing.over(miss.text, what), key=f"{found.message}:over", edits=found.message)


def was_with(visit: Visit, miss: str, person: str) -> bool:
    """Whether it has ever been handed to somebody."""
    return _all(visit).last(miss, person) is not None


def _all(visit: Visit) -> Handovers:
    return Handovers(visit.connection, visit.now)


def back(miss: Miss) -> str:
    """The key of the coordinators' matter that it has come back."""
    return f"handed_back:{miss.id}"
