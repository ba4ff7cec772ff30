"""A guest's own page: what is open to them, and the answers they give alone, which nobody can tell are theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from bot.flows import guests
from bot.handlers import anonymous
from storage import tables
from storage.links import Kind, Links
from tests.handlers.round_town import appointed
from tests.handlers.town import at_once
from tests.handlers.urn_scenes import (
    NAMES,
    all_answer,
    by_role,
    closed,
    opened,
    round_of,
    swept,
    texts_on_board,
    together,
)
from tests.handlers.workshop import open_round
from tests.web.guest_site import GuestSite, guest_site, said, token_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYTHING = tuple(tables.metadata.tables.values())


@pytest_asyncio.fixture(loop_scope="session")
async def site(engine_url: str) -> AsyncIterator[GuestSite]:
    async with guest_site(engine_url) as opened_site:
        yield opened_site


@pytest_asyncio.fixture(loop_scope="session")
async def small(sqlite_url: str) -> AsyncIterator[GuestSite]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with guest_site(sqlite_url) as opened_site:
        yield opened_site


async def sealed_round(site: GuestSite, **changes: Any) -> tuple[str, str]:
    """A guest among others in a round where each answers alone: the guest's id and the path of the form."""
    await together(site.town, *NAMES[:4])
    id, page = await site.guest()
    await opened(site.town, round_of(**changes))
    return id, f"{page}/r1"


async def answer(site: GuestSite, path: str, hinder: str, hjalp: str = "") -> str:
    token = token_in(await site.page(path))
    typed = {"q.hinder": hinder, "q.hjalp": hjalp}
    return said(await (await site.send(path, token, typed)).text())


# --- What is open -----------------------------------------------------------------------------------------------------


async def test_the_page_lists_what_is_open_to_the_guest_and_nothing_else(site: GuestSite) -> None:
    _id, form = await sealed_round(site)
    _other, elsewhere = await site.guest("Någon annan", role="chefer", programme="modell")
    await open_round(site.town, "notes")
    page = await site.page(form.removesuffix("/r1"))
    assert "Open to Greta Gäst now" in said(page)
    assert "Hur går det?" in said(page)
    assert f'{form}?language=en"' in page
    other = await site.page(elsewhere)
    assert "Hur går det?" not in other
    assert "You write for Grupp chefer." in said(other)
    notes = next(part for part in other.split('"') if "/notes/" in part).removeprefix("https://bot.example.org")
    assert "Notes of Grupp chefer" in said(await site.page(notes))


async def test_nothing_open_is_said_so(small: GuestSite) -> None:
    _id, page = await small.guest()
    assert "Nothing is open to you right now." in said(await small.page(page))


# --- Answering alone --------------------------------------------------------------------------------------------------


async def test_a_guest_answers_and_nobody_can_tell_whose_it_is(site: GuestSite) -> None:
    id, form = await sealed_round(site)
    await all_answer(await together(site.town, *NAMES[:4]))
    page = said(await site.page(form))
    assert "Nobody is told who has written what." in page
    assert "could answer in your place" in page
    assert "Your answer is sealed" in await answer(site, form, "Hinder, säger gästen")
    await closed(site.town)
    await swept(site.town)
    assert "Hinder, säger gästen" in await texts_on_board(site.town)
    rows = await site.town.contents(tables.answers, tables.rulings, tables.deliveries, tables.runs, tables.outbox)
    assert id not in repr(rows)


async def test_answering_writes_one_sealed_row_and_nothing_else_anywhere(site: GuestSite) -> None:
    _id, form = await sealed_round(site)
    before = await site.town.contents(*EVERYTHING)
    await answer(site, form, "Hinder")
    after = await site.town.contents(*EVERYTHING)
    assert {name for name in after if after[name] != before[name]} == {"sealed"}
    assert len(after["sealed"]) == 1
    assert "Hinder" not in repr(after)


async def test_control_in_chat_one_sees_that_somebody_was_there(site: GuestSite) -> None:
    """The positive control: the comparison above sees what else an event leaves behind."""
    _id, _form = await sealed_round(site)
    before = await site.town.contents(*EVERYTHING)
    await site.town.person(NAMES[0]).say("help")
    after = await site.town.contents(*EVERYTHING)
    assert {name for name in after if after[name] != before[name]} >= {"deliveries"}


async def test_the_list_leaves_nothing_behind_that_names_the_guest(site: GuestSite) -> None:
    id, form = await sealed_round(site)
    before = await site.town.contents(*EVERYTHING)
    await site.page(form.removesuffix("/r1"))
    after = await site.town.contents(*EVERYTHING)
    new = {name: [row for row in after[name] if row not in before[name]] for name in after}
    assert {name for name, rows in new.items() if rows} <= {"links"}
    assert id not in repr(new)


async def test_whoever_has_the_link_is_never_shown_the_answer_nor_whether_there_is_one(site: GuestSite) -> None:
    _id, form = await sealed_round(site)
    pages = [without_token(await site.page(form))]
    empty = [await answer(site, form, "")]
    await answer(site, form, "Hemligt svar")
    pages.append(without_token(await site.page(form)))
    empty.append(await answer(site, form, ""))
    assert "Hemligt" not in pages[1]
    for seen in (pages, empty):
        assert all(one == other for one, other in pairwise(seen))
    assert await site.town.count(tables.sealed) == 0


def without_token(page: str) -> str:
    return page.replace(token_in(page), "")


async def test_control_in_chat_the_answer_is_shown_to_its_author(small: GuestSite) -> None:
    """The positive control: what the link does not show is there to be shown."""
    _id, _form = await sealed_round(small)
    anna = small.town.person(NAMES[0])
    await all_answer([anna])
    again = (await anna.press("seal", "r1")).view
    assert "Hinder, säger a" in repr(again)


async def test_the_same_answer_many_times_at_once_is_one(site: GuestSite) -> None:
    _id, form = await sealed_round(site)
    token = token_in(await site.page(form))
    await at_once(*(site.send(form, token, {"q.hinder": f"Svar {n % 2}", "q.hjalp": ""}) for n in range(8)))
    assert await site.town.count(tables.sealed) == 1


async def test_what_may_name_somebody_is_asked_about_once(small: GuestSite) -> None:
    _id, form = await sealed_round(small)
    token = token_in(await small.page(form))
    typed = {"q.hinder": "Ring Greta Gäst på 070-123 45 67", "q.hjalp": ""}
    asked = await (await small.send(form, token, typed)).text()
    assert "Could this point to somebody?" in said(asked)
    assert await small.town.count(tables.sealed) == 0
    await small.send(form, token_in(asked), typed)
    assert await small.town.count(tables.sealed) == 1


async def test_too_late_gives_the_words_back(site: GuestSite) -> None:
    _id, form = await sealed_round(site)
    token = token_in(await site.page(form))
    await closed(site.town)
    page = await (await site.send(form, token, {"q.hinder": "För sent", "q.hjalp": ""})).text()
    assert "The questions closed before this arrived" in said(page)
    assert "För sent</textarea>" in page
    assert "This round is closed" in said(await site.page(form))


async def test_a_renewed_link_gives_the_words_back_and_takes_nothing(site: GuestSite) -> None:
    id, form = await sealed_round(site)
    token = token_in(await site.page(form))
    await site.town.work.run(lambda c: Links(c, site.town.clock.now()).revoke(Kind.GUEST, id))
    sent = await site.send(form, token, {"q.hinder": "Kvar", "q.hjalp": ""})
    assert sent.status == 404
    assert "You have written Kvar" in said(await sent.text())
    assert await site.town.count(tables.sealed) == 0


async def test_what_another_site_sends_is_not_taken(small: GuestSite) -> None:
    _id, form = await sealed_round(small)
    token = token_in(await small.page(form))
    sent = await small.send(form, token, {"q.hinder": "Kvar"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status == 403
    assert "Kvar" in said(await sent.text())
    assert await small.town.count(tables.sealed) == 0


async def test_a_fault_of_ours_gives_the_words_back(small: GuestSite, monkeypatch: pytest.MonkeyPatch) -> None:
    _id, form = await sealed_round(small)
    token = token_in(await small.page(form))
    monkeypatch.setattr(anonymous, "_let_in", lambda *_asked: 1 / 0)
    sent = await small.send(form, token, {"q.hinder": "Kvar", "q.hjalp": ""})
    assert sent.status == 500
    assert "You have written Kvar" in said(await sent.text())


async def test_only_the_questions_of_the_guests_own_role_open(site: GuestSite) -> None:
    await together(site.town, *NAMES[:3], role="chefer")
    _id, page = await site.guest(role="strateger")
    await opened(site.town, round_of(boxes=by_role("chefer")))
    await site.page(f"{page}/r1", status=404)
    for round in ("none", "%00", "r1%00", "..", "r1/x"):
        assert (await site.client.get(f"{page}/{round}")).status == 404
    wrong = page[:-43] + "A" * 43
    for path in (wrong, f"{wrong}/r1", "/guest/x", "/guest/x/r1"):
        assert (await site.client.get(path)).status == 404


async def test_the_answer_of_a_guest_who_is_removed_is_taken_out(site: GuestSite) -> None:
    id, form = await sealed_round(site)
    await answer(site, form, "Hinder")
    kim = await appointed(site.town, "kim")
    await kim.press(guests.CONFIRM_REMOVE_GUEST, id)
    assert await site.town.count(tables.sealed) == 0
    assert id not in repr(await site.town.contents(*EVERYTHING))
    await site.page(form, status=404)


async def test_a_form_of_ours_is_kept_nowhere_and_fills_nothing_in(small: GuestSite) -> None:
    _id, form = await sealed_round(small)
    got = await small.client.get(form)
    page = await got.text()
    assert got.headers["Cache-Control"] == "no-store"
    assert page.count('autocomplete="off"') == 2 + page.count("<textarea")
