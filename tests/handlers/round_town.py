"""A programme with role groups and questions, people in discussion groups, and a coordinator who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Role
from bot.domain.rounds import Mode, Question, QuestionSet, Round, State
from bot.domain.words import _
from bot.flows import buttons
from bot.handlers.events import Reply
from bot.handlers.visit import Visit
from bot.messages import Answer, Form
from bot.ports import Address, Surface
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.people import People
from storage.rounds import Rounds
from storage.tables import rounds
from tests.fixtures.kinds import Kind
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import LUND, SINGLE, words
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, text
from tests.handlers.town import buttons as buttons_of

MENTORS = QuestionSet(
    "mentorer",
    words("Mentorer"),
    (
        Question("alla", words("För alla?")),
        Question("mentor", words("För mentorsregionerna?"), organisations=("mentor",)),
    ),
    by_role=False,
)
SEALED = QuestionSet(
    "egentligen", words("Egentligen"), (Question("hur", words("Hur går det?")),), mode=Mode.SEALED, by_role=False
)
MODEL = replace(
    SINGLE,
    id="modell",
    title=words("Modell"),
    role_groups=ROLE_GROUPS,
    question_sets=(KICK_OFF, MENTORS, SEALED),
    marks={"mentor": (LUND.key,)},
)
WHOLE = Address("sandbox", "W1", "whole", Surface.CHANNEL, {"name": "alla"})
STRATEGISTS = Address("sandbox", "W1", "strategists", Surface.CHANNEL, {"name": "strateger"})


async def known(town: Town, name: str) -> Person:
    """Somebody who has met us; their welcome is behind them."""
    person = town.person(name)
    await person.open_home()
    await town.deliver()
    town.posts["sandbox"].sent.clear()
    return person


async def appointed(town: Town, name: str) -> Person:
    """Another coordinator."""
    person = await known(town, name)

    def appoint(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(person.actor)), Role.COORDINATOR)

    await town.work.run(appoint)
    return person


async def in_group(town: Town, name: str, role: str, group: str = "") -> Person:
    """Somebody who belongs to a discussion group of a role group."""
    person = await known(town, name)

    def join(connection: Connection) -> None:
        store = Groups(connection, town.clock.now())
        id = People(connection, town.clock.now()).present(person.actor)
        store.join(store.found(MODEL.id, role, group or role).id, str(id))

    await town.work.run(join)
    return person


async def ask(town: Town, source: str = "set:uppstart", who: str = "admin", **answers: Answer) -> Reply:
    """Ask right through to the end; what is not given is as it is offered."""
    person = town.person(who)
    form = (await person.press(buttons.ASK, MODEL.id)).view
    reply = await person.submit(form, {"source": source})
    if source == "own":
        own = {"title": "Egna", "questions": "Vad?", "mode": "notes", "split": "split", "look": "no"}
        reply = await person.submit(reply.view, {**own, **_some(own, answers)})
    reply = await person.submit(reply.view, {k: v for k, v in answers.items() if _has(reply, k)})
    if isinstance(reply.view, Form) and reply.view.title == _("Preview"):
        reply = await person.submit(reply.view, {k: v for k, v in answers.items() if _has(reply, k)})
    await town.deliver()
    return reply


def _some(own: dict[str, str], answers: dict[str, Answer]) -> dict[str, Answer]:
    return {name: answers[name] for name in own if name in answers}


def _has(reply: Reply, name: str) -> bool:
    return isinstance(reply.view, Form) and name in {one.name for one in reply.view.fields}


async def preview(town: Town, source: str = "set:uppstart", **answers: Answer) -> Form:
    """Up to what each group will read."""
    person = town.person("admin")
    form = (await person.press(buttons.ASK, MODEL.id)).view
    reply = await person.submit(form, {"source": source})
    reply = await person.submit(reply.view, answers)
    assert isinstance(reply.view, Form), text(reply.view)
    return reply.view


async def all_rounds(town: Town) -> list[Round]:
    def read(connection: Connection) -> list[Round]:
        ids = connection.execute(select(rounds.c.id).order_by(rounds.c.opens_at, rounds.c.id)).scalars().all()
        return [found for id in ids if (found := Rounds(connection, town.clock.now()).get(id)) is not None]

    return await town.read(read)


async def the_round(town: Town) -> Round:
    (only,) = await all_rounds(town)
    return only


async def states(town: Town) -> list[State]:
    return [one.state for one in await all_rounds(town)]


async def write(town: Town, role: str, group: str, *texts: str) -> None:
    """Let a group put something on the board of the only round."""
    about = await the_round(town)

    def put(connection: Connection) -> None:
        found = Groups(connection, town.clock.now()).found(MODEL.id, role, group)
        box = about.box(role)
        new = [NewAnswer(box.role, box.questions[0].id, one, found.id) for one in texts]
        Answers(connection, town.clock.now()).add(about.id, new)

    await town.work.run(put)


async def bind(town: Town, channel: Address) -> None:
    admin = town.person("admin")
    await admin.press("bind", MODEL.id, came_from=channel)
    await town.deliver()


async def talks_in(town: Town, role: str, group: str, channel: Address) -> None:
    def talk(connection: Connection) -> None:
        store = Groups(connection, town.clock.now())
        People(connection, town.clock.now()).remember_channel(channel)
        store.talk_in(store.found(MODEL.id, role, group).id, channel)

    await town.work.run(talk)


def in_channel(town: Town, channel: Address) -> list[str]:
    return [m.text for m in town.posts["sandbox"].sent if m.address.conversation == channel.conversation]


def read(town: Town, person: Person) -> str:
    """Everything that somebody has been sent."""
    return "\n".join(message.text for message in town.messages(person))


def labels(reply: Reply) -> list[str]:
    assert reply.view is not None
    return [one.label.message for one in buttons_of(reply.view) if hasattr(one.label, "message")]


def visit(town: Town, connection: Connection) -> Visit:
    return Visit(connection, town.clock.now(), town.surroundings)


@pytest.fixture
async def on_both(engine: Kind) -> AsyncIterator[Town]:
    """A coordinator, and a programme with questions for three role groups, on SQLite and on PostgreSQL."""
    async with prepared(engine, MODEL) as opened:
        await known(opened, "admin")
        yield opened


@pytest.fixture
async def on_sqlite(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MODEL) as opened:
        await known(opened, "admin")
        yield opened
