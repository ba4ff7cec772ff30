"""What no rule plans comes at the hours and on the days of all other reminders: drafts, days of plans, rounds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.domain.rounds import Round
from bot.flows import plan_cards, planning
from bot.handlers import rounds
from bot.handlers.courtesy import Courtesy
from storage.people import People
from storage.rounds import Rounds
from tests.flows.samples import SINGLE, at
from tests.handlers import round_town
from tests.handlers.round_town import MODEL, ask, in_group, read, the_round
from tests.handlers.test_planning import member, rows, write
from tests.handlers.town import Person, Town

rounds_town = round_town.on_both
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = date(2027, 1, 18)


async def tidied(town: Town, *moments: datetime) -> list[int]:
    """How many messages there were in all after each of these moments."""
    heard = []
    for moment in moments:
        town.clock.at = moment
        await town.tick.tidy()
        await town.deliver()
        heard.append(sum(len(town.messages(person)) for person in town.people.values()))
    return heard


async def had_a_digest(town: Town, person: Person, moment: datetime) -> None:
    def note(connection: object) -> None:
        people = People(connection, moment)  # type: ignore[arg-type]
        people.digested((str(people.present(person.actor)),))

    await town.work.run(note)


# --- Drafts -----------------------------------------------------------------------------------------------------------


async def draft(town: Town, moment: datetime) -> Person:
    town.clock.at = moment
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})
    return anna


async def test_P1c_a_draft_of_friday_afternoon_is_not_reminded_of_on_saturday_or_at_night(town: Town) -> None:
    friday = MONDAY - 3 * DAY
    await draft(town, at(friday, 15))
    moments = [at(friday + DAY, 11), at(MONDAY, 7), at(MONDAY, 9), at(MONDAY, 10), at(MONDAY + DAY, 10)]
    assert await tidied(town, *moments) == [0, 0, 0, 1, 1]


async def test_P4_a_draft_waits_while_another_reminder_has_come_on_the_day(town: Town) -> None:
    anna = await draft(town, at(MONDAY, 12))
    await had_a_digest(town, anna, at(MONDAY + DAY, 9))
    assert await tidied(town, at(MONDAY + DAY, 11), at(MONDAY + DAY, 16), at(MONDAY + 2 * DAY, 10)) == [0, 0, 1]


async def test_P9_a_draft_waits_for_the_end_of_a_pause(town: Town) -> None:
    anna = await draft(town, at(MONDAY, 12))
    await anna.say("pause 2027-01-25")
    before = len(await anna.received())
    found = await tidied(town, at(MONDAY + 2 * DAY, 11), at(MONDAY + 7 * DAY, 11))
    assert [one - before for one in found] == [0, 1]


# --- Days of plans ----------------------------------------------------------------------------------------------------


async def owes(town: Town, *days: str) -> Person:
    """Somebody who wants something done by each of these days."""
    anna = await member(town, "anna")
    for day in days:
        await write(anna, before=planning.OWN_DAY, day=day, what=f"Gör klart till {day}")
    return anna


async def heard(town: Town, person: Person, words: str, *moments: datetime) -> list[int]:
    """How many messages with these words there were in all after each of these moments."""
    found = []
    for moment in moments:
        await tidied(town, moment)
        found.append(sum(words in one for one in await person.received()))
    return found


async def test_a_day_of_its_own_is_reminded_of_once_a_week_ahead(town: Town) -> None:
    anna = await owes(town, "2027-01-29")
    days = [at(date(2027, 1, day), 10) for day in (20, 22, 25, 26)]
    assert await heard(town, anna, "1 row of the plan is due soon", *days) == [0, 1, 1, 1]


async def test_P4_two_days_of_their_own_come_on_two_days(town: Town) -> None:
    anna = await owes(town, "2027-01-28", "2027-01-29")
    days = [at(date(2027, 1, day), hour) for day in (22, 25, 26) for hour in (10, 15)]
    assert await heard(town, anna, "due soon", *days) == [1, 1, 2, 2, 2, 2]


async def test_G2_a_day_of_its_own_that_has_passed_is_asked_about_once_two_weeks_later(town: Town) -> None:
    anna = await owes(town, "2027-01-29")
    days = [at(date(2027, 1, 29) + days * DAY, 10) for days in range(25)]
    assert await heard(town, anna, "Still open in your plan", *days) == [0] * 14 + [1] * 11


async def test_G2_what_is_done_is_not_asked_about(town: Town) -> None:
    anna = await owes(town, "2027-01-29")
    (row,) = await rows(town)
    await anna.submit((await anna.press(plan_cards.UPDATE, str(row["id"]))).view, {"progress": "done"})
    days = [at(date(2027, 1, 29) + days * DAY, 10) for days in (14, 17, 20)]
    assert await heard(town, anna, "Still open in your plan", *days) == [0, 0, 0]


# --- Rounds -----------------------------------------------------------------------------------------------------------


async def asked(town: Town, closes_at: datetime) -> tuple[Person, Round]:
    """Somebody in a group, and a round that closes then."""
    person = await in_group(town, "p", "politiker")
    await ask(town)
    about = await the_round(town)
    await town.work.run(lambda c: Rounds(c, town.clock.now()).change_closing(about.id, closes_at))
    return person, about


def reminders(town: Town, person: Person) -> int:
    return read(town, person).count("has not written anything on the board yet")


FRIDAY = MONDAY + 4 * DAY


@pytest.mark.parametrize(("digest", "heard"), [(None, [1, 1]), (at(FRIDAY - DAY, 9), [0, 1])])
async def test_P4_a_round_reminds_on_the_day_before_or_where_something_has_come_then_on_the_last_morning(
    rounds_town: Town, digest: datetime | None, heard: list[int]
) -> None:
    town = rounds_town
    person, _about = await asked(town, at(FRIDAY, 16))
    if digest is not None:
        await had_a_digest(town, person, digest)
    counted = []
    for moment in (at(FRIDAY - DAY, 16, 30), at(FRIDAY, 10)):
        await tidied(town, moment, moment)
        counted.append(reminders(town, person))
    assert counted == heard


async def test_a_second_message_on_a_day_is_better_than_none_before_a_round_closes(rounds_town: Town) -> None:
    town = rounds_town
    person, _about = await asked(town, at(FRIDAY, 9, 30))
    await had_a_digest(town, person, at(FRIDAY - DAY, 9))
    await tidied(town, at(FRIDAY - DAY, 10))
    assert reminders(town, person) == 1


async def test_on_the_last_morning_a_reminder_comes_before_it_is_too_late(rounds_town: Town) -> None:
    """Where nothing could be sent on the day before, ten o'clock is not waited for."""
    town = rounds_town
    person, _about = await asked(town, at(FRIDAY, 9, 30))
    await tidied(town, at(FRIDAY, 8, 5))
    assert reminders(town, person) == 1


async def test_P4_what_a_round_has_said_is_the_days_message(rounds_town: Town) -> None:
    town = rounds_town
    person, _about = await asked(town, at(FRIDAY, 16))
    await tidied(town, at(FRIDAY - DAY, 16, 30), at(FRIDAY, 10))

    def may_go(connection: object) -> bool:
        visit = round_town.visit(town, connection)  # type: ignore[arg-type]
        id = str(visit.people.present(person.actor))
        return Courtesy(visit, (id,)).allows(id, MODEL, until=at(FRIDAY + 9 * DAY, 16))

    assert await town.read(may_go) is True  # what was said yesterday, and what is not said again
    town.clock.at = at(FRIDAY - DAY, 16, 30)
    assert await town.read(may_go) is False


def test_a_short_round_reminds_nobody() -> None:
    opens_at = at(MONDAY, 9)
    short = Round("r", MODEL.id, SINGLE.title, (), round_town.SEALED.mode, opens_at, closes_at=opens_at + 47 * HOUR)
    assert rounds.reminded_at(short, MODEL) is None
