"""What a guest's own page shows besides what is open: the step of a workshop, and the boards of what has closed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.rounds import Box, State
from bot.domain.rules import NOTHING
from bot.domain.workshops import Script, Step, Workshop, begun
from bot.flows import boards, guests
from bot.handlers.visit import Visit
from storage import tables
from storage.answers import Answers, NewAnswer
from storage.newcomers import Newcomers
from storage.nobody import ERASED, be_nobody
from storage.rounds import Rounds
from storage.workshops import Workshops
from tests.flows.samples import FREE, HABO, LUND, words
from tests.handlers.rated import STATEMENTS
from tests.handlers.round_town import appointed
from tests.handlers.urn_scenes import NAMES, all_answer, by_role, opened, round_of, together, visiting
from tests.handlers.urn_scenes import closed as closed_urns
from tests.handlers.workshop import MODEL, close, open_round
from tests.web.guest_site import GuestSite, guest_site, said

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = Script("dagen", words("Dagen"), (Step("ett", words("Välkomna"), set="a"), Step("tva", words("Vi väljer"))))
WRITTEN = "Vi hjälps åt över gränserna"


@pytest_asyncio.fixture(loop_scope="session")
async def site(engine_url: str) -> AsyncIterator[GuestSite]:
    async with guest_site(engine_url) as opened_site:
        yield opened_site


@pytest_asyncio.fixture(loop_scope="session")
async def small(sqlite_url: str) -> AsyncIterator[GuestSite]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with guest_site(sqlite_url) as opened_site:
        yield opened_site


async def closed_round(site: GuestSite, id: str, title: str, *, programme: Any = MODEL, **changes: Any) -> None:
    """A round in which something has been written, and that closes a minute after it opened."""
    about = await open_round(site.town, id, programme=programme, title=words(title), **changes)
    if about.boxes:
        place = (about.boxes[0].role, about.boxes[0].questions[0].id)
        new = [NewAnswer(*place, "3" if about.only_rated else f"{WRITTEN}: {title}")]
        await site.town.work.run(lambda c: Answers(c, site.town.clock.now()).add(id, new))
    site.town.clock.move(minutes=1)
    await close(site.town, id)


async def workshop(site: GuestSite, id: str, *rounds: str, organisation: str = "", programme: str = MODEL.id) -> None:
    """A workshop that begins now, in whose first step these rounds have been opened."""

    def begin(visit: Visit) -> None:
        be_nobody(visit.connection, visit.now)
        new = Workshop(id, programme, SCRIPT, ERASED, visit.now, organisation)
        Workshops(visit.connection, visit.now).add(begun(new, visit.now))
        for round in rounds:
            Workshops(visit.connection, visit.now).add_round(id, "ett", round)

    await visiting(site.town, begin)


async def lead(site: GuestSite, change: Callable[[Workshop], Workshop]) -> None:
    """Let the workshop `w` go on, or stand still."""

    def act(visit: Visit) -> None:
        store = Workshops(visit.connection, visit.now)
        was = store.locked("w")
        assert was is not None
        assert store.save(change(was), was=was)

    await visiting(site.town, act)


async def titles(site: GuestSite, page: str) -> list[str]:
    """Of the closed rounds on a guest's page, as they stand below each other."""
    return re.findall(r">Closed: ([^<]*)<", await site.page(page))


async def boards_on(site: GuestSite, page: str) -> list[str]:
    """The addresses of the boards on a guest's page, without their host."""
    return re.findall(r'"https://bot\.example\.org(/board/[^"]+)"', await site.page(page))


# --- The boards of what has closed ------------------------------------------------------------------------------------


async def test_what_has_closed_stands_below_what_is_open_and_leads_to_its_board(site: GuestSite) -> None:
    _id, page = await site.guest(role="strateger", programme=MODEL.id)
    await closed_round(site, "a", "Det första")
    await open_round(site.town, "b", title=words("Det andra"))
    shown = said(await site.page(page))
    assert shown.index("Det andra") < shown.index("Closed: Det första Modellkonceptet Opened on ")
    open_board, closed_board = await boards_on(site, page)
    assert f"{WRITTEN}: Det första" in said(await site.page(closed_board))
    assert f"{WRITTEN}: Det första" not in said(await site.page(open_board))
    await close(site.town, "b")
    site.town.clock.move(minutes=1)
    await closed_round(site, "c", "Det tredje")
    assert await titles(site, page) == ["Det tredje", "Det andra", "Det första"]


async def test_a_guest_of_another_programme_sees_none_of_it(site: GuestSite) -> None:
    _id, own = await site.guest(role="strateger", programme=MODEL.id)
    _other, elsewhere = await site.guest("Någon annan", programme=FREE.id)
    await closed_round(site, "a", "Det första")
    await workshop(site, "w", "a")
    shown = said(await site.page(elsewhere))
    assert "Det första" not in shown
    assert "Step 1" not in shown
    assert await titles(site, own) == ["Det första"]


async def test_what_is_one_organisations_own_is_seen_by_its_own_guests_alone(site: GuestSite) -> None:
    lund, page = await site.guest(programme=MODEL.id, organisation=LUND.key)
    _habo, elsewhere = await site.guest("Någon annan", programme=MODEL.id, organisation=HABO.key)
    await closed_round(site, "a", "Lunds egen", organisation=LUND.key)
    await closed_round(site, "b", "Allas")
    await workshop(site, "w", "a", organisation=LUND.key)
    assert await titles(site, page) == ["Allas", "Lunds egen"]
    assert await titles(site, elsewhere) == ["Allas"]
    assert ("Step 1" in await site.page(page), "Step 1" in await site.page(elsewhere)) == (True, False)
    await site.town.work.run(lambda c: _deny(Newcomers(c, site.town.clock.now()), lund))
    shown = await site.page(page)
    assert "Lunds egen" not in shown
    assert "Step 1" not in shown


def _deny(store: Newcomers, person: str) -> None:
    store.note(MODEL.id)
    found = store.get(MODEL.id, LUND.key, person)
    assert found is not None
    assert store.deny(found, ERASED)


async def test_a_guest_who_is_removed_sees_nothing_any_more(site: GuestSite) -> None:
    id, page = await site.guest(role="strateger", programme=MODEL.id)
    await closed_round(site, "a", "Det första")
    assert await titles(site, page) == ["Det första"]
    kim = await appointed(site.town, "kim")
    await kim.press(guests.CONFIRM_REMOVE_GUEST, id)
    assert "Det första" not in await site.page(page, status=404)


async def test_what_closed_thirty_days_ago_to_the_second_is_there_and_a_second_later_it_is_not(site: GuestSite) -> None:
    _id, page = await site.guest(role="strateger", programme=MODEL.id)
    await closed_round(site, "a", "Det första")
    site.town.clock.move(days=30)
    assert await titles(site, page) == ["Det första"]
    site.town.clock.move(seconds=1)
    assert await titles(site, page) == []


async def test_what_the_last_workshop_asked_stays_and_that_of_an_older_one_goes(site: GuestSite) -> None:
    _id, page = await site.guest(role="strateger", programme=MODEL.id)
    await closed_round(site, "a", "Våren")
    await workshop(site, "w1", "a")
    await closed_round(site, "b", "Utan workshop")
    site.town.clock.move(days=40)
    assert await titles(site, page) == ["Våren"]
    await closed_round(site, "c", "Hösten")
    await closed_round(site, "d", "Hösten en gång till")
    await workshop(site, "w2", "c", "d")
    site.town.clock.move(days=40)
    assert await titles(site, page) == ["Hösten en gång till", "Hösten"]
    await workshop(site, "w3", organisation=HABO.key)
    assert await titles(site, page) == ["Hösten en gång till", "Hösten"]  # Habo's is not the guest's last one


async def test_the_way_to_a_board_is_looked_up_each_time_the_page_is_shown(site: GuestSite) -> None:
    id, page = await site.guest(role="strateger", programme=MODEL.id)
    await closed_round(site, "a", "Det första")
    before = await site.town.contents(*tables.metadata.tables.values())
    [first] = await boards_on(site, page)
    after = await site.town.contents(*tables.metadata.tables.values())
    new = {name: [row for row in after[name] if row not in before[name]] for name in after}
    assert {name for name, rows in new.items() if rows} == {"links"}
    assert id not in repr(new)
    kim = await appointed(site.town, "kim")
    await kim.press(boards.CONFIRM_NEW_LINK, "a")
    [second] = await boards_on(site, page)
    assert first != second
    await site.page(first, status=404)
    assert WRITTEN in await site.page(second)


# --- What nobody who takes part is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize(("answering", "is_shown"), [(2, False), (3, True)])
async def test_sealed_answers_of_too_few_have_no_board_to_be_read_on(
    site: GuestSite, answering: int, is_shown: bool
) -> None:
    people = await together(site.town, *NAMES[:4])
    _id, page = await site.guest()
    await opened(site.town, round_of())
    await all_answer(people[:answering])
    await closed_urns(site.town)
    assert await titles(site, page) == ["Hur går det?"]
    too_few = "Too few answered for anything to be shown" in said(await site.page(page))
    found = await boards_on(site, page)
    assert (bool(found), too_few) == (is_shown, not is_shown)
    for board in found:
        assert "Hinder, säger a" in await site.page(board)


async def test_where_enough_answered_in_one_box_the_board_shows_that_one(small: GuestSite) -> None:
    many = await together(small.town, *NAMES[:3], role="chefer")
    few = await together(small.town, *NAMES[3:], role="strateger")
    _id, page = await small.guest(role="chefer")
    await opened(small.town, round_of(boxes=by_role("chefer", "strateger")))
    await all_answer(many)
    await all_answer(few[:2])
    await closed_urns(small.town)
    [board] = await boards_on(small, page)
    shown = said(await small.page(board))
    assert "Hinder, säger a" in shown
    assert "Hinder, säger d" not in shown


async def test_what_coordinators_alone_read_is_not_there(site: GuestSite) -> None:
    _id, page = await site.guest(role="strateger", programme=MODEL.id)
    ratings = (Box("", NOTHING, STATEMENTS[:2]),)
    await closed_round(site, "a", "Om träffen", occasion="o1")
    await closed_round(site, "b", "Betygen", boxes=ratings)
    await closed_round(site, "c", "Ångrad", state=State.PLANNED)
    await visiting(site.town, lambda v: _withdraw(v, "c"))
    assert await titles(site, page) == []
    await closed_round(site, "d", "Samma, för alla")
    assert await titles(site, page) == ["Samma, för alla"]


def _withdraw(visit: Visit, id: str) -> None:
    assert Rounds(visit.connection, visit.now).enter(id, State.WITHDRAWN, from_states=(State.PLANNED,))


# --- Where the workshop is --------------------------------------------------------------------------------------------


async def test_the_page_says_at_which_step_the_workshop_is_until_it_ends(site: GuestSite) -> None:
    _id, page = await site.guest(role="strateger", programme=MODEL.id)
    now = site.town.clock.now()
    assert "Step" not in said(await site.page(page))
    await closed_round(site, "a", "I första steget")
    await workshop(site, "w", "a")
    assert "Step 1 of 2 · Välkomna Dagen" in said(await site.page(page))
    await lead(site, lambda one: one.moved(1, now))
    shown = said(await site.page(page))
    assert shown.index("Step 2 of 2 · Vi väljer Dagen") < shown.index("Closed: I första steget")
    assert "There is a break now." not in shown
    site.town.clock.move(days=40)
    await lead(site, lambda one: one.paused(now))
    shown = said(await site.page(page))
    assert "Step 2 of 2 · Vi väljer Dagen There is a break now." in shown
    assert "Closed: I första steget" in shown
    await lead(site, lambda one: one.ended())
    shown = said(await site.page(page))
    assert "Step" not in shown
    assert "Closed: I första steget" in shown


# --- In everybody's language, and whatever things are called ----------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", ("Steg 1 av 2 · Välkomna", "Det är paus nu.", "Avslutad: Allas", "Öppnades", "För få har svarat")),
        ("nb", ("Steg 1 av 2 · Välkomna", "Det er pause nå.", "Avsluttet: Allas", "Åpnet", "For få har svart")),
        ("nn", ("Steg 1 av 2 · Välkomna", "Det er pause no.", "Avslutta: Allas", "Opna", "For få har svara")),
        ("en", ("Step 1 of 2 · Välkomna", "There is a break now.", "Closed: Allas", "Opened on", "Too few answered")),
    ],
)
async def test_all_of_it_is_said_in_the_readers_language(
    small: GuestSite, language: str, expected: tuple[str, ...]
) -> None:
    await together(small.town, *NAMES[:4])
    _id, page = await small.guest()
    await opened(small.town, round_of())
    await closed_urns(small.town)
    await closed_round(small, "a", "Allas", programme=FREE)
    await workshop(small, "w", programme=FREE.id)
    await lead(small, lambda one: one.paused(small.town.clock.now()))
    spoken = f"{page}?language={language}"
    shown = said(await small.page(spoken))
    assert [words for words in expected if words not in shown] == []
    assert all(one.endswith(f"?language={language}") for one in await boards_on(small, spoken))


async def test_titles_are_shown_as_they_were_written_and_do_nothing(small: GuestSite) -> None:
    _id, page = await small.guest(role="strateger", programme=MODEL.id)
    await closed_round(small, "a", "<b>Fet</b> {title}")
    assert "Closed: &lt;b&gt;Fet&lt;/b&gt; {title}" in await small.page(page)
