"""Where people are reached: one by one as they come, and thousands at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, event, func, insert, select

from bot.domain.people import Actor, Language, Profile
from bot.ports import Address
from storage.codes import PERSON, SEATS, Codes
from storage.joins import Joins
from storage.people import People
from storage.tables import actors, codes, people
from tests.flows.samples import FREE, NOW
from tests.handlers.town import Town, open_town

T = TypeVar("T")
IN_SLACK, IN_TEAMS = Actor("slack", "T1", "U1"), Actor("teams", "M1", "P1")
LATER = NOW + timedelta(hours=2)


@pytest.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, FREE) as opened:
        yield opened


async def ask(town: Town, question: Callable[[People], T], at: datetime = NOW) -> T:
    return await town.read(lambda connection: question(People(connection, at)))


def meet(actor: Actor, **details: str) -> Callable[[People], str]:
    where = Address(actor.platform, actor.workspace, actor.user, details=details)
    profile = Profile("Anna", "anna@example.org", Language.SWEDISH, "Europe/Oslo")
    return lambda known: known.meet(actor, where, profile, Language.SWEDISH).person.id


async def joined(town: Town) -> str:
    """One person in Slack, and two hours later in Teams."""
    anna, other = await ask(town, meet(IN_SLACK)), await ask(town, meet(IN_TEAMS, conversation="c1"), LATER)
    await town.read(lambda connection: Joins(connection, NOW).merge(anna, other))
    return anna


async def where(town: Town, person: str) -> Actor | None:
    found = await ask(town, lambda known: known.addressed(person))
    alike = (await ask(town, lambda known: known.reached([person])))[person]
    assert (found[1] if found else None) == alike.address  # one by one or together, it is the same
    return found[0] if found else None


async def test_P9b_where_they_were_seen_last_until_they_choose(town: Town) -> None:
    anna = await joined(town)
    assert await where(town, anna) == IN_TEAMS
    await ask(town, lambda known: known.choose_platform(anna, "slack"))
    assert await where(town, anna) == IN_SLACK
    await ask(town, lambda known: known.block(IN_SLACK, "cannot_dm_bot"))
    assert await where(town, anna) == IN_TEAMS


async def test_left_blocked_and_never_met_are_told_apart(town: Town) -> None:
    anna = await joined(town)

    async def gone() -> str:
        return (await ask(town, lambda known: known.reached([anna])))[anna].gone

    await ask(town, lambda known: known.mark(IN_SLACK, event="left"))
    assert await gone() == ""
    await ask(town, lambda known: known.block(IN_TEAMS, "403"))
    assert (await gone(), await where(town, anna)) == ("blocked", None)
    await ask(town, lambda known: known.mark(IN_TEAMS, event="left"))
    assert await gone() == "left"
    await town.read(lambda c: c.execute(insert(people), {"id": "p", "language": "sv", "created_at": NOW}))
    assert (await ask(town, lambda known: known.reached(["p", "nobody"])))["p"].gone == "unknown"
    assert "nobody" not in await ask(town, lambda known: known.reached(["p", "nobody"]))


async def test_a_recipient_has_zone_language_and_address_with_its_details(town: Town) -> None:
    anna = await ask(town, meet(IN_TEAMS, conversation="c1"))
    found = (await ask(town, lambda known: known.reached([anna])))[anna]
    assert (found.zone, found.person.language, found.gone) == ("Europe/Oslo", Language.SWEDISH, "")
    assert found.address == Address("teams", "M1", "P1", details={"conversation": "c1"})


async def test_writing_again_ends_blocked_and_left(town: Town) -> None:
    anna = await ask(town, meet(IN_SLACK))
    for do in (lambda k: k.block(IN_SLACK, "x"), lambda k: k.mark(IN_SLACK, event="left")):
        await ask(town, do)
        assert await where(town, anna) is None
        assert await ask(town, lambda known: known.actors_of(anna)[0].reachable) is False
        await ask(town, meet(IN_SLACK))
        assert await where(town, anna) == IN_SLACK
    kept = await town.read(lambda c: c.execute(select(actors.c.blocked_reason)).scalar_one())
    assert kept == ""


def counted(connection: Connection, work: Callable[[], Any]) -> int:
    """How many statements the driver gets."""
    seen: list[str] = []
    driver: Any = connection.connection.driver_connection
    if hasattr(driver, "set_trace_callback"):
        driver.set_trace_callback(seen.append)
        work()
        driver.set_trace_callback(None)
        return len(seen)

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    work()
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


async def test_being_seen_costs_nothing_within_the_hour_and_one_statement_after_it(sqlite_url: str) -> None:
    async with open_town(sqlite_url, FREE) as town:
        await ask(town, meet(IN_SLACK))

        def cost(connection: Connection, at: datetime) -> int:
            return counted(connection, lambda: meet(IN_SLACK)(People(connection, at)))

        within = await town.read(lambda c: cost(c, NOW + timedelta(minutes=59)))
        after = await town.read(lambda c: cost(c, NOW + timedelta(minutes=60)))
        again = await town.read(lambda c: cost(c, NOW + timedelta(minutes=61)))
        assert (within, after, again) == (1, 2, 1)


async def test_thousands_are_reached_and_noted_in_few_statements(town: Town) -> None:
    ids = [f"p{number:04}" for number in range(1200)]

    def fill(connection: Connection) -> None:
        connection.execute(insert(people), [{"id": id, "language": "sv", "created_at": NOW} for id in ids])
        rows = [{"platform": "slack", "workspace": "T1", "user": id, "person": id, "seen_at": NOW} for id in ids]
        connection.execute(insert(actors), rows)

    def look(connection: Connection) -> tuple[int, int]:
        known = People(connection, NOW)
        found: list[Any] = []
        read = counted(connection, lambda: found.append(known.reached(ids)))
        assert len(found[0]) == 1200
        assert all(one.address is not None for one in found[0].values())
        return read, counted(connection, lambda: known.digested(ids))

    await town.read(fill)
    assert await town.read(look) == (3, 3)
    digested = select(func.count()).where(people.c.digest_at == NOW)
    assert await town.read(lambda c: c.execute(digested).scalar_one()) == 1200


async def test_codes_know_what_they_are_for_and_expire_each_in_its_time(town: Town) -> None:
    def issue(connection: Connection) -> tuple[str, str]:
        kept = Codes(connection, NOW)
        return kept.issue(SEATS, "whom s1"), kept.issue(PERSON, "me", valid=timedelta(hours=1))

    seat, person = await town.read(issue)

    async def purposes(at: datetime) -> list[str | None]:
        return await town.read(lambda c: [Codes(c, at).purpose(code) for code in (seat, person, "ABCDE-FGHJK")])

    assert await purposes(NOW) == ["seats", "person", None]
    assert await purposes(LATER) == ["seats", None, None]
    assert await town.read(lambda c: Codes(c, NOW).redeem(SEATS, person)) is None  # never for another purpose
    await town.read(lambda c: Codes(c, LATER).forget())
    assert await town.read(lambda c: c.execute(select(codes.c.purpose)).scalars().all()) == ["seats"]
