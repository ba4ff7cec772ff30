"""A file of questions with answers is stored once, whatever is done at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.faq import COMMON, Entry, Standing
from bot.domain.faq_import import Comparison, Given
from bot.domain.words import Localised
from bot.handlers import faq_import
from storage.faq import Entries
from storage.tables import faq_entries, faq_history
from storage.unit_of_work import unit_of_work
from tests.flows.samples import NOW, SINGLE
from tests.handlers.town import Town, at_once


def entry(id: str = "pris", question: str = "Vad kostar det?", answer: str = "Inget.") -> Entry:
    return Entry(f"{SINGLE.id}.{id}", SINGLE.id, Localised({"sv": question}), Localised({"sv": answer}))


def given(*entries: Entry) -> Sequence[Given]:
    return [Given(one) for one in entries]


async def load(town: Town, *entries: Entry) -> Comparison:
    return await town.work.run(lambda connection: faq_import.load(connection, given(*entries), NOW))


async def stored(town: Town) -> dict[str, Entry]:
    return dict(await town.read(lambda connection: Entries(connection, NOW).all()))


async def test_loading_stores_what_is_new_and_what_is_changed(town: Town) -> None:
    await load(town, entry(), entry("hur", "Hur går det till?"))
    found = await load(town, entry(answer="100 kronor."), entry("var", "Var är det?"))
    assert ([one.id for one in found.added], [one.after.id for one in found.changed]) == (
        ["dialog.var"],
        ["dialog.pris"],
    )
    now = await stored(town)
    assert now["dialog.pris"].answer.wordings == {"sv": "100 kronor."}
    assert (now["dialog.pris"].version, set(now)) == (2, {"dialog.pris", "dialog.hur", "dialog.var"})


async def test_loading_the_same_twice_changes_nothing(town: Town) -> None:
    await load(town, entry())
    before = await town.contents(faq_entries, faq_history)
    found = await load(town, entry())
    assert (len(found.same), found.added, found.changed) == (1, (), ())
    assert await town.contents(faq_entries, faq_history) == before


async def test_a_preview_stores_nothing(town: Town) -> None:
    found = await town.read(lambda connection: faq_import.preview(connection, given(entry()), NOW))
    assert len(found.added) == 1
    assert await stored(town) == {}


async def test_what_a_person_retired_stays_so(town: Town) -> None:
    await load(town, entry())
    await town.work.run(lambda connection: Entries(connection, NOW).retire("dialog.pris"))
    found = await load(town, entry(answer="Nytt."))
    assert [one.id for one in found.retired] == ["dialog.pris"]
    assert (await stored(town))["dialog.pris"].standing is Standing.RETIRED


async def test_a_programme_that_is_not_there_is_named_and_nothing_is_stored(town: Town) -> None:
    with pytest.raises(faq_import.UnknownProgrammeError, match=r"digalog \(there are: .*dialog"):
        await load(town, entry(), replace(entry(), id="digalog.x", programme="digalog"))
    assert await stored(town) == {}


async def test_two_who_load_the_same_file_at_the_same_moment_store_it_once(town: Town) -> None:
    await load(town, entry())
    brought = given(entry(answer="Nytt."), *(entry(f"n{n}", f"Fråga nummer {n}?") for n in range(20)))

    def work(connection: Connection) -> Comparison:
        return faq_import.load(connection, brought, NOW)

    others = [unit_of_work(town.url) for _ in range(2)]
    found = await at_once(*(faq_import.in_turn(unit, work) for unit in others))
    for unit in others:
        await unit.close()
    assert sorted((len(one.added), len(one.changed)) for one in found) == [(0, 0), (20, 1)]
    assert await town.count(faq_history) == 22


async def test_what_is_in_use_is_of_one_programme_or_of_all(town: Town) -> None:
    common = Entry("common.a", COMMON, Localised({"sv": "A?"}), Localised({"sv": "a"}))
    await load(town, entry(), entry("borta"), common)
    await town.work.run(lambda connection: Entries(connection, NOW).retire("dialog.borta"))

    async def in_use(programme: str | None) -> list[str]:
        return [one.id for one in await town.read(lambda connection: faq_import.in_use(connection, programme, NOW))]

    assert await in_use(None) == ["common.a", "dialog.pris"]
    assert (await in_use(COMMON), await in_use(SINGLE.id)) == (["common.a"], ["dialog.pris"])
    with pytest.raises(faq_import.UnknownProgrammeError):
        await in_use("digalog")
