"""A programme whose participants each have a challenge of their own, and everybody who might want to read them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.domain.challenges import Visibility
from bot.domain.people import Role
from bot.domain.programmes import FactSheet
from bot.flows import challenge_lists, challenges
from bot.flows.challenge_lists import As
from bot.handlers.events import Reply
from storage.challenges import Challenges
from storage.people import People
from tests.flows.samples import COHORT, FREE, LUND, words
from tests.handlers.town import Person, Town, open_town

SHEET = FactSheet(LUND.key, words("Lund har tolv bibliotek."), "https://example.org/lund")
THREAD = replace(COHORT, asks_challenge=True, challenge_question=words("Vad vill du ändra på?"), facts=(SHEET,))
"""Three occasions: 11–12 March, 15–16 April and 3–4 June 2027."""


@dataclass
class Circle:
    """Two participants, somebody who is none, and a programme leader."""

    town: Town
    anna: Person
    bertil: Person
    outsider: Person
    leader: Person

    async def id(self, person: Person) -> str:
        return str(await self.town.read(lambda c: People(c, self.town.clock.now()).present(person.actor)))

    async def write(self, person: Person, text: str, visibility: str = Visibility.ME) -> Reply:
        """Write a challenge to the very end, with a yes where something is asked once more."""
        form = (await person.press(challenges.WRITE, THREAD.id)).view
        reply = await person.submit(form, {"text": text, "visibility": visibility})
        if getattr(reply.view, "kind", "") == "form":
            reply = await person.submit(reply.view)
        return reply

    async def read(self, person: Person, who: As = As.LEADER) -> Reply:
        return await person.press(challenge_lists.READ, f"{who} {THREAD.id} 0")

    async def stored(self, person: Person) -> list[tuple[int, str]]:
        """The versions that a person has written."""
        id = await self.id(person)
        found = await self.town.read(lambda c: Challenges(c, self.town.clock.now()).versions(THREAD.id, id))
        return [(one.number, one.text) for one in found]


@asynccontextmanager
async def challenge_circle(url: str) -> AsyncIterator[Circle]:
    async with open_town(url, THREAD, FREE) as town:
        anna, bertil = town.person("anna"), town.person("bertil", "slack", "W2")
        outsider, leader = town.person("outsider"), town.person("leader", "teams", "W3")
        for person in (outsider, leader, anna, bertil):
            await person.open_home()
        await anna.register(THREAD.id)
        await bertil.register(THREAD.id, organisation="Habo kommun")
        await town.work.run(lambda c: _appoint(c, town, leader))
        await town.deliver()
        yield Circle(town, anna, bertil, outsider, leader)


def _appoint(connection: Connection, town: Town, person: Person) -> None:
    people = People(connection, town.clock.now())
    people.appoint(str(people.present(person.actor)), Role.COORDINATOR)
