"""What coordinators do with a round that is there: look at it, undo it, close it, and remind its groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import Gone
from bot.domain.rounds import Mode, Round, State
from bot.flows import buttons, prompts
from bot.flows import rounds as words
from bot.flows.rounds import Closing, ClosingFacts, GroupStanding, Standing
from bot.handlers import mailing, moderation, rounds, urns, voting
from bot.handlers.group_names import called
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import require_coordinator
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Item, View
from storage.answers import Answers
from storage.rounds import Rounds
from storage.workshops import Workshops

# --- How it stands ----------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """How a round stands."""
    return Show(_card(scene.visit, _found(scene, about)))


def _card(visit: Visit, found: Round) -> View:
    return words.card(standing(visit, found))


def standing(visit: Visit, found: Round) -> Standing:
    """How a round stands: groups and numbers, and of sealed answers nothing but steps."""
    circle, answers = Circle(visit, found), Answers(visit.connection, visit.now)
    takers, counts = _store(visit).note_takers(found.id), answers.counts(found.id)
    drafts = _store(visit).with_draft(found.id)
    sealed_and_open = found.mode is Mode.SEALED and found.is_open
    opened_for = Workshops(visit.connection, visit.now).of_round(found.id)
    return Standing(
        round=found,
        programme=circle.programme,
        groups=tuple(
            GroupStanding(
                called(visit, one),
                one.role,
                len(circle.members(one)),
                one.id in takers,
                counts.get(one.id, 0),
                len(circle.members(one) & circle.guests),
                one.id in drafts,
            )
            for one in circle.counted
        ),
        ungrouped=len(circle.ungrouped),
        held=len(moderation.waiting_in(visit, [found.id])),
        mailed=mailing.receipt(visit, found.id) or "",
        voted=voting.so_far(visit, found),
        few_voted=voting.few_yet(visit, found),
        steps=urns.count_in_steps(visit, found) if sealed_and_open else {},
        short=urns.short(visit, found) if sealed_and_open else frozenset(),
        written=bool(counts),
        undoable=rounds.can_be_undone(visit, found),
        workshop=opened_for.id if opened_for is not None else "",
    )


def lines(visit: Visit) -> tuple[Item, ...]:
    """The running rounds, for the coordinators' view of everything; those about meetings have a line elsewhere."""
    running = (one for one in _store(visit).running() if one.programme in visit.programmes and not one.occasion)
    return tuple(words.line(standing(visit, one)) for one in running)


def _found(scene: Scene, id: str) -> Round:
    """Raises `Gone`."""
    found = _store(scene.visit).get(id)
    if found is None or found.programme not in scene.visit.programmes:
        raise Gone(words.gone())
    return found


def _locked(scene: Scene, id: str) -> Round:
    """The round, kept from changing until the transaction ends. Raises `Gone`."""
    _found(scene, id)
    locked = _store(scene.visit).locked(id)
    assert locked is not None, "rounds are never deleted while somebody looks"
    return locked


def _programme(scene: Scene, found: Round) -> Programme:
    return scene.visit.programmes[found.programme]


def _store(visit: Visit) -> Rounds:
    return Rounds(visit.connection, visit.now)


# --- Undo, and close --------------------------------------------------------------------------------------------------


def undo(scene: Scene, about: str) -> Outcome:
    """Take a round back while it can be; pressed twice, it says so twice."""
    found = _locked(scene, about)
    programme = _programme(scene, found)
    if found.state is State.WITHDRAWN:
        return Show(prompts.taken_back(found, programme, was_open=found.undo_until is not None), replaces=True)
    if found.state is State.CLOSED:
        return Show(_card(scene.visit, found), replaces=True)
    if not rounds.can_be_undone(scene.visit, found):
        return Show(words.too_late_to_undo(found))
    rounds.take_back(scene.visit, found)
    return Show(prompts.taken_back(found, programme, was_open=found.is_open), replaces=True)


def close(scene: Scene, about: str) -> Outcome:
    """Ask before a round is over for good."""
    found = _found(scene, about)
    if not found.is_open:
        return Show(_card(scene.visit, found))
    return Show(words.ask_to_close(standing(scene.visit, found)))


def confirm_close(scene: Scene, about: str) -> Outcome:
    found = _locked(scene, about)
    if found.is_open:
        with scene.visit.connection.begin_nested():  # sealed answers that cannot be opened now leave it open
            rounds.close_round(scene.visit, found)
    return Show(_card(scene.visit, _found(scene, about)), replaces=True)


# --- Remind -----------------------------------------------------------------------------------------------------------


def nudge_groups(scene: Scene, about: str) -> Outcome:
    """A word to the groups that have written nothing: once a day, whoever presses how often."""
    found = _locked(scene, about)
    if not found.is_open or found.mode is Mode.SEALED:
        raise Gone(words.is_over())
    today = local_day(scene.visit.now, _programme(scene, found).zone)
    return Show(words.reminded(_nudge(scene.visit, found, f"nudge:{today.isoformat()}")))


def _nudge(visit: Visit, found: Round, kind: str) -> int:
    """How many groups hear of it now."""
    reminded = 0
    for _group, posts in rounds.to_idle_groups(visit, Circle(visit, found), kind):
        known = visit.outbox.states(one.key for one in posts)
        new = [one for one in posts if one.key not in known]
        visit.outbox.add_many(new)
        reminded += bool(new)
    return reminded


# --- When it closes ---------------------------------------------------------------------------------------------------


def closing_time(scene: Scene, about: str) -> Outcome:
    facts = closing_facts(scene, about)
    return Start(words.CLOSING_TIME, facts.round.id, Closing(facts.round.id))


def closing_facts(scene: Scene, about: str) -> ClosingFacts:
    """Raises `Gone` when the round is over."""
    require_coordinator(scene)
    found = _found(scene, about)
    if found.state not in prompts.RUNNING:
        raise Gone(words.is_over())
    return ClosingFacts(found, _programme(scene, found), scene.visit.now)


def closing_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    return _card(scene.visit, _found(scene, about))


class ClosingRoom:
    """Implements `bot.flows.rounds.ClosingDesk` in one transaction."""

    def __init__(self, scene: Scene) -> None:
        require_coordinator(scene)
        self._scene = scene

    def close_at(self, round: str, moment: datetime | None) -> Round:
        found = _locked(self._scene, round)
        if found.state not in prompts.RUNNING:
            raise Gone(words.is_over())
        _store(self._scene.visit).change_closing(found.id, moment)
        return _found(self._scene, round)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.ROUND: show,
    prompts.UNDO_ROUND: undo,
    prompts.CLOSE_ROUND: close,
    words.CONFIRM_CLOSE: confirm_close,
    words.NUDGE_GROUPS: nudge_groups,
    words.CLOSING_TIME: closing_time,
}
