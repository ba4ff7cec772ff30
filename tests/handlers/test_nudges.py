"""The reminder of the day before: once, while it is true, or noted as missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from bot.domain.nudges import DAY_BEFORE, due_at
from bot.domain.programmes import Span
from bot.domain.registrations import Seat
from bot.handlers.events import Left
from bot.handlers.nudges import Tick
from storage.nudges import Nudges
from storage.tables import nudges, outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE, at, with_occasion
from tests.handlers.test_changing import cancel
from tests.handlers.town import Town, at_once, surroundings, text

MEETING = FREE.occasions[0]
DUE = due_at(DAY_BEFORE, FREE, MEETING)


def reminders(messages: list[str]) -> int:
    return sum(message.startswith("Tomorrow: Träff fika") for message in messages)


async def settled(town: Town) -> list[tuple[str, str]]:
    statement = select(nudges.c.state, nudges.c.reason).order_by(nudges.c.due_at)
    return await town.work.run(lambda c: [(row.state, row.reason) for row in c.execute(statement)])


async def test_P4_the_reminder_comes_once_with_the_link(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(DUE - timedelta(seconds=1))
    assert reminders(await anna.received()) == 0
    for seconds in (0, 1, 60, 3600):
        await town.tick_at(DUE + timedelta(seconds=seconds))
    assert reminders(await anna.received()) == 1
    assert "https://zoom.example.org/fika" in (await anna.received())[-1]


async def test_P4c_down_over_nine_it_comes_at_ten_twenty_and_once_after_two_restarts(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    town.clock.at = DUE + timedelta(minutes=80)
    for _ in range(2):
        await Tick(town.work, town.clock, surroundings()).run()
    assert reminders(await anna.received()) == 1


async def test_P4c_down_until_the_day_itself_it_is_missed_and_the_coordinator_sees_it(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(FREE.id)
    await town.tick_at(at(MEETING.starts_at.date(), 7))
    assert reminders(await anna.received()) == 0
    assert await settled(town) == [("missed", "too late")]
    assert "Reminders that came too late and were not sent: 1" in text((await admin.say("status")).view)


async def test_P4b_registering_on_the_day_gives_no_tomorrow(town: Town) -> None:
    await town.load(with_occasion(FREE, "fika", deadline=MEETING.starts_at))
    town.clock.at = at(MEETING.starts_at.date(), 8, 30)
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(town.clock.at + timedelta(minutes=1))
    assert len(await anna.received()) == 1
    assert "https://zoom.example.org/fika" in (await anna.received())[0]


async def test_P4a_the_time_of_a_moved_meeting_never_fires(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    later = MEETING.starts_at + timedelta(days=7)
    await town.load(with_occasion(FREE, "fika", days=(Span(later, later + timedelta(hours=5)),)))
    await town.tick_at(DUE)
    assert reminders(await anna.received()) == 0
    assert await settled(town) == [("dropped", "the meeting has moved")]


async def test_nobody_who_cancelled_or_left_is_reminded(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo", "slack")
    await anna.register(FREE.id)
    await bo.register(FREE.id)
    await cancel(anna)
    await bo.send(Left())
    await town.tick_at(DUE)
    assert reminders(await anna.received()) + reminders(await bo.received()) == 0
    assert sorted(await settled(town)) == [("dropped", "has left"), ("dropped", "not registered any more")]


async def test_somebody_who_has_left_is_not_reminded_of_a_draft(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", FREE.id)).view
    await anna.submit(form, {"occasions": ("fika",)})
    await anna.send(Left())
    town.clock.move(hours=30)
    await town.tick.tidy()
    assert await anna.received() == []


async def test_a_nudge_that_breaks_takes_no_other_with_it(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(FREE.id)
    await bo.register(FREE.id)
    broken = iter((True, False))

    def address(seat: Seat) -> str:
        if next(broken, False):
            raise RuntimeError
        return f"https://x.example.org/{seat.id}"

    town.clock.at = DUE
    await Tick(town.work, town.clock, surroundings(calendar_address=address)).run()
    assert reminders(await anna.received()) + reminders(await bo.received()) == 1
    assert sorted(state for state, _reason in await settled(town)) == ["missed", "sent"]


async def plant(town: Town, many: int) -> None:
    """Nudges for people who do not exist: enough to race over."""

    def write(connection: Connection) -> None:
        planner = Nudges(connection, town.clock.now())
        for number in range(many):
            planner.plan("day_before", FREE.id, "fika", f"person-{number}", DUE)

    await town.work.run(write)


async def test_two_workers_claim_each_nudge_exactly_once(town: Town) -> None:
    await plant(town, 300)
    taken: list[str] = []

    def claim(connection: Connection) -> int:
        found = Nudges(connection, DUE).claim(20)
        taken.extend(nudge.id for nudge in found)
        return len(found)

    async def worker() -> None:
        work = unit_of_work(town.url)
        while await work.run(claim):
            pass
        await work.close()

    await at_once(worker(), worker())
    assert len(taken) == len(set(taken)) == 300


async def test_selecting_before_updating_would_double_nudges(postgresql_url: str) -> None:
    """The positive control: what the claim is not."""
    from tests.handlers.town import open_town

    async with open_town(postgresql_url, FREE) as town:
        await plant(town, 60)
        taken: list[str] = []

        def claim_badly(connection: Connection) -> int:
            due = select(nudges.c.id).where(nudges.c.state == "planned").limit(20)
            ids = list(connection.execute(due).scalars())
            taken.extend(ids)
            connection.execute(select(func.pg_sleep(0.05)))  # so that the others look in between, on any machine
            connection.execute(update(nudges).where(nudges.c.id.in_(ids)).values(state="sent"))
            return len(ids)

        async def worker() -> None:
            work = unit_of_work(town.url)
            while await work.run(claim_badly):
                pass
            await work.close()

        await at_once(worker(), worker(), worker())
        assert len(taken) > len(set(taken)) == 60


async def test_two_workers_with_a_whole_town_remind_each_once(town: Town) -> None:
    people = [town.person(f"p{n}") for n in range(12)]
    await at_once(*(person.register(FREE.id) for person in people))
    town.clock.at = DUE
    second = unit_of_work(town.url)
    await at_once(town.tick.run(), Tick(second, town.clock, surroundings()).run(), town.tick.run())
    await second.close()
    assert await town.count(outbox, outbox.c.key.like("nudge:%")) == 12
    assert [reminders(await person.received()) for person in people] == [1] * 12


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31), date(2027, 11, 1)])
async def test_P4c_nights_when_the_clocks_change(small_town: Town, day: date) -> None:
    start = at(day, 9, 30)
    moved = with_occasion(FREE, "fika", days=(Span(start, start + timedelta(hours=5)),), deadline=start)
    await small_town.load(moved)
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    nine = at(day - timedelta(days=1), 9)
    for moment in (nine - timedelta(minutes=1), nine, nine + timedelta(hours=1), start):
        await small_town.tick_at(moment)
        expected = 0 if moment < nine else 1
        assert reminders(await anna.received()) == expected


@pytest.mark.parametrize("seconds", [1, 60, 3600, 6 * 3600, 14 * 3600, 15 * 3600, 24 * 3600, 72 * 3600])
async def test_down_over_the_time_it_is_sent_late_while_useful_or_noted(small_town: Town, seconds: int) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    up_again = DUE + timedelta(seconds=seconds)
    await small_town.tick_at(up_again)
    useful = up_again < at(datetime.fromisoformat("2027-02-09").date(), 0)
    assert reminders(await anna.received()) == int(useful)
    assert await settled(small_town) == ([("sent", "")] if useful else [("missed", "too late")])


async def test_a_second_worker_is_killed_in_the_middle_and_nothing_is_lost(small_town: Town) -> None:
    people = [small_town.person(f"p{n}") for n in range(5)]
    await at_once(*(person.register(FREE.id) for person in people))
    small_town.clock.at = DUE

    class Killed(BaseException):
        pass

    def half(connection: Connection) -> None:
        Nudges(connection, DUE).claim(3)
        raise KeyError("killed")

    with pytest.raises(KeyError):
        await small_town.work.run(half)
    await small_town.tick.run()
    assert [reminders(await person.received()) for person in people] == [1] * 5


async def test_a_changed_text_does_not_plan_again(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await small_town.tick_at(DUE)
    await small_town.load(replace(FREE, edition="2"))
    await small_town.tick_at(DUE + timedelta(hours=1))
    assert reminders(await anna.received()) == 1
