"""Self-assessment by groups: each agrees on a rating, which its note-taker chooses, and the board shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.board import Standing
from bot.domain.rounds import Box, Round
from bot.domain.rules import NOTHING
from bot.flows import boards as drawn
from bot.flows import own_posts, rating
from bot.handlers import boards, ratings
from bot.messages import Card, Form
from storage.answers import Answers
from tests.fixtures.kinds import Kind
from tests.flows.samples import FREE
from tests.handlers.prepared import prepared
from tests.handlers.rated import AREAS, COMMENT, STATEMENTS
from tests.handlers.town import Person, Town, at_once, second_process, text
from tests.handlers.urn_scenes import visiting
from tests.handlers.workshop import (
    MODEL,
    ROUND,
    answers,
    board,
    close,
    draft,
    group,
    labels,
    open_round,
    pair,
    press_on,
)

FEW = STATEMENTS[:3]


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MODEL, FREE) as opened:
        yield opened


async def rated_round(town: Town, *questions: Any, **changes: Any) -> tuple[Person, Person, str]:
    """Two people of one group, and a round that asks it to rate."""
    ann, bo, its = await pair(town)
    boxes = (Box("", NOTHING, questions or (*FEW, COMMENT)),)
    await open_round(town, "rated", boxes=boxes, areas=AREAS, **changes)
    return ann, bo, its


async def agree(person: Person, values: Mapping[str, str], round: str = "rated", group: str = "", **typed: Any) -> Any:
    form = (await person.press("note", f"{round} {group}".strip())).view
    return await person.submit(form, {**{f"ratings.{id}": value for id, value in values.items()}, **typed})


async def agreed(town: Town, round: str = "rated") -> Mapping[tuple[str, str], Mapping[int, int]]:
    def read(visit: Any) -> Mapping[tuple[str, str], Mapping[int, int]]:
        found = boards.read(visit.connection, visit.now, visit.programmes, round)
        assert found is not None
        return ratings.of_groups(visit, found.round)

    return await visiting(town, read)


async def channel_says(town: Town, round: str = "rated") -> str:
    def read(visit: Any) -> str:
        found = boards.read(visit.connection, visit.now, visit.programmes, round)
        assert found is not None
        return "".join(text(page) for page in drawn.pages(found, "https://example.org"))

    return await visiting(town, read)


async def test_S1_a_group_chooses_what_it_has_agreed_on_and_the_board_shows_it_at_once(town: Town) -> None:
    ann, _bo, its = await rated_round(town)
    reply = await agree(ann, {"q0": "4"}, **{"texts.mer": "Vi vill mer"})
    assert await board(town, "rated") == [("", "q0", "4"), ("", "mer", "Vi vill mer")]
    assert {one.group for one in await answers(town, "rated")} == {its}
    assert "4 of 5" in text(reply.view)
    said = await channel_says(town)
    assert "• 4 of 5" in said
    assert "1 group has rated this" in said
    assert await agreed(town) == {("", "q0"): {4: 1}}


async def test_S1_a_new_rating_takes_the_place_of_the_old_one(town: Town) -> None:
    ann, _bo, _its = await rated_round(town)
    await agree(ann, {"q0": "4", "q1": "2"})
    form = (await ann.press("note", "rated")).view
    assert isinstance(form, Form)
    assert (form.values["ratings.q0"], form.values["ratings.q1"]) == ("4", "2")
    reply = await ann.submit(form, {"ratings.q0": "5"})
    assert "1 rating is saved" in text(reply.view)
    assert sorted(await board(town, "rated")) == [("", "q0", "5"), ("", "q1", "2")]


async def test_each_group_has_a_rating_of_its_own(town: Town) -> None:
    ann, _bo, its = await rated_round(town)
    cleo = town.person("cleo")
    other = await group(town, "chefer", "Chefer", cleo)
    await agree(ann, {"q0": "4"}, group=its)
    await agree(cleo, {"q0": "2", "q1": "2"}, group=other)
    await agree(cleo, {"q0": "4"}, group=other)
    assert await agreed(town) == {("", "q0"): {4: 2}, ("", "q1"): {2: 1}}


async def test_do_not_know_takes_the_groups_rating_away(town: Town) -> None:
    ann, _bo, _its = await rated_round(town)
    await agree(ann, {"q0": "4", "q1": "3"})
    assert "Don’t know" in text((await agree(ann, {"q0": rating.DONT_KNOW})).view)
    assert await agreed(town) == {("", "q1"): {3: 1}}
    assert "All of it is on the board already" in text((await agree(ann, {"q0": rating.DONT_KNOW})).view)


async def test_nothing_chosen_and_nothing_written_is_refused(small: Town) -> None:
    ann, _bo, _its = await rated_round(small, *FEW)
    view = (await agree(ann, {})).view
    assert isinstance(view, Form)
    assert view.errors.keys() == {"ratings.q0"}
    assert "Choose a rating for at least one of the statements." in text(view)


async def test_the_same_form_twice_at_once_leaves_one_rating(town: Town) -> None:
    ann, _bo, _its = await rated_round(town)
    form = (await ann.press("note", "rated")).view
    async with second_process(town) as other:
        there = replace(ann, reception=other)
        await at_once(
            ann.submit(form, {"ratings.q0": "3"}, delivery="d"), there.submit(form, {"ratings.q0": "3"}, delivery="d")
        )
    assert await board(town, "rated") == [("", "q0", "3")]


async def test_many_statements_take_several_forms_and_each_is_saved_when_it_is_sent(town: Town) -> None:
    ann, bo, _its = await rated_round(town, *STATEMENTS)
    reply = await agree(ann, {f"q{n}": "4" for n in range(6)})
    assert "6 ratings are saved" in text(reply.view)
    assert isinstance(reply.view, Card)
    town.clock.move(days=21)  # and then somebody else goes on
    over = await press_on(bo, await bo.press("note", "rated"), "Take over")
    assert "Part 2 of 2." in text(over.view)
    assert await agreed(town) == {("", f"q{n}"): {4: 1} for n in range(6)}
    done = await bo.submit(over.view, {f"ratings.q{n}": "2" for n in range(6, 12)})
    assert len(await agreed(town)) == 12
    again = await press_on(bo, done, "Begin again from part 1")
    assert isinstance(again.view, Form)
    assert again.view.values["ratings.q0"] == "4"


async def test_the_receipt_leads_to_the_next_part(small: Town) -> None:
    ann, _bo, _its = await rated_round(small, *STATEMENTS)
    reply = await agree(ann, {"q0": "4"})
    second = await press_on(ann, reply, "Go on to part 2 of 2")
    assert "Part 2 of 2." in text(second.view)
    assert isinstance((await ann.press("note", f"rated {_its} 99")).view, Form)


async def test_a_draft_keeps_ratings_and_puts_none_of_them_up(town: Town) -> None:
    ann, _bo, its = await rated_round(town)
    await agree(ann, {"q0": "4"}, later=("draft",), **{"texts.mer": "Halvt"})
    assert await board(town, "rated") == []
    assert await draft(town, its, "rated") == {"q0": "4", "mer": "Halvt"}
    form = (await ann.press("note", "rated")).view
    assert isinstance(form, Form)
    assert (form.values["ratings.q0"], form.values["texts.mer"]) == ("4", "Halvt")
    await ann.submit(form)
    assert sorted(await board(town, "rated")) == [("", "mer", "Halvt"), ("", "q0", "4")]
    assert await draft(town, its, "rated") == {}


async def test_a_round_that_closes_meanwhile_keeps_the_rating_as_a_draft(town: Town) -> None:
    ann, _bo, its = await rated_round(town)
    form = (await ann.press("note", "rated")).view
    await close(town, "rated")
    reply = await ann.submit(form, {"ratings.q0": "5"})
    assert "Not put up, but kept" in text(reply.view)
    assert "5 of 5" in text(reply.view)
    assert (await board(town, "rated"), await draft(town, its, "rated")) == ([], {"q0": "5"})


async def test_a_rating_waits_for_nobody_where_a_coordinator_looks_at_posts_first(small: Town) -> None:
    ann, _bo, _its = await rated_round(small, moderated=True)
    await agree(ann, {"q0": "5"}, **{"texts.mer": "Läs mig"})
    found = {one.question: one.standing for one in await answers(small, "rated")}
    assert found == {"q0": Standing.SHOWN, "mer": Standing.HELD}


async def test_a_rating_is_no_post_that_could_be_reworded_moved_or_taken_away(small: Town) -> None:
    ann, _bo, its = await rated_round(small)
    await agree(ann, {"q0": "5"}, **{"texts.mer": "Text"})
    (rating_row,) = [one.id for one in await answers(small, "rated") if one.question == "q0"]
    assert "5" not in text((await ann.press("our_posts", f"rated {its}")).view)
    for do in (own_posts.EDIT, own_posts.MOVE, own_posts.REMOVE, own_posts.CONFIRM_REMOVE):
        assert "That post is no longer there." in text((await ann.press(do, rating_row)).view), do
    (post,) = [one.id for one in await answers(small, "rated") if one.question == "mer"]
    assert "Påstående" not in text((await ann.press(own_posts.MOVE, post)).view), "nor can a post become a rating"
    await ann.press(own_posts.MOVE_TO, f"{post} {its} q1")
    assert sorted(await board(small, "rated")) == [("", "mer", "Text"), ("", "q0", "5")]


async def test_what_a_coordinator_has_hidden_or_changed_into_words_does_not_count(small: Town) -> None:
    ann, _bo, _its = await rated_round(small)
    await agree(ann, {"q0": "5", "q1": "4"})
    first, second = await answers(small, "rated")

    def spoil(visit: Any) -> None:
        store = Answers(visit.connection, visit.now)
        store.stand(first, Standing.HIDDEN, "other")
        store.rewrite(second, "fyra")

    assert len(await agreed(small)) == 2
    await visiting(small, spoil)
    assert await agreed(small) == {}


async def test_what_stands_elsewhere_is_not_overwritten_by_a_form_that_only_shows_it(town: Town) -> None:
    """Somebody of the group has chosen anew by the group's link, while the form lay open with the old rating."""
    ann, _bo, its = await rated_round(town)
    await agree(ann, {"q0": "3"})
    form = (await ann.press("note", "rated")).view
    (before,) = await answers(town, "rated")
    await visiting(town, lambda visit: Answers(visit.connection, visit.now).rewrite(before, "4"))
    await ann.submit(form, {"texts.mer": "Text"})
    assert sorted(await board(town, "rated")) == [("", "mer", "Text"), ("", "q0", "4")]
    assert {one.group for one in await answers(town, "rated")} == {its}


async def test_a_round_without_scales_has_none(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    found: Round = await open_round(small, "written")
    assert await visiting(small, lambda visit: ratings.of_groups(visit, found)) == {}
    form = (await ann.press("note", ROUND)).view
    assert isinstance(form, Form)
    assert "Choose the ratings" not in text(form)
    assert set(labels(await ann.submit(form, {"texts.bidra": "Tid"}))) >= {"Take more notes", "Change or move"}
