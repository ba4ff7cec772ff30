"""Workshops as they stand: read for whoever leads one, takes part in it or follows it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Box, Mode, Round
from bot.domain.rounds import State as RoundState
from bot.domain.words import Words
from bot.domain.workshops import Workshop, asks
from bot.flows import prompts
from bot.flows import workshops as words
from bot.flows.workshops import Standing, StepStanding
from bot.handlers import leaders, overseeing
from bot.handlers.audiences import asked_of
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.workshops import Workshops


def store(visit: Visit) -> Workshops:
    return Workshops(visit.connection, visit.now)


# --- Reading ----------------------------------------------------------------------------------------------------------


def standing(visit: Visit, workshop: Workshop) -> Standing:
    """Where a workshop is, with how far each group has come in every step. The programme must be there."""
    all_opened = store(visit).all_rounds(workshop.id)
    opened = dict(all_opened)
    read: dict[str, StepStanding] = {}
    for at, step in enumerate(workshop.script.steps):
        asked = asks(workshop.script, at)
        if asked in read:  # it goes on with what an earlier step has asked
            read[step.id] = StepStanding(step, read[asked].progress, read[asked].withheld)
        else:
            read[step.id] = _of_step(visit, workshop, step.id, opened)
    organisation = workshop.organisation
    return Standing(
        workshop=workshop,
        programme=visit.programmes[workshop.programme],
        steps=tuple(read.values()),
        organisation=leaders.organisation_name(visit, workshop.programme, organisation) if organisation else "",
        people=len(asked_of(visit, everybody(workshop))),
        earlier=tuple(_of_step(visit, workshop, step, {step: id}) for step, id in all_opened if opened[step] != id),
    )


def _of_step(visit: Visit, workshop: Workshop, id: str, opened: Mapping[str, str]) -> StepStanding:
    step = next(one for one in workshop.script.steps if one.id == id)
    found = Rounds(visit.connection, visit.now).get(opened[id]) if id in opened else None
    if found is None:
        return StepStanding(step)
    return StepStanding(step, overseeing.standing(visit, found), withheld(visit, found))


def withheld(visit: Visit, found: Round) -> tuple[Words, ...]:
    """The boxes of a sealed round that has closed with too few answers: nothing of them is stored."""
    if found.mode is not Mode.SEALED or found.state is not RoundState.CLOSED:
        return ()
    counted = {box for box, _question in Tallies(visit.connection).of_round(found.id)}
    written = {one.box for one in Answers(visit.connection, visit.now).of_round(found.id)}
    return tuple(prompts.box_name(box) for box in found.boxes if box.role not in counted | written)


def everybody(workshop: Workshop) -> Round:
    """A round that is never opened: it asks everybody who takes part in the workshop."""
    title = workshop.script.title
    box = Box("", title, ())
    begun_at = workshop.begun_at
    return Round("", workshop.programme, title, (box,), Mode.NOTES, begun_at, organisation=workshop.organisation)


# --- Who may ----------------------------------------------------------------------------------------------------------


def led(scene: Scene, id: str, *, locked: bool = False) -> Workshop:
    """A workshop that the person leads; `locked`, nobody else changes it meanwhile. Raises `Gone` and `NotAllowed`."""
    there = store(scene.visit)
    found = there.locked(id) if locked else there.get(id)
    if found is None or found.programme not in scene.visit.programmes:
        raise Gone(words.gone())
    if not leaders.may_lead(scene, found.programme, found.organisation):
        raise NotAllowed(words.not_yours())
    return found
