"""A group's posts once they stand on the board: moved, changed, taken away, and by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.flows import own_posts
from bot.messages import Card, Form
from storage.rounds import Rounds
from tests.fixtures.kinds import Kind
from tests.flows.samples import FREE
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, text
from tests.handlers.workshop import (
    MODEL,
    ROUND,
    answers,
    close,
    group,
    labels,
    pair,
    press_on,
    texts,
    write,
)


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with prepared(sqlite, MODEL, FREE) as opened:
        yield opened


async def posted(town: Town, *lines: str) -> tuple[Person, Person, str]:
    ann, bo, its = await pair(town)
    await write(ann, {"bidra": "\n".join(lines or ("Kunskap",))})
    return ann, bo, its


async def only_post(town: Town) -> str:
    (one,) = await answers(town)
    return one.id


async def test_N1c_a_post_is_moved_within_ten_minutes_with_a_trace_and_no_author(town: Town) -> None:
    ann, _bo, _its = await posted(town)
    other = await group(town, "chefer", "Chefer", ann)
    town.clock.move(minutes=10)
    asked = await ann.press(own_posts.MOVE, await only_post(town))
    assert isinstance(asked.view, Card)
    assert len(asked.view.items) == 5, "three questions in two boxes, but for where it stands"
    place = next(i for i, item in enumerate(asked.view.items) if text(Card("", (item.lines[0],))).strip() == "Chefer")
    reply = await press_on(ann, asked, "Move here", place)
    assert "moved, but not by whom" in text(reply.view)
    (moved,) = await answers(town)
    assert (moved.box, moved.group, moved.moved) == ("chefer", other, True)


async def test_N1c_after_ten_minutes_it_stays_where_it_is(town: Town) -> None:
    ann, _bo, its = await posted(town)
    town.clock.move(minutes=10, seconds=1)
    for do, about in ((own_posts.MOVE, ""), (own_posts.MOVE_TO, f" {its} stod")):
        reply = await ann.press(do, f"{await only_post(town)}{about}")
        assert "can be moved for ten minutes" in text(reply.view)
    assert not (await answers(town))[0].moved


async def test_a_post_is_not_moved_into_a_box_of_others(town: Town) -> None:
    ann, _bo, _its = await posted(town)
    foreign = await group(town, "chefer", "Chefer")
    reply = await ann.press(own_posts.MOVE_TO, f"{await only_post(town)} {foreign} bidra")
    assert "no longer there for your group" in text(reply.view)
    assert not (await answers(town))[0].moved


async def test_a_post_is_changed_by_anyone_in_the_group_until_the_round_closes(town: Town) -> None:
    _ann, bo, _its = await posted(town)
    id = await only_post(town)
    form = (await bo.press(own_posts.EDIT, id)).view
    assert isinstance(form, Form)
    assert form.values["text"] == "Kunskap"
    await bo.submit(form, {"text": "Kunskap\noch tid"})
    assert await texts(town) == ["Kunskap och tid"]
    late = (await bo.press(own_posts.EDIT, id)).view
    await close(town)
    reply = await bo.submit(late, {"text": "Något helt annat"})
    assert "The round is closed" in text(reply.view)
    assert "Något helt annat" in text(reply.view)
    assert await texts(town) == ["Kunskap och tid"]


def begin_vote(connection: Connection, now: datetime) -> None:
    found = Rounds(connection, now).locked(ROUND)
    assert found is not None
    Rounds(connection, now).begin_vote(found)


async def test_what_people_vote_for_stays_as_they_read_it(town: Town) -> None:
    """Else a vote for one thing would count for another."""
    ann, _bo, its = await pair(town, votes=3, voted_later=True)
    await write(ann, {"bidra": "Kunskap"})
    id = await only_post(town)
    form = (await ann.press(own_posts.EDIT, id)).view  # the positive control: before the vote it can be changed
    assert isinstance(form, Form)
    await town.work.run(partial(begin_vote, now=town.clock.now()))
    reply = await ann.submit(form, {"text": "Något helt annat"})
    assert "People are voting" in text(reply.view)
    for do in (own_posts.EDIT, own_posts.MOVE, own_posts.REMOVE, own_posts.CONFIRM_REMOVE):
        assert "People are voting" in text((await ann.press(do, id)).view)
    listed = await ann.press("our_posts", f"{ROUND} {its}")
    assert "Change" not in labels(listed)
    assert "People are voting" in text(listed.view)
    assert await texts(town) == ["Kunskap"]


async def test_a_post_that_comes_to_name_somebody_waits(small: Town) -> None:
    ann, _bo, _its = await posted(small)
    form = (await ann.press(own_posts.EDIT, await only_post(small))).view
    asked = await ann.submit(form, {"text": "Ring 070-123 45 67"})
    assert "Could this point to somebody?" in text(asked.view)
    reply = await ann.submit(asked.view)
    assert "a coordinator looks at it first" in text(reply.view)
    assert await texts(small) == []


async def test_a_post_is_taken_away_after_a_question(town: Town) -> None:
    ann, _bo, _its = await posted(town)
    asked = await ann.press(own_posts.REMOVE, await only_post(town))
    assert "Kunskap" in text(asked.view)
    await press_on(ann, asked, "Take it away")
    assert await texts(town) == []
    again = await press_on(ann, asked, "Take it away")
    assert "no longer there" in text(again.view)


async def test_others_posts_are_not_theirs_to_touch(town: Town) -> None:
    await posted(town)
    eve = town.person("eve")
    await group(town, "strateger", "Strateger B", eve)
    id = await only_post(town)
    for do in (own_posts.EDIT, own_posts.MOVE, own_posts.REMOVE, own_posts.CONFIRM_REMOVE):
        assert "You do not belong to Strateger A" in text((await eve.press(do, id)).view)
    assert await texts(town) == ["Kunskap"]


async def test_a_group_sees_its_posts_page_by_page_the_newest_first(small: Town) -> None:
    ann, _bo, its = await posted(small, *(f"Rad {n:02}" for n in range(23)))
    shown = await ann.press("our_posts", f"{ROUND} {its}")
    seen = []
    for _page in range(3):
        assert isinstance(shown.view, Card)
        seen += [item.title for item in shown.view.items]
        more = "Earlier posts" in labels(shown)
        shown = await press_on(ann, shown, "Earlier posts") if more else shown
    assert seen == [f"Rad {n:02}" for n in reversed(range(23))]
