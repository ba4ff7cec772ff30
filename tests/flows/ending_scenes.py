"""Closing an edition, from the smallest to the largest, with all that may stand in its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.programmes import Programme
from bot.domain.rounds import Box, Mode, Round, State
from bot.domain.workshops import Script, Step, Workshop
from bot.domain.workshops import State as WorkshopState
from bot.flows import ending
from bot.flows.ending import Edition, Held
from bot.messages import View
from tests.flows.samples import NOW

_LATER = NOW + timedelta(days=1000)
_MOST = 40  # rounds of one edition, far more than any has asked


def scenes(programmes: Mapping[str, Programme]) -> Iterator[tuple[str, View]]:
    for size, programme in programmes.items():
        rounds = tuple(_rounds(programme, State.CLOSED))
        empty = Edition(programme, _LATER, Held(), (), (), 400)
        full = replace(empty, held=Held(99_999, 99_999, 9_999, 999, 99, 999), rounds=rounds, coming=99)
        for name, edition in (("with nothing", empty), ("with everything", full)):
            yield f"{size}: closing, {name}", ending.ask(edition)
            yield f"{size}: closing again, {name}", ending.ask_again(edition)
        hindered = replace(full, now=NOW, rounds=tuple(_rounds(programme, State.OPEN)), workshops=_workshops(programme))
        yield f"{size}: cannot close", ending.not_yet(hindered)
        yield f"{size}: told before it closes", ending.told(programme, 99_999)
        yield f"{size}: erased soon", ending.erased_soon(programme)
        yield f"{size}: closed", ending.done(programme)
        yield f"{size}: was closed", ending.already(programme, NOW)


def _rounds(programme: Programme, state: State) -> Iterator[Round]:
    for n in range(_MOST):
        box = Box("", programme.title, ())
        made = Round(f"{n:032}", programme.id, programme.title, (box,), tuple(Mode)[n % len(Mode)], NOW)
        yield replace(made, state=state, closed_at=NOW if state is State.CLOSED else None)


def _workshops(programme: Programme) -> tuple[Workshop, ...]:
    script = Script("dagen", programme.title, (Step("en", programme.title),))
    begun = Workshop("w" * 32, programme.id, script, "p", NOW)
    return (begun, replace(begun, id="v" * 32, state=WorkshopState.PAUSED))
