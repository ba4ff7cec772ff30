from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from os import write as os_write
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.domain.programmes import Material, Speaker
from bot.domain.rules import Anchor, Rule, Topic
from bot.flows.my_data import KINDS, SAID
from bot.handlers.my_data import erase_again
from bot.messages import Card, from_json
from storage.deliveries import Deliveries
from storage.erasure import HELD, IMPERSONAL, WRITTEN_IN_CHAT, Eraser
from storage.inquiries import Misses
from storage.journal import Journal
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.tables import actors, codes, metadata, outbox, people, registrations, sealed, seats, votes
from storage.unnaming import NAMING
from tests.flows.samples import FREE, NOW, SINGLE, words
from tests.handlers.answering import answer as give_answer
from tests.handlers.linked import link
from tests.handlers.questions import Questions
from tests.handlers.test_voting import open_a_vote
from tests.handlers.town import Person, Town, text
from tests.handlers.urn_scenes import answer, opened, together


async def everything(town: Town) -> str:
    """All that stands in the database, as one text."""

    def read(connection: Connection) -> str:
        return "\n".join(str(tuple(row)) for t in metadata.sorted_tables for row in connection.execute(select(t)))

    return await town.read(read)


async def a_life(town: Town, name: str = "zebedea") -> Person:
    """Somebody who has registered, was sent things, booked a colleague and asked for their data."""
    person = town.person(name)
    await person.register(takes_part="others", places="2")
    await person.register(occasions=(SINGLE.occasions[1].id,))
    await person.say("mina påminnelser")
    await person.say("vad vet ni om mig")
    await town.tick_at(NOW + timedelta(minutes=2))
    return person


async def words_of(town: Town, person: Person) -> tuple[str, str, str]:
    """By what somebody could be found."""
    theirs = select(actors.c.person).where(actors.c.user == person.actor.user)
    id = await town.read(lambda connection: connection.execute(theirs).scalar_one())
    return person.profile.name, person.profile.email, id


async def test_A2_everything_is_shown_in_numbers_and_handed_over_word_for_word(town: Town) -> None:
    person = await a_life(town)
    shown = text((await person.say("my data")).view)
    assert "Registrations you have made: 2" in shown
    link = await town.read(lambda c: Links(c, town.clock.now()).give_out(Kind.MY_DATA, "nobody"))
    assert len(link) == 32
    me = await town.read(lambda c: c.execute(select(actors.c.person)).scalar_one())
    stored = await town.read(lambda c: Eraser(c, town.clock.now()).stored(me))
    assert stored["people"][0]["email"] == person.profile.email


async def test_A2_questions_that_were_asked_are_counted_too(town: Town) -> None:
    person = await a_life(town)
    assert "Questions you have asked" not in text((await person.say("my data")).view)
    await person.say("säljer ni hundkex?")
    assert "Questions you have asked: 1" in text((await person.say("my data")).view)


async def test_A2_what_somebody_has_decided_and_answered_for_others_is_handed_over_too(small_town: Town) -> None:
    here = Questions(small_town, small_town.person("admin"))
    await here.admin.open_home()
    id = await here.id(here.admin)
    await give_answer(here, await here.ask("Säljer ni hundkex?"))
    miss = await here.ask("Får man ha med sig hund?")
    await small_town.work.run(lambda c: Misses(c, NOW).take(miss, id))
    stored = await small_town.read(lambda c: Eraser(c, NOW).stored(id))
    assert sorted(row["text"] for row in stored["misses"]) == ["Får man ha med sig hund?", "Säljer ni hundkex?"]
    shown = text((await here.admin.say("my data")).view)
    assert "Questions you have taken on, been given or answered: 2" in shown
    assert "Answers you have written or changed: 1" in shown


async def test_A2_reminders_are_counted_once_they_are_stored(town: Town) -> None:
    """Those to come are worked out when somebody asks: the card does not say that there are none."""
    person = await a_life(town)
    assert "Coming" in text((await person.say("mina påminnelser")).view)
    assert "Reminders" not in text((await person.say("my data")).view)
    await town.tick_at(SINGLE.occasions[1].starts_at - timedelta(hours=1))
    assert "Reminders so far: " in text((await person.say("my data")).view)


def test_A2_the_card_counts_every_kind_of_row_that_the_download_holds() -> None:
    counted = [table for _label, tables in KINDS for table in tables]
    assert sorted([*counted, *SAID]) == sorted({held.table.name for held in HELD if held.told})


async def test_A2_after_erasing_nothing_of_the_person_is_left(town: Town) -> None:
    person = await a_life(town)
    words, before = await words_of(town, person), await everything(town)
    assert all(word in before for word in words)  # the same search finds what is there
    card = (await person.press("erase_me")).view
    assert "goes back to your organisation" in text(card) or "go back to your organisation" in text(card)
    reply = await person.press("erase_me_now")
    assert "erased" in text(reply.view)
    after = await everything(town)
    assert not [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", after)]


async def test_A2_a_name_that_stands_on_a_coming_seat_alone_goes_from_what_others_wrote(town: Town) -> None:
    person, friend = town.person("zebedea"), town.person("melchior")
    await person.register(name="Zebedea Quist", email="quist@example.org")
    await person.register(FREE.id)
    await friend.register(needs="Delar rum med Zebedea Quist")
    await friend.received()
    assert "Zebedea Quist" in await everything(town)
    await person.press("erase_me_now")
    after = await everything(town)
    assert "Quist" not in after
    assert "Delar rum med –" in after


@pytest.mark.parametrize("written", ["Delar rum med\nEva Quist", "Sitter i Eva Quists bil", "🚌Eva Quist kör"])
async def test_A2_a_name_goes_from_messages_wherever_it_stands_in_a_sentence(town: Town, written: str) -> None:
    """In JSON a new line ends with a letter; and so does a name that owns something."""
    person, friend = town.person("eva quist"), town.person("melchior")
    await person.open_home()
    await friend.register(needs=written)
    await friend.received()
    assert (await everything(town)).count("Quist") > 1
    await person.press("erase_me_now")
    assert "Quist" not in await everything(town)


async def _joined(town: Town) -> tuple[Person, Person]:
    """Somebody whose two accounts became one, and the one that brought another name along."""
    anna, quist = town.person("anna"), town.person("eva quist", "teams")
    await anna.register(FREE.id)
    await quist.open_home()
    await link(anna, quist)
    assert await town.count(people) == 1
    return anna, quist


async def test_A2_the_name_of_an_account_that_was_joined_goes_from_what_others_wrote(town: Town) -> None:
    anna, _quist = await _joined(town)
    await town.person("melchior").register(needs="Delar rum med Eva Quist")
    await anna.press("erase_me_now")
    assert "Quist" not in await everything(town)


async def test_A2c_a_backup_of_before_two_accounts_were_joined_forgets_both(town: Town) -> None:
    anna, quist = town.person("anna"), town.person("quist", "teams")
    await anna.open_home()
    await quist.open_home()
    both = await town.contents(people, actors)
    await link(anna, quist)
    await anna.press("erase_me_now")
    assert set(town.surroundings.journal.persons()) == {row[0] for row in both["people"]}

    def restore(connection: Connection) -> None:
        for table in (people, actors):
            connection.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in both[table.name]])

    await town.work.run(restore)
    assert await erase_again(town.work, town.clock, town.surroundings) == 2
    assert quist.profile.email not in await everything(town)


async def test_A2a_the_organisation_keeps_its_booking_and_what_the_invoice_needs_without_the_name(town: Town) -> None:
    person = await a_life(town)
    asked = text((await person.press("erase_me")).view)
    assert "2 registrations that you have made stay with your organisation, without your name." in asked
    await person.press("erase_me_now")
    assert await town.count(registrations) == 2
    assert await town.count(registrations, registrations.c.invoice_reference == "REF-1") > 0
    assert await town.count(seats, seats.c.name != "") == 0
    assert set(await town.states()) == {"confirmed"}


async def test_A2_whoever_writes_again_is_a_stranger(town: Town) -> None:
    person = await a_life(town)
    await person.press("erase_me_now")
    reply = await person.press("mine")
    assert isinstance(reply.view, Card)
    assert "no registrations" in text(reply.view).lower() or not reply.view.items


async def test_A2_what_coordinators_wrote_in_chat_names_nobody_who_is_erased(town: Town) -> None:
    person = await a_life(town, "zebedea sol")
    name, mine = person.profile.name, f"Tacka {person.profile.name} för bilderna"
    rule = Rule("own-1", Topic.MESSAGE, Anchor.DAY, text=words(mine), title=words(name), on=NOW.date())
    added = Material(words(f"Bilder av {name}"), "slides", speakers=(Speaker(name),), from_chat=True)
    in_file = Material(words("Inspelning"), "recording", speakers=(Speaker(name),))
    await town.load(replace(SINGLE, chat_rules=(rule,), materials=(added, in_file)))
    asked = text((await person.press("erase_me")).view)
    assert f"names you as a contact or a speaker. That stays: ask {SINGLE.organiser}" in asked
    await person.press("erase_me_now")
    found = (await town.read(town.surroundings.catalogue.read))[SINGLE.id]
    assert str(found.chat_rules[0].text) == str(words("Tacka – för bilderna"))
    assert name not in str((found.chat_rules, found.material(added.id)))
    assert name in str(found.material(in_file.id))  # until its file says otherwise


async def test_A2_whom_no_programme_names_is_told_nothing_of_it(town: Town) -> None:
    """What was written in chat is no file: it names nobody any more once they are erased."""
    person = await a_life(town)
    said = Material(words("Bilder"), "slides", speakers=(Speaker(person.profile.name),), from_chat=True)
    await town.load(replace(SINGLE, materials=(said,)))
    assert "names you" not in text((await person.press("erase_me")).view)


OURS = ("title", "message", "kind", "card", "text", "localised", "wordings", "values", "sv", "sealed", "Europe",
        "Stockholm", "2027", "r1", "status", "You", "hinder", "reply", "https")  # fmt: skip


@pytest.mark.parametrize("name", OURS)
async def test_A2_whoever_is_called_like_a_word_of_ours_takes_nothing_along(small_town: Town, name: str) -> None:
    """Anybody may type any name: what all others are sent, and what they are asked, stays as it is."""
    person, friend = small_town.person("zebedea"), small_town.person("melchior")
    await together(small_town, "anna", "bo", "cia")
    await friend.register()
    await person.register(FREE.id, name=name)
    await opened(small_town)
    before = await _read_by(small_town, friend)
    await person.press("erase_me_now")
    assert await _read_by(small_town, friend) == before
    assert "sealed" in text((await answer(small_town.person("anna"), "Tiden räcker inte till")).view)
    assert await friend.received() == [shown for _key, shown in before[0]]


async def _read_by(town: Town, reader: Person) -> tuple[list[tuple[str, str]], str]:
    """What a person is sent, with its key, and what a round asks."""

    def read(connection: Connection) -> tuple[list[tuple[str, str]], str]:
        theirs = select(outbox.c.key, outbox.c.view).where(outbox.c.conversation == reader.actor.user)
        rows = connection.execute(theirs.order_by(outbox.c.place, outbox.c.key)).all()
        return [(key, text(from_json(view))) for key, view in rows], str(Rounds(connection, NOW).get("r1"))

    return await town.read(read)


async def test_A2_an_address_that_somebody_typed_gives_them_nobody_elses_seat(town: Town) -> None:
    """Whoever types a colleague's address is neither shown the colleague's seat nor can erase it."""
    await town.person("melchior").register(takes_part="others")
    named = update(seats).values(name="Balthasar Ek", email="balthasar@example.org", person=None)
    await town.work.run(lambda c: c.execute(named))
    person = await a_life(town)
    mine = (await words_of(town, person))[2]
    stolen = update(people).where(people.c.id == mine).values(email="balthasar@example.org")
    await town.work.run(lambda c: c.execute(stolen))
    stored = await town.read(lambda c: Eraser(c, town.clock.now()).stored(mine))
    assert "Balthasar Ek" not in str(stored)
    await person.press("erase_me_now")
    assert await town.count(seats, seats.c.name == "Balthasar Ek") > 0


async def test_A2_others_are_left_alone(town: Town) -> None:
    other = await a_life(town, "melchior")
    person = await a_life(town)
    await person.press("erase_me_now")
    after = await everything(town)
    assert all(word in after for word in await words_of(town, other))


async def test_A2_the_last_answer_is_forgotten_once_it_has_arrived(town: Town) -> None:
    person = await a_life(town)
    await person.press("erase_me_now", answers_inline=False)
    assert "erased" in (await person.received())[-1]
    await town.tick.tidy()
    assert await town.count(outbox, outbox.c.conversation == person.actor.user) == 0


async def test_A2c_a_restored_backup_forgets_again(town: Town) -> None:
    person = await a_life(town)
    me: str = await town.read(lambda c: c.execute(select(actors.c.person)).scalar_one())
    town.surroundings.journal.add(me)  # erased after the backup was made
    assert await erase_again(town.work, town.clock, town.surroundings) == 1
    assert await town.count(people, people.c.id == me) == 0
    assert person.profile.email not in await everything(town)
    assert await erase_again(town.work, town.clock, town.surroundings) == 0


def test_a_journal_outlasts_a_line_that_was_cut_short(tmp_path: Any) -> None:
    journal = Journal(tmp_path)
    assert journal.persons() == ()
    journal.add("a1")
    with (tmp_path / "erased.txt").open("a") as cut:
        cut.write("4f0")
    journal.add("b2")
    assert journal.persons() == ("a1", "4f0", "b2")


def test_a_line_for_which_the_disk_has_no_room_is_an_error_and_takes_no_other_with_it(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("storage.journal.os.write", lambda descriptor, line: os_write(descriptor, line[:2]))
        with pytest.raises(OSError, match="no room"):
            journal.add("a1b2")
    journal.add("b2")
    assert journal.persons() == ("a1", "b2")


def test_a_line_that_is_taken_back_holds_no_more_until_it_is_written_again(tmp_path: Any) -> None:
    journal = Journal(tmp_path)
    for write in (journal.add, journal.take_back, journal.add):
        journal.add("b2")
        write("a1")
    assert journal.persons() == ("b2", "a1")
    journal.take_back("a1")
    assert journal.persons() == ("b2",)


async def test_A2_whoever_is_told_that_nothing_was_saved_is_not_erased_at_the_next_start(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    person = await a_life(town)
    me = (await words_of(town, person))[2]
    with monkeypatch.context() as broken:
        broken.setattr(Deliveries, "add", fail)  # the last thing before the commit
        assert "erased" not in text((await person.press("erase_me_now")).view)
    assert town.surroundings.journal.persons() == ()
    assert await erase_again(town.work, town.clock, town.surroundings) == 0
    assert "erased" in text((await person.press("erase_me_now")).view)
    assert town.surroundings.journal.persons() == (me,)


async def test_A2_whoever_was_told_nothing_when_the_process_was_killed_is_erased_at_the_next_start(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was left to take the line back: they asked for it, and heard nothing else."""
    person = await a_life(town)
    with monkeypatch.context() as killed:
        killed.setattr(Journal, "take_back", lambda *_: None)
        killed.setattr(Deliveries, "add", {}.popitem)
        await person.press("erase_me_now")
    assert await erase_again(town.work, town.clock, town.surroundings) == 1
    assert person.profile.email not in await everything(town)


def test_every_table_is_known_to_the_eraser() -> None:
    known = {held.table.name for held in HELD} | {column.table.name for column in NAMING}
    known |= IMPERSONAL | WRITTEN_IN_CHAT
    assert {table.name for table in metadata.sorted_tables} == known


def test_every_reference_to_a_person_is_let_go() -> None:
    held = {table.table.name for table in HELD}
    referring = {t.name for t in metadata.sorted_tables for c in t.columns if c.references(people.c.id)}
    assert referring <= held


async def test_A2_two_of_the_same_organisation_may_be_erased_one_after_the_other(town: Town) -> None:
    first, second = await a_life(town, "melchior"), await a_life(town)
    for person in (first, second):
        assert "erased" in text((await person.press("erase_me_now")).view)
    assert await town.count(people) == 1  # nobody


async def test_A2_what_the_person_has_sealed_is_taken_out_and_the_others_stay(town: Town) -> None:
    people_there = await together(town, "anna", "bo", "cia", "dan", "eva")
    await opened(town)
    for one in people_there:
        await answer(one, hinder="Tiden räcker inte till")
    assert await town.count(sealed) == 5
    await people_there[0].press("erase_me_now")
    assert await town.count(sealed) == 4


async def test_A2_votes_are_taken_back(town: Town) -> None:
    anna, bo = await a_life(town, "anna"), await a_life(town, "bo")
    (post,) = await open_a_vote(town, 1)
    for one in (anna, bo):
        await one.press("cast", f"r1 {post}")
    await anna.press("erase_me_now")
    assert await town.count(votes) == 1


async def test_A2c_a_restored_backup_gives_nobody_back_what_was_sealed(town: Town) -> None:
    people_there = await together(town, "anna", "bo", "cia", "dan", "eva")
    await opened(town)
    for one in people_there:
        await answer(one, hinder="Tiden räcker inte till")
    anna = select(actors.c.person).where(actors.c.user == "anna")
    town.surroundings.journal.add(await town.read(lambda c: c.execute(anna).scalar_one()))
    await erase_again(town.work, town.clock, town.surroundings)
    assert await town.count(sealed) == 4


async def test_A2_a_code_for_another_account_goes_with_whoever_asked_for_it(town: Town) -> None:
    person = await a_life(town)
    shown = text((await person.say("link")).view)
    assert await town.count(codes) == 1
    await person.press("erase_me_now")
    assert await town.count(codes) == 0
    code = re.search(r"\b\w{5}-\w{5}\b", shown)
    assert code is not None
    assert "That code is not valid" in text((await town.person("melchior").say(f"link {code[0]}")).view)
