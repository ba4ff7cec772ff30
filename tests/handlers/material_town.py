"""A town with a programme that has materials: open to all, for members, and to come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.nudges import schedule
from bot.domain.programmes import Material, Programme
from bot.flows import materials as words_of
from bot.messages import Card, Form
from tests.fixtures.kinds import Kind
from tests.flows.material_scenes import TALKS
from tests.flows.samples import FREE, words
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, text

SECRET = "https://example.org/hemligt"
LINK = "https://example.org/bilder.pdf"
SLIDES = f"{FREE.id} bilder"
PROGRAMME = replace(
    FREE,
    role_groups=TALKS.role_groups,
    materials=(
        Material(words("Bilder"), "slides", id="bilder"),
        Material(words("Protokoll"), "reading", SECRET, members_only=True, id="protokoll"),
        Material(words("Inspelning"), "recording", "https://example.org/film", for_roles=("chefer",), id="film"),
    ),
)
MEETING = PROGRAMME.occasions[0]


@pytest.fixture
async def on_both(engine: Kind) -> AsyncIterator[Town]:
    """The town on each database."""
    async with prepared(engine, PROGRAMME) as town:
        yield town


@pytest.fixture
async def on_sqlite(sqlite: Kind) -> AsyncIterator[Town]:
    """The same on SQLite alone: for what has nothing to do with the database."""
    async with prepared(sqlite, PROGRAMME) as town:
        yield town


def with_material(programme: Programme, id: str, **changes: Any) -> Programme:
    changed = tuple(replace(one, **changes) if one.id == id else one for one in programme.materials)
    return replace(programme, materials=changed)


THERE = with_material(PROGRAMME, "bilder", url=LINK)


async def tidied(town: Town, *, at: datetime | None = None) -> None:
    town.clock.at = at or town.clock.at
    await town.tick.tidy()
    await town.deliver()


async def told(person: Person, part: str = "you waited for") -> list[str]:
    return [one for one in await person.received() if part in one]


async def give(person: Person, url: str = LINK, about: str = SLIDES, **answers: str) -> str:
    form = (await person.press(words_of.SET_LINK, about)).view
    assert isinstance(form, Form), text(form)
    return text((await person.submit(form, {"url": url, **answers})).view)


def shown(reply: Any) -> Card:
    assert isinstance(reply.view, Card), reply
    return reply.view


def day_after(programme: Programme = PROGRAMME) -> datetime:
    return next(one.due_at for one in schedule(programme) if one.rule.name == "catch_up")
