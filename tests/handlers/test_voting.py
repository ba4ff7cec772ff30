from __future__ import annotations

from dataclasses import replace
from unittest.mock import AsyncMock

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Language, Profile
from bot.domain.people import Person as Known
from bot.domain.rounds import Mode, Round, State, boxes
from bot.flows import voting
from bot.handlers import boards
from bot.handlers.events import Inbound, Pressed
from bot.handlers.visit import Visit
from bot.handlers.voting import so_far
from bot.messages import Action, Card, Notice
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.guests import Guests
from storage.rounds import Rounds
from storage.tables import deliveries, outbox, people, votes
from storage.votes import Votes
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


# --- A ballot is shown and written nowhere ----------------------------------------------------------------------------


@pytest.mark.parametrize("answers_inline", [True, False])
async def test_a_ballot_is_shown_to_its_reader_and_stored_nowhere(
    town: Town, posts: tuple[str, ...], answers_inline: bool
) -> None:
    (anna,) = await voters(town, 1)
    await anna.open_home()
    before = await town.contents(deliveries, outbox)
    for do, about in (("vote", "r1"), ("cast", f"r1 {posts[0]}"), ("vote", "r1"), ("take_back_vote", f"r1 {posts[0]}")):
        reply = await anna.press(do, about, answers_inline=answers_inline)
        assert "Who has voted for what is never shown" in text(reply.view)
    assert await town.contents(deliveries, outbox) == before


async def test_the_same_vote_again_is_one_vote_and_shows_the_ballot_of_now(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    first = await anna.press("cast", f"r1 {posts[0]}", delivery="D1")
    await anna.press("cast", f"r1 {posts[1]}", delivery="D2")
    again = await anna.press("cast", f"r1 {posts[0]}", delivery="D1")
    assert ["1 vote left" in text(first.view), "All your votes are given" in text(again.view)] == [True, True]
    assert await town.count(votes) == 2


@pytest.mark.parametrize("known", [Profile("Vera Voter", "vera@example.org", Language.ENGLISH), None])
async def test_whoever_votes_before_anything_else_is_introduced_once(
    town: Town, posts: tuple[str, ...], known: Profile | None
) -> None:
    asked = AsyncMock(return_value=known)
    vera = town.person("vera")
    event = Pressed(Action("cast", f"r1 {posts[0]}"))
    await town.reception.receive(Inbound("D1", vera.actor, event, vera.address), asked)
    assert asked.await_count == 1
    assert (await town.read(lambda c: c.execute(select(people.c.name)).scalars().all())) == [
        known.name if known else ""
    ]


async def close(town: Town) -> None:
    await town.read(lambda c: Rounds(c, NOW).enter("r1", State.CLOSED, from_states=(State.OPEN,)))


async def test_numbers_are_shown_when_enough_people_have_voted_and_the_vote_is_over(
    town: Town, posts: tuple[str, ...]
) -> None:
    people = await voters(town, 3)
    for one in people[:2]:
        await one.press("cast", f"r1 {posts[0]}")
    await people[2].press("cast", f"r1 {posts[1]}")
    assert set(await shown(town)) == {None}
    await close(town)
    assert (await shown(town))[:3] == [2, 1, 0]


async def test_numbers_of_two_voters_are_never_shown(town: Town, posts: tuple[str, ...]) -> None:
    for one in await voters(town, 2):
        await one.press("cast", f"r1 {posts[0]}")
    await close(town)
    assert set(await shown(town)) == {None}


# --- Somebody watches, and knows who votes when -----------------------------------------------------------------------


async def watch(
    town: Town, posts: tuple[str, ...], whoever: Person
) -> list[tuple[tuple[int | None, ...], int, str, str]]:
    """All that anybody may look at, after each of four votes for one post and a last one for another."""
    people, seen = await voters(town, 5), []
    for number, one in enumerate(people):
        await one.press("cast", f"r1 {posts[0] if number < 4 else posts[1]}")
        about = await town.read(lambda c: Rounds(c, NOW).versions(["r1"])["r1"])
        proposed = text((await whoever.press("proposals", "r1")).view)
        ballot = text((await whoever.press("vote", "r1")).view)
        seen.append((tuple(await shown(town)), about, proposed, ballot))
    return seen


async def test_whoever_watches_a_vote_learns_nothing_of_what_one_person_votes_for(
    town: Town, posts: tuple[str, ...]
) -> None:
    whoever = town.person("watcher")
    await whoever.register()
    assert len(set(await watch(town, posts, whoever))) == 1


async def test_control_where_numbers_rise_one_by_one_the_last_vote_is_read_off(
    town: Town, posts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    whoever, shown_before = town.person("watcher"), Votes.shown
    await whoever.register()
    monkeypatch.setattr(Votes, "shown", lambda votes, one: shown_before(votes, replace(one, state=State.CLOSED)))
    *_earlier, before, after = await watch(town, posts, whoever)
    risen = [n for n, (was, now) in enumerate(zip(before[0], after[0], strict=True)) if was != now]
    assert risen == [1]


async def test_an_erased_person_s_votes_go_while_people_vote_and_move_no_sum_that_is_known(
    town: Town, posts: tuple[str, ...]
) -> None:
    people = await voters(town, 5)
    for one in people:
        await one.press("cast", f"r1 {posts[0]}")
    await people[0].press("erase_me_now")
    assert await town.count(votes) == 4
    await close(town)
    await people[1].press("erase_me_now")
    assert (await shown(town))[0] == 4


async def test_a_vote_that_comes_when_it_is_over_is_not_counted(town: Town, posts: tuple[str, ...]) -> None:
    people = await voters(town, 4)
    for one in people[:3]:
        await one.press("cast", f"r1 {posts[0]}")
    await close(town)
    await people[3].press("cast", f"r1 {posts[1]}")
    await people[0].press("take_back_vote", f"r1 {posts[0]}")
    assert (await shown(town))[:2] == [3, 0]


@pytest.mark.parametrize(
    ("voted", "said"),
    [(0, "Nobody"), (2, "Fewer than 3"), (3, "3 or more of 9"), (5, "At least half of 9"), (8, "At least half of 9"),
     (9, "Everybody")],
)  # fmt: skip
def test_whoever_leads_hears_in_steps_how_many_have_voted(voted: int, said: str) -> None:
    assert said in text(Notice(voting.so_far(voted, 9, ROUND)))


async def test_how_many_have_voted_is_said_while_people_vote(town: Town, posts: tuple[str, ...]) -> None:
    async def said(about: Round) -> str:
        return await town.read(lambda c: text(Notice(so_far(Visit(c, NOW, town.surroundings), about))))

    (anna,) = await voters(town, 1)
    assert await said(ROUND) == "Nobody has voted yet"
    await anna.press("cast", f"r1 {posts[0]}")
    assert await said(ROUND) == "Everybody has voted"
    assert await said(replace(ROUND, state=State.CLOSED)) == await said(replace(ROUND, votes=0)) == ""


async def test_a_guest_has_no_vote_and_is_not_waited_for(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)

    def join(connection: Connection) -> None:
        groups = Groups(connection, NOW)
        Guests(connection, NOW).add(Known("guest", "Gösta Gäst", "gosta@example.org"))
        groups.join(groups.found(SINGLE.id, "chefer", "Chefer").id, "guest")

    await town.read(join)
    await anna.press("cast", f"r1 {posts[0]}")
    told = await town.read(lambda c: text(Notice(so_far(Visit(c, NOW, town.surroundings), ROUND))))
    assert told == "Everybody has voted"


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


async def ways_of(person: Person, do: str, about: str) -> list[str]:
    card = (await person.press(do, about)).view
    assert isinstance(card, Card)
    return [text(Card(button.label)) for button in card.buttons]


async def test_a_refused_vote_leads_to_what_helps(town: Town, posts: tuple[str, ...]) -> None:
    (anna,) = await voters(town, 1)
    assert await ways_of(anna, "cast", "r1 nowhere") == ["Vote", "Open the board"]
    assert await ways_of(town.person("stranger"), "cast", f"r1 {posts[0]}") == ["Programmes"]
    assert await ways_of(anna, "cast", "no-round x") == ["Programmes"]
    await town.read(lambda c: Rounds(c, NOW).enter("r1", State.CLOSED, from_states=(State.OPEN,)))
    assert await ways_of(anna, "vote", "r1") == ["Open the board"]
