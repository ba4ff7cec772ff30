"""Two coordinators at the same post: the first one decides, the other is told, and nothing is published unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.domain.board import Standing
from bot.handlers import matters, moderation
from storage.answers import Answers
from tests.handlers.test_matters import appointed
from tests.handlers.test_moderation import NAMING, audit, hide, one, put_up, queue, small, standing, town, visit
from tests.handlers.town import Town, at_once, second_process, text
from tests.handlers.workshop import MODEL, open_round, press_on

__all__ = ["small", "town"]


async def test_of_two_coordinators_the_first_decides_and_the_other_is_told_by_whom(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    seen_by_lo = await queue(lo)
    await press_on(kim, await queue(kim), "Publish")
    assert "Kim has already decided about that post." in text((await hide(lo, seen_by_lo)).view)
    assert await standing(town, id) is Standing.SHOWN
    assert len(await audit(town, id)) == 1


async def test_two_coordinators_in_two_processes_at_the_same_moment_make_one_ruling(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    mine, theirs = await queue(kim), await queue(lo)
    async with second_process(town) as reception:
        lo.reception = reception
        said = await at_once(press_on(kim, mine, "Publish"), press_on(lo, theirs, "Publish masked"))
    assert sum("has already decided" in text(reply.view) for reply in said) == 1
    assert len(await audit(town, id)) == 1


async def test_the_same_press_delivered_twice_is_one_ruling(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    reply = await queue(kim)
    await press_on(kim, reply, "Publish", delivery="the-same")
    await press_on(kim, reply, "Publish", delivery="the-same")
    assert len(await audit(town, id)) == 1


async def rewrite(town: Town, id: str, written: str) -> None:
    found = await one(town, id)
    await town.work.run(lambda c: Answers(c, town.clock.now()).rewrite(found, written, reason=found.reason))


async def test_what_was_written_anew_meanwhile_is_not_published_unseen(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    reply = await queue(kim)
    await rewrite(small, id, "Fråga Bertil, 850709-9805")
    said = text((await press_on(kim, reply, "Publish")).view)
    assert "changed meanwhile" in said
    assert "Fråga Bertil" in said
    assert await standing(small, id) is Standing.HELD


async def test_control_a_token_that_does_not_look_at_the_text_publishes_it_unseen(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "_mark", lambda _reason, _text: "same")
    kim = await appointed(small, "kim")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    reply = await queue(kim)
    await rewrite(small, id, "Fråga Bertil, 850709-9805")
    await press_on(kim, reply, "Publish")
    assert await standing(small, id) is Standing.SHOWN


async def test_a_post_that_was_taken_away_by_its_authors_is_said_to_be_gone(small: Town) -> None:
    kim = await appointed(small, "kim")
    asked = await open_round(small)
    (id,) = await put_up(small, NAMING)
    reply, found = await queue(kim), await one(small, id)

    def remove(connection: Connection) -> None:
        Answers(connection, small.clock.now()).remove(found)
        moderation.ask_for_a_look(visit(small, connection), asked)

    await small.work.run(remove)
    assert "no longer there" in text((await press_on(kim, reply, "Publish")).view)
    assert "no longer there" in text((await press_on(kim, reply, "Hide")).view)
    assert await small.read(lambda c: matters.open_matters(visit(small, c), {MODEL.id})) == ()
