"""What coordinators have to look at: told once and together, closed for all, passed on, never told to nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.people import Role
from bot.flows import matters as flow
from bot.flows.appointing import APPOINT_CONTACT
from bot.handlers import matters
from bot.handlers.events import Left
from bot.handlers.tick import Tick
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.matters import Matters
from storage.people import People
from storage.posts import Posts
from storage.tables import matters as table
from storage.tables import tellings
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE, NOW, SINGLE
from tests.handlers.town import Person, Town, at_once, surroundings, text

FRIDAY = datetime(2027, 1, 15, 13, 0, tzinfo=UTC)  # 14.00 in Stockholm


async def appointed(town: Town, name: str, role: Role = Role.COORDINATOR) -> Person:
    """Somebody with a role, who has opened the conversation."""
    person = await known(town, name)

    def appoint(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(person.actor)), role)

    await town.work.run(appoint)
    return person


async def known(town: Town, name: str) -> Person:
    person = town.person(name)
    await person.open_home()
    await town.deliver()
    return person


async def happens(town: Town, *titles: str, programme: str = SINGLE.id) -> None:
    """Open a matter for each title, which is its key as well."""

    def open_all(connection: Connection) -> None:
        visit = Visit(connection, town.clock.now(), town.surroundings)
        for title in titles:
            matters.open_matter(visit, key=title, programme=programme, kind="test", view=Card(title))

    await town.work.run(open_all)


async def tidy(town: Town, *, until: datetime | None = None) -> None:
    town.clock.at = until or town.clock.at
    await town.tick.tidy()
    await town.tick.tidy()  # what the first one passes on, the second one tells
    await town.deliver()


async def away(town: Town, person: Person, until: datetime, deputy: Person | None = None) -> None:
    def leave(connection: Connection) -> None:
        people, posts = People(connection, town.clock.now()), Posts(connection, town.clock.now())
        id = str(people.present(person.actor))
        posts.leave(id, until)
        posts.set_deputy(id, str(people.present(deputy.actor)) if deputy else "")

    await town.work.run(leave)


def heard(town: Town, person: Person) -> list[str]:
    """What the person has been told about matters."""
    return [m.text for m in town.messages(person) if "coordinator to look at" in m.text or "Welcome back" in m.text]


# --- Telling ----------------------------------------------------------------------------------------------------------


async def test_what_happens_in_a_minute_comes_in_one_message(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await happens(town, "Ann is unreachable", "Bo is unreachable")
    await tidy(town)
    for person in (kim, lo):
        (said,) = heard(town, person)
        assert "2 things for a coordinator" in said
        assert "Ann is unreachable" in said
        assert "Bo is unreachable" in said


async def test_nothing_is_told_twice(town: Town) -> None:
    kim = await appointed(town, "kim")
    await happens(town, "A", "A")
    await tidy(town)
    await happens(town, "A", "B")
    await tidy(town)
    assert [("A" in said.split("• ")[1], "• B" in said) for said in heard(town, kim)] == [(True, False), (False, True)]


async def test_of_many_ten_are_listed_and_the_rest_is_counted(town: Town) -> None:
    kim = await appointed(town, "kim")
    await happens(town, *(f"No {n}" for n in range(24)))
    await tidy(town)
    (said,) = heard(town, kim)
    assert said.count("• No ") == 10
    assert "and 14 more: write “status”" in said


async def test_at_night_nothing_is_told_and_in_the_morning_all_of_it_at_once(town: Town) -> None:
    kim = await appointed(town, "kim")
    for hour in (20, 23, 3):
        await tidy(town, until=NOW.replace(day=11 if hour > 12 else 12, hour=hour))
        await happens(town, f"At {hour}")
    await tidy(town)
    assert heard(town, kim) == []
    await tidy(town, until=datetime(2027, 1, 12, 7, 0, tzinfo=UTC))  # 08.00 in Stockholm
    (said,) = heard(town, kim)
    assert "3 things" in said


async def test_two_workers_tell_each_person_once(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await happens(town, *(f"No {n}" for n in range(8)))
    other = unit_of_work(town.url)
    second = Tick(other, town.clock, surroundings())
    await at_once(*(tick.tidy() for tick in (town.tick, second) * 3))
    await other.close()
    await town.deliver()
    assert sum(said.count("• No ") for said in heard(town, kim)) == 8
    assert sum(said.count("• No ") for said in heard(town, lo)) == 8


# --- Closing ----------------------------------------------------------------------------------------------------------


async def test_done_closes_for_everybody_and_says_who_and_when(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await happens(town, "Ann is unreachable")
    await tidy(town)
    shown = await kim.click("Done")
    assert shown.replaces
    assert "Taken care of by Kim, Monday 11 January 2027 at 12:00." in text(shown.view)
    await town.deliver()
    updated = town.posts["sandbox"].updated
    assert len({reference for reference, _edited in updated}) == 2
    assert all("Taken care of by Kim" in text(edited) for _reference, edited in updated)
    assert len(heard(town, lo)) == 1  # edited, not sent anew


async def test_the_first_to_press_done_stands_there(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await happens(town, "A")
    await tidy(town)
    button = await lo.button("Done")
    await kim.click("Done")
    assert "Taken care of by Kim" in text((await lo.press(button.do, button.about)).view)


async def test_what_is_left_of_a_message_keeps_its_button(town: Town) -> None:
    kim = await appointed(town, "kim")
    await happens(town, *(f"No {n}" for n in range(12)))
    await tidy(town)
    action = await kim.button("Done")
    view = (await kim.press(action.do, action.about)).view
    assert isinstance(view, Card)
    assert [any(b.action and b.action.do == flow.DONE for b in item.buttons) for item in view.items] == [True] * 10
    assert "11 things" in text(view)
    assert "and 1 more: write “status”" in text(view)


async def test_two_who_close_at_once_leave_no_message_half_edited(town: Town) -> None:
    kim, lo, mo = [await appointed(town, name) for name in ("kim", "lo", "mo")]
    await happens(town, "A", "B")
    await tidy(town)
    ids = await town.read(lambda c: [one.id for one in Matters(c, NOW).open_ones()])
    await at_once(kim.press(flow.DONE, ids[0]), lo.press(flow.DONE, ids[1]))
    await town.deliver()
    last = dict(town.posts["sandbox"].updated).values()  # what each of the three messages was made at last
    assert [text(view).count("Taken care of by") for view in last] == [2, 2, 2]
    assert all("Everything here is taken care of" in text(view) for view in last)
    assert len(heard(town, mo)) == 1


async def test_a_matter_that_never_was_is_no_fault(small_town: Town) -> None:
    kim = await appointed(small_town, "kim")
    assert "no longer on the list" in text((await kim.press(flow.DONE, "nothing")).view)


async def test_the_status_lists_what_is_open_and_done_there_brings_it_up_to_date(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await happens(town, "A", "B")
    await happens(town, "Gone programme", programme="no-such-programme")
    await tidy(town)
    status = (await kim.say("status")).view
    assert isinstance(status, Card)
    assert [item.title for item in status.items][:2] == ["A", "B"]
    assert "Gone programme" not in text(status)
    done = next(b.action for b in status.items[0].buttons if b.action)
    fresh = await kim.press(done.do, done.about)
    assert fresh.replaces
    assert isinstance(fresh.view, Card)
    assert next(iter(fresh.view.items)).title == "B"
    await town.deliver()
    assert len(town.posts["sandbox"].updated) == 2  # the messages of both
    assert len(heard(town, lo)) == 1


async def test_a_long_list_says_how_much_there_is_besides(small_town: Town) -> None:
    await happens(small_town, *(f"No {n:02}" for n in range(20)), programme="")

    def items(connection: Connection) -> int:
        found = matters.open_matters(Visit(connection, NOW, small_town.surroundings), {FREE.id})
        assert "and 5 more" in text(Card("", items=found))
        return len(found)

    assert await small_town.work.run(items) == 16


# --- Opening again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "number"), [(59, 1), (60, 2)])
async def test_what_comes_back_is_a_new_matter_but_not_while_it_is_being_mended(
    town: Town, minutes: int, number: int
) -> None:
    kim = await appointed(town, "kim")
    await happens(town, "The bot is missing in #a")
    await tidy(town)
    await kim.click("Done")
    town.clock.move(minutes=minutes)
    await happens(town, "The bot is missing in #a", "The bot is missing in #a")
    await tidy(town)
    assert len(heard(town, kim)) == number


async def test_what_was_closed_long_ago_is_let_go_of_and_what_is_open_is_kept(town: Town) -> None:
    kim = await appointed(town, "kim")
    await happens(town, "A")
    await tidy(town)
    await kim.click("Done")
    await happens(town, "B")
    await tidy(town)
    later = NOW + timedelta(days=500)
    await town.work.run(lambda c: matters.forget(Visit(c, later, town.surroundings), later))
    assert await town.count(table) == 1
    assert await town.count(tellings) == 1


# --- Away, and never nobody -------------------------------------------------------------------------------------------


async def test_C3a_while_a_coordinator_is_away_the_deputy_gets_it(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await away(town, kim, NOW + timedelta(days=7), deputy)
    await happens(town, "A")
    await tidy(town)
    assert heard(town, kim) == []
    assert len(heard(town, deputy)) == 1
    assert "Taken care of by Deputy" in text((await deputy.click("Done")).view)


async def test_C3a_back_again_one_gets_a_short_list_of_what_happened(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await away(town, kim, datetime(2027, 1, 17, 23, 0, tzinfo=UTC), deputy)  # Monday 00.00 in Stockholm
    await happens(town, "A", "B")
    await tidy(town)
    await deputy.click("Done")
    await tidy(town, until=datetime(2027, 1, 18, 1, 0, tzinfo=UTC))
    assert heard(town, kim) == []  # at night
    await tidy(town, until=datetime(2027, 1, 18, 7, 0, tzinfo=UTC))
    (said,) = heard(town, kim)
    assert "1 thing was taken care of" in said
    assert "1 thing waits" in said
    assert "Taken care of by Deputy" in said
    await kim.click("Done")


async def test_a_deputy_who_is_away_is_stood_in_for_and_circles_end(town: Town) -> None:
    kim, lo, mo = await appointed(town, "kim"), await appointed(town, "lo"), await known(town, "mo")
    await away(town, kim, NOW + timedelta(days=7), lo)
    await away(town, lo, NOW + timedelta(days=7), mo)
    await happens(town, "A")
    await tidy(town)
    assert [len(heard(town, one)) for one in (kim, lo, mo)] == [0, 0, 1]
    await away(town, lo, NOW + timedelta(days=7), kim)
    await happens(town, "B")
    await tidy(town)
    assert [len(heard(town, one)) for one in (kim, lo, mo)] == [1, 1, 1]


async def test_when_all_are_away_coordinators_and_administrators_are_told(town: Town) -> None:
    kim, admin = await appointed(town, "kim"), await known(town, "admin")
    await away(town, kim, NOW + timedelta(days=7))
    await happens(town, "A")
    await tidy(town)
    assert [len(heard(town, one)) for one in (kim, admin)] == [1, 1]


async def test_an_administrator_is_told_when_there_is_no_coordinator_and_only_then(town: Town) -> None:
    admin = await known(town, "admin")
    await happens(town, "A")
    await tidy(town)
    assert len(heard(town, admin)) == 1
    await appointed(town, "kim")
    await happens(town, "B")
    await tidy(town)
    assert len(heard(town, admin)) == 1


async def test_what_nobody_could_be_told_waits_for_the_first_who_can(town: Town) -> None:
    await happens(town, "A")
    await tidy(town)
    kim = await appointed(town, "kim")
    await tidy(town)
    assert len(heard(town, kim)) == 1


async def test_a_coordinator_who_has_left_is_passed_over(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await kim.send(Left())
    await happens(town, "A")
    await tidy(town)
    assert [len(heard(town, one)) for one in (kim, lo)] == [0, 1]


# --- Passing on -------------------------------------------------------------------------------------------------------


async def test_untouched_for_two_working_days_it_goes_to_deputies_and_administrators_once(town: Town) -> None:
    kim, deputy, admin = await appointed(town, "kim"), await known(town, "deputy"), await known(town, "admin")
    await away(town, kim, NOW - timedelta(days=1), deputy)
    await tidy(town, until=FRIDAY)
    await happens(town, "A")
    await tidy(town)
    tuesday = FRIDAY + timedelta(days=4)
    await tidy(town, until=tuesday - timedelta(minutes=1))
    assert [len(heard(town, one)) for one in (deputy, admin)] == [0, 0]
    await tidy(town, until=tuesday)
    await tidy(town, until=tuesday + timedelta(days=3))
    for person in (deputy, admin):
        (said,) = heard(town, person)
        assert "This has waited for more than two working days." in said
    assert len(heard(town, kim)) == 2  # that they were back, and the matter itself


async def test_C3a_the_deputy_may_see_to_what_is_passed_on_to_them_and_no_longer(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await away(town, kim, NOW - timedelta(days=1), deputy)
    await tidy(town, until=FRIDAY)
    await happens(town, "A")
    await tidy(town)
    assert "Only coordinators" in text((await deputy.press(APPOINT_CONTACT)).view)
    await tidy(town, until=FRIDAY + timedelta(days=4))
    assert "Only coordinators" not in text((await deputy.press(APPOINT_CONTACT)).view)
    await deputy.click("Done")
    assert "Only coordinators" in text((await deputy.press(APPOINT_CONTACT)).view)


async def test_what_is_taken_care_of_goes_no_further(town: Town) -> None:
    kim, admin = await appointed(town, "kim"), await known(town, "admin")
    await happens(town, "A")
    await tidy(town)
    await kim.click("Done")
    await tidy(town, until=NOW + timedelta(days=10))
    assert heard(town, admin) == []


async def test_what_comes_at_night_has_two_working_days_from_the_morning(town: Town) -> None:
    await appointed(town, "kim")
    admin = await known(town, "admin")
    await tidy(town, until=datetime(2027, 1, 15, 22, 0, tzinfo=UTC))  # Friday night
    await happens(town, "A")
    await tidy(town, until=datetime(2027, 1, 20, 6, 59, tzinfo=UTC))
    assert heard(town, admin) == []
    await tidy(town, until=datetime(2027, 1, 20, 7, 0, tzinfo=UTC))  # Wednesday 08.00
    assert len(heard(town, admin)) == 1
