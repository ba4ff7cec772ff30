"""From the outbox to a platform: in order, once, and never while the platform asks for quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.people import Language
from bot.handlers.courier import Courier
from bot.messages import Notice, to_json
from bot.ports import Surface, Trouble, Undeliverable
from storage import outbox as kept
from storage.outbox import Letter, Outbox
from storage.tables import outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE
from tests.handlers.outbox import add, arrived, outcomes, to, write
from tests.handlers.town import Post, Town, at_once, text


async def test_messages_of_one_conversation_arrive_in_the_order_they_were_written(town: Town) -> None:
    for turn in range(4):
        await write(town, *(f"{turn}{n}" for n in range(3)))
    await town.deliver()
    assert arrived(town) == sorted(arrived(town))
    assert len(arrived(town)) == 12


async def test_the_same_key_is_one_message(town: Town) -> None:
    await write(town, "one")
    await write(town, "one")
    await town.deliver()
    assert arrived(town) == ["one"]


async def test_A3b_one_that_has_to_wait_is_not_overtaken(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "connection refused")]
    await write(town, "first", "second")
    await town.deliver()
    await write(town, "third")
    await write(town, "to bo", address=to("bo"))
    await town.deliver()
    assert arrived(town) == ["to bo"]
    town.clock.move(seconds=10)
    await town.deliver()
    assert arrived(town) == ["to bo", "first", "second", "third"]


async def test_A3b_nobody_in_the_workspace_is_written_to_during_a_retry_after(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "ratelimited", retry_after=300)]
    await write(town, "first", "second")
    await town.deliver()
    calls = len(town.posts["sandbox"].calls)
    for n in range(10):
        await write(town, f"more {n}", address=to(f"p{n}"))
        town.clock.move(seconds=29)
        await town.deliver()
    assert len(town.posts["sandbox"].calls) == calls == 1
    town.clock.move(seconds=20)
    await town.deliver()
    assert sorted(arrived(town)) == sorted(["first", "second", *(f"more {n}" for n in range(10))])


async def test_waiting_its_turn_is_no_attempt(town: Town) -> None:
    post = town.posts["sandbox"]
    post.troubles = [Undeliverable(Trouble.LATER, "refused") for _ in range(11)]
    await write(town, "first", "second")
    for _ in range(11):
        await town.deliver()
        town.clock.move(hours=2)
    await town.deliver()
    attempts = select(outbox.c.attempts).order_by(outbox.c.place)
    assert await town.work.run(lambda c: list(c.execute(attempts).scalars())) == [12, 1]
    assert arrived(town) == ["first", "second"]


@pytest.mark.parametrize("asked", [None, 1.0, 5.0, 30.0], ids=lambda asked: f"asked to wait for {asked} s")
async def test_one_that_is_refused_for_a_day_is_given_up_and_counted(town: Town, asked: float | None) -> None:
    refusals = town.posts["sandbox"].troubles
    await write(town, "first", "second")
    begun = town.clock.now()
    while ("failed", "later: refused") not in await outcomes(town):
        refusals[:] = [Undeliverable(Trouble.LATER, "refused", retry_after=asked)]
        town.clock.move(minutes=5)
        await town.deliver()
    assert 24 <= (town.clock.now() - begun).total_seconds() / 3600 < 25
    refusals.clear()
    town.clock.move(hours=2)
    await town.deliver()
    assert await outcomes(town) == [("failed", "later: refused"), ("sent", "")]


async def test_an_outage_of_hours_costs_no_message_and_is_over_soon(town: Town) -> None:
    post = town.posts["sandbox"]
    await write(town, "first", "second")
    for _ in range(6 * 60):
        post.troubles[:] = [Undeliverable(Trouble.LATER, "no_connection", retry_after=1.0)]
        town.clock.move(minutes=1)
        await town.deliver()
    post.troubles.clear()
    for _ in range(13):  # the longest rest, with its jitter
        town.clock.move(minutes=1)
        await town.deliver()
    assert arrived(town) == ["first", "second"]


async def test_a_message_that_waited_for_days_is_not_given_up_for_a_refusal(town: Town) -> None:
    await write(town, "first")
    town.clock.move(hours=60)  # nobody was there to send it
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "ratelimited", retry_after=5.0)]
    await town.deliver()
    town.clock.move(seconds=10)
    await town.deliver()
    assert arrived(town) == ["first"]


async def test_an_answer_that_was_lost_is_looked_up_after_it_has_settled(town: Town) -> None:
    post = town.posts["sandbox"]
    post.troubles, post.lost_answers = [Undeliverable(Trouble.UNKNOWN, "timeout")], 1
    await write(town, "first")
    await town.deliver()
    town.clock.move(seconds=4)
    await town.deliver()
    assert (await outcomes(town))[0][0] == "sending"
    town.clock.move(seconds=2)
    await town.deliver()
    assert arrived(town) == ["first"]
    assert await outcomes(town) == [("sent", "")]


async def test_an_answer_that_was_lost_before_it_arrived_is_sent_again(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.UNKNOWN, "timeout")]
    await write(town, "first")
    await town.deliver()
    town.clock.move(seconds=6)
    await town.deliver()
    assert arrived(town) == ["first"]


async def test_a_platform_without_look_up_counts_what_may_have_come_twice(town: Town) -> None:
    post = town.posts["teams"]
    post.can_find, post.troubles, post.lost_answers = False, [Undeliverable(Trouble.UNKNOWN, "timeout")], 1
    await write(town, "first", address=to("anna", "teams"))
    await town.deliver()
    town.clock.move(seconds=6)
    await town.deliver()
    assert arrived(town, "teams") == ["first", "first"]
    assert await outcomes(town) == [("sent", "maybe twice")]
    assert "Messages that may have arrived twice: 1" in text((await town.person("admin").say("status")).view)


async def test_a_process_that_died_while_sending_is_taken_over_when_its_lease_ends(town: Town) -> None:
    await write(town, "first", "second")
    claimed = await town.work.run(
        lambda c: Outbox(c, town.clock.now()).claim(("sandbox", "W1"), timedelta(seconds=90), 100)
    )
    post, letter = town.posts["sandbox"], claimed[0]
    assert letter.view is not None
    await post.send(letter.address, letter.view, letter.language, outbox=letter.id)
    town.clock.move(seconds=89)
    await town.deliver()
    assert arrived(town) == ["first"]
    town.clock.move(seconds=1)
    await town.deliver()
    assert arrived(town) == ["first", "second"]


async def test_a_note_that_is_written_twice_does_not_touch_what_was_claimed_since(town: Town) -> None:
    await write(town, "first")

    async def claim() -> tuple[Letter, ...]:
        return await town.work.run(
            lambda c: Outbox(c, town.clock.now()).claim(("sandbox", "W1"), timedelta(seconds=90), 1)
        )

    async def put_back(letter: Letter) -> None:
        await town.work.run(lambda c: Outbox(c, town.clock.now()).put_back(letter, town.clock.now()))

    (earlier,) = await claim()
    await put_back(earlier)  # its answer from the database is lost
    (later,) = await claim()
    await put_back(earlier)
    assert await claim() == ()
    await put_back(later)
    assert len(await claim()) == 1


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.FORBIDDEN, Trouble.FAULT])
async def test_P9c_gone_forbidden_and_faulty_are_final_and_shown(town: Town, trouble: Trouble) -> None:
    post = town.posts["sandbox"]
    post.troubles = [Undeliverable(trouble, "user_not_found")]
    await write(town, "first", "second")
    for _ in range(3):
        await town.deliver()
        town.clock.move(days=1)
    assert arrived(town) == ["second"]
    assert len(post.calls) == 2
    told = text((await town.person("admin").say("status")).view)
    assert "(user_not_found)" in told
    assert f"{trouble.value}: " not in told


async def test_a_view_that_cannot_be_drawn_is_a_fault_and_stops_nobody(town: Town) -> None:
    class Clumsy(Post):
        async def send(self, *args: object, **rest: object) -> str:
            raise ValueError("too long")

    town.courier = Courier(town.work, town.clock, {**town.posts, "slack": Clumsy("slack")}, rates={})
    await write(town, "drawn badly", address=to("anna", "slack"))
    await write(town, "fine")
    await write(town, "nowhere", address=to("anna", "fax"))
    await town.deliver()
    assert await outcomes(town) == [("failed", "fault"), ("sent", ""), ("failed", "platform not configured")]


async def test_a_page_that_cannot_be_published_holds_up_no_message(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "refused")]
    await write(town, "page", address=to("anna", surface=Surface.HOME))
    await town.deliver()
    await write(town, "message")
    await town.deliver()
    assert arrived(town) == ["message"]


async def test_two_couriers_send_each_message_once(town: Town) -> None:
    for n in range(30):
        await write(town, f"{n:02}a", f"{n:02}b", address=to(f"p{n}"))
    second = unit_of_work(town.url)
    await at_once(town.courier.empty(), Courier(second, town.clock, town.posts, rates={}).empty(), town.courier.empty())
    await second.close()
    assert sorted(arrived(town)) == [f"{n:02}{part}" for n in range(30) for part in "ab"]
    assert arrived(town).index("07a") < arrived(town).index("07b")


async def test_an_edit_replaces_what_was_sent(town: Town) -> None:
    await write(town, "old")
    await town.deliver()

    await add(town, "key:new", "new", edits="key:old")
    await town.deliver()
    assert [(reference, text(view)) for reference, view in town.posts["sandbox"].updated] == [("ref-1", "new")]


async def test_a_message_is_written_in_the_same_transaction_as_what_it_tells(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert await town.count(outbox, outbox.c.key.like("receipt:%")) == 1
    assert arrived(town) == []
    assert len(await anna.received()) == 1


# Many at once, and answers among them


def posts(number: int, **rest: Any) -> list[kept.Post]:
    def one(n: int) -> kept.Post:
        view = to_json(Notice(f"nudge {n}"))
        return kept.Post(f"nudge:{n}", to(f"p{n}"), "", Language.ENGLISH, view, **rest)

    return [one(n) for n in range(number)]


async def fan_out(town: Town, number: int) -> None:
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add_many(posts(number)))
    town.clock.move(microseconds=1)


async def test_many_messages_are_written_at_once_and_each_once(town: Town) -> None:
    await fan_out(town, 30)
    await fan_out(town, 40)
    await town.deliver()
    assert sorted(arrived(town)) == sorted(f"nudge {n}" for n in range(40))


async def test_an_answer_overtakes_a_fan_out_but_not_what_its_own_reader_was_sent_before(town: Town) -> None:
    await fan_out(town, 200)
    await write(town, "receipt", address=to("p150"))
    claimed = await town.work.run(
        lambda c: Outbox(c, town.clock.now()).claim(("sandbox", "W1"), timedelta(seconds=9), 1)
    )
    assert [text(letter.view) for letter in claimed] == ["nudge 150"]
    await town.work.run(lambda c: Outbox(c, town.clock.now()).sent(claimed[0], "ref"))
    await town.deliver()
    assert arrived(town).index("receipt") == 0


async def test_a_message_that_is_due_later_is_sent_then(town: Town) -> None:
    later = posts(1, due_at=town.clock.now() + timedelta(hours=1))
    await town.work.run(lambda c: Outbox(c, town.clock.now()).add_many(later))
    await write(town, "receipt", address=to("p0"))
    await town.deliver()
    assert arrived(town) == ["receipt"]
    town.clock.move(hours=1)
    await town.deliver()
    assert arrived(town) == ["receipt", "nudge 0"]


async def test_what_became_of_messages_is_told_by_key(town: Town) -> None:
    town.posts["sandbox"].troubles = [None, Undeliverable(Trouble.FORBIDDEN, "blocked")]
    await write(town, "one", "two", address=to("anna"))
    await town.deliver()
    await write(town, "three", address=to("bo", "teams"))
    states = await town.work.run(
        lambda c: Outbox(c, town.clock.now()).states(["key:one", "key:two", "key:three", "key:four"])
    )
    assert {key: (one.state, one.reason, one.platform) for key, one in states.items()} == {
        "key:one": ("sent", "", "sandbox"),
        "key:two": ("failed", "forbidden: blocked", "sandbox"),
        "key:three": ("waiting", "", "teams"),
    }
    assert states["key:one"].sent_at is not None


async def test_what_was_settled_long_ago_is_forgotten_and_nothing_else(town: Town) -> None:
    town.posts["sandbox"].troubles = [None, Undeliverable(Trouble.GONE, "gone"), Undeliverable(Trouble.LATER, "busy")]
    await write(town, "one", "two", "three")
    await town.deliver()
    town.clock.move(days=400)
    before = town.clock.now() - timedelta(days=399)
    await write(town, "four")
    assert await town.work.run(lambda c: Outbox(c, town.clock.now()).forget(before)) == 2
    assert await town.work.run(lambda c: Outbox(c, town.clock.now()).forget(before)) == 0
    assert [state for state, _ in await outcomes(town)] == ["waiting", "waiting"]
