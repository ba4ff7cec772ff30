"""The kick-off conference in a town: a programme with role groups, an open round, and people in its groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.board import Answer, Standing
from bot.domain.rounds import Mode, QuestionSet, Round, State, boxes
from bot.handlers.events import Reply
from bot.messages import Card, Form, Notice
from bot.ports import Address, Surface
from storage.answers import Answers
from storage.bindings import Bindings
from storage.groups import Groups
from storage.people import People
from storage.rounds import Rounds
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import FREE, words
from tests.handlers.town import Person, Town, buttons, text

MODEL = replace(FREE, id="modell", title=words("Modellkonceptet"), role_groups=ROLE_GROUPS, question_sets=(KICK_OFF,))
ROUND = "r1"


def channel(name: str, platform: str = "slack", workspace: str = "S1") -> Address:
    return Address(platform, workspace, name, Surface.CHANNEL)


async def open_round(
    town: Town, id: str = ROUND, asked: QuestionSet = KICK_OFF, *, programme: Any = MODEL, **changes: Any
) -> Round:
    made = Round(
        id,
        programme.id,
        asked.title,
        boxes(asked, [role.words for role in programme.role_groups]),
        asked.mode,
        town.clock.now(),
        set=asked.id,
        intro=asked.intro,
        state=State.OPEN,
    )
    opened = replace(made, **changes)
    await town.work.run(lambda connection: Rounds(connection, town.clock.now()).add(opened))
    return opened


async def sealed_round(town: Town, id: str = "sealed") -> Round:
    return await open_round(town, id, mode=Mode.SEALED)


async def close(town: Town, id: str = ROUND) -> None:
    def enter(connection: Connection) -> None:
        Rounds(connection, town.clock.now()).enter(id, State.CLOSED, from_states=(State.OPEN,))

    await town.work.run(enter)


async def group(
    town: Town, role: str = "strateger", name: str = "Strateger A", *members: Person, **more: Any
) -> str:  # fmt: skip
    """A discussion group with these members; its id. `where` is its channel."""
    where: Address | None = more.pop("where", None)
    programme = more.pop("programme", MODEL.id)
    for member in members:
        await member.open_home()
    ids = [await person_id(town, member) for member in members]

    def make(connection: Connection) -> str:
        store = Groups(connection, town.clock.now())
        found = store.found(programme, role, name, **more)
        for id in ids:
            store.join(found.id, id)
        if where is not None:
            People(connection, town.clock.now()).remember_channel(where)
            store.talk_in(found.id, where)
        return found.id

    return await town.work.run(make)


async def person_id(town: Town, person: Person) -> str:
    return await town.read(lambda c: str(People(c, town.clock.now()).present(person.actor)))


async def follows(town: Town, where: Address, *, by: Person, programme: str = MODEL.id) -> None:
    """Let a channel follow the programme."""
    kim = await person_id(town, by)
    await town.work.run(lambda c: Bindings(c, town.clock.now()).bind(where, programme, kim, name=where.conversation))


async def write(person: Person, texts: Mapping[str, str], round: str = ROUND, group: str = "", **how: Any) -> Reply:
    """Take notes and send them, to the end of the form."""
    form = (await person.press("note", f"{round} {group}".strip(), **how)).view
    reply = await person.submit(form, {f"texts.{question}": typed for question, typed in texts.items()})
    while isinstance(reply.view, Form) and not reply.view.errors:
        reply = await person.submit(reply.view)
    return reply


async def answers(town: Town, round: str = ROUND) -> Sequence[Answer]:
    return await town.read(lambda c: Answers(c, town.clock.now()).of_round(round))


async def board(town: Town, round: str = ROUND) -> list[tuple[str, str, str]]:
    """(box, question, text) of what is shown, in the order of the board."""
    return [(a.box, a.question, a.text) for a in await answers(town, round) if a.standing is Standing.SHOWN]


async def texts(town: Town, round: str = ROUND) -> list[str]:
    return [written for _box, _question, written in await board(town, round)]


async def draft(town: Town, group: str, round: str = ROUND) -> dict[str, str]:
    return dict(await town.read(lambda c: Rounds(c, town.clock.now()).draft(round, group)))


async def taker(town: Town, group: str, round: str = ROUND) -> str:
    """The name of who takes the notes."""

    def read(connection: Connection) -> str:
        person = Rounds(connection, town.clock.now()).note_takers(round).get(group)
        return People(connection, town.clock.now()).person(person).name if person else ""

    return await town.read(read)


async def press_on(person: Person, reply: Reply, label: str, number: int = 0, **how: Any) -> Reply:
    """Press the button with this label on what was just shown."""
    assert isinstance(reply.view, Card), reply.view
    found = [b.action for b in buttons(reply.view) if _label(b.label) == label and b.action is not None]
    assert found, (label, text(reply.view), [_label(b.label) for b in buttons(reply.view)])
    return await person.press(found[number].do, found[number].about, **how)


def labels(reply: Reply) -> list[str]:
    assert isinstance(reply.view, Card), reply.view
    return [_label(button.label) for button in buttons(reply.view)]


def _label(words: Any) -> str:
    return text(Notice(words))


async def register(town: Town, *people: Person) -> None:
    """Let people take part without having chosen a group."""
    for person in people:
        await person.register(MODEL.id)


async def pair(town: Town, **changes: Any) -> tuple[Person, Person, str]:
    """Two strategists of the same group, one in Slack and one in Teams, and an open round."""
    await open_round(town, **changes)
    ann, bo = town.person("ann", "slack", "S1"), town.person("bo", "teams", "T1")
    return ann, bo, await group(town, "strateger", "Strateger A", ann, bo)
