"""Somebody's whole time with Lärträff, and after: each table names them for as long as the register says, no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Date, Integer, LargeBinary, Table, delete, insert, select, update

from bot.domain.programmes import KEPT
from bot.domain.rounds import Mode, Round, State, boxes
from bot.flows.processing_register import PROCESSINGS, Kept
from bot.handlers import retention
from bot.handlers.visit import Visit
from storage.deliveries import Deliveries
from storage.erasure import PERSONAL
from storage.faq import Entries
from storage.inquiries import Inquiries
from storage.links import Links
from storage.matters import Matters
from storage.nobody import ERASED, be_nobody
from storage.nudges import Nudges
from storage.outbox import Outbox
from storage.retention import Retention
from storage.rounds import Rounds
from storage.runs import Runs
from storage.tables import actors, members, metadata, people, rounds
from storage.types import Instant
from storage.unheard import TIES, unheard_of
from storage.unnaming import NAMING
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import NOW, SINGLE
from tests.handlers.town import Town

PROGRAMME = replace(SINGLE, keep_names=100, keep_answers=200)
MEETING = max(PROGRAMME.occasions, key=lambda one: one.ends_at)
LAST = MEETING.ends_at
PERSON, NAME, EMAIL = "zebedea-1", "Zebedea Zeb", "zebedea@example.org"
WORDS = (PERSON, NAME, EMAIL)

MONTH, MESSAGES, ANSWERS = (timedelta(days) for days in (30, 400, PROGRAMME.keep_answers))
BY_RULE: Mapping[Kept, datetime | None] = {
    Kept.WITH_THE_PERSON: None,
    Kept.MESSAGES: NOW + MESSAGES,
    Kept.NAMES: LAST + timedelta(PROGRAMME.keep_names),
    Kept.AFTER_THE_LAST: LAST + timedelta(PROGRAMME.keep_names),
    Kept.ANSWERS: LAST + ANSWERS,
    Kept.QUESTIONS: NOW + ANSWERS,
}
AS_SAID_BESIDE: Mapping[str, datetime | None] = {
    "deliveries": NOW + timedelta(3),
    "runs": NOW + MONTH,
    "askers": NOW + MONTH,
    "codes": NOW + timedelta(14),
    "groups": LAST + ANSWERS,
    "faq_phrasings": NOW + timedelta(KEPT),
    "faq_entries": None,
    "faq_history": None,
}
UNTIL = {**{table: BY_RULE[one.kept] for one in PROCESSINGS for table in one.tables}, **AS_SAID_BESIDE}

# What is not just some text or some time: by table and column.
PARTICULAR: Mapping[str, Mapping[str, object]] = {
    "people": {"id": PERSON, "name": NAME, "email": EMAIL, "language": "sv", "role": "coordinator"},
    "seats": {"name": NAME, "email": EMAIL, "occasion": MEETING.id, "state": "confirmed"},
    "outbox": {"state": "sent"},
    "nudges": {"state": "sent"},
    "runs": {"done": True},
    "misses": {"state": "answered"},
    "codes": {"about": PERSON, "expires_at": NOW + timedelta(14, seconds=1)},
    "feeds": {"owner": f"person:{PERSON}"},
    "links": {"about": PERSON, "revoked_at": None},
    "installations": {"installed_by": PERSON},
    "actors": {"user": PERSON, "directory_email": EMAIL, "left_at": None},
    "addresses": {"conversation": PERSON},
    "workshops": {"state": "ended"},
    "plan_rows": {"due": date(2027, 5, 1), "progress": "testing"},
}


def _value(column: Column[Any]) -> object:
    """Something that fits into a column; where somebody may be named, the person."""
    table = column.table.name
    if column.name in PARTICULAR.get(table, {}):
        return PARTICULAR[table][column.name]
    for key in column.foreign_keys:
        target = key.column.table
        known = {"people": PERSON, "programmes": PROGRAMME.id}
        return known.get(target.name, f"{target.name}-1")
    by_type: tuple[tuple[type, object], ...] = (
        (Instant, NOW), (Boolean, False), (Integer, 1), (Date, NOW.date()), (LargeBinary, b"x")
    )  # fmt: skip
    for kind, value in by_type:
        if isinstance(column.type, kind):
            return value
    if column in NAMING:
        return f"om {NAME}"
    return {"id": f"{table}-1", "programme": PROGRAMME.id, "answer": "answers-1"}.get(column.name, "x")


def _filled() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if table.name in PERSONAL)


def a_life(connection: Connection) -> None:
    """A row about the person in every table that may hold one."""
    for table in _filled():
        if table is rounds:
            asked = boxes(KICK_OFF, [one.words for one in ROLE_GROUPS])
            about = Round("rounds-1", PROGRAMME.id, KICK_OFF.title, asked, Mode.NOTES, NOW, opened_by=PERSON)
            Rounds(connection, NOW).add(about)
            Rounds(connection, LAST).enter("rounds-1", State.CLOSED, from_states=(State.PLANNED,))
        else:
            connection.execute(insert(table).values({column.name: _value(column) for column in table.columns}))


def naming(connection: Connection) -> set[str]:
    """The tables in which the person can be found."""
    rows = ((table.name, str(tuple(row))) for table in _filled() for row in connection.execute(select(table)))
    return {table for table, row in rows if any(word in row for word in WORDS)}


async def kept_at(town: Town, moment: datetime) -> set[str]:
    """What names the person once everything has gone that was to go by then."""
    town.clock.at = moment
    await town.work.run(lambda c: retention.let_go(Visit(c, moment, town.surroundings)))
    return await town.read(naming)


def said_of(moment: datetime) -> set[str]:
    """What the register says is still there."""
    return {table for table, until in UNTIL.items() if until is None or moment <= until}


async def test_A2_every_table_names_somebody_for_as_long_as_the_register_says_and_no_longer(town: Town) -> None:
    await town.load(PROGRAMME)
    await town.read(a_life)
    assert await town.read(naming) == set(PERSONAL)
    for until in sorted({one for one in UNTIL.values() if one is not None}):
        for moment in (until, until + timedelta(seconds=1)):
            assert await kept_at(town, moment) == said_of(moment), moment


async def test_A2_what_stays_of_a_booking_is_the_organisation_and_its_reference(town: Town) -> None:
    await town.load(PROGRAMME)
    await town.read(a_life)
    await kept_at(town, LAST + timedelta(PROGRAMME.keep_names, seconds=1))
    found = await town.contents(metadata.tables["registrations"], metadata.tables["seats"])
    assert (len(found["registrations"]), len(found["seats"])) == (1, 1)
    assert not [word for word in WORDS if word in repr(found)]


async def test_control_without_the_rule_the_same_search_finds_the_person(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.load(PROGRAMME)
    await town.read(a_life)
    monkeypatch.setattr(Retention, "forget_programme", lambda *_asked: None)
    moment = LAST + timedelta(PROGRAMME.keep_names, seconds=1)
    assert await kept_at(town, moment) - said_of(moment) >= {"members", "registrations", "plan_rows"}


RULES = (
    (Retention, "forget_rounds"), (Retention, "forget_programme"), (Retention, "forget_groups"),
    (Inquiries, "forget"), (Entries, "forget_phrasings"), (Links, "forget"),
    (Deliveries, "forget"), (Runs, "forget"), (Outbox, "forget"), (Nudges, "forget"), (Matters, "forget"),
)  # fmt: skip


@pytest.mark.parametrize(("owner", "rule"), RULES, ids=lambda one: getattr(one, "__name__", one))
async def test_control_without_any_one_of_the_rules_the_person_is_found(
    small_town: Town, monkeypatch: pytest.MonkeyPatch, owner: type, rule: str
) -> None:
    await small_town.load(PROGRAMME)
    await small_town.read(a_life)
    monkeypatch.setattr(owner, rule, lambda *_asked, **_named: ())
    moment = LAST + timedelta(KEPT + 400)
    assert await kept_at(small_town, moment) - said_of(moment)


# --- Accounts of those who take part in nothing -----------------------------------------------------------------------

ONLY_NAMED = {
    *("actors", "wishes", "tellings", "rulings", "bindings", "challenge_viewers", "faq_history"),
    *("seats.left_by", "newcomers.denied_by", "plan_rows.changed_by", "misses.answered_by"),
}
"""Where a person stands without anything being theirs: it holds for whoever is erased as well."""


async def leave_nothing_but(town: Town, *ties: Column[Any]) -> None:
    """Let a participant be left over, with an account and these ties."""

    def let_go(connection: Connection) -> None:
        a_life(connection)
        be_nobody(connection, NOW)
        connection.execute(update(people).values(role="participant"))
        for tie in set(TIES) - set(ties):
            whole = delete(tie.table) if tie.table is members else update(tie.table).values({tie.name: ERASED})
            connection.execute(whole)

    await town.load(PROGRAMME)
    await town.read(let_go)


async def unheard(town: Town, days: int) -> tuple[str, ...]:
    return await town.read(lambda c: unheard_of(c, NOW + timedelta(days)))


@pytest.mark.parametrize("tie", TIES, ids=str)
async def test_whoever_has_anything_left_stays(small_town: Town, tie: Column[Any]) -> None:
    await leave_nothing_but(small_town, tie)
    assert await unheard(small_town, 1) == ()


async def test_whoever_has_nothing_left_and_was_not_seen_goes(town: Town) -> None:
    await leave_nothing_but(town)
    assert await unheard(town, 0) == ()
    assert await unheard(town, 1) == (PERSON,)


async def test_whoever_is_seen_with_another_account_stays(town: Town) -> None:
    await leave_nothing_but(town)
    there = {"platform": "teams", "workspace": "t", "user": "u", "person": PERSON, "seen_at": NOW + timedelta(1)}
    await town.read(lambda c: c.execute(insert(actors).values(there)))
    assert (await unheard(town, 1), await unheard(town, 2)) == ((), (PERSON,))


async def test_a_coordinator_stays_until_they_have_left(town: Town) -> None:
    await leave_nothing_but(town)
    await town.read(lambda c: c.execute(update(people).values(role="coordinator")))
    assert await unheard(town, 1) == ()
    await town.read(lambda c: c.execute(update(actors).values(left_at=NOW)))
    assert await unheard(town, 1) == (PERSON,)


async def test_A2_an_account_that_takes_part_in_nothing_is_erased_after_so_many_days(town: Town) -> None:
    await leave_nothing_but(town)
    last = NOW + retention.ACCOUNTS_KEPT
    assert {"people", "actors"} <= await kept_at(town, last)
    assert await kept_at(town, last + timedelta(seconds=1)) == set()


def test_every_column_that_refers_to_a_person_is_a_tie_or_says_no_more_than_a_name() -> None:
    every = [column for t in metadata.sorted_tables for column in t.columns if column.references(people.c.id)]
    others = {str(one) for one in every if one not in TIES}
    assert {one for one in others if one not in ONLY_NAMED and one.partition(".")[0] not in ONLY_NAMED} == set()


async def test_where_nothing_is_left_to_forget_nothing_is_written(town: Town) -> None:
    await town.load(PROGRAMME)
    await town.read(a_life)
    moment = LAST + timedelta(KEPT + 400)
    await kept_at(town, moment)
    before = await town.contents(people, *_filled())
    await kept_at(town, moment)
    assert await town.contents(people, *_filled()) == before


def test_what_the_bot_says_it_stores_of_answers_is_what_there_is_room_for() -> None:
    """`vad har ni lagrat?`: of notes the text, the group and when; of a sealed answer an urn, a marker and a box."""
    columns = {name: {one.name for one in metadata.tables[name].columns} for name in ("answers", "sealed", "tallies")}
    of_notes = {"id", "round", "box", "question", "text", "group", "written_at"}
    of_moderation = {"standing", "reason", "place", "moved"}
    assert columns["answers"] == of_notes | of_moderation
    assert columns["sealed"] == {"urn", "marker", "box"}
    assert columns["tallies"] == {"round", "box", "question", "value", "count"}
