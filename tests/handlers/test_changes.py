"""Changed meetings: each person told once, when it has settled; old messages corrected; no outdated form taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, true

from bot.documents.calendar import calendar_file
from bot.domain.changes import SETTLES
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.registrations import SeatState
from bot.handlers import changes
from bot.handlers.tick import Tick
from bot.handlers.visit import Visit
from bot.messages import Form
from bot.ports import Address, Surface
from storage.bindings import Bindings
from storage.changes import Changes
from storage.outbox import Outbox
from storage.people import People
from storage.runs import Runs
from storage.tables import changes as table
from storage.tables import outbox, people, seats
from storage.unit_of_work import unit_of_work
from tests.flows.samples import BAMBLE, LUND, NOW, SINGLE, at, held_on, with_capacity, with_occasion, words
from tests.handlers.changed import B, news, pass_ten_minutes, told
from tests.handlers.test_changing import cancel
from tests.handlers.town import ENGLISH, Person, Town, at_once, surroundings, text
from tests.storage.test_programmes import moved, without

# --- Told once, when it has settled -----------------------------------------------------------------------------------


async def test_P4a_a_moved_meeting_is_told_once_with_the_old_date_and_the_new(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("b",))
    await bo.register(occasions=("a",))
    await town.load(moved(SINGLE, "b"))
    await town.tick_at(NOW + SETTLES - timedelta(seconds=1))
    assert news(await anna.received()) == []
    for seconds in (0, 1, 60):
        await town.tick_at(NOW + SETTLES + timedelta(seconds=seconds))
    (message,) = (m for m in await anna.received() if m.startswith("NEW DATE: Träff b"))
    assert "Was Tuesday 16 March 2027" in message
    assert "is now Thursday 25 March 2027" in message
    assert news(await bo.received()) == []


@pytest.mark.parametrize(("meeting", "days"), [(date(2027, 6, 28), 1), (date(2027, 5, 19), 0)])
async def test_P4a_on_a_day_off_of_their_own_nobody_hears_of_what_can_wait(
    town: Town, meeting: date, days: int
) -> None:
    """17 May is Norway's own; a meeting within two days cannot wait."""
    programme, monday = held_on(meeting), at(date(2027, 5, 17), 10)
    await town.load(programme)
    await pass_ten_minutes(town)
    lund, bamble = town.person("lund"), town.person("bamble")
    await lund.register(programme.id, organisation=LUND.name)
    await bamble.register(programme.id, organisation=BAMBLE.name)
    town.clock.at = monday
    await town.load(with_occasion(programme, programme.occasions[0].id, place=words("Kiruna")))
    await town.tick_at(monday + SETTLES)
    assert [len(news(await one.received())) for one in (lund, bamble)] == [1, 1 - days]
    await town.tick_at(at(date(2027, 5, 18), 8))
    assert [len(news(await one.received())) for one in (lund, bamble)] == [1, 1]


async def test_P4a_the_calendar_button_leads_to_the_same_entry_with_a_higher_sequence(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    before = await entry(town, "b")
    await town.load(moved(SINGLE, "b"))
    await pass_ten_minutes(town)
    after = await entry(town, "b")
    assert [line(before, "SEQUENCE"), line(after, "SEQUENCE")] == ["SEQUENCE:0", "SEQUENCE:1"]
    assert line(before, "UID") == line(after, "UID")
    seat = await town.read(lambda c: c.execute(select(seats.c.id)).scalar_one())
    assert f"Update my calendar: https://bot.example.org/calendar/{seat}.ics" in (await anna.received())[-1]


async def entry(town: Town, occasion: str) -> str:
    """The calendar file of a seat there."""

    def read(connection: Connection) -> bytes:
        visit = Visit(connection, town.clock.now(), town.surroundings)
        programme = visit.programmes[SINGLE.id]
        confirmed = (seats.c.occasion == occasion) & (seats.c.state == SeatState.CONFIRMED.value)
        seat = visit.registrations.seat(connection.execute(select(seats.c.id).where(confirmed)).scalars().all()[0])
        assert seat is not None
        return calendar_file(programme, programme.occasion(occasion), seat, translator=ENGLISH, now=visit.now)

    return (await town.read(read)).decode()


def line(written: str, name: str) -> str:
    return next(one for one in written.splitlines() if one.startswith(name))


async def test_P4a_moved_after_the_preparation_it_is_sent_again_and_the_old_one_is_corrected(
    town: Town,
) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    await town.tick_at(at((B.starts_at - timedelta(days=7)).date(), 9))
    assert (await anna.received())[-1].startswith("Prepare for Träff b")
    await town.load(moved(SINGLE, "b"))
    await pass_ten_minutes(town)
    corrected = [text(view) for _reference, view in town.posts["sandbox"].updated]
    assert any(
        m.startswith("This has changed: Träff b\nNEW DATE") and "Time: Thursday 25 March" in m for m in corrected
    )
    for day in range(3, 20):
        await town.tick_at(at((B.starts_at + timedelta(days=day - 9)).date(), 9))
    prepared = [m.splitlines()[0] for m in await anna.received() if m.startswith("Prepare for Träff b")]
    assert prepared == ["Prepare for Träff b, Tuesday 16 March 2027", "Prepare for Träff b, Thursday 25 March 2027"]
    assert "Tomorrow: Träff b" not in [m.splitlines()[0] for m in await sent_before(town, anna, B.starts_at)]


async def sent_before(town: Town, person: Person, moment: datetime) -> list[str]:
    """What was sent to somebody before that instant."""
    early = select(outbox.c.id).where(outbox.c.sent_at < moment)
    ids = set(await town.read(lambda c: c.execute(early).scalars().all()))
    return [message.text for message in town.messages(person) if message.outbox in ids]


async def test_P4a_the_receipt_shows_the_new_date_too(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await anna.received()
    await town.load(moved(SINGLE, "b"))
    await pass_ten_minutes(town)
    ((_reference, view),) = town.posts["sandbox"].updated
    assert "Time: Thursday 25 March" in text(view)
    assert "Time: Tuesday 9 February" in text(view)
    assert "Tuesday 16 March 2027 at 09:30–15:00\n" not in text(view).partition("• Träff b")[2]


async def test_C4b_a_cancelled_meeting_is_told_to_everybody_once_also_to_those_who_wait(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna, bo, eva = (town.person(name) for name in ("anna", "bo", "eva"))
    for person in (anna, bo):
        await person.register(occasions=("b",))
    await eva.register(occasions=("c",))
    await town.load(with_occasion(with_capacity(SINGLE, 1), "b", cancelled=True))
    await pass_ten_minutes(town)
    await pass_ten_minutes(town)
    once = ["CANCELLED: Träff b"]
    assert await told(town, "anna", "bo", "eva") == {"anna": once, "bo": once, "eva": []}
    assert "This costs you nothing." in (await anna.received())[-1]
    assert "METHOD:CANCEL" in await entry(town, "b")


async def test_C4b_the_one_who_registered_sees_the_new_price_of_the_organisation(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b", "c"))
    await town.load(with_occasion(SINGLE, "b", cancelled=True))
    await pass_ten_minutes(town)
    (total,) = (line for line in (await anna.received())[-1].splitlines() if line.startswith("New total"))
    assert total == "New total for your organisation: 2 × 1,200 = SEK 2,400 excluding VAT"


async def test_C4b_one_who_has_just_cancelled_hears_of_it_while_it_can_be_undone(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    for person in (anna, bo):
        await person.register(occasions=("b",))
    await cancel(bo)
    town.clock.move(minutes=6)
    await cancel(anna)
    await town.load(moved(SINGLE, "b"))
    await town.read(lambda c: Changes(c, town.clock.now()).postpone(SINGLE.id, town.clock.now()))
    await town.tick_at(town.clock.now() + timedelta(minutes=5))
    assert await told(town, "anna", "bo") == {"anna": ["NEW DATE: Träff b"], "bo": []}


async def test_C4c_three_changes_in_a_row_are_one_message_about_the_last(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    for days in (1, 2, 9):
        await town.load(moved(SINGLE, "b", timedelta(days=days)))
        await town.tick_at(town.clock.now() + timedelta(minutes=9))
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["NEW DATE: Träff b"]
    assert "is now Thursday 25 March" in (await anna.received())[-1]


async def test_C4c_a_change_that_is_taken_back_is_nobodys_news(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    for programme in (moved(SINGLE, "b"), SINGLE):
        await town.load(programme)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == []
    assert await town.count(table, true()) == 0


async def test_C4_two_changed_meetings_of_a_programme_are_one_message(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a", "b"))
    await bo.register(occasions=("b",))
    await town.load(with_occasion(moved(SINGLE, "b"), "a", place=words("Lund")))
    await pass_ten_minutes(town)
    assert await told(town, "anna", "bo") == {"anna": ["2 meetings have changed: Dialog"], "bo": ["NEW DATE: Träff b"]}


async def test_C4_moved_and_then_moved_again_a_day_later_is_told_both_times(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    for days in (1, 2):
        await town.load(moved(SINGLE, "b", timedelta(days=days)))
        await town.tick_at(town.clock.now() + timedelta(days=1))
    assert news(await anna.received()) == ["NEW DATE: Träff b"] * 2


async def test_P2c_a_fact_that_is_known_at_last_is_told_to_the_registered_and_to_nobody_else(town: Town) -> None:
    waits = with_occasion(with_capacity(SINGLE, 1), "b", to_come=(words("Inspiratör"),))
    await town.load(waits)
    for name, occasions in (("anna", ("b",)), ("bo", ("b",)), ("eva", ("a",))):
        await town.person(name).register(occasions=occasions)
    await town.load(with_occasion(waits, "b", to_come=(), topics=(words("Maria Ek talar"),)))
    await pass_ten_minutes(town)
    once = ["More is known now: Träff b"]
    assert await told(town, "anna", "bo", "eva") == {"anna": once, "bo": [], "eva": []}
    assert "This is settled now: Inspiratör" in (await town.person("anna").received())[-1]


async def test_a_new_link_is_shown_to_those_who_take_part_and_to_nobody_else(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    for name in ("anna", "bo"):
        await town.person(name).register(occasions=("b",))
    await town.load(with_occasion(with_capacity(SINGLE, 1), "b", link="https://zoom.example.org/new"))
    await pass_ten_minutes(town)
    assert await told(town, "anna", "bo") == {"anna": ["NEW LINK: Träff b"], "bo": []}
    everything = [message.text for message in town.messages(town.person("bo"))]
    assert not any("zoom.example.org/new" in message for message in everything)


async def test_C4_the_channels_of_the_programme_are_told_with_a_new_message(town: Town) -> None:
    channel = Address("slack", "T1", "C1", Surface.CHANNEL)
    await town.person("admin").say("help")

    def bind(connection: Connection) -> None:
        People(connection, NOW).remember_channel(channel)
        person = connection.execute(select(people.c.id)).scalar_one()
        Bindings(connection, NOW).bind(channel, SINGLE.id, person)

    await town.work.run(bind)
    await town.load(moved(SINGLE, "b"))
    await pass_ten_minutes(town)
    ((address, said),) = [(m.address, m.text) for m in town.posts["slack"].sent]
    assert (address.conversation, said.splitlines()[0]) == ("C1", "NEW DATE: Träff b")


async def test_a_swedish_reader_is_told_in_swedish(town: Town) -> None:
    """The words are chosen at the last moment: the same message in the reader's own language."""
    anna = town.person("anna")
    anna.profile = replace(anna.profile, language=Language.SWEDISH)
    await anna.register(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    await pass_ten_minutes(town)
    await anna.received()
    assert town.messages(anna)[-1].language is Language.SWEDISH


async def test_C4b_gone_from_the_file_is_told_as_cancelled(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    gone: Programme = without(SINGLE, "b")
    await town.load(gone)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["CANCELLED: Träff b"]


# --- Never lost, never double -----------------------------------------------------------------------------------------


def settle(town: Town, connection: Connection) -> None:
    changes.settle(Visit(connection, town.clock.now(), town.surroundings))


async def test_C4_two_workers_settling_at_once_tell_everybody_once(town: Town) -> None:
    names = [f"p{n}" for n in range(4)]
    for name in names:
        await town.person(name).register(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    town.clock.move(minutes=10)
    others = [unit_of_work(town.url) for _ in range(3)]
    ticks = [Tick(work, town.clock, surroundings()) for work in others]
    await at_once(*(tick.run() for tick in ticks))
    for work in others:
        await work.close()
    assert await told(town, *names) == {name: ["NEW DATE: Träff b"] for name in names}


async def test_C4_killed_in_between_it_is_told_by_the_next_one_and_once(town: Town, monkeypatch: Any) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    town.clock.move(minutes=10)
    with monkeypatch.context() as patch:
        patch.setattr(changes, "_correct", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            await town.work.run(lambda connection: settle(town, connection))
    assert news(await anna.received()) == []
    await town.tick_at(town.clock.now())
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


async def test_C4_what_cannot_be_told_keeps_no_other_programme_waiting(town: Town, monkeypatch: Any) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    town.clock.move(minutes=10)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "add_many", lambda *_: 1 // 0)
        await town.work.run(lambda connection: settle(town, connection))
    assert await town.count(table, true()) == 1
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


# --- In the middle of registering -------------------------------------------------------------------------------------


async def test_C4a_somebody_who_is_registering_sees_the_new_date_before_confirming(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    again = (await anna.submit(form)).view
    assert isinstance(again, Form)
    assert "The programme has changed since you opened this form." in text(again)
    assert "Thursday 25 March" in text(again)
    assert await town.states() == []
    await anna.submit(again)
    assert await town.states() == ["confirmed"]


async def test_C4a_without_the_mark_the_old_form_would_be_taken(town: Town, monkeypatch: Any) -> None:
    """The positive control."""
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("b",))
    monkeypatch.setattr(Runs, "overtake", lambda *_: None)
    await town.load(moved(SINGLE, "b"))
    await anna.submit(form)
    assert await town.states() == ["confirmed"]


async def test_C4a_a_meeting_that_is_gone_is_chosen_anew(town: Town) -> None:
    anna = town.person("anna")
    form = await anna.up_to_confirm(occasions=("b",))
    await town.load(with_occasion(SINGLE, "b", cancelled=True))
    again = (await anna.submit(form)).view
    assert isinstance(again, Form)
    assert again.fields[0].name == "occasions"
    assert "b" not in [option.value for option in again.fields[0].options]  # type: ignore[union-attr]


async def test_C4a_a_form_opened_anew_after_the_change_is_not_refused(town: Town) -> None:
    anna = town.person("anna")
    await anna.up_to_confirm(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    again = (await anna.press("register", SINGLE.id)).view
    assert "Thursday 25 March" in text(again)
    await anna.submit(again)
    assert await town.states() == ["confirmed"]
