"""C2, N3: the board as it lives in channels."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, select

from bot.domain.board import Standing
from bot.domain.rounds import Mode
from bot.handlers import postings
from bot.handlers.courier import Courier
from bot.handlers.tick import Tick
from bot.handlers.visit import Visit
from bot.ports import Trouble, Undeliverable
from storage.answers import Answers, NewAnswer
from storage.rounds import Rounds
from storage.tables import outbox, rounds
from storage.unit_of_work import unit_of_work
from tests.fixtures.seed_board import POSTS
from tests.handlers import followed
from tests.handlers.followed import (
    CHANNELS,
    LUND,
    MALMO,
    OREBRO,
    calls,
    pass_time,
    posted,
    put,
    put_all,
    stands,
)
from tests.handlers.town import Town, at_once, text
from tests.handlers.workshop import MODEL, ROUND, channel, close, group, open_round

town, small_town = followed.on_both, followed.on_sqlite


# --- One living message -----------------------------------------------------------------------------------------------


async def test_C2_every_channel_shows_the_same_board_in_the_same_order(town: Town) -> None:
    await put_all(town)
    await pass_time(town)
    assert stands(town, LUND) == stands(town, MALMO) == stands(town, OREBRO)
    assert len(stands(town)) == 2
    shown = "\n".join(stands(town))
    assert [shown.index(f"• {written}") for _box, _question, written in POSTS] == sorted(
        shown.index(f"• {written}") for _box, _question, written in POSTS
    )


async def test_C2_what_comes_later_is_edited_into_the_same_message(town: Town) -> None:
    await put(town, "First")
    await pass_time(town)
    await put(town, "Second")
    await pass_time(town)
    for where in CHANNELS:
        (message,) = stands(town, where)
        assert message.index("• First") < message.index("• Second")


async def test_a_board_with_nothing_on_it_is_no_message(small_town: Town) -> None:
    await pass_time(small_town)
    assert (calls(small_town), await posted(small_town)) == (0, True)


async def test_what_stands_there_already_is_not_sent_again(town: Town) -> None:
    await put(town, "First")
    await pass_time(town)
    before = calls(town)
    await town.work.run(lambda c: Rounds(c, town.clock.now()).touch(ROUND))
    await pass_time(town)
    assert (calls(town), await posted(town)) == (before, True)


async def test_only_the_pages_that_changed_are_edited(small_town: Town) -> None:
    await put_all(small_town)
    await pass_time(small_town)
    small_town.posts["slack"].updated.clear()
    await put(small_town, "Last", box="strateger", question="stod")
    await pass_time(small_town)
    changed = [text(view) for _reference, view in small_town.posts["slack"].updated]
    assert len(changed) == 2  # in either workspace, the last page
    assert all("page 2 of 2" in one and "• Last" in one for one in changed)


async def test_N3c_a_board_that_grows_goes_on_in_a_new_message(small_town: Town) -> None:
    await put(small_town, "First")
    await pass_time(small_town)
    assert len(stands(small_town)) == 1
    await put_all(small_town)
    await pass_time(small_town)
    assert ["page 1 of 2" in stands(small_town)[0], "page 2 of 2" in stands(small_town)[1]] == [True, True]


async def test_a_page_that_is_not_needed_any_more_says_so_and_comes_back(small_town: Town) -> None:
    await put_all(small_town)
    await pass_time(small_town)
    everything = stands(small_town)

    def take_away(connection: Connection) -> None:
        store = Answers(connection, small_town.clock.now())
        for answer in store.of_round(ROUND)[5:]:
            store.remove(answer)

    await small_town.work.run(take_away)
    await pass_time(small_town)
    first, second = stands(small_town)
    assert ("page" in first, "no longer needed" in second) == (False, True)
    await put_all(small_town, POSTS[5:])
    await pass_time(small_town)
    assert stands(small_town) == everything


async def test_a_board_that_was_emptied_says_so(small_town: Town) -> None:
    await put(small_town, "First")
    await pass_time(small_town)

    def take_away(connection: Connection) -> None:
        store = Answers(connection, small_town.clock.now())
        store.remove(store.of_round(ROUND)[0])

    await small_town.work.run(take_away)
    await pass_time(small_town)
    (message,) = stands(small_town)
    assert ("First" in message, "No posts yet" in message) == (False, True)


async def test_a_channel_that_comes_later_is_shown_what_is_there_at_once(small_town: Town) -> None:
    await put(small_town, "Efterfråga resultat")
    await pass_time(small_town)
    late = channel("C9", "slack", "S1")
    await small_town.person("admin").press("bind", MODEL.id, came_from=late)
    await pass_time(small_town)
    assert "Efterfråga resultat" in stands(small_town, late)[-1]


async def test_groups_channels_show_it_too_and_one_that_also_follows_the_programme_shows_it_once(town: Town) -> None:
    own = channel("C9", "slack", "S1")
    await group(town, "strateger", "A", where=own)
    await group(town, "strateger", "B", where=LUND)
    await put(town, "First")
    await pass_time(town)
    assert [len(stands(town, where)) for where in (own, LUND)] == [1, 1]


async def test_N3b_what_is_held_is_counted_and_never_shown(small_town: Town) -> None:
    await put(small_town, "HELD-WORDS", standing=Standing.HELD, reason="personal")
    await pass_time(small_town)
    (message,) = stands(small_town)
    assert "1 post is waiting to be looked at" in message
    written = select(outbox.c.view)
    assert "HELD-WORDS" not in "".join(await small_town.read(lambda c: c.execute(written).scalars().all()))


async def test_no_message_in_a_channel_names_a_person(small_town: Town) -> None:
    anna = small_town.person("anna")
    await group(small_town, "chefer", "A", anna)
    await put(small_town, "First")
    await pass_time(small_town)
    assert not [one for where in CHANNELS for one in stands(small_town, where) if "Anna" in one or "anna" in one]


# --- Sealed rounds ----------------------------------------------------------------------------------------------------


async def test_N3a_a_sealed_round_comes_to_the_channels_when_it_has_closed(town: Town) -> None:
    await open_round(town, "sealed", mode=Mode.SEALED)
    new = [NewAnswer("chefer", "stod", "Nobody listens")]
    await town.work.run(lambda c: Answers(c, town.clock.now()).add("sealed", new))
    await pass_time(town)
    assert stands(town) == []
    await close(town, "sealed")
    await pass_time(town)
    (message,) = stands(town)
    assert "Nobody listens" in message


async def test_N3a_a_sealed_round_of_which_nothing_is_shown_puts_no_empty_board_into_channels(town: Town) -> None:
    await open_round(town, "sealed", mode=Mode.SEALED)
    await close(town, "sealed")
    await pass_time(town)
    assert stands(town) == []
    assert await posted(town)


# --- What goes wrong --------------------------------------------------------------------------------------------------


async def test_two_workers_post_each_page_once(town: Town) -> None:
    await put_all(town)
    town.clock.move(seconds=5)
    second = unit_of_work(town.url)
    await at_once(town.tick.run(), Tick(second, town.clock, town.surroundings).run())
    await put(town, "More")
    town.clock.move(seconds=5)
    await at_once(town.tick.run(), Tick(second, town.clock, town.surroundings).run())
    await second.close()
    await town.deliver()
    assert [len(stands(town, where)) for where in CHANNELS] == [2, 2, 2]
    assert stands(town, LUND) == stands(town, OREBRO)


async def test_what_changes_while_an_edit_is_under_way_comes_after_it(town: Town) -> None:
    """The courier has an edit in its hand when the next one is written: the last words are the last to arrive."""
    await put(town, "First")
    await pass_time(town)
    slack = town.posts["slack"]
    edit, begun, go_on = slack.update, asyncio.Event(), asyncio.Event()

    async def slow(*args: object) -> None:
        begun.set()
        await go_on.wait()
        await edit(*args)  # type: ignore[arg-type]

    slack.update = slow  # type: ignore[method-assign,assignment]
    other = unit_of_work(town.url)

    async def meanwhile() -> None:
        await begun.wait()
        await put(town, "Third")
        town.clock.move(seconds=5)
        await Tick(other, town.clock, town.surroundings).run()
        go_on.set()

    await put(town, "Second")
    town.clock.move(seconds=5)
    await town.tick.run()
    await asyncio.wait_for(at_once(town.deliver(), meanwhile()), 20)
    await other.close()
    await pass_time(town)
    assert all("• Third" in stands(town, where)[0] for where in CHANNELS)


async def test_posting_and_delivering_at_once_never_lose_the_last_words(town: Town) -> None:
    other = unit_of_work(town.url)
    courier = Courier(other, town.clock, town.posts, rates={})
    for n in range(6):
        await put_all(town, POSTS[n * 8 : n * 8 + 8])
        town.clock.move(seconds=5)
        await at_once(town.tick.run(), courier.empty(), town.tick.run())
    await pass_time(town)
    await pass_time(town)
    await other.close()
    assert stands(town, LUND) == stands(town, MALMO) == stands(town, OREBRO)
    assert "• Finns önskemål" not in stands(town)[0]
    assert POSTS[47][2] in stands(town)[-1]


async def test_C2a_a_channel_without_the_bot_is_tried_again_and_the_others_are_served(small_town: Town) -> None:
    small_town.posts["teams"].troubles = [Undeliverable(Trouble.FORBIDDEN, "BotNotInConversationRoster")]
    await put(small_town, "First")
    await pass_time(small_town)
    assert (len(stands(small_town, LUND)), stands(small_town, OREBRO)) == (1, [])
    await put(small_town, "Second")
    await pass_time(small_town)
    assert stands(small_town, OREBRO) == []  # left alone for a while
    await put(small_town, "Third")
    await pass_time(small_town, 600)
    assert "• First" in stands(small_town, OREBRO)[0]
    await put(small_town, "Fourth")
    await pass_time(small_town)
    assert "• Fourth" in stands(small_town, OREBRO)[0]


async def test_a_board_that_breaks_holds_up_no_other(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await open_round(small_town, "r2")
    real = postings._post

    def broken(visit: Visit, id: str) -> None:
        if id == ROUND:
            raise ValueError("broken")
        real(visit, id)

    monkeypatch.setattr(postings, "_post", broken)
    await put(small_town, "First")
    await pass_time(small_town)
    assert await small_town.count(rounds, rounds.c.id == "r2", rounds.c.posted == rounds.c.version) == 1
    monkeypatch.undo()
    await pass_time(small_town)
    assert len(stands(small_town)) == 1


async def test_C2b_a_round_that_is_taken_back_takes_its_board_along(town: Town) -> None:
    await put(town, "First")
    await pass_time(town)
    await town.work.run(lambda c: Visit(c, town.clock.now(), town.surroundings).outbox.take_back(f"round:{ROUND}:"))
    await town.deliver()
    assert [stands(town, where) for where in CHANNELS] == [[], [], []]
