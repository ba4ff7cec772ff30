"""A town with questions and answers, and how coordinators go through its lists and forms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.faq import COMMON, Entry
from bot.domain.people import Role
from bot.domain.programmes import FaqEntry
from bot.flows import curating
from bot.handlers.events import Reply
from bot.messages import Card, Form, Notice, View
from storage.faq import Entries
from storage.people import People
from tests.flows.samples import FREE, NOW, SINGLE, words
from tests.handlers.town import Person, Town, buttons, open_town, text

TODAY = NOW.date()
FAQ = (
    FaqEntry("avgift", words("Vad kostar kursen?"), words("1 200 kronor per dag."), "våren 2027"),
    FaqEntry("gammal", words("Vad kostade boendet?"), words("900 kronor."), "2020"),
    FaqEntry("intyg", words("Får jag intyg?"), words("Ja, efteråt."), valid_from=TODAY + timedelta(days=9)),
)
DIALOG = replace(SINGLE, faq=FAQ)
FIKA = replace(FREE, faq=(FaqEntry("kaffe", words("Finns det kaffe?"), words("Ja.")),))
SECRET = replace(FREE, id="hemligt", title=words("Utkast"), draft=True, occasions=(), faq=FAQ[:1])
AVGIFT, GAMMAL, INTYG, KAFFE = "dialog.avgift", "dialog.gammal", "dialog.intyg", "gratis.kaffe"
EVERYBODYS = Entry("alla", COMMON, words("Vem är Lärträff?"), words("En bot."))
NEW = {"place": SINGLE.id, "language": "sv", "question": "Var parkerar jag?", "answer": "Bakom huset."}


@asynccontextmanager
async def built(url: str) -> AsyncIterator[Town]:
    """A town with questions of its programmes and one for all, and a coordinator."""
    async with open_town(url, DIALOG, FIKA, SECRET) as town:
        await town.work.run(lambda c: Entries(c, town.clock.now()).add(EVERYBODYS))
        await town.person("admin").open_home()
        yield town


@pytest.fixture
async def on_both(engine_url: str) -> AsyncIterator[Town]:
    """The town on each database."""
    async with built(engine_url) as made:
        yield made


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Town]:
    """The same on SQLite alone: for what has nothing to do with the database."""
    async with built(sqlite_url) as made:
        yield made


async def entry(town: Town, id: str = AVGIFT) -> Entry:
    found = await town.read(lambda c: Entries(c, town.clock.now()).get(id))
    assert found is not None
    return found


async def entries(town: Town) -> Mapping[str, Entry]:
    return await town.read(lambda c: Entries(c, town.clock.now()).all())


async def named(town: Town, question: str) -> Entry:
    found = [one for one in (await entries(town)).values() if question in one.question.wordings.values()]
    assert len(found) == 1, found
    return found[0]


async def coordinator(town: Town, name: str) -> Person:
    person = town.person(name)
    await person.open_home()

    def appoint(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(person.actor)), Role.COORDINATOR)

    await town.work.run(appoint)
    return person


async def shown(person: Person, do: str = curating.FAQ, about: str = "") -> str:
    return text((await person.press(do, about)).view)


def labels(view: View | None) -> list[str]:
    assert view is not None
    return [text(Notice(button.label)) for button in buttons(view)]


async def click(person: Person, view: View | None, label: str, **how: object) -> Reply:
    """Press the first button with this label on a card."""
    assert isinstance(view, Card), text(view)
    action = next(one.action for one in buttons(view) if text(Notice(one.label)) == label)
    assert action is not None
    return await person.press(action.do, action.about, **how)


async def preview(person: Person, about: str = AVGIFT, do: str = curating.EDIT, **typed: str) -> Form:
    """Fill in a form up to its preview."""
    view = (await person.press(do, about)).view
    reply = await person.submit(view, typed)
    assert isinstance(reply.view, Form), text(reply.view)
    return reply.view


async def written(person: Person, do: str = curating.ADD, about: str = "", **typed: str) -> Reply:
    return await person.submit(await preview(person, about, do, **(NEW | typed if do == curating.ADD else typed)))
