"""From one step of a workshop to another: what is asked, what closes, and what those who take part are told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.refusals import Gone, Refusal
from bot.domain.rounds import Mode, Round, State
from bot.domain.words import _
from bot.domain.workshops import Workshop, asks, is_needed
from bot.flows import round_drafts, workshop_news
from bot.handlers import prompting, rounds, subtracting, unended, urns, workshops
from bot.handlers.prompting import Circle
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.outbox import Post
from storage.rounds import Rounds


def forward(visit: Visit, workshop: Workshop, by: str, *, asking: bool = True) -> None:
    """To the next step: what no later step goes on with closes, and what is asked there opens.

    Raises a `Refusal` when it cannot: the caller undoes what was written since. Without `asking` nothing opens.
    """
    moved = workshop.moved(1, visit.now)
    keep(visit, moved, was=workshop)
    close_before(visit, moved)
    if asking:
        enter(visit, moved, by)


def keep(visit: Visit, changed: Workshop, *, was: Workshop) -> None:
    """Store how far it has come. The workshop must be locked."""
    kept = workshops.store(visit).save(changed, was=was)
    assert kept, "nobody else changes a workshop that is locked"
    unended.settle(visit, was)


def enter(visit: Visit, workshop: Workshop, by: str) -> None:
    """Ask what the step asks, once; `by` writes first where everybody agrees on one thing. Raises `Refusal`."""
    step = workshop.step
    found = latest(visit, workshop, asks(workshop.script, workshop.at))
    if step.set and (found is None or found.state is State.WITHDRAWN):
        ask(visit, workshop, by)
    elif step.goes_on and found is not None and found.is_open:
        view = workshop_news.goes_on(visit.programmes[workshop.programme], step, _voted_on(visit, found))
        tell_everybody(visit, workshop, f"step:{workshop.version}", view)


def _voted_on(visit: Visit, about: Round) -> Round:
    """The round with its vote begun, where it has one: nobody has spent theirs on what was written first."""
    store = Rounds(visit.connection, visit.now)
    locked = store.locked(about.id)
    assert locked is not None, "rounds are never deleted while somebody looks"
    return store.begin_vote(locked) if locked.voted_later else locked


def latest(visit: Visit, workshop: Workshop, step: str) -> Round | None:
    """The round that was opened last for a step."""
    id = workshops.store(visit).rounds(workshop.id).get(step)
    return Rounds(visit.connection, visit.now).get(id) if id is not None else None


# --- Asking -----------------------------------------------------------------------------------------------------------


def ask(visit: Visit, workshop: Workshop, by: str) -> None:
    """Open a new round of the step's questions. Raises `Refusal` when it cannot open."""
    programme = visit.programmes[workshop.programme]
    found = programme.question_set(workshop.step.set)
    if found is None:
        raise Gone(_("These questions are no longer in the programme."))
    about = replace(
        round_drafts.of_set(found, programme, visit.now),
        id=uuid.uuid4().hex,
        organisation=workshop.organisation,
        threshold=workshop.script.threshold,
        opened_by=by,
        voted_later=is_needed(workshop.script, workshop.step.id, workshop.at + 1),
    )
    opening = _of_those_here(visit, workshop, about) if about.mode is Mode.SEALED else about
    Rounds(visit.connection, visit.now).add(opening)
    workshops.store(visit).add_round(workshop.id, workshop.step.id, opening.id)
    rounds.open_round(visit, opening)


def _of_those_here(visit: Visit, workshop: Workshop, about: Round) -> Round:
    """Without the boxes of roles that nobody in the room has, or that are known. Raises `Refusal` when none is left."""
    boxes = tuple(box for box in about.boxes if urns.eligible(visit, about, box))
    if not boxes:
        raise Refusal(_("Nobody has chosen a role group yet. Let everybody write “group” to me first."))
    return replace(about, boxes=subtracting.still_to_ask(visit, workshop, replace(about, boxes=boxes)))


# --- Closing ----------------------------------------------------------------------------------------------------------


def close_before(visit: Visit, workshop: Workshop) -> None:
    """Close what earlier steps have asked, unless this one or a later one goes on with it."""
    script = workshop.script
    for step in script.steps[: workshop.at]:
        if step.set and not is_needed(script, step.id, workshop.at):
            _close(visit, latest(visit, workshop, step.id))


def close_all(visit: Visit, workshop: Workshop) -> None:
    for step in workshop.script.steps:
        if step.set:
            _close(visit, latest(visit, workshop, step.id))


def _close(visit: Visit, about: Round | None) -> None:
    """Raises `Refusal` while sealed answers cannot be opened."""
    locked = Rounds(visit.connection, visit.now).locked(about.id) if about is not None and about.is_open else None
    if locked is not None and locked.is_open:
        rounds.close_round(visit, locked)


# --- Telling ----------------------------------------------------------------------------------------------------------


def tell_everybody(visit: Visit, workshop: Workshop, what: str, view: Card) -> None:
    """A message to everybody who takes part and to the channels of their groups, each once."""
    visit.outbox.add_many(_posts(visit, workshop, f"workshop:{workshop.id}:{what}", view))


def _posts(visit: Visit, workshop: Workshop, key: str, view: Card) -> Iterator[Post]:
    circle = Circle(visit, workshops.everybody(workshop))
    for person, recipient in circle.wanting(circle.asked).recipients.items():
        yield replace(prompting.post(circle.about, "", person, recipient, view), key=f"{key}:{person}")
    talking = {id: channel for id, (channel, _group) in circle.group_channels.items()}
    for id, channel in {**talking, **circle.channels}.items():
        yield prompting.to_channel(visit, f"{key}:{id}", channel, view)
