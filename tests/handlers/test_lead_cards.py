"""The leader's card in their conversation follows what groups write and what another leader does, at an easy pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.flows import workshops as words
from bot.handlers.tick import Tick
from bot.messages import Notice
from storage.living import Living
from storage.outbox import Outbox
from storage.posts import Posts
from storage.tables import outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import LUND
from tests.handlers.town import at_once, text
from tests.handlers.workshop_town import PROGRAMME, Day, lund, rate, write


@pytest.fixture
async def day(engine_url: str) -> AsyncIterator[Day]:
    async with lund(engine_url) as opened:
        await opened.begin()
        await opened.press(words.NEXT_STEP)
        await look(opened)
        seen(opened)
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Day]:
    async with lund(sqlite_url) as opened:
        await opened.begin()
        await opened.press(words.NEXT_STEP)
        await look(opened)
        seen(opened)
        yield opened


async def look(day: Day, seconds: int = 15) -> None:
    await day.town.tick_at(day.town.clock.now())
    day.town.clock.move(seconds=seconds)
    await day.town.tick.run()
    await day.town.deliver()


def seen(day: Day) -> list[str]:
    """What the card was edited to say since it was looked at last."""
    updated = day.town.posts[day.leader.actor.platform].updated
    said = [text(view) for _reference, view in updated if "Step " in text(view) or "is over:" in text(view)]
    updated.clear()
    return said


async def test_G3_what_a_group_writes_edits_the_leader_s_card_once(day: Day) -> None:
    await write(day.people[0], (await day.round("swot")).id, "Vi hjälps åt", "Bra kartor")
    await look(day)
    [said] = seen(day)
    assert "Grupp 1: 2 posts" in said
    await look(day, 60)
    assert seen(day) == []


async def test_what_many_write_within_fifteen_seconds_is_one_edit(small: Day) -> None:
    about = (await small.round("swot")).id
    await write(small.people[0], about, "Ett")
    await small.town.tick.run()
    await small.town.deliver()
    seen(small)
    for _second in range(14):
        small.town.clock.move(seconds=1)
        await write(small.people[2], about, "Mer")
        await small.town.tick_at(small.town.clock.now())
    assert seen(small) == []
    await look(small, 1)
    assert len(seen(small)) == 1


async def test_two_workers_edit_it_once(day: Day) -> None:
    await write(day.people[0], (await day.round("swot")).id, "Vi hjälps åt")
    day.town.clock.move(seconds=15)
    elsewhere = unit_of_work(day.town.url)
    try:
        other = Tick(elsewhere, day.town.clock, day.town.surroundings)
        await at_once(day.town.tick.run(), other.run())
        await at_once(day.town.tick.run(), other.run())
    finally:
        await elsewhere.close()
    await day.town.deliver()
    assert len(seen(day)) == 1


async def test_control_without_a_look_at_what_it_said_last_a_second_worker_says_it_again(
    small: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()

    def again(living: Living, key: str, *place: object, person: str) -> bool:
        box: Outbox = living._outbox
        address, language, view = place
        return box.add(f"{key}:{next(numbers)}", address, person, language, view, edits=key)  # type: ignore[arg-type]

    monkeypatch.setattr(Living, "show", again)
    monkeypatch.setattr(Living, "said_at", lambda *_key: None)
    small.town.clock.move(seconds=15)
    for _worker in range(2):
        await Tick(small.town.work, small.town.clock, small.town.surroundings).run()
        await small.town.deliver()
    assert len(seen(small)) == 2


async def test_a_step_that_another_leader_takes_is_shown_to_the_one_who_began(small: Day) -> None:
    await small.press(words.NEXT_STEP, small.town.person("admin"))
    await look(small)
    assert "Step 3 of 8" in seen(small)[-1]


async def test_sealed_answers_are_followed_in_steps(small: Day) -> None:
    await small.to("skattning")
    await look(small)
    seen(small)
    for person in small.people[:4]:
        await rate(person, (await small.round("skattning")).id)
    await look(small)
    [said] = seen(small)
    assert "4" in said


async def test_paused_it_says_so_and_then_rests(small: Day) -> None:
    await small.press(words.PAUSE, small.town.person("admin"))
    assert "Paused." in seen(small)[-1]
    await write(small.people[0], (await small.round("swot")).id, "Under pausen")
    await look(small)
    assert seen(small) == []
    await small.press(words.RESUME)
    await look(small)
    assert "Grupp 1: 1 post" in seen(small)[-1]


async def test_over_it_says_what_came_of_it(small: Day) -> None:
    await small.press(words.CONFIRM_END)
    assert "The workshop is over: Dagen" in seen(small)[-1]
    await look(small)
    assert seen(small) == []


async def test_whoever_leads_no_longer_sees_nothing_new(small: Day) -> None:
    town = small.town
    me = await town.read(lambda c: str(c.execute(select(outbox.c.person).where(own)).scalar_one()))
    await town.work.run(lambda c: Posts(c, town.clock.now()).remove_contact(PROGRAMME.id, LUND.key, me))
    await write(small.people[0], (await small.round("swot")).id, "Hemligt")
    await look(small)
    assert seen(small) == []


async def test_an_hour_of_edits_leaves_no_heap_of_rows_and_all_of_them_are_the_leader_s(small: Day) -> None:
    about = (await small.round("swot")).id
    for line in ("Ett", "Två", "Tre", "Fyra"):
        await write(small.people[0], about, line)
        await look(small)
    rows = select(outbox.c.person, func.count()).where(edits).group_by(outbox.c.person)
    [(person, number)] = await small.town.read(lambda c: c.execute(rows).all())
    assert person
    assert number <= 3


async def test_one_that_cannot_be_shown_keeps_no_other_waiting(small: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_asked: object) -> Notice:
        raise RuntimeError

    await write(small.people[0], (await small.round("swot")).id, "Ett")
    with monkeypatch.context() as broken:
        broken.setattr(words, "card", fails)
        await look(small)
    assert seen(small) == []
    await look(small)
    assert len(seen(small)) == 1


own = outbox.c.key.like("workshop:%:lead")
edits = outbox.c.key.like("workshop:%:lead%")
