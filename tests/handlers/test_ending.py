"""Closing an edition: asked twice, never while something is open, and forgotten again with every backup."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import ANY

import pytest
from sqlalchemy import Connection, delete, insert, select

from bot.domain.board import Standing
from bot.domain.calendar_shift import copied
from bot.domain.people import Person as Known
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round, State, boxes
from bot.domain.workshops import Script, Step, Workshop
from bot.flows import amending, asking, challenges, ending
from bot.flows import workshops as leading
from bot.flows.beginning import WHOLE
from bot.handlers.ending import close_again
from bot.handlers.tick import Tick
from bot.messages import Action, Card, Form
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.deliveries import Deliveries
from storage.groups import Groups
from storage.guests import Guests
from storage.journal import Journal
from storage.posts import Posts
from storage.retention import Retention
from storage.rounds import Rounds
from storage.tables import (
    answers,
    contacts,
    groups,
    members,
    note_takers,
    people,
    registrations,
    rounds,
    seats,
    workshops,
)
from storage.unit_of_work import unit_of_work
from storage.workshops import Workshops
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import FREE, LUND, NOW, SINGLE
from tests.handlers.challenge_town import THREAD, challenge_circle
from tests.handlers.feedback_town import arrived
from tests.handlers.town import Person, Town, at_once, buttons, open_town, second_process, text

OVER = max(occasion.ends_at for occasion in SINGLE.occasions) + timedelta(hours=1)
STAYS = (answers, rounds, groups)
NAMED = (members, contacts, note_takers)


async def lived(town: Town) -> None:
    """An edition that is over: somebody took part, wrote in a group with a guest, and a round has closed."""
    await town.person("anna").register()
    await town.work.run(_settle)
    town.clock.at = OVER


def _settle(connection: Connection) -> None:
    there = Groups(connection, NOW)
    group = there.found(SINGLE.id, "chefer", "Chefer")
    someone = str(connection.execute(select(people.c.id).order_by(people.c.created_at)).scalars().first())
    Guests(connection, NOW).add(Known("guest", "Gösta Gäst", "gosta@example.org"))
    for person in (someone, "guest"):
        there.join(group.id, person)
    Posts(connection, NOW).add_contact(SINGLE.id, LUND.key, someone)
    asked = boxes(KICK_OFF, [one.words for one in ROLE_GROUPS])
    Rounds(connection, NOW).add(Round("r1", SINGLE.id, KICK_OFF.title, asked, Mode.NOTES, NOW))
    Rounds(connection, NOW).take_notes("r1", group.id, someone)
    Answers(connection, NOW).add("r1", [NewAnswer("chefer", "bidra", "Hej", standing=Standing.SHOWN)])
    Rounds(connection, NOW).enter("r1", State.CLOSED, from_states=(State.PLANNED,))


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Town]:
    async with open_town(sqlite_url, SINGLE) as opened:
        await lived(opened)
        yield opened


async def named(town: Town) -> list[int]:
    """How much names people: at meetings, in groups and posts, behind the pen, as guests."""
    at_meetings = await town.count(seats, (seats.c.name != "") | seats.c.person.is_not(None))
    return [
        at_meetings,
        *[await town.count(table) for table in NAMED],
        await town.count(people, people.c.id == "guest"),
    ]


async def stored(town: Town, id: str = SINGLE.id) -> Programme:
    return await town.read(lambda c: town.surroundings.catalogue.read(c)[id])


async def close(town: Town, who: Person | None = None) -> str:
    return text((await (who or town.person("admin")).press(ending.NOW, SINGLE.id)).view)


async def ways(town: Town) -> list[str]:
    """What a coordinator can do with the programme."""
    card = (await town.person("admin").press("programme", SINGLE.id)).view
    return [one.action.do for one in buttons(card) if one.action]


async def test_A2_closed_it_forgets_who_took_part_and_keeps_what_was_done(town: Town) -> None:
    await lived(town)
    assert await named(town) == [3, 2, 1, 1, 1]
    kept = [await town.count(table) for table in STAYS]
    assert "The edition is closed" in await close(town)
    assert await named(town) == [0, 0, 0, 0, 0]
    assert [await town.count(table) for table in STAYS] == kept
    assert await town.count(seats, seats.c.state == "confirmed") == 3
    assert await town.count(registrations, registrations.c.invoice_reference != "") == 1


async def test_A2_an_old_card_about_a_registration_says_that_it_is_erased_and_not_that_it_is_somebody_elses(
    small: Town,
) -> None:
    anna = small.person("anna")
    await small.deliver()
    receipt = next(one.view for one in small.messages(anna) if text(one.view).startswith("You are registered"))
    pressed = [one.action for one in buttons(receipt) if one.action and one.action.about]
    await close(small)
    said = [text((await anna.press(one.do, one.about)).view) for one in pressed]
    assert "This edition is closed. What identified people has been erased" in "\n".join(said)
    assert "not yours" not in "\n".join(said)


async def test_control_without_the_retention_the_names_would_be_there(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Retention, "forget_participants", lambda *_asked: 0)
    monkeypatch.setattr(Retention, "forget_programme", lambda *_asked: None)
    await close(small)
    assert await named(small) == [3, 1, 1, 0, 0]


async def test_A2_what_goes_and_what_stays_is_said_before_and_it_is_asked_twice(small: Town) -> None:
    admin = small.person("admin")
    assert ending.CLOSE in await ways(small)
    first = (await admin.press(ending.CLOSE, SINGLE.id)).view
    for said in ("Seats with a name: 3", "Guests: 1", "What stays:", "400 days", "Closed "):
        assert said in text(first)
    assert "documents r1" in [str(one.action) for one in buttons(first)]
    assert "This cannot be undone." in text((await admin.press(ending.SURE, SINGLE.id)).view)
    assert await named(small) == [3, 2, 1, 1, 1]


async def test_A2_it_is_closed_once_by_two_at_the_same_moment(town: Town) -> None:
    await lived(town)
    async with second_process(town) as elsewhere:
        mine, theirs = town.person("admin"), town.person("admin")
        theirs.reception = elsewhere
        said = await at_once(close(town, mine), close(town, theirs))
    assert sorted("was closed on" in one for one in said) == [False, True]


async def up_to_ask(who: Person) -> Form:
    """Questions of one's own, up to where only sending them is left."""
    form = (await who.press(asking.ASK, SINGLE.id)).view
    mine = {"source": "own", "title": "Sist", "questions": "Vad minns ni?", "mode": "notes", "split": "together"}
    reply = await who.fill(form, "Ask questions", **mine)
    assert isinstance(reply.view, Form), text(reply.view)
    return reply.view


async def going_on(town: Town) -> int:
    return await town.count(rounds, rounds.c.state.in_(("planned", "open")))


async def test_of_a_round_and_the_closing_at_the_same_moment_one_happens(town: Town) -> None:
    await lived(town)
    asks = town.person("admin")
    form = await up_to_ask(asks)
    async with second_process(town) as elsewhere:
        asks.reception = elsewhere
        said, _asked = await at_once(close(town), asks.submit(form))
    is_closed = (await stored(town)).closed is not None
    assert (is_closed, await going_on(town)) in ((True, 0), (False, 1)), said


SCRIPT = Script("dagen", SINGLE.title, (Step("en", SINGLE.title),))


async def up_to_begin(who: Person) -> Form:
    """A workshop of everybody, up to where only beginning is left."""
    form = (await who.press(leading.BEGIN, f"{SINGLE.id} {SCRIPT.id}")).view
    reply = await who.fill(form, "Begin now", place=WHOLE)
    assert isinstance(reply.view, Form), text(reply.view)
    return reply.view


async def test_of_a_workshop_s_beginning_and_the_closing_at_the_same_moment_one_happens(town: Town) -> None:
    await lived(town)
    await town.load(replace(SINGLE, workshops=(SCRIPT,)))
    begins = town.person("admin")
    form = await up_to_begin(begins)
    async with second_process(town) as elsewhere:
        begins.reception = elsewhere
        said, _begun = await at_once(close(town), begins.submit(form))
    is_closed = (await stored(town)).closed is not None
    assert (is_closed, await town.count(workshops)) in ((True, 0), (False, 1)), said


async def test_control_without_the_look_a_workshop_would_begin_after_the_closing(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.load(replace(SINGLE, workshops=(SCRIPT,)))
    admin = small.person("admin")
    form = await up_to_begin(admin)
    await close(small)
    assert "nothing new can be asked in it" in text((await admin.submit(form)).view)
    assert await small.count(workshops) == 0
    monkeypatch.setattr("bot.handlers.asking.check_goes_on", lambda _programme: None)
    await admin.submit(await up_to_begin(admin))
    assert await small.count(workshops) == 1


async def meeting_held(town: Town) -> None:
    """Five people at the last meeting, which ends at this moment."""
    await lived(town)
    last = max(SINGLE.occasions, key=lambda one: one.ends_at)
    town.clock.at = NOW
    await arrived(town, "bo", "cia", "dan", "eva", "fia", at=last.id, programme=SINGLE.id)
    town.clock.at = last.ends_at


async def test_of_feedback_on_the_last_meeting_and_the_closing_at_the_same_moment_one_happens(town: Town) -> None:
    await meeting_held(town)
    elsewhere = unit_of_work(town.url)
    said, _ticked = await at_once(close(town), Tick(elsewhere, town.clock, town.surroundings).run())
    await elsewhere.close()
    is_closed = (await stored(town)).closed is not None
    assert (is_closed, await going_on(town)) in ((True, 0), (False, 1)), said


async def test_control_feedback_that_came_first_stands_in_the_way(town: Town) -> None:
    await meeting_held(town)
    await town.tick.run()
    assert await going_on(town) == 1
    assert "cannot be closed yet" in await close(town)
    assert (await stored(town)).closed is None


async def test_a_round_that_came_first_stands_in_the_way(small: Town) -> None:
    admin = small.person("admin")
    await admin.submit(await up_to_ask(admin))
    assert await going_on(small) == 1
    assert "cannot be closed yet" in await close(small)


async def test_a_form_that_lay_open_asks_nothing_once_it_is_closed(small: Town) -> None:
    admin = small.person("admin")
    form = await up_to_ask(admin)
    assert "The edition is closed" in await close(small)
    assert "nothing new can be asked in it" in text((await admin.submit(form)).view)
    assert await going_on(small) == 0


async def test_control_without_the_look_it_would_be_asked_after_the_closing(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = small.person("admin")
    form = await up_to_ask(admin)
    await close(small)
    monkeypatch.setattr("bot.handlers.asking.check_goes_on", lambda _programme: None)
    await admin.submit(form)
    assert await going_on(small) == 1


async def test_in_a_closed_edition_nobody_is_offered_to_ask_and_an_old_button_says_why(small: Town) -> None:
    await close(small)
    assert asking.ASK not in await ways(small)
    assert "Copy it to a new edition" in text((await small.person("admin").press(asking.ASK, SINGLE.id)).view)


async def test_what_is_over_has_no_meeting_to_change_and_what_is_closed_is_no_status_any_more(small: Town) -> None:
    assert {amending.AMEND, amending.CALL_OFF}.isdisjoint(await ways(small))
    admin = small.person("admin")
    assert text(Card(SINGLE.title)).strip() in text((await admin.say("status")).view)
    await close(small)
    assert text(Card(SINGLE.title)).strip() not in text((await admin.say("status")).view)


def test_in_a_closed_edition_nobody_is_told_that_they_never_wrote_a_challenge() -> None:
    said = text(challenges.card(challenges.Own(replace(THREAD, closed=NOW), None)))
    assert ("what you had written is erased" in said, "not written it yet" in said) == (True, False)
    assert "You have not written it yet." in text(challenges.card(challenges.Own(THREAD, None)))


async def test_whoever_has_written_a_challenge_can_be_told_before_it_is_erased(sqlite_url: str) -> None:
    async with challenge_circle(sqlite_url) as circle:
        await circle.write(circle.anna, "Fler ska få plats")
        circle.town.clock.at = max(one.ends_at for one in THREAD.occasions) + timedelta(days=1)
        asked = (await circle.leader.press(ending.CLOSE, THREAD.id)).view
        assert Action(ending.TELL, THREAD.id) in [one.action for one in buttons(asked)]
        for _twice in range(2):
            assert "1 person is told" in text((await circle.leader.press(ending.TELL, THREAD.id)).view)
        assert [said for said in await circle.anna.received() if "erased then" in said] == [ANY]
        assert not [said for said in await circle.bertil.received() if "erased then" in said]
        everything = await circle.anna.button("Everything I have written")
        assert "Fler ska få plats" in text((await circle.anna.press(everything.do, everything.about)).view)


async def test_nobody_is_told_of_an_edition_that_is_closed_or_by_whoever_does_not_coordinate(small: Town) -> None:
    assert "1 person" not in text((await small.person("anna").press(ending.TELL, SINGLE.id)).view)
    await close(small)
    assert "was closed on" in text((await small.person("admin").press(ending.TELL, SINGLE.id)).view)


async def test_no_feedback_is_asked_for_in_an_edition_that_is_closed(town: Town) -> None:
    await lived(town)
    await close(town)
    await town.tick_at(OVER + timedelta(hours=1))
    assert await going_on(town) == 0


@pytest.mark.parametrize("action", [ending.CLOSE, ending.SURE, ending.NOW])
async def test_only_coordinators_close(small: Town, action: str) -> None:
    before = await small.contents(*NAMED, seats)
    assert "Only coordinators" in text((await small.person("anna").press(action, SINGLE.id)).view)
    assert await small.contents(*NAMED, seats) == before


async def test_A2_an_open_round_is_closed_first(small: Town) -> None:
    await small.work.run(lambda c: Rounds(c, NOW).enter("r1", State.OPEN, from_states=(State.CLOSED,)))
    said = await close(small)
    assert "cannot be closed yet" in said
    assert await named(small) == [3, 2, 1, 1, 1]


async def test_A2_a_workshop_that_goes_on_is_ended_first(small: Town) -> None:
    script = Script("dagen", SINGLE.title, (Step("en", SINGLE.title),))

    def begin(connection: Connection) -> None:
        someone = str(connection.execute(select(members.c.person)).scalars().first())
        Workshops(connection, NOW).add(Workshop("w1", SINGLE.id, script, someone, NOW))

    await small.work.run(begin)
    assert "cannot be closed yet" in await close(small)


async def test_A2_before_the_last_meeting_there_is_no_button_and_no_way(small: Town) -> None:
    small.clock.at = OVER - timedelta(days=1)
    assert ending.CLOSE not in await ways(small)
    assert "have not been held yet" in await close(small)
    assert await named(small) == [3, 2, 1, 1, 1]


async def test_a_guest_of_another_programme_stays(small: Town) -> None:
    await small.load(FREE)

    def join(connection: Connection) -> None:
        there = Groups(connection, NOW)
        there.join(there.found(FREE.id, "", "Andra").id, "guest")

    await small.work.run(join)
    await close(small)
    assert await small.count(people, people.c.id == "guest") == 1


# --- Backups and files ------------------------------------------------------------------------------------------------


async def backup(town: Town) -> None:
    """As if a backup from before had been put back: names are there, and nothing says that it is closed."""

    def back(connection: Connection) -> None:
        programmes.load(connection, SINGLE, NOW)
        connection.execute(delete(members))
        group = connection.execute(select(groups.c.id)).scalars().first()
        person = connection.execute(select(people.c.id)).scalars().first()
        connection.execute(insert(members).values(group=group, person=person, joined_at=NOW))

    await town.work.run(back)


async def again(town: Town) -> int:
    return await close_again(town.work, town.clock, town.surroundings)


async def test_A2c_a_backup_that_is_put_back_is_closed_again(town: Town) -> None:
    await lived(town)
    await close(town)
    assert await again(town) == 0
    await backup(town)
    assert (await again(town), await town.count(members)) == (1, 0)
    assert (await stored(town)).closed == OVER
    assert await again(town) == 0


async def test_A2c_the_next_edition_under_the_same_id_is_left_alone(small: Town) -> None:
    await close(small)
    await small.load(replace(copied(SINGLE, SINGLE.id, "Nästa", 364), draft=False))
    await small.work.run(
        lambda c: programmes.load_file(c, replace(copied(SINGLE, SINGLE.id, "2", 364), draft=False), NOW)
    )
    assert (await stored(small)).closed is None
    small.clock.move(days=800)
    assert await again(small) == 0


async def test_closed_it_stays_when_its_file_is_loaded_again(small: Town) -> None:
    await close(small)
    await small.work.run(lambda c: programmes.load_file(c, SINGLE, small.clock.now()))
    assert (await stored(small)).closed == OVER
    assert "was closed on" in await close(small)


async def test_a_coordinator_who_is_told_that_nothing_was_saved_finds_it_open_after_the_next_start(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Deliveries, "add", {}.popitem)  # the last thing before the commit
        await close(small)
    assert list(small.surroundings.journal.programmes()) == []
    assert await close_again(small.work, small.clock, small.surroundings) == 0
    assert (await stored(small)).closed is None


def test_the_next_edition_is_not_closed() -> None:
    assert copied(replace(SINGLE, closed=OVER), "nasta", "Nästa", 364).closed is None


def test_the_journal_keeps_persons_and_editions_apart(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add("p1")
    journal.add_programme(SINGLE.id, OVER)
    journal.add("p2")
    with (tmp_path / "erased.txt").open("a") as cut:
        cut.write(f"programme {SINGLE.id} 2027-0")
    assert journal.persons() == ("p1", "p2")
    assert list(journal.programmes()) == [(SINGLE.id, OVER)]
    assert isinstance(next(journal.programmes())[1], datetime)
