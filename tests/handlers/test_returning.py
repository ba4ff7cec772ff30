"""Whoever had left and is back: their seats, what is told, and what coordinators need not do."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.people import Role
from bot.handlers.events import Left
from storage.tables import matters, seats
from tests.flows.samples import FREE
from tests.handlers.linked import appoint, owner
from tests.handlers.test_leaving import BLOCKED, refuse, seated
from tests.handlers.town import Person, Town, text

MEETING = FREE.occasions[0].starts_at


async def back(town: Town, person: Person) -> list[str]:
    """Let somebody write again; what has reached them a minute later, since then."""
    before = len(await person.received())
    await person.say("hej")
    await town.tick.tidy()
    await town.deliver()
    return (await person.received())[before:]


async def test_P9a_a_seat_that_nobody_took_is_theirs_again_and_both_are_told_once(town: Town) -> None:
    boss = town.person("boss", "slack", "T1")
    bo = await seated(town, boss)
    await bo.send(Left())
    await town.tick.tidy()
    assert await town.count(seats, seats.c.person.is_(None)) == 1  # the positive control: not before they are back
    (told,) = [one for one in await back(town, bo) if "Good that you are back" in one]
    assert "This one nobody took: it is yours again." in told
    assert await town.count(seats, seats.c.person == await owner(town, bo), seats.c.name == "Bo") == 1
    assert "Bo has the seat again. You need to do nothing." in (await boss.received())[-1]
    assert not any("Good that you are back" in one for one in await back(town, bo))
    await town.tick_at(MEETING - (MEETING - town.clock.now()) / 1000)
    assert any("Träff fika" in one for one in await bo.received())


async def test_P9a_a_seat_that_somebody_has_been_given_stays_theirs(town: Town) -> None:
    boss, eva = town.person("boss", "slack", "T1"), town.person("eva", "slack", "T1")
    bo = await seated(town, boss)
    await eva.say("hej")
    await bo.send(Left())
    form = (await boss.click("Change person")).view
    await boss.submit(form, {"name": "Eva", "email": "eva@example.org"})
    (told,) = [one for one in await back(town, bo) if "Good that you are back" in one]
    assert "It has been given to somebody else or given up." in told
    assert await town.count(seats, seats.c.person == await owner(town, eva)) == 1
    assert not any("Bo is back" in one for one in await boss.received())


async def test_whoever_is_back_after_the_meeting_is_told_nothing(town: Town) -> None:
    boss = town.person("boss", "slack", "T1")
    bo = await seated(town, boss)
    await bo.send(Left())
    town.clock.at = MEETING
    assert not any("Good that you are back" in one for one in await back(town, bo))
    assert await town.count(seats, seats.c.left_by.is_not(None)) == 0


async def test_what_somebody_has_booked_anew_holds(town: Town) -> None:
    boss = town.person("boss", "slack", "T1")
    bo = await seated(town, boss)
    await bo.send(Left())
    await bo.register(FREE.id, organisation="Habo")
    assert not any("Good that you are back" in one for one in await back(town, bo))
    mine = select(seats.c.id).where(seats.c.person == await owner(town, bo))
    assert len(await town.read(lambda c: c.execute(mine).all())) == 1


async def test_nobody_has_to_reach_in_another_way_whoever_is_reached_again(town: Town) -> None:
    anna, kim = town.person("anna", "slack", "T1"), town.person("kim", "slack", "T1")
    await kim.say("hej")
    await appoint(town, kim, Role.COORDINATOR)
    await anna.register(FREE.id)
    await refuse(town, anna, BLOCKED)
    await town.tick.tidy()
    open_ones = matters.c.kind == "unreached", matters.c.closed_at.is_(None)
    assert await town.count(matters, *open_ones) == 1
    await back(town, anna)
    assert await town.count(matters, *open_ones) == 0
    assert "Reminders do not reach" not in text((await kim.say("status")).view)


async def test_the_coordinators_need_not_ask_who_comes_instead_of_whoever_is_back(town: Town) -> None:
    anna = town.person("anna", "slack", "T1")
    await anna.register(FREE.id)
    await anna.send(Left())
    left = matters.c.kind == "left", matters.c.closed_at.is_(None)
    assert await town.count(matters, *left) == 1
    await back(town, anna)
    assert await town.count(matters, *left) == 0
