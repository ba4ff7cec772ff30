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
from sqlalchemy.exc import IntegrityError

from bot.conversation import Run, Turn, clean
from bot.domain.refusals import Refusal
from bot.flows import announcements, feedback, registration, welcome
from bot.handlers import anonymous, channels, curating_trial, faq, leaving, permissions, words
from bot.handlers.anonymous import Anonymous
from bot.handlers.events import (
    AddedToChannel,
    Inbound,
    Introduce,
    Left,
    OpenedHome,
    Pressed,
    RemovedFromChannel,
    Reply,
    Said,
    Submitted,
    WentBack,
    WorkspaceRemoved,
)
from bot.handlers.finding import Finder, Found
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.routes import FLOWS, Binding, follow
from bot.handlers.scene import Scene
from bot.handlers.visit import PLATFORMS_WITH_HOME, Surroundings, Visit
from bot.messages import Action, Form, View
from bot.ports import Clock, Surface
from storage.deliveries import Deliveries
from storage.outbox import answering
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

    `wake` is called after each commit that put something into the outbox. With `meaning`, questions are compared by
    their meaning, too, where the machine can.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        surroundings: Surroundings,
        wake: Callable[[], None],
        *,
        meaning: bool = False,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings
        self._wake = wake
        self._finder = Finder(unit_of_work, clock, surroundings.catalogue, meaning=meaning)
        self._anonymous = Anonymous(unit_of_work, clock, surroundings)

    @property
    def finds_by(self) -> str:
        """By what questions are matched with answers at this moment: "meaning" or "words"."""
        return self._finder.finds_by

    async def warm(self) -> None:
        """Make ready for questions before somebody asks one."""
        await self._finder.warm()

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        try:
            outcome = await self._receive(inbound, introduce)
        except Exception as error:  # noqa: BLE001 - a bug of ours: logged, and the person is told
            return self._fault(inbound, error)
        if outcome.wrote:
            self._wake()
        return outcome.reply

    async def _receive(self, inbound: Inbound, introduce: Introduce | None) -> _Outcome:
        if self._anonymous.takes(inbound):
            return _Outcome(await self._anonymous.receive(inbound), wrote=False)
        found = await self._found(inbound)
        try:
            return await self._try(inbound, introduce, found)
        except IntegrityError:  # another transaction came first: this very event's, or one that changes the answer
            given = await self._unit_of_work.run(lambda connection: self._repeat(connection, inbound))
            return given or await self._try(inbound, introduce, found)

    async def _found(self, inbound: Inbound) -> Found | None:
        """What a question may mean; None for whatever is none."""
        match inbound.event:
            case Said(text) if words.understand(text) is None:
                return await self._finder.find(inbound, clean(text, long=True))
            case Submitted(_token, answers):
                return await curating_trial.look_up(self._finder, inbound, answers)
            case _:
                return None

    async def _try(self, inbound: Inbound, introduce: Introduce | None, found: Found | None) -> _Outcome:
        try:
            return await self._unit_of_work.run(lambda connection: self._handle(connection, inbound, introduce, found))
        except _Unacquainted as stranger:  # so that all others, almost everybody, need one transaction only
            introduced = replace(inbound, profile=await stranger.introduce())
            return await self._try(introduced, None, found)

    def _handle(
        self, connection: Connection, inbound: Inbound, introduce: Introduce | None, found: Found | None
    ) -> _Outcome:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        reply = _act(visit, inbound, introduce, found)
        if inbound.automatic:
            return _Outcome(reply, wrote=False)  # it changed nothing, so it may come as often as it likes
        # Last, so that the twin of an event that is being handled elsewhere is rolled back whole.
        Deliveries(connection, visit.now).add(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery, _kept(reply)
        )
        return _Outcome(reply, wrote=visit.outbox.wrote)

    def _repeat(self, connection: Connection, inbound: Inbound) -> _Outcome | None:
        """The answer that was given before; None when the event has not been here."""
        visit = Visit(connection, self._clock.now(), self._surroundings)
        stored = Deliveries(connection, visit.now).reply(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery
        )
        if stored is None:
            return None
        return _Outcome(_given_again(visit, inbound, stored), wrote=visit.outbox.wrote)

    def _fault(self, inbound: Inbound, error: Exception) -> Reply:
        """A bug of ours: nothing was saved; the person is told, and the log has the reference they were given."""
        reference = secrets.token_hex(4)
        log.error(
            "an event could not be handled",
            extra={"reference": reference, "event": type(inbound.event).__name__, "platform": inbound.actor.platform},
            exc_info=error,
        )
        return Reply(welcome.fault(reference), self._surroundings.language)


def _act(visit: Visit, inbound: Inbound, introduce: Introduce | None, found: Found | None) -> Reply:
    if isinstance(inbound.event, WorkspaceRemoved | Left | AddedToChannel | RemovedFromChannel):
        _take_note(visit, inbound)
        return Reply()
    known = visit.people.meet(inbound.actor, inbound.private, inbound.profile, visit.surroundings.language)
    if introduce is not None and not known.profile_read:
        raise _Unacquainted(introduce)
    scene = Scene(visit, known, inbound, found)
    match inbound.event:
        case Said(text):
            return _answer(scene, _said(scene, text, found))
        case Pressed(action):
            return _answer(scene, follow(scene, Action(action.do, clean(action.about))))
        case Submitted(token, answers):
            return _show(
                scene, _on_run(scene, token, lambda b, run, facts: b.flow.receive(run, answers, facts, b.port(scene)))
            )
        case WentBack(token):
            return _show(scene, _on_run(scene, token, lambda b, run, facts: b.flow.back(run, facts, b.port(scene))))
        case OpenedHome():
            return _opened(scene)


def _take_note(visit: Visit, inbound: Inbound) -> None:
    """Take note of what happened to a person, a channel or a workspace; nobody waits for an answer."""
    match inbound.event:
        case WorkspaceRemoved():
            visit.people.workspace_left(inbound.actor.platform, inbound.actor.workspace)
        case Left():
            leaving.left(visit, inbound.actor)
        case AddedToChannel():
            channels.added(visit, inbound.came_from)
        case RemovedFromChannel():
            channels.removed(visit, inbound.came_from)


# --- The same event again ---------------------------------------------------------------------------------------------


def _kept(reply: Reply) -> str:
    """What is stored of an answer: a form can be drawn again, and so its token will do; all else is kept as JSON."""
    view = reply.view
    if isinstance(view, Form) and not view.errors and not view.refusal and view.intro[:1] != (welcome.resumed(),):
        return view.token
    return to_json(reply).decode()


def _given_again(visit: Visit, inbound: Inbound, kept: str) -> Reply:
    """The answer of which `_kept` told. If the form has been answered since, the one that stands there now."""
    if kept.startswith("{"):
        return _REPLY.validate_json(kept)
    known = visit.people.meet(inbound.actor, inbound.private, None, visit.surroundings.language)
    scene = Scene(visit, known, inbound)
    return _show(scene, _on_run(scene, kept, lambda b, run, facts: b.flow.show(run, facts, b.port(scene))))


# --- Words and buttons ------------------------------------------------------------------------------------------------


def _said(scene: Scene, text: str, found: Found | None) -> Outcome:
    action = words.understand(text)
    if action is not None:
        return follow(scene, action)
    sealed = anonymous.open_to(scene)
    answer = faq.answer(scene, found, keeps_words=not sealed) if found is not None else None
    return answer or Show(feedback.typed_instead(sealed) if sealed else welcome.not_understood())


def _answer(scene: Scene, outcome: Outcome) -> Reply:
    if isinstance(outcome, Show):
        if outcome.aloud:
            return _say_aloud(scene, outcome.view)
        return _show(scene, outcome.view, replaces=outcome.replaces)
    if not scene.inbound.opens_forms:
        return _show(scene, FLOWS[outcome.flow].invitation(scene, outcome.about))
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


def _say_aloud(scene: Scene, view: View) -> Reply:
    """Answer in the channel, under what was typed there."""
    inbound = scene.inbound
    key = f"reply:{scene.actor}:{inbound.delivery}"
    scene.visit.outbox.add(key, inbound.came_from, "", scene.language, view, thread=answering(inbound.message))
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
            fresh = _renewed(run) if stored.overtaken else run
            return _gone_on(_keep(scene, binding, run, binding.flow.show(fresh, facts, binding.port(scene))))
        scene.visit.runs.close(stored.id)
    turn = binding.flow.begin(Run(uuid.uuid4().hex, start.state), facts, binding.port(scene))
    _begin(scene, binding, start, turn.run)
    return turn.view


def _gone_on(view: View) -> View:
    """A form in the middle of a flow, with a word on why one lands there."""
    if isinstance(view, Form) and view.can_go_back:
        return replace(view, intro=(welcome.resumed(), *view.intro))
    return view


def _begin(scene: Scene, binding: Binding, start: Start, run: Run[Any]) -> None:
    """Keep the new run. Of two clicks at once one begins it; the other fails here, is looked at anew, and finds it."""
    scene.visit.runs.begin(
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
    if stored.overtaken:
        return _move(scene, binding, stored, _show_anew)
    return _move(scene, binding, stored, act if revision == str(stored.revision) else _show_current)


def _move(scene: Scene, binding: Binding, stored: StoredRun, act: Act) -> View:
    try:
        permissions.check(scene, stored.flow)
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
    if act is _show_anew and isinstance(view, Form):
        return replace(view, refusal=announcements.look_again())
    return view


def _show_current(binding: Binding, run: Run[Any], facts: Any) -> Turn[Any]:
    """The question the run really stands at, for someone who answered an older one."""
    return binding.flow.show(run, facts, None)


def _show_anew(binding: Binding, run: Run[Any], facts: Any) -> Turn[Any]:
    """The question with the facts as they are now; the first one again if what was chosen is no longer offered."""
    first = binding.flow.begin(run, facts, None)
    offered = first.view.values.get("occasions", ()) if isinstance(first.view, Form) else ()
    if set(getattr(run.state, "occasions", ())) - set(offered):
        return first
    return binding.flow.show(_renewed(run), facts, None)


def _renewed(run: Run[Any]) -> Run[Any]:
    """The run after its facts have changed: an answer to what was shown before does not count."""
    return replace(run, revision=run.revision + 1)


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
