"""A whole bot in one process, without platforms: people who write and press, and everything they are sent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select, true

from bot.domain.people import Actor, Language, Profile
from bot.domain.programmes import Programme
from bot.handlers.courier import Courier
from bot.handlers.events import Event, Inbound, OpenedHome, Pressed, Reply, Said, Submitted, WentBack
from bot.handlers.inbound import Reception
from bot.handlers.tick import Tick
from bot.handlers.visit import Surroundings
from bot.keys import FileUrnKeys
from bot.messages import Action, Answer, Button, Card, ChoiceField, Form, Notice, NumberField, TextField, View
from bot.ports import Address, Surface, Undeliverable
from bot.texts import Translators, plain
from storage import programmes
from storage.journal import Journal
from storage.programmes import Catalogue
from storage.tables import seats
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.flows.samples import DIRECTORY, NOW, SINGLE

T = TypeVar("T")
ENGLISH = Translators(Path("no-catalogue-for-english"))(Language.ENGLISH)


def text(view: View | None) -> str:
    """What is said, in English."""
    return plain(view, ENGLISH).replace("\N{NO-BREAK SPACE}", " ") if view is not None else ""


@dataclass
class MovableClock:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True)
class Sent:
    """A message that reached a conversation."""

    address: Address
    view: View
    language: Language
    outbox: str
    thread: str = ""

    @property
    def text(self) -> str:
        return text(self.view)


@dataclass
class Post:
    """A platform that keeps what is sent, and fails as told: `troubles` are raised one after the other."""

    name: str
    sent: list[Sent] = field(default_factory=list)
    updated: list[tuple[str, View]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    troubles: list[Undeliverable | None] = field(default_factory=list)
    check_troubles: list[Undeliverable] = field(default_factory=list)
    lost_answers: int = 0  # so many of the next messages arrive although their answer is lost
    can_find: bool = True

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        self.calls.append(outbox)
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            if self.lost_answers:
                self.lost_answers -= 1
                self.sent.append(Sent(address, view, language, outbox, thread))
            raise trouble
        self.sent.append(Sent(address, view, language, outbox, thread))
        return f"ref-{len(self.sent)}"

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        self.updated.append((reference, view))

    async def remove(self, address: Address, reference: str) -> None:
        self.removed.append(reference)

    async def find(self, address: Address, outbox: str) -> str | None:
        if not self.can_find:
            raise LookupError
        found = [number for number, message in enumerate(self.sent, 1) if message.outbox == outbox]
        return f"ref-{found[0]}" if found else None

    async def profile(self, actor: Actor) -> Profile:
        return Profile()

    async def channel_name(self, address: Address) -> str:
        return address.conversation.lower()

    async def check(self, address: Address) -> None:
        if self.check_troubles:
            raise self.check_troubles.pop(0)


@dataclass
class Person:
    """Somebody in front of their screen."""

    town: Town
    actor: Actor
    profile: Profile
    reception: Reception

    @property
    def address(self) -> Address:
        return Address(self.actor.platform, self.actor.workspace, self.actor.user)

    async def send(self, event: Event, *, delivery: str = "", came_from: Address | None = None, **how: Any) -> Reply:
        """Let the event in; the same `delivery` is the same event again."""
        name = delivery or f"delivery-{next(self.town.numbers)}"
        where = came_from or self.address
        return await self.reception.receive(Inbound(name, self.actor, event, where, profile=self.profile, **how))

    async def say(self, words: str, **how: Any) -> Reply:
        return await self.send(Said(words), **how)

    async def press(self, do: str, about: str = "", **how: Any) -> Reply:
        return await self.send(Pressed(Action(do, about), how.pop("reference", "")), **how)

    async def submit(self, form: View | None, answers: Mapping[str, Answer] | None = None, **how: Any) -> Reply:
        assert isinstance(form, Form), text(form)
        return await self.send(Submitted(form.token, {**form.values, **(answers or {})}), **how)

    async def back(self, form: View | None, **how: Any) -> Reply:
        assert isinstance(form, Form), text(form)
        return await self.send(WentBack(form.token), **how)

    async def open_home(self, **how: Any) -> Reply:
        return await self.send(OpenedHome(), **how)

    async def fill(self, form: View | None, until: str = "", **answers: Answer) -> Reply:
        """Answer form after form, the first choice where nothing is given; stop before a step with this submit."""
        reply = Reply(form)
        while isinstance(reply.view, Form):
            shown = reply.view
            if until and shown.submit.message == until:
                break
            reply = await self.submit(shown, dict(_answers(shown, answers)))
            again = isinstance(reply.view, Form) and reply.view.token == shown.token
            assert not again, f"{text(shown)}\n{reply.view}"
        return reply

    async def up_to_confirm(self, programme: str = SINGLE.id, **answers: Answer) -> Form:
        """Begin to register, and stop where only Confirm is left."""
        first = await self.press("register", programme)
        assert isinstance(first.view, Form), text(first.view)
        reply = await self.fill(first.view, "Confirm", **{**self._known(), **answers})
        assert isinstance(reply.view, Form), text(reply.view)
        return reply.view

    async def register(self, programme: str = SINGLE.id, **answers: Answer) -> Reply:
        """Register to the very end."""
        return await self.submit(await self.up_to_confirm(programme, **answers))

    async def received(self) -> list[str]:
        """Deliver what is due; everything this person has ever been sent, in words."""
        await self.town.deliver()
        return [message.text for message in self.town.messages(self)]

    async def button(self, label: str) -> Action:
        """The action behind the newest button with this label that this person was sent."""
        await self.town.deliver()
        found = [
            button.action
            for message in self.town.messages(self)
            for button in buttons(message.view)
            if text(Notice(button.label)) == label and button.action is not None
        ]
        assert found, f"{label} is on none of {[m.text for m in self.town.messages(self)]}"
        return found[-1]

    async def click(self, label: str, **how: Any) -> Reply:
        """Press the newest button with this label."""
        action = await self.button(label)
        return await self.press(action.do, action.about, **how)

    def _known(self) -> dict[str, Answer]:
        return {"name": self.profile.name, "email": self.profile.email, "organisation": "Lunds kommun"}


def _answers(form: Form, wanted: Mapping[str, Answer]) -> Iterator[tuple[str, Answer]]:
    for one in form.fields:
        if one.name in wanted:
            yield one.name, wanted[one.name]
        elif one.name in form.values or not one.required:
            continue
        elif isinstance(one, ChoiceField):
            yield one.name, one.options[0].value
        elif isinstance(one, NumberField):
            yield one.name, str(one.least)
        elif isinstance(one, TextField):
            yield one.name, "REF-1"


def buttons(view: View | None) -> Iterator[Button]:
    if isinstance(view, Card):
        yield from view.buttons
        for item in view.items:
            yield from item.buttons


class Town:
    """The bot with its database, a clock and three platforms."""

    def __init__(self, work: UnitOfWork, url: str) -> None:
        self.url = url
        self.work = work
        self.clock = MovableClock()
        self.posts = {name: Post(name) for name in ("slack", "teams", "sandbox")}
        self.people: dict[str, Person] = {}
        self.numbers = iter(range(1, 1_000_000))
        self.surroundings = surroundings()
        self.courier = Courier(work, self.clock, self.posts, rates={})
        self.tick = Tick(work, self.clock, self.surroundings)
        self.reception = Reception(work, self.clock, self.surroundings, self.courier.wake)

    async def load(self, *found: Programme) -> None:
        """Store programmes; the same id again is a new version."""

        def store(connection: Connection) -> None:
            for programme in found:
                programmes.load(connection, programme, self.clock.now())

        await self.work.run(store)

    def person(
        self, name: str, platform: str = "sandbox", workspace: str = "W1", *, reception: Reception | None = None
    ) -> Person:
        """Somebody, the same one for the same name; they speak English, so that tests can be read."""
        if name not in self.people:
            profile = Profile(name.title(), f"{name.replace(' ', '.')}@example.org", Language.ENGLISH)
            actor = Actor(platform, workspace, name)
            self.people[name] = Person(self, actor, profile, reception or self.reception)
        return self.people[name]

    async def deliver(self) -> None:
        """Hand over everything that is due, at once."""
        await self.courier.empty()

    async def tick_at(self, moment: datetime) -> None:
        self.clock.at = moment
        await self.tick.run()
        await self.deliver()

    def messages(self, person: Person) -> list[Sent]:
        """What has reached the person's own conversation."""
        sent = self.posts[person.actor.platform].sent
        return [m for m in sent if m.address.surface is Surface.PERSON and m.address.conversation == person.actor.user]

    async def read(self, question: Callable[[Connection], T]) -> T:
        return await self.work.run(question)

    async def count(self, table: Table, *where: Any) -> int:
        statement = select(func.count()).select_from(table).where(*where)
        return await self.work.run(lambda connection: connection.execute(statement).scalar_one())

    async def states(self, occasion: str = "") -> list[str]:
        """Where all seats stand, at one occasion or everywhere."""
        statement = select(seats.c.state).where(seats.c.occasion == occasion if occasion else true())
        return sorted(await self.work.run(lambda connection: connection.execute(statement).scalars().all()))

    async def contents(self, *tables: Table) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the tables, to compare before and after."""

        def read(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
            return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in tables}

        return await self.work.run(read)


_KEYS = TemporaryDirectory(prefix="lartraff-keys-")
"""Gone at the end of the run."""


def _made_when_needed() -> Path:
    """A folder that is not there yet; most tests need none."""
    return Path(_KEYS.name) / uuid.uuid4().hex


def surroundings(**changes: Any) -> Surroundings:
    plain_values: dict[str, Any] = {
        "catalogue": Catalogue(),
        "directory": DIRECTORY,
        "calendar_address": lambda seat: f"https://bot.example.org/calendar/{seat.id}.ics",
        "feed_address": lambda owner, generation: f"https://bot.example.org/calendar/{owner}-{generation}.ics",
        "link_address": lambda kind, link: f"https://bot.example.org/{kind}/{link}-token",
        "urn_keys": FileUrnKeys(_made_when_needed()),
        "vote_keys": FileUrnKeys(_made_when_needed()),
        "journal": Journal(_made_when_needed()),
        "language": Language.ENGLISH,
        "administrators": frozenset({"sandbox:W1:admin"}),
    }
    return Surroundings(**{**plain_values, **changes})


@asynccontextmanager
async def open_town(url: str, *found: Programme) -> AsyncIterator[Town]:
    """A town on a database that has its tables."""
    work = unit_of_work(url)
    town = Town(work, url)
    try:
        await town.load(*found)
        yield town
    finally:
        await work.close()


@asynccontextmanager
async def second_process(town: Town) -> AsyncIterator[Reception]:
    """Another process at the same database: a connection pool and a reception of its own."""
    work = unit_of_work(town.url)
    try:
        on_disk = {name: getattr(town.surroundings, name) for name in ("urn_keys", "vote_keys", "journal")}
        yield Reception(work, town.clock, surroundings(**on_disk), lambda: None)
    finally:
        await work.close()


async def at_once(*work: Any) -> list[Any]:
    return list(await asyncio.gather(*work))
