"""A change told to many, piece by piece: others get in between, everybody hears once, whatever dies or changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.changes import SETTLES
from bot.handlers import changes
from bot.handlers.visit import Visit
from storage.announcing import Announcing
from storage.tables import changes as table
from storage.unit_of_work import unit_of_work
from tests.flows.samples import SINGLE
from tests.handlers.changed import pass_ten_minutes, told
from tests.handlers.town import Town, at_once, text
from tests.storage.test_programmes import moved

NAMES = ["a1", "b2", "c3", "d4", "e5"]
EACH_ONCE = {name: ["NEW DATE: Träff b"] for name in NAMES}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_AT_ONCE", 2)


async def a_change_that_is_due(town: Town) -> None:
    for name in NAMES:
        await town.person(name).register(occasions=("b",))
    await town.load(moved(SINGLE, "b"))
    town.clock.move(minutes=10)


async def one_piece(town: Town, work: Any = None) -> bool:
    def settle(connection: Connection) -> bool:
        return changes.settle(Visit(connection, town.clock.now(), town.surroundings))

    return bool(await (work or town.work).run(settle))


async def pieces(town: Town, work: Any = None) -> int:
    count = 1
    while await one_piece(town, work):
        count += 1
    return count


async def test_everybody_is_told_once_and_every_receipt_corrected(town: Town) -> None:
    await a_change_that_is_due(town)
    assert await pieces(town) > 4
    assert await told(town, *NAMES) == EACH_ONCE
    corrected = [text(view).splitlines()[1] for _reference, view in town.posts["sandbox"].updated]
    assert corrected.count("NEW DATE: Träff b") == len(NAMES)
    assert await town.count(table) == 0


async def test_others_get_in_between_two_pieces(town: Town) -> None:
    await a_change_that_is_due(town)
    assert await one_piece(town)
    assert "Your reminders" in text((await town.person("e5").say("my reminders")).view)
    assert sum(bool(found) for found in (await told(town, *NAMES)).values()) == 2


async def test_A3_dead_between_two_pieces_the_next_worker_goes_on_where_it_stood(town: Town) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    other = unit_of_work(town.url)
    await pieces(town, other)
    await other.close()
    assert await told(town, *NAMES) == EACH_ONCE


async def test_A3_dead_in_the_middle_of_a_piece_nothing_of_it_has_happened(town: Town, monkeypatch: Any) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    with monkeypatch.context() as patch:
        patch.setattr(Announcing, "keep", raising(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            await one_piece(town)
    await pieces(town)
    assert await told(town, *NAMES) == EACH_ONCE


def raising(error: type[BaseException]) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


async def test_who_forgets_how_far_it_came_never_gets_to_the_end(town: Town, monkeypatch: Any) -> None:
    """The positive control: the same check catches a worker that does not note where it stood."""
    await a_change_that_is_due(town)
    monkeypatch.setattr(Announcing, "keep", lambda *_: None)
    for _ in range(9):
        assert await one_piece(town)
    assert await told(town, *NAMES) != EACH_ONCE


async def test_two_workers_take_turns_and_tell_everybody_once(town: Town) -> None:
    await a_change_that_is_due(town)
    others = [unit_of_work(town.url) for _ in range(2)]
    await at_once(*(pieces(town, work) for work in others))
    for work in others:
        await work.close()
    await pieces(town)
    assert await told(town, *NAMES) == EACH_ONCE


async def test_C4c_changed_again_while_it_is_told_everybody_hears_of_both(town: Town) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    await town.load(moved(SINGLE, "b", timedelta(days=2)))
    await pieces(town)
    assert await told(town, *NAMES) == EACH_ONCE
    await pass_ten_minutes(town)
    assert await told(town, *NAMES) == {name: ["NEW DATE: Träff b"] * 2 for name in NAMES}
    assert "Was Thursday 25 March 2027" in (await town.person("e5").received())[-1]


async def test_C4c_taken_back_while_it_is_told_everybody_hears_of_both(town: Town) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    await town.load(SINGLE)
    await pieces(town)
    await pass_ten_minutes(town)
    assert await told(town, *NAMES) == {name: ["NEW DATE: Träff b"] * 2 for name in NAMES}


async def test_C4_what_is_being_told_cannot_be_undone(town: Town) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    refused = await town.person("admin").press("undo_change", f"{SINGLE.id} b 1")
    assert "People have been told already" in text(refused.view)


async def test_a_piece_that_fails_rests_and_is_tried_again(town: Town, monkeypatch: Any) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    with monkeypatch.context() as patch:
        patch.setattr(Announcing, "keep", raising(ZeroDivisionError))
        assert not await one_piece(town)
    assert not await one_piece(town)
    town.clock.move(seconds=SETTLES.total_seconds())
    await pieces(town)
    assert await told(town, *NAMES) == EACH_ONCE


async def test_unpublished_meanwhile_nothing_more_is_said(town: Town) -> None:
    await a_change_that_is_due(town)
    await one_piece(town)
    await town.load(replace(moved(SINGLE, "b"), draft=True))
    await pieces(town)
    assert sum(bool(found) for found in (await told(town, *NAMES)).values()) == 2
    assert await town.count(table) == 0
