"""Feedback on meetings: a sealed round about each one that has ended, by itself, and how these stand."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from bot.domain.programmes import Enrolment, Occasion, Programme
from bot.domain.rounds import Round, State
from bot.domain.words import Words
from bot.flows import feedback as flow
from bot.flows.feedback import Standing
from bot.handlers import rounds, urns
from bot.handlers.audiences import asked_of
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage import programmes
from storage.changes import Changes
from storage.rounds import Rounds
from storage.trouble import is_of_the_database
from storage.urns import Urns

log = logging.getLogger(__name__)

_OPENS_WITHIN = timedelta(days=7)
"""A meeting that ended longer ago, while nothing ran here, is too far away to be asked about."""


# --- Opening ----------------------------------------------------------------------------------------------------------


def plan(visit: Visit) -> None:
    """Plan a round about each meeting that has just ended; one with too few people is given up at once, and noted.

    Several workers may: of two, one finds it done.
    """
    for programme in visit.programmes.values():
        for occasion in _just_held(visit, programme):
            try:
                with visit.connection.begin_nested():
                    _plan(visit, programme, occasion)
            except Exception as error:
                if is_of_the_database(error):
                    raise
                log.exception("feedback could not be asked for", extra={"programme": programme.id})


def _just_held(visit: Visit, programme: Programme) -> tuple[Occasion, ...]:
    over = programme.draft or programme.closed is not None
    if over or not programme.asks_feedback or programme.enrolment is Enrolment.CLOSED:
        return ()
    held = (one for one in programme.occasions if not one.cancelled)
    return tuple(one for one in held if one.ends_at <= visit.now < one.ends_at + _OPENS_WITHIN)


def _plan(visit: Visit, programme: Programme, occasion: Occasion) -> None:
    if _is_planned(visit, programme.id, occasion) or _may_change_back(visit, programme.id, occasion.id):
        return
    locked = programmes.locked(visit.connection, programme.id)  # another worker waits here, and then finds it done
    if locked is None or occasion not in _just_held(visit, locked) or _is_planned(visit, locked.id, occasion):
        return
    new = flow.round_about(locked, occasion, _id(locked.id, occasion), visit.now)
    store = Rounds(visit.connection, visit.now)
    store.add(new)
    if len(asked_of(visit, new)) < new.threshold:
        store.enter(new.id, State.WITHDRAWN, from_states=[State.PLANNED])


def _is_planned(visit: Visit, programme: str, occasion: Occasion) -> bool:
    """Whether there is one already, perhaps from before somebody put the meeting's hours right."""
    store = Rounds(visit.connection, visit.now)
    if store.get(_id(programme, occasion)) is not None:
        return True
    return any(
        one.occasion == occasion.id and one.state is not State.WITHDRAWN for one in store.of_programme(programme)
    )


def _id(programme: str, occasion: Occasion) -> str:
    """The same for every worker; another one when the meeting is held at another time after all."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{programme} {occasion.id} {occasion.ends_at.isoformat()}").hex


def _may_change_back(visit: Visit, programme: str, occasion: str) -> bool:
    """Whether the meeting has just been changed and nobody been told: a slip is to be undone without a trace."""
    return any(one.occasion == occasion for one in Changes(visit.connection, visit.now).of(programme))


# --- Taking back ------------------------------------------------------------------------------------------------------


def follow(visit: Visit) -> None:
    """Take back the rounds about meetings that turn out not to have been held: cancelled, or moved ahead."""
    running = Rounds(visit.connection, visit.now).running()
    ours = (one for one in running if one.occasion and one.programme in visit.programmes)
    for one in ours:
        if not _was_held(visit, one) and not _may_change_back(visit, one.programme, one.occasion):
            rounds.take_back(visit, one)


def _was_held(visit: Visit, about: Round) -> bool:
    there = (one for one in visit.programmes[about.programme].occasions if one.id == about.occasion)
    return any(not one.cancelled and one.ends_at <= visit.now for one in there)


# --- How it stands ----------------------------------------------------------------------------------------------------


def lines(visit: Visit, found: Iterable[Programme]) -> Mapping[str, Words]:
    """Programme → the latest meeting's feedback in one line, for the coordinators' view of everything."""
    latest = ((programme, next(_standings(visit, programme), None)) for programme in found)
    return {programme.id: flow.line(one, programme.zone) for programme, one in latest if one is not None}


def show(scene: Scene, about: str) -> Outcome:
    """Feedback on the meetings of a programme."""
    programme = scene.programme(about)
    return Show(flow.listed(programme, tuple(_standings(scene.visit, programme))))


def _standings(visit: Visit, programme: Programme) -> Iterator[Standing]:
    """The latest meeting first; without those that were not held, or that nobody was at."""
    titles = {one.id: one.title for one in programme.occasions}
    for one in Rounds(visit.connection, visit.now).of_programme(programme.id):
        if one.occasion and (one.state is not State.WITHDRAWN or _had_too_few(visit, one)):
            steps = urns.count_in_steps(visit, one).get("", "") if one.is_open else ""
            yield Standing(one, titles.get(one.occasion, one.title), steps)


def _had_too_few(visit: Visit, about: Round) -> bool:
    """Whether a round was given up because few were at the meeting, and not taken back: then it would have urns."""
    return not Urns(visit.connection).of_round(about.id) and bool(asked_of(visit, about))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {flow.FEEDBACK: show}
