"""A municipality that runs a workshop by itself: its script, its people in three groups, its contact; another town."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import Connection, select

from bot.domain.rounds import Mode, Question, QuestionSet, Round, Scale
from bot.domain.workshops import Script, Step, Workshop
from bot.flows import buttons
from bot.flows import workshops as words
from bot.handlers.events import Reply
from bot.messages import Card, Form, View
from storage.groups import Groups
from storage.people import People
from storage.posts import Posts
from storage.rounds import Rounds
from storage.tables import workshops as rows
from storage.workshops import Workshops
from tests.flows.samples import FREE, HABO, LUND
from tests.flows.samples import words as said
from tests.handlers.linked import owner
from tests.handlers.town import Person, Town, open_town, text

OPEN = QuestionSet("swot", said("SWOT"), (Question("bra", said("Vad är bra?")),), by_role=False)
ALONE = QuestionSet(
    "skattning",
    said("Skattning"),
    (Question("mal", said("Vi har mål."), scale=Scale(low=said("Inte alls"), high=said("Helt"))),),
    mode=Mode.SEALED,
    by_role=False,
)
WHOLE = QuestionSet(
    "helgrupp", said("Överens"), (Question("vi", said("Vad är vi överens om?")),), by_role=False, together=True
)
IDEAS = QuestionSet("forslag", said("Förslag"), (Question("gor", said("Vad gör vi?")),), by_role=False, votes=2)
SCRIPT = Script(
    "dagen",
    said("Dagen"),
    (
        Step("valkomna", said("Välkomna"), 20, said("Hälsa alla välkomna.")),
        Step("swot", said("SWOT-steget"), 60, set="swot"),
        Step("skattning", said("Självskattning"), 30, set="skattning"),
        Step("alla", said("Alla tillsammans"), 45, set="helgrupp"),
        Step("forslag", said("Förslagen"), 60, set="forslag"),
        Step("paus", said("Paus"), 15),
        Step("rosta", said("Vi väljer"), 20, goes_on="forslag"),
        Step("plan", said("Planen"), 0, plan_of="forslag"),
    ),
    threshold=4,
)
PROGRAMME = replace(
    FREE, id="verkstad", title=said("Verkstad"), question_sets=(OPEN, ALONE, WHOLE, IDEAS), workshops=(SCRIPT,)
)
NAMES = ("anna", "bea", "carl", "dora", "erik", "fia")


@dataclass
class Day:
    """A town in which a workshop may begin."""

    town: Town
    leader: Person  # the contact of Lund
    people: list[Person]  # of Lund, two in each of three groups
    other: Person  # of Habo
    stranger: Person
    workshop: str = ""
    replies: list[Reply] = field(default_factory=list)

    async def begin(self, who: Person | None = None, **answers: str) -> Reply:
        person = who or self.leader
        form = (await person.press(words.BEGIN, f"{PROGRAMME.id} {SCRIPT.id}")).view
        reply = await person.fill(form, "Begin now", place=LUND.key)
        last = reply.view
        assert isinstance(last, Form), text(last)
        reply = await person.submit(last, answers)
        newest = select(rows.c.id).order_by(rows.c.begun_at.desc())
        self.workshop = await self.town.read(lambda c: str(c.execute(newest).scalars().first() or ""))
        await self.town.deliver()
        return reply

    async def stands(self) -> Workshop:
        def read(connection: Connection) -> Workshop:
            found = Workshops(connection, self.town.clock.now()).get(self.workshop)
            assert found is not None
            return found

        return await self.town.read(read)

    async def about(self) -> str:
        """What a button of the card says that was looked at just now."""
        return f"{self.workshop} {(await self.stands()).version}"

    async def press(self, do: str, who: Person | None = None) -> Reply:
        reply = await (who or self.leader).press(do, await self.about())
        await self.town.deliver()
        return reply

    def card(self) -> View:
        """The leader's card where it stands: the newest of their messages that is one."""
        return [m.view for m in self.town.messages(self.leader) if isinstance(m.view, Card) and _leads(m.view)][-1]

    async def to(self, step: str) -> Reply:
        """On until this step."""
        while True:
            before = await self.stands()
            reply = await self.press(words.NEXT_STEP)
            if await self.stands() == before:  # asked whether they mean it
                reply = await self.press(words.NEXT_ANYWAY)
                assert await self.stands() != before, text(reply.view)
            if (await self.stands()).step.id == step:
                return reply

    async def round(self, step: str) -> Round:
        def read(connection: Connection) -> Round:
            id = Workshops(connection, self.town.clock.now()).rounds(self.workshop)[step]
            found = Rounds(connection, self.town.clock.now()).get(id)
            assert found is not None
            return found

        return await self.town.read(read)

    async def rounds(self) -> dict[str, str]:
        """Step → the state of what was asked in it last."""
        opened = await self.town.read(lambda c: Workshops(c, self.town.clock.now()).rounds(self.workshop))
        return {step: (await self.round(step)).state.value for step in opened}

    def got(self, person: Person) -> str:
        return "\n".join(message.text for message in self.town.messages(person))


def _leads(card: Card) -> bool:
    return any(said in text(card) for said in ("Step ", "The workshop is over"))


@asynccontextmanager
async def lund(url: str) -> AsyncIterator[Day]:
    """Six people of Lund in three groups, their contact, and somebody of Habo."""
    async with open_town(url, PROGRAMME) as town:
        people = [town.person(name, *(("slack", "S1"), ("teams", "T1"))[n % 2]) for n, name in enumerate(NAMES)]
        leader, other, stranger = town.person("leader"), town.person("other"), town.person("stranger")
        for person in (*people, leader, stranger):
            await person.open_home()
        await other.register(PROGRAMME.id, organisation=HABO.name)
        await town.work.run(lambda connection: _settle(town, connection, leader, people))
        await town.deliver()
        for post in town.posts.values():
            post.sent.clear()
        yield Day(town, leader, people, other, stranger)


@pytest.fixture
async def on_both(engine_url: str) -> AsyncIterator[Day]:
    async with lund(engine_url) as opened:
        yield opened


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Day]:
    async with lund(sqlite_url) as opened:
        yield opened


def _settle(town: Town, connection: Connection, leader: Person, people: list[Person]) -> None:
    known, groups = People(connection, town.clock.now()), Groups(connection, town.clock.now())
    for number, person in enumerate(people):
        group = groups.found(PROGRAMME.id, "", f"Grupp {number // 2 + 1}", organisation_key=LUND.key)
        groups.join(group.id, str(known.present(person.actor)))
    Posts(connection, town.clock.now()).add_contact(PROGRAMME.id, LUND.key, str(known.present(leader.actor)))


async def rate(person: Person, round: str, value: str = "4") -> None:
    form = (await person.press(buttons.SEAL, round, opens_forms=True)).view
    assert isinstance(form, Form), text(form)
    await person.submit(form, {"q.mal": value})


async def write(person: Person, round: str, *lines: str) -> str:
    form = (await person.press(buttons.NOTE, round)).view
    assert isinstance(form, Form), text(form)
    (name,) = (one.name for one in form.fields if one.kind == "text")
    return text((await person.fill(form, **{name: "\n".join(lines)})).view)


async def contact(day: Day, person: Person, key: str, *, ends: bool = False) -> None:
    """Let somebody be the contact of an organisation, or end that."""
    id = await owner(day.town, person)

    def change(connection: Connection) -> None:
        posts = Posts(connection, day.town.clock.now())
        (posts.remove_contact if ends else posts.add_contact)(PROGRAMME.id, key, id)

    await day.town.work.run(change)
