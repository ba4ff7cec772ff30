"""Nudges: each once, to those concerned, while they are of use; what was not sent has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from bot.domain.nudges import Planned, schedule
from bot.domain.programmes import Programme, Span
from bot.domain.registrations import Seat
from bot.handlers.events import Left
from bot.handlers.tick import Tick
from storage.nudges import Nudges
from storage.tables import nudges, outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE, at, with_occasion
from tests.handlers.test_changing import cancel
from tests.handlers.town import Town, at_once, surroundings, text

MEETING = FREE.occasions[0]


def planned(rule: str, programme: Programme = FREE) -> Planned:
    """The nudge of this rule to the participants of the one meeting."""
    return next(one for one in schedule(programme) if (one.rule.name, one.audience) == (rule, "participants"))


DUE = planned("day_before").due_at


def reminders(messages: list[str]) -> int:
    return about(messages, "Tomorrow: Träff fika")


def about(messages: list[str], *beginnings: str) -> int:
    """How many of the messages begin so."""
    return sum(message.startswith(beginnings) for message in messages)


async def settled(town: Town, rule: str = "day_before") -> list[tuple[str, str]]:
    one = (nudges.c.rule == rule) & (nudges.c.recipient != "")
    statement = select(nudges.c.state, nudges.c.reason).where(one).order_by(nudges.c.due_at)
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


async def test_P4c_down_until_the_morning_of_the_meeting_it_says_today(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(at(MEETING.starts_at.date(), 8))
    assert [m.splitlines()[0] for m in (await anna.received())[1:]] == ["Today: Träff fika"]


async def test_P4c_down_until_the_meeting_begins_it_is_missed_and_the_coordinator_sees_it(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(FREE.id)
    await town.tick_at(MEETING.starts_at)
    assert len(await anna.received()) == 1
    for rule in ("agenda", "preparation", "day_before", "link"):  # none of them stands in a later one that came
        assert await settled(town, rule) == [("missed", "too_late")]
    assert "Reminders that were not sent although they should have been: 4" in text((await admin.say("status")).view)


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
    assert await settled(town) == []


async def test_nobody_who_cancelled_or_left_is_reminded(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo", "slack")
    await anna.register(FREE.id)
    await bo.register(FREE.id)
    await cancel(anna)
    await bo.send(Left())
    await town.tick_at(DUE)
    assert reminders(await anna.received()) + reminders(await bo.received()) == 0
    assert {reason for _state, reason in await settled(town)} <= {"left"}


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
        rows = Nudges(connection, town.clock.now())
        rows.plan(FREE.id, [planned("day_before")], since=town.clock.now())
        (whole,) = [one for one in Nudges(connection, DUE).claim(1000) if not one.recipient]
        rows.fan_out(whole, [f"person-{number}" for number in range(many)])

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


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 3, 30), date(2027, 10, 31), date(2027, 11, 2)])
async def test_P4c_nights_when_the_clocks_change(small_town: Town, day: date) -> None:
    start = at(day, 9, 30)
    moved = with_occasion(FREE, "fika", days=(Span(start, start + timedelta(hours=5)),), deadline=start)
    await small_town.load(moved)
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    due = planned("day_before", moved).due_at
    for moment in (due - timedelta(minutes=1), due, due + timedelta(hours=1), start):
        await small_town.tick_at(moment)
        assert about(await anna.received(), "Tomorrow", "Soon") == (0 if moment < due else 1)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1 / 3600, "Tomorrow"), (1, "Tomorrow"), (7, "Tomorrow"),
        (14, ""), (22, ""),  # at night nobody is written to
        (23, "Today"), (24, "Today"),
        (24.5, ""), (72, ""),  # the meeting has begun
    ],
)  # fmt: skip
async def test_down_over_the_time_it_is_sent_late_while_useful_or_noted(
    small_town: Town, hours: float, said: str
) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await small_town.tick_at(DUE + timedelta(hours=hours))
    assert about(await anna.received(), *([said] if said else ["Today", "Tomorrow"])) == (1 if said else 0)
    assert [state for state, _reason in await settled(small_town)] == (
        ["sent"] if said else ["planned"] if hours < 24 else ["missed"]
    )


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
