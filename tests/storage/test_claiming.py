"""Claiming costs the same among a million messages: guarded by how the databases go about it, not by a clock."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from storage.claiming import _claim
from storage.lanes import _waiting

_VALUES = {
    "now": 1_700_000_000_000_000,
    "lease": 1_700_000_090_000_000,
    "most": 100,
    "for_platform": "slack",
    "for_workspace": "T1",
    "one_of_many": True,
}


def plan(connection: Connection, statement: Any) -> str:
    """How the database means to run the statement."""
    compiled = statement.compile(dialect=connection.dialect)
    named = {**compiled.params, **{name: value for name, value in _VALUES.items() if name in compiled.params}}
    if connection.dialect.name == "sqlite":
        values: Any = tuple(named[name] for name in compiled.positiontup or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.string}", values)
        return "\n".join(row[3] for row in rows)
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {compiled.string}", named))


@pytest.fixture
def connection(engine_url: str) -> Any:
    engine = create_engine(engine_url)
    with engine.connect() as opened:
        if opened.dialect.name == "postgresql":
            opened.exec_driver_sql("SET enable_seqscan = off")  # as with a full table: this one is empty
        yield opened
    engine.dispose()


def test_messages_are_claimed_through_indexes_alone(connection: Connection) -> None:
    how = plan(connection, _claim(connection.dialect.name))
    assert "ix_outbox_due" in how, how
    assert how.count("ix_outbox_conversation") == 2, how
    for costly in ("SCAN", "Seq Scan", "Join", "TEMP B-TREE", "Hash"):
        assert costly not in how.replace("SCAN CONSTANT ROW", ""), how


def test_the_lanes_are_found_without_reading_every_message(connection: Connection) -> None:
    how = plan(connection, _waiting())
    assert how.count("ix_outbox_due") == 2, how
    assert "Seq Scan" not in how, how
