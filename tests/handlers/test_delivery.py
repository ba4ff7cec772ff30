"""From the outbox to a platform: in order, once, and never while the platform asks for quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Language
from bot.handlers.delivery import Courier
from bot.messages import Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from storage.outbox import Outbox
from storage.tables import outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE
from tests.handlers.town import Post, Town, at_once, text


def to(person: str, platform: str = "sandbox", surface: Surface = Surface.PERSON) -> Address:
    return Address(platform, "W1", person, surface)


async def write(town: Town, *messages: str, address: Address | None = None) -> None:
    """Put messages into the outbox, in one turn."""

    def add(connection: Connection) -> None:
        box = Outbox(connection, town.clock.now())
        for message in messages:
            box.add(f"key:{message}", address or to("anna"), "", Language.ENGLISH, Notice(message))

    await town.work.run(add)
    town.clock.move(microseconds=1)


def arrived(town: Town, platform: str = "sandbox") -> list[str]:
    return [text(message.view) for message in town.posts[platform].sent]


async def outcomes(town: Town) -> list[tuple[str, str]]:
    statement = select(outbox.c.state, outbox.c.reason).order_by(outbox.c.created_at, outbox.c.place)
    return await town.work.run(lambda c: [(row.state, row.reason) for row in c.execute(statement)])


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


async def test_one_that_is_refused_twelve_times_is_given_up_and_counted(town: Town) -> None:
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.LATER, "refused") for _ in range(12)]
    await write(town, "first", "second")
    for _ in range(14):
        await town.deliver()
        town.clock.move(hours=2)
    assert await outcomes(town) == [("failed", "later: refused"), ("sent", "")]


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
    claimed = await town.work.run(lambda c: Outbox(c, town.clock.now()).claim(timedelta(seconds=90), 100))
    post = town.posts["sandbox"]
    await post.send(claimed[0].address, claimed[0].view, claimed[0].language, outbox=claimed[0].id)
    town.clock.move(seconds=89)
    await town.deliver()
    assert arrived(town) == ["first"]
    town.clock.move(seconds=1)
    await town.deliver()
    assert arrived(town) == ["first", "second"]


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
    assert f"1 message: {trouble.value}: user_not_found" in text((await town.person("admin").say("status")).view)


async def test_a_view_that_cannot_be_drawn_is_a_fault_and_stops_nobody(town: Town) -> None:
    class Clumsy(Post):
        async def send(self, *args: object, **rest: object) -> str:
            raise ValueError("too long")

    town.courier = Courier(town.work, town.clock, {**town.posts, "slack": Clumsy("slack")})
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
    await at_once(town.courier.empty(), Courier(second, town.clock, town.posts).empty(), town.courier.empty())
    await second.close()
    assert sorted(arrived(town)) == [f"{n:02}{part}" for n in range(30) for part in "ab"]
    assert arrived(town).index("07a") < arrived(town).index("07b")


async def test_an_edit_replaces_what_was_sent(town: Town) -> None:
    await write(town, "old")
    await town.deliver()

    def edit(connection: Connection) -> None:
        Outbox(connection, town.clock.now()).add(
            "key:new", to("anna"), "", Language.ENGLISH, Notice("new"), edits="key:old"
        )

    await town.work.run(edit)
    await town.deliver()
    assert [(reference, text(view)) for reference, view in town.posts["sandbox"].updated] == [("ref-1", "new")]


async def test_a_message_is_written_in_the_same_transaction_as_what_it_tells(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert await town.count(outbox, outbox.c.key.like("receipt:%")) == 1
    assert arrived(town) == []
    assert len(await anna.received()) == 1
