"""Towns that are furnished once: every test has a copy of its own, of the database and of what was in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.domain.programmes import Programme
from storage.unit_of_work import unit_of_work
from tests.fixtures.kinds import Kind
from tests.handlers.town import Person, Town, open_town

Furnish = Callable[[Town], Awaitable[None]]


async def bare(town: Town) -> None:
    """Leave the town with its programmes."""


@dataclass(frozen=True)
class Kept:
    """A town in which nothing goes on any more."""

    url: str
    town: Town
    number: int  # of its next delivery
    programmes: tuple[Programme, ...]  # held, so that no others get their ids

    @asynccontextmanager
    async def again(self, kind: Kind) -> AsyncIterator[Town]:
        """Another town that goes on from here."""
        with kind.copy(self.url) as url:
            work = unit_of_work(url)
            try:
                town = Town(work, url)
                town.clock.at, town.numbers = self.town.clock.at, iter(count(self.number))
                for name, post in self.town.posts.items():
                    vars(town.posts[name]).update({part: copy(value) for part, value in vars(post).items()})
                for name, person in self.town.people.items():
                    town.people[name] = Person(town, person.actor, person.profile, town.reception)
                yield town
            finally:
                await work.close()


@asynccontextmanager
async def prepared(kind: Kind, *found: Programme, furnish: Furnish = bare) -> AsyncIterator[Town]:
    """A town with these very programmes as `furnish`, which is asked once for each kind of database, leaves it."""
    name = (furnish, *map(id, found))
    if name not in kind.kept:
        kind.kept[name] = await _keep(kind, found, furnish)
    kept: Kept = kind.kept[name]
    async with kept.again(kind) as town:
        yield town


async def _keep(kind: Kind, found: tuple[Programme, ...], furnish: Furnish) -> Kept:
    url = kind.until_the_end.enter_context(kind.copy(kind.empty))
    async with open_town(url, *found) as town:
        await furnish(town)
    around = town.surroundings
    writes: tuple[Any, ...] = (around.urn_keys, around.vote_keys, around.journal)
    for one in writes:
        assert not one._folder.exists(), "files are not copied: what writes some is no part of furnishing"
    return Kept(url, town, next(town.numbers), found)
