"""Who waits for what: each once, taken once, and found through an index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.exc import OperationalError

from bot.domain.people import Actor, Language
from storage.attendance import Attendance
from storage.awaited import Awaited, Awaits
from storage.joins import Joins
from storage.people import People
from storage.programmes import load
from storage.tables import people
from tests.flows.samples import FREE, NOW

SLIDES = Awaits(FREE.id, "bilder")
FILM = Awaits(FREE.id, "film")


@pytest.fixture
def connection(engine_url: str) -> Iterator[Connection]:
    engine = create_engine(engine_url)
    with engine.begin() as opened:
        load(opened, FREE, NOW)
        opened.execute(insert(people), [{"id": id, "language": "sv", "created_at": NOW} for id in ("anna", "bo")])
        yield opened
    engine.dispose()


@pytest.fixture
def store(connection: Connection) -> Awaited:
    return Awaited(connection, NOW)


def test_who_asks_twice_waits_once(store: Awaited) -> None:
    assert [store.ask(SLIDES, "anna"), store.ask(SLIDES, "anna"), store.ask(SLIDES, "bo")] == [True, False, True]
    assert store.waiting(SLIDES) == ("anna", "bo")
    assert store.of_person("anna") == {SLIDES}


def test_it_is_taken_once(store: Awaited) -> None:
    store.ask(SLIDES, "anna")
    assert [store.take(FILM, "anna"), store.take(SLIDES, "anna"), store.take(SLIDES, "anna")] == [False, True, False]
    assert store.wishes() == ()


def test_each_thing_that_is_waited_for_is_named_once(store: Awaited) -> None:
    for person in ("anna", "bo"):
        store.ask(SLIDES, person)
        store.ask(FILM, person)
    assert store.wishes() == (SLIDES, FILM)


def test_what_has_been_waited_for_too_long_is_forgotten(connection: Connection, store: Awaited) -> None:
    store.ask(SLIDES, "anna")
    Awaited(connection, NOW + timedelta(days=2)).ask(FILM, "anna")
    store.forget(NOW + timedelta(days=1))
    assert store.wishes() == (FILM,)


def test_two_persons_who_are_one_wait_once(connection: Connection, store: Awaited) -> None:
    there = People(connection, NOW)
    first, second = (there.meet(Actor("slack", "T", name), None, None, Language.SWEDISH).person.id for name in "ab")
    for person in (first, second):
        store.ask(SLIDES, person)
    store.ask(FILM, second)
    Joins(connection, NOW).merge(first, second)
    assert store.of_person(first) == {SLIDES, FILM}
    assert store.waiting(SLIDES) == (first,)


def test_what_anybody_waits_for_is_read_from_an_index(connection: Connection) -> None:
    words = "SELECT DISTINCT programme, material FROM awaited ORDER BY programme, material"
    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")]
        assert "COVERING INDEX" in plan[0], plan
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # as with a full table: this one is empty
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {words}")]
        assert any("pk_awaited" in line for line in plan), plan


def test_of_two_who_take_it_at_once_one_gets_it(engine_url: str) -> None:
    engine = create_engine(engine_url, connect_args={"timeout": 0} if engine_url.startswith("sqlite") else {})
    with engine.begin() as connection:
        load(connection, FREE, NOW)
        connection.execute(insert(people), {"id": "anna", "language": "sv", "created_at": NOW})
        Awaited(connection, NOW).ask(SLIDES, "anna")
    with engine.connect() as one, engine.connect() as other:
        assert Awaited(one, NOW).take(SLIDES, "anna")
        if engine.dialect.name == "sqlite":
            with pytest.raises(OperationalError, match="locked"):
                Awaited(other, NOW).take(SLIDES, "anna")
        one.commit()
        other.rollback()
        assert not Awaited(other, NOW).take(SLIDES, "anna")
    engine.dispose()


def test_nobody_is_absent_who_was_never_to_come(connection: Connection) -> None:
    assert Attendance(connection).absentees(FREE.id, "fika", NOW) == ()
    assert Attendance(connection).programmes_of("anna") == frozenset()
