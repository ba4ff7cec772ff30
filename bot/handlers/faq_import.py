"""Questions with answers from a file: what storing them would change, and storing them once, however often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.domain.faq import COMMON, Entry, Standing
from bot.domain.faq_import import Comparison, Given, compare
from bot.domain.programmes import Programme
from storage.faq import Entries
from storage.programmes import Catalogue
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")


class UnknownProgrammeError(Exception):
    """Entries are for a programme that has not been loaded."""

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        there = ", ".join(sorted(known)) or "none"
        super().__init__(f"no such programme has been loaded: {', '.join(sorted(unknown))} (there are: {there})")


def named(connection: Connection, programmes: Collection[str]) -> Mapping[str, Programme]:
    """Those of the programmes that are not all of them at once; raises `UnknownProgrammeError`."""
    known = Catalogue().read(connection)
    meant = set(programmes) - {COMMON}
    if not meant <= known.keys():
        raise UnknownProgrammeError(meant - known.keys(), known)
    return {id: known[id] for id in sorted(meant)}


def preview(connection: Connection, given: Sequence[Given], now: datetime) -> Comparison:
    """What `load` would do; raises `UnknownProgrammeError`."""
    named(connection, {one.entry.programme for one in given})
    return compare(given, Entries(connection, now).all())


def load(connection: Connection, given: Sequence[Given], now: datetime) -> Comparison:
    """Add and change entries, which nobody else changes meanwhile; raises `UnknownProgrammeError`."""
    entries = Entries(connection, now)
    touched = sorted(change.before.id for change in preview(connection, given, now).changed)
    now_there = {id: entries.locked(id) for id in touched}
    known = {**entries.all(), **{id: entry for id, entry in now_there.items() if entry is not None}}
    comparison = compare(given, known)
    for entry in sorted(
        comparison.added, key=lambda one: one.id
    ):  # in one order, so that two never wait for each other
        entries.add(entry)
    for change in comparison.changed:
        entries.edit(change.after)
    return comparison


def in_use(connection: Connection, programme: str | None, now: datetime) -> Sequence[Entry]:
    """The entries of a programme, or of all of them, that are given as answers; raises `UnknownProgrammeError`."""
    named(connection, {programme or COMMON})
    live = (one for one in Entries(connection, now).all().values() if one.standing is Standing.LIVE)
    return [one for one in live if programme is None or one.programme == programme]


async def in_turn(unit: UnitOfWork, work: Callable[[Connection], T]) -> T:
    """Do the work in a transaction; once more when somebody stored the same at the same moment, and it is there now."""
    try:
        return await unit.run(work)
    except IntegrityError:
        return await unit.run(work)
