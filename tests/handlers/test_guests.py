"""Links for people without Slack or Teams, and guests: who gives them out, to whom, and what they open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.flows import buttons, guests
from bot.handlers.events import Reply
from bot.handlers.guests import ROUTES
from bot.messages import Card, Form
from storage.links import Kind
from storage.tables import links, members, people
from tests.handlers.round_town import appointed
from tests.handlers.town import Person, Town, at_once, open_town, second_process, text
from tests.handlers.workshop import (
    MODEL,
    ROUND,
    close,
    group,
    labels,
    open_round,
    pair,
    person_id,
    press_on,
    sealed_round,
    write,
)


@pytest_asyncio.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, MODEL) as opened:
        yield opened


@pytest_asyncio.fixture
async def small(sqlite_url: str) -> AsyncIterator[Town]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with open_town(sqlite_url, MODEL) as opened:
        yield opened


def address(reply: Reply) -> str:
    """The link that a card shows to be copied."""
    assert isinstance(reply.view, Card), text(reply.view)
    (found,) = [words for words in reply.view.body if isinstance(words, str) and words.startswith("https://")]
    return found


async def invited(town: Town, name: str = "Greta Gäst", **more: str) -> tuple[Person, Reply]:
    """A coordinator who has written down a guest."""
    kim = await appointed(town, "kim")
    form = (await kim.press(guests.NEW_GUEST, MODEL.id)).view
    return kim, await kim.fill(form, name=name, **more)


# --- A group's link ---------------------------------------------------------------------------------------------------


async def test_the_note_taker_gets_the_link_after_taking_notes(town: Town) -> None:
    ann, _bo, _its = await pair(town)
    reply = await press_on(ann, await write(ann, {"bidra": "Mod"}), "Web link")
    assert address(reply).startswith("https://bot.example.org/notes/")
    assert "Whoever has the link can write for the group without signing in." in text(reply.view)
    assert "Valid until" in text(reply.view)
    assert isinstance(reply.view, Card)
    assert [button.url for button in reply.view.buttons if button.url] == [address(reply)]


async def test_another_member_and_a_stranger_do_not(town: Town) -> None:
    ann, bo, its = await pair(town)
    stranger = town.person("stranger")
    await stranger.open_home()
    await ann.press("note", ROUND)
    for who in (bo, stranger):
        for action in (guests.GUEST_LINK, guests.NEW_GUEST_LINK):
            assert isinstance((await who.press(action, f"{ROUND} {its}")).view, Card)
    assert await town.count(links, links.c.kind == Kind.NOTES.value) == 0


async def test_a_coordinator_finds_every_open_round_and_group(small: Town) -> None:
    await pair(small)
    await group(small, "chefer", "Chefer i norr")
    kim = await appointed(small, "kim")
    shown = await press_on(kim, await kim.press("groups", MODEL.id), "Web links")
    assert "Strateger A" in text(shown.view)
    assert "Chefer i norr" in text(shown.view)
    assert address(await press_on(kim, shown, "Web link"))


async def test_many_groups_come_in_pages(small: Town) -> None:
    await open_round(small)
    for n in range(23):
        await group(small, "chefer", f"Grupp {n:02}")
    kim = await appointed(small, "kim")
    shown, seen = await kim.press(guests.WEB_LINKS, MODEL.id), 0
    while "More" in labels(shown):
        seen += labels(shown).count("Web link")
        shown = await press_on(kim, shown, "More")
    assert seen + labels(shown).count("Web link") == 23
    assert "Earlier" in labels(shown)
    assert isinstance((await kim.press(guests.WEB_LINKS, f"{MODEL.id} 999")).view, Card)


async def test_a_new_link_closes_the_old_one(town: Town) -> None:
    ann, _bo, its = await pair(town)
    first = await press_on(ann, await write(ann, {"bidra": "Mod"}), "Web link")
    assert address(await ann.press(guests.GUEST_LINK, f"{ROUND} {its}")) == address(first)
    second = await press_on(ann, first, "New link")
    assert "The old link opens nothing any more." in text(second.view)
    assert address(second) != address(first)
    assert await town.count(links, links.c.kind == Kind.NOTES.value, links.c.revoked_at.is_(None)) == 1


async def test_the_link_holds_until_the_round_closes_and_thirty_days_at_most(small: Town) -> None:
    kim = await appointed(small, "kim")
    closing = small.clock.at.replace(month=small.clock.at.month, hour=12)
    await open_round(small, "soon", closes_at=closing)
    await open_round(small, "late", closes_at=closing.replace(year=closing.year + 1))
    its = await group(small)
    told = [text((await kim.press(guests.GUEST_LINK, f"{id} {its}")).view) for id in ("soon", "late")]
    assert f"{closing.day} " in told[0].partition("Valid until")[2]
    assert str(closing.year + 1) not in told[1].partition("Valid until")[2]


async def test_there_is_no_link_where_nothing_can_be_written(small: Town) -> None:
    kim, its = await appointed(small, "kim"), await group(small)
    await open_round(small)
    await close(small)
    await sealed_round(small)
    for about in (f"{ROUND} {its}", f"sealed {its}", f"none {its}", f"{ROUND} none", ROUND, "", "a b c"):
        assert "That did not work" in text((await kim.press(guests.GUEST_LINK, about)).view), about
    assert await small.count(links) == 0


# --- Guests -----------------------------------------------------------------------------------------------------------


async def test_a_coordinator_writes_down_a_guest_and_gets_their_link(town: Town) -> None:
    await group(town)
    kim, reply = await invited(town, email="greta@example.org")
    assert "Link for Greta Gäst" in text(reply.view)
    assert "Send it to Greta Gäst alone." in text(reply.view)
    assert address(reply).startswith("https://bot.example.org/guest/")
    shown = await kim.press(guests.GUESTS, MODEL.id)
    assert "greta@example.org" in text(shown.view)
    assert address(await press_on(kim, shown, "Link")) == address(reply)
    assert await town.count(members) == 1


async def test_the_first_guest_of_a_role_founds_its_group(small: Town) -> None:
    _kim, reply = await invited(small, group="role politiker")
    assert address(reply)
    assert "Politiker" in text((await small.person("kim").press("groups", MODEL.id)).view)


async def test_two_coordinators_who_write_down_the_same_guest_agree_on_one(town: Town) -> None:
    its = await group(town)
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    async with second_process(town) as other:
        pairs = ((kim, await kim.press(guests.NEW_GUEST, MODEL.id)), (lo, await lo.press(guests.NEW_GUEST, MODEL.id)))
        senders = [(kim, pairs[0][1]), (replace(lo, reception=other), pairs[1][1])]
        replies = await at_once(
            *(who.submit(form.view, {"name": "Greta", "group": f"group {its}"}) for who, form in senders)
        )
    assert len({address(reply) for reply in replies}) == 1
    assert await town.count(members) == 1


async def test_nobody_is_given_the_link_of_somebody_with_an_account(town: Town) -> None:
    ann, _bo, _its = await pair(town)
    kim, id = await appointed(town, "kim"), await person_id(town, ann)
    for action in (guests.GUEST, guests.RENEW_GUEST, guests.REMOVE_GUEST, guests.CONFIRM_REMOVE_GUEST):
        assert "That guest is no longer there." in text((await kim.press(action, id)).view)
    assert await town.count(links) == 0
    assert await town.count(people, people.c.id == id) == 1


async def test_a_guest_is_asked_like_all_others_and_sent_nothing(town: Town) -> None:
    """What is sent to the group reaches those with an account; the guest stands in nobody's way."""
    ann, _bo, its = await pair(town)
    kim, _reply = await invited(town, group=f"group {its}")
    await ann.press("note", ROUND)
    whom = await ann.press("hand_notes", f"{ROUND} {its}")
    assert labels(whom) == ["Bo"]
    reply = await write(ann, {"bidra": "Ring Greta Gäst"})
    assert "a coordinator looks at it first" in text(reply.view), "the guard knows the guests' names"
    await town.tick.run()
    await town.deliver()
    assert "Greta" in text((await kim.press(guests.GUESTS, MODEL.id)).view)


async def test_coordinators_count_guests_apart(town: Town) -> None:
    _ann, _bo, its = await pair(town)
    kim, _reply = await invited(town, group=f"group {its}")
    for do, about, said in (
        (buttons.ROUND, ROUND, "2 people, 1 guest, 0 posts"),
        ("groups", MODEL.id, "2 people and 1 guest"),
    ):
        assert said in text((await kim.press(do, about)).view), do
    form = (await kim.press(buttons.ASK, MODEL.id)).view
    form = (await kim.submit(form, {"source": "set:uppstart"})).view
    shown = text((await kim.submit(form)).view)
    for part in ("2 people and 1 guest in 1 group", "Answer by the link that each of them has got from you"):
        assert part in shown
    assert "Cannot be reached" not in shown


async def test_a_guest_is_removed_with_everything_that_names_them(town: Town) -> None:
    await group(town)
    kim, _reply = await invited(town, email="greta@example.org")
    asked = await press_on(kim, await kim.press(guests.GUESTS, MODEL.id), "Remove the guest")
    assert "Remove Greta Gäst?" in text(asked.view)
    removed = await press_on(kim, asked, "Remove the guest")
    assert "The guest is removed" in text(removed.view)
    left = await town.contents(people, members, links)
    assert "Greta" not in repr(left)
    assert not left["links"]
    assert "no longer there" in text((await press_on(kim, asked, "Remove the guest")).view)


async def test_a_new_link_for_a_guest_closes_the_old_one(small: Town) -> None:
    await group(small)
    kim, first = await invited(small)
    second = await press_on(kim, first, "New link")
    assert address(second) != address(first)
    assert await small.count(links, links.c.revoked_at.is_(None)) == 1


@pytest.mark.parametrize("about", ["", "none", f"{MODEL.id} x", f"{MODEL.id} 99999999999", f"{MODEL.id} -1", "a b c d"])
async def test_strange_buttons_break_nothing(small: Town, about: str) -> None:
    kim = await appointed(small, "kim")
    for action in sorted(ROUTES):
        reply = await kim.press(action, about)
        assert isinstance(reply.view, Card | Form)
        assert "went wrong" not in text(reply.view)
