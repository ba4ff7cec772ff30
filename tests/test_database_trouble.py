"""What the doctor says of a database that refuses: what fits, and never the driver's own text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.doctor.database_trouble import no_answer, no_writes
from bot.doctor.findings import Finding

WHOSE = "/srv/data (owner bot, mode 700)"
SECRET = "hemligt-0815"


def full(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one:
        one.execute("PRAGMA max_page_count = 1")
        one.execute("CREATE TABLE people (id TEXT)")


def locked(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(file, timeout=0)) as other:
        one.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def read_only(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one:
        one.execute("CREATE TABLE people (id TEXT)")
        one.execute("PRAGMA query_only = ON")
        one.execute("CREATE TABLE others (id TEXT)")


def unreachable(file: Path) -> None:
    sqlite3.connect(file.parent)


def no_database(file: Path) -> None:
    file.write_bytes(b"no database" * 500)
    with closing(sqlite3.connect(file)) as one:
        one.execute("SELECT * FROM people")


@pytest.mark.parametrize(
    ("refuse", "name", "action"),
    [
        (full, "SQLITE_FULL", "make room"),
        (locked, "SQLITE_BUSY", "keeps it locked"),
        (read_only, "SQLITE_READONLY", "chown"),
        (unreachable, "SQLITE_CANTOPEN", "chown"),
        (no_database, "is no database", "Put the last backup back"),
    ],
)
def test_what_to_do_about_a_file_is_told_by_what_sqlite_calls_its_error(
    refuse: Callable[[Path], None], name: str, action: str, tmp_path: Path
) -> None:
    with pytest.raises(sqlite3.DatabaseError) as caught:
        refuse(tmp_path / "lartraff.db")
    error = OperationalError(None, None, caught.value)  # as SQLAlchemy wraps it
    for finding in (no_answer(error, WHOSE), no_writes(error, WHOSE)):
        assert name in finding.what
        assert action in finding.action
        assert ("chown" in finding.action) is (action == "chown")


def test_a_disk_that_is_full_may_be_told_by_a_longer_name() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    finding = no_answer(error, WHOSE)
    assert "make room" in finding.action
    assert finding.what == f"The database file cannot be opened (SQLITE_IOERR_SHMSIZE): {WHOSE}"


@pytest.mark.parametrize(
    ("change", "meaning"),
    [
        (lambda url: f"{url}/nowhere", "it has no such database"),
        (lambda url: f"{url}/postgres?sslmode=require", "it does not speak TLS"),
        (lambda url: f"{url}/postgres?sslmod=require", "has an option"),
        (lambda url: f"{url}/postgres?sslmode=requires", "has an option"),
        (lambda url: url.replace("//postgres", "//nobody"), "it refuses the user"),
        (lambda url: f"{url.rpartition(':')[0]}:1/postgres", "nothing listens there"),
    ],
)
def test_what_to_do_about_a_server_is_told_by_what_it_answers(
    change: Callable[[str], str], meaning: str, postgresql_server: str
) -> None:
    url = change(postgresql_server).replace("postgresql:", "postgresql+psycopg:").replace("@", f":{SECRET}@")
    with pytest.raises(SQLAlchemyError) as caught:
        create_engine(url).connect()
    is_told(no_answer(caught.value, ""), meaning)


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        (f'FATAL:  password authentication failed for user "{SECRET}"', "it refuses the user"),
        ("fe_sendauth: no password supplied", "it refuses the user"),
        (f"failed to resolve host '{SECRET}': [Errno -2] Name or service not known", "no machine is found"),
        (f'could not translate host name "{SECRET}" to address', "no machine is found"),
        ("connection timeout expired", "no answer comes"),
        (f'FATAL:  no pg_hba.conf entry for host "{SECRET}", user "x", database "y", no encryption', "without TLS"),
        (f'FATAL:  no pg_hba.conf entry for host "{SECRET}", user "x", database "y", SSL encryption', "not let this"),
        (f"something else about {SECRET}", "(OperationalError)"),
    ],
)
def test_what_only_other_servers_answer_is_known_as_well(said: str, meaning: str) -> None:
    is_told(no_answer(OperationalError(None, None, psycopg.OperationalError(said)), ""), meaning)


def is_told(finding: Finding, meaning: str) -> None:
    assert meaning in finding.what
    assert finding.action
    assert SECRET not in finding.what + finding.action
