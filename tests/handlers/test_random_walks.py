"""People of several workspaces do anything, in any order: what must hold after every step.

`LARTRAFF_WALKS` and `LARTRAFF_STEPS` set the size; 500 walks of 50 steps take some minutes.
A quarter as many go through rounds, boards and plans: `LARTRAFF_WALKS=2000` gives 500 of those on each database.
"""

from __future__ import annotations

import logging
import random
import secrets
import shutil
import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, select

from bot import keys, logs
from bot.domain.board import Answer
from bot.flows.noting import Notes
from bot.handlers import groups, screens
from bot.handlers.events import Reply
from bot.handlers.noting import NoteRoom
from storage.answers import Answers, _answer
from storage.groups import Group, Groups, _group
from storage.plans import Plans
from storage.tables import actors, answers, coaches, seats, workshop_rounds, workshops
from storage.tables import groups as group_rows
from tests.flows.samples import COHORT, FREE, SINGLE, with_capacity
from tests.handlers.round_walkers import KEYS, ForeignError, canaries
from tests.handlers.round_walkers import PROGRAMMES as WITH_ROUNDS
from tests.handlers.round_walks import Walk
from tests.handlers.town import Sent, Town, open_town
from tests.handlers.urn_scenes import swept
from tests.handlers.walk_pages import Pages, pages_of
from tests.handlers.walkers import STEPS, WALKS, Walker

CAPACITY = 2
PROGRAMMES = tuple(with_capacity(programme, CAPACITY) for programme in (SINGLE, COHORT, FREE))


async def check(town: Town, walkers: list[Walker], seen: dict[str, int]) -> None:
    """What must hold whatever has happened."""
    statement = select(seats.c.programme, seats.c.occasion, seats.c.state, seats.c.person)
    rows = await town.work.run(lambda c: c.execute(statement).all())
    taken = Counter((r.programme, r.occasion) for r in rows if r.state in ("confirmed", "offered"))
    assert all(number <= CAPACITY for number in taken.values()), taken
    active = Counter(
        (r.person, r.programme, r.occasion) for r in rows if r.person and r.state in ("confirmed", "offered", "waiting")
    )
    assert all(number == 1 for number in active.values()), active
    await town.deliver()
    homes = {(w.person.actor.platform, w.person.actor.workspace, w.person.actor.user): w for w in walkers}
    for post in town.posts.values():
        for sent in post.sent[seen.get(post.name, 0) :]:
            address = sent.address
            nothing_foreign(homes[(address.platform, address.workspace, address.conversation)], sent)
        seen[post.name] = len(post.sent)


def nothing_foreign(walker: Walker, shown: Reply | Sent) -> None:
    said = repr(shown.view)
    foreign = [f"canary{n}" for n in range(4) if n != walker.organisation and f"canary{n}" in said]
    assert not foreign, (walker.person.actor, foreign, said)


async def walk(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    walkers = [Walker(town, number, chance, PROGRAMMES) for number in range(8)]
    seen: dict[str, int] = {}
    for _ in range(STEPS):
        walker = chance.choice(walkers)
        reply = await walker.act(town)
        assert "went wrong" not in repr(reply.view), seed
        nothing_foreign(walker, reply)
        if chance.random() < 0.2:
            town.clock.at += chance.choice([timedelta(minutes=1), timedelta(minutes=11), timedelta(hours=25)])
            await town.tick.run()
        await check(town, walkers, seen)


@pytest.mark.parametrize("seed", range(WALKS))
async def test_figure_9_nothing_breaks_and_nothing_leaks(
    sqlite_url: str, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_town(sqlite_url, *PROGRAMMES) as town:
        await walk(town, seed)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_the_check_sees_a_leak_and_an_overbooking(small_town: Town) -> None:
    """The positive control: what the walks look for is found where it is."""
    owner, other = (Walker(small_town, number, random.Random(0), PROGRAMMES) for number in range(2))
    await owner.person.register(FREE.id, takes_part="others", places="3")
    with pytest.raises(AssertionError):
        await check(small_town, [owner, other], {})
    reply = await owner.person.register(FREE.id, needs="canary0")
    await small_town.deliver()
    with pytest.raises(AssertionError):
        nothing_foreign(other, small_town.messages(owner.person)[-1])
    nothing_foreign(owner, reply)


# --- Rounds, boards, plans and documents ------------------------------------------------------------------------------

_DOCUMENTS = 4  # of each round, chosen at random: they take longest
_IN_SUITE = -(-WALKS // 4)  # of these walks, which are longer


async def walk_through_rounds(town: Town, seed: int) -> None:
    """Fifty steps; the rounds end on the way, and whatever can be fetched is fetched at the end."""
    with pytest.MonkeyPatch.context() as patch:
        _draw_ids_from(seed, patch)
        await _walk_through_rounds(Walk(town, random.Random(seed)))


def _draw_ids_from(seed: int, patch: pytest.MonkeyPatch) -> None:
    """Let ids be the same each time: what is chosen among them at random then is."""
    ids = random.Random(seed)
    patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    patch.setattr(secrets, "token_hex", lambda size: ids.randbytes(size).hex())


async def _walk_through_rounds(walk: Walk) -> None:
    town = walk.town
    await walk.begin()
    ends_at = walk.chance.randrange(STEPS // 4, STEPS * 3 // 4)
    for number in range(STEPS):
        if number == ends_at:
            await walk.close()
        await walk.step()
        if walk.chance.random() < 0.1:
            town.clock.at += walk.chance.choice([timedelta(minutes=1), timedelta(minutes=11), timedelta(hours=25)])
            await town.tick.run()
    await town.tick.tidy()
    await swept(town)
    await walk.look(walk.coordinator, Reply())
    async with pages_of(town) as pages:
        await _read_everything(walk, pages)


async def _read_everything(walk: Walk, pages: Pages) -> None:
    """Boards, documents, what is stored of each, and the database itself."""
    for at in WITH_ROUNDS:
        for round in (f"notes-{at}", f"sealed-{at}"):
            walk.judge_page(at, ("note", "koor", "seal"), await pages.board(round), f"the board {round}")
            for name, said in (await pages.documents(round, walk.chance, _DOCUMENTS)).items():
                _judge_document(walk, at, name, said)
    await _read_workshops(walk, pages)
    people = await walk.town.work.run(lambda c: c.execute(select(actors.c.user, actors.c.person)).all())
    for user, person in people:
        if person is not None:
            walk.judge(walk.homes[user], await pages.my_data(person), "file of what is stored")
    await walk.judge_database()


def _all_of(wanted: Select[str], connection: Connection) -> list[str]:
    return list(connection.execute(wanted).scalars())


async def _read_workshops(walk: Walk, pages: Pages) -> None:
    """The screens, with no word that anybody wrote, those of coaches and the boards, with nothing of others."""
    rows = await walk.town.work.run(
        lambda c: c.execute(select(workshops.c.id, workshops.c.programme, workshops.c.organisation_key)).all()
    )
    for id, programme, key in rows:
        at = programme[-1]
        walk.judge_page(at, ("koor",), await pages.workshop(id), f"the screen of {id}")
        for coach in await walk.town.work.run(lambda c: c.execute(select(coaches.c.person)).scalars().all()):
            said = await pages.workshop(screens.for_coach(id, coach))
            walk.judge_page(at, ("koor",), said, f"the page of a coach of {id}")
        asked = select(workshop_rounds.c.round).where(workshop_rounds.c.workshop == id)
        for round in await walk.town.work.run(partial(_all_of, asked)):
            said = await pages.board(round) + await pages.result(round)
            walk.judge_page(at, ("koor", "verk"), said, f"the board {round}", KEYS.index(key))


def _judge_document(walk: Walk, at: str, name: str, said: str) -> None:
    own = {"SE-1281": 0, "SE-1643": 1}
    organisation = next((number for key, number in own.items() if name.startswith(f"organisation-{key}.")), None)
    kinds = ("note", "koor", "seal", *(() if name.startswith(("group", "page")) else ("plan", "namn", "verk")))
    walk.judge_page(at, kinds, said, f"the document {name}", organisation)


def lines_of(caplog: pytest.LogCaptureFixture) -> str:
    """What all this would have written into the log, had it been set to say everything."""
    lines = logs._Lines(b"", logs._as_json)
    return "\n".join(lines.format(record) for record in caplog.records if logs._is_wanted(record))


@pytest.mark.parametrize("seed", range(_IN_SUITE))
async def test_figure_9_nothing_foreign_shows_in_rounds_boards_plans_and_documents(
    engine_url: str, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_town(engine_url, *WITH_ROUNDS.values()) as town:
        await walk_through_rounds(town, seed)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
    assert canaries(lines_of(caplog)) == set()


_put_up = NoteRoom.put_up


def _quoting(self: NoteRoom, written: Notes) -> object:
    logging.getLogger("bot.handlers.noting").debug("put up %s", written)
    return _put_up(self, written)


def _of_all_rounds(self: Answers, _round: str) -> tuple[Answer, ...]:
    return tuple(map(_answer, self._connection.execute(select(answers))))


def _of_all_programmes(self: Groups, _programme: str) -> tuple[Group, ...]:
    return tuple(map(_group, self._connection.execute(select(group_rows))))


class _Glass:
    """A cipher that hides nothing."""

    def __init__(self, _key: bytes) -> None:
        self.encrypt = self.decrypt = lambda _nonce, content, _mark: content


BROKEN: dict[str, tuple[Any, str, Any]] = {
    "a board that forgets its round": (Answers, "of_round", _of_all_rounds),
    "groups that forget their programme": (Groups, "of_programme", _of_all_programmes),
    "a plan that forgets its organisation": (Plans, "of_organisation", lambda self, at, _key: self.of_programme(at)),
    "a door that is open to everybody": (groups, "takes_part", lambda *_: True),
    "an organisation's workshop that others see": (groups, "concerned", lambda *_: True),
    "a log that quotes people": (NoteRoom, "put_up", _quoting),
    "urns that are not sealed": (keys, "_box", _Glass),
}
"""Name → what is replaced in the code under test, and by what."""


def _another(url: str, number: int) -> str:
    """A database that is as fresh as the one at this address."""
    first = Path(url.removeprefix("sqlite:///"))
    return f"sqlite:///{shutil.copy(first, first.with_name(f'{number}.db'))}"


@pytest.mark.parametrize("name", BROKEN)
async def test_control_the_walks_find_what_is_foreign(
    sqlite_url: str, name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(*BROKEN[name])
    for seed in range(6):
        async with open_town(_another(sqlite_url, seed), *WITH_ROUNDS.values()) as town:
            if await _finds_something(town, seed) or canaries(lines_of(caplog)):
                return
    pytest.fail("nothing was found")


async def _finds_something(town: Town, seed: int) -> bool:
    try:
        await walk_through_rounds(town, seed)
    except ForeignError:
        return True
    return False
