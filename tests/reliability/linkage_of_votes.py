"""The adversary who wants to know who voted for what, and holds the database after every round, and the log.

Of four people each votes for another post, with the only vote they have: a ballot that anybody finds tells all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from random import Random
from typing import Any

from sqlalchemy import Connection, select, text

from bot.domain.rounds import State
from bot.ports import Address
from storage.answers import Answers, NewAnswer
from storage.rounds import Rounds
from storage.tables import actors, metadata, votes
from tests.fixtures.seed_board import POSTS
from tests.flows.samples import NOW
from tests.handlers.test_voting import ROUND
from tests.handlers.town import Person, Town
from tests.reliability.linkage import CHANNELS, Taken, Watched, curve

VOTERS = 4
_HOW: Mapping[str, Mapping[str, Any]] = {"slack": {"answers_inline": False}, "teams": {}}
"""How a press in the direct conversation is answered on each platform."""

_ROWS = CHANNELS["rows of the person"]


async def curves_of_votes(town: Town, log: StringIO, platform: str, rounds: int, seed: int) -> dict[str, float]:
    """How well each channel tells who voted for what."""
    people = [town.person(f"voter-{n:02}", platform) for n in range(VOTERS)]
    for person in people:
        await person.register()
    chance, watched, together = Random(seed), list[Watched](), list[Watched]()
    for n in range(rounds):
        seen = await _vote(town, log, f"r{n}", chance.sample(people, VOTERS))
        written = await town.read(_written)
        watched.append(replace(seen, rows=[row for rows in written.values() for row in rows]))
        together.append(replace(seen, rows=["\n".join(rows) for number, rows in written.items() if number]))
    return {
        "rows": curve(watched, _ROWS),
        "rows of a transaction": curve(together, _ROWS),
        "log": curve(watched, CHANNELS["log while answering"]),
    }


async def _vote(town: Town, log: StringIO, id: str, people: Sequence[Person]) -> Watched:
    """Each votes, for the post at their place, and opens the ballot once more."""
    posts = await town.read(lambda connection: _opened(connection, id))
    ids = await town.read(lambda c: {row.user: row.person for row in c.execute(select(actors.c.user, actors.c.person))})
    users = [person.actor.user for person in people]
    seen = Watched(id, [ids[user] for user in users], users)
    for person, post in zip(people, posts, strict=True):
        begun = log.tell()
        for do, about in (("cast", f"{id} {post}"), ("vote", id)):
            name = f"a:{person.actor.user}|invoke|{next(town.numbers)}"
            await person.press(do, about, delivery=name, came_from=_chat(person, id), **_HOW[person.actor.platform])
        seen.logs.append(log.getvalue()[begun:].encode())
    assert await town.count(votes, votes.c.round == id) == VOTERS
    await town.deliver()
    await town.read(lambda c: Rounds(c, town.clock.now()).enter(id, State.CLOSED, from_states=(State.OPEN,)))
    seen.answers["votes"] = [Taken(post, n, post, n, n, 0, 0) for n, post in enumerate(posts)]
    return seen


def _chat(person: Person, moved: str) -> Address:
    """Their own conversation, which Teams calls by a name that is nobody else's, and moves now and then."""
    return replace(person.address, details={"conversation": f"a:{person.actor.user}", "service_url": moved})


def _opened(connection: Connection, id: str) -> tuple[str, ...]:
    """The posts of a new round with one vote for each person: as many as stand on one page of a ballot."""
    Rounds(connection, NOW).add(replace(ROUND, id=id, votes=1))
    return Answers(connection, NOW).add(id, [NewAnswer(box, asked, said) for box, asked, said in POSTS[:VOTERS]])


def _written(connection: Connection) -> Mapping[str, list[str]]:
    """Every row, by the transaction that wrote it: PostgreSQL tells which that was, SQLite does not."""
    number = text("xmin::text" if connection.dialect.name == "postgresql" else "''")
    found: dict[str, list[str]] = defaultdict(list)
    for table in metadata.tables.values():
        for row in connection.execute(select(number, table)):
            found[row[0]].append(repr(tuple(row[1:])))
    return found
