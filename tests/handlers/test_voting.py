from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.rounds import Mode, Round, State, boxes
from bot.handlers import boards
from bot.messages import Card
from storage.answers import Answers, NewAnswer
from storage.rounds import Rounds
from storage.tables import votes
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS
from tests.flows.samples import NOW, SINGLE
from tests.handlers.town import Person, Town, at_once, second_process, text

ROUND = Round(
    "r1",
    SINGLE.id,
    KICK_OFF.title,
    boxes(KICK_OFF, [group.words for group in ROLE_GROUPS]),
    Mode.NOTES,
    NOW,
    threshold=3,
    votes=2,
    state=State.OPEN,
)


async def open_a_vote(town: Town, posts: int) -> tuple[str, ...]:
    """The ids of so many posts on a board with a vote."""

    def store(connection: Connection) -> tuple[str, ...]:
        Rounds(connection, NOW).add(ROUND)
        new = [NewAnswer(box, question, said) for box, question, said in POSTS[:posts]]
        return Answers(connection, NOW).add("r1", new)

    return await town.read(store)


@pytest.fixture
async def posts(town: Town) -> tuple[str, ...]:
    return await open_a_vote(town, 9)


async def voters(town: Town, n: int) -> list[Person]:
    found = [town.person(f"voter{i}") for i in range(n)]
    for one in found:
        await one.register()
    return found


async def shown(town: Town) -> list[int | None]:
    """How many votes the board shows for each post."""
    board = await town.read(lambda c: boards.read(c, town.clock.now(), {SINGLE.id: SINGLE}, "r1"))
    assert board is not None
    return [post.votes for part in board.parts for heading in part.headings for post in heading.posts]


async def test_a_ballot_is_leafed_through_from_the_first_post_to_the_last(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    card, seen = (await anna.press("vote", "r1")).view, []
    while isinstance(card, Card):
        seen += [item.title for item in card.items]
        more = [b.action for b in card.buttons if text(Card(b.label)) == "More posts"]
        card = (await anna.press(more[0].do, more[0].about)).view if more and more[0] else None
    assert seen == [said for _box, _question, said in POSTS[:9]]


async def test_each_post_of_a_ballot_says_what_it_answers(town: Town) -> None:
    await open_a_vote(town, 40)
    (anna,) = await voters(town, 1)
    page = (await anna.press("vote", "r1")).view
    seen: set[int] = set()
    while isinstance(page, Card):
        seen |= {len(item.lines) for item in page.items}
        assert all(("?" in text(Card(item.lines[0]))) for item in page.items if item.lines)
        more = [b.action for b in page.buttons if b.action and text(Card(b.label)) == "More posts"]
        page = (await anna.press(more[0].do, more[0].about)).view if more else None
    assert seen == {0, 1}  # once above the posts of one question, and with each where they answer several


async def test_nobody_gives_more_votes_than_they_have(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    answers = [text((await anna.press("cast", f"r1 {post}")).view) for post in posts[:3]]
    assert ["All your votes are given" in said for said in answers] == [False, True, True]
    assert await town.count(votes) == 2
    assert "1 vote left" in text((await anna.press("take_back_vote", f"r1 {posts[0]}")).view)


async def test_two_presses_at_once_do_not_give_a_vote_too_many(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    async with second_process(town) as elsewhere:
        there = replace(anna, reception=elsewhere)
        await at_once(*(who.press("cast", f"r1 {p}") for p in posts[:4] for who in (anna, there)))
    assert await town.count(votes) == 2


async def test_numbers_are_shown_when_enough_people_have_voted_and_not_before(
    town: Town, posts: tuple[str, ...]
) -> None:
    people = await voters(town, 3)
    for one in people[:2]:
        await one.press("cast", f"r1 {posts[0]}")
    assert set(await shown(town)) == {None}
    await people[2].press("cast", f"r1 {posts[1]}")
    assert (await shown(town))[:3] == [2, 1, 0]


async def test_only_those_who_take_part_vote(town: Town, posts: tuple[str, ...]) -> None:
    reply = await town.person("stranger").press("cast", f"r1 {posts[0]}")
    assert "take part" in text(reply.view)
    assert await town.count(votes) == 0


async def test_a_voter_is_a_marker_whose_key_goes_when_the_round_closes(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    await anna.press("cast", f"r1 {posts[0]}")
    keys = town.surroundings.vote_keys
    await town.tick.tidy()
    assert keys.urns() == {"r1"}
    await town.read(lambda c: Rounds(c, NOW).enter("r1", State.CLOSED, from_states=(State.OPEN,)))
    await town.tick.tidy()
    assert keys.urns() == frozenset()
    assert "no vote here any more" in text((await anna.press("cast", f"r1 {posts[1]}")).view)


async def test_a_post_that_is_gone_or_of_another_board_gets_no_vote(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    reply = await anna.press("cast", "r1 nowhere")
    assert "no longer on the board" in text(reply.view)
    assert await town.count(votes) == 0
