"""Many posts wait: one press publishes those that were seen and name nobody, and nothing else."""

from __future__ import annotations

import pytest

from bot.domain.board import Standing
from bot.handlers import moderation
from storage.answers import Answers
from tests.handlers.test_matters import appointed
from tests.handlers.test_moderation import NAMING, PLAIN, audit, one, put_up, queue, small, standing, town
from tests.handlers.town import Town, text
from tests.handlers.workshop import group, labels, open_round, person_id, press_on

__all__ = ["small", "town"]


async def test_C5_fifty_posts_take_a_press_for_each_message_and_every_post_its_ruling(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town, moderated=True)
    ids = await put_up(town, *(f"{PLAIN} {n}" for n in range(50)))
    reply, presses = await queue(kim), 0
    while any(label.startswith("Publish all") for label in labels(reply)):
        label = next(label for label in labels(reply) if label.startswith("Publish all"))
        reply, presses = await press_on(kim, reply, label), presses + 1
    assert presses == 9
    assert "Nothing waits" in text(reply.view)
    assert [await audit(town, id) for id in ids] == [[("published", "", await person_id(town, kim))]] * 50


async def test_N3b_what_points_at_a_person_is_never_among_those_published_at_once(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town, moderated=True)
    ids = await put_up(town, PLAIN, NAMING, f"{PLAIN} igen")
    reply = await press_on(kim, await queue(kim), "Publish the 2 posts here that name nobody")
    assert "2 posts were published." in text(reply.view)
    assert [await standing(town, id) for id in ids] == [Standing.SHOWN, Standing.HELD, Standing.SHOWN]


async def test_N3b_a_post_that_names_somebody_who_came_after_it_is_left_alone(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town, moderated=True)
    ids = await put_up(town, PLAIN, "Fråga Zorvald", f"{PLAIN} igen")
    reply = await queue(kim)
    await group(town, "chefer", "Chefer", town.person("zorvald"))
    assert "1 post was left alone" in text((await press_on(kim, reply, "Publish all 3 here")).view)
    assert [await standing(town, id) for id in ids] == [Standing.SHOWN, Standing.HELD, Standing.SHOWN]


async def seen_and_then_changed(town: Town, by: str) -> tuple[str, str, str]:
    """How two posts stand that were published at once, the first changed meanwhile; and what was said."""
    kim = await appointed(town, "kim")
    await open_round(town, moderated=True)
    first, second = await put_up(town, PLAIN, f"{PLAIN} igen")
    reply, found = await queue(kim), await one(town, first)
    await town.work.run(lambda c: Answers(c, town.clock.now()).rewrite(found, by, reason=found.reason))
    said = text((await press_on(kim, reply, "Publish all 2 here")).view)
    return await standing(town, first), await standing(town, second), said


@pytest.mark.parametrize("by", ["Något helt annat", NAMING])
async def test_what_changed_or_came_meanwhile_is_not_published_unseen(small: Town, by: str) -> None:
    first, second, said = await seen_and_then_changed(small, by)
    assert (first, second) == (Standing.HELD, Standing.SHOWN)
    assert "1 post was left alone" in said


async def test_control_a_token_that_does_not_look_publishes_the_change(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "_token", lambda answer: f"{answer.id}:{answer.standing}:same")
    assert (await seen_and_then_changed(small, "Något helt annat"))[0] is Standing.SHOWN


async def test_publishing_many_is_undone_and_they_wait_again_but_for_those_touched_since(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town, moderated=True)
    ids = await put_up(town, PLAIN, f"{PLAIN} igen")
    reply, found = await press_on(kim, await queue(kim), "Publish all 2 here"), await one(town, ids[0])
    await town.work.run(lambda c: Answers(c, town.clock.now()).stand(found, Standing.HIDDEN, "insult"))
    town.clock.move(seconds=1)
    assert "Undone." in text((await press_on(kim, reply, "Undo")).view)
    assert [await standing(town, id) for id in ids] == [Standing.HIDDEN, Standing.HELD]
    assert [verdict for verdict, _reason, _person in await audit(town, ids[1])] == ["published", "undone"]


async def test_one_post_alone_has_no_second_button(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small, moderated=True)
    await put_up(small, PLAIN, NAMING)
    assert not any(label.startswith(("Publish the", "Publish all")) for label in labels(await queue(kim)))
