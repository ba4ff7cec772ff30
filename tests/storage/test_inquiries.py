"""What people asked, who waits for an answer, and what is forgotten of it: on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Table, create_engine, insert, select

from bot.domain.faq import Inquiry, MissState, Outcome, Tally
from bot.domain.words import Localised
from storage.inquiries import Inquiries, Misses
from storage.tables import askers, inquiries, misses, people

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=100)
YES = Localised({"sv": "Ja.", "nb": "Jo."})


@pytest.fixture
def connection(engine_url: str) -> Iterator[Connection]:
    engine = create_engine(engine_url)
    with engine.begin() as connection:
        for id in ("ann", "bo", "cia", "kim"):
            connection.execute(insert(people).values(id=id, language="sv", created_at=NOW))
        yield connection
    engine.dispose()


def ask(
    connection: Connection,
    text: str = "Var?",
    *,
    who: str = "ann",
    minutes: int = 0,
    programme: str = "dialog",
    outcome: Outcome = Outcome.UNKNOWN,
    entry: str = "",
    version: int = 0,
) -> Inquiry:
    store = Inquiries(connection, NOW + timedelta(minutes=minutes))
    return store.add(
        text, person=who, programme=programme, language="sv", outcome=outcome, entry=entry, version=version
    )


def count(connection: Connection, table: Table) -> int:
    return len(connection.execute(table.select()).all())


# --- Inquiries --------------------------------------------------------------------------------------------------------


def test_what_was_asked_is_kept_apart_from_who_asked(connection: Connection) -> None:
    asked, store = ask(connection), Inquiries(connection, NOW)
    assert store.get(asked.id) == asked
    assert "ann" not in repr(connection.execute(inquiries.select()).all())
    asker = store.asker(asked.id)
    assert asker is not None
    assert (asker.person, asker.named, asker.told) == ("ann", False, False)
    store.name(asked.id, named=True)
    assert "named=True" in repr(store.asker(asked.id))


def test_what_is_not_there_is_none(connection: Connection) -> None:
    store, waiting = Inquiries(connection, NOW), Misses(connection, NOW)
    assert [store.get("x"), store.locked("x"), store.asker("x"), waiting.get("x"), waiting.locked("x")] == [None] * 5


def test_what_was_given_in_the_end_has_not_helped_anybody_yet(connection: Connection) -> None:
    asked, store = ask(connection, entry="e1", version=1), Inquiries(connection, NOW)
    store.helped(asked.id, yes=False)
    store.why(asked.id, "fel ort")
    store.give(asked.id, entry="e2", version=3, outcome=Outcome.HUMAN)
    found = store.locked(asked.id)
    assert found is not None
    assert (found.entry, found.outcome, found.helped, found.reason) == ("e2", Outcome.HUMAN, None, "fel ort")


def test_each_person_counts_once_among_those_whom_a_version_did_not_help(connection: Connection) -> None:
    store = Inquiries(connection, NOW)
    said = [
        ask(connection, text, who=who, minutes=minutes, entry="e", version=version)
        for minutes, (text, who, version) in enumerate(
            [("Var?", "ann", 2), ("Var då?", "ann", 2), ("Hvor?", "bo", 2), ("Var?", "cia", 1), ("Var?", "kim", 2)]
        )
    ]
    for one in said[:4]:
        store.helped(one.id, yes=False)
    store.helped(said[4].id, yes=True)
    assert [one.text for one in store.unhelped("e", 2)] == ["Var då?", "Hvor?"]
    assert [one.text for one in store.unhelped("e", 1)] == ["Var?"]


def test_somebodys_own_questions_come_newest_first(connection: Connection) -> None:
    for minutes, text in enumerate(("första", "andra", "tredje")):
        ask(connection, text, minutes=minutes)
    ask(connection, "nån annans", who="bo", minutes=9)
    found = Inquiries(connection, NOW).of_person("ann", NOW + timedelta(minutes=1))
    assert [one.text for one in found] == ["tredje", "andra"]


def test_a_tally_counts_what_came_of_the_questions(connection: Connection) -> None:
    store = Inquiries(connection, NOW)
    for outcome, helped in ((Outcome.ANSWERED, True), (Outcome.ANSWERED, False), (Outcome.UNKNOWN, None)):
        one = ask(connection, outcome=outcome)
        if helped is not None:
            store.helped(one.id, yes=helped)
    ask(connection, programme="fika")
    assert store.tally(NOW, "dialog") == Tally(3, {Outcome.ANSWERED: 2, Outcome.UNKNOWN: 1}, 1, 1)
    assert store.tally(LATER) == Tally()


def test_who_asked_is_forgotten_unless_they_still_wait(connection: Connection) -> None:
    store, waiting = Inquiries(connection, LATER), Misses(connection, NOW)
    done, open_one, plain = ask(connection), ask(connection, who="bo"), ask(connection, who="cia")
    waiting.answer(waiting.open(done).id, YES, by="kim")
    waiting.open(open_one)
    for inquiry, _person in store.asked_before(LATER):
        store.forget_asker(inquiry)
    assert [store.asker(one.id) is None for one in (done, open_one, plain)] == [True, False, True]
    assert count(connection, inquiries) == 3


def test_what_is_old_is_forgotten_with_its_misses_of_one_programme_only(connection: Connection) -> None:
    store, waiting = Inquiries(connection, LATER), Misses(connection, NOW)
    waiting.open(ask(connection))
    other = waiting.open(ask(connection, programme="fika"))
    shared = waiting.open(ask(connection))
    waiting.join(shared.id, ask(connection, who="bo", minutes=9).id)
    store.forget("dialog", NOW + timedelta(minutes=5))
    assert {one.id for one in waiting.open_ones()} == {other.id, shared.id}
    assert (count(connection, inquiries), count(connection, askers)) == (2, 2)


def test_a_question_taken_back_leaves_nothing(connection: Connection) -> None:
    asked, waiting = ask(connection), Misses(connection, NOW)
    waiting.open(asked)
    waiting.leave(asked.id)
    Inquiries(connection, NOW).remove(asked.id)
    assert [count(connection, table) for table in (inquiries, askers, misses)] == [0, 0, 0]


def test_who_takes_a_question_back_leaves_it_to_the_others_who_asked(connection: Connection) -> None:
    first, waiting = ask(connection), Misses(connection, NOW)
    miss = waiting.open(first)
    waiting.join(miss.id, ask(connection, "Hvor?", who="bo").id)
    waiting.leave(first.id)
    assert [one.text for one in waiting.asked([miss.id])[miss.id]] == ["Hvor?"]


def test_nobody_else_changes_what_is_held(postgresql_url: str) -> None:
    """On SQLite the one writer is the lock."""
    engine = create_engine(postgresql_url)
    with engine.begin() as first:
        first.execute(insert(people).values(id="ann", language="sv", created_at=NOW))
        asked = ask(first)
        miss = Misses(first, NOW).open(asked)
    look = select(inquiries.c.id).with_for_update(skip_locked=True)
    with engine.begin() as first, engine.begin() as second:
        assert second.execute(look).scalars().all() == [asked.id]  # the control
        second.rollback()
        Inquiries(first, NOW).hold(miss.id)
        with engine.begin() as third:
            assert third.execute(look).scalars().all() == []
    engine.dispose()


# --- Misses -----------------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_oldest_first_and_counted_by_programme(connection: Connection) -> None:
    for minutes, (text, programme) in enumerate((("b", "dialog"), ("a", "fika"), ("c", "dialog"))):
        Misses(connection, NOW + timedelta(minutes=minutes)).open(ask(connection, text, programme=programme))
    store = Misses(connection, LATER)
    assert [one.text for one in store.open_ones()] == ["b", "a", "c"]
    assert [one.text for one in store.open_ones("dialog")] == ["b", "c"]
    assert store.counts() == {"dialog": 2, "fika": 1}


def test_a_miss_is_taken_answered_and_corrected(connection: Connection) -> None:
    store = Misses(connection, NOW)
    miss = store.open(ask(connection), contact="Kansliet")
    store.take(miss.id, "kim")
    store.answer(miss.id, YES, by="kim", entry="e", agenda="Var är det?")
    found = store.get(miss.id)
    assert found is not None
    assert (found.state, found.owner, found.answered_by, found.answered_at) == (MissState.ANSWERED, "kim", "kim", NOW)
    assert (found.answer, found.entry, found.agenda, found.contact) == (YES, "e", "Var är det?", "Kansliet")
    Misses(connection, LATER).answer(miss.id, Localised({"sv": "Nej."}), by="bo")
    assert [one.answer.wordings["sv"] for one in store.answered(LATER)] == ["Nej."]
    assert store.open_ones() == ()


def test_what_was_put_aside_can_wait_again_since_when_it_was_asked(connection: Connection) -> None:
    store = Misses(connection, NOW)
    miss = store.open(ask(connection))
    Misses(connection, LATER).dismiss(miss.id, by="kim")
    assert (store.open_ones(), store.answered(NOW)) == ((), ())
    Misses(connection, LATER).reopen(miss.id)
    assert store.open_ones() == (miss,)


def test_an_entry_in_doubt_is_found_as_long_as_it_waits(connection: Connection) -> None:
    store = Misses(connection, NOW)
    miss = store.open(ask(connection), entry="e")
    assert (store.in_doubt("e"), store.in_doubt("f"), store.in_doubt("")) == (miss, None, None)
    store.dismiss(miss.id, by="kim")
    assert store.in_doubt("e") is None


def test_what_comes_up_at_the_next_meeting_was_answered_since_the_last_one(connection: Connection) -> None:
    for days, agenda in enumerate(("Ett?", "", "Två?")):
        then = Misses(connection, NOW + timedelta(days=days))
        then.answer(then.open(ask(connection)).id, YES, by="kim", agenda=agenda)
    store = Misses(connection, LATER)
    store.open(ask(connection))
    assert [one.agenda for one in store.on_agenda("dialog", None)] == ["Två?", "Ett?"]
    assert [one.agenda for one in store.on_agenda("dialog", NOW + timedelta(days=1))] == ["Två?"]
    assert store.on_agenda("fika", None) == ()


def test_who_waits_and_has_been_told_is_known(connection: Connection) -> None:
    store = Misses(connection, NOW)
    first = ask(connection)
    miss = store.open(first)
    store.join(miss.id, ask(connection, "Hvor?", who="bo", minutes=1).id)
    store.told(first.id)
    waiting = store.waiting([miss.id, "x"])[miss.id]
    assert [(one.inquiry.text, one.asker.person, one.asker.told) for one in waiting] == [
        ("Var?", "ann", True),
        ("Hvor?", "bo", False),
    ]


def test_what_was_asked_stays_when_nobody_knows_by_whom(connection: Connection) -> None:
    store = Misses(connection, NOW)
    miss = store.open(ask(connection))
    connection.execute(askers.delete())
    assert (list(store.asked([miss.id])), store.waiting([miss.id])) == ([miss.id], {})
