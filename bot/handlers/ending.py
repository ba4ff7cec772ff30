"""Closing an edition in chat: what names people goes at once, and again if a backup brings it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.domain.nudges import schedule
from bot.domain.programmes import Programme
from bot.domain.workshops import State
from bot.flows import ending as words
from bot.flows.ending import Edition, Held
from bot.handlers import amending, needing, retention, workshops
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from bot.handlers.visit import Surroundings, Visit
from bot.messages import View
from bot.ports import Clock
from storage import programmes
from storage.challenges import Challenges
from storage.retention import Retention
from storage.rounds import Rounds
from storage.undoing import otherwise
from storage.unit_of_work import UnitOfWork

# --- In chat ----------------------------------------------------------------------------------------------------------


def _step(view: Callable[[Edition], View]) -> Callable[[Scene, str], Outcome]:
    """A button on the way there: what stands in the way, if anything does, is shown instead."""

    def pressed(scene: Scene, about: str) -> Outcome:
        require_coordinator(scene)
        found = scene.programme(about)
        if found.closed is not None:
            return Show(words.already(found, found.closed))
        edition = _edition(scene.visit, found)
        return Show(view(edition) if edition.can_close else words.not_yet(edition))

    return pressed


def close(scene: Scene, about: str) -> Outcome:
    """Forget now. Of two who press at once the second finds it done."""
    require_coordinator(scene)
    found = amending.locked(scene.visit, about)
    if found.closed is not None:
        return Show(words.already(found, found.closed), replaces=True)
    edition = _edition(scene.visit, found)
    if not edition.can_close:
        return Show(words.not_yet(edition), replaces=True)
    forget(scene.visit, found, scene.visit.now)
    _note(scene.visit, found)
    return Show(words.done(found), replaces=True)


def tell(scene: Scene, about: str) -> Outcome:
    """Let everybody who has written a challenge know, each once a day at most, however often it is pressed."""
    require_coordinator(scene)
    visit, found = scene.visit, scene.programme(about)
    if found.closed is not None:
        return Show(words.already(found, found.closed))
    writers = Challenges(visit.connection, visit.now).of_programme(found.id)
    for person in writers:
        visit.tell(person, words.erased_soon(found), key=f"closing:{found.id}:{person}:{visit.now.date()}")
    return Show(words.told(found, len(writers)))


def _note(visit: Visit, found: Programme) -> None:
    """A backup that is restored forgets again; taken back when the transaction fails, as of somebody erased."""
    journal = visit.surroundings.journal
    otherwise(visit.connection, partial(journal.take_back_programme, found.id, visit.now))
    journal.add_programme(found.id, visit.now)


def _edition(visit: Visit, found: Programme) -> Edition:
    kept = Retention(visit.connection, visit.now)
    held = workshops.store(visit).of_programme(found.id)
    return Edition(
        found,
        visit.now,
        Held(
            names=kept.names(found.id),
            members=kept.members(found.id),
            plan_rows=kept.plan_rows(found.id),
            challenges=kept.challenges(found.id),
            workshops=len(held),
            guests=len(retention.guests(visit, found)),
        ),
        rounds=Rounds(visit.connection, visit.now).of_programme(found.id),
        workshops=tuple(one for one in held if one.state is not State.ENDED),
        message_days=retention.MESSAGES_KEPT.days,
        coming=_coming(visit, found),
    )


def _coming(visit: Visit, found: Programme) -> int:
    """How many reminders are still to be sent, however many people get each."""
    return len({(one.rule.name, one.about) for one in schedule(found) if one.due_at > visit.now})


# --- Forgetting -------------------------------------------------------------------------------------------------------


def forget(visit: Visit, found: Programme, closed: datetime) -> None:
    """Let go of what names people in an edition, and remember that it is closed. The programme must be locked."""
    retention.forget_guests(visit, found)
    kept = Retention(visit.connection, visit.now)
    for occasion in found.occasions:
        kept.forget_participants(found.id, occasion.id)
    kept.forget_note_takers(found.id)
    kept.forget_programme(found.id)
    for one in Rounds(visit.connection, visit.now).of_programme(found.id):
        needing.let_be(visit, one.id)  # there is nobody left whom an answer would reach
    programmes.load(visit.connection, replace(found, closed=closed), visit.now)


async def close_again(unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings) -> int:
    """Close the editions that a restored backup has opened again; how many those were. Before anything is sent.

    One whose meetings lie later is the next edition under the same id, and is left alone.
    """

    def again(connection: Connection) -> int:
        visit = Visit(connection, clock.now(), surroundings)
        return sum(_closed_again(visit, id, at) for id, at in surroundings.journal.programmes())

    return await unit_of_work.run(again)


def _closed_again(visit: Visit, id: str, at: datetime) -> bool:
    found = programmes.locked(visit.connection, id)
    if found is None or found.closed is not None or not found.is_over(at):
        return False
    forget(visit, found, at)
    return True


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    words.CLOSE: _step(words.ask),
    words.SURE: _step(words.ask_again),
    words.NOW: close,
    words.TELL: tell,
}
