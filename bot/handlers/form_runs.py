"""Forms on their way through a flow: opened, answered, gone back in and resumed, each at its own place."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from bot.conversation import Answers, Run, Turn, clean
from bot.domain.refusals import Refusal
from bot.flows import announcements, registration, welcome
from bot.handlers import home, permissions
from bot.handlers.bound_flows import FLOWS, Binding
from bot.handlers.outcomes import Start
from bot.handlers.scene import Scene
from bot.messages import Form, View
from storage.runs import Runs, StoredRun

Act = Callable[[Binding, Run[Any], Any], Turn[Any]]
"""What to do with a run and its facts."""


def start(scene: Scene, wanted: Start) -> View:
    """Begin the flow, or go on with a registration where the person left off."""
    binding = FLOWS[wanted.flow]
    facts = binding.facts(scene, wanted.about)
    stored = scene.visit.runs.open(scene.actor, wanted.flow, wanted.about)
    if stored is not None:
        state = _resumable(binding, stored)
        if state is not None:
            run = _run(stored, state)
            fresh = _renewed(run) if stored.overtaken else run
            return _gone_on(_keep(scene, binding, run, binding.flow.show(fresh, facts, binding.port(scene))))
        scene.visit.runs.close(stored.id)
    turn = binding.flow.begin(Run(uuid.uuid4().hex, wanted.state), facts, binding.port(scene))
    _begin(scene, binding, wanted, turn.run)
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
            id=run.id,
            actor=scene.actor,
            flow=start.flow,
            version=binding.flow.version,
            about=start.about,
            step=run.step,
            revision=run.revision,
            state=binding.flow.dump(run.state),
            done=run.done,
            updated_at=scene.visit.now,
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


def answer(scene: Scene, token: str, answers: Answers) -> View:
    """What follows when a form has been filled in."""
    return _on_run(scene, token, lambda b, run, facts: b.flow.receive(run, answers, facts, b.port(scene)))


def back(scene: Scene, token: str) -> View:
    """The form before this one."""
    return _on_run(scene, token, lambda b, run, facts: b.flow.back(run, facts, b.port(scene)))


def show(scene: Scene, token: str) -> View:
    """The form that stands there now."""
    return _on_run(scene, token, lambda b, run, facts: b.flow.show(run, facts, b.port(scene)))


def flow_of(runs: Runs, token: str) -> str:
    """The flow that a form belongs to, whoever sends it; empty for one that is not known."""
    stored = runs.get(clean(token).rpartition(".")[0])
    return stored.flow if stored is not None else ""


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
        home.refresh(scene)
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
    """Store where the run stands, unless it stands where it stood: after a refused form most flows do."""
    run = turn.run
    if run is not before:
        scene.visit.runs.save(
            run.id, step=run.step, revision=run.revision, state=binding.flow.dump(run.state), done=run.done
        )
    return turn.view


def _run(stored: StoredRun, state: Any) -> Run[Any]:
    return Run(stored.id, state, stored.step, stored.revision, stored.done)
