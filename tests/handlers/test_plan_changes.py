"""Who changed a plan row last, and what becomes of two changes to the same row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.flows import plan_cards, planning
from bot.messages import View
from bot.ports import Surface
from tests.flows.samples import LUND, SINGLE
from tests.handlers.test_planning import member, rows, said, write
from tests.handlers.town import Person, Town, text

BY_ANNA = "by Anna"


async def the_row(town: Town) -> str:
    return str((await rows(town))[0]["id"])


async def plan_in_a_channel(person: Person) -> str:
    channel = replace(person.address, conversation="C1", surface=Surface.CHANNEL)
    return text((await person.press("plan", plan_cards.about(SINGLE.id, LUND.key), came_from=channel)).view)


# --- Who --------------------------------------------------------------------------------------------------------------


async def test_the_plan_says_who_wrote_a_row_or_changed_it_last_and_when(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna)
    assert "Written by Anna, Monday 11 January 2027" in await said(bo)  # nobody has changed it
    town.clock.move(days=1)
    await bo.submit((await bo.press(plan_cards.UPDATE, await the_row(town))).view, {"progress": "testing"})
    shown = await said(anna)
    assert ("Changed by Bo, Tuesday 12 January 2027" in shown, BY_ANNA in shown) == (True, False)


async def test_a_channel_is_not_told_who(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    await write(anna)
    shown = await plan_in_a_channel(anna)
    assert ("Följ upp besluten" in shown, BY_ANNA in shown) == (True, False)


async def test_control_the_same_look_finds_it_in_a_conversation_of_ones_own(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    await write(anna)
    assert BY_ANNA in text((await anna.press("plan", plan_cards.about(SINGLE.id, LUND.key))).view)


async def test_whoever_is_erased_has_changed_nothing_any_more(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna, owner=planning.NOBODY)
    assert BY_ANNA in await said(bo)
    await anna.press("erase_me_now")
    shown = await said(bo)
    assert ("Följ upp besluten" in shown, "Anna" in shown) == (True, False)
    assert [row["changed_by"] for row in await rows(town)] == [None]


# --- Two at the same row ----------------------------------------------------------------------------------------------


async def overtaken(town: Town, anna: Person, bo: Person, **his: str) -> View | None:
    """What the later one sees of two who have opened the same row."""
    await write(anna)
    forms = [(await one.press(plan_cards.UPDATE, await the_row(town))).view for one in (anna, bo)]
    town.clock.move(minutes=1)
    await anna.submit(forms[0], {"progress": "testing", "remark": "Provas i två nämnder"})
    return (await bo.submit(forms[1], {"progress": "done", "remark": "Klart i allt", **his})).view


def choice(which: str, form: View | None) -> dict[str, str]:
    """The option of an overtaken form that begins so."""
    found = form.fields[0].options  # type: ignore[union-attr]
    return {"stands": next(one.value for one in found if one.value.startswith(which))}


async def stored(town: Town) -> tuple[object, object]:
    (row,) = await rows(town)
    return row["progress"], row["remark"]


async def test_the_later_one_is_asked_and_nothing_of_theirs_is_saved_before(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    shown = text(await overtaken(town, anna, bo))
    for part in ("Somebody else changed this row", "Provas i två nämnder", BY_ANNA):
        assert part in shown
    assert await stored(town) == ("testing", "Provas i två nämnder")


async def test_their_own_stands_if_they_say_so_and_what_it_replaced_is_shown(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    asked = await overtaken(town, anna, bo)
    last = text((await bo.submit(asked, choice(planning.MINE, asked))).view)
    assert ("The plan is up to date" in last, "Provas i två nämnder" in last) == (True, True)
    assert await stored(town) == ("done", "Klart i allt")


async def test_the_others_stands_if_they_say_so_and_their_own_words_are_given_back(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    asked = await overtaken(town, anna, bo)
    last = text((await bo.submit(asked, choice(planning.THEIRS, asked))).view)
    assert ("The row stays as it was" in last, "Klart i allt" in last) == (True, True)
    assert await stored(town) == ("testing", "Provas i två nämnder")


async def test_a_third_change_while_one_is_asked_is_asked_about_again(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    asked = await overtaken(town, anna, bo)
    town.clock.move(minutes=1)
    form = (await anna.press(plan_cards.UPDATE, await the_row(town))).view
    await anna.submit(form, {"remark": "I tre nämnder"})
    again = (await bo.submit(asked, choice(planning.MINE, asked))).view
    assert "I tre nämnder" in text(again)
    await bo.submit(again, choice(planning.MINE, again))
    assert await stored(town) == ("done", "Klart i allt")


async def test_removing_what_somebody_has_changed_is_asked_about_too(small_town: Town) -> None:
    anna, bo = await member(small_town, "anna"), await member(small_town, "bo")
    asked = await overtaken(small_town, anna, bo, progress=planning.REMOVE)
    assert len(await rows(small_town)) == 1
    await bo.submit(asked, choice(planning.MINE, asked))
    assert await rows(small_town) == []


async def test_control_without_the_look_at_who_was_first_a_change_is_lost_unseen(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bo = await member(small_town, "anna"), await member(small_town, "bo")
    monkeypatch.setattr(planning, "_stamp", lambda _row: "always the same")
    shown = text(await overtaken(small_town, anna, bo))
    assert "Provas i två nämnder" not in shown
    assert await stored(small_town) == ("done", "Klart i allt")
