"""Storing programmes: what is noted as changed, what calendars see of it, and what a draft keeps quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.domain.changes import SETTLES, Kind
from bot.domain.programmes import Occasion, Programme, Span
from bot.domain.registrations import Participant, Register, SeatState
from storage import programmes
from storage.changes import Changes, Unsettled
from storage.programmes import Loaded
from storage.registrations import NewSeat, Registrations
from storage.tables import programmes as table
from tests.flows.samples import CONTACT, NOW, SINGLE, at, with_occasion, words
from tests.handlers.town import Town, open_town

LATER = timedelta(days=9)


def moved(programme: Programme, id: str, by: timedelta = LATER) -> Programme:
    days = tuple(Span(day.starts_at + by, day.ends_at + by) for day in programme.occasion(id).days)
    return with_occasion(programme, id, days=days)


@pytest.fixture
async def home(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, SINGLE) as town:
        yield town


async def load(home: Town, programme: Programme) -> Loaded:
    return await home.work.run(lambda connection: programmes.load(connection, programme, home.clock.now()))


async def stored(home: Town, id: str = SINGLE.id) -> Programme:
    found = await home.work.run(lambda connection: programmes.locked(connection, id))
    assert found is not None
    return found


async def unsettled(home: Town) -> tuple[Unsettled, ...]:
    return await home.work.run(lambda connection: Changes(connection, home.clock.now()).of(SINGLE.id))


async def seat(home: Town, occasion: str, state: SeatState = SeatState.CONFIRMED) -> None:
    """Somebody with a seat at the occasion."""
    await home.person("anna").say("help")

    def book(connection: Connection) -> None:
        person = connection.exec_driver_sql("SELECT id FROM people").scalar_one()
        command = Register(SINGLE.id, "Lund", "SE-1281", "Anna", "anna@lund.se", ())
        new = NewSeat(occasion, Participant("Anna", "", person), state, lodging=False)
        Registrations(connection, NOW).add(command, person, [new])

    await home.work.run(book)


async def test_C4_the_sequence_rises_with_what_calendars_show_and_with_nothing_else(home: Town) -> None:
    first = SINGLE.occasions[0]
    for changes, sequence in (
        ({"capacity": 7}, 0),
        ({"place": words("Lund")}, 1),
        ({"place": words("Lund"), "deadline": first.deadline - timedelta(days=1)}, 1),
        ({"place": words("Lund"), "cancelled": True}, 2),
    ):
        await load(home, with_occasion(SINGLE, "a", **changes))
        assert (await stored(home)).occasion("a").sequence == sequence, changes


async def test_C4c_before_is_kept_from_the_first_change_and_each_one_postpones_the_telling(home: Town) -> None:
    await load(home, moved(SINGLE, "b"))
    home.clock.move(minutes=8)
    await load(home, moved(SINGLE, "b", 2 * LATER))
    (one,) = await unsettled(home)
    assert one.before == SINGLE.occasion("b")
    assert one.settles_at == home.clock.now() + SETTLES


async def test_C4c_what_people_need_not_hear_of_postpones_nothing(home: Town) -> None:
    await load(home, moved(SINGLE, "b"))
    home.clock.move(minutes=8)
    await load(home, replace(moved(SINGLE, "b"), contacts=(CONTACT, CONTACT)))
    assert [one.settles_at for one in await unsettled(home)] == [NOW + SETTLES]


async def test_C4_loading_says_what_will_be_told_to_how_many(home: Town) -> None:
    await seat(home, "b")
    loaded = await load(home, moved(SINGLE, "b"))
    assert [(one.after.id, one.kinds) for one in loaded.changed] == [("b", frozenset({Kind.MOVED}))]
    assert loaded.told == 1


async def test_C4_a_change_of_what_is_over_is_nobodys_news(home: Town) -> None:
    home.clock.at = SINGLE.occasion("b").ends_at + timedelta(days=1)
    await load(home, with_occasion(SINGLE, "b", place=words("Lund")))
    assert await unsettled(home) == ()


@pytest.mark.parametrize("drafts", [(True, True), (True, False), (False, True)])
async def test_C1_of_a_draft_nobody_hears_anything(home: Town, drafts: tuple[bool, bool]) -> None:
    was, is_now = drafts
    await load(home, replace(SINGLE, draft=was))
    await load(home, replace(moved(SINGLE, "b"), draft=is_now))
    assert await unsettled(home) == ()


async def test_C1_publishing_changes_nothing_but_the_draft(home: Town) -> None:
    await load(home, replace(SINGLE, id="ny", draft=True))
    await home.work.run(lambda connection: programmes.publish(connection, "ny", NOW))
    assert await stored(home, "ny") == replace(SINGLE, id="ny")


@pytest.mark.parametrize("state", [SeatState.CONFIRMED, SeatState.WAITING, SeatState.OFFERED])
async def test_C4b_an_occasion_gone_from_the_file_is_cancelled_for_those_who_have_a_seat(
    home: Town, state: SeatState
) -> None:
    await seat(home, "b", state)
    loaded = await load(home, without(SINGLE, "b"))
    assert loaded.programme.occasion("b").cancelled
    assert [(one.after.id, one.kinds) for one in loaded.changed] == [("b", frozenset({Kind.CANCELLED}))]
    again = await load(home, without(SINGLE, "b"))
    assert (again.changed, again.programme.occasion("b").sequence) == ((), 1)


async def test_C4b_an_occasion_that_nobody_has_a_seat_at_is_simply_gone(home: Town) -> None:
    await seat(home, "b", SeatState.RELEASED)
    loaded = await load(home, without(SINGLE, "b"))
    assert [one.id for one in loaded.programme.occasions] == ["a", "c"]
    assert loaded.changed == ()


def without(programme: Programme, id: str) -> Programme:
    return replace(programme, occasions=tuple(one for one in programme.occasions if one.id != id))


async def test_C4_an_added_occasion_is_nobodys_news_and_stands_in_the_order_of_time(home: Town) -> None:
    new: Occasion = replace(SINGLE.occasions[0], id="ny", days=(Span(at(DAY, 9), at(DAY, 12)),))
    loaded = await load(home, replace(SINGLE, occasions=(*SINGLE.occasions, new)))
    assert [one.id for one in loaded.programme.occasions] == ["a", "b", "ny", "c"]
    assert loaded.changed == ()


DAY = (SINGLE.occasion("b").starts_at + timedelta(days=3)).date()


async def test_C4_every_load_lets_the_reminders_be_planned_anew(home: Town) -> None:
    await home.tick.run()
    planned = select(table.c.planned)
    assert await home.work.run(lambda connection: connection.execute(planned).scalar_one())
    await load(home, moved(SINGLE, "b"))
    assert not await home.work.run(lambda connection: connection.execute(planned).scalar_one())
