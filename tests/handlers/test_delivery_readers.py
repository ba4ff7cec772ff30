"""Readers who can no longer be written to: what follows from it, and what does not."""

from __future__ import annotations

from datetime import datetime

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.domain.people import Language
from bot.handlers import carrier
from bot.handlers.courier import Courier
from bot.messages import Notice
from bot.ports import Surface, Trouble, Undeliverable
from storage.outbox import Letter, Outbox
from tests.handlers.outbox import add, arrived, outcomes, somebody, to, write
from tests.handlers.town import Post, Town


def refusing(town: Town, told: list[str], *, breaks: bool = False) -> Courier:
    def refused(connection: Connection, now: datetime, letter: Letter, trouble: Undeliverable) -> None:
        told.append(f"{letter.person} {trouble.trouble}")
        Outbox(connection, now).add(
            f"instead:{letter.id}", to("bo", "teams"), Notice("instead"), person="", language=Language.ENGLISH
        )
        if breaks:
            raise KeyError

    return Courier(town.work, town.clock, town.posts, refused, rates={})


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.FORBIDDEN])
async def test_P9c_a_refusal_is_told_in_the_transaction_that_gives_the_message_up(town: Town, trouble: Trouble) -> None:
    told: list[str] = []
    town.courier = refusing(town, told)
    town.posts["sandbox"].troubles = [Undeliverable(trouble, "no")]
    await add(town, "key:one", "one", person=await somebody(town, "anna"))
    await town.deliver()
    assert told == [f"anna {trouble}"]
    assert arrived(town, "teams") == ["instead"]


async def test_P9c_consequences_that_break_leave_no_trace_and_no_retry(town: Town) -> None:
    told: list[str] = []
    town.courier = refusing(town, told, breaks=True)
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.GONE, "no")]
    await add(town, "key:one", "one", person=await somebody(town, "anna"))
    for _ in range(3):
        await town.deliver()
        town.clock.move(days=1)
    assert told == ["anna gone"]
    assert await outcomes(town) == [("failed", "gone: no")]


async def test_P9c_consequences_that_give_way_to_somebody_else_come_all_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadlock ends the whole transaction: the message is given up with its consequences or not yet."""
    told: list[str] = []
    refused = refusing(town, told)._means.refused
    assert refused is not None

    def gives_way(connection: Connection, now: datetime, letter: Letter, trouble: Undeliverable) -> None:
        refused(connection, now, letter, trouble)
        if len(told) == 1:
            raise OperationalError("", {}, DeadlockDetected())

    monkeypatch.setattr(carrier, "_DATABASE_RESTS", 0)
    town.courier = Courier(town.work, town.clock, town.posts, gives_way, rates={})
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.GONE, "no")]
    await add(town, "key:one", "one", person=await somebody(town, "anna"))
    await town.deliver()
    assert told == ["anna gone"] * 2
    assert arrived(town, "teams") == ["instead"]


async def test_P9c_an_edit_a_page_and_a_fault_are_no_refusal_of_a_reader(town: Town) -> None:
    class Closed(Post):
        async def update(self, *args: object) -> None:
            raise Undeliverable(Trouble.FORBIDDEN, "cant_update_message")

    told: list[str] = []
    town.posts["sandbox"] = Closed("sandbox")
    town.courier = refusing(town, told)
    await write(town, "old")
    await town.deliver()
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.GONE, "no"), Undeliverable(Trouble.FAULT, "bad")]
    await add(town, "key:home", "page", address=to("anna", surface=Surface.HOME))
    await town.deliver()
    await add(town, "key:faulty", "faulty")
    await add(town, "key:new", "new", edits="key:old")
    await town.deliver()
    assert told == []
    assert [state for state, _ in await outcomes(town)] == ["sent", "failed", "failed", "failed"]
