"""An answer that is in doubt is handed over to a colleague, who changes it, finds it right, or lets it come back."""

from __future__ import annotations

from bot.flows import handing, misses
from storage.faq import Entries
from storage.inquiries import Misses
from storage.tables import matters as matter_rows
from tests.handlers import questions as towns
from tests.handlers.questions import Questions
from tests.handlers.test_handing import BACK, WAITING, at, hand, put, write
from tests.handlers.town import at_once, second_process, text

here, small = towns.on_both, towns.on_sqlite


async def in_doubt(here: Questions) -> tuple[str, str]:
    """An answer that did not help three people: the entry and the miss."""
    entry = await here.entry("Var är det?", "I Lund.")
    for who, reason in (("ann", "Vilken sal?"), ("bo", ""), ("cia", "")):
        await here.not_helped(entry, "Var är salen?", who=who, reason=reason)
    (miss,) = await here.town.read(lambda c: Misses(c, here.town.clock.now()).open_ones())
    return entry, miss.id


async def entry_now(here: Questions, id: str) -> tuple[int, str]:
    found = await here.town.read(lambda c: Entries(c, here.town.clock.now()).get(id))
    assert found is not None
    return found.version, found.answer.wordings["sv"]


async def test_an_answer_in_doubt_is_handed_over_and_changed_by_who_has_it(here: Questions) -> None:
    (entry, miss), kim = await in_doubt(here), await here.coordinator("kim")
    assert misses.HAND_OVER in repr((await here.admin.press(misses.QUEUE)).view)
    await hand(here, miss, kim)
    (seen,) = await put(here, kim)
    for part in ("Is this answer right? Var är det?", "I Lund.", "It did not help 3 people.", "Vilken sal?"):
        assert part in seen
    assert "on its way" in text(await write(kim, miss, **{"answers.sv": "I Lund, stora salen."}))
    assert await entry_now(here, entry) == (2, "I Lund, stora salen.")
    (told,) = [one for one in await here.town.person("bo").received() if "stora salen" in one]
    assert "Kim" in told


async def test_who_has_an_answer_in_doubt_may_find_it_right(here: Questions) -> None:
    (entry, miss), kim = await in_doubt(here), await here.coordinator("kim")
    await hand(here, miss, kim)
    assert "The answer stays as it is" in text((await kim.press(handing.RIGHT, miss)).view)
    assert await entry_now(here, entry) == (2, "I Lund.")
    assert "no longer with you" in text((await kim.press(handing.RIGHT, miss)).view)
    assert (await entry_now(here, entry))[0] == 2


async def test_an_answer_in_doubt_that_nobody_looks_at_comes_back(here: Questions) -> None:
    (_entry, miss), kim = await in_doubt(here), await here.coordinator("kim")
    await hand(here, miss, kim)
    assert await here.town.count(matter_rows, *WAITING) == 0
    await at(here, days=9)
    assert ((await here.miss(miss)).owner, await here.town.count(matter_rows, *BACK)) == ("", 1)
    assert "Is this answer right?" in text((await here.admin.press(misses.QUEUE)).view)


async def test_of_who_has_it_and_a_coordinator_at_once_one_finds_it_right(here: Questions) -> None:
    (entry, miss), kim = await in_doubt(here), await here.coordinator("kim")
    await hand(here, miss, kim)
    async with second_process(here.town) as other:
        kim.reception = other
        await at_once(here.admin.press(misses.RIGHT, f"{miss} :0"), kim.press(handing.RIGHT, miss))
    assert (await entry_now(here, entry))[0] == 2


async def test_a_question_is_no_answer_that_could_be_right(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    assert "no longer with you" in text((await kim.press(handing.RIGHT, miss)).view)
    assert (await small.miss(miss)).owner == await small.id(kim)
