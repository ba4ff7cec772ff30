"""One event, one transaction, one reply: from a verified event to its durable effects."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json
from sqlalchemy import Connection

from bot.conversation import Run, Turn, clean
from bot.domain.refusals import Refusal
from bot.flows import mine, programmes, registration, welcome
from bot.handlers import words
from bot.handlers.events import (
    AddedToChannel,
    Inbound,
    Introduce,
    Left,
    OpenedHome,
    Pressed,
    Reply,
    Said,
    Submitted,
    WentBack,
    WorkspaceRemoved,
)
from bot.handlers.routes import FLOWS, Binding, Outcome, Show, Start, follow
from bot.handlers.scene import Scene
from bot.handlers.visit import PLATFORMS_WITH_HOME, Surroundings, Visit
from bot.messages import Action, Form, View
from bot.ports import Clock, Surface
from storage.deliveries import AlreadyReceived, Deliveries
from storage.runs import StoredRun
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)

Act = Callable[[Binding, Run[Any], Any], Turn[Any]]
"""What to do with a run and its facts."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a transaction came to."""

    reply: Reply
    wrote: bool  # something into the outbox


class _Unacquainted(Exception):
    """The actor's profile has not been read; the transaction is rolled back and begun anew with it."""

    def __init__(self, introduce: Introduce) -> None:
        super().__init__()
        self.introduce = introduce


class Reception:
    """Receives events from every platform; implements `bot.handlers.events.Receives`.

    `wake` is called after each commit that put something into the outbox.
    """

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings, wake: Callable[[], None]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings
        self._wake = wake

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        try:
            outcome = await self._receive(inbound, introduce)
        except Exception as error:  # noqa: BLE001 - a bug of ours: logged, and the person is told
            return self._fault(inbound, error)
        if outcome.wrote:
            self._wake()
        return outcome.reply

    async def _receive(self, inbound: Inbound, introduce: Introduce | None) -> _Outcome:
        try:
            return await self._unit_of_work.run(lambda connection: self._handle(connection, inbound, introduce))
        except _Unacquainted as stranger:  # so that all others, almost everybody, need one transaction only
            introduced = replace(inbound, profile=await stranger.introduce())
            return await self._receive(introduced, None)
        except AlreadyReceived:
            return await self._unit_of_work.run(lambda connection: self._repeat(connection, inbound))

    def _handle(self, connection: Connection, inbound: Inbound, introduce: Introduce | None) -> _Outcome:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        reply = _act(visit, inbound, introduce)
        # Last, so that the twin of an event that is being handled elsewhere is rolled back whole.
        Deliveries(connection, visit.now).add(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery, to_json(reply).decode()
        )
        return _Outcome(reply, wrote=visit.outbox.wrote)

    def _repeat(self, connection: Connection, inbound: Inbound) -> _Outcome:
        """The answer that was given before."""
        stored = Deliveries(connection, self._clock.now()).reply(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery
        )
        return _Outcome(_REPLY.validate_json(stored) if stored else Reply(), wrote=False)

    def _fault(self, inbound: Inbound, error: Exception) -> Reply:
        """A bug of ours: nothing was saved; the person is told, and the log has the reference they were given."""
        reference = secrets.token_hex(4)
        log.error(
            "an event could not be handled",
            extra={"reference": reference, "event": type(inbound.event).__name__, "platform": inbound.actor.platform},
            exc_info=error,
        )
        return Reply(welcome.fault(reference), self._surroundings.language)


def _act(visit: Visit, inbound: Inbound, introduce: Introduce | None) -> Reply:
    if isinstance(inbound.event, WorkspaceRemoved):
        visit.people.workspace_left(inbound.actor.platform, inbound.actor.workspace)
        return Reply()
    known = visit.people.meet(inbound.actor, inbound.private, inbound.profile, visit.surroundings.language)
    if introduce is not None and not known.profile_read:
        raise _Unacquainted(introduce)
    scene = Scene(visit, known, inbound)
    match inbound.event:
        case Said(text):
            return _answer(scene, _said(scene, text))
        case Pressed(action):
            return _answer(scene, follow(scene, Action(action.do, clean(action.about))))
        case Submitted(token, answers):
            return _show(
                scene, _on_run(scene, token, lambda b, run, facts: b.flow.receive(run, answers, facts, scene.desk))
            )
        case WentBack(token):
            return _show(scene, _on_run(scene, token, lambda b, run, facts: b.flow.back(run, facts, scene.desk)))
        case OpenedHome():
            return _opened(scene)
        case Left():
            visit.people.mark(inbound.actor, event="left")
            return Reply()
        case AddedToChannel():
            return _greet_channel(scene)


# --- Words and buttons ------------------------------------------------------------------------------------------------


def _said(scene: Scene, text: str) -> Outcome:
    action = words.understand(text)
    return follow(scene, action) if action else Show(welcome.not_understood())


def _answer(scene: Scene, outcome: Outcome) -> Reply:
    if isinstance(outcome, Show):
        return _show(scene, outcome.view, replaces=outcome.replaces)
    if not scene.inbound.opens_forms and outcome.flow != registration.flow.name:
        return _show(scene, mine.card(scene.bookings(), scene.unfinished(), scene.visit.now))
    if not scene.inbound.opens_forms:
        return _show(scene, programmes.invitation(scene.programme(outcome.about), scene.left, scene.visit.now))
    return _show(scene, _start(scene, outcome))


def _show(scene: Scene, view: View, *, replaces: bool = False) -> Reply:
    """Show the view where the event came from; what cannot be shown there at once goes through the outbox."""
    if replaces:
        _refresh_home(scene)
    if isinstance(view, Form) or scene.inbound.answers_inline or replaces:
        return Reply(view, scene.language, replaces)
    key = f"reply:{scene.actor}:{scene.inbound.delivery}"
    if scene.inbound.came_from.surface is Surface.PERSON:
        scene.visit.outbox.add(key, scene.inbound.came_from, scene.person.id, scene.language, view)
    else:
        # What a person asks in a channel is answered to that person alone.
        scene.visit.tell(scene.person.id, view, key=key)
    return Reply(None, scene.language)


# --- Forms ------------------------------------------------------------------------------------------------------------


def _start(scene: Scene, start: Start) -> View:
    """Begin the flow, or go on with a registration where the person left off."""
    binding = FLOWS[start.flow]
    facts = binding.facts(scene, start.about)
    stored = scene.visit.runs.open(scene.actor, start.flow, start.about)
    if stored is not None:
        state = _resumable(binding, stored)
        if state is not None:
            run = _run(stored, state)
            return _gone_on(_keep(scene, binding, run, binding.flow.show(run, facts, scene.desk)))
        scene.visit.runs.close(stored.id)
    turn = binding.flow.begin(Run(uuid.uuid4().hex, start.state), facts, scene.desk)
    # Of two clicks at once the first begins the run, and the second finds it.
    return turn.view if _add(scene, binding, start, turn.run) else _start(scene, start)


def _gone_on(view: View) -> View:
    """A form in the middle of a flow, with a word on why one lands there."""
    if isinstance(view, Form) and view.can_go_back:
        return replace(view, intro=(welcome.resumed(), *view.intro))
    return view


def _add(scene: Scene, binding: Binding, start: Start, run: Run[Any]) -> bool:
    return scene.visit.runs.add(
        StoredRun(
            run.id,
            scene.actor,
            start.flow,
            binding.flow.version,
            start.about,
            run.step,
            run.revision,
            binding.flow.dump(run.state),
            run.done,
            scene.visit.now,
        )
    )


def _resumable(binding: Binding, stored: StoredRun) -> Any:
    """The state to go on from; None when the flow begins anew each time, or has changed since."""
    if binding.flow is not registration.flow or stored.version != binding.flow.version:
        return None
    try:
        return binding.flow.load(stored.state)
    except ValidationError:
        return None


def _on_run(scene: Scene, token: str, act: Act) -> View:
    """Let the answered form's run go on, if the form is this person's newest one."""
    id, _dot, revision = clean(token).rpartition(".")
    stored = scene.visit.runs.get(id)
    if stored is None:
        return welcome.unknown_form()
    if stored.actor != scene.actor:
        return welcome.not_yours()
    if stored.done:
        return welcome.finished()
    binding = FLOWS.get(stored.flow)
    if binding is None or stored.version != binding.flow.version:
        scene.visit.runs.close(stored.id)
        return welcome.newer_version()
    return _move(scene, binding, stored, act if revision == str(stored.revision) else _show_current)


def _move(scene: Scene, binding: Binding, stored: StoredRun, act: Act) -> View:
    try:
        facts = binding.facts(scene, stored.about)
        run = _run(stored, binding.flow.load(stored.state))
        turn = act(binding, run, facts)
    except Refusal as refused:
        scene.visit.runs.close(stored.id)
        return welcome.declined(refused.reason)
    view = _keep(scene, binding, run, turn)
    if turn.run.done:
        _refresh_home(scene)
    if act is _show_current and isinstance(view, Form):
        return replace(view, refusal=welcome.outdated())
    return view


def _show_current(binding: Binding, run: Run[Any], facts: Any) -> Turn[Any]:
    """The question the run really stands at, for someone who answered an older one."""
    return binding.flow.show(run, facts, None)


def _keep(scene: Scene, binding: Binding, before: Run[Any], turn: Turn[Any]) -> View:
    """Store where the run stands, unless it stands where it stood: a refused form changes nothing."""
    run = turn.run
    if run is not before:
        scene.visit.runs.save(
            run.id, step=run.step, revision=run.revision, state=binding.flow.dump(run.state), done=run.done
        )
    return turn.view


def _run(stored: StoredRun, state: Any) -> Run[Any]:
    return Run(stored.id, state, stored.step, stored.revision, stored.done)


# --- The person's own page, and channels ------------------------------------------------------------------------------


def _opened(scene: Scene) -> Reply:
    """Welcome the person once, ever, and publish their own page."""
    scene.visit.people.mark(scene.actor, event="home_opened")
    if not scene.known.welcomed:
        scene.visit.people.mark(scene.actor, event="welcomed")
        scene.visit.tell(scene.person.id, welcome.welcome(scene.person), key=f"welcome:{scene.actor}")
    _publish_home(scene)
    return Reply(None, scene.language)


def _refresh_home(scene: Scene) -> None:
    """Let a page that has been opened show the truth."""
    if scene.known.home_opened:
        _publish_home(scene)


def _publish_home(scene: Scene) -> None:
    if scene.actor.platform in PLATFORMS_WITH_HOME:
        view = welcome.home(scene.person, scene.bookings(), scene.unfinished(), scene.programmes, scene.visit.now)
        scene.visit.show_home(scene.actor, scene.person.id, scene.language, view, key=scene.inbound.delivery)


def _greet_channel(scene: Scene) -> Reply:
    channel = scene.inbound.came_from
    key = f"channel:{channel.platform}:{channel.workspace}:{channel.conversation}"
    scene.visit.people.remember_channel(channel)
    scene.visit.outbox.add(key, channel, "", scene.visit.surroundings.language, welcome.channel_hello())
    return Reply(None)
