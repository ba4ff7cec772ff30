"""What is looked at every minute is found by an index, however much has been kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event

from storage.inquiries import Inquiries, Misses
from storage.matters import Matters
from storage.nudges import Nudges
from storage.plans import Plans
from storage.prepared import Prepared
from storage.rounds import Rounds
from storage.runs import Runs
from tests.flows.samples import NOW

LOOKS: dict[str, Any] = {
    "nudges": lambda c: Nudges(c, NOW).forget(NOW),
    "runs": lambda c: Runs(c, NOW).forget(NOW, but=("registration",)),
    "matters": lambda c: Matters(c, NOW).forget(NOW),
    "tellings": lambda c: Matters(c, NOW).told("p"),
    "inquiries": lambda c: Inquiries(c, NOW).forget("programme", NOW),
    "misses": lambda c: Misses(c, NOW).open_ones(),
    "plan_rows": lambda c: Plans(c, NOW).due_between(date(2027, 1, 1), date(2027, 1, 8)),
    "rounds": lambda c: (Rounds(c, NOW).running(), Rounds(c, NOW).due()),
}


@pytest.fixture
def connection(engine_url: str) -> Iterator[Connection]:
    engine = create_engine(engine_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def statements(connection: Connection, look: Callable[[Connection], object], patch: pytest.MonkeyPatch) -> list[str]:
    """The SQL that a look comes to, with its values left out."""
    said: list[str] = []
    bound = Prepared._bound

    def note(self: Prepared, connection: Connection, values: dict[str, Any]) -> Any:
        found = bound(self, connection, values)
        said.append(found[0].sql)
        return found

    def heard(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        said.append(sql)

    patch.setattr(Prepared, "_bound", note)
    event.listen(connection, "before_cursor_execute", heard)
    look(connection)
    event.remove(connection, "before_cursor_execute", heard)
    return said


def plan(connection: Connection, sql: str) -> list[str]:
    """How the database means to run it among many rows, for any values."""
    raw = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        raw.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
        return [row[3] for row in raw.fetchall()]
    raw.execute("SET LOCAL enable_seqscan = off")  # as with a full table: these are empty
    raw.execute("EXPLAIN (GENERIC_PLAN) " + re.sub(r"%\(\w+\)s", "$1", sql))
    return [row[0].strip() for row in raw.fetchall()]


def read_whole(connection: Connection, table: str, sql: str) -> list[str]:
    """The steps that read every row of the table. All of a partial index is what is still to be done: few."""
    steps = (step for step in plan(connection, sql) if re.search(rf"(SCAN|Seq Scan on) {table}\b", step))
    return [step for step in steps if "USING INDEX ix_" not in step]


@pytest.mark.parametrize("table", LOOKS)
def test_a_look_reads_no_whole_table(connection: Connection, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = statements(connection, LOOKS[table], monkeypatch)
    assert found
    assert [step for sql in found for step in read_whole(connection, table, sql)] == []


def test_the_check_sees_a_table_that_is_read_whole(connection: Connection) -> None:
    assert read_whole(connection, "nudges", "SELECT id FROM nudges WHERE reason = 'moved'")
