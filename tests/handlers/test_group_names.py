"""What groups are called: where nobody chose the name, each reader reads it in their own language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.people import Language
from bot.domain.words import Localised, Words
from bot.flows import buttons
from bot.handlers import group_names, joining
from bot.handlers.visit import Visit
from bot.messages import View
from bot.texts import Translator, Translators, plain
from config import catalogues
from storage.groups import Group
from tests.fixtures.kinds import Kind
from tests.flows.samples import LUND
from tests.handlers.prepared import prepared
from tests.handlers.round_town import MODEL, ask, in_group, known, the_round
from tests.handlers.town import Town

MANAGERS = Localised({"sv": "Chefer", "nb": "Ledere", "nn": "Leiarar", "en": "Managers"})
NORDIC = replace(MODEL, role_groups=(replace(MODEL.role_groups[1], name=MANAGERS),))
BOKMAL = Translators(catalogues.FOLDER)(Language.BOKMAL)
SWEDISH = Translators(catalogues.FOLDER)(Language.SWEDISH)


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, NORDIC) as opened:
        await known(opened, "admin")
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, NORDIC) as opened:
        yield opened


def read(view: View | None, translator: Translator = BOKMAL) -> str:
    assert view is not None
    return plain(view, translator)


async def test_the_group_of_a_role_is_called_as_the_reader_calls_the_role(town: Town) -> None:
    person = await in_group(town, "ingrid", "chefer", "Chefer")
    await ask(town, roles=("chefer",))
    form = (await person.press(buttons.NOTE, (await the_round(town)).id)).view
    assert "Ledere" in read(form)
    assert "Chefer" not in read(form)
    assert "Chefer" in read(form, SWEDISH)


async def test_a_name_that_people_chose_stays_as_it_is(town: Town) -> None:
    person = await in_group(town, "ingrid", "chefer", "Chefer i vården")
    await ask(town, roles=("chefer",))
    form = (await person.press(buttons.NOTE, (await the_round(town)).id)).view
    assert "Chefer i vården" in read(form)


async def test_coordinators_read_it_in_theirs(town: Town) -> None:
    await in_group(town, "ingrid", "chefer", "Chefer")
    await ask(town, roles=("chefer",))
    card = (await town.person("admin").press(buttons.ROUND, (await the_round(town)).id)).view
    assert "Chefer" not in read(card)


@pytest.mark.parametrize(
    ("role", "name", "organisation", "read_as"),
    [
        ("chefer", f"Chefer, {LUND.name}", LUND.key, f"Ledere, {LUND.name}"),
        ("chefer", "Chefer, vård", LUND.key, "Chefer, vård"),
        ("", "Grupp 2", "", "Gruppe 2"),
        ("chefer", "Grupp 2", "", "Grupp 2"),  # somebody made it: of a role none comes with a number
        ("", f"Grupp 12, {LUND.name}", LUND.key, f"Gruppe 12, {LUND.name}"),
        ("borta", "Chefer", "", "Chefer"),
    ],
)
async def test_only_a_name_that_came_by_itself_is_translated(
    small: Town, role: str, name: str, organisation: str, read_as: str
) -> None:
    group = Group("g", NORDIC.id, role, name, small.clock.now(), organisation)
    said = await small.read(lambda c: group_names.called(Visit(c, small.clock.now(), small.surroundings), group))
    assert BOKMAL.say(said) == read_as


async def test_the_group_of_everybody_is_called_so_in_each_language(small: Town) -> None:
    await known(small, "admin")
    await ask(small, roles=("chefer",))
    about = await the_round(small)

    def gathered(connection: Connection) -> Words:
        visit = Visit(connection, small.clock.now(), small.surroundings)
        return group_names.called(visit, joining.gather(visit, about))

    assert BOKMAL.say(await small.work.run(gathered)) == "Alle sammen"
