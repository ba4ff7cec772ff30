"""The card that a workshop's leader keeps among their messages: it follows the step, and what groups have written."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.permissions import Standing as Rank
from bot.domain.values import dataclass
from bot.domain.workshops import State, Workshop
from bot.flows import workshops as words
from bot.handlers import coaching, leaders, workshops
from bot.handlers.permissions import standing_of_person
from bot.handlers.visit import Visit
from bot.messages import Card, View, to_json
from storage.changes import Changes, Delivered
from storage.living import Living
from storage.outbox import Post
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)

_RESTS = timedelta(seconds=15)
"""How long a card rests between two edits: in a room full of people, groups write all the time."""


def key(workshop: Workshop) -> str:
    """Of the card among all messages."""
    return f"workshop:{workshop.id}:lead"


# --- Looking as seldom as will do -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """When a card was looked at, and what there was to see."""

    at: datetime
    version: int
    asks: bool = False  # while people are asked: a vote, a draft, somebody who takes notes raise no version


class Looks:
    """Which cards to look at. Only spares work: an edit follows from what the card said last, as the outbox has it."""

    def __init__(self) -> None:
        self._last: Mapping[str, Look] = {}

    def due(self, visit: Visit) -> Mapping[str, int]:
        """The workshops under way that may have changed → the version they are at."""
        running = workshops.store(visit).running()
        self._last = {id: look for id, look in self._last.items() if id in running}
        return {id: version for id, version in running.items() if self._is_due(id, version, visit.now)}

    def _is_due(self, id: str, version: int, now: datetime) -> bool:
        last = self._last.get(id)
        return last is None or (last.at + _RESTS <= now and (last.asks or last.version != version))

    def remember(self, id: str, look: Look | None) -> None:
        """Once what was seen is stored; None: the card could not be shown yet."""
        if look is not None:
            self._last = {**self._last, id: look}


# --- Showing ----------------------------------------------------------------------------------------------------------


def shown(visit: Visit, workshop: Workshop, reader: str, refused: words.Refused | None = None) -> Card:
    """What somebody who leads it sees: how it stands or, once it is over, what came of it."""
    return _of_standing(visit, workshops.standing(visit, workshop), reader, refused)


def _of_standing(visit: Visit, standing: words.Standing, reader: str, refused: words.Refused | None = None) -> Card:
    links = coaching.links(visit, standing.workshop)
    if standing.workshop.state is State.ENDED:
        return words.ended(standing, links)
    return words.card(standing, links, refused, judges=Rank.COORDINATOR in standing_of_person(visit, reader))


def follow(visit: Visit, id: str, version: int) -> Look | None:
    """Let the card say how it stands; None when it has to be shown again. Several workers may: the lock lets one in."""
    try:
        with visit.connection.begin_nested():
            found = workshops.store(visit).locked(id)
            if found is None or found.state is not State.RUNNING or found.programme not in visit.programmes:
                return Look(visit.now, version)
            return _follow(visit, found, version)
    except Exception as error:
        if is_of_the_database(error):
            raise
        log.exception("a leader's card could not be shown and is tried again", extra={"workshop": id})
        return Look(visit.now, version, asks=True)


def _follow(visit: Visit, workshop: Workshop, version: int) -> Look | None:
    said_at = Living(visit.connection, visit.outbox, visit.now).said_at(key(workshop))
    if said_at is not None and said_at + _RESTS > visit.now:
        return None
    standing = workshops.standing(visit, workshop)
    shown = _say(visit, workshop, _of_standing(visit, standing, workshop.begun_by))
    return Look(visit.now, version, standing.now.is_open) if shown else None


def rest(visit: Visit, workshop: Workshop) -> None:
    """Say at once that it is paused or over: nobody looks at the card after that."""
    _say(visit, workshop, shown(visit, workshop, workshop.begun_by))


def move(visit: Visit, workshop: Workshop) -> bool:
    """Let the card stand below the news of the step that has just begun; False when there is none to be moved."""
    return _move(visit, workshop, shown(visit, workshop, workshop.begun_by))


def _move(visit: Visit, workshop: Workshop, view: View) -> bool:
    if workshop.begun_by not in leaders.told_of(visit, workshop):
        return False
    for card in Changes(visit.connection, visit.now).delivered((key(workshop),)):
        language = visit.people.person(card.person).language
        place = Post(card.key, card.address, card.person, language, to_json(view))
        living = Living(visit.connection, visit.outbox, visit.now)
        living.move(card.key, _was(workshop, workshop.version, told=workshop.told), place, words.further_down(workshop))
        return True
    return False


def _was(workshop: Workshop, version: int, *, told: bool) -> str:
    """The key of the card that stood where it was until a version."""
    return f"{key(workshop)}:{version}:{told}"


def has_moved(visit: Visit, workshop: Workshop, since: int) -> bool:
    """Whether the card stands elsewhere than it did at a version."""
    versions = range(since + 1, workshop.version + 1)
    known = Living(visit.connection, visit.outbox, visit.now).known(_was(workshop, n, told=False) for n in versions)
    return bool(known)


# --- When the time of a step is over ----------------------------------------------------------------------------------


def tell_time(visit: Visit) -> None:
    """Tell the leaders whose time box is over, each once. Several workers may: of two, one finds it done."""
    for workshop in workshops.store(visit).overdue():
        if workshop.programme not in visit.programmes:
            continue
        try:
            with visit.connection.begin_nested():
                if workshops.store(visit).tell(workshop.id, workshop.version):
                    _tell_time(visit, replace(workshop, told=True))
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("a leader could not be told that time is up", extra={"workshop": workshop.id})


def _tell_time(visit: Visit, workshop: Workshop) -> None:
    """By the card itself, which comes anew; whoever leads without one gets a message of their own."""
    told = leaders.told_of(visit, workshop)
    if workshop.begun_by in told and move(visit, workshop):
        return
    view = words.time_is_over(workshops.standing(visit, workshop))
    for person in sorted(told):
        visit.tell(person, view, key=f"workshop:{workshop.id}:time:{workshop.version}:{person}")


# --- Saying -----------------------------------------------------------------------------------------------------------


def _say(visit: Visit, workshop: Workshop, view: View) -> bool:
    """Edit the card where it is; nothing for somebody who leads no longer. False when it is under way just now."""
    if workshop.begun_by not in leaders.told_of(visit, workshop):
        return True
    for card in Changes(visit.connection, visit.now).delivered((key(workshop),)):
        return _edit(visit, card, view)
    return True


def _edit(visit: Visit, card: Delivered, view: View) -> bool:
    language = visit.people.person(card.person).language
    living = Living(visit.connection, visit.outbox, visit.now)
    return living.show(card.key, card.address, language, view, person=card.person)
