"""A round in which people answer for themselves, and those who do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.domain.board import Answer
from bot.domain.rounds import Asked, Box, Mode, Round, State
from bot.domain.rules import NOTHING
from bot.handlers import urns
from bot.handlers.events import Reply
from bot.handlers.sweeping import Sweeper
from bot.handlers.visit import Visit
from bot.messages import Form, Notice
from storage.answers import Answers
from storage.groups import Groups
from storage.people import People
from storage.rounds import Rounds
from tests.flows.samples import FREE, NOW, words
from tests.handlers.town import Person, Town, text

T = TypeVar("T")

QUESTIONS = (Asked("hinder", words("Vad hindrar er?")), Asked("hjalp", words("Vad skulle hjälpa?")))
NAMES = ("anna", "bodil", "cecilia", "doris", "ellen", "frida")


def round_of(id: str = "r1", **changes: Any) -> Round:
    """A round for everybody in the programme, who answer for themselves; three are enough."""
    made = Round(
        id=id,
        programme=FREE.id,
        title=words("Hur går det?"),
        boxes=(Box("", NOTHING, QUESTIONS),),
        mode=Mode.SEALED,
        opens_at=NOW,
        closes_at=NOW + timedelta(days=2),
        threshold=3,
    )
    return replace(made, **changes)


def by_role(*roles: str) -> tuple[Box, ...]:
    return tuple(Box(role, words(role.title()), QUESTIONS) for role in roles)


async def visiting(town: Town, do: Callable[[Visit], T]) -> T:
    """Do something in a transaction of its own."""

    def work(connection: Connection) -> T:
        return do(Visit(connection, town.clock.now(), town.surroundings))

    return await town.work.run(work)


async def together(town: Town, *names: str, role: str = "") -> list[Person]:
    """People who take part, in a discussion group of this role."""
    found = [town.person(name) for name in names]
    for person in found:
        await person.open_home()

    def join(visit: Visit) -> None:
        group = Groups(visit.connection, visit.now).found(FREE.id, role, f"Grupp {role}")
        people = People(visit.connection, visit.now)
        for person in found:
            Groups(visit.connection, visit.now).join(group.id, people.present(person.actor) or "")

    await visiting(town, join)
    return found


async def opened(town: Town, round: Round | None = None) -> Round:
    """Open the round, as whoever opens rounds does."""
    new = round or round_of()

    def act(visit: Visit) -> None:
        rounds = Rounds(visit.connection, visit.now)
        rounds.add(new)
        urns.open_urns(visit, new)
        rounds.enter(new.id, State.OPEN, from_states=(State.PLANNED,))

    await visiting(town, act)
    return new


async def closed(town: Town, id: str = "r1") -> frozenset[str]:
    """Close the round, as whoever closes rounds does; the boxes where too few have answered."""

    def act(visit: Visit) -> frozenset[str]:
        rounds = Rounds(visit.connection, visit.now)
        round = rounds.locked(id)
        assert round is not None
        withheld = urns.empty(visit, round)
        rounds.enter(id, State.CLOSED, from_states=(State.OPEN,))
        return withheld

    return await visiting(town, act)


async def swept(town: Town) -> None:
    await Sweeper(town.work, town.clock, town.surroundings.urn_keys, town.surroundings.journal).run()


async def form_of(person: Person, round: str = "r1", **how: Any) -> Form:
    view = (await person.press("seal", round, **how)).view
    assert isinstance(view, Form), text(view)
    return view


async def answer(person: Person, hinder: str = "", hjalp: str = "", round: str = "r1", **how: Any) -> Reply:
    """Open the form, write, and send."""
    form = await form_of(person, round)
    return await person.submit(form, {"q.hinder": hinder, "q.hjalp": hjalp}, **how)


async def all_answer(people: list[Person], **texts: str) -> None:
    for person in people:
        name = person.actor.user
        await answer(person, f"Hinder, säger {name[0]}", **texts)


async def board(town: Town, round: str = "r1") -> list[Answer]:
    return await visiting(town, lambda visit: list(Answers(visit.connection, visit.now).of_round(round)))


async def texts_on_board(town: Town, question: str = "hinder", round: str = "r1") -> set[str]:
    return {one.text for one in await board(town, round) if one.question == question}


async def steps(town: Town, round: Round) -> Mapping[str, str]:
    found = await visiting(town, lambda visit: urns.count_in_steps(visit, round))
    return {box: text_of(words) for box, words in found.items()}


def text_of(said: Any) -> str:
    return text(Notice(said))
