"""The kick-off conference after its end: the fifty posts of the seed, groups of every role, and a coordinator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.domain.board import Standing
from bot.handlers.rounds import close_round
from bot.handlers.visit import Visit
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.rounds import Rounds
from tests.fixtures.seed_board import POSTS
from tests.handlers.town import Person, Town, open_town
from tests.handlers.workshop import MODEL, ROUND, group, open_round

HELD, HELD_NEED = "Ring Kajsa, hon vet", "Hjälp av Kajsa"
"""Posts that wait for a coordinator: an expectation and a need. They must never reach anybody."""


@dataclass
class Conference:
    """A town with the round, and one person of each role."""

    town: Town
    politician: Person
    manager: Person
    strategist: Person
    admin: Person
    answers: Mapping[str, str]  # text → id

    async def close(self) -> None:
        await close(self.town)

    def of(self, text: str) -> str:
        """The id of the post that begins like this."""
        return next(id for written, id in self.answers.items() if written.startswith(text))


@asynccontextmanager
async def conference(url: str) -> AsyncIterator[Conference]:
    async with open_town(url, MODEL) as town:
        people = {name: town.person(name) for name in ("pia", "max", "siv", "admin")}
        for person in people.values():
            await person.open_home()
        for role, name in (("politiker", "pia"), ("chefer", "max"), ("strateger", "siv")):
            await group(town, role, role.title(), people[name], organisation_key="SE-1281")
        await open_round(town)
        written = await town.work.run(lambda connection: _write(town, connection))
        yield Conference(town, people["pia"], people["max"], people["siv"], people["admin"], written)


def _write(town: Town, connection: Connection) -> dict[str, str]:
    known = {one.role: one.id for one in Groups(connection, town.clock.now()).of_programme(MODEL.id)}
    new = [NewAnswer(role, question, text, known[role]) for role, question, text in POSTS]
    new.append(NewAnswer("chefer", "forvantar", HELD, known["chefer"], Standing.HELD, "personal"))
    new.append(NewAnswer("chefer", "stod", HELD_NEED, known["chefer"], Standing.HELD, "personal"))
    ids = Answers(connection, town.clock.now()).add(ROUND, new)
    return {one.text: id for one, id in zip(new, ids, strict=True)}


async def publish(here: Conference, text: str) -> None:
    """Let a coordinator show what was held."""
    id = here.answers[text]

    def show(connection: Connection) -> None:
        store = Answers(connection, here.town.clock.now())
        found = store.get(id)
        assert found is not None
        store.stand(found, Standing.SHOWN)

    await here.town.work.run(show)


async def close(town: Town) -> None:
    """Close the round as the bot does, and deliver what follows."""

    def end(connection: Connection) -> None:
        visit = Visit(connection, town.clock.now(), town.surroundings)
        found = Rounds(connection, town.clock.now()).locked(ROUND)
        assert found is not None
        close_round(visit, found)

    await town.work.run(end)
    await town.deliver()
