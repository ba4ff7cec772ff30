"""Figure 6: down over the due times of every rule; what is useful comes late, what is not is shown to the coordinator.

What should come is worked out here by itself, from days and times written by hand and from what people are promised:
working hours, one digest a day, one word about one coming meeting.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select, update

from bot.domain.programmes import OwnDate
from bot.handlers.tick import Tick
from storage.nudges import Nudges
from storage.tables import matters, nudges
from tests.flows.samples import FREE, at, occasion, words
from tests.handlers.town import Person, Town, open_town, text

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOLIDAYS = {date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6)}
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LENGTHS = (SECOND, 60 * SECOND, HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR)

PROGRAMME = replace(
    FREE,
    id="avbrott",
    occasions=(
        occasion("A", date(2027, 4, 13), homework=(words("Öva"),)),
        occasion("B", date(2027, 6, 15)),
    ),
    dates=(OwnDate("plan", words("Planen"), at(date(2027, 5, 27), 23, 59)),),
)


@dataclass(frozen=True)
class Awaited:
    """A reminder as its reader knows it, by the clock in Stockholm."""

    rule: str
    due: datetime
    until: datetime  # the first instant at which it is of no use
    says: str
    meeting: str = ""  # that it prepares for
    waits: bool = True


def wall(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=STOCKHOLM)


A, B = wall(4, 13, 9, 30), wall(6, 15, 9, 30)
DAY_A, DAY_B = "Tuesday 13 April 2027", "Tuesday 15 June 2027"
ANNA = (  # she takes part in everything
    Awaited("agenda", wall(3, 30, 9), A, f"Träff A: {DAY_A}", "A"),
    Awaited("preparation", wall(4, 6, 9), A, f"Prepare for Träff A, {DAY_A}", "A"),
    Awaited("day_before", wall(4, 12, 9), A, "Tomorrow: Träff A", "A"),
    Awaited("link", wall(4, 13, 9, 15), A, "Träff A begins at 09:30", "A", waits=False),
    Awaited("afterwards", wall(4, 14, 9), wall(4, 28, 15), "Thank you for taking part in Träff A"),
    Awaited("between", wall(5, 17, 9), wall(6, 8, 9, 30), "Halfway to Träff B: how is it going?"),  # a Saturday's
    Awaited("date", wall(5, 20, 9), wall(5, 27, 23, 59), "Planen"),
    Awaited("agenda", wall(6, 1, 9), B, f"Träff B: {DAY_B}", "B"),
    Awaited("preparation", wall(6, 8, 9), B, f"Prepare for Träff B, {DAY_B}", "B"),
    Awaited("day_before", wall(6, 14, 9), B, "Tomorrow: Träff B", "B"),
    Awaited("link", wall(6, 15, 9, 15), B, "Träff B begins at 09:30", "B", waits=False),
    Awaited("afterwards", wall(6, 16, 9), wall(6, 30, 15), "Thank you for taking part in Träff B"),
)
BO = (  # he has booked two seats for nobody in particular; registration is open until ten days before
    Awaited("last_call", wall(3, 30, 9), wall(4, 3, 0), "2 seats at Träff A have no name yet"),
    Awaited("date", wall(5, 20, 9), wall(5, 27, 23, 59), ""),  # he takes part in nothing himself
    Awaited("last_call", wall(6, 1, 9), wall(6, 5, 0), "2 seats at Träff B have no name yet"),
)
PRESSING = ("agenda", "preparation", "day_before", "link", "afterwards", "last_call", "between", "date")
"""What comes first of several that are of use equally long."""


# --- What should come -------------------------------------------------------------------------------------------------

Outage = tuple[datetime, datetime]


def outages(length: timedelta) -> list[Outage]:
    """One over each due time that none has been over yet."""
    found: list[Outage] = []
    for due in sorted({one.due for one in ANNA}):
        if not found or due >= found[-1][1]:
            found.append((due - SECOND / 2, due - SECOND / 2 + length))
    return found


def works(moment: datetime) -> bool:
    there = moment.astimezone(STOCKHOLM)
    return there.weekday() < 5 and there.date() not in HOLIDAYS and time(8) <= there.time() < time(17)


def next_morning(moment: datetime, at_first: time = time(8)) -> datetime:
    """When the next working day begins, or this one when it has not begun."""
    there = moment.astimezone(STOCKHOLM)
    morning = datetime.combine(there.date(), time(8), tzinfo=STOCKHOLM)
    while morning <= there or not works(morning):
        morning = datetime.combine(morning.date() + timedelta(days=1), time(8), tzinfo=STOCKHOLM)
    return morning.replace(hour=at_first.hour)


@dataclass
class Expected:
    """What one person should be sent, and what nobody could send them."""

    sent: list[tuple[datetime, str]]
    missed: list[str]
    overtaken: list[str]


def expected(awaited: Sequence[Awaited], down: Sequence[Outage]) -> Expected:
    """Serve the reminders in their order, all that is due at one instant together."""
    out, digest_on = Expected([], [], []), None
    waiting = [(up_again(one.due, down), one) for one in awaited if one.says]
    while waiting:
        now = min(moment for moment, _one in waiting)
        here = sorted((one for moment, one in waiting if moment == now), key=lambda one: one.due)
        waiting = [(moment, one) for moment, one in waiting if moment != now]
        together: list[Awaited] = []
        for one in here:
            later = [other for other in here if other.meeting == one.meeting != "" and other.due > one.due]
            if any(now < other.until for other in later):
                out.overtaken.append(one.rule)
            elif now >= one.until:
                out.missed.append(one.rule)
            elif one.waits and (again := put_off(now, one, digest_on)):
                waiting.append((up_again(again, down), one))
            elif one.waits:
                together.append(one)
            else:
                out.sent.append((now, one.says))
        if together:
            digest_on = now.astimezone(STOCKHOLM).date()
            first = as_said(min(together, key=lambda one: (one.until, PRESSING.index(one.rule))), now)
            out.sent.append((now, f"{first} (and {len(together) - 1} more)" if len(together) > 1 else first))
    return out


def up_again(moment: datetime, down: Sequence[Outage]) -> datetime:
    """When somebody is there to send what is due at `moment`."""
    return next((end for start, end in down if start <= moment < end), moment)


def put_off(now: datetime, one: Awaited, digest_on: date | None) -> datetime | None:
    """Until when a reminder waits, if it does and is of use then."""
    if not works(now):
        later, at_nine = next_morning(now), next_morning(now, time(9))
        another_day = later.date() != now.astimezone(STOCKHOLM).date()
        if another_day and one.rule != "day_before" and at_nine < one.until:
            return at_nine  # with what comes that morning anyway
        return later if later < one.until else None
    if digest_on != now.astimezone(STOCKHOLM).date():
        return None
    later = next_morning(now, time(9))
    says_tomorrow = one.rule == "day_before" and later.date() == one.until.astimezone(STOCKHOLM).date()
    return later if later < one.until and not says_tomorrow else None


def as_said(one: Awaited, now: datetime) -> str:
    """On the day of the meeting it is no longer tomorrow."""
    same_day = now.astimezone(STOCKHOLM).date() == one.until.astimezone(STOCKHOLM).date()
    return one.says.replace("Tomorrow", "Today") if same_day and one.rule == "day_before" else one.says


# --- What comes -------------------------------------------------------------------------------------------------------


async def live_through(
    town: Town, down: Sequence[Outage], tick: Tick, *people: Person
) -> list[list[tuple[datetime, str]]]:
    """Let the time pass, with a worker that is up but in the outages; what each of the people got, and when."""
    heard: list[list[tuple[datetime, str]]] = [[] for _ in people]
    known = [len(await person.received()) for person in people]
    async for moment in moments(town, down):
        town.clock.at = moment
        await tick.run()
        for number, person in enumerate(people):
            titles = [message.splitlines()[0] for message in await person.received()]
            heard[number] += [(moment, title) for title in titles[known[number] :]]
            known[number] = len(titles)
    return heard


async def moments(town: Town, down: Sequence[Outage]) -> AsyncIterator[datetime]:
    """Whenever something is due and the worker is up, and at the end of each outage."""
    yield town.clock.now()
    ends = iter([end for _start, end in down])
    end = next(ends, None)
    while True:
        due = await town.read(lambda connection: Nudges(connection, town.clock.now()).next_due())
        if due is None:
            return
        moment = max(up_again(due, down), town.clock.now())
        while end is not None and end <= moment:
            yield end
            end = next(ends, None)
        yield moment


async def told(town: Town) -> tuple[list[str], list[str], list[str]]:
    """The rules of what was missed, of what was overtaken, and of what the coordinator was told."""

    def read(connection: Connection) -> tuple[list[str], list[str], list[str]]:
        rows = connection.execute(select(nudges).where(nudges.c.recipient != "")).all()
        missed = [row.rule for row in rows if row.state == "missed"]
        overtaken = [row.rule for row in rows if row.reason == "overtaken"]
        reported = [key.split(":")[2] for key in connection.execute(select(matters.c.key)).scalars()]
        return missed, overtaken, reported

    return await town.read(read)


async def ready(town: Town) -> tuple[Person, Person]:
    """Anna takes part in both meetings; Bo has booked two seats at each and named nobody."""
    await town.load(PROGRAMME)
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(PROGRAMME.id, occasions=("A", "B"))
    await bo.register(PROGRAMME.id, occasions=("A", "B"), takes_part="others", places="2")
    return anna, bo


@pytest.mark.parametrize("length", LENGTHS, ids=str)
async def test_figure_6_after_an_outage_each_reminder_comes_late_or_is_overtaken_or_missed_and_shown(
    engine_url: str, length: timedelta
) -> None:
    async with open_town(engine_url) as town:
        people, down = await ready(town), outages(length)
        heard = await live_through(town, down, town.tick, *people)
        anna, bo = expected(ANNA, down), expected(BO, down)
        assert heard == [anna.sent, bo.sent]
        missed, overtaken, reported = await told(town)
        assert sorted(missed) == sorted(anna.missed + bo.missed)
        assert sorted(overtaken) == sorted(anna.overtaken + bo.overtaken)
        assert set(reported) == set(missed)
        shown = text((await town.person("admin").say("status")).view)
        assert shown.count("was not sent") == len(missed)


def test_the_long_outages_are_over_something_that_comes_too_late_and_the_short_ones_are_not() -> None:
    came_to_nothing = [
        (len(found.missed), len(found.overtaken)) for found in (expected(ANNA, outages(n)) for n in LENGTHS)
    ]
    assert came_to_nothing[0] == came_to_nothing[1] == (0, 0)
    assert came_to_nothing[-1] == (4, 0)


async def test_three_days_down_spam_nobody(engine_url: str) -> None:
    async with open_town(engine_url) as town:
        anna, _bo = await ready(town)
        (heard,) = await live_through(town, outages(LENGTHS[-1]), town.tick, anna)
        days = [moment.astimezone(STOCKHOLM).date() for moment, title in heard if "begins at" not in title]
        assert len(days) == len(set(days)) > 5


class Forgetful(Tick):
    """Drops what is more than a second late, as APScheduler does with its own jobs."""

    async def run(self) -> None:
        def drop(connection: Connection) -> None:
            late = (nudges.c.state == "planned") & (nudges.c.due_at < self._clock.now() - SECOND)
            connection.execute(update(nudges).where(late).values(state="dropped"))

        await self._unit_of_work.run(drop)
        await super().run()


async def test_the_same_check_catches_a_scheduler_that_drops_what_is_late(sqlite_url: str) -> None:
    async with open_town(sqlite_url) as town:
        people, down = await ready(town), outages(HOUR)
        forgetful = Forgetful(town.work, town.clock, town.surroundings)
        heard = await live_through(town, down, forgetful, *people)
        assert len(heard[0]) < len(expected(ANNA, down).sent)
