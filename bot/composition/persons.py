"""What is stored of a person, for whoever answers when somebody asks who can no longer write to the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.assembly import Site, SystemClock, assemble, check_keys
from bot.composition.building import plan
from bot.handlers import my_data
from bot.handlers.visit import Visit
from config.settings import Settings
from storage.erasure import Eraser
from storage.named import OnlyNamed
from storage.people import People

T = TypeVar("T")

_SEAT = "seat:"
"""Begins the id of somebody who is only named, on seats that others booked for them."""


def called(found: Settings, text: str) -> list[str]:
    """A line for each whose name or e-mail address has this in it: persons, then those who are only named on seats."""

    def look(visit: Visit) -> list[str]:
        people = People(visit.connection, visit.now)
        persons = [
            "  ".join((one.id, one.name, one.email, *(str(account.actor) for account in people.actors_of(one.id))))
            for one in people.called(text)
        ]
        named = OnlyNamed(visit.connection, visit.now).called(text)
        return [*persons, *(f"{_SEAT}{one.seat}  {one.name}  {one.email}  (registered by others)" for one in named)]

    return _at_site(found, look)


def stored(found: Settings, person: str) -> str:
    """Everything that is stored of them, as JSON. Raises `LookupError` when nobody has this id."""

    def look(visit: Visit) -> str:
        if person.startswith(_SEAT):
            seats = OnlyNamed(visit.connection, visit.now).seats(person.removeprefix(_SEAT))
            return json.dumps({"seats": seats}, ensure_ascii=False, indent=2, default=str)
        eraser = Eraser(visit.connection, visit.now)
        _check_known(eraser, person)
        return json.dumps(eraser.stored(person), ensure_ascii=False, indent=2)

    return _at_site(found, look)


def erase(found: Settings, person: str) -> None:
    """Erase them as they could themselves, with “my data”. Raises `LookupError` when nobody has this id."""

    def forget(visit: Visit) -> None:
        if person.startswith(_SEAT):
            my_data.erase(visit, OnlyNamed(visit.connection, visit.now).be_somebody(person.removeprefix(_SEAT)))
            return
        _check_known(Eraser(visit.connection, visit.now), person)
        my_data.erase(visit, person)

    _at_site(found, forget)


def _check_known(eraser: Eraser, person: str) -> None:
    if not eraser.is_known(person):
        raise LookupError(person)


def _at_site(found: Settings, do: Callable[[Visit], T]) -> T:
    """In one transaction, with the keys of the database: by them it is known what somebody has sealed."""

    async def run(site: Site) -> T:
        try:
            await check_keys(site)
            work = site.unit_of_work.run
            return await work(lambda connection: do(_visit(site, connection)))
        finally:
            await site.unit_of_work.close()

    return asyncio.run(run(assemble(plan(found), SystemClock())))


def _visit(site: Site, connection: Connection) -> Visit:
    return Visit(connection, site.clock.now(), site.surroundings)
