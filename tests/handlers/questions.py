"""A town in which people ask what no entry answers, and coordinators who see to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from bot.domain.faq import Entry, Inquiry, Miss, Outcome
from bot.domain.people import Role
from bot.domain.words import Localised
from bot.handlers.misses import ask_for_answers, doubt
from bot.handlers.visit import Visit
from storage.faq import Entries
from storage.inquiries import Inquiries, Misses
from storage.people import People
from tests.flows.samples import FREE, SINGLE
from tests.handlers.town import Person, Town, open_town


@dataclass
class Questions:
    """The town, and what happens in it without the engine that finds answers."""

    town: Town
    admin: Person

    async def id(self, person: Person) -> str:
        return await self.town.read(lambda c: str(People(c, self.town.clock.now()).present(person.actor)))

    async def known(self, name: str, platform: str = "sandbox") -> Person:
        """Somebody who has opened the conversation."""
        person = self.town.person(name, platform)
        await person.open_home()
        return person

    async def coordinator(self, name: str, role: Role = Role.COORDINATOR) -> Person:
        person = await self.known(name)
        id = await self.id(person)
        await self.town.work.run(lambda c: People(c, self.town.clock.now()).appoint(id, role))
        return person

    async def ask(
        self,
        text: str,
        *,
        who: str = "ann",
        platform: str = "sandbox",
        programme: str = SINGLE.id,
        language: str = "sv",
        joins: str = "",
        named: bool = False,
        contact: str = "",
    ) -> str:
        """Ask what no entry answers; the id of the miss it belongs to."""
        person = await self.id(await self.known(who, platform))
        self.town.clock.move(seconds=1)

        def store(connection: Connection) -> str:
            visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
            inquiries, misses = Inquiries(connection, visit.now), Misses(connection, visit.now)
            asked = inquiries.add(text, person=person, programme=programme, language=language, outcome=Outcome.UNKNOWN)
            inquiries.name(asked.id, named=named)
            if joins:
                misses.join(joins, asked.id)
            miss = joins or misses.open(asked, contact=contact).id
            ask_for_answers(visit, programme)
            return miss

        return await self.town.work.run(store)

    async def entry(self, question: str, answer: str, programme: str = SINGLE.id, **changes: object) -> str:
        """An entry that is there; its id."""
        number = next(self.town.numbers)
        made = Entry(f"e{number}", programme, Localised({"sv": question}), Localised({"sv": answer}), **changes)  # type: ignore[arg-type]
        await self.town.work.run(lambda c: Entries(c, self.town.clock.now()).add(made))
        return made.id

    async def not_helped(
        self, entry: str, text: str, *, who: str, reason: str = "", doubts: bool = True
    ) -> str:  # fmt: skip
        """Somebody gets an entry and says that it did not help; the id of what they asked."""
        person = await self.id(await self.known(who))

        def store(connection: Connection) -> str:
            now = self.town.clock.now()
            given, inquiries = Entries(connection, now).get(entry), Inquiries(connection, now)
            assert given is not None
            asked = inquiries.add(
                text,
                person=person,
                programme=given.programme,
                language="sv",
                outcome=Outcome.ANSWERED,
                entry=entry,
                version=given.version,
            )
            inquiries.helped(asked.id, yes=False)
            inquiries.why(asked.id, reason)
            if doubts:
                self.put_in_doubt(connection, entry)
            return asked.id

        return await self.town.work.run(store)

    def put_in_doubt(self, connection: Connection, entry: str) -> None:
        visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
        found = Entries(connection, visit.now).get(entry)
        assert found is not None
        doubt(visit, found, Inquiries(connection, visit.now).unhelped(entry, found.version))

    def read(self, connection: Connection, ids: Iterable[str]) -> list[Inquiry]:
        store = Inquiries(connection, self.town.clock.now())
        found = [store.get(id) for id in ids]
        return [one for one in found if one is not None]

    async def miss(self, id: str) -> Miss:
        found = await self.town.read(lambda c: Misses(c, self.town.clock.now()).get(id))
        assert found is not None
        return found


@asynccontextmanager
async def questions(url: str) -> AsyncIterator[Questions]:
    async with open_town(url, SINGLE, FREE) as town:
        here = Questions(town, town.person("admin"))
        await here.admin.open_home()
        yield here


@pytest.fixture
async def on_both(engine_url: str) -> AsyncIterator[Questions]:
    """The town on each database."""
    async with questions(engine_url) as opened:
        yield opened


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Questions]:
    """The same on SQLite alone: for what has nothing to do with the database."""
    async with questions(sqlite_url) as opened:
        yield opened
