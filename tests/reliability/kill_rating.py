"""Figure 1 in rating: kill -9 between and within the forms of a self-assessment that is sealed form by form.

No form that was answered may be lost and nobody may count twice, although whoever got no answer sends the same again.
By hand: `python -m tests.reliability.kill_rating --times 300 --seed 7`. Variants that are wrong on purpose: `--variant
forgetful` answers first and stores afterwards, `anew` takes what is sent again for somebody else's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot import keys
from bot.domain.people import Actor
from bot.flows import sealing
from bot.handlers.events import Inbound, Submitted
from bot.handlers.inbound import Reception
from bot.handlers.rounds import close_round, open_round
from bot.handlers.visit import Visit
from bot.messages import Card, Form, Tone, View
from bot.ports import Address
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.unit_of_work import sqlite_engine, unit_of_work
from tests.flows.samples import NOW
from tests.handlers.rated import STATEMENTS, rated
from tests.reliability.crowd import PROGRAMME, Member, busy_programme, fill
from tests.reliability.kill import Witness
from tests.reliability.kill_answering import surroundings_in
from tests.reliability.nursery import Nursery, rear
from tests.reliability.worker import LaterClock, Line

_PEOPLE = tuple(Member(f"p{n}") for n in range(5))
"""As many as a scale has steps: each rates everything with a step of their own, so that every rating has an owner."""

_FORMS = (STATEMENTS[:6], STATEMENTS[6:])
_LINES_A_LIFE = len(_PEOPLE) * len(_FORMS)
_THRESHOLD = 3
_ANSWERS_LOST = 0.2  # of those that say that a form is sealed
_MOMENT = 0.01  # seconds
_PATIENCE = 5.0  # seconds, until a life that has just begun answers for the first time
_READING = 0.05  # seconds, at most, that a form is read before it is filled in
_TURNS = 10  # to send again what got no answer

Sent = tuple[str, int, int]
"""What somebody sends: in which round, who (a place in `_PEOPLE`), and which of the forms."""


# --- The process ------------------------------------------------------------------------------------------------------


async def live(url: str, port: int, life: int, variant: str, folder: str) -> None:
    """A worker that takes forms until it is killed."""
    if variant == "anew":
        keys.marker = lambda *_key_and_person: os.urandom(32)
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    reception = Reception(unit_of_work(url), LaterClock(life), surroundings_in(Path(folder)), lambda: None)
    jobs = [asyncio.create_task(line.listen())]
    while (event := await line.events.get()) is not None:
        jobs.append(asyncio.create_task(_serve(reception, line, variant, **event)))


async def _serve(
    reception: Reception, line: Line, variant: str, *, what: str, round: str, person: int, forms: list[int]
) -> None:
    """One person's forms, one after the other."""
    assert what == "rate"
    for number in forms:
        if variant == "forgetful":
            line.tell("sealed", sent=(round, person, number))
            await asyncio.sleep(_MOMENT)
        view = await _send(reception, round, person, number)
        if is_taken(view) and variant != "forgetful":
            line.tell("sealed", sent=(round, person, number))
        await asyncio.sleep(random.uniform(0, _READING))


async def _send(reception: Reception, round: str, person: int, number: int) -> View | None:
    user = _PEOPLE[person].user
    typed = {f"q.{asked.id}": str(person + 1) for asked in _FORMS[number]}
    event = Submitted(sealing.token(round, page=number), typed)
    delivery = f"{round} {person} {number}"
    inbound = Inbound(delivery, Actor("sandbox", "W1", user), event, Address("sandbox", "W1", user))
    return (await reception.receive(inbound)).view


def is_taken(view: View | None) -> bool:
    """Whether a form was sealed: the next one follows, or the thanks."""
    if isinstance(view, Form):
        return not view.errors and not view.refusal
    return isinstance(view, Card) and view.tone is Tone.GOOD


# --- Those who rate ---------------------------------------------------------------------------------------------------


@dataclass
class Raters(Witness):
    """What people have sent, and of what they were told that it is sealed."""

    done: set[Sent] = field(default_factory=set)
    unanswered: set[Sent] = field(default_factory=set)
    chance: random.Random = field(default_factory=random.Random)

    def _hear(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if self.chance.random() >= _ANSWERS_LOST:
            sent = tuple(said["sent"])
            self.done.add(sent)
            self.unanswered.discard(sent)

    def rate(self, round: str) -> None:
        """Everybody rates a round, and sends once more what they have got no answer to."""
        self.unanswered |= {(round, person, form) for person in range(len(_PEOPLE)) for form in range(len(_FORMS))}
        self.send_again()

    def is_somebody_between_forms(self) -> bool:
        """Whether of some round one form of a person was answered and another was not."""
        sealed = Counter((round, person) for round, person, _form in self.done)
        return any(forms < len(_FORMS) for forms in sealed.values())

    def send_again(self) -> None:
        assert self.writer is not None
        for round, person in sorted({(round, person) for round, person, _form in self.unanswered}):
            forms = sorted(form for r, p, form in self.unanswered if (r, p) == (round, person))
            said = {"what": "rate", "round": round, "person": person, "forms": forms}
            self.writer.write(json.dumps(said).encode() + b"\n")


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    kills: int
    sealed: int  # forms of which somebody was told so
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    torn: int  # kills that left somebody between their forms

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.torn} between the forms of somebody), {self.sealed} forms acknowledged: "
            f"{len(self.lost)} ratings lost, {len(self.doubled)} counted twice"
        )


async def run(times: int, seed: int, folder: Path, variant: str = "") -> Outcome:
    """Kill so many times, at moments drawn from the seed; let the last life finish, close the rounds and compare."""
    url, chance, raters = f"sqlite:///{folder / 'kill.db'}", random.Random(seed), Raters(chance=random.Random(seed))
    ids = [f"rated-{life}" for life in range(times)]
    await _prepare(url, folder, ids)
    torn = 0
    server = await asyncio.start_server(raters.listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Nursery("tests.reliability.kill_rating") as nursery:
        for life in range(times):
            child = await raters.awaits(nursery.bear(url, port, life, variant, str(folder)))
            raters.rate(ids[life])
            await raters.heard(chance.randrange(1, _LINES_A_LIFE), within=_PATIENCE)
            await asyncio.sleep(chance.uniform(0, _MOMENT))
            await nursery.end(child)
            torn += raters.is_somebody_between_forms()
        await raters.awaits(nursery.bear(url, port, times, variant, str(folder)))
        for _turn in range(_TURNS if raters.unanswered else 0):
            raters.send_again()
            await raters.heard(len(raters.unanswered), within=10 * _READING)
            if not raters.unanswered:
                break
    server.close()
    return _compare(times, raters, await _closed(url, folder, ids, times), torn)


async def _prepare(url: str, folder: Path, ids: list[str]) -> None:
    """Everybody takes part, and the rounds are open."""
    engine = sqlite_engine(url)
    fill(engine, busy_programme([NOW + timedelta(days=300)]), [(one, "m0") for one in _PEOPLE])
    engine.dispose()

    def open_all(visit: Visit) -> None:
        for id in ids:
            new = replace(rated(id), programme=PROGRAMME, closes_at=None, threshold=_THRESHOLD)
            Rounds(visit.connection, visit.now).add(new)
            open_round(visit, new)

    await _visiting(url, folder, 0, open_all)


async def _closed(url: str, folder: Path, ids: list[str], life: int) -> Mapping[str, Mapping[Any, Mapping[int, int]]]:
    """What was counted in each round, once it has closed."""
    found: dict[str, Mapping[Any, Mapping[int, int]]] = {}

    def close_all(visit: Visit) -> None:
        for id in ids:
            there = Rounds(visit.connection, visit.now).get(id)
            assert there is not None
            close_round(visit, there)
            found[id] = Tallies(visit.connection).of_round(id)

    await _visiting(url, folder, life, close_all)
    return found


async def _visiting(url: str, folder: Path, life: int, act: Any) -> None:
    work, clock = unit_of_work(url), LaterClock(life)

    def visit(connection: Connection) -> None:
        act(Visit(connection, clock.now(), surroundings_in(folder)))

    await work.run(visit)
    await work.close()


def _compare(times: int, raters: Raters, counted: Mapping[str, Mapping[Any, Mapping[int, int]]], torn: int) -> Outcome:
    many = Counter((round, form) for round, _person, form in raters.done)  # what fewer have rated is never shown
    lost = [
        f"{round} {asked.id} {person}"
        for round, person, form in sorted(raters.done)
        for asked in _FORMS[form]
        if many[round, form] >= _THRESHOLD and not counted[round].get(("", asked.id), {}).get(person + 1)
    ]
    doubled = [
        f"{round} {question} {value}"
        for round, questions in counted.items()
        for (_box, question), values in questions.items()
        for value, people in values.items()
        if people > 1
    ]
    return Outcome(times, len(raters.done), tuple(lost), tuple(doubled), torn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=("", "forgetful", "anew"), default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(run(given.times, given.seed, Path(folder), given.variant))
    sys.stdout.write(f"seed {given.seed}: {outcome}\n")
    sys.exit(not outcome.sound)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        rear(live)
