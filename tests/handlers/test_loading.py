"""A programme's file that changes something for those who take part: the coordinators hear of it, and can undo it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.programmes import Programme
from bot.handlers.loading import load_files
from bot.handlers.visit import Visit
from tests.flows.samples import SINGLE, occasion, with_occasion
from tests.handlers.changed import news, pass_ten_minutes
from tests.handlers.town import Person, Town, text
from tests.storage.test_programmes import moved

MOVED = moved(SINGLE, "b")
LONGER = replace(SINGLE, occasions=(*SINGLE.occasions, occasion("d")))


async def load(town: Town, *found: Programme) -> None:
    def act(connection: Connection) -> None:
        load_files(Visit(connection, town.clock.now(), town.surroundings), found)

    await town.work.run(act)


async def heard(person: Person) -> list[str]:
    return [one for one in await person.received() if one.startswith("The programme's file has been loaded")]


async def met(town: Town) -> tuple[Person, Person]:
    """A coordinator, and somebody with a seat at the middle meeting."""
    admin, anna = town.person("admin"), town.person("anna")
    await admin.say("hello")
    await anna.register(occasions=("b",))
    return admin, anna


async def test_coordinators_read_what_changes_who_is_told_when_and_take_it_back(town: Town) -> None:
    admin, anna = await met(town)
    await load(town, MOVED)
    (told,) = await heard(admin)
    assert "The programme's file has been loaded: Dialog" in told
    assert "NEW DATE: Träff b" in told
    assert "Was Tuesday 16 March" in told
    assert "1 person is told on Monday 11 January 2027 at 12:10." in told
    assert await heard(anna) == []
    assert "Undone. Tue 16 Mar: Träff b: it stands as people know it" in text((await admin.click("Undo")).view)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == []


async def test_two_changes_are_taken_back_one_by_one(town: Town) -> None:
    admin, anna = await met(town)
    await load(town, with_occasion(MOVED, "a", place=SINGLE.title))
    (told,) = await heard(admin)
    assert ("NEW DATE: Träff b" in told, "NEW PLACE: Träff a" in told) == (True, True)
    await admin.click("Undo")  # the last one: b
    await admin.click("Tell them now")
    await town.tick.run()
    assert news(await anna.received()) == []


async def test_a_meeting_that_chat_has_moved_and_the_file_moves_back_is_told_of_as_it_stood(town: Town) -> None:
    admin, _anna = await met(town)
    await town.load(MOVED)
    town.clock.move(minutes=1)
    await load(town, SINGLE)
    (told,) = await heard(admin)
    assert "is now Tuesday 16 March 2027" in told


async def test_they_hear_of_added_meetings_and_of_prices_that_others_keep(town: Town) -> None:
    admin, _anna = await met(town)
    await load(town, replace(LONGER, prices=replace(SINGLE.prices, occasion=1_500)))
    (told,) = await heard(admin)
    assert "New meeting: Träff d" in told
    assert "Those who take part hear of it on the next working day." in told
    assert "The prices are new. 1 organisation that is registered keeps those from before." in told
    town.clock.move(minutes=1)
    await load(town, replace(LONGER, prices=replace(SINGLE.prices, occasion=1_500), summary=SINGLE.title))
    assert len(await heard(admin)) == 1, "nothing more that they would have to know"


async def test_what_concerns_nobody_is_no_news(town: Town) -> None:
    admin, _anna = await met(town)
    await load(town, replace(SINGLE, summary=SINGLE.title, contacts=()), replace(SINGLE, id="new"))
    assert await heard(admin) == []
