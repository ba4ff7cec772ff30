"""Figure 1 in answering: kill -9 while notes are sent, sealed answers put away, rounds closed and urns emptied.

Nothing acknowledged may be lost and nothing may stand twice; no key may go before what it locks is published, and none
may stay afterwards. Whoever gets no answer sends the same again, as platforms do. By hand:
`python -m tests.reliability.kill_answering --times 300 --seed 7`. Variants that are wrong on purpose: `--variant
forgetful` answers first and stores afterwards, `anew` takes what is sent again for something new, `hasty` destroys keys
before the answers are committed, `lazy` never destroys them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from bot.domain.people import Actor
from bot.domain.rounds import Asked, Box, Mode, Round, State
from bot.domain.rules import NOTHING
from bot.handlers.events import Event, Inbound, Pressed, Reply, Submitted
from bot.handlers.inbound import Reception
from bot.handlers.sweeping import Sweeper
from bot.handlers.tick import Tick
from bot.handlers.visit import Surroundings
from bot.keys import FileUrnKeys
from bot.messages import Action, Answer, Form, Tone, View
from bot.ports import Address
from storage.groups import Groups
from storage.journal import Journal
from storage.rounds import Rounds
from storage.tables import answers, rounds, sealed, urns
from storage.unit_of_work import UnitOfWork, sqlite_engine, unit_of_work
from storage.urns import Urns
from tests.flows.samples import NOW, words
from tests.handlers.town import surroundings
from tests.reliability.crowd import PROGRAMME, Member, busy_programme, fill
from tests.reliability.kill import Witness, read
from tests.reliability.nursery import Nursery, rear
from tests.reliability.worker import LaterClock, Line

_PEOPLE = tuple(Member(f"p{n}") for n in range(5))
_THRESHOLD = 3
_ASKED = (Asked("hur", words("Hur går det?")),)
_NOTES = Round(
    "notes", PROGRAMME, words("Anteckningar"), (Box("", NOTHING, _ASKED),), Mode.NOTES, NOW, state=State.OPEN
)
_NOTES_A_LIFE = 4
_LINES_A_LIFE = 2 * (_NOTES_A_LIFE + len(_PEOPLE))  # "opened" and "acknowledged"
_OPEN_FOR = timedelta(minutes=1)  # of a sealed round that nobody closes: so the next life finds it over
_CLOSED_WITHIN = 0.06  # seconds, about, in which an urn is emptied and its key destroyed
_ANSWERS_LOST = 0.2  # of those that say that something is done
_CLOSED_SLOWLY = 1.0  # seconds, the same on a disk that takes its time
_TICK = 0.02  # seconds
_PATIENCE = 100  # times to look after what the lives have left behind


# --- The process ------------------------------------------------------------------------------------------------------


async def live(url: str, port: int, life: int, variant: str, folder: str) -> None:
    """A worker: takes answers, ticks and sweeps until it is killed."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    work, clock, around = unit_of_work(url), LaterClock(life), surroundings_in(Path(folder))
    if variant == "hasty":
        _destroy_at_once(around)
    tick, sweeper = Tick(work, clock, around), Sweeper(work, clock, around.urn_keys, around.journal)
    desk = _Desk(Reception(work, clock, around, lambda: None), line, variant)
    await _open(work, clock, f"sealed-{life}", tick)
    jobs = [asyncio.create_task(line.listen())]
    jobs.append(asyncio.create_task(_ticking(tick, None if variant == "lazy" else sweeper)))
    while (event := await line.events.get()) is not None:
        jobs.append(asyncio.create_task(desk.serve(**event)))
        jobs = [job for job in jobs if not job.done()]


def surroundings_in(folder: Path) -> Surroundings:
    return surroundings(
        urn_keys=FileUrnKeys(folder / "urns"),
        vote_keys=FileUrnKeys(folder / "votes"),
        journal=Journal(folder),
        administrators=frozenset({"sandbox:W1:U-admin"}),
    )


async def _ticking(tick: Tick, sweeper: Sweeper | None) -> None:
    """As the clockwork does, but for its leisure."""
    while True:
        if sweeper is not None:
            await sweeper.run()
        await tick.run()
        await asyncio.sleep(_TICK)


async def _open(work: UnitOfWork, clock: LaterClock, id: str, tick: Tick) -> None:
    """A sealed round of this life's own."""
    new = replace(
        _NOTES,
        id=id,
        mode=Mode.SEALED,
        opens_at=clock.now(),
        closes_at=clock.now() + _OPEN_FOR,
        threshold=_THRESHOLD,
        state=State.PLANNED,
    )
    await work.run(lambda connection: Rounds(connection, clock.now()).add(new))
    await tick.run()


class _Desk:
    """Receives what people do, each press and each form a delivery of its own."""

    def __init__(self, reception: Reception, line: Line, variant: str) -> None:
        self._reception, self._line, self._variant = reception, line, variant

    async def serve(self, what: str, person: str, about: str, text: str, token: str = "") -> None:
        """Answer, and say that it is done once it is durable."""
        if self._variant == "forgetful":
            self._line.tell("acknowledged", about=about, text=text)
            await asyncio.sleep(_TICK)
        match what:
            case "note":
                view = await self._fill(person, Action("note", about), text, {"texts.hur": text}, token)
            case "seal":
                view = await self._fill(person, Action("seal", about), text, {"q.hur": text}, token)
            case _:
                self._line.tell("closing")
                await self._send(person, Pressed(Action("confirm_close_round", about)), text)
                return
        if getattr(view, "tone", None) is Tone.GOOD and self._variant != "forgetful":
            self._line.tell("acknowledged", about=about, text=text)

    async def _fill(self, person: str, action: Action, text: str, typed: dict[str, Answer], token: str) -> View | None:
        """Open the form, unless it lies open already, and send it; what is shown then."""
        if not token or self._variant == "anew":
            view = (await self._send(person, Pressed(action), f"{text} opens")).view
            if not isinstance(view, Form):
                return view
            token = view.token
            self._line.tell("opened", text=text, token=token)
        return (await self._send(person, Submitted(token, typed), f"{text} sends")).view

    async def _send(self, person: str, event: Event, delivery: str) -> Reply:
        if self._variant == "anew":
            delivery = f"{delivery} {random.random()}"
        actor, where = Actor("sandbox", "W1", f"U-{person}"), Address("sandbox", "W1", f"U-{person}")
        return await self._reception.receive(Inbound(delivery, actor, event, where))


def _destroy_at_once(around: Surroundings) -> None:
    """Let keys go when their urn is emptied, and not when that is committed."""
    empty = Urns.empty

    def hastily(self: Urns, urn: str, on: Any) -> None:
        empty(self, urn, on)
        around.urn_keys.destroy(urn)
        time.sleep(_CLOSED_SLOWLY)

    Urns.empty = hastily  # type: ignore[method-assign]


# --- Those who write --------------------------------------------------------------------------------------------------


@dataclass
class Writers(Witness):
    """What people have sent, and what they were told is done: (round, text)."""

    done: set[tuple[str, str]] = field(default_factory=set)
    unanswered: dict[str, dict[str, str]] = field(default_factory=dict)  # text → the note as it was sent
    chance: random.Random = field(default_factory=random.Random)

    def _hear(self, said: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        match said["what"]:
            case "opened" if said["text"] in self.unanswered:
                self.unanswered[said["text"]]["token"] = said["token"]
            case "acknowledged" if self.chance.random() >= _ANSWERS_LOST:
                self.done.add((said["about"].partition(" ")[0], said["text"]))
                self.unanswered.pop(said["text"], None)

    def write(self, life: int, groups: Sequence[str]) -> None:
        """Everybody answers the life's own round, and groups write notes; what got no answer is sent again."""
        for one in _PEOPLE:
            self._tell(what="seal", person=one.id, about=f"sealed-{life}", text=f"Hemligt {life} {one.id}")
        for number in range(_NOTES_A_LIFE):
            n, text = number % len(_PEOPLE), f"Rad {life} {number}"
            note = {"what": "note", "person": _PEOPLE[n].id, "about": f"notes {groups[n]}", "text": text}
            self.unanswered[text] = note
        self.send_again()

    def send_again(self) -> None:
        for note in self.unanswered.values():
            self._tell(**note)

    def close(self, life: int) -> None:
        """The coordinator ends the life's own round."""
        self._tell(what="close", person="admin", about=f"sealed-{life}", text=f"close {life}")

    def _tell(self, **what: str) -> None:
        assert self.writer is not None
        self.writer.write(json.dumps(what).encode() + b"\n")


@dataclass(frozen=True)
class Outcome:
    """What the run shows."""

    kills: int
    notes: int  # acknowledged
    answers: int  # acknowledged, in sealed rounds that had enough of them
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    locked_out: tuple[str, ...]  # urns that are not emptied, and whose keys are gone
    left_open: tuple[str, ...]  # urns that are emptied, and whose keys or boxes are still there
    killed_in: Counter[str]  # what the last sealed round was doing

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.locked_out or self.left_open)

    def __str__(self) -> str:
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.killed_in.items()))
        return (
            f"{self.kills} kills ({states}), {self.notes} notes and {self.answers} sealed answers acknowledged: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.locked_out)} keys destroyed too early, "
            f"{len(self.left_open)} urns that could still be opened"
        )


async def run(times: int, seed: int, folder: Path, variant: str = "") -> Outcome:
    """Kill so many times, at moments drawn from the seed, then let the last life finish, and compare."""
    url, chance, writers = f"sqlite:///{folder / 'kill.db'}", random.Random(seed), Writers(chance=random.Random(seed))
    groups = _prepare(url)
    early: set[str] = set()
    killed_in: Counter[str] = Counter()
    server = await asyncio.start_server(writers.listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Nursery("tests.reliability.kill_answering") as nursery:
        for life in range(times):
            child = await writers.awaits(nursery.bear(url, port, life, variant, str(folder)))
            writers.write(life, groups)
            await writers.heard(chance.choice((chance.randrange(_LINES_A_LIFE), _LINES_A_LIFE)))
            if chance.random() < 0.7:
                writers.close(life)
                await writers.heard(1)
                await _moment(writers, variant, chance, life, lambda: _Wreck(url, folder))
            else:
                await asyncio.sleep(chance.uniform(0, _CLOSED_WITHIN))
            await nursery.end(child)
            here = _Wreck(url, folder)
            early |= here.locked_out()
            killed_in[here.state_of(f"sealed-{life}")] += 1
        await writers.awaits(nursery.bear(url, port, times, variant, str(folder)))
        writers.close(times)
        await _finish(writers, url, folder)
    server.close()
    return _compare(times, writers, _Wreck(url, folder), early, killed_in)


async def _moment(writers: Writers, variant: str, chance: random.Random, life: int, look: Callable[[], _Wreck]) -> None:
    """Wait for the moment in closing a round at which the life ends: by chance, or one that is seen on the disk."""
    if variant == "hasty":
        await writers.sees(lambda: bool(look().locked_out()), within=5 * _CLOSED_SLOWLY)
    elif chance.random() < 0.5:
        await writers.sees(lambda: look().state_of(f"sealed-{life}") == State.CLOSED)
    else:
        await asyncio.sleep(chance.uniform(0, _CLOSED_WITHIN))


def _prepare(url: str) -> list[str]:
    """Everybody takes part, and writes for a group of their own; the groups."""
    engine = sqlite_engine(url)
    fill(engine, busy_programme([NOW + timedelta(days=300)]), [(one, "m0") for one in _PEOPLE])
    with engine.begin() as connection:
        Rounds(connection, NOW).add(_NOTES)
        made = [_group_of(Groups(connection, NOW), one) for one in _PEOPLE]
    engine.dispose()
    return made


def _group_of(store: Groups, one: Member) -> str:
    group = store.found(PROGRAMME, "", f"Grupp {one.id}")
    store.join(group.id, one.id)
    return group.id


class _Wreck:
    """What lies on the disk between two lives."""

    def __init__(self, url: str, folder: Path) -> None:
        self._engine = create_engine(url)
        self._keys = FileUrnKeys(folder / "urns").urns()

    def ask(self, statement: Any) -> list[str]:
        return read(self._engine.connect(), statement)

    def pairs(self, statement: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(statement).all())

    def locked_out(self) -> set[str]:
        return set(self.ask(select(urns.c.id).where(urns.c.emptied_at.is_(None)))) - self._keys

    def left_open(self) -> set[str]:
        emptied = set(self.ask(select(urns.c.id).where(urns.c.emptied_at.is_not(None))))
        return emptied & (self._keys | set(self.ask(select(sealed.c.urn))))

    def state_of(self, round: str) -> str:
        return next(iter(self.ask(select(rounds.c.state).where(rounds.c.id == round))), "unheard of")

    def is_quiet(self) -> bool:
        running = select(rounds.c.id).where(rounds.c.id != _NOTES.id, rounds.c.state.in_(("planned", "open")))
        return not self.ask(running) and not self.left_open()


async def _finish(writers: Writers, url: str, folder: Path) -> None:
    """Let the last life do what is left to be done."""
    for turn in range(_PATIENCE):
        if turn % 5 == 0:
            writers.send_again()
        if not writers.unanswered and _Wreck(url, folder).is_quiet():
            return
        await writers.heard(1000, within=0.3)


def _compare(times: int, writers: Writers, here: _Wreck, early: set[str], killed_in: Counter[str]) -> Outcome:
    shown = Counter(map(tuple, here.pairs(select(answers.c.round, answers.c.text))))
    enough = {_NOTES.id, *(round for round, _text in shown)}
    waiting = Counter(round for round, _text in writers.done)
    enough |= {round for round, number in waiting.items() if number >= _THRESHOLD}
    due = {one for one in writers.done if one[0] in enough}
    return Outcome(
        kills=times,
        notes=sum(round == _NOTES.id for round, _text in due),
        answers=sum(round != _NOTES.id for round, _text in due),
        lost=tuple(sorted(map(str, due - set(shown)))),
        doubled=tuple(sorted(str(one) for one, number in shown.items() if number > 1)),
        locked_out=tuple(sorted(early)),
        left_open=tuple(sorted(here.left_open())),
        killed_in=killed_in,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=("", "forgetful", "anew", "hasty", "lazy"), default="")
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
