"""One event, one transaction, one reply: from a verified event to its durable effects."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.conversation import clean
from bot.domain.values import dataclass
from bot.flows import buttons, feedback, newcomers, participants, sealing, welcome
from bot.flows import faq as questions
from bot.handlers import anonymous, channels, curating_trial, faq, form_runs, home, leaving, tasks, voting, words
from bot.handlers.anonymous import Anonymous
from bot.handlers.bound_flows import FLOWS
from bot.handlers.events import (
    AddedToChannel,
    Event,
    Happening,
    Inbound,
    Introduce,
    Left,
    OpenedHome,
    Pressed,
    RemovedFromChannel,
    Reply,
    Said,
    Submitted,
    Untaken,
    WentBack,
    WorkspaceRemoved,
)
from bot.handlers.finding import Finder, Found, is_too_long
from bot.handlers.outcomes import Confide, Outcome, Show
from bot.handlers.regretting import wants_it_back
from bot.handlers.routes import follow
from bot.handlers.scene import Scene
from bot.handlers.visit import Surroundings, Visit
from bot.handlers.wishes import wish
from bot.messages import Action, Card, Form, View
from bot.ports import Clock, Surface
from storage.deliveries import Deliveries
from storage.outbox import answering
from storage.people import Acquaintance
from storage.runs import Runs
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


_MEANT_BY_OTHERS = {
    buttons.ASK: questions.HUMAN,  # whoever puts no questions to groups has one of their own
    participants.PARTICIPANTS: newcomers.WHO,
}
"""What a coordinator's word means when somebody else says it."""


@cache
def _reader() -> TypeAdapter[Reply]:
    """Made when the first answer has to be given again, which is seldom."""
    return TypeAdapter(Reply)


@dataclass(frozen=True, slots=True)
class _Handled:
    """An event that has had its effect."""

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
        self.failed = 0  # events that could not be handled

    @property
    def finds_by(self) -> str:
        """By what questions are matched with answers at this moment: "meaning" or "words"."""
        return self._finder.finds_by

    async def warm(self) -> None:
        """Make ready for questions before somebody asks one."""
        await self._finder.warm()

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        try:
            handled = await self._receive(inbound, introduce)
        except Exception as error:
            told = self._fault(inbound, error)
            if isinstance(inbound.event, Happening):
                raise Untaken from error
            return told
        if handled.wrote:
            self._wake()
        return handled.reply

    async def _receive(self, inbound: Inbound, introduce: Introduce | None) -> _Handled:
        if self._anonymous.takes(inbound):
            return _Handled(await self._anonymous.receive(inbound), wrote=False)
        if voting.is_vote(inbound.event):
            await self._get_acquainted(inbound, introduce)
            introduce = None
        found = await self._found(inbound)
        try:
            return await self._try(inbound, introduce, found)
        except IntegrityError:  # another transaction came first: this very event's, or one that changes the answer
            given = await self._unit_of_work.run(lambda connection: self._repeat(connection, inbound))
            return given or await self._try(inbound, introduce, found)

    async def _get_acquainted(self, inbound: Inbound, introduce: Introduce | None) -> None:
        """Note who it is before they vote: PostgreSQL tells of every row which others were written together with it."""
        known = await self._unit_of_work.run(lambda connection: self._meet(connection, inbound))
        if introduce is not None and not known.profile_read:
            introduced = replace(inbound, profile=await introduce())
            await self._unit_of_work.run(lambda connection: self._meet(connection, introduced))

    def _meet(self, connection: Connection, inbound: Inbound) -> Acquaintance:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        return _met(visit, inbound)

    async def _found(self, inbound: Inbound) -> Found | None:
        """What a question may mean; None for whatever is none."""
        match inbound.event:
            case Said(text) if words.understand(text) is None:
                return await self._finder.find(inbound, clean(text, long=True))
            case Pressed(action) if action.do == questions.TYPED:
                typed = self._surroundings.unkept.take(inbound.actor, self._clock.now())
                return await self._finder.find(inbound, typed)
            case Submitted(token, answers) if curating_trial.may_ask(answers):
                flow = await self._unit_of_work.run(lambda c: form_runs.flow_of(Runs(c, self._clock.now()), token))
                return await curating_trial.look_up(self._finder, inbound, flow, answers)
            case _:
                return None

    async def _try(self, inbound: Inbound, introduce: Introduce | None, found: Found | None) -> _Handled:
        try:
            return await self._unit_of_work.run(lambda connection: self._handle(connection, inbound, introduce, found))
        except _Unacquainted as stranger:  # so that all others, almost everybody, need one transaction only
            introduced = replace(inbound, profile=await stranger.introduce())
            return await self._try(introduced, None, found)

    def _handle(
        self, connection: Connection, inbound: Inbound, introduce: Introduce | None, found: Found | None
    ) -> _Handled:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        reply = _act(visit, inbound, introduce, found)
        if inbound.automatic:
            return _Handled(reply, wrote=False)  # it changed nothing, so it may come as often as it likes
        if reply.confided:
            return _Handled(reply, wrote=visit.outbox.wrote)  # such an event may come twice: it has the same effect
        # Last, so that the twin of an event that is being handled elsewhere is rolled back whole.
        Deliveries(connection, visit.now).add(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery, _kept(reply)
        )
        return _Handled(reply, wrote=visit.outbox.wrote)

    def _repeat(self, connection: Connection, inbound: Inbound) -> _Handled | None:
        """The answer that was given before; None when the event has not been here."""
        visit = Visit(connection, self._clock.now(), self._surroundings)
        stored = Deliveries(connection, visit.now).reply(
            inbound.actor.platform, inbound.actor.workspace, inbound.delivery
        )
        if stored is None:
            return None
        return _Handled(_given_again(visit, inbound, stored), wrote=visit.outbox.wrote)

    def _fault(self, inbound: Inbound, error: Exception) -> Reply:
        """A bug of ours: nothing was saved; the person is told, and the log has the reference they were given."""
        self.failed += 1
        reference = secrets.token_hex(4)
        log.error(
            "an event could not be handled",
            extra={"reference": reference, "event": type(inbound.event).__name__, "platform": inbound.actor.platform},
            exc_info=error,
        )
        return Reply(welcome.fault(reference), self._surroundings.language)


def _act(visit: Visit, inbound: Inbound, introduce: Introduce | None, found: Found | None) -> Reply:
    if isinstance(inbound.event, Happening):
        _take_note(visit, inbound)
        return Reply()
    _ask_ahead(visit, inbound.event)
    known = _met(visit, inbound)
    if introduce is not None and not known.profile_read:
        raise _Unacquainted(introduce)
    scene = Scene(visit, known, inbound, found)
    match inbound.event:
        case Said(text):
            return _answer(scene, _said(scene, text, found))
        case Pressed(action):
            return _answer(scene, follow(scene, Action(action.do, clean(action.about))))
        case Submitted(token, answers):
            return _show(scene, form_runs.answer(scene, token, answers))
        case WentBack(token):
            return _show(scene, form_runs.back(scene, token))
        case OpenedHome():
            return home.opened(scene)


def _met(visit: Visit, inbound: Inbound) -> Acquaintance:
    return visit.people.meet(inbound.actor, inbound.private, inbound.profile, visit.surroundings.language)


def _ask_ahead(visit: Visit, event: Event) -> None:
    """Let what is asked whoever it is be asked together with who it is."""
    if isinstance(event, Submitted | WentBack):
        visit.runs.get_ahead(clean(event.token).rpartition(".")[0])
    if isinstance(event, Pressed | Submitted | WentBack):
        visit.programmes_ahead()


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
        return _reader().validate_json(kept)
    known = visit.people.meet(inbound.actor, inbound.private, None, visit.surroundings.language)
    scene = Scene(visit, known, inbound)
    return _show(scene, form_runs.show(scene, kept))


# --- Words and buttons ------------------------------------------------------------------------------------------------


def _said(scene: Scene, text: str, found: Found | None) -> Outcome:
    if wants_it_back(text) and (open_ones := anonymous.open_to(scene)):
        return Show(sealing.can_be_taken_back(open_ones))
    action = words.understand(text)
    if action is not None and not action.about and not scene.coordinates:
        action = Action(_MEANT_BY_OTHERS.get(action.do, action.do))
    action = action or wish(scene, text)
    if action is not None:
        return follow(scene, action)
    sealed = anonymous.open_to(scene)
    task = tasks.meant(scene, found, suggests=not sealed) if found is not None else None
    if task is not None:
        return follow(scene, task) if isinstance(task, Action) else task
    answer = faq.answer(scene, found, keeps_words=not sealed) if found is not None else None
    if answer is not None:
        return answer
    if sealed and found is not None:
        scene.visit.surroundings.unkept.hold(scene.actor, found.text, scene.visit.now)
    if sealed:
        return Show(feedback.typed_instead(sealed))
    if is_too_long(clean(text, long=True)):
        return Show(questions.too_long())
    remark = words.remark(text)
    return follow(scene, remark) if remark is not None else Show(welcome.not_understood())


def _answer(scene: Scene, outcome: Outcome) -> Reply:
    if isinstance(outcome, Show):
        if outcome.aloud:
            return _say_aloud(scene, outcome.view)
        return _show(scene, outcome.view, replaces=outcome.replaces)
    if isinstance(outcome, Confide):
        return _confide(scene, outcome)
    if not scene.inbound.opens_forms:
        return _show(scene, FLOWS[outcome.flow].invitation(scene, outcome.about))
    return _show(scene, form_runs.start(scene, outcome))


def _show(scene: Scene, view: View, *, replaces: bool = False) -> Reply:
    """Show the view where the event came from; what cannot be shown there at once goes through the outbox."""
    if replaces:
        home.refresh(scene)
    replaces = replaces and not _is_shared(scene.inbound)
    if replaces or scene.inbound.can_show(view):
        return Reply(view, scene.language, replaces)
    key = f"reply:{scene.actor}:{scene.inbound.delivery}"
    if scene.inbound.came_from.surface is Surface.PERSON:
        scene.visit.outbox.add(key, scene.inbound.came_from, view, person=scene.person.id, language=scene.language)
    else:
        # What a person asks in a channel is answered to that person alone.
        scene.visit.tell(scene.person.id, _with_origin(view, scene.inbound), key=key)
        heard_by_others = bool(scene.inbound.message) or scene.inbound.notices_inline
        return Reply(None, scene.language, elsewhere=heard_by_others)
    return Reply(None, scene.language)


def _confide(scene: Scene, told: Confide) -> Reply:
    """Show it to this person at once, or the way to it: neither the outbox nor a delivery has anything to keep.

    In their own conversation every platform can write the answer itself; where others read, only what it shows to one.
    """
    inbound = scene.inbound
    if inbound.came_from.surface is Surface.CHANNEL and not inbound.can_show(told.view):
        return _show(scene, told.invitation)
    return Reply(told.view, scene.language, told.replaces and not _is_shared(inbound), confided=True)


def _is_shared(inbound: Inbound) -> bool:
    """Whether the pressed button stands in a message that others see: what one person is told never takes its place."""
    pressed = isinstance(inbound.event, Pressed) and bool(inbound.event.reference)
    return pressed and inbound.came_from.surface is Surface.CHANNEL


def _with_origin(view: View, inbound: Inbound) -> View:
    """The answer with word of where it was asked for: its reader may have several channels, and is in none now."""
    if not isinstance(view, Card) or view.footnote:
        return view
    asked_in = welcome.pressed_in if isinstance(inbound.event, Pressed) else welcome.mentioned_in
    return replace(view, footnote=asked_in(inbound.came_from.details.get("name", "")))


def _say_aloud(scene: Scene, view: View) -> Reply:
    """Answer in the channel, under what was typed there."""
    inbound = scene.inbound
    scene.visit.people.remember_channel(inbound.came_from)  # without it, the answer would find no thread
    key = f"reply:{scene.actor}:{inbound.delivery}"
    scene.visit.outbox.add(
        key, inbound.came_from, view, person="", language=scene.language, thread=answering(inbound.message)
    )
    return Reply(None, scene.language)
